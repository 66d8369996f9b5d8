"""Fit the scorer of roles: softmax regression over the candidates of "the botanist" and nobody.

The data are the articles whose speakers are named. Nobody is right where no candidate has the gold name.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from attribution.errors import AttributionError
from attribution.evaluation.metrics import name_key
from attribution.evaluation.speakers import Readings, resolved
from attribution.pipeline.role_scores import FEATURES, LEAST, NOBODY
from attribution.training.antecedents import fit, means

_DECAY, _FOLDS = 0.006, 5  # best by cross-validation
_SAID = 0.4
"""Weight of what the model says of the source's kind, set by hand: of the articles that the model has learnt from, which
the weights are fitted on, it knows more than of others. The best on articles that it had not seen."""
Decision = tuple[int, np.ndarray, int]


def collect(readings: Readings, records: Sequence[dict[str, Any]]) -> list[Decision]:
    """The decisions: number of the article, feature rows (candidates + 1, features + those of nobody), the right row;
    nobody is the last row.
    """
    found: list[Decision] = []
    for number, (record, article, _) in enumerate(resolved(readings, records)):
        for choice in article.roles:
            gold = record["attributions"][choice.claim]
            if "speaker" not in gold or not choice.names:
                continue
            rows = [[*row, *[0.0] * len(NOBODY)] for row in choice.rows]
            rows.append([*[0.0] * len(FEATURES), *choice.nobody])
            key = name_key(gold["speaker"])
            right = [i for i, name in enumerate(choice.names) if means(name_key(name), key)]
            found.append((number, np.array(rows), right[0] if right else len(choice.names)))
    return found


def fitted(decisions: Sequence[Decision]) -> np.ndarray:
    """Weights (features + those of nobody,) with the one that is set by hand."""
    told = len(FEATURES) + NOBODY.index("said unnamed")
    hidden = []
    for _, rows, right in decisions:
        hidden.append((rows.copy(), right))
        hidden[-1][0][:, told] = 0.0
    w = fit(hidden, _DECAY)
    w[told] = _SAID
    return w


def judged(decisions: Sequence[Decision], w: np.ndarray) -> np.ndarray:
    """How many of some decisions there are, are right, name somebody, and name the right one, as four counts."""
    counts = np.zeros(4)
    for _, rows, right in decisions:
        scores = rows @ w
        p = np.exp(scores - scores.max())
        best = int(p[:-1].argmax())
        named = p[best] / p.sum() >= LEAST
        answer = best if named else len(rows) - 1
        counts += (1, answer == right, named, named and answer == right)
    return counts


def cross_validated(decisions: Sequence[Decision]) -> np.ndarray:
    """The counts of ``judged`` on articles that the weights have not seen, over folds of articles."""
    counts = np.zeros(4)
    for fold in range(_FOLDS):
        seen = [d for d in decisions if d[0] % _FOLDS != fold]
        held = [d for d in decisions if d[0] % _FOLDS == fold]
        if seen and held:
            counts += judged(held, fitted(seen))
    return counts


def fit_roles(readings: Readings, records: Sequence[dict[str, Any]], out: Path) -> tuple[int, float, float]:
    """Fit the weights and write them.

    Returns:
        The number of decisions, the share of them that are right, and the share of right ones among the names given,
        both on articles that the weights have not seen.

    """
    decisions = collect(readings, records)
    if not decisions:
        raise AttributionError("no role in the articles with named speakers")
    w = np.round(fitted(decisions), 3).tolist()
    weights = {
        "features": dict(zip(FEATURES, w[: len(FEATURES)], strict=True)),
        "nobody": dict(zip(NOBODY, w[len(FEATURES) :], strict=True)),
    }
    out.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
    count, right, named, good = cross_validated(decisions)
    return int(count), float(right / count), float(good / max(1.0, named))
