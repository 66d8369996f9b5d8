"""Fit the scorer of ``attribution.compare`` on the development pairs and print its figures.

    python benchmarks/fit_comparison.py [--write] [--errors]

Ten-fold cross-validation on the development part chooses the strength of the regularisation; the held-out part is
scored once, with the final weights. Pairs that a guard keeps apart, or of two speakers, teach the scorer nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from pairs import Pair, figures, read_pairs, units  # noqa: E402

from attribution.comparison import scoring  # noqa: E402
from attribution.comparison.alignment import align  # noqa: E402

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


def examples(pairs: list[Pair]) -> tuple[np.ndarray, np.ndarray]:
    """Features and labels of the pairs that reach the scorer."""
    rows, labels = [], []
    for pair in pairs:
        a, b = units(pair)
        if pair.kind in ("speaker", "number", "date", "polarity"):
            continue
        rows.append(scoring.features(a, b, align(a.words, b.words)))
        labels.append(pair.same)
    rows += [r for r, _ in across(pairs)]
    labels += [y for _, y in across(pairs)]
    return np.array(rows), np.array(labels, dtype=float)


def across(pairs: list[Pair]) -> list[tuple[list[float], bool]]:
    """More pairs of different claims: the first of each pair with those of the other pairs of its topic."""
    found = []
    firsts = {p.a.text: units(p)[0] for p in pairs}
    topics = {p.a.text: p.topic for p in pairs}
    texts = sorted(firsts)
    for i, one in enumerate(texts):
        for other in texts[i + 1 :]:
            a, b = firsts[one], firsts[other]
            if topics[one] == topics[other] and not set(a.lemmas) & set(b.lemmas) - {""}:
                found.append((scoring.features(a, b, align(a.words, b.words)), False))
    return found[::3]


def main() -> None:
    """Fit, report, write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    pairs = read_pairs()
    dev = [p for p in pairs if p.split == "dev"]
    x, y = examples(dev)
    fold = np.arange(len(y)) % 10
    best = None
    for ridge in (0.03, 0.1, 0.3, 1.0, 3.0):
        loss = 0.0
        for k in range(10):
            w, b = fitted(x[fold != k], y[fold != k], ridge)
            p = np.clip(1 / (1 + np.exp(-(x[fold == k] @ w + b))), 1e-6, 1 - 1e-6)
            loss -= float(np.sum(np.where(y[fold == k] == 1, np.log(p), np.log(1 - p))))
        print(f"ridge {ridge}: cross-validated loss {loss / len(y):.3f}")
        if best is None or loss < best[0]:
            best = (loss, ridge)
    w, b = fitted(x, y, best[1])
    data = {"ridge": best[1], "bias": round(b, 3), "weights": {n: round(float(v), 3) for n, v in zip(scoring.FEATURES, w, strict=True)}}
    print(json.dumps(data))
    if options.write:
        TARGET.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
        scoring._scorer.cache_clear()
    for split in ("dev", "held"):
        print(split, figures([p for p in pairs if p.split == split]))
    if options.errors:
        for p in dev:
            if p.found != p.same:
                a, b = units(p)
                seen = [round(v, 2) for v in scoring.features(a, b, align(a.words, b.words))]
                print(p.kind, "|", p.a.text, "|", p.b.text, "| found", p.found, seen)


if __name__ == "__main__":
    main()
