"""What is read in each epoch: our own articles, the corpus of claims, names; drawn, varied and grouped into batches."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from attribution.pipeline.encoder import CONVENTIONS
from attribution.training.augmentation import augmented
from attribution.training.corpora import (
    Article,
    NamedText,
    cue_words,
    packed_names,
    read_articles,
    read_corrected,
    read_names,
)
from attribution.training.examples import Example, claim_examples, name_examples
from attribution.training.layout import excerpts
from attribution.training.network import ANNOTATORS

Config = dict[str, Any]


class Corpus:
    """Everything that is trained on, read once; ``epoch(n)`` draws the examples of an epoch."""

    def __init__(
        self, config: Config, data: Path, beside: Path, tokenizer: Tokenizer, gold: Sequence[Path] = ()
    ) -> None:
        d = config["data"]
        self.config, self.tokenizer, self.seed = config, tokenizer, int(config["seed"])
        self.articles: list[Article] = read_articles(data / d["claims"]) if d["claims"] else []
        self.versions = _by_text(read_articles(data / d["versions"])) if d["versions"] else {}
        marked = Counter(a.annotator for a in self.articles if a.annotator)
        self.annotators = sorted(name for name, _ in marked.most_common(ANNOTATORS - 1))
        self.own = [read_articles(beside / part["folder"]) for part in d["own"]]
        self.own[0] += read_corrected(gold)
        self.labelled = read_corrected([data / d["labelled"]]) if d.get("labelled") else []
        self.auxiliary = [read_articles(data / part["file"]) for part in d.get("auxiliary", [])]
        self.words = cue_words([*self.articles, *self.own[0]])
        self.names: list[list[NamedText]] = [read_names(data / d[k]) for k in ("names_gold", "names_silver")]
        self.forenames = _column(data / d["forenames"])
        self.surnames = _column(data / d["surnames"])

    def epoch(self, n: int) -> list[list[Example]]:
        """Batches of examples, those with names and those with claims mixed, in an order set by seed and epoch."""
        rng = random.Random(self.seed * 1000 + n)
        d = self.config["data"]
        claims: list[Example] = []
        for article, passes in self._drawn(n):
            for k in range(passes):
                # Of an article that several people marked, each pass reads somebody else's marks.
                several = self.versions.get(article.text)
                marked = rng.choice(several) if several else article
                variant = augmented(marked, rng, forenames=self.forenames, surnames=self.surnames)
                claims.extend(claim_examples(variant, self.tokenizer, self.words))
                if k == 0:
                    for short in excerpts(variant, int(d["excerpts"][n]), rng):
                        claims.extend(claim_examples(short, self.tokenizer, self.words))
        names: list[Example] = []
        for records, words in zip(self.names, d["names_words"], strict=True):
            for packed in packed_names(records, int(words * d["names_share"][n]), rng):
                names.extend(name_examples(packed, self.tokenizer, rng.choice(CONVENTIONS)))
        budget = int(self.config["optimisation"]["pieces_per_step"])
        out = [*_grouped(claims, budget, rng), *_grouped(names, budget, rng)]
        rng.shuffle(out)
        return out

    def _drawn(self, n: int) -> Iterator[tuple[Article, int]]:
        """Each article of an epoch and how often it is read."""
        d = self.config["data"]
        for articles, shares in ((self.articles, "claims_share"), (self.labelled, "labelled_share")):
            share = float(d[shares][n]) if articles else 1.0
            drawn = articles if share == 1 else random.Random(n).sample(articles, int(share * len(articles)))
            yield from ((a, 1) for a in drawn)
        for articles, part in zip([*self.own, *self.auxiliary], [*d["own"], *d.get("auxiliary", [])], strict=True):
            passes = int(part["repeat"][n])
            yield from ((a, passes) for a in articles if passes)


def _by_text(articles: list[Article]) -> dict[str, list[Article]]:
    found: dict[str, list[Article]] = {}
    for a in articles:
        found.setdefault(a.text, []).append(a)
    return found


def _column(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as file:
        names = [line.split("\t")[0].strip().title() for line in file]
    return [n for n in names if n.isalpha()]


def _grouped(examples: list[Example], budget: int, rng: random.Random) -> Iterator[list[Example]]:
    rng.shuffle(examples)
    examples.sort(key=lambda e: (e.window.end - e.window.start) // 24)
    group: list[Example] = []
    for e in examples:
        size = max(x.window.end - x.window.start for x in [*group, e]) + 2
        if group and size * (len(group) + 1) > budget:
            yield group
            group = []
        group.append(e)
    if group:
        yield group
