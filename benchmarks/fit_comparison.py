"""Fit the scorer of ``attribution.compare`` on the development pairs and print its figures.

    python benchmarks/fit_comparison.py [--write] [--errors]

Cross-validation over ten groups of topics on the development part chooses the strength of the regularisation; precision and
recall are printed of the groups, each scored with weights that have not seen its topics, too, and at several thresholds. A
held-out part, where there is one, is scored with the final weights. Pairs that a guard keeps apart, or of two speakers, teach the scorer nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # this package, whatever else is installed
from pairs import Pair, figures, read_pairs, units  # noqa: E402

from attribution.comparison import scoring  # noqa: E402
from attribution.comparison.alignment import align  # noqa: E402
from attribution.comparison.features import FEATURES, features  # noqa: E402

GUARDED = frozenset(["speaker", "number", "date", "polarity", "place", "unit", "roles", "hedge"])
FOLDS = 10
RIDGES = (0.03, 0.1, 0.3, 1.0, 3.0)
THRESHOLDS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75)
DEVELOPMENT = ("dev", "dev-2")
SURE = scoring.SURE
TARGET = ROOT / "attribution" / "comparison" / "data" / "scorer.json"


def fitted(x: np.ndarray, y: np.ndarray, ridge: float) -> tuple[np.ndarray, float]:
    """Logistic regression by Newton's method; weights that would be negative are 0, as likeness never speaks against."""
    allowed = np.ones(x.shape[1] + 1, dtype=bool)
    full = np.hstack([x, np.ones((len(x), 1))])
    while True:
        w = np.zeros(allowed.sum())
        part = full[:, allowed]
        penalty = np.full(len(w), ridge)
        penalty[-1] = 0
        for _ in range(50):
            p = 1 / (1 + np.exp(-part @ w))
            step = np.linalg.solve(part.T @ (part * (p * (1 - p))[:, None]) + np.diag(penalty) + 1e-6 * np.eye(len(w)), part.T @ (p - y) + penalty * w)
            w -= step
        out = np.zeros(len(allowed))
        out[allowed] = w
        if (out[:-1] >= 0).all():
            return out[:-1], float(out[-1])
        allowed[:-1] &= out[:-1] >= 0


@dataclass(frozen=True)
class Examples:
    """Features (rows), labels and topics of what reaches the scorer."""

    x: np.ndarray
    y: np.ndarray
    topics: np.ndarray


def examples(pairs: list[Pair]) -> Examples:
    """Those of the pairs that reach the scorer, and more pairs of different claims."""
    rows = []
    for pair in pairs:
        if pair.kind not in GUARDED:
            a, b = units(pair)
            rows.append((features(a, b, align(a.words, b.words)), pair.same, pair.topic))
    rows += across(pairs)
    x, y, topics = zip(*rows, strict=True)
    return Examples(np.array(x), np.array(y, dtype=float), np.array(topics))


def across(pairs: list[Pair]) -> list[tuple[list[float], bool, str]]:
    """The first claim of each pair with those of the other pairs of its topic, where no word is common."""
    found = []
    firsts = {p.a.text: units(p)[0] for p in pairs}
    topics = {p.a.text: p.topic for p in pairs}
    texts = sorted(firsts)
    for i, one in enumerate(texts):
        for other in texts[i + 1 :]:
            a, b = firsts[one], firsts[other]
            if topics[one] == topics[other] and not set(a.lemmas) & set(b.lemmas) - {""}:
                found.append((features(a, b, align(a.words, b.words)), False, topics[one]))
    return found[::3]


def folds(pairs: list[Pair]) -> dict[str, int]:
    """Topic → its group."""
    return {topic: i % FOLDS for i, topic in enumerate(sorted({p.topic for p in pairs}))}


def loss(given: Examples, fold: np.ndarray, ridge: float) -> float:
    """The mean log loss, each group scored without its topics."""
    total = 0.0
    for k in range(FOLDS):
        w, b = fitted(given.x[fold != k], given.y[fold != k], ridge)
        p = np.clip(1 / (1 + np.exp(-(given.x[fold == k] @ w + b))), 1e-6, 1 - 1e-6)
        total -= float(np.sum(np.where(given.y[fold == k] == 1, np.log(p), np.log(1 - p))))
    return total / len(given.y)


def cross_validated(pairs: list[Pair], given: Examples, fold: np.ndarray, ridge: float) -> dict[str, dict[str, float]]:
    """Precision and recall of the whole decision over the pairs of each part, each decided without its topic."""
    group = folds(pairs)
    scored = []
    for k in range(FOLDS):
        use(*fitted(given.x[fold != k], given.y[fold != k], ridge))
        scored += [Pair(p.kind, p.topic, p.split, p.a, p.b) for p in pairs if group[p.topic] == k]
        for p in scored:
            _ = p.found  # worked out now, with these weights
    return {split: figures([p for p in scored if p.split == split]) for split in DEVELOPMENT}


def use(weights: np.ndarray, bias: float) -> None:
    """Let ``attribution.compare`` decide by these weights."""
    scoring._scorer = lambda: (tuple(map(float, weights)), bias)


def main() -> None:
    """Fit, report, write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    pairs = read_pairs()
    dev = [p for p in pairs if p.split in DEVELOPMENT]
    given = examples(dev)
    group = folds(dev)
    fold = np.array([group[t] for t in given.topics])
    losses = {ridge: loss(given, fold, ridge) for ridge in RIDGES}
    for ridge, value in losses.items():
        print(f"ridge {ridge}: cross-validated loss {value:.3f}")
    best = min(losses, key=lambda ridge: losses[ridge])
    for least in (SURE, *THRESHOLDS):
        scoring.SURE = least
        for split, found in cross_validated(dev, given, fold, best).items():
            print(f"{split}, cross-validated by topic, SURE {least}:", found)
    scoring.SURE = SURE
    w, b = fitted(given.x, given.y, best)
    data = {"ridge": best, "bias": round(b, 3), "weights": {n: round(float(v), 3) for n, v in zip(FEATURES, w, strict=True)}}
    print(json.dumps(data))
    if options.write:
        TARGET.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    use(np.array([*data["weights"].values()]), data["bias"])
    for split in sorted({p.split for p in pairs}):
        print(split, figures([p for p in pairs if p.split == split]))
    if options.errors:
        show_errors(dev)


def show_errors(pairs: list[Pair]) -> None:
    """What is decided wrongly, with its features."""
    for p in pairs:
        if p.found != p.same:
            a, b = units(p)
            values = [round(v, 2) for v in features(a, b, align(a.words, b.words))]
            print(p.kind, "|", p.a.text, "|", p.b.text, "| found", p.found, values)


if __name__ == "__main__":
    main()
