"""Two word sequences laid side by side: which words are the same, replaced, added or dropped.

Global alignment with free ends (an excerpt costs nothing for what it leaves out around it) and affine gaps, after
Gotoh (1982). Equal words pull most, equal base forms less; words that carry meaning more than function words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from attribution.comparison.words import Word

Kind = Literal["same", "replaced", "added", "dropped"]
_OPEN, _EXTEND = -2.0, -0.4
_MOST_CELLS = 250_000


@dataclass(frozen=True, slots=True)
class Op:
    """Words ``a`` (start, end) of the one and ``b`` of the other; "added" has no a, "dropped" no b."""

    kind: Kind
    a: tuple[int, int]
    b: tuple[int, int]


def align(a: Sequence[Word], b: Sequence[Word]) -> list[Op]:
    """The operations that turn a into b, in order; they cover both wholly."""
    head = 0
    while head < min(len(a), len(b)) and a[head].norm == b[head].norm:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail].norm == b[-1 - tail].norm:
        tail += 1
    inner_a, inner_b = a[head : len(a) - tail], b[head : len(b) - tail]
    long = len(inner_a) * len(inner_b) > _MOST_CELLS
    pairs = _long(inner_a, inner_b) if long else _pairs(inner_a, inner_b, free_start=not head, free_end=not tail)
    joined = [(i, i) for i in range(head)]
    joined += [(i + head, j + head) for i, j in pairs]
    joined += [(len(a) - tail + i, len(b) - tail + i) for i in range(tail)]
    return _operations(_together(joined, a), len(a), len(b))


def _together(pairs: list[tuple[int, int]], a: Sequence[Word]) -> list[tuple[int, int]]:
    """An excerpt's first words go with those that follow where they can: not "I … ran" but "… I ran"."""
    size = next((n for n in range(1, len(pairs)) if pairs[n] != (pairs[n - 1][0] + 1, pairs[n - 1][1] + 1)), len(pairs))
    if size == len(pairs) or pairs[size][1] != pairs[size - 1][1] + 1:
        return pairs
    start = pairs[size][0] - size
    if [a[start + n].norm for n in range(size)] != [a[i].norm for i, _ in pairs[:size]]:
        return pairs
    return [(start + n, j) for n, (_, j) in enumerate(pairs[:size])] + pairs[size:]


def _long(a: Sequence[Word], b: Sequence[Word]) -> list[tuple[int, int]]:
    """Pairs of equal words of long texts, by longest common runs."""
    matcher = SequenceMatcher(None, [w.norm for w in a], [w.norm for w in b], autojunk=False)
    return [(i + n, j + n) for i, j, size in matcher.get_matching_blocks() for n in range(size)]


def _likeness(a: Word, b: Word) -> float:
    if a.norm == b.norm:
        return 3.0 if a.content else 1.6
    if a.lemma == b.lemma:
        return 2.0 if a.content else 1.0
    return -1.2


def _pairs(a: Sequence[Word], b: Sequence[Word], *, free_start: bool, free_end: bool) -> list[tuple[int, int]]:
    """Pairs of equal words (or base forms) on the best path."""
    n, m = len(a), len(b)
    low = float("-inf")
    edge = [0.0 if free_start else _OPEN + _EXTEND * j if j else 0.0 for j in range(m + 1)]
    best, up = edge[:], [low] * (m + 1)
    trace: list[bytearray] = []
    last: list[float] = [best[m]]
    for i in range(1, n + 1):
        row = bytearray(m + 1)
        before = best
        best = [0.0 if free_start else _OPEN + _EXTEND * i] + [low] * m
        row[0] = 1
        left = low
        for j in range(1, m + 1):
            met = before[j - 1] + _likeness(a[i - 1], b[j - 1])
            up[j] = max(up[j] + _EXTEND, before[j] + _OPEN)
            left = max(left + _EXTEND, best[j - 1] + _OPEN)
            top = max(met, up[j], left)
            best[j] = top
            row[j] = 0 if top == met else 1 if top == up[j] else 2
        trace.append(row)
        last.append(best[m])
    i, j = n, m
    if free_end:
        i = max(range(n + 1), key=lambda k: last[k])
        j = max(range(m + 1), key=lambda k: best[k])
        i, j = (i, m) if last[i] > best[j] else (n, j)
    return _traced(trace, a, b, i, j)


def _traced(trace: Sequence[bytearray], a: Sequence[Word], b: Sequence[Word], i: int, j: int) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    while i and j:
        step = trace[i - 1][j]
        if step == 0:
            i, j = i - 1, j - 1
            if a[i].lemma == b[j].lemma or a[i].norm == b[j].norm:
                pairs.append((i, j))
        elif step == 1:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]


def _operations(pairs: Sequence[tuple[int, int]], n: int, m: int) -> list[Op]:
    found: list[Op] = []
    i = j = 0
    for p, q in [*pairs, (n, m)]:
        if p > i or q > j:
            kind: Kind = "replaced" if p > i and q > j else "dropped" if p > i else "added"
            found.append(Op(kind, (i, p), (j, q)))
        if p < n:
            if found and found[-1].kind == "same":
                found[-1] = Op("same", (found[-1].a[0], p + 1), (found[-1].b[0], q + 1))
            else:
                found.append(Op("same", (p, p + 1), (q, q + 1)))
        i, j = p + 1, q + 1
    return found
