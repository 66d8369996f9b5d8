"""Fit the scorer of ``attribution.compare`` on the development pairs and print its figures.

    python benchmarks/fit_comparison.py [--write] [--check] [--errors]

Needs the extra "train" (scikit-learn) and the shipped model, whose layers the scorer sees: fit anew for every new model. A
logistic regression learns from the pairs that no guard keeps apart, from claims of one topic that say different things (they
count less), from different claims of one speaker in a training article, and from such claims with a part of themselves.
Precision and recall are printed of ten groups of topics, each decided by weights that have not seen its
topics, at several thresholds, and the share of such different claims that would be put together. With ``--check`` the parts that
nothing was fitted to are scored with the final weights, as a whole; the blind ones (held-out-4 to -6) are left to the tests.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # this package, whatever else is installed
from pairs import Pair, figures, one_claim, read_pairs, units  # noqa: E402

from attribution.comparison import scoring  # noqa: E402
from attribution.comparison.alignment import Op, align  # noqa: E402
from attribution.comparison.compare import compare  # noqa: E402
from attribution.comparison.units import Unit, units_of  # noqa: E402
from attribution.evaluation.gold import read_gold_records  # noqa: E402

FOLDS = 10
THRESHOLDS = (0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85)
DEVELOPMENT = ("dev", "dev-2", "dev-3", "dev-4")
CHECKED = ("check", "check-3", "check-4", "held-out-3")
APART_WEIGHT = 0.5  # of two claims of one topic that say different things: they are many
MOST_APART = 12  # of them from one topic
FEW_COMMON = 0.25  # the share of common words up to which claims of one topic are held for different ones
MOST_COMMON = 0.5
OF_ARTICLE = 4  # of the pairs nearest in meaning, and as many of the others
NEAR = 0.45  # of the cosine, from which compare looks at two claims that have no word in common
ARTICLES = ("articles", "articles_late", "articles_more", "articles_wide")
LEAST_WHOLE, PARTS_OF_ARTICLE, HALF = 10, 1, 0.5  # words of a claim that a part is taken of
STRENGTH = 1.0  # of 0.03 to 5: less costs precision and recall, more changes nothing
Weights = tuple[tuple[float, ...], float]
TARGET = ROOT / "attribution" / "comparison" / "data" / "scorer.json"


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
    found, rng = [], random.Random(0)
    for record in (r for folder in ARTICLES for r in read_gold_records(ROOT / "training" / folder)):
        both = sorted(of_one_speaker(record), key=lambda p: -float(np.dot(p[0].vector, p[1].vector)) - _common(*p))
        nearest, others = both[:OF_ARTICLE], both[OF_ARTICLE:]
        rng.shuffle(others)
        chosen = [*nearest, *others[:OF_ARTICLE]]
        found += [Example(row, False, record["id"]) for a, b in chosen if (row := seen(a, b))]
    return found


def parts() -> list[Example]:
    """Claims of the training articles with their own second half or a stretch of it: a part, word for word, is the same claim."""
    found, rng = [], random.Random(0)
    for record in (r for folder in ARTICLES for r in read_gold_records(ROOT / "training" / folder)):
        wholes = [
            record["text"][c["content"][0][0] : c["content"][-1][1]] for c in record["attributions"] if c["content"]
        ]
        wholes = [text for text in wholes if len(text.split()) >= LEAST_WHOLE]
        for text in rng.sample(wholes, min(len(wholes), PARTS_OF_ARTICLE)):
            words = text.split()
            cut = rng.randint(2, len(words) // 2)
            part = words[cut:] if rng.random() < HALF else words[:-cut]
            a, b = (units_of(one_claim("speaker", "i", t), 0)[0] for t in (text, " ".join(part)))
            if row := seen(a, b):
                found.append(Example(row, True, record["id"], APART_WEIGHT))
    return found


def of_one_speaker(record: dict[str, Any]) -> list[tuple[Unit, Unit]]:
    """Pairs of an article's claims of one speaker that compare would look at, but for those of mostly the same words."""
    said: dict[str, list[tuple[int, int, Unit]]] = defaultdict(list)
    for claim in record["attributions"]:
        spans, speaker = claim["content"], claim["speaker"] or "unknown"
        start, end = spans[0][0], spans[-1][1]
        for unit in units_of(one_claim(speaker, claim["type"][0], record["text"][start:end]), 0)[:1]:
            said[speaker].append((start, end, unit))
    both = [
        (a, b) for of in said.values() for n, (s, e, a) in enumerate(of) for t, u, b in of[n + 1 :] if e <= t or u <= s
    ]
    return [
        (a, b)
        for a, b in both
        if (common := _common(a, b)) <= MOST_COMMON and (common > 0 or float(np.dot(a.vector, b.vector)) > NEAR)
    ]


def fitted(given: Sequence[Example]) -> Weights:
    """A weight for each value that is seen, and the score without any."""
    model = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=1000))
    model.fit(
        np.array([e.seen for e in given]), [e.same for e in given],
        logisticregression__sample_weight=[e.weight for e in given],
    )  # fmt: skip
    scaler, regression = model[0], model[1]
    found = regression.coef_[0] / scaler.scale_
    return tuple(map(float, found)), float(regression.intercept_[0] - found @ scaler.mean_)


def remember() -> None:
    """Let what is seen of two claims be worked out once; it is the same whatever the weights."""
    look = scoring.seen
    known: dict[tuple[tuple[str, ...], ...], list[float]] = {}

    def once(a: Unit, b: Unit, ops: Sequence[Op]) -> list[float]:
        key = tuple((u.text, u.claim.type, u.claim.act, u.claim.polarity) for u in (a, b))
        if key not in known:
            known[key] = look(a, b, ops)
        return known[key]

    scoring.seen = once


def use(found: Weights) -> None:
    """Let ``attribution.compare`` decide by these weights."""
    scoring.weights = lambda: found


def cross_validated(
    pairs: Sequence[Pair], given: Sequence[Example], others: Sequence[Example]
) -> list[tuple[Pair, float]]:
    """Print the figures of each part at several thresholds, each topic decided by weights that have not seen it; each pair's likeness."""
    group = {topic: i % FOLDS for i, topic in enumerate(sorted({e.topic for e in (*given, *others)}))}
    rated: list[tuple[Pair, float]] = []
    merged: list[float] = []
    scoring.SURE = 0.0
    for k in range(FOLDS):
        use(fitted([e for e in (*given, *others) if group[e.topic] != k]))
        merged += [scoring.probability(e.seen) for e in others if group[e.topic] == k]
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
    remember()
    pairs, sure = read_pairs(), scoring.SURE
    dev = [p for p in pairs if p.split in DEVELOPMENT]
    given, others = examples(dev) + parts(), apart(dev) + articles_apart()
    print(len(given), "pairs of one claim or not reach the scorer,", len(others), "more of different claims")
    rated = cross_validated(dev, given, others)
    scoring.SURE = sure
    found = fitted([*given, *others])
    if options.write:
        by_name = {name: round(w, 4) for name, w in zip(scoring.SEEN, found[0], strict=True)}
        TARGET.write_text(json.dumps({"bias": round(found[1], 4), "weights": by_name}, indent=1) + "\n", encoding="utf-8")
    use(found)
    for split in (*DEVELOPMENT, *(CHECKED if options.check else ())):
        print(split, figures([p for p in pairs if p.split == split]))
    if options.errors:
        for p, value in rated:
            if (value >= sure) != p.same:
                print(p.split, p.kind, "|", p.a.text, "|", p.b.text, f"| {value:.2f}")


if __name__ == "__main__":
    main()
