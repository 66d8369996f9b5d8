"""Quotations that make up a paragraph and that the model has found no claim in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from attribution.claims import BlockKind
from attribution.pipeline.labels import ACTS, KINDS
from attribution.pipeline.quotation import Quotation
from attribution.pipeline.relations import Relation
from attribution.pipeline.segmentation import Range

CONFIDENCE = 0.56  # 9 of the 16 such paragraphs that the model leaves out in PolNeAR's dev articles are in a claim
_WORDS = 4


def standing_quotations(
    text: str,
    found: Sequence[Relation],
    marked: Sequence[Quotation],
    paragraphs: Sequence[Range],
    kinds: Sequence[BlockKind],
) -> list[Relation]:
    """Claims without source and cue for the paragraphs of the story that are one quotation, a sentence at least, right after a
    paragraph in which somebody is quoted or reported; of those in which no claim was found.

    In our own articles 148 of 149 such paragraphs are in a claim, and the model finds nearly all of them.
    """
    whole = {(q.start, q.end) for q in marked if q.closed}
    pieces = sorted(s for r in found for s in r.content)

    def told(p: Range) -> bool:
        at = bisect_left(pieces, (p.end, 0))
        return any(s.end > p.start for s in pieces[max(0, at - 8) : at])

    out = []
    for before, p, kind in zip(paragraphs, paragraphs[1:], kinds[1:], strict=False):
        inside = text[p.start + 1 : p.end - 1]
        a_sentence = inside.endswith((".", "!", "?", "…")) and len(inside.split()) >= _WORDS
        if kind == "body" and a_sentence and (p.start, p.end) in whole and told(before) and not told(p):
            act = np.eye(len(ACTS), dtype=np.float32)[ACTS.index("question" if inside.endswith("?") else "statement")]
            who = np.eye(len(KINDS), dtype=np.float32)[KINDS.index("person")]
            claim = Relation([], [], [p], [], p.start, True, CONFIDENCE, CONFIDENCE, act, who, confidence=CONFIDENCE)
            out.append(claim)
    return out
