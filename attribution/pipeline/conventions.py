"""By whose rules an article's claims are marked.

The network learnt from two sets that were marked by different rules: our own articles by our guide, and PolNeAR (US
politics of 2015-16), whose annotators keep "that" in the content, mark attitudes that nobody voices, and leave claims
inside claims out. It is told which rules it is to follow. Everything is read by the guide, but for articles that look as
if they came from PolNeAR, so that figures on that corpus can be compared with other systems'. A bag of words tells.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from attribution.pipeline.encoder import CONVENTIONS

GUIDE, POLNEAR = CONVENTIONS
AUTO = "auto"
CUT = 0.5  # of dev's 84 articles one lies below it (0.40); of 56 others the highest has 0.41

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Looks:
    """A logistic function of which words a text has: ``weights`` of words and the ``bias``."""

    bias: float
    weights: dict[str, float]

    def probability(self, text: str) -> float:
        """How much a text looks like PolNeAR's, 0 to 1."""
        found = words(text)
        if not found:
            return 0.0
        score = self.bias + sum(self.weights.get(w, 0.0) for w in found) / math.sqrt(len(found))
        return 1 / (1 + math.exp(-score))


def words(text: str) -> set[str]:
    """The different words of a text, in lower case."""
    return {m.group().casefold() for m in _WORD.finditer(text)}


def convention_of(text: str) -> str:
    """The convention that a text is read by: "polnear" where it looks like that corpus, else "guide"."""
    return POLNEAR if shipped().probability(text) > CUT else GUIDE


@cache
def shipped() -> Looks:
    """The weights in ``lexicon/conventions.json``, fitted by ``attribution.training.conventions``."""
    data = json.loads(files("attribution.lexicon").joinpath("conventions.json").read_text(encoding="utf-8"))
    return Looks(float(data["bias"]), {w: float(v) for w, v in data["weights"].items()})
