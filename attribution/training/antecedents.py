"""Fit the antecedent scorer: softmax regression over the candidates of each pronoun, and of each quotation that has no
source (whose turn it is).

The data are the articles whose speakers are named: PolNeAR's (195 training articles) and the project's own. Nobody is
a candidate, too: it is right where no candidate has the gold name.
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
from attribution.pipeline import cueless
from attribution.pipeline.antecedents import FEATURES, features

FORMS = ("person",)
_STEPS, _RATE, _DECAY = 3000, 0.05, 0.002


def collect(readings: Readings, records: Sequence[dict[str, Any]]) -> dict[str, list[tuple[np.ndarray, int]]]:
    """For each form its decisions: feature rows (candidates + 1, features + 1), nobody last, and the right row."""
    found: dict[str, list[tuple[np.ndarray, int]]] = {form: [] for form in FORMS}
    for record, article, _ in resolved(readings, records):
        for claim, form, context, candidates in article.decisions:
            gold = record["attributions"][claim]
            if "speaker" not in gold or not candidates:
                continue
            rows = [[*row, 0.0] for row in features(context, candidates)]
            rows.append([0.0] * len(FEATURES) + [1.0])
            key = name_key(gold["speaker"])
            right = [i for i, c in enumerate(candidates) if means(name_key(c.entity.name), key)]
            if not right and form == "person":
                continue  # the antecedent was not found as a mention: no lesson about choosing
            found[form].append((np.array(rows), right[0] if right else len(candidates)))
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


def fit_all(readings: Readings, records: Sequence[dict[str, Any]], out: Path) -> dict[str, tuple[int, float]]:
    """Fit all forms, write the weights, and return for each the number of decisions and the accuracy on them."""
    classes: dict[str, Any] = {}
    report: dict[str, tuple[int, float]] = {}
    for form, decisions in collect(readings, records).items():
        if not decisions:
            raise AttributionError(f"no pronoun of form {form!r} in the articles with named speakers")
        w = fit(decisions)
        if form == "person":
            w[-1] = min(w[-1], -20.0)
        classes[form] = {"weights": np.round(w[:-1], 3).tolist(), "nobody": round(float(w[-1]), 3)}
        right = sum(int((rows @ w).argmax()) == gold for rows, gold in decisions)
        report[form] = (len(decisions), right / len(decisions))
    out.write_text(json.dumps({"features": list(FEATURES), "classes": classes}, indent=1) + "\n", encoding="utf-8")
    return report


def collect_turns(readings: Readings, records: Sequence[dict[str, Any]]) -> list[tuple[np.ndarray, int]]:
    """The decisions on quotations without a source, as ``collect`` has those on pronouns and roles."""
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
