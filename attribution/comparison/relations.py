"""What WordNet knows of two words: that they mean alike, that the one is a kind of the other, that they are opposites.

``data/relations.npz`` is made of WordNet 3.0 by ``benchmarks/word_relations.py``; its notice is ``data/relations.txt``.
A meaning counts the less the rarer the word has it, so what two words share only in remote meanings is worth little.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import NamedTuple

import numpy as np

_RARER = 0.9  # a meaning for the one before it
_MADE = 0.95  # a noun for its verb
_KIND = 0.75  # a kind for what it is a kind of
_SIBLING = 0.6


class Relation(NamedTuple):
    """How near two words are, each 0 to 1: ``like`` in meaning, ``kind`` of the other, ``sibling`` kinds of one, ``opposite``."""

    like: float = 0.0
    kind: float = 0.0
    sibling: float = 0.0
    opposite: float = 0.0


class _Table(NamedTuple):
    words: dict[str, list[tuple[int, int]]]  # meaning and rank
    kinds: dict[int, list[int]]
    opposites: dict[int, list[int]]
    made: dict[int, list[int]]


@cache
def _table() -> _Table:
    with np.load(BytesIO(files(__package__).joinpath("data/relations.npz").read_bytes()), allow_pickle=False) as data:
        names = data["words"].tobytes().decode("ascii").split("\n")
        pairs = list(zip(data["meanings"].tolist(), data["ranks"].tolist(), strict=True))
        ends = np.cumsum(data["sizes"], dtype=np.int64).tolist()
        links = [_links(data[name].tolist()) for name in ("kinds", "opposites", "made")]
    starts = [0, *ends[:-1]]
    return _Table({n: pairs[s:e] for n, s, e in zip(names, starts, ends, strict=True)}, *links)


def _links(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for one, other in pairs:
        found.setdefault(one, []).append(other)
    return found


def known(base: str) -> bool:
    """True for a base form or "_"-joined phrase that has meanings here."""
    return base in _table().words


@cache
def _meanings(base: str) -> dict[int, float]:
    """The meanings of a base form, and those of the words it is made of or that are made of it, by how common they are."""
    table = _table()
    found: dict[int, float] = {}
    for meaning, rank in table.words.get(base, ()):
        share = _RARER**rank
        found[meaning] = max(found.get(meaning, 0.0), share)
        for other in table.made.get(meaning, ()):
            found[other] = max(found.get(other, 0.0), share * _MADE)
    return found


@cache
def _above(base: str) -> dict[int, float]:
    """What the meanings of a base form are kinds of."""
    table = _table()
    found: dict[int, float] = {}
    for meaning, share in _meanings(base).items():
        for kind in table.kinds.get(meaning, ()):
            found[kind] = max(found.get(kind, 0.0), share)
    return found


@cache
def _against(base: str) -> dict[int, float]:
    """The opposites of the meanings of a base form, and of what they are kinds of."""
    table = _table()
    found: dict[int, float] = {}
    for meanings, worth in ((_meanings(base), 1.0), (_above(base), _KIND)):
        for meaning, share in meanings.items():
            for other in table.opposites.get(meaning, ()):
                found[other] = max(found.get(other, 0.0), share * worth)
    return found


def _met(one: dict[int, float], other: dict[int, float]) -> float:
    if len(one) > len(other):
        one, other = other, one
    return max((share * other[m] for m, share in one.items() if m in other), default=0.0)


@cache
def related(a: str, b: str) -> Relation:
    """The relation of two base forms or "_"-joined phrases; all 0 for unknown ones."""
    if a > b:
        return related(b, a)
    mine, yours = _meanings(a), _meanings(b)
    if not mine or not yours:
        return Relation()
    above_a, above_b = _above(a), _above(b)
    return Relation(
        like=_met(mine, yours),
        kind=_KIND * max(_met(above_a, yours), _met(mine, above_b)),
        sibling=_SIBLING * _met(above_a, above_b),
        opposite=max(
            _met(_against(a), yours),
            _met(mine, _against(b)),
            _KIND * max(_met(_against(a), above_b), _met(above_a, _against(b))),
        ),
    )
