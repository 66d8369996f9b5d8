"""The scorer of ``attribution.compare``: a sum of small decision trees, made by ``benchmarks/fit_comparison.py``.

``data/scorer.npz`` holds complete trees of one depth d, row by row: which value each of the 2^d - 1 inner nodes looks at
(``values``) and the most with which it goes left (``most``), and what each of the 2^d leaves adds (``leaves``).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO
from math import exp
from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class Trees(NamedTuple):
    """Trees and the score before the first; shapes (trees, nodes), (trees, nodes), (trees, leaves)."""

    values: npt.NDArray[np.int64]
    most: npt.NDArray[np.float32]
    leaves: npt.NDArray[np.float64]
    start: float


@cache
def shipped() -> Trees:
    """The trees of ``data/scorer.npz``."""
    with np.load(BytesIO(files(__package__).joinpath("data/scorer.npz").read_bytes()), allow_pickle=False) as data:
        leaves = data["leaves"].astype(np.float64)
        return Trees(data["values"].astype(np.int64), data["most"], leaves, float(data["start"]))


def probability(values: Sequence[float]) -> float:
    """The probability that two units are the same claim, from what is seen of them."""
    trees = shipped()
    given = np.asarray(values, dtype=np.float32)
    rows = np.arange(len(trees.leaves))
    at = np.zeros(len(rows), dtype=np.int64)
    while at[0] < trees.values.shape[1]:  # all trees are of one depth
        at = 2 * at + 1 + (given[trees.values[rows, at]] > trees.most[rows, at])
    score = trees.start + float(trees.leaves[rows, at - trees.values.shape[1]].sum())
    return 1 / (1 + exp(-max(min(score, 30.0), -30.0)))
