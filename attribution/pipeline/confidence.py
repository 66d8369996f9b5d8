"""Confidence: how likely it is that content, cue and source of a claim are right, from the model's scores and the claim's shape.

A label path's probability falls with every piece that it labels, and a pair of claims with one content cannot both be right; so
the logistic function that is fitted (``training/calibrate.py``) also sees lengths, pieces, marks and what else was found.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from attribution.pipeline.assembly import claim_type
from attribution.pipeline.relations import Relation
from attribution.pipeline.segmentation import Range

FEATURES = (
    "anchor", "path", "path root", "path by length", "content", "cue", "source", "content pieces", "cue pieces", "has source",
    "has cue", "direct", "mixed", "inside another", "act", "kind", "overlapping", "gap", "starts small", "that", "to", "quote",
    "ends sentence", "before comma", "shares cue", "holds others", "content first",
)  # fmt: skip
_MOST = 3  # overlapping claims that count
_BUCKET = 2000  # code points


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic calibration: confidence = σ(bias + Σ weight · feature); a feature without a weight has 0."""

    bias: float = 0.0
    weights: Mapping[str, float] = field(default_factory=lambda: {"anchor": 1.0, "path": 1.0})

    def confidences(self, text: str, relations: Sequence[Relation], depth: bytearray) -> list[float]:
        """The confidence of each of a text's relations, 0 to 1.

        Args:
            text: the article's text.
            relations: all that were found there, polished, with their parents.
            depth: quotation depth by code point.

        """
        weights = [self.weights.get(name, 0.0) for name in FEATURES]
        scores = (
            self.bias + sum(w * v for w, v in zip(weights, row, strict=True)) for row in seen(text, relations, depth)
        )
        return [round(1 / (1 + math.exp(-max(min(x, 30.0), -30.0))), 4) for x in scores]


def seen(text: str, relations: Sequence[Relation], depth: bytearray) -> list[list[float]]:
    """What a calibration sees of each relation, in the order of ``FEATURES``."""
    near_content = _Near([r.content for r in relations])
    near_cue = _Near([r.cue for r in relations])
    children = [0] * len(relations)
    for r in relations:
        if r.parent is not None:
            children[r.parent] += 1
    out = []
    for i, r in enumerate(relations):
        overlapping = 0
        if r.parent is None:
            overlapping = sum(relations[j].parent is None for j in near_content.of(i))
        out.append(_features(text, r, depth, overlapping, any(near_cue.of(i)), children[i]))
    return out


def _features(
    text: str, r: Relation, depth: bytearray, overlapping: int, shares_cue: bool, children: int
) -> list[float]:
    p = min(max(r.anchor_probability, 1e-6), 1 - 1e-6)
    path = math.log(min(max(r.path_probability, 1e-9), 1.0))
    content, cue, source = (_length(s) for s in (r.content, r.cue, r.source))
    kind = claim_type(text, r, depth)
    start, end = r.content[0].start, r.content[-1].end
    first = next(iter(text[start : start + 12].casefold().split()), "")
    gaps = (min(abs(a.start - b.end), abs(b.start - a.end)) for a in r.cue for b in r.content)
    values = (
        math.log(p / (1 - p)), path, math.sqrt(-path), path / math.log(2 + content), math.log(1 + content), math.log(1 + cue),
        math.log(1 + source), len(r.content) - 1, len(r.cue), bool(r.source), bool(r.cue), kind == "direct", kind == "mixed",
        r.parent is not None, float(r.act.max(initial=0)), float(r.kind.max(initial=0)), min(overlapping, _MOST),
        math.log(1 + min(gaps, default=0)), text[start].islower(), first == "that", first == "to", first[:1] in "\"“'‘",
        text[end : end + 1] in ("", ".", "!", "?", "\n"), text[end : end + 1] == ",", shares_cue, min(children, 2),
        start < (r.cue or r.content)[0].start,
    )  # fmt: skip
    return [float(v) for v in values]


def _length(spans: Iterable[Range]) -> int:
    return sum(s.end - s.start for s in spans)


class _Near:
    """Which of many sets of spans overlap."""

    def __init__(self, sets: Sequence[Sequence[Range]]) -> None:
        self._sets = sets
        self._buckets: dict[int, list[int]] = {}
        for i, spans in enumerate(sets):
            for bucket in self._of(spans):
                self._buckets.setdefault(bucket, []).append(i)

    def of(self, i: int) -> list[int]:
        """Those, but itself, that overlap set ``i``."""
        mine = self._sets[i]
        near = {j for bucket in self._of(mine) for j in self._buckets[bucket] if j != i}
        return [j for j in near if any(a.start < b.end and b.start < a.end for a in mine for b in self._sets[j])]

    @staticmethod
    def _of(spans: Iterable[Range]) -> set[int]:
        return {b for s in spans for b in range(s.start // _BUCKET, (s.end - 1) // _BUCKET + 1)}
