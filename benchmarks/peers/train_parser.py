"""Train the parser that the peers are given, because their usual models are downloads.

    python benchmarks/peers/train_parser.py UD_FOLDER parser --steps 4000

UD_FOLDER holds English Universal Dependencies as ``*-train.conllu`` and ``*-dev.conllu`` (EWT and GUM). textacy and
SaysWho expect the labels of spaCy's own English models (ClearNLP), so the trees are rewritten before training: passive
subjects and auxiliaries, objects, negation; and names, whose head is the first word there and the last one here.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import spacy
from spacy.cli.train import train
from spacy.tokens import Doc, DocBin

_LABELS = {
    "nsubj:pass": "nsubjpass", "nsubj:outer": "nsubj", "csubj:pass": "csubjpass", "csubj:outer": "csubj",
    "aux:pass": "auxpass", "obj": "dobj", "iobj": "dative", "root": "ROOT", "case": "prep", "acl:relcl": "relcl",
    "compound:prt": "prt", "cc:preconj": "preconj", "nmod:poss": "poss", "obl:agent": "agent", "fixed": "prep",
}  # fmt: skip
_SENTENCES = 10  # to a Doc, so that the parser sees sentences end


@dataclass(slots=True)
class Word:
    """A word of a tree; ``head`` is the index in the sentence of its head, its own index for the root."""

    form: str
    lemma: str
    part: str
    head: int
    label: str
    space: bool


def sentences(path: Path) -> Iterator[list[Word]]:
    """The trees of a CoNLL-U file, with spaces as in the text, rewritten."""
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        rows = [line.split("\t") for line in block.split("\n") if not line.startswith("#")]
        joined = {int(r[0].split("-")[1]): "SpaceAfter=No" not in r[9] for r in rows if "-" in r[0]}
        inside = {i for r in rows if "-" in r[0] for i in range(*map(int, r[0].split("-")))}
        found = []
        for r in rows:
            if r[0].isdigit():
                n = int(r[0])
                space = False if n in inside else joined.get(n, "SpaceAfter=No" not in r[9])
                head = n - 1 if r[6] == "0" else int(r[6]) - 1
                found.append(Word(r[1], r[2] if r[2] != "_" else r[1], r[3], head, r[7], space))
        yield rewritten(found)


def rewritten(words: list[Word]) -> list[Word]:
    """A tree with the labels and name heads of spaCy's English models."""
    for first in range(len(words)):
        rest = [i for i, w in enumerate(words) if w.head == first and w.label.startswith("flat") and i > first]
        if rest:
            _turn(words, first, rest)
    for w in words:
        if w.label == "advmod" and w.lemma.casefold() in ("not", "n't", "never"):
            w.label = "neg"
        w.label = _LABELS.get(w.label, w.label.split(":")[0])
    return words


def _turn(words: list[Word], first: int, rest: list[int]) -> None:
    """Make the last word of a name its head, the others its compounds, and hang what hung on the first on it."""
    last = rest[-1]
    top, label = words[first].head, words[first].label
    for w in words:
        if w.head == first:
            w.head = last
    words[last].head, words[last].label = (last if top == first else top), label
    for i in (first, *rest[:-1]):
        words[i].head, words[i].label = last, "compound"


def docs(path: Path, vocab: spacy.Vocab) -> Iterator[Doc]:
    """Trees as ``Doc``s of a few sentences."""
    trees = sentences(path)
    while group := list(islice(trees, _SENTENCES)):
        words, heads, starts = [], [], []
        for tree in group:
            starts += [True] + [False] * (len(tree) - 1)
            heads += [len(words) + w.head for w in tree]
            words += tree
        yield Doc(
            vocab, words=[w.form for w in words], spaces=[w.space for w in words], pos=[w.part for w in words],
            lemmas=[w.lemma for w in words], heads=heads, deps=[w.label for w in words], sent_starts=starts,
        )  # fmt: skip


def main() -> None:
    """Convert and train."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("ud", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("--steps", type=int, default=4000)
    chosen = options.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    vocab = spacy.blank("en").vocab
    paths = {}
    for part in ("train", "dev"):
        files = sorted(chosen.ud.glob(f"*-{part}.conllu"))
        if not files:
            options.error(f"no *-{part}.conllu in {chosen.ud}")
        paths[f"paths.{part}"] = str(chosen.out / f"{part}.spacy")
        DocBin(docs=(d for f in files for d in docs(f, vocab)), store_user_data=False).to_disk(paths[f"paths.{part}"])
    config = Path(__file__).with_name("parser.cfg")
    train(config, chosen.out, overrides={**paths, "training.max_steps": chosen.steps})


if __name__ == "__main__":
    main()
