"""How much an exported file's answers differ from PyTorch's, from which it was made.

Both are asked about the same windows: PyTorch with the weights as trained, onnxruntime with weights of eight bits,
products in whole numbers and fused attention. Differences are of probabilities (0 to 1) and of decisions (which label is likeliest).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from attribution.errors import ModelError
from attribution.pipeline.encoder import pad, piece, windows
from attribution.pipeline.network import Network
from attribution.pipeline.reader import Reader, lay_out

TOLERANCE = {"mean": 0.01, "decisions": 0.02}  # mean difference of probabilities; share of other decisions
_THRESHOLD = 0.2
_TIED = 0.02
_EVERYWHERE = ("anchor", "names", "parts", "starts")
_AT_ANCHORS = ("roles", "act", "kind", "addressee")


def differences(reader: Reader, original: Network, texts: Sequence[str]) -> dict[str, dict[str, float]]:
    """For each head the mean and the largest difference of probabilities, and the share of decisions that differ.

    Args:
        reader: with the exported file.
        original: the network that it was made from.
        texts: what both read.

    """
    gathered: dict[str, list[tuple[npt.NDArray[Any], npt.NDArray[Any]]]] = {h: [] for h in _EVERYWHERE + _AT_ANCHORS}
    for text in texts:
        paragraphs, marked = lay_out(text)
        pieces = piece(text, reader.tokenizer, paragraphs, marked, convention=reader.settings.convention_of(text))
        for window in windows(pieces):
            batch = pad([(pieces, window)])
            ours, theirs = reader.network(*batch, _THRESHOLD), original(*batch, _THRESHOLD)
            for head in _EVERYWHERE:
                gathered[head].append((getattr(ours, head)[0], getattr(theirs, head)[0]))
            both = np.intersect1d(ours.where[:, 1], theirs.where[:, 1])
            a, b = (np.flatnonzero(np.isin(o.where[:, 1], both)) for o in (ours, theirs))
            for head in _AT_ANCHORS:
                gathered[head].append((getattr(ours, head)[a], getattr(theirs, head)[b]))
    return {head: _difference(pairs) for head, pairs in gathered.items()}


def within_tolerance(found: dict[str, dict[str, float]]) -> None:
    """Raise a ``ModelError`` if a head differs by more than ``TOLERANCE``."""
    for head, values in found.items():
        for what, most in TOLERANCE.items():
            if values[what] > most:
                raise ModelError(f"exported head {head}: {what} differs by {values[what]:.4f}, more than {most}")


def _difference(pairs: Sequence[tuple[npt.NDArray[Any], npt.NDArray[Any]]]) -> dict[str, float]:
    a, b = (np.concatenate([p[i].reshape(-1, p[i].shape[-1]) for p in pairs]) for i in (0, 1))
    if not len(a):
        return {"mean": 0.0, "largest": 0.0, "decisions": 0.0}
    a, b = _softmax(a), _softmax(b)
    apart = np.abs(a - b).max(-1)
    # Labels that are as good as tied (the CRF tells them apart, from what is around) are no decision.
    lead = np.sort(b, -1)
    other = (a.argmax(-1) != b.argmax(-1)) & (lead[:, -1] - lead[:, -2] > _TIED)
    return {
        "mean": round(float(apart.mean()), 5), "largest": round(float(apart.max()), 4),
        "decisions": round(float(other.mean()), 5),
    }  # fmt: skip


def _softmax(x: npt.NDArray[Any]) -> npt.NDArray[Any]:
    y = np.exp(x - x.max(-1, keepdims=True))
    return np.asarray(y / y.sum(-1, keepdims=True))
