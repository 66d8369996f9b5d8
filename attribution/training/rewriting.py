"""Editing the text of a marked article so that every span still marks the same words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from attribution.training.corpora import Article, Marked, Spans

Edit = tuple[int, int, str]


def rewrite(article: Article, edits: Sequence[Edit]) -> tuple[str, list[Marked]]:
    """Apply edits (start, end, replacement; in order, apart from each other) and move all spans along.

    A span that an edit falls into keeps its ends; an insertion at a span's start stays outside it.
    """
    parts: list[str] = []
    at = 0
    stops: list[int] = []
    shifts: list[int] = []
    shift = 0
    for s, e, new in edits:
        parts += [article.text[at:s], new]
        at = e
        shift += len(new) - (e - s)
        stops.append(e)
        shifts.append(shift)
    parts.append(article.text[at:])

    def start(i: int) -> int:
        k = bisect_right(stops, i)
        return i + (shifts[k - 1] if k else 0)

    def end(i: int) -> int:
        k = bisect_right(stops, i - 1)
        while k < len(stops) and stops[k] <= i and edits[k][0] < i:
            k += 1
        return i + (shifts[k - 1] if k else 0)

    def move(spans: Spans | None) -> Spans | None:
        return None if spans is None else [(start(s), end(e)) for s, e in spans]

    claims = [
        Marked(
            move(c.source) or [], move(c.cue) or [], move(c.content) or [], c.act, c.kind, move(c.to), c.top, c.opaque
        )
        for c in article.claims
    ]
    return "".join(parts), claims
