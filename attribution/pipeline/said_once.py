"""A stretch of direct speech is one claim's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from attribution.pipeline.quotation import Quotation
from attribution.pipeline.relations import Relation, set_parents
from attribution.pipeline.segmentation import Range


def said_once(found: list[Relation], marked: Sequence[Quotation], paragraphs: Sequence[Range]) -> None:
    """Leave a quotation that several claims have as a piece to the one whose cue is nearest; parents are set anew.

    ``"Whose is it?" asked Lill. "Mine."``, and in the next paragraph ``"My father kept it," she added.``: "Mine." is what
    she asked and answered, not what she added. Claims inside one another share words and keep them, and no claim loses its only piece.
    """
    whole = {Range(q.start, q.end) for q in marked}
    holders: dict[tuple[Range, int | None], list[Relation]] = defaultdict(list)
    for claim in found:
        if claim.cue:
            for piece in whole.intersection(claim.content):
                holders[piece, claim.parent].append(claim)
    for (piece, _), claims in holders.items():
        home = next((p for p in paragraphs if p.start <= piece.start < p.end), piece)
        nearest = min(claims, key=lambda claim: min(_way(cue, piece, home) for cue in claim.cue))
        for claim in claims:
            if claim is not nearest and len(claim.content) > 1:
                claim.content = [s for s in claim.content if s != piece]
    set_parents(found)


def _way(cue: Range, piece: Range, home: Range) -> tuple[bool, int]:
    """How far a cue is from a piece: whether it is in another paragraph, and by how many characters."""
    return not home.start <= cue.start < home.end, max(cue.start - piece.end, piece.start - cue.end)
