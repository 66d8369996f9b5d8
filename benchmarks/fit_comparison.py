"""Fit the scorer of ``attribution.compare`` on the development pairs and print its figures.

    python benchmarks/fit_comparison.py [--write] [--check] [--errors]

Needs the extra "train" (scikit-learn). Boosted trees learn from the pairs that no guard keeps apart, and from claims of one
topic that say different things; those are many and count less. Precision and recall are printed of ten groups of topics, each decided
by trees that have not seen its topics, at several thresholds, and the share of such different claims that would be put together.
With ``--check`` the parts that nothing was fitted to are scored with the final trees, as a whole.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # this package, whatever else is installed
from pairs import Pair, figures, one_claim, read_pairs, units  # noqa: E402

from attribution.comparison import scoring, trees  # noqa: E402
from attribution.comparison.alignment import align  # noqa: E402
from attribution.comparison.compare import compare  # noqa: E402
from attribution.comparison.trees import Trees  # noqa: E402
from attribution.comparison.units import Unit, units_of  # noqa: E402
from attribution.evaluation.gold import read_gold_records  # noqa: E402

FOLDS = 10
THRESHOLDS = (0.4, 0.5, 0.6, 0.65, 0.7, 0.8)
DEVELOPMENT = ("dev", "dev-2", "dev-3")
CHECKED = ("check", "check-3", "held-out-3", "held-out-4")
APART_WEIGHT = 0.5  # of two claims of one topic that say different things: they are many
MOST_APART = 12  # of them from one topic
FEW_COMMON = 0.25  # the share of common words up to which claims of one topic are held for different ones
MOST_COMMON = 0.5
MOST_OF_ARTICLE = 15
AGAINST = frozenset((
    "left short", "left long", "unknown short", "unknown long", "rarest unknown short", "rarest unknown long", "unknown both",
    "opposites", "siblings", "in place", "opposite in place", "sibling in place", "in place of verbatim", "little words", "opposed",
    "turned round", "opposite affirmed", "quantifiers", "quantifier", "condition", "open", "inverted", "doubtfully denied",
    "doubtfully open", "recounted",
))  # fmt: skip
EITHER = frozenset(("sizes", "denied", "not", "quoted"))
DEPTH, TREES, SHRINKAGE = 4, 300, 0.035
TARGET = ROOT / "attribution" / "comparison" / "data" / "scorer.npz"


@dataclass(frozen=True)
class Example:
    """What the scorer sees of two units, if they are the same claim, their topic and their weight."""

    seen: list[float]
    same: bool
    topic: str
    weight: float = 1.0


def seen(a: Unit, b: Unit) -> list[float] | None:
    """What the scorer sees; None where it is not asked, for equal words or a guard."""
    ops = align(a.words, b.words)
    return None if a.norms == b.norms or scoring.excluded(a, b, ops) else scoring.seen(a, b, ops)


def examples(pairs: Sequence[Pair]) -> list[Example]:
    """Those of the pairs that reach the scorer: of quotations of several sentences the two that have most in common."""
    found = []
    for pair in pairs:
        if pair.kind != "speaker":
            rows = [
                row for a in units_of(pair.a.article, 0) for b in units_of(pair.b.article, 1) if (row := seen(a, b))
            ]
            if rows:
                found.append(Example(max(rows, key=lambda row: row[0] + row[1]), pair.same, pair.topic))
    return found


def apart(pairs: Sequence[Pair]) -> list[Example]:
    """Claims of one topic that say different things: those that pairs begin with and that have little in common."""
    claims: dict[tuple[str, str], dict[str, Unit]] = defaultdict(dict)
    for pair in pairs:
        claims[pair.split, pair.topic][pair.a.text] = units(pair)[0]
    rng = random.Random(0)
    found = []
    for (_, topic), by_text in sorted(claims.items()):
        texts = sorted(by_text)
        both = [(by_text[x], by_text[y]) for n, x in enumerate(texts) for y in texts[n + 1 :]]
        both = [(a, b) for a, b in both if _common(a, b) <= FEW_COMMON]
        rng.shuffle(both)
        found += [Example(row, False, topic, APART_WEIGHT) for a, b in both[:MOST_APART] if (row := seen(a, b))]
    return found + versions_apart(pairs, rng)


def versions_apart(pairs: Sequence[Pair], rng: random.Random) -> list[Example]:
    """Versions of the one claim of a topic with versions of the other, in the part that has two claims a topic."""
    versions: dict[str, dict[str, list[Unit]]] = defaultdict(lambda: defaultdict(list))
    for pair in pairs:
        if pair.split == "dev-3" and len(units_of(pair.b.article, 0)) == 1:
            versions[pair.topic][pair.a.text].append(units(pair)[1])
    found = []
    for topic, by_text in sorted(versions.items()):
        one, other = list(by_text.values())[:2]
        both = [(a, b) for a in one for b in other]
        rng.shuffle(both)
        found += [Example(row, False, topic, APART_WEIGHT) for a, b in both[:MOST_APART] if (row := seen(a, b))]
    return found


def _common(a: Unit, b: Unit) -> float:
    shared = sum(min(a.lemmas[x], b.lemmas[x]) for x in a.lemmas.keys() & b.lemmas.keys())
    return shared / (min(sum(a.lemmas.values()), sum(b.lemmas.values())) or 1.0)


def articles_apart() -> list[Example]:
    """Claims of one speaker in one of the training articles: close in words, different in what they say.

    Those nearest in words are left out, as an article may say a thing twice, and those that lie in one another.
    """
    found = []
    for record in read_gold_records(ROOT / "training" / "articles"):
        said: dict[str, list[tuple[int, int, Unit]]] = defaultdict(list)
        for claim in record["attributions"]:
            spans, speaker = claim["content"], claim["speaker"] or "unknown"
            start, end = spans[0][0], spans[-1][1]
            for unit in units_of(one_claim(speaker, claim["type"][0], record["text"][start:end]), 0)[:1]:
                said[speaker].append((start, end, unit))
        both = [
            (a, b)
            for of in said.values()
            for n, (s, e, a) in enumerate(of)
            for t, u, b in of[n + 1 :]
            if e <= t or u <= s
        ]
        both = [(a, b) for a, b in both if 0 < _common(a, b) <= MOST_COMMON]
        random.Random(0).shuffle(both)
        found += [
            Example(row, False, record["id"], APART_WEIGHT) for a, b in both[:MOST_OF_ARTICLE] if (row := seen(a, b))
        ]
    return found


def directions() -> list[int]:
    """1 for what may only speak for two claims being one, -1 against: so few examples teach no accidents of how they were written."""
    return [-1 if name in AGAINST else 0 if name in EITHER else 1 for name in scoring.SEEN]


def fitted(given: Sequence[Example]) -> Trees:
    """Boosted trees, each brought to one depth."""
    x, y = np.array([e.seen for e in given], dtype=np.float32), np.array([e.same for e in given])
    model = HistGradientBoostingClassifier(
        max_iter=TREES, learning_rate=SHRINKAGE, max_depth=DEPTH, max_leaf_nodes=2**DEPTH, min_samples_leaf=8, l2_regularization=1.0,
        max_features=0.3, monotonic_cst=directions(), early_stopping=False, random_state=1,
    ).fit(x, y, sample_weight=[e.weight for e in given])  # fmt: skip
    inner = 2**DEPTH - 1
    values, most = np.zeros((TREES, inner), dtype=np.uint8), np.full((TREES, inner), np.inf, dtype=np.float32)
    leaves = np.zeros((TREES, inner + 1), dtype=np.float32)
    for n, (predictor,) in enumerate(model._predictors):
        waiting = [(0, 0)]  # a node of the complete tree, and the one of the model that stands there
        while waiting:
            at, k = waiting.pop()
            node = predictor.nodes[k]
            if at >= inner:
                leaves[n, at - inner] = node["value"]
            elif node["is_leaf"]:
                waiting += [(2 * at + 1, k), (2 * at + 2, k)]
            else:
                values[n, at], most[n, at] = node["feature_idx"], node["num_threshold"]
                waiting += [(2 * at + 1, node["left"]), (2 * at + 2, node["right"])]
    return Trees(values, most, leaves, float(model._baseline_prediction[0, 0]))


def use(found: Trees) -> None:
    """Let ``attribution.compare`` decide by these trees."""
    decided = Trees(found.values.astype(np.int64), found.most, found.leaves.astype(np.float64), found.start)
    trees.shipped = lambda: decided


def cross_validated(
    pairs: Sequence[Pair], given: Sequence[Example], others: Sequence[Example]
) -> list[tuple[Pair, float]]:
    """Print the figures of each part at several thresholds, each topic decided by trees that have not seen it; each pair's likeness."""
    group = {topic: i % FOLDS for i, topic in enumerate(sorted({e.topic for e in (*given, *others)}))}
    rated: list[tuple[Pair, float]] = []
    merged: list[float] = []
    scoring.SURE = 0.0
    for k in range(FOLDS):
        use(fitted([e for e in (*given, *others) if group[e.topic] != k]))
        merged += [trees.probability(e.seen) for e in others if group[e.topic] == k]
        rated += [(p, likeness(p)) for p in pairs if group[p.topic] == k]
    for least in THRESHOLDS:
        parts = [
            f"{split} {_shares([(p.same, v >= least) for p, v in rated if p.split == split])}" for split in DEVELOPMENT
        ]
        print(
            f"cross-validated by topic, SURE {least}:",
            *parts,
            f"different claims merged: {np.mean(np.array(merged) >= least):.3f}",
            flush=True,
        )
    return rated


def likeness(pair: Pair) -> float:
    """The greatest likeness that ``compare`` gives two versions of a row, however small; 0 where there is none."""
    rows = compare([pair.a.article, pair.b.article]).shared
    return max((min(v.likeness for v in row.versions) for row in rows), default=0.0)


def _shares(decided: Sequence[tuple[bool, bool]]) -> str:
    right = sum(same and found for same, found in decided)
    return f"{right / max(sum(found for _, found in decided), 1):.3f} / {right / sum(same for same, _ in decided):.3f};"


def main() -> None:
    """Fit, report, write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    pairs, sure = read_pairs(), scoring.SURE
    dev = [p for p in pairs if p.split in DEVELOPMENT]
    given, others = examples(dev), apart(dev) + articles_apart()
    print(len(given), "pairs reach the scorer,", len(others), "more of different claims")
    rated = cross_validated(dev, given, others)
    scoring.SURE = sure
    found = fitted([*given, *others])
    if options.write:
        np.savez_compressed(TARGET, **found._asdict())
    use(found)
    for split in (*DEVELOPMENT, *(CHECKED if options.check else ())):
        print(split, figures([p for p in pairs if p.split == split]))
    if options.errors:
        for p, value in rated:
            if (value >= sure) != p.same:
                print(p.split, p.kind, "|", p.a.text, "|", p.b.text, f"| {value:.2f}")


if __name__ == "__main__":
    main()
