"""The words of meaning of two claims, each of the one laid against each of the other: same, alike, opposite.

A verb and its particle are looked up together ("turned the offer down"); the likeness is that of WordNet (``relations.py``),
of the tables of senses, and of the words' vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from attribution.comparison.relations import Relation, known, related
from attribution.comparison.senses import all_senses
from attribution.comparison.units import Unit
from attribution.comparison.vectors import vector_of, weight_of
from attribution.comparison.words import Word

Table = npt.NDArray[np.float64]
_PARTICLES = frozenset(
    "up down off out away back on over in into for with against through apart aside along to by of after".split()
)
_REACH = 3  # words between a verb and the end of its particle
_OF_A_KIND = 0.95


class Term(NamedTuple):
    """A word of meaning: its place among the claim's words, under what it is looked up, and its senses."""

    at: int
    word: Word
    entries: tuple[str, ...]
    senses: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two claims, the shorter one first: tables of shape (terms of short, terms of long), each value 0 to 1.

    ``same``: one word or sense; ``known``: alike by WordNet, too; ``vectors``: likeness of vectors; ``near``: the
    greatest of these. ``sibling`` and ``opposite`` are those of ``relations.Relation``. Weights tell how much a word counts.
    """

    short: Unit
    long: Unit
    terms: tuple[tuple[Term, ...], tuple[Term, ...]]
    weights: tuple[Table, Table]
    same: Table
    known: Table
    vectors: Table
    near: Table
    sibling: Table
    opposite: Table


def pairing(a: Unit, b: Unit) -> Pairing:
    """The pairing of two claims; which of them is given first changes nothing."""
    short, long = sorted((a, b), key=lambda u: (sum(u.lemmas.values()), u.norms))
    terms = _terms(short.words), _terms(long.words)
    shape = len(terms[0]), len(terms[1])
    relations = np.zeros((4, *shape))
    same = np.zeros(shape)
    for i, x in enumerate(terms[0]):
        for j, y in enumerate(terms[1]):
            if x.senses & y.senses:
                same[i, j] = 1.0
            else:
                relations[:, i, j] = _relation(x, y)
    like, kind, sibling, opposite = relations
    vectors = np.maximum(_cosines(*terms), same)
    alike = np.maximum(like, same)
    found = np.maximum(alike, kind * _OF_A_KIND)
    return Pairing(
        short, long, terms, (_weights(terms[0]), _weights(terms[1])), same, found, vectors,
        np.maximum(found, vectors), sibling, np.where(alike < _LIKE, opposite, 0.0),
    )  # fmt: skip


_LIKE = 0.7  # words that mean alike so much are no opposites


def _terms(words: Sequence[Word]) -> tuple[Term, ...]:
    return tuple(_term(words, i) for i, w in enumerate(words) if w.content)


def _term(words: Sequence[Word], i: int) -> Term:
    word = words[i]
    if not word.norm[:1].isalpha():
        return Term(i, word, (), frozenset([word.norm]))
    behind = (f"{word.lemma}_{w.norm}" for w in words[i + 1 : i + 1 + _REACH] if w.norm in _PARTICLES)
    phrase = next((p for p in behind if known(p)), None)
    entries = dict.fromkeys(e for e in (phrase, word.lemma, word.sense) if e)
    senses = (word.sense,) if word.phrase else all_senses(word.lemma)
    return Term(i, word, tuple(entries), frozenset((*senses, word.lemma)))


def _relation(x: Term, y: Term) -> Relation:
    """The greatest of each kind, over all under which the two are looked up."""
    found = [related(one, other) for one in x.entries for other in y.entries]
    return Relation(*(max(values) for values in zip(*found, strict=True))) if found else Relation()


def _cosines(one: Sequence[Term], other: Sequence[Term]) -> Table:
    nothing = np.zeros(64, dtype=np.float32)
    a, b = (
        np.array([nothing if (v := vector_of(t.word)) is None else v for t in side]).reshape(-1, 64)
        for side in (one, other)
    )
    return np.asarray(np.maximum(a @ b.T, 0.0), dtype=np.float64)


def _weights(terms: Sequence[Term]) -> Table:
    return np.array([weight_of(t.word) for t in terms])
