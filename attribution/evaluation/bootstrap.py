"""Intervals: what the figures would be on other articles of the same kind.

Articles are drawn anew with replacement (Efron 1979), because claims of one article are not independent; two systems
are compared on the same draws (paired). All draws are one product of matrices: draws × articles by articles × counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attribution.evaluation.metrics import Count, Figure

DRAWS = 2000
_SEED = 20240229
_SURE = 0.95
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts by article: ``counts`` is (articles, figures, 4) as in ``Count``; ``articles`` are ids."""

    articles: tuple[str, ...]
    figures: tuple[Figure, ...]
    counts: Floats

    @classmethod
    def of(cls, by_article: Mapping[str, Mapping[Figure, Count]]) -> Tally:
        """The tally of counts by article id; figures in the order in which they first come."""
        figures = tuple(dict.fromkeys(f for counts in by_article.values() for f in counts))
        number = {f: n for n, f in enumerate(figures)}
        counts = np.zeros((len(by_article), len(figures), 4))
        for row, found in zip(counts, by_article.values(), strict=True):
            for figure, count in found.items():
                row[number[figure]] = count
        return cls(tuple(by_article), figures, counts)

    def total(self, figure: Figure) -> Count:
        """A figure's counts over all articles; zeros for one that no article has."""
        if figure not in self.figures:
            return Count(0, 0, 0, 0)
        return Count(*(int(n) for n in self.counts[:, self.figures.index(figure)].sum(0)))


def together(tallies: Sequence[Tally]) -> Tally:
    """Several golds as one; ids get the number of their gold, for two golds may use the same."""
    figures = tuple(dict.fromkeys(f for t in tallies for f in t.figures))
    counts = np.zeros((sum(len(t.articles) for t in tallies), len(figures), 4))
    at = 0
    for t in tallies:
        counts[at : at + len(t.articles), [figures.index(f) for f in t.figures]] = t.counts
        at += len(t.articles)
    return Tally(tuple(f"{n}:{a}" for n, t in enumerate(tallies, 1) for a in t.articles), figures, counts)


def precision_recall_f1(counts: Floats) -> Floats:
    """Counts (…, 4) → precision, recall and F1 (…, 3); what has nothing to be counted over is 0."""
    found, gold, right, predicted = np.moveaxis(counts, -1, 0)
    p = np.divide(right, predicted, out=np.zeros_like(right), where=predicted > 0)
    r = np.divide(found, gold, out=np.zeros_like(found), where=gold > 0)
    f = np.divide(2 * p * r, p + r, out=np.zeros_like(p), where=p + r > 0)
    return np.stack([p, r, f], axis=-1)


def intervals(tally: Tally, *, draws: int = DRAWS) -> Floats:
    """95 % intervals of precision, recall and F1 of every figure: (figures, 3, 2); the same at every call.

    One article alone tells nothing about others: its intervals go from 0 to 1.
    """
    if len(tally.articles) < 2:
        return np.tile([0.0, 1.0], (len(tally.figures), 3, 1))
    drawn = precision_recall_f1(_drawn(tally.counts, draws))
    tail = (1 - _SURE) / 2
    return np.moveaxis(np.quantile(drawn, [tail, 1 - tail], axis=0), 0, -1)


@dataclass(frozen=True, slots=True)
class Difference:
    """How one figure's F1 has changed: by how much, its 95 % interval, and the probability of a change at least as far
    from zero if there were none (two-sided, from the draws).
    """

    old: float
    new: float
    low: float
    high: float
    p: float


def differences(old: Tally, new: Tally, *, draws: int = DRAWS) -> dict[Figure, Difference]:
    """The change of every figure that both have, on the same draws of the same articles.

    One article alone tells nothing about others: intervals go from -1 to 1 there, and p is 1.

    Raises:
        ValueError: the tallies are of different articles.

    """
    if old.articles != new.articles:
        raise ValueError("the two tallies are of different articles")
    both = [f for f in new.figures if f in old.figures]
    sides = [t.counts[:, [t.figures.index(f) for f in both]] for t in (old, new)]
    before, after = (precision_recall_f1(s.sum(0))[:, 2] for s in sides)
    drawn_before, drawn_after = (precision_recall_f1(_drawn(s, draws))[..., 2] for s in sides)
    change = drawn_after - drawn_before
    tail = (1 - _SURE) / 2
    low, high = np.quantile(change, [tail, 1 - tail], axis=0)
    p = np.minimum(1.0, 2 * np.minimum((change <= 0).mean(0), (change >= 0).mean(0)))
    p = np.maximum(p, 2 / (draws + 1))  # no sample shows a probability of 0
    if len(new.articles) < 2:
        low, high, p = np.full_like(low, -1), np.full_like(high, 1), np.ones_like(p)
    return {
        f: Difference(float(before[n]), float(after[n]), float(low[n]), float(high[n]), float(p[n]))
        for n, f in enumerate(both)
    }


def _drawn(counts: Floats, draws: int) -> Floats:
    """Sums over articles drawn with replacement: (articles, figures, 4) → (draws, figures, 4)."""
    n = len(counts)
    times = np.random.default_rng(_SEED).multinomial(n, np.full(n, 1 / n), size=draws).astype(np.float64)
    summed: Floats = (times @ counts.reshape(n, -1)).reshape(draws, *counts.shape[1:])
    return summed
