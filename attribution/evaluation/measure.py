"""One gold measured: counts by article, how well confidence is calibrated, and which gold claims are right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from attribution.evaluation.bootstrap import Tally, together
from attribution.evaluation.cofenet import labels_of, token_counts
from attribution.evaluation.gold import ClaimGold, Gold, TokenGold
from attribution.evaluation.metrics import (
    FITS,
    Count,
    Figure,
    Item,
    article_counts,
    gold_items,
    pairs,
    predicted_items,
    without_nested,
)  # fmt: skip
from attribution.evaluation.predictions import Predictions

_BINS = 10


@dataclass(frozen=True, slots=True)
class Reliability:
    """Claims with a confidence and whether they are right attributions: (claims,) each."""

    confidence: np.ndarray[Any, np.dtype[np.float64]]
    right: np.ndarray[Any, np.dtype[np.float64]]

    def error(self) -> float | None:
        """Expected calibration error over ten bins of equal width (Guo et al. 2017); None without claims."""
        if not len(self.confidence):
            return None
        bins = np.minimum((self.confidence * _BINS).astype(int), _BINS - 1)
        gaps = [
            abs(self.confidence[bins == b].mean() - self.right[bins == b].mean()) * (bins == b).sum()
            for b in range(_BINS)
            if (bins == b).any()
        ]
        return float(sum(gaps) / len(self.confidence))


@dataclass(frozen=True, slots=True)
class Measured:
    """A gold's figures; ``missing`` are articles without predictions."""

    name: str
    fingerprint: str
    tokens: bool
    tally: Tally
    reliability: Reliability
    missing: tuple[str, ...] = ()


def measure(gold: Gold, predictions: Predictions, *, top: bool = False) -> Measured:
    """Measure predictions against a gold.

    Args:
        gold: see there.
        predictions: an article that they do not have counts as one without claims.
        top: leave out nested claims on both sides: for gold that marks none.

    Raises:
        InputError: predictions were made from other texts.

    """
    missing = tuple(id_ for id_ in gold.texts() if id_ not in predictions)
    if isinstance(gold, TokenGold):
        by_id = {a.id: token_counts(a, labels_of(predictions.of(a.id, a.text), a)) for a in gold.articles}
        return Measured(gold.name, gold.fingerprint, True, _tally(by_id, gold), _reliability([]), missing)
    items = {r["id"]: article_items(r, predictions, top=top) for r in gold.records}
    by_id = {id_: article_counts(*sides) for id_, sides in items.items()}
    return Measured(gold.name, gold.fingerprint, False, _tally(by_id, gold), _reliability(items.values()), missing)


def _tally(by_id: Mapping[str, Mapping[Figure, Count]], gold: Gold) -> Tally:
    """The tally by text: what several people have marked is drawn as the one article that it is."""
    by_text: dict[str, dict[Figure, Count]] = {}
    first: dict[str, str] = {}
    for id_, text in gold.texts().items():
        row = by_text.setdefault(first.setdefault(text, id_), {})
        for figure, count in by_id[id_].items():
            row[figure] = Count(*map(sum, zip(row.get(figure, (0, 0, 0, 0)), count, strict=True)))
    return Tally.of(by_text)


def over_all(measured: Sequence[Measured]) -> Measured | None:
    """Several golds of claims as one; None if there are not at least two. What is counted by tokens stays apart."""
    of_claims = [m for m in measured if not m.tokens]
    if len(of_claims) < 2:
        return None
    both = [np.concatenate([getattr(m.reliability, side) for m in of_claims]) for side in ("confidence", "right")]
    name = f"all {len(of_claims)}" + (", without what is counted by tokens" if len(of_claims) < len(measured) else "")
    return Measured(name, "", False, together([m.tally for m in of_claims]), Reliability(*both))


def article_items(record: dict[str, Any], predictions: Predictions, *, top: bool) -> tuple[list[Item], list[Item]]:
    """Gold and predicted items of one gold article."""
    text = record["text"]
    gold, found = gold_items(record), predicted_items(predictions.of(record["id"], text), text)
    return (without_nested(gold), without_nested(found)) if top else (gold, found)


def _reliability(articles: Iterable[tuple[list[Item], list[Item]]]) -> Reliability:
    confidence: list[float] = []
    right: list[float] = []
    for gold, predicted in articles:
        hits = {j for _, j in pairs(gold, predicted, FITS["attribution"])}
        sure = [(p.confidence, j in hits) for j, p in enumerate(predicted) if p.confidence is not None]
        confidence += [c for c, _ in sure]
        right += [float(ok) for _, ok in sure]
    return Reliability(np.array(confidence, np.float64), np.array(right, np.float64))


@dataclass(frozen=True, slots=True)
class Change:
    """A gold claim that is right on one side only: where, and in short what."""

    article: str
    speaker: str | None
    cue: str
    content: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Gold claims that are right now and were not (``gained``), and the reverse (``lost``), by one figure."""

    figure: str
    gained: tuple[Change, ...]
    lost: tuple[Change, ...]


def changes(gold: ClaimGold, old: Predictions, new: Predictions, *, top: bool = False) -> Changes:
    """Which gold claims were gained and lost: by who said what where the gold names speakers, else by attribution."""
    named = any("speaker" in a for r in gold.records for a in r["attributions"])
    figure = "who said what" if named else "attribution"
    gained: list[Change] = []
    lost: list[Change] = []
    for record in gold.records:
        claims = [a for a in record["attributions"] if a.get("content") and not (top and a.get("parent"))]
        sides = [article_items(record, p, top=top) for p in (old, new)]
        before, after = ({i for i, _ in pairs(*side, FITS[figure])} for side in sides)
        gained += [_change(record, claims[i]) for i in sorted(after - before)]
        lost += [_change(record, claims[i]) for i in sorted(before - after)]
    return Changes(figure, tuple(gained), tuple(lost))


def _change(record: dict[str, Any], claim: dict[str, Any]) -> Change:
    def words(role: str) -> str:
        return " … ".join(" ".join(record["text"][s:e].split()) for s, e in claim.get(role) or [])

    return Change(record["id"], claim.get("speaker") or words("source") or None, words("cue"), words("content"))
