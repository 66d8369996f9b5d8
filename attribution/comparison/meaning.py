"""What two claims mean, as the encoder of the shipped model has it: sentences and words in their context, layer by layer.

A word list knows that "fund" and "pay for" are near; the encoder has read the whole claim. Its states are read alone, each
claim by itself, so they do not hang on what else is compared. The model is opened on first use: claims in the same words
need none.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from attribution.comparison.units import Unit
from attribution.comparison.vectors import weight_of
from attribution.comparison.words import Word

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from attribution.pipeline.network import OnnxNetwork

Table = npt.NDArray[np.float32]
LAYERS = (0, 1, 2, 3, 4, 5, 6)
KINDS = ("sentence", "covered short", "covered long", "least short", "least long", "lost short", "lost long")
MEANING = tuple(f"{kind} {layer}" for kind in KINDS for layer in LAYERS)
_REMEMBERED = 1024  # claims, of about 100 kB each
_MARKS = str.maketrans(dict.fromkeys('“”„"', " "))


class _States(NamedTuple):
    """Of length 1: ``sentence`` (layers, size), ``words`` (layers, words, size)."""

    sentence: Table
    words: Table


def meaning(a: Unit, b: Unit) -> list[float]:
    """How near the sentences are in each layer; how much of each one's words the other has, the word that it has least,
    and what is lost by the one that counts most: in the order of ``MEANING``.
    """
    short, long = sorted((a, b), key=lambda u: (sum(u.lemmas.values()), u.norms))
    one, other = _states(short), _states(long)
    near = one.words @ other.words.transpose(0, 2, 1)
    best = near.max(axis=2), near.max(axis=1)
    weights = [np.array([weight_of(w) for w in _told(u)], dtype=np.float32) for u in (short, long)]
    found = [
        (one.sentence * other.sentence).sum(axis=1),
        *(b @ w / w.sum() for b, w in zip(best, weights, strict=True)),
        *(b.min(axis=1) for b in best),
        *(((1 - b) * w).max(axis=1) for b, w in zip(best, weights, strict=True)),
    ]
    return [float(value) for values in found for value in values]


def likeness(a: Unit, b: Unit) -> float:
    """How near the sentences are in the last layer, at most 1."""
    return float(np.dot(_states(a).sentence[-1], _states(b).sentence[-1]))


def _told(unit: Unit) -> list[Word]:
    """The words that carry meaning, or all where none does."""
    return [w for w in unit.words if w.content] or list(unit.words)


def _states(unit: Unit) -> _States:
    shifts, at = {}, 0
    for span in unit.spans:
        shifts[span] = at - span.start
        at += span.end - span.start + 1
    places = []
    for w in _told(unit):
        span = next(s for s in unit.spans if s.start <= w.start < s.end)
        places.append((w.start + shifts[span], w.end + shifts[span]))
    return _read(unit.text, tuple(places))


@cache
def opened() -> tuple[Tokenizer, OnnxNetwork]:
    """The shipped model, whichever one the claims were read with: the scorer's weights were fitted to it."""
    from tokenizers import Tokenizer

    from attribution.pipeline.network import OnnxNetwork
    from attribution.pipeline.reader import model_folder

    folder = model_folder()
    return Tokenizer.from_file(str(folder / "tokenizer.json")), OnnxNetwork(folder / "model.onnx")


@lru_cache(maxsize=_REMEMBERED)
def _read(text: str, places: tuple[tuple[int, int], ...]) -> _States:
    """The states of a text and of the words at some places of it (code points, half-open)."""
    from attribution.pipeline.encoder import states

    tokenizer, network = opened()
    pieces, layers = states(text.translate(_MARKS), tokenizer, network, layers=LAYERS)
    inner = layers[:, 1:-1]
    starts, ends = pieces.starts[: inner.shape[1]], pieces.ends[: inner.shape[1]]
    words = np.zeros((len(LAYERS), len(places), layers.shape[2]), dtype=np.float32)
    for n, (start, end) in enumerate(places):
        inside = (starts < end) & (ends > start)
        if inside.any():
            words[:, n] = inner[:, inside].mean(axis=1)
    return _States(_of_length_1(layers.mean(axis=1)), _of_length_1(words))


def _of_length_1(vectors: Table) -> Table:
    lengths = np.sqrt((vectors * vectors).sum(axis=-1, keepdims=True))
    return np.asarray(vectors / np.maximum(lengths, 1e-6), dtype=np.float32)
