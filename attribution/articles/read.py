"""Files, folders, globs and streams → articles, one after the other; what cannot be read is an error in its place."""

from __future__ import annotations

import glob
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from attribution.articles.plain import check_length, decode
from attribution.claims import Article
from attribution.errors import InputError

SUFFIXES = (".txt", ".jsonl")
STDIN = "-"


@dataclass(frozen=True, slots=True)
class Fields:
    """Names of the fields of a JSONL record."""

    text: str = "text"
    id: str = "id"


def read(path: str | Path) -> Article:
    """Read one plain text file as an article; its id is the file's stem.

    Raises:
        InputError: the file is missing, empty, binary or too long, or holds several articles.

    """
    path = Path(path)
    if path.suffix == ".jsonl":
        raise InputError(str(path), "a .jsonl file holds many articles: use attribution.extract_many")
    return _plain(_bytes(path), str(path), path.stem)


def read_all(inputs: Iterable[str | Path], *, fields: Fields | None = None) -> Iterator[Article | InputError]:
    """Articles of files, folders, globs and standard input ("-"), in order; errors take their article's place.

    Args:
        inputs: paths; a folder means its .txt and .jsonl files at any depth, sorted.
        fields: names of the text and id fields of JSONL records.

    """
    for given in inputs:
        try:
            paths = list(_expand(str(given)))
        except InputError as error:
            yield error
            continue
        for path in paths:
            yield from _read_path(path, fields or Fields())


def _expand(given: str) -> Iterator[Path | None]:
    """None stands for standard input."""
    if given == STDIN:
        yield None
        return
    path = Path(given)
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES and p.is_file())
        if not found:
            raise InputError(given, f"no {' or '.join(SUFFIXES)} files in this folder")
        yield from found
    elif path.exists() or not glob.has_magic(given):
        yield path
    else:
        matches = sorted(p for p in map(Path, glob.glob(given, recursive=True)) if p.is_file())
        if not matches:
            raise InputError(given, "no file matches this pattern")
        yield from matches


def _read_path(path: Path | None, fields: Fields) -> Iterator[Article | InputError]:
    where = str(path) if path else "standard input"
    try:
        if path is not None and path.suffix == ".jsonl":
            with _open(path) as file:
                yield from _records(file, where, fields)
            return
        if path is not None:
            yield _plain(_bytes(path), where, path.stem)
            return
        yield from _stdin(sys.stdin.buffer, where, fields)
    except InputError as error:
        yield error
    except OSError as error:
        yield InputError(where, f"cannot be read: {error.strerror or error}")


def _stdin(stream: BinaryIO, where: str, fields: Fields) -> Iterator[Article | InputError]:
    """Standard input is JSONL if its first line is a JSON object, else one plain text."""
    first = stream.readline()
    try:
        is_record = isinstance(json.loads(first), dict)
    except ValueError:
        is_record = False
    if is_record:
        yield from _records(_chained(first, stream), where, fields)
    else:
        yield _plain(first + stream.read(), where, "stdin")


def _chained(first: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise InputError(str(path), "no such file") from None
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror or error}") from error


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        raise InputError(str(path), "is a folder, not a file")
    with _open(path) as file:
        return file.read()


def _plain(data: bytes, where: str, id_: str) -> Article:
    text, encoding = decode(data, where)
    return make_article(text, id_=id_, source=where, encoding=encoding)


def make_article(
    text: str,
    *,
    id_: str | None = None,
    title: str | None = None,
    source: str | None = None,
    encoding: str | None = None,
) -> Article:
    """An article of a text in memory; without an id its hash serves.

    Raises:
        InputError: the text is too long, or holds a lone surrogate, which is no character.

    """
    where = source or id_ or "text"
    check_length(text, where)
    try:
        digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    except UnicodeEncodeError as error:
        raise InputError(where, f"character {error.start} is a lone surrogate: decode the text again") from error
    return Article(id=id_ or digest[:16], text=text, title=title, source=source, encoding=encoding, sha256=digest)


def _records(lines: Iterable[bytes], where: str, fields: Fields) -> Iterator[Article | InputError]:
    seen = False
    for n, line in enumerate(lines, 1):
        if not line.strip(b"\xef\xbb\xbf \t\r\n"):
            continue
        seen = True
        try:
            yield _record(line, f"{where}:{n}", fields)
        except InputError as error:
            yield error
    if not seen:
        yield InputError(where, "the file is empty")


def _record(line: bytes, where: str, fields: Fields) -> Article:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(where, f"not UTF-8 at byte {error.start} of the line") from error
    except (ValueError, RecursionError) as error:
        raise InputError(where, f"not JSON ({error})") from error
    if not isinstance(record, dict):
        raise InputError(where, "not a JSON object: every line is one record with its text")
    text = record.get(fields.text)
    if not isinstance(text, str):
        known = ", ".join(list(record)[:8]) or "none"
        raise InputError(where, f"no text in field {fields.text!r}; fields there: {known}; name yours with --field")
    if not text.strip():
        raise InputError(where, f"field {fields.text!r} is empty")
    id_ = record.get(fields.id)
    title = record.get("title")
    return make_article(
        text, id_=str(id_) if id_ is not None else None, title=title if isinstance(title, str) else None, source=where
    )
