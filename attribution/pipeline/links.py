"""Links: how well two mentions go together as one, by the states of the encoder.

Every word piece has two vectors, linear in the states of three layers: what it asks for as an anaphor, and what it answers as
an antecedent. The scorer of pronouns sees their product beside all else. The vectors are learnt from coreference (GUM,
LitBank), ambiguous pronouns (GAP) and variants of names (DocRED) by ``attribution.training.linker``; mentions are ranked by
a product as in Lee et al. (2017).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from attribution.pipeline.encoder import Pieces, Scores, Window
from attribution.pipeline.network import FloatArray, IntArray
from attribution.pipeline.segmentation import Range

LONGEST = 6  # pieces of a mention that count: its last
RECENT = 6  # mentions of somebody that are asked: the last
LinksOf = tuple[float, float, float]  # see ``Links.toward``
NOT_ASKED: LinksOf = (0.0, 0.0, 0.0)
_END = re.compile(r",|\s\(|\s(?:who|which|that|whose|whom|of|for|in|at|on|from|with|to|by)\s")


@dataclass(slots=True)
class Links:
    """The vectors of a text's word pieces: ``starts``, ``ends`` (n,) are their places, ``asks`` and ``answers`` (n, size)."""

    text: str
    starts: IntArray
    ends: IntArray
    asks: FloatArray
    answers: FloatArray
    known: dict[Range, FloatArray | None] = field(default_factory=dict)

    def toward(self, anaphor: Range, mentions: Sequence[Range]) -> LinksOf:
        """How well an anaphor goes with the mentions of somebody: the last one, the best and the mean of the last few.

        Args:
            anaphor: a pronoun or noun phrase.
            mentions: in order; only the last ones are asked.

        """
        at = self._pieces(anaphor)
        answers = [a for m in mentions[-RECENT:] if (a := self._answer(m)) is not None]
        if at is None or not answers:
            return NOT_ASKED
        found = np.stack(answers) @ self.asks[at].mean(axis=0)
        return float(found[-1]), float(found.max()), float(found.mean())

    def _answer(self, mention: Range) -> FloatArray | None:
        if mention not in self.known:
            at = self._pieces(mention)
            self.known[mention] = None if at is None else self.answers[at].mean(axis=0)
        return self.known[mention]

    def _pieces(self, span: Range) -> slice | None:
        return pieces_of(self.text, self.starts, self.ends, span)


def pieces_of(text: str, starts: IntArray, ends: IntArray, span: Range) -> slice | None:
    """The pieces by which a mention is known: the last few up to its first comma, preposition or relative clause."""
    stop = _END.search(text, span.start, span.end)
    end = stop.start() if stop and stop.start() > span.start else span.end
    first = int(np.searchsorted(ends, span.start, side="right"))
    behind = max(first + 1, int(np.searchsorted(starts, end, side="left")))
    return slice(max(first, behind - LONGEST), behind) if first < len(starts) else None


def links(text: str, pieces: Pieces, windows: Sequence[tuple[Window, Scores]]) -> Links | None:
    """The links of a text; None where the model gives none.

    Args:
        text: the text.
        pieces: its word pieces.
        windows: with what the network says of each.

    """
    parts = [s.links[w.core_start - w.start : w.core_end - w.start] for w, s in windows if s.links is not None]
    if not parts:
        return None
    both = np.concatenate(parts)
    size = both.shape[1] // 2
    return Links(text, pieces.starts, pieces.ends, both[:, :size], both[:, size:])
