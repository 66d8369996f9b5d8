"""Words as vectors, sentences as their weighted mean: what two sentences share beyond their words.

The table (``data/words.npz``, made by ``benchmarks/word_vectors.py``) holds 18,000 common words in order of frequency,
64 dimensions each. A word weighs more the rarer it is; one that is not in the table weighs most and has no vector.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO
from math import log
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from attribution.comparison.words import Word

Vector = npt.NDArray[np.float32]


@cache
def _table() -> tuple[dict[str, int], npt.NDArray[np.float32]]:
    """Word → row, and the vectors, of length 1."""
    with np.load(BytesIO(files(__package__).joinpath("data/words.npz").read_bytes()), allow_pickle=False) as data:
        words = data["words"].tobytes().decode("ascii").split("\n")
        vectors = data["vectors"].astype(np.float32)
    lengths = np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
    return {w: i for i, w in enumerate(words)}, vectors / np.maximum(lengths, 1e-6)


def weight(word: str) -> float:
    """How much a word tells, from 0.1 for the commonest to 1.1 for one that is not in the table."""
    rank = _table()[0].get(word)
    return 1.1 if rank is None else 0.1 + 0.9 * log(1 + rank) / log(18_000)


def vector(word: str) -> Vector | None:
    """The vector of a word, shape (64,) and of length 1; None for an unknown one."""
    rows, vectors = _table()
    row = rows.get(word)
    return None if row is None else vectors[row]


def weight_of(word: Word) -> float:
    """The weight of a word in its sentence: of a phrase that of its sense."""
    return weight(word.sense if word.phrase else word.norm)


def vector_of(word: Word) -> Vector | None:
    """The vector of a word in its sentence: of a phrase that of its sense."""
    return vector(word.sense if word.phrase else word.norm)


def sentence_vector(words: Sequence[Word]) -> Vector:
    """The mean of the content words' vectors by weight, shape (64,), of length 1, or 0 if none is known."""
    total = np.zeros(64, dtype=np.float32)
    for w in words:
        known = vector_of(w) if w.content else None
        if known is not None:
            total += np.float32(weight_of(w)) * known
    length = float(np.sqrt((total * total).sum()))
    return total / np.float32(length) if length else total
