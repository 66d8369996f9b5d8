"""Gold of every form → what can be measured against.

* this project's JSONL, and GUM's in the same form: ``{"id", "text", "attributions": [{"source", "cue", "content", …}]}``
* .gold files, articles with inline marks: ``markup``
* brat: PolNeAR's (``polnear``), and corrections made from our own export
* CofeNet's JSONL of tokens and BIO labels (``cofenet``), which is measured by tokens
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attribution.errors import InputError
from attribution.evaluation.cofenet import TokenArticle, token_articles
from attribution.evaluation.markup import read_gold
from attribution.evaluation.polnear import is_polnear, read_polnear

_SPANS = ("source", "cue", "content")
FORMS = "gold JSONL, .gold, brat (.ann with .txt) or CofeNet's BIO JSONL"


@dataclass(frozen=True, slots=True)
class ClaimGold:
    """Articles with claims marked; ``fingerprint`` is the SHA-256 of the files' bytes."""

    name: str
    fingerprint: str
    records: tuple[dict[str, Any], ...]

    def texts(self) -> dict[str, str]:
        """Texts by article id."""
        return {r["id"]: r["text"] for r in self.records}


@dataclass(frozen=True, slots=True)
class TokenGold:
    """Articles of tokens with BIO labels; ``fingerprint`` is the SHA-256 of the file's bytes."""

    name: str
    fingerprint: str
    articles: tuple[TokenArticle, ...]

    def texts(self) -> dict[str, str]:
        """Printed texts by article id."""
        return {a.id: a.text for a in self.articles}


Gold = ClaimGold | TokenGold


def read_gold_set(path: Path) -> Gold:
    """The gold of a file or folder, whatever its form.

    Raises:
        InputError: there is none, two articles have one id, or something in it is broken.

    """
    lines = None if path.is_dir() or path.suffix in (".gold", ".ann", ".txt") else _lines(path)
    if lines is not None and "tokens" in (first_record(lines, str(path)) or {}):
        return TokenGold(str(path), fingerprint(path), tuple(token_articles(lines, str(path))))
    records = tuple(read_gold_records(path))
    seen: set[str] = set()
    for record in records:
        if record["id"] in seen:
            raise InputError(str(path), f"two articles have the id {record['id']!r}: predictions are paired by ids")
        seen.add(record["id"])
    if not records:
        raise InputError(str(path), "no article in it")
    return ClaimGold(str(path), fingerprint(path), records)


def read_gold_records(path: Path) -> list[dict[str, Any]]:
    """Gold articles with claims: of a .jsonl, .gold or .ann file, or a folder of .gold or .ann files.

    Raises:
        InputError: the path is missing or holds no gold, or an article of it is broken.

    """
    if not path.exists():
        raise InputError(str(path), "no such file or folder")
    files = _files(path)
    if files is None:
        return [_checked(record, where) for record, where in json_lines(path)]
    records = [r for f in files if f.suffix == ".gold" for r in read_gold(f)]
    return [*records, *_brat([f for f in files if f.suffix == ".ann"])]


def _files(path: Path) -> list[Path] | None:
    """The .gold and .ann files that a path means; None for a file of JSON lines."""
    if path.is_dir():
        files = sorted([*path.glob("*.gold"), *path.rglob("*.ann")])
        if not files:
            raise InputError(str(path), "no .gold or .ann files in this folder")
        return files
    if path.suffix == ".txt":
        beside = path.with_suffix(".ann")
        if not beside.is_file():
            raise InputError(str(path), f"a text alone is no gold: there is no {beside.name} beside it")
        return [beside]
    return [path] if path.suffix in (".gold", ".ann") else None


def _brat(files: Sequence[Path]) -> Iterator[dict[str, Any]]:
    from attribution.formats.annotation.brat import read_brat

    theirs = [f for f in files if is_polnear(f)]
    yield from read_polnear(theirs)
    for file in files:
        if file not in theirs:
            for found in read_brat(file):
                if isinstance(found, InputError):
                    raise found
                yield found


def fingerprint(path: Path) -> str:
    """SHA-256 of a file's bytes, or of those of a folder's gold files one behind the other."""
    digest = hashlib.sha256()
    for file in _files(path) or [path]:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _lines(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read().split("\n")  # a text may hold other line separators
    except FileNotFoundError:
        raise InputError(str(path), "no such file or folder") from None
    except UnicodeDecodeError as error:
        raise InputError(str(path), f"not UTF-8 at byte {error.start}: gold is {FORMS}") from error
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror or error}") from error


def first_record(lines: Sequence[str], where: str) -> dict[str, Any] | None:
    """The first JSON object of lines; None if they are all empty.

    Raises:
        InputError: it is not JSON, or no object.

    """
    return next((record for record, _ in _objects(lines, where)), None)


def json_lines(path: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """The objects of a JSONL file, each with where it stands.

    Raises:
        InputError: the file cannot be read, or a line is no JSON object.

    """
    yield from _objects(_lines(path), str(path))


def _objects(lines: Sequence[str], where: str) -> Iterator[tuple[dict[str, Any], str]]:
    for n, line in enumerate(lines, 1):
        if line.strip():
            try:
                record = json.loads(line)
            except ValueError as error:
                raise InputError(f"{where}:{n}", f"not JSON ({error}): gold is {FORMS}") from error
            if not isinstance(record, dict):
                raise InputError(f"{where}:{n}", f"{str(record)[:40]!r} is no object {{…}}: gold is {FORMS}")
            yield record, f"{where}:{n}"


def _checked(record: dict[str, Any], where: str) -> dict[str, Any]:
    """A gold article whose claims lie in its text."""
    missing = [key for key in ("id", "text", "attributions") if key not in record]
    if missing:
        hint = " (it has claims: are these predictions?)" if "claims" in record else ""
        raise InputError(
            where, f"no gold article: {', '.join(missing)} missing{hint}; attribution import makes gold of corrections"
        )
    text = record["text"]
    if not isinstance(text, str) or not isinstance(record["attributions"], list):
        raise InputError(where, "text is no string, or attributions no list")
    for n, claim in enumerate(record["attributions"], 1):
        for role in _SPANS:
            for span in claim.get(role) or []:
                if not (isinstance(span, list) and len(span) == 2 and 0 <= span[0] < span[1] <= len(text)):
                    raise InputError(
                        where, f"{role} of claim {n} is {span}, which lies outside the text (0–{len(text)})"
                    )
    return record
