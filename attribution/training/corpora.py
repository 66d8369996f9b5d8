"""Training corpora: marked articles for claims, marked sentences for names.

Sets: PolNeAR (Newell et al. 2018) and the project's own articles for claims; GUM, UNER, CrossNER, WikiGold, WNUT17,
BTC, SEC and Voice of America sentences for names. Each record's text and offsets are checked as it is read.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attribution.errors import InputError
from attribution.evaluation.markup import read_gold
from attribution.evaluation.report import read_gold_records

Spans = list[tuple[int, int]]


def own_folders(config: dict[str, Any], beside: Path) -> list[Path]:
    """The folders of our own articles that a configuration names; they stand beside it."""
    return [beside / part["folder"] for part in config["data"]["own"]]


@dataclass(slots=True)
class Marked:
    """A claim as annotated.

    ``to`` is None where the corpus marks no addressees; ``opaque`` tells that claims inside its content are not
    marked.
    """

    source: Spans
    cue: Spans
    content: Spans
    act: str | None = None
    kind: str | None = None
    to: Spans | None = None
    top: bool = True
    opaque: bool = False


@dataclass(slots=True)
class Article:
    """A text with its annotated claims; ``complete`` if claims inside contents are marked too.

    ``annotator`` is who marked it, where the corpus tells.
    """

    id: str
    text: str
    claims: list[Marked]
    complete: bool
    annotator: str | None = None

    @property
    def convention(self) -> str:
        """Whose rules the marks follow: our guide's, or PolNeAR's, which knows no nesting."""
        return "guide" if self.complete else "polnear"


@dataclass(slots=True)
class NamedText:
    """A text with its names ``(start, end, label)``; labels not in ``covered`` are unknown there, not absent."""

    text: str
    names: list[tuple[int, int, str]]
    covered: frozenset[str]


def read_articles(path: Path) -> list[Article]:
    """Read .jsonl in the PolNeAR form (no nested claims), or a folder of .gold files (complete).

    Raises:
        InputError: a span lies outside its text, or marks do not fit.

    """
    if path.is_dir():
        records = [r for p in sorted(path.glob("*.gold")) for r in read_gold(p)]
        return [_article(r, complete=True) for r in records]
    return [_article(r, complete=False) for r in _lines(path)]


def read_corrected(paths: Iterable[Path]) -> list[Article]:
    """Read gold as ``attribution import`` writes it, or .gold files: articles in which every claim is marked.

    Raises:
        InputError: a file holds no gold, or a span lies outside its text.

    """
    out = []
    for path in paths:
        for n, record in enumerate(read_gold_records(path), 1):
            if not (isinstance(record, dict) and {"id", "text", "attributions"} <= record.keys()):
                raise InputError(f"{path} article {n}", "no gold: make it with attribution import")
            out.append(_article(record, complete=True))
    return out


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        raise InputError(str(path), "no such data set: give its folder with --data, or change the configuration")
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _article(record: dict[str, Any], *, complete: bool) -> Article:
    text = record["text"]
    claims = []
    for a in record["attributions"]:
        spans = {r: sorted((s, e) for s, e in a.get(r) or []) for r in ("source", "cue", "content", "addressee")}
        for s, e in (x for v in spans.values() for x in v):
            if not 0 <= s < e <= len(text):
                raise InputError(record["id"], f"span {s}-{e} lies outside the text")
        if not spans["content"]:
            continue
        cue = spans["cue"]
        to = None
        if complete:
            to = spans["addressee"] if "addressee" in a else _locate(text, a.get("to"), cue or spans["content"])
        claims.append(
            Marked(
                spans["source"],
                cue,
                spans["content"],
                a.get("act"),
                a.get("kind"),
                to,
                not a.get("parent"),
                not complete,
            )
        )
    return Article(record["id"], text, claims, complete, (record.get("meta") or {}).get("annotator_used"))


def _locate(text: str, wanted: str | None, near: Spans) -> Spans | None:
    """Where the addressee named in the header stands: nearest to the cue; None if it is not found."""
    if not wanted:
        return []
    low, high = near[0][0], near[-1][1]
    hits = [(m.start(), m.end()) for m in re.finditer(re.escape(wanted), text) if abs(m.start() - low) < 200]
    if not hits:
        return None
    return [min(hits, key=lambda h: max(0, h[0] - high, low - h[1]))]


def read_names(path: Path) -> list[NamedText]:
    """Read name-annotated JSONL: ``{"text", "entities": [[start, end, label]], "labels_covered"}``."""
    return [
        NamedText(r["text"], [(s, e, label) for s, e, label in r["entities"]], frozenset(r["labels_covered"]))
        for r in _lines(path)
    ]


_WORD = re.compile(r"\w+")


def cue_words(articles: Iterable[Article]) -> dict[str, float]:
    """For each word form, how often it stands in a cue, as a share of its occurrences (smoothed)."""
    inside: Counter[str] = Counter()
    everywhere: Counter[str] = Counter()
    for article in articles:
        for m in _WORD.finditer(article.text):
            everywhere[m.group().casefold()] += 1
        for claim in article.claims:
            for s, e in claim.cue:
                for m in _WORD.finditer(article.text, s, e):
                    inside[m.group().casefold()] += 1
    return {w: inside[w] / (everywhere[w] + 3.0) for w in inside}


def cue_head(article: Article, claim: Marked, words: dict[str, float]) -> int:
    """Offset of the cue's head word: the one that is oftenest a cue in training; of two alike, the later."""
    candidates = [
        (words.get(m.group().casefold(), 0.0), m.start())
        for s, e in claim.cue
        for m in _WORD.finditer(article.text, s, e)
    ]
    return max(candidates)[1] if candidates else claim.cue[0][0]


def packed_names(records: list[NamedText], words: int, rng: random.Random) -> list[NamedText]:
    """Draw records at random up to a number of words and pack those of equal coverage into texts of 200 words."""
    order = rng.sample(range(len(records)), len(records))
    pools: dict[frozenset[str], list[NamedText]] = {}
    out: list[NamedText] = []
    drawn = 0
    for i in order:
        record = records[i]
        size = record.text.count(" ") + 1
        drawn += size
        pool = pools.setdefault(record.covered, [])
        pool.append(record)
        if sum(r.text.count(" ") + 1 for r in pool) >= 200:
            out.append(_join(pool))
            pool.clear()
        if drawn >= words:
            break
    return out


def _join(records: list[NamedText]) -> NamedText:
    parts: list[str] = []
    names: list[tuple[int, int, str]] = []
    at = 0
    for r in records:
        names.extend((s + at, e + at, label) for s, e, label in r.names)
        parts.append(r.text)
        at += len(r.text) + 1
    return NamedText("\n".join(parts), names, records[0].covered)
