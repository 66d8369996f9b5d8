"""Tune the cross-encoder and fit the scorer of ``attribution.compare`` on the labelled pairs, and print their figures.

    python benchmarks/fit_comparison.py NETWORK [--model models/en] [--write] [--keep-network] [--errors] [--answers FILE.json]

NETWORK is the cross_encoder.pt of ``attribution train``; needs the extra "train" and scikit-learn, and takes half an
hour on two cores. The cross-encoder learns from the labelled pairs, all of them; for what the scorer sees of it there are
three more, each of which has not learnt the topics that it is asked about. The scorer, a logistic regression, learns from the
pairs, from claims of one topic that say different things (they count less), from different claims of one speaker in a
training article, and from such claims with a part of themselves. Precision and recall are printed of ten groups of topics,
each decided by weights that have not seen its topics. With ``--write`` the model file gets the cross-encoder and data/scorer.json the weights: both again
for every new model, as the scorer sees its layers. The blind part (held-out-8) is left to the tests.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # this package, whatever else is installed
from pairs import Pair, Said, one_claim, read_pairs, units  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402

from attribution.comparison import scoring  # noqa: E402
from attribution.comparison.alignment import Op, align  # noqa: E402
from attribution.comparison.compare import compare  # noqa: E402
from attribution.comparison.cross_encoder import in_order  # noqa: E402
from attribution.comparison.units import Unit, units_of  # noqa: E402
from attribution.evaluation.gold import read_gold_records  # noqa: E402
from attribution.training.claim_groups import Example as Labelled  # noqa: E402
from attribution.training.claim_groups import groups_of  # noqa: E402
from attribution.training.cross_encoder import CrossEncoder, log_odds, tune_cross_encoder  # noqa: E402
from attribution.training.cross_graph import base_of, with_cross_encoder, without_cross_encoder  # noqa: E402
from attribution.training.versions import all_groups, read_versions  # noqa: E402

FOLDS = 10
PARTS_OF_PAIRS = 3  # cross-encoders that have not learnt a part of the topics
BLIND = "held-out-8"
VERSIONS = "versions"  # pairs of versions of training articles' claims
OF_GROUP = 8  # pairs of versions of one claim, and of it with what the same speaker says besides
VERSIONS_WEIGHT = 0.5
APART_WEIGHT = 0.5  # of two claims of one topic that say different things: they are many
MOST_APART = 12  # of them from one topic
FEW_COMMON = 0.25  # the share of common words up to which claims of one topic are held for different ones
MOST_COMMON = 0.5
OF_ARTICLE = 4  # of the pairs nearest in meaning, and as many of the others
NEAR = 0.45  # of the cosine, from which compare looks at two claims that have no word in common
ARTICLES = ("articles", "articles_late", "articles_more", "articles_wide", "articles_news")
LEAST_WHOLE, PARTS_OF_ARTICLE, HALF = 10, 1, 0.5  # words of a claim that a part is taken of
STRENGTH = 1.0  # of 0.03 to 5: less costs precision and recall, more changes nothing
Weights = tuple[tuple[float, ...], float]
Answers = dict[tuple[str, str], float]
TARGET = ROOT / "attribution" / "comparison" / "data" / "scorer.json"


@dataclass(frozen=True)
class Example:
    """What the scorer sees of two units, if they are the same claim, their topic and their weight.

    ``seen`` is without what comes of reading both together: ``texts`` are what is read, None where nothing is. ``near``: they
    are nearly the same word for word.
    """

    seen: list[float]
    texts: tuple[str, str] | None
    near: bool
    same: bool
    topic: str
    weight: float = 1.0


def example(a: Unit, b: Unit, *, same: bool, topic: str, weight: float = 1.0) -> Example | None:
    """What the scorer learns of two units; None where it is not asked, for equal words or a guard."""
    ops = align(a.words, b.words)
    if a.norms == b.norms or scoring.excluded(a, b, ops):
        return None
    values, texts = scoring.alone(a, b, ops), in_order(a.text, b.text) if a.odd == b.odd else None
    return Example(values, texts, scoring.near(a, b, ops, values), same, topic, weight)


def examples(pairs: Sequence[Pair]) -> list[Example]:
    """Those of the pairs that reach the scorer: of quotations of several sentences the two that have most in common."""
    found = []
    for pair in pairs:
        if any(a.norms == b.norms for a, b in both_units(pair)):
            continue  # one sentence of several is the same, word for word: that makes no other sentence the same
        weight = VERSIONS_WEIGHT if pair.split == VERSIONS else 1.0
        all_of = [example(a, b, same=pair.same, topic=pair.topic, weight=weight) for a, b in both_units(pair)]
        if rows := [e for e in all_of if e]:
            found.append(max(rows, key=lambda e: e.seen[0] + e.seen[1]))
    return found


def both_units(pair: Pair) -> list[tuple[Unit, Unit]]:
    """Each sentence of the one with each of the other."""
    return [(a, b) for a in units_of(pair.a.article, 0) for b in units_of(pair.b.article, 1)]


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
        found += [e for a, b in both[:MOST_APART] if (e := example(a, b, same=False, topic=topic, weight=APART_WEIGHT))]
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
        found += [e for a, b in both[:MOST_APART] if (e := example(a, b, same=False, topic=topic, weight=APART_WEIGHT))]
    return found


def _common(a: Unit, b: Unit) -> float:
    shared = sum(min(a.lemmas[x], b.lemmas[x]) for x in a.lemmas.keys() & b.lemmas.keys())
    return shared / (min(sum(a.lemmas.values()), sum(b.lemmas.values())) or 1.0)


def version_pairs() -> list[Pair]:
    """Pairs of versions of the training articles' claims that the cross-encoder has not learnt as groups."""
    folder, rng = ROOT / "training" / "versions_apart", random.Random(0)
    found = []
    for group in read_versions(folder, [ROOT / "training" / name for name in ARTICLES]):
        both = list(group.drawn(rng))
        for one, other, same in rng.sample(both, min(len(both), OF_GROUP)):
            a, b = (Said("speaker", group.how[text], text) for text in (one, other))
            found.append(Pair("paraphrase" if same else "different", group.topic.split(":")[0], VERSIONS, a, b))
    return found


def unlearnt_articles() -> list[dict[str, Any]]:
    """The training articles of whose claims there are no versions."""
    learnt = {
        group.topic.split(":")[0]
        for folder in ("versions", "versions_apart")
        for path in (ROOT / "training" / folder).glob("*.tsv")
        for group in groups_of(path)
    }
    return [r for folder in ARTICLES for r in read_gold_records(ROOT / "training" / folder) if r["id"] not in learnt]


def articles_apart() -> list[Example]:
    """Claims of one speaker in one of these articles: close in words, different in what they say.

    Those nearest in words are left out, as an article may say a thing twice, and those that lie in one another.
    """
    found, rng = [], random.Random(0)
    for record in unlearnt_articles():
        both = sorted(of_one_speaker(record), key=lambda p: -float(np.dot(p[0].vector, p[1].vector)) - _common(*p))
        nearest, others = both[:OF_ARTICLE], both[OF_ARTICLE:]
        rng.shuffle(others)
        chosen = [*nearest, *others[:OF_ARTICLE]]
        found += [e for a, b in chosen if (e := example(a, b, same=False, topic=record["id"]))]
    return found


def parts() -> list[Example]:
    """Claims of these articles with their own second half or a stretch of it: a part, word for word, is the same claim."""
    found, rng = [], random.Random(0)
    for record in unlearnt_articles():
        wholes = [
            record["text"][c["content"][0][0] : c["content"][-1][1]] for c in record["attributions"] if c["content"]
        ]
        wholes = [text for text in wholes if len(text.split()) >= LEAST_WHOLE]
        for text in rng.sample(wholes, min(len(wholes), PARTS_OF_ARTICLE)):
            words = text.split()
            cut = rng.randint(2, len(words) // 2)
            part = words[cut:] if rng.random() < HALF else words[:-cut]
            a, b = (units_of(one_claim("speaker", "i", t), 0)[0] for t in (text, " ".join(part)))
            if e := example(a, b, same=True, topic=record["id"], weight=APART_WEIGHT):
                found.append(e)
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


def fitted(given: Sequence[Example], answers: Answers) -> Weights:
    """A weight for each value that is seen, and the score without any."""
    model = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=1000))
    model.fit(
        np.array([whole(e, answers) for e in given]), [e.same for e in given],
        logisticregression__sample_weight=[e.weight for e in given],
    )  # fmt: skip
    scaler, regression = model[0], model[1]
    found = regression.coef_[0] / scaler.scale_
    return tuple(map(float, found)), float(regression.intercept_[0] - found @ scaler.mean_)


def whole(e: Example, answers: Answers) -> list[float]:
    """All that the scorer sees."""
    return [*e.seen, scoring.weighed(scoring.scaled(answers[e.texts]) if e.texts else 0.0, near=e.near)]


class Tuner:
    """Tunes the cross-encoder for a model folder on labelled pairs."""

    def __init__(self, network: Path, folder: Path) -> None:
        self.settings = tomllib.loads((ROOT / "training" / "config.toml").read_text(encoding="utf-8"))
        self.groups = all_groups(self.settings, ROOT / "training")
        self.trained = torch.load(network, weights_only=True)
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.path = folder / "model.onnx"
        self.base = base_of(onnx.load(str(self.path)))

    def tuned(self, pairs: Sequence[Pair]) -> CrossEncoder:
        """The network after learning from pairs."""
        learnt = [Labelled(a.text, b.text, p.same) for p in pairs if p.kind != "speaker" for a, b in nearest(p)]
        return tune_cross_encoder(
            self.trained, learnt, self.groups, self.base, self.tokenizer, self.settings["cross_encoder"],
            seed=int(self.settings["seed"]), report=lambda line: print("tuned on", len(learnt), "pairs:", line, flush=True),
        )  # fmt: skip

    def unlearnt(self, pairs: Sequence[Pair], given: Sequence[Example]) -> Answers:
        """What networks say that have not learnt the topics that they are asked about."""
        part = {topic: i % PARTS_OF_PAIRS for i, topic in enumerate(sorted({p.topic for p in pairs} | {e.topic for e in given}))}
        found: Answers = {}
        for k in range(PARTS_OF_PAIRS):
            network = self.tuned([p for p in pairs if part[p.topic] != k])
            asked = {e.texts for e in given if part[e.topic] == k and e.texts}
            asked |= {in_order(a.text, b.text) for p in pairs if part[p.topic] == k for a, b in both_units(p)}
            asked -= found.keys()
            texts = sorted(asked)
            found |= zip(texts, log_odds(network, texts, self.tokenizer), strict=True)
        return found

    def write(self, network: CrossEncoder) -> None:
        """Put a network into the model file."""
        onnx.save(with_cross_encoder(without_cross_encoder(onnx.load(str(self.path))), network), str(self.path))


def nearest(pair: Pair) -> list[tuple[Unit, Unit]]:
    """The two sentences of a pair that have most in common."""
    return sorted(both_units(pair), key=lambda both: -_common(*both))[:1]


def remember(answers: Answers) -> None:
    """Let what is seen of two claims be worked out once; it is the same whatever the weights. The cross-encoder's part is given."""
    look = scoring.alone
    known: dict[tuple[tuple[str, ...], ...], list[float]] = {}

    def once(a: Unit, b: Unit, ops: Sequence[Op]) -> list[float]:
        key = tuple((u.text, u.claim.type, u.claim.act, u.claim.polarity) for u in (a, b))
        if key not in known:
            known[key] = look(a, b, ops)
        return known[key]

    scoring.alone = once
    scoring.log_odds = lambda pairs: [answers.get(in_order(*pair), -scoring.MOST) for pair in pairs]  # one claim's own sentences


def use(found: Weights) -> None:
    """Let ``attribution.compare`` decide by these weights."""
    scoring.weights = lambda: found


def cross_validated(
    pairs: Sequence[Pair], given: Sequence[Example], others: Sequence[Example], answers: Answers
) -> list[tuple[Pair, float]]:
    """Print the figures of each part, each topic decided by weights that have not seen it; each pair's likeness, 0 if apart."""
    group = {topic: i % FOLDS for i, topic in enumerate(sorted({e.topic for e in (*given, *others)} | {p.topic for p in pairs}))}
    rated: list[tuple[Pair, float]] = []
    real: list[bool] = []
    names = {r["id"] for r in unlearnt_articles()}
    for k in range(FOLDS):
        use(fitted([e for e in (*given, *others) if group[e.topic] != k], answers))
        rated += [(p, likeness(p)) for p in pairs if group[p.topic] == k]
        real += [together(e, answers) for e in others if e.topic in names and group[e.topic] == k]
    print(f"cross-validated by article: {np.mean(real):.3f} of {len(real)} different claims of one speaker put together", flush=True)
    for split in sorted({p.split for p in pairs}):
        print("cross-validated by topic:", split, _shares([(p.same, v > 0) for p, v in rated if p.split == split]), flush=True)
    print("cross-validated by topic: all", _shares([(p.same, v > 0) for p, v in rated]), flush=True)
    return rated


def together(e: Example, answers: Answers) -> bool:
    """True if the weights in use put two units into one row."""
    answer = scoring.scaled(answers[e.texts]) if e.texts else 0.0
    return scoring.judged(e.seen, answer, near=e.near) >= scoring.SURE


def likeness(pair: Pair) -> float:
    """The greatest likeness that ``compare`` gives two versions of a row, however small; 0 where there is none."""
    rows = compare([pair.a.article, pair.b.article]).shared
    return max((min(v.likeness for v in row.versions) for row in rows), default=0.0)


def _shares(decided: Sequence[tuple[bool, bool]]) -> str:
    right = sum(same and found for same, found in decided)
    return f"{right / max(sum(found for _, found in decided), 1):.3f} / {right / sum(same for same, _ in decided):.3f};"


def _named(values: Sequence[float]) -> dict[str, float]:
    return {name: round(w, 4) for name, w in zip(scoring.SEEN, values, strict=True)}


def main() -> None:
    """Tune, fit, report, write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("network", type=Path)
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "en")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--keep-network", action="store_true", help="the model file has the tuned cross-encoder: fit the scorer alone")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--answers", type=Path, help="what networks say of topics that they have not learnt: kept, and read if it is there")
    options = parser.parse_args()
    torch.set_num_threads(2)
    pairs = [*(p for p in read_pairs() if p.split != BLIND), *version_pairs()]
    given, others = examples(pairs) + parts(), apart([p for p in pairs if p.split != VERSIONS]) + articles_apart()
    print(len(given), "pairs of one claim or not reach the scorer,", len(others), "more of different claims", flush=True)
    tuner = Tuner(options.network, options.model)
    if options.answers and options.answers.is_file():
        answers = {(a, b): value for a, b, value in json.loads(options.answers.read_text(encoding="utf-8"))}
    else:
        answers = tuner.unlearnt(pairs, [*given, *others])
    if options.answers:
        options.answers.write_text(json.dumps([(*pair, value) for pair, value in answers.items()]), encoding="utf-8")
    remember(answers)
    rated = cross_validated(pairs, given, others, answers)
    found = fitted([*given, *others], answers)
    if options.errors:
        for p, value in rated:
            if (value > 0) != p.same:
                print(p.split, p.kind, "|", p.a.text, "|", p.b.text, f"| {value:.2f}")
    if options.write:
        values, bias = found
        TARGET.write_text(json.dumps({"bias": round(bias, 4), "weights": _named(values)}, indent=1) + "\n", encoding="utf-8")
        if not options.keep_network:
            tuner.write(tuner.tuned(pairs))


if __name__ == "__main__":
    main()
