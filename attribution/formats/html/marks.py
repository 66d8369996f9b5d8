"""Text → HTML with claims marked, however they nest or cross.

A paragraph is cut at every edge of every span, and each stretch between two edges is wrapped for itself in the marks
of the claims that cover it, outermost first. So tags always close in order, and crossing claims need no special case.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape as _escape
from itertools import pairwise

from attribution.claims import Claim, Passage

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def escape(text: str) -> str:
    """Text safe inside an element or a quoted attribute; what HTML forbids becomes U+FFFD.

    A carriage return is written as a reference, for a browser would drop it, and every place behind it would move.
    """
    return _escape(_CONTROLS.sub("\ufffd", text), quote=True).replace("\r", "&#13;")


UNSURE = 0.7
"""Claims less sure than this are marked as unsure."""


def is_unsure(claim: Claim) -> bool:
    """True for a claim to look at twice."""
    return claim.confidence < UNSURE


@dataclass(frozen=True, slots=True)
class Marked:
    """A claim to mark: ``key`` is its name in the page ("2-7"), ``number`` what a reader sees, ``colour`` a CSS class."""

    claim: Claim
    key: str
    number: int
    colour: str
    level: int


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    role: str
    marked: Marked
    first: bool


def levels(claims: Sequence[Claim]) -> list[int]:
    """How deep each claim's underline lies: deeper than its parent's, and never on that of a claim it overlaps."""
    index = {c.id: i for i, c in enumerate(claims)}
    extents = [(c.content.spans[0].start, c.content.spans[-1].end) for c in claims]
    order = sorted(range(len(claims)), key=lambda i: (extents[i][0], -extents[i][1]))
    starts = [extents[i][0] for i in order]
    longest = max((end - start for start, end in extents), default=0)
    found: dict[int, int] = {}
    for i in sorted(order, key=lambda i: _depth(claims, index, i)):
        start, end = extents[i]
        near = order[bisect_left(starts, start - longest) : bisect_left(starts, end)]
        taken = {found[j] for j in near if j in found and _overlap(claims[i].content, claims[j].content)}
        parent = index.get(claims[i].parent or "")
        level = found[parent] + 1 if parent in found else 0
        while level in taken:
            level += 1
        found[i] = level
    return [found[i] for i in range(len(claims))]


def _depth(claims: Sequence[Claim], index: Mapping[str, int], i: int) -> int:
    depth, seen = 0, {i}
    while (up := index.get(claims[i].parent or "")) is not None and up not in seen:
        seen.add(up)
        depth, i = depth + 1, up
    return depth


def _overlap(a: Passage, b: Passage) -> bool:
    return any(x.start < y.end and y.start < x.end for x in a.spans for y in b.spans)


class Marker:
    """Marks the claims of one article; paragraphs may be asked for in any order."""

    def __init__(self, text: str, marked: Sequence[Marked]) -> None:
        """Args:
        text: the article's text.
        marked: its claims.
        """
        self._text = text
        self._spans = sorted(
            (_Span(s.start, s.end, role, m, n == 0) for m in marked
             for role, p in (("content", m.claim.content), ("source", m.claim.source), ("cue", m.claim.cue)) if p
             for n, s in enumerate(p.spans)),
            key=lambda s: (s.start, -s.end, s.marked.number),
        )  # fmt: skip
        self._starts = [s.start for s in self._spans]
        self._longest = max((s.end - s.start for s in self._spans), default=0)

    def html(self, start: int, end: int) -> str:
        """The text of a range as HTML; offsets are code points."""
        low = bisect_left(self._starts, start - self._longest)
        high = bisect_left(self._starts, end)
        here = [s for s in self._spans[low:high] if s.end > start]
        edges = sorted({start, end, *(x for s in here for x in (s.start, s.end) if start < x < end)})
        parts: list[str] = []
        for a, b in pairwise(edges):
            covering = [s for s in here if s.start <= a and b <= s.end]
            parts.extend(_number(s) for s in covering if s.role == "content" and s.start == a)
            parts.append(_wrapped(escape(self._text[a:b]), covering, a, b))
        return "".join(parts)


def _number(s: _Span) -> str:
    m = s.marked
    place = f' id="t{m.key}"' if s.first else ""
    who = escape(m.claim.speaker.name) or "nobody named"
    unsure = ", unsure" if is_unsure(m.claim) else ""
    label = f'aria-label="claim {m.number}, {who}{unsure}"'
    return f'<a class="n {m.colour}"{place} href="#c{m.key}" {label}>{m.number}{"?" if unsure else ""}</a>'


def _wrapped(inner: str, covering: Sequence[_Span], a: int, b: int) -> str:
    for s in sorted(covering, key=lambda s: (s.role == "content", s.end - s.start, -s.marked.level)):
        m = s.marked
        if s.role == "content":
            ends = f"{' a' if s.start == a else ''}{' z' if s.end == b else ''}"
            deep = (f" d{min(m.level, 4)}" if m.level else "") + (" unsure" if is_unsure(m.claim) else "")
            inner = f'<mark class="{m.colour} {m.claim.type}{deep}{ends}" data-c="{m.key}">{inner}</mark>'
        else:
            tag = "b" if s.role == "source" else "i"
            inner = f'<{tag} class="{m.colour}" data-c="{m.key}">{inner}</{tag}>'
    return inner
