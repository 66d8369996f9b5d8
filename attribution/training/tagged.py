"""Texts with words or names marked: named entities, parts of speech, sentence beginnings, and the speakers of articles."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from attribution.errors import InputError
from attribution.training.corpora import NamedText


@dataclass(frozen=True, slots=True)
class TaggedText:
    """A text and what is known of it.

    ``names`` are (start, end, label); ``covered`` the labels that are marked throughout, so that a word without one
    has none of them; None where only the names listed are known, and every other capitalised word may be one too.
    ``parts`` are (start, end, part of speech) of every word, ``starts`` where sentences begin; empty where not marked.
    """

    text: str
    names: Sequence[tuple[int, int, str]] = ()
    covered: frozenset[str] | None = frozenset()
    parts: Sequence[tuple[int, int, str]] = ()
    starts: frozenset[int] = field(default_factory=frozenset)


def packed(records: Sequence[NamedText], size: int, rng: random.Random) -> Iterator[TaggedText]:
    """Records of like coverage in random order, joined to texts of about ``size`` words, by blanks or line ends."""
    pools: dict[frozenset[str], list[NamedText]] = {}
    for record in rng.sample(list(records), len(records)):
        pool = pools.setdefault(record.covered, [])
        pool.append(record)
        if sum(r.text.count(" ") + 1 for r in pool) >= size:
            yield _joined(pool, rng)
            pool.clear()
    for pool in pools.values():
        if pool:
            yield _joined(pool, rng)


def _joined(pool: Sequence[NamedText], rng: random.Random) -> TaggedText:
    parts: list[str] = []
    names: list[tuple[int, int, str]] = []
    at = 0
    for r in pool:
        names.extend((s + at, e + at, label) for s, e, label in r.names)
        parts.append(r.text + rng.choice((" ", "\n")))
        at += len(r.text) + 1
    return TaggedText("".join(parts), names, pool[0].covered)


def recased(given: TaggedText, rng: random.Random, *, share: float) -> TaggedText:
    """The text in capitals or in title case, as headlines are, for a share of texts; lengths stay."""
    if rng.random() >= share:
        return given
    if rng.random() < 0.3:
        text = "".join(c.upper() if len(c.upper()) == 1 else c for c in given.text)
    else:
        text = re.sub(r"\b\w", lambda m: m.group().upper() if len(m.group().upper()) == 1 else m.group(), given.text)
    return TaggedText(text, given.names, given.covered, given.parts, given.starts)


def read_conllu(path: Path) -> list[TaggedText]:
    """Documents of a Universal Dependencies file: text rebuilt, parts of speech, sentence beginnings.

    Source: CoNLL-U, https://universaldependencies.org/format.html.
    """
    out: list[TaggedText] = []
    text = ""
    parts: list[tuple[int, int, str]] = []
    starts: set[int] = set()
    try:
        blocks = path.read_text(encoding="utf-8").split("\n\n")
    except FileNotFoundError:
        raise InputError(str(path), "no such file") from None
    for block in blocks:
        lines = block.splitlines()
        if any(line.startswith("# newdoc") for line in lines) and parts:
            out.append(TaggedText(text, parts=parts, starts=frozenset(starts)))
            text, parts, starts = "", [], set()
        if any(line.startswith("# newpar") for line in lines) and text:
            text = text.rstrip() + "\n"
        begin = len(text)
        for words, part, blank in _words(lines):
            parts.append((len(text), len(text) + len(words), part))
            text += words + (" " if blank else "")
        if len(text) > begin:
            starts.add(begin)
            text = text.rstrip() + " "
    if parts:
        out.append(TaggedText(text, parts=parts, starts=frozenset(starts)))
    return out


def _words(lines: Iterable[str]) -> Iterator[tuple[str, str, bool]]:
    """Surface words with part of speech and whether a blank follows; of a contraction, the first word's part."""
    skip_to = 0
    for line in lines:
        cells = line.split("\t")
        if len(cells) != 10 or "." in cells[0]:
            continue
        blank = "SpaceAfter=No" not in cells[9]
        if "-" in cells[0]:
            first, last = cells[0].split("-")
            part = next(c[3] for c in (x.split("\t") for x in lines) if c[0] == first)
            skip_to = int(last)
            yield cells[1], part, blank
        elif int(cells[0]) > skip_to:
            yield cells[1], cells[3], blank


_LABEL_OF_KIND = {"person": "PERSON", "organization": "ORG"}


def speakers_as_names(record: dict[str, Any]) -> TaggedText | None:
    """A gold article whose speakers are named, with every place of their names marked; the rest is unknown.

    Of people the full name and the surname count, of institutions the full name.
    """
    text = record["text"]
    wanted: dict[str, str] = {}
    for a in record["attributions"]:
        label = _LABEL_OF_KIND.get(a.get("kind") or "")
        name = a.get("speaker") or ""
        if not label or ";" in name or not name[:1].isupper() or any(w[:1].islower() for w in name.split()[:1]):
            continue
        wanted[name] = label
        if label == "PERSON" and " " in name:
            wanted[name.split()[-1]] = label
    found: list[tuple[int, int, str]] = []
    for name, label in sorted(wanted.items(), key=lambda x: -len(x[0])):
        for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            if not any(s < m.end() and m.start() < e for s, e, _ in found):
                found.append((m.start(), m.end(), label))
    return TaggedText(text, sorted(found), None) if found else None


Source = Callable[[random.Random], Iterable[TaggedText]]
