"""Links: how well a mention fits as the antecedent of a pronoun or role, by the vectors of the model's linker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attribution.pipeline.encoder import FloatArray, IntArray, Pieces, Scores, Window


@dataclass(frozen=True, slots=True)
class Links:
    """What each piece of a text asks for as an anaphor and answers as an antecedent, (pieces, LINK) each."""

    ends: IntArray
    asks: FloatArray
    answers: FloatArray

    @classmethod
    def of(cls, pieces: Pieces, scored: Sequence[tuple[Window, Scores]]) -> Links:
        """The vectors of a text's pieces, each from the window whose core it is in."""
        if not scored:
            return cls.none()
        parts = [(s, slice(w.core_start - w.start, w.core_end - w.start)) for w, s in scored]
        return cls(
            pieces.ends, np.concatenate([s.asks[p] for s, p in parts]), np.concatenate([s.answers[p] for s, p in parts])
        )

    @classmethod
    def none(cls) -> Links:
        """Links that say nothing."""
        nothing = np.zeros((0, 1), dtype=np.float32)
        return cls(np.zeros(0, dtype=np.int64), nothing, nothing)

    def fit(self, anaphor: int, mention: int) -> float:
        """How well a mention answers an anaphor, each given by the offset of its head word; 0 says nothing."""
        if not len(self.ends):
            return 0.0
        a, m = np.minimum(np.searchsorted(self.ends, (anaphor, mention), side="right"), len(self.ends) - 1)
        product = float(np.dot(self.asks[a], self.answers[m]))
        return product / float(self.asks.shape[1]) ** 0.5
