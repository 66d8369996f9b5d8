"""Fit the scorer of what is no person: softmax regression over the candidates of "it", "they" and "the report".

The data are the articles whose speakers are named. Every candidate of the gold name is right; a source none of whose
candidates has it teaches nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from attribution.evaluation.metrics import name_key
from attribution.evaluation.speakers import Readings, resolved
from attribution.pipeline.thing_scores import FEATURES, FORMS

_STEPS, _RATE, _FOLDS = 1500, 0.05, 5
_DECAY = {"thing": 0.03, "plural": 0.03, "phrase": 0.004, "many": 0.002}  # best by cross-validation: pronouns are few
Decision = tuple[int, np.ndarray, np.ndarray]


def collect(readings: Readings, records: Sequence[dict[str, Any]]) -> dict[str, list[Decision]]:
    """For each form its decisions: number of the article, feature rows (candidates, features), which are right."""
    found: dict[str, list[Decision]] = {form: [] for form in FORMS}
    for number, (record, article, _) in enumerate(resolved(readings, records)):
        for choice in article.choices:
            gold = record["attributions"][choice.claim]
            if not gold.get("speaker"):
                continue
            right = np.array([name_key(n) == name_key(gold["speaker"]) for n in choice.names])
            if right.any():
                found[choice.form].append((number, np.array(choice.rows), right))
    return found


def fit(decisions: Sequence[Decision], decay: float) -> np.ndarray:
    """Weights (features,) that make the right candidates likeliest, with weight decay (Adam, fixed steps)."""
    size = len(FEATURES)
    w, m, v = np.zeros(size), np.zeros(size), np.zeros(size)
    x = np.concatenate([rows for _, rows, _ in decisions])
    right = np.concatenate([r for _, _, r in decisions])
    starts = np.cumsum([0, *(len(r) for _, _, r in decisions[:-1])])
    of = np.repeat(np.arange(len(decisions)), [len(r) for _, _, r in decisions])
    for step in range(1, _STEPS + 1):
        score = x @ w
        e = np.exp(score - np.maximum.reduceat(score, starts)[of])
        p = e / np.add.reduceat(e, starts)[of]
        q = e * right
        q = q / np.add.reduceat(q, starts)[of]
        gradient = x.T @ (p - q) / len(decisions) + decay * w
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        w -= _RATE * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
    return w


def accuracy(decisions: Sequence[Decision], w: np.ndarray) -> float:
    """The share of decisions whose best candidate is right."""
    return sum(bool(right[(rows @ w).argmax()]) for _, rows, right in decisions) / max(1, len(decisions))


def cross_validated(decisions: Sequence[Decision], decay: float) -> float:
    """Accuracy on articles that the weights have not seen, over folds of articles."""
    right = 0.0
    for fold in range(_FOLDS):
        held = [d for d in decisions if d[0] % _FOLDS == fold]
        right += (
            accuracy(held, fit([d for d in decisions if d[0] % _FOLDS != fold], decay)) * len(held) if held else 0.0
        )
    return right / max(1, len(decisions))


def fit_all(readings: Readings, records: Sequence[dict[str, Any]], out: Path) -> dict[str, tuple[int, float, float]]:
    """Fit all forms and write the weights; for each the number of decisions, accuracy on them and cross-validated."""
    weights: dict[str, list[float]] = {}
    report: dict[str, tuple[int, float, float]] = {}
    for form, decisions in collect(readings, records).items():
        w = fit(decisions, _DECAY[form])
        weights[form] = np.round(w, 3).tolist()
        report[form] = (len(decisions), accuracy(decisions, w), cross_validated(decisions, _DECAY[form]))
    out.write_text(json.dumps({"features": list(FEATURES), "weights": weights}, indent=1) + "\n", encoding="utf-8")
    return report
