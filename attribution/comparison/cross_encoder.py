"""Two claims read together: whether they say the same, as a transformer has it that sees the words of both at once.

A cross-encoder (Nogueira and Cho 2019) of the shipped encoder's size, learnt by ``attribution.training.cross_encoder`` from
groups of claims that say the same, nearly the same and something else. It sees what vectors of single claims do not: which
word stands against which. It costs more than all else that is looked at: claims are read many pairs at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from attribution.comparison.meaning import opened

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from attribution.pipeline.network import IntArray

LONGEST = 100  # word pieces of one claim that are read
SECOND = 2  # the mark of the second claim; 1 more for a piece that the other has, too
MARKS = 2 * SECOND
_BUDGET = 4000  # padded pieces of one forward pass
_REMEMBERED, _REMEMBERED_PAIRS = 4096, 100_000
_QUOTES = str.maketrans('“”„"’‘', "    ''")


class Inputs(NamedTuple):
    """Of p pairs: word pieces, their types, which are none (padding), and their marks; (p, longest) each."""

    ids: IntArray
    types: IntArray
    mask: IntArray
    marks: IntArray


class _Claim(NamedTuple):
    ids: IntArray
    types: IntArray


def log_odds(pairs: Sequence[tuple[str, str]]) -> list[float]:
    """The log-odds that two claims say the same, for each pair; which of them is given first changes nothing."""
    asked = [in_order(*pair) for pair in pairs]
    answers = {pair: known for pair in asked if (known := _known.get(pair)) is not None}
    if new := [pair for pair in dict.fromkeys(asked) if pair not in answers]:
        tokenizer, network = opened()
        for batch in batches(new, tokenizer):
            chosen = [new[i] for i in batch]
            found = network.pairs(*feed(chosen, tokenizer))
            # what is read beside a pair turns the last digits of a float
            answers |= zip(chosen, (round(float(x), 3) for x in found), strict=True)
        if len(_known) + len(new) > _REMEMBERED_PAIRS:
            forget()
        _known.update(answers)
    return [answers[pair] for pair in asked]


_known: dict[tuple[str, str], float] = {}


def forget() -> None:
    """Drop what was read: a row asks again for what its group was made by, nothing else does."""
    _known.clear()


def in_order(one: str, other: str) -> tuple[str, str]:
    """The longer one first."""
    return (one, other) if (len(one), one) >= (len(other), other) else (other, one)


def feed(pairs: Sequence[tuple[str, str]], tokenizer: Tokenizer) -> Inputs:
    """What the network reads of some pairs of claims: [CLS] one [SEP] other [SEP]."""
    from attribution.pipeline.encoder import CLS, SEP

    sides = [(_claim(a, tokenizer), _claim(b, tokenizer)) for a, b in pairs]
    shape = len(pairs), max(len(a.ids) + len(b.ids) for a, b in sides) + 3
    ids, types, mask, marks = (np.zeros(shape, dtype=np.int64) for _ in range(4))
    for row, (a, b) in enumerate(sides):
        end, last = len(a.ids) + 1, len(a.ids) + len(b.ids) + 2
        ids[row, 0], ids[row, [end, last]], marks[row, last], mask[row, : last + 1] = CLS, SEP, SECOND, 1
        for at, own, other, mark in ((slice(1, end), a, b, 0), (slice(end + 1, last), b, a, SECOND)):
            ids[row, at], types[row, at], marks[row, at] = own.ids, own.types, mark + np.isin(own.ids, other.ids)
    return Inputs(ids, types, mask, marks)


def batches(pairs: Sequence[tuple[str, str]], tokenizer: Tokenizer, *, budget: int = _BUDGET) -> Iterator[list[int]]:
    """Indices of pairs of like length, each batch within ``budget`` padded pieces."""
    from attribution.pipeline.encoder import of_like_length

    return of_like_length([sum(len(_claim(side, tokenizer).ids) for side in pair) + 3 for pair in pairs], budget=budget)


@lru_cache(maxsize=_REMEMBERED)
def _claim(text: str, tokenizer: Tokenizer) -> _Claim:
    """The pieces of a claim without its quotation marks: which form it has says nothing about what it says."""
    from attribution.pipeline.encoder import piece
    from attribution.pipeline.segmentation import Range

    bare = text.translate(_QUOTES).strip(" '")
    pieces = piece(bare, tokenizer, [Range(0, len(bare))], [])
    return _Claim(pieces.ids[:LONGEST], pieces.types[:LONGEST])
