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
from attribution.pipeline.confidence import FEATURES, Calibration, seen
from attribution.pipeline.conventions import POLNEAR
from attribution.pipeline.encoder import read_texts
from attribution.pipeline.quotation import depths
from attribution.pipeline.reader import Reader, lay_out, polished
from attribution.pipeline.relations import Relation, relations

ANCHOR_THRESHOLD = 0.2  # anchors below this are never read
_STRENGTH = 0.15  # of the fit's weights; from 0.05 to 0.5 nothing changes that cross-validation by article sees
_STEP = 0.025


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The result: calibration, the confidence that is kept, expected calibration error and reliability by tenths."""

    calibration: Calibration
    keep: float
    error: float
    table: list[tuple[float, float, int]]


def calibrate(reader: Reader, gold: Path, convention: str) -> Calibrated:
    """Fit the calibration on gold and choose the confidence from which claims are kept.

    Args:
        reader: what it is fitted for.
        gold: see ``evaluation.report.read_gold_records``.
        convention: the rules that the gold is marked by.

    Raises:
        AttributionError: the model finds no claim.

    """
    x: list[list[float]] = []
    y: list[bool] = []
    articles: list[tuple[list[Item], list[Item]]] = []
    for record in read_gold_records(gold):
        text = record["text"]
        found = _relations(reader, text, convention)
        rows = seen(text, found, depths(text, lay_out(text)[1]))
        chosen = [i for i, r in enumerate(found) if r.parent is None or convention != POLNEAR]
        items = [_item(text, found[i]) for i in chosen]
        marked = gold_items(record)
        right = {j for _, j in pairs(marked, items, FITS["attribution"])}
        x.extend(rows[i] for i in chosen)
        y.extend(j in right for j in range(len(items)))
        articles.append((marked, items))
    if not x:
        raise AttributionError(f"the model finds no claim by {convention}: it is not trained enough to be calibrated")
    seen_, right_ = np.array(x), np.array(y, dtype=float)
    calibration = _logistic(seen_, right_)
    p = 1 / (1 + np.exp(-(calibration.bias + seen_ @ np.array([calibration.weights[f] for f in FEATURES]))))
    error, table = reliability(p, right_)
    ends = np.cumsum([len(items) for _, items in articles])
    by_article = [part.tolist() for part in np.split(p, ends[:-1])]
    return Calibrated(calibration, _best_cut(articles, by_article), error, table)


def _relations(reader: Reader, text: str, convention: str) -> list[Relation]:
    paragraphs, marked = lay_out(text)
    [(pieces, scored)] = read_texts(
        [(text, paragraphs, marked, convention)], reader.tokenizer, reader.network, threshold=ANCHOR_THRESHOLD
    )
    return polished(text, relations(pieces, scored, reader.crf), marked)


def _item(text: str, r: Relation) -> Item:
    return Item(letters(text, r.content), letters(text, r.cue), letters(text, r.source), None, False)


def _logistic(x: np.ndarray, y: np.ndarray) -> Calibration:
    """A logistic regression on features brought to one scale, which is then taken out of its weights again."""
    from sklearn.linear_model import LogisticRegression

    mean, scale = x.mean(0), x.std(0)
    scale[scale == 0] = 1.0
    if y.min() == y.max():
        raise AttributionError(
            "all claims that the model finds are right, or all are wrong: there is nothing to calibrate"
        )
    fitted = LogisticRegression(C=_STRENGTH, max_iter=5000).fit((x - mean) / scale, y)
    weights = fitted.coef_[0] / scale
    bias = float(fitted.intercept_[0] - (weights * mean).sum())
    return Calibration(round(bias, 4), {f: round(float(w), 4) for f, w in zip(FEATURES, weights, strict=True)})


def reliability(p: np.ndarray, right: np.ndarray) -> tuple[float, list[tuple[float, float, int]]]:
    """Expected calibration error over ten bins, and (mean confidence, share right, claims) of each that is not empty."""
    bins = np.minimum((p * 10).astype(int), 9)
    table = [
        (float(p[bins == b].mean()), float(right[bins == b].mean()), int((bins == b).sum()))
        for b in range(10)
        if (bins == b).any()
    ]
    return sum(abs(c - r) * n for c, r, n in table) / len(p), table


def _best_cut(articles: Sequence[tuple[list[Item], list[Item]]], confidences: Sequence[Sequence[float]]) -> float:
    """Half of the best F1 of attributions, down to a fortieth: where confidence is calibrated, F1 is best there.

    (Lipton, Elkan and Naryanaswamy, Optimal Thresholding of Classifiers to Maximize F1 Measure, 2014.) The curve itself is flat and uneven.
    """
    best = 0.0
    for cut in np.arange(0.1, 0.7, _STEP):
        right = predicted = gold_count = 0
        for (gold, items), sure in zip(articles, confidences, strict=True):
            kept = [item for item, p in zip(items, sure, strict=True) if p >= cut]
            right += len(pairs(gold, kept, FITS["attribution"]))
            predicted += len(kept)
            gold_count += len(gold)
        best = max(best, 2 * right / max(1, predicted + gold_count))
    return round(math.floor(best / 2 / _STEP) * _STEP, 3)


def as_meta(c: Calibrated) -> dict[str, Any]:
    """A convention's part of meta.json: what the reader needs, and the reliability table."""
    return {
        "keep": c.keep,
        "calibration": {"bias": c.calibration.bias, **c.calibration.weights},
        "calibration_error": round(c.error, 4),
        "reliability": [[round(a, 3), round(b, 3), n] for a, b, n in c.table],
    }
