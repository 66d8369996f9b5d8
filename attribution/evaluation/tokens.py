"""Tokens as spaCy's users see them: ``token.pos_``, ``token.lemma_``, ``doc.sents`` and ``doc.ents`` against treebanks and names.

What is scored is the tokens of the pipeline's own tokenizer. spaCy's ``Example`` aligns them with a treebank's words and its
``Scorer`` scores them, so that the figures compare with those of spaCy's own pipelines: a word that the tokenizer cuts
otherwise counts as wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from spacy.language import Language
from spacy.scorer import PRFScore, Scorer
from spacy.tokens import Doc
from spacy.training import Example
from spacy.vocab import Vocab

from attribution.evaluation.conllu import Tree
from attribution.pipeline.lemmas import lemma, places


@dataclass(frozen=True, slots=True)
class TokenScores:
    """Of a treebank: accuracies of ``pos`` and ``lemma``, F1 of whole ``sents``; of sentence beginnings ``begins_p`` and
    ``begins_r`` (precision, recall). ``lemma_of_gold`` is the accuracy of lemmas given the treebank's words and parts.
    """

    words: int
    sentences: int
    pos: float
    lemma: float
    lemma_of_gold: float
    sents: float
    begins_p: float
    begins_r: float


@dataclass(frozen=True, slots=True)
class EntityScores:
    """Of texts with names: F1 of exact spans with their labels, of ``all`` and ``by_label``."""

    texts: int
    entities: int
    all: float
    by_label: dict[str, float]


def score_tokens(nlp: Language, trees: Sequence[Tree]) -> TokenScores:
    """Parts of speech, lemmas and sentences of a pipeline against a treebank.

    Args:
        nlp: any English pipeline that sets them.
        trees: from ``read_trees``.

    """
    examples = [
        Example(found, reference(nlp.vocab, tree))
        for tree, found in zip(trees, nlp.pipe(tree.text for tree in trees), strict=True)
    ]
    pos = Scorer.score_token_attr(examples, "pos")["pos_acc"]
    lemmas = Scorer.score_token_attr(examples, "lemma")["lemma_acc"]
    sents = Scorer.score_spans(examples, "sents")["sents_f"]
    begins = PRFScore()
    for example, tree in zip(examples, trees, strict=True):
        begins.score_set({s.start_char for s in example.predicted.sents}, set(tree.starts))
    return TokenScores(
        words=sum(len(tree.words) for tree in trees), sentences=sum(len(tree.starts) for tree in trees),
        pos=float(pos), lemma=float(lemmas), lemma_of_gold=lemma_accuracy(trees), sents=float(sents),
        begins_p=begins.precision, begins_r=begins.recall,
    )  # fmt: skip


def lemma_accuracy(trees: Iterable[Tree]) -> float:
    """The share of words whose lemma is right, given their gold parts of speech."""
    right = count = 0
    for words in (s for tree in trees for s in tree.sentences()):
        for i, (word, place) in enumerate(zip(words, places([w.form for w in words]), strict=True)):
            if word.lemma:
                after, part_after = (words[i + 1].form, words[i + 1].part) if i + 1 < len(words) else ("", "")
                found = lemma(word.form, word.part, place=place, after=after, part_after=part_after)
                right += found == word.lemma
                count += 1
    return right / count if count else 0.0


def reference(vocab: Vocab, tree: Tree) -> Doc:
    """A treebank's document as a ``Doc`` of its words; line ends are tokens, as spaCy has them, of which nothing is known."""
    rows = list(_rows(tree))
    return Doc(
        vocab, words=[r[0] for r in rows], spaces=[r[1] for r in rows], pos=[r[2] for r in rows],
        lemmas=[r[3] for r in rows], sent_starts=[r[4] for r in rows],
    )  # fmt: skip


def _rows(tree: Tree) -> Iterator[tuple[str, bool, str, str, bool]]:
    """Form, whether a blank follows, part, lemma, whether a sentence begins."""
    starts = set(tree.starts)
    for i, word in enumerate(tree.words):
        gap = tree.text[word.end : tree.words[i + 1].start] if i + 1 < len(tree.words) else ""
        yield word.form, gap == " ", word.part, word.lemma, word.start in starts
        if gap.strip(" "):
            yield gap, False, "", "", False


def score_entities(nlp: Language, records: Sequence[dict[str, Any]]) -> EntityScores:
    """Entities of a pipeline against texts with names.

    Args:
        nlp: any pipeline that sets ``doc.ents``.
        records: {"text", "entities": [[start, end, label], …], "labels_covered": […]}, offsets in code points; of each
            text only those labels count that are covered there and that the pipeline has.

    """
    docs = list(nlp.pipe(record["text"] for record in records))
    known = {e.label_ for doc in docs for e in doc.ents}
    total = PRFScore()
    by_label = {label: PRFScore() for label in sorted(known)}
    count = 0
    for doc, record in zip(docs, records, strict=True):
        for label in sorted(known.intersection(record["labels_covered"])):
            found = {(e.start_char, e.end_char, label) for e in doc.ents if e.label_ == label}
            gold = {(start, end, label) for start, end, x in record["entities"] if x == label}
            count += len(gold)
            total.score_set(found, gold)
            by_label[label].score_set(found, gold)
    return EntityScores(len(records), count, total.fscore, {label: s.fscore for label, s in by_label.items()})
