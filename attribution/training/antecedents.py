"""Fit the antecedent scorer: softmax regression over the candidates of each pronoun, and of each quotation that has no
source (whose turn it is).

The data are the articles whose speakers are named: PolNeAR's (195 training articles) and the project's own; for pronouns
those of coreference texts besides (``training.coreference``), with less weight. For turns nobody is a candidate, too: it is
right where no candidate has the gold name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from attribution.errors import AttributionError
from attribution.evaluation.metrics import name_key
from attribution.evaluation.speakers import Readings, resolved
from attribution.pipeline import cueless
from attribution.pipeline.antecedents import FEATURES, features

_STEPS, _RATE, _DECAY = 3000, 0.05, 0.002
_UNITS, _SEEDS, _HIDDEN_STEPS, _HIDDEN_RATE = 16, 2, 600, 0.02
_LAYERED_DECAY = 0.003, 0.01  # of the linear part and the hidden layer; these and the units by cross-validation
_FAR_BEHIND = 500.0  # a score this much below the best counts as no worse than that: its likelihood is no zero

Decision = tuple[np.ndarray, Sequence[int]]
"""Feature rows (candidates, features), and which rows are right."""


class Lessons(NamedTuple):
    """Decisions that count ``weight`` each beside those of our named articles."""

    weight: float
    decisions: Sequence[Decision]


def collect(readings: Readings, records: Sequence[dict[str, Any]]) -> list[Decision]:
    """The decisions on the pronouns of claims."""
    found: list[Decision] = []
    for record, article, _ in resolved(readings, records):
        for claim, context, candidates in article.decisions:
            gold = record["attributions"][claim]
            if "speaker" not in gold or not candidates:
                continue
            key = name_key(gold["speaker"])
            right = [i for i, c in enumerate(candidates) if name_key(c.entity.name) == key]
            right = right or [i for i, c in enumerate(candidates) if means(name_key(c.entity.name), key)]
            if right:  # else the antecedent was not found as a mention: no lesson about choosing
                found.append((np.array(features(context, candidates)), right))
    return found


def means(name: str, gold: str) -> bool:
    """True if a candidate is the gold speaker, be its name found whole or cut short."""
    return name == gold or (bool(name) and (gold.endswith(f" {name}") or name.endswith(f" {gold}")))


def fit(decisions: Sequence[tuple[np.ndarray, int]], decay: float = _DECAY) -> np.ndarray:
    """Weights (features + 1,) by gradient descent on the softmax loss with weight decay (Adam, fixed steps)."""
    size = decisions[0][0].shape[1]
    w, m, v = np.zeros(size), np.zeros(size), np.zeros(size)
    longest = max(len(rows) for rows, _ in decisions)
    x = np.zeros((len(decisions), longest, size))
    mask = np.full((len(decisions), longest), -1e9)
    gold = np.zeros(len(decisions), dtype=int)
    for i, (rows, right) in enumerate(decisions):
        x[i, : len(rows)], mask[i, : len(rows)], gold[i] = rows, 0.0, right
    at = np.arange(len(decisions))
    for step in range(1, _STEPS + 1):
        scores = x @ w + mask
        p = np.exp(scores - scores.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        gradient = (np.einsum("ij,ijk->ik", p, x) - x[at, gold]).mean(0) + decay * w
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        w -= _RATE * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
    return w


class Layered(NamedTuple):
    """A linear scorer with a hidden layer beside it: weights (features,), hidden (features, units), bias and out (units,)."""

    weights: np.ndarray
    hidden: np.ndarray
    bias: np.ndarray
    out: np.ndarray

    def scores(self, x: np.ndarray) -> np.ndarray:
        """The score of each row (rows, features)."""
        return np.asarray(x @ self.weights + np.tanh(x @ self.hidden + self.bias) @ self.out)


def fit_layered(lessons: Sequence[Lessons]) -> Layered:
    """A scorer with hidden units, the mean of a few fits from different beginnings (Adam, falling rate, fixed steps).

    It makes the right candidates of a decision likeliest, all together. Nobody takes no part: whether anybody is likely
    enough is asked of the share instead.
    """
    data = _Data.of_lessons(lessons)
    fits = [_layered(data, seed) for seed in range(_SEEDS)]
    return Layered(
        np.mean([f.weights for f in fits], axis=0),
        np.concatenate([f.hidden for f in fits], axis=1),
        np.concatenate([f.bias for f in fits]),
        np.concatenate([f.out for f in fits]) / _SEEDS,
    )


class _Data(NamedTuple):
    """All rows ``x`` (rows, features) and which are ``right`` (rows,); where decisions begin; the decision that each row is
    ``of``; the ``share`` of each row's decision in the loss, which sum up to one over decisions.
    """

    x: np.ndarray
    right: np.ndarray
    starts: np.ndarray
    of: np.ndarray
    share: np.ndarray

    @staticmethod
    def of_lessons(lessons: Sequence[Lessons]) -> _Data:
        decisions = [d for lesson in lessons for d in lesson.decisions]
        weights = np.concatenate([np.full(len(lesson.decisions), lesson.weight) for lesson in lessons])
        sizes = [len(rows) for rows, _ in decisions]
        starts = np.cumsum([0, *sizes[:-1]])
        right = np.zeros(sum(sizes))
        right[[start + i for start, (_, found) in zip(starts, decisions, strict=True) for i in found]] = 1.0
        of = np.repeat(np.arange(len(decisions)), sizes)
        return _Data(np.concatenate([rows for rows, _ in decisions]), right, starts, of, (weights / weights.sum())[of])

    def error(self, scores: np.ndarray) -> np.ndarray:
        """The gradient of the loss by the scores (rows,)."""
        e = np.exp(np.maximum(scores - np.maximum.reduceat(scores, self.starts)[self.of], -_FAR_BEHIND))
        r = e * self.right
        given, wanted = (p / np.add.reduceat(p, self.starts)[self.of] for p in (e, r))
        return np.asarray((given - wanted) * self.share)


def _layered(data: _Data, seed: int) -> Layered:
    x = data.x
    random = np.random.default_rng(seed)
    size = x.shape[1]
    shapes = [(size,), (size, _UNITS), (_UNITS,), (_UNITS,)]
    theta = [np.zeros(size), *(random.normal(0, 0.3, s) for s in shapes[1:])]
    m, v = [np.zeros(s) for s in shapes], [np.zeros(s) for s in shapes]
    decays = [_LAYERED_DECAY[0], *[_LAYERED_DECAY[1]] * 3]
    for step in range(1, _HIDDEN_STEPS + 1):
        w, hidden, bias, out = theta
        units = np.tanh(x @ hidden + bias)
        error = data.error(x @ w + units @ out)
        back = np.outer(error, out) * (1 - units**2)
        gradients = [x.T @ error, x.T @ back, back.sum(axis=0), units.T @ error]
        rate = _HIDDEN_RATE * (1 - (step - 1) / _HIDDEN_STEPS)
        for k, raw in enumerate(gradients):
            gradient = raw + decays[k] * theta[k]
            m[k], v[k] = 0.9 * m[k] + 0.1 * gradient, 0.999 * v[k] + 0.001 * gradient**2
            theta[k] = theta[k] - rate * (m[k] / (1 - 0.9**step)) / (np.sqrt(v[k] / (1 - 0.999**step)) + 1e-8)
    return Layered(*theta)


def fit_pronouns(
    readings: Readings, records: Sequence[dict[str, Any]], out: Path, *, more: Sequence[Lessons] = ()
) -> tuple[int, float]:
    """Fit the scorer of pronouns, write its weights, and return the number of decisions and the accuracy on them.

    Args:
        readings: what the model says of an article.
        records: articles with named speakers.
        out: the file of weights.
        more: lessons of other texts, which are not counted.

    """
    decisions = collect(readings, records)
    if not decisions:
        raise AttributionError("no pronoun of a person in the articles with named speakers")
    net = fit_layered([Lessons(1.0, decisions), *more])
    weights = {
        "features": list(FEATURES), "weights": _rounded(net.weights), "nobody": _NOBODY,
        "hidden": [_rounded(u) for u in net.hidden.T], "bias": _rounded(net.bias), "out": _rounded(net.out),
    }  # fmt: skip
    out.write_text(_written(weights), encoding="utf-8")
    right = sum(int(net.scores(rows).argmax()) in gold for rows, gold in decisions)
    return len(decisions), right / len(decisions)


_NOBODY = -20.0  # the score of nobody for pronouns, which mean somebody


def _rounded(values: np.ndarray) -> list[float]:
    return [float(x) for x in np.round(values, 3)]


def _written(value: dict[str, Any]) -> str:
    """JSON with every list of numbers on a line of its own."""
    text = json.dumps(value, indent=1)
    return re.sub(r"\[[-\d.,e\s]+\]", lambda m: " ".join(m.group().split()), text) + "\n"


def collect_turns(readings: Readings, records: Sequence[dict[str, Any]]) -> list[tuple[np.ndarray, int]]:
    """The decisions on quotations without a source: feature rows (candidates + 1, features + 1), nobody last, and the right
    row.
    """
    found: list[tuple[np.ndarray, int]] = []
    for record, article, _ in resolved(readings, records):
        last = {claim: (candidates, rows) for claim, candidates, rows in article.turns}
        for claim, (candidates, values) in last.items():
            gold = record["attributions"][claim]
            if "speaker" not in gold or not candidates:
                continue
            rows = [[*row, 0.0] for row in values]
            rows.append([0.0] * len(cueless.FEATURES) + [1.0])
            key = name_key(gold["speaker"])
            right = [i for i, e in enumerate(candidates) if means(name_key(e.name), key)]
            found.append((np.array(rows), right[0] if right else len(candidates)))
    return found


def fit_turns(readings: Readings, records: Sequence[dict[str, Any]], out: Path) -> tuple[int, float]:
    """Fit whose turn it is, write the weights, and return the number of decisions and the accuracy on them."""
    decisions = collect_turns(readings, records)
    if not decisions:
        raise AttributionError("no quotation without a source in the articles with named speakers")
    w = fit(decisions)
    weights = {
        "features": list(cueless.FEATURES),
        "weights": np.round(w[:-1], 3).tolist(),
        "nobody": round(float(w[-1]), 3),
    }
    out.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
    return len(decisions), sum(int((rows @ w).argmax()) == gold for rows, gold in decisions) / len(decisions)
