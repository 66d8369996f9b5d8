"""Calibrate: from scores to confidence, and from which confidence on a claim is kept, for each convention by itself.

A claim counts as right if it is a right attribution by ``attribution.evaluation.metrics``. Of PolNeAR, which marks no
nested claims, only outermost ones are counted. Our guide's articles are ones that the weights were not trained on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from attribution.errors import AttributionError
from attribution.evaluation.metrics import FITS, Item, gold_items, letters, pairs
from attribution.evaluation.report import read_gold_records
from attribution.pipeline.assembly import Calibration
from attribution.pipeline.conventions import POLNEAR
from attribution.pipeline.encoder import read_texts
from attribution.pipeline.reader import Reader, lay_out, polished
from attribution.pipeline.relations import Relation, relations

ANCHOR_THRESHOLD = 0.2  # anchors below this are never read
_STEPS, _RATE = 4000, 0.05
_AS_GOOD = 0.002


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The result: calibration, the confidence that is kept, expected calibration error and reliability by tenths."""

    calibration: Calibration
    keep: float
    error: float
    table: list[tuple[float, float, int]]


def calibrate(reader: Reader, gold: Path, convention: str) -> Calibrated:
    """Fit the calibration on gold and choose the confidence with the best F1 of attributions, or the lowest as good.

    Args:
        reader: what it is fitted for.
        gold: see ``evaluation.report.read_gold_records``.
        convention: the rules that the gold is marked by.

    Raises:
        AttributionError: the model finds no claim.

    """
    rows: list[tuple[list[float], bool]] = []
    articles: list[tuple[list[Item], list[tuple[Relation, Item]]]] = []
    for record in read_gold_records(gold):
        found = _relations(reader, record["text"], convention)
        found = [r for r in found if r.parent is None] if convention == POLNEAR else found
        items = [_item(record["text"], r) for r in found]
        marked = gold_items(record)
        right = {j for _, j in pairs(marked, items, FITS["attribution"])}
        rows.extend((_features(r), j in right) for j, r in enumerate(found))
        articles.append((marked, list(zip(found, items, strict=True))))
    if not rows:
        raise AttributionError(f"the model finds no claim by {convention}: it is not trained enough to be calibrated")
    x, y = np.array([f for f, _ in rows]), np.array([float(ok) for _, ok in rows])
    w = _logistic(x, y)
    calibration = Calibration(*(round(float(v), 4) for v in w))
    p = np.array([calibration.confidence(r) for _, found in articles for r, _ in found])
    error, table = reliability(p, y)
    return Calibrated(calibration, _best_cut(articles, calibration), error, table)


def _relations(reader: Reader, text: str, convention: str) -> list[Relation]:
    paragraphs, marked = lay_out(text)
    [(pieces, scored)] = read_texts(
        [(text, paragraphs, marked, convention)], reader.tokenizer, reader.network, threshold=ANCHOR_THRESHOLD
    )
    return polished(text, relations(pieces, scored, reader.crf), marked)


def _item(text: str, r: Relation) -> Item:
    return Item(letters(text, r.content), letters(text, r.cue), letters(text, r.source), None, False)


def _features(r: Relation) -> list[float]:
    p = min(max(r.anchor_probability, 1e-6), 1 - 1e-6)
    return [1.0, math.log(p / (1 - p)), math.log(min(max(r.path_probability, 1e-9), 1.0))]


def _logistic(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    w = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-x @ w))
        w -= _RATE * (x.T @ (p - y) / len(y) + 1e-4 * w)
    return w


def reliability(p: np.ndarray, right: np.ndarray) -> tuple[float, list[tuple[float, float, int]]]:
    """Expected calibration error over ten bins, and (mean confidence, share right, claims) of each that is not empty."""
    bins = np.minimum((p * 10).astype(int), 9)
    table = [
        (float(p[bins == b].mean()), float(right[bins == b].mean()), int((bins == b).sum()))
        for b in range(10)
        if (bins == b).any()
    ]
    return sum(abs(c - r) * n for c, r, n in table) / len(p), table


def _best_cut(articles: Sequence[tuple[list[Item], list[tuple[Relation, Item]]]], calibration: Calibration) -> float:
    found: dict[float, float] = {}
    for cut in np.arange(0.1, 0.7, 0.05):
        right = predicted = gold_count = 0
        for gold, claims in articles:
            kept = [item for r, item in claims if calibration.confidence(r) >= cut]
            right += len(pairs(gold, kept, FITS["attribution"]))
            predicted += len(kept)
            gold_count += len(gold)
        found[round(float(cut), 2)] = 2 * right / max(1, predicted + gold_count)
    # Of those as good as the best the lowest: a doubtful claim shows its confidence, one left out shows nothing.
    return min(cut for cut, f1 in found.items() if f1 >= max(found.values()) - _AS_GOOD)


def as_meta(c: Calibrated) -> dict[str, Any]:
    """A convention's part of meta.json: what the reader needs, and the reliability table."""
    return {
        "keep": c.keep,
        "calibration": {"bias": c.calibration.bias, "anchor": c.calibration.anchor, "path": c.calibration.path},
        "calibration_error": round(c.error, 4),
        "reliability": [[round(a, 3), round(b, 3), n] for a, b, n in c.table],
    }
