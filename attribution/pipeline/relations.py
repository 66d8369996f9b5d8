"""Relations: from the encoder's scores to claims with source, cue and content spans.

Every anchor's roles are decoded by Viterbi under the linear-chain CRF that the model was trained with. The result is
a list of ``Relation``: overlapping and nested claims are ordinary, since each anchor is decoded on its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from attribution.pipeline.encoder import Pieces, Scores, Window
from attribution.pipeline.labels import ROLES
from attribution.pipeline.network import FloatArray, IntArray
from attribution.pipeline.segmentation import Range

NEVER = -10000.0
OUTSIDE = ROLES.index("O")
BEGIN_CUE = ROLES.index("B-cue")
INSIDE_CUE = ROLES.index("I-cue")
BEGIN_CONTENT = ROLES.index("B-content")
INSIDE_CONTENT = ROLES.index("I-content")


@dataclass(slots=True)
class Relation:
    """One claim as the model sees it; all spans are code point ranges, in order.

    ``anchor`` is the offset of the word that carries it; ``free`` marks a claim without a cue. ``anchor_probability``
    and ``path_probability`` are the model's; ``parent`` is an index into the list that holds it; ``confidence`` is made of all that is known of it.
    """

    source: list[Range]
    cue: list[Range]
    content: list[Range]
    addressee: list[Range]
    anchor: int
    free: bool
    anchor_probability: float
    path_probability: float
    act: FloatArray
    kind: FloatArray
    parent: int | None = None
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Crf:
    """Transition scores: ``transitions`` (labels, labels) from row to column, ``first`` (labels,)."""

    transitions: FloatArray
    first: FloatArray

    @classmethod
    def constrained(cls, transitions: FloatArray, first: FloatArray) -> Crf:
        """Forbid an inside label after anything but its own begin or inside label."""
        transitions, first = transitions.copy(), first.copy()
        for j, b in enumerate(ROLES):
            if b[0] == "I":
                first[j] = NEVER
                for i, a in enumerate(ROLES):
                    if a == "O" or a[2:] != b[2:]:
                        transitions[i, j] = NEVER
        return cls(transitions, first)


def anchor_constraint(emissions: FloatArray, at: IntArray, free: npt.NDArray[np.bool_]) -> FloatArray:
    """Keep the anchor of a cue in the cue (or out of everything), of a free claim in its content (or out).

    emissions (a, n, labels), at and free (a,); returns a changed copy.
    """
    emissions = emissions.copy()
    for k, (i, is_free) in enumerate(zip(at.tolist(), free.tolist(), strict=True)):
        allowed = [OUTSIDE, BEGIN_CONTENT, INSIDE_CONTENT] if is_free else [OUTSIDE, BEGIN_CUE, INSIDE_CUE]
        blocked = [j for j in range(len(ROLES)) if j not in allowed]
        emissions[k, i, blocked] = NEVER
        if is_free:
            emissions[k, :, [BEGIN_CUE, INSIDE_CUE]] = NEVER
    return emissions


def viterbi(emissions: FloatArray, lengths: IntArray, crf: Crf) -> tuple[IntArray, FloatArray]:
    """Best label paths and their log-probabilities.

    emissions (a, n, labels), padded; lengths (a,). Returns paths (a, n) and log-probabilities (a,).
    """
    a, n, labels = emissions.shape
    # Only differences between labels mean anything; a common part would add up to sums that floats cannot hold apart.
    emissions = emissions - emissions.max(-1, keepdims=True)
    back = np.zeros((n, a, labels), dtype=np.int8)
    best = crf.first[None] + emissions[:, 0]
    total = best.copy()
    weights = np.exp(crf.transitions)
    with np.errstate(divide="ignore"):
        for t in range(1, n):
            keep = (t < lengths)[:, None]
            options = best[:, :, None] + crf.transitions[None]
            back[t] = options.argmax(1)
            best = np.where(keep, options.max(1) + emissions[:, t], best)
            top = total.max(1, keepdims=True)
            new = np.log(np.exp(total - top) @ weights) + top + emissions[:, t]
            total = np.where(keep, np.maximum(new, 2 * NEVER), total)
    paths = np.zeros((a, n), dtype=np.int64)
    rows = np.arange(a)
    state = best.argmax(1)
    for t in range(n - 1, -1, -1):
        live = t < lengths
        paths[:, t] = np.where(live, state, OUTSIDE)
        if t:
            state = np.where(live, back[t, rows, state], state)
    top = total.max(1)
    log_z = np.log(np.exp(total - top[:, None]).sum(1)) + top
    return paths, (best.max(1) - log_z).astype(np.float32)


def relations(pieces: Pieces, scored: Sequence[tuple[Window, Scores]], crf: Crf) -> list[Relation]:
    """The claims of one text, in order of their anchors, with parents.

    Args:
        pieces: the text's word pieces.
        scored: its windows with their scores.
        crf: the constrained transition scores.

    """
    found: list[Relation] = []
    jobs = [(w, s, k) for w, s in scored for k in range(len(s.at))]
    for begin in range(0, len(jobs), 64):
        found.extend(_decode(pieces, jobs[begin : begin + 64], crf))
    found = _distinct(found)
    found.sort(key=lambda r: (r.anchor, r.content[0]))
    set_parents(found)
    return found


def _decode(pieces: Pieces, jobs: Sequence[tuple[Window, Scores, int]], crf: Crf) -> list[Relation]:
    if not jobs:
        return []
    lengths = np.array([w.end - w.start for w, _, _ in jobs], dtype=np.int64)
    emissions = np.zeros((len(jobs), int(lengths.max()), len(ROLES)), dtype=np.float32)
    for row, (_, s, k) in enumerate(jobs):
        emissions[row, : lengths[row]] = s.roles[k]
    at = np.array([s.at[k] for _, s, k in jobs], dtype=np.int64)
    free = np.array([s.anchor[s.at[k], 2] > s.anchor[s.at[k], 1] for _, s, k in jobs])
    paths, log_p = viterbi(anchor_constraint(emissions, at, free), lengths, crf)
    out = []
    for row, (w, s, k) in enumerate(jobs):
        path = paths[row, : lengths[row]]
        if path[at[row]] == OUTSIDE or not ((path == BEGIN_CONTENT).any()):
            continue
        spans = {role: _spans(pieces, w, path, role) for role in ("source", "cue", "content")}
        to = _labelled(pieces, w, _addressee(s.addressee[k]), 1, 2)
        out.append(
            Relation(
                source=spans["source"], cue=spans["cue"], content=spans["content"], addressee=to[:1],
                anchor=int(pieces.starts[w.start + at[row]]), free=bool(free[row]),
                anchor_probability=float(1 - np.exp(s.anchor[at[row], 0])),
                path_probability=float(np.exp(log_p[row])), act=np.exp(s.act[k]), kind=np.exp(s.kind[k]),
            )
        )  # fmt: skip
    return out


def _spans(pieces: Pieces, window: Window, path: IntArray, role: str) -> list[Range]:
    return _labelled(pieces, window, path, ROLES.index(f"B-{role}"), ROLES.index(f"I-{role}"))


_ADDRESSED = 0.15  # probability from which a piece is part of the addressee; nearly all pieces of a text are none


def _addressee(scores: FloatArray) -> IntArray:
    """Labels of the addressee's pieces: those likely enough to belong to it."""
    inside = 1.0 - np.exp(scores[:, 0]) >= _ADDRESSED
    return np.where(inside, scores[:, 1:].argmax(-1) + 1, 0)


def _labelled(pieces: Pieces, window: Window, path: IntArray, begin: int, inside: int) -> list[Range]:
    """Runs of a label as code point ranges, widened to whole words."""
    out: list[Range] = []
    n = len(path)
    for i in np.flatnonzero(path == begin).tolist():
        j = i + 1
        while j < n and path[j] == inside:
            j += 1
        a, b = window.start + i, window.start + j
        while a > 0 and not pieces.word_start[a]:
            a -= 1
        while b < len(pieces) and not pieces.word_start[b]:
            b += 1
        span = Range(int(pieces.starts[a]), int(pieces.ends[b - 1]))
        if out and span.start <= out[-1].end:
            span = Range(out[-1].start, max(out[-1].end, span.end))
            out[-1] = span
        else:
            out.append(span)
    return out


_NEAR = 4000  # claims whose anchors stand further apart are not compared


def _distinct(found: list[Relation]) -> list[Relation]:
    """Of claims with overlapping cues and the same content, or the same anchor, keep the surest."""
    kept: dict[int, list[Relation]] = {}
    for r in sorted(found, key=lambda r: -r.anchor_probability * r.path_probability):
        at = r.anchor // _NEAR
        if not any(_same(r, k) for near in (at - 1, at, at + 1) for k in kept.get(near, ())):
            kept.setdefault(at, []).append(r)
    return [r for near in kept.values() for r in near]


def _same(a: Relation, b: Relation) -> bool:
    if a.anchor == b.anchor:
        return True
    if a.free != b.free:
        # a quotation already claimed by a cue needs no free claim of its own
        return covers(b.content, a.content) if a.free else False
    return bool(a.cue and b.cue and _touch(a.cue, b.cue) and _touch(a.content, b.content))


def _touch(a: Sequence[Range], b: Sequence[Range]) -> bool:
    return any(x.start < y.end and y.start < x.end for x in a for y in b)


def covers(outer: Sequence[Range], inner: Sequence[Range]) -> bool:
    """True if every inner range lies within one of the outer ranges."""
    return all(any(o.start <= i.start and i.end <= o.end for o in outer) for i in inner)


def length(spans: Sequence[Range]) -> int:
    """Code points in all ranges together."""
    return sum(s.end - s.start for s in spans)


def set_parents(found: list[Relation]) -> None:
    """Give each claim the smallest other claim whose content holds its content and its cue."""
    reach: dict[int, list[int]] = {}
    for j, outer in enumerate(found):
        for near in range(outer.content[0].start // _NEAR, outer.content[-1].end // _NEAR + 1):
            reach.setdefault(near, []).append(j)
    for i, child in enumerate(found):
        inner = [*child.content, *child.cue]
        candidates = [
            j
            for j in reach.get(inner[0].start // _NEAR, ())
            if j != i and covers(found[j].content, inner) and not covers(child.content, found[j].content)
        ]
        child.parent = min(candidates, key=lambda j: (length(found[j].content), j), default=None)
