"""Two at once: whom "both", "the two men" or "they" mean where two were named together or one after the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from attribution.pipeline.entities import Entity
from attribution.pipeline.mentions import Name, is_people
from attribution.pipeline.resolution import Article
from attribution.pipeline.segmentation import Range

_NEAR = 1200  # characters before a source in which two are named


def pairs(article: Article, at: int, *, two: str) -> list[tuple[str, Range, tuple[Entity, Entity]]]:
    """Pairs that a source may mean: name ("Obama; Xi Jinping"), place, the two.

    Args:
        article: the article.
        at: where the source begins.
        two: the kind of those of whom the source says that they are two, whose two last named are a pair where none is
            named together; else "".

    """
    out: dict[frozenset[int], tuple[str, Range, tuple[Entity, Entity]]] = {}
    people = _seen(article, at, "person")
    for (a, x), (b, y) in pairwise(people):
        if x is not y and _JOINED.fullmatch(article.text[a.end : b.start]):
            out[frozenset((id(x), id(y)))] = (f"{x.name}; {y.name}", Range(a.start, b.end), (x, y))
    last = _last_two(_seen(article, at, two)) if two and not out else None
    if last is not None:
        (a, x), (b, y) = last
        first, second = sorted((x, y), key=lambda e: e.mentions[0].start)
        both = (f"{first.name}; {second.name}", Range(a.start, b.end), (first, second))
        out.setdefault(frozenset((id(x), id(y))), both)
    return list(out.values())


def _seen(article: Article, at: int, kind: str) -> list[tuple[Name, Entity]]:
    """The mentions of people or of governments near before a source, in order."""
    labels = ("PERSON",) if kind == "person" else ("LOC", "NORP")
    return [
        (n, e) for n in article.names
        if at - _NEAR < n.start < at and (e := article.cast.by_start.get(n.start)) is not None and e.kind == kind
        and n.label in labels and not is_people(article.text[n.start : n.end])
    ]  # fmt: skip


def _last_two(found: Sequence[tuple[Name, Entity]]) -> tuple[tuple[Name, Entity], tuple[Name, Entity]] | None:
    """The last mentions of the two who were named last, in order of the text."""
    if not found:
        return None
    last = found[-1]
    other = next((f for f in reversed(found) if f[1] is not last[1]), None)
    return (other, last) if other is not None else None


_JOINED = re.compile(
    r"(?:,[^.;:]{1,60},)?\s(?:and|or)\s(?:(?:the|his|her|Mr\.|Mrs\.|Ms\.|[A-Z][a-z]+\.?|[a-z]+)\s){0,4}"
)
