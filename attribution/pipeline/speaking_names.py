"""Names that speak: what the sources of claims say of the names in them.

The head that tells the kind of a claim's source reads the whole sentence; the name tagger sees a word at a time and
takes many a company of one word ("Varde") for a person, or does not see it. A name that is a source by itself gets
the kind that its claims agree on, wherever it stands in the article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from attribution.lexicon import noun_kinds
from attribution.pipeline.labels import KINDS
from attribution.pipeline.mentions import POSSESSIVE, PRONOUNS, Name, bare, is_title, speaking_place, words
from attribution.pipeline.name_edges import WHERE_FROM
from attribution.pipeline.relations import Relation

_LABEL = {"person": "PERSON", "organization": "ORG"}
_SURE = 0.6  # mean probability from which a kind is believed against the name tagger
_NAME = re.compile(r"[A-ZÀ-Þ][\w&.'’/-]*(?:\s(?:of|the|de|du|da|al|von|van|bin|&|[A-ZÀ-Þ][\w&.'’/-]*))*")


def with_speaking_names(text: str, found: Sequence[Name], claims: Sequence[Relation]) -> list[Name]:
    """The names of an article, with those that its claims' sources consist of labelled as their claims say.

    Args:
        text: the article's text.
        found: its names, in order, as the name tagger has them.
        claims: its claims, with the kind head's probabilities (all alike where nothing is known).

    """
    said = _kinds_said(text, claims)
    full = {tuple(w) for n in found if n.label == "PERSON" and len(w := _words(text, n.start, n.end)) > 1}
    new: list[Name] = []
    for surface, share in said.items():
        label = _LABEL.get(KINDS[int(share.argmax())])
        if label is None or share.max() < _SURE or _belongs(surface, full) or speaking_place(surface):
            continue
        for m in re.finditer(rf"(?<!\w){re.escape(surface)}(?!\w)", text):
            new.append(Name(m.start(), m.end(), label))
    return _merged(found, new)


def _kinds_said(text: str, claims: Sequence[Relation]) -> dict[str, npt.NDArray[np.float64]]:
    """Each name that is a whole source → the mean probability of each kind over its claims."""
    votes: dict[str, list[npt.NDArray[np.float64]]] = {}
    for c in claims:
        if len(c.source) != 1 or c.kind.max() <= c.kind.min():
            continue
        start, end = c.source[0]
        surface = POSSESSIVE.sub("", re.sub(rf"^(?:[Tt]he\s)?(?:{WHERE_FROM.pattern}\s)?", "", text[start:end]))
        parts = words(surface)
        if not _NAME.fullmatch(surface) or not parts or len(parts) > 6 or any(_is_common(w) for w in parts):
            continue
        votes.setdefault(surface, []).append(c.kind.astype(np.float64))
    return {surface: np.mean(v, axis=0) for surface, v in votes.items()}


def _is_common(word: str) -> bool:
    w = bare(word)
    return w in PRONOUNS or w in noun_kinds() or is_title(word)


def _belongs(surface: str, full: set[tuple[str, ...]]) -> bool:
    """True for a part of the full name of somebody in the article."""
    key = tuple(bare(w) for w in words(surface))
    return any(key == k or (len(key) == 1 and key[0] in k) for k in full)


def _words(text: str, start: int, end: int) -> list[str]:
    return [bare(w) for w in words(text[start:end])]


def _merged(found: Sequence[Name], new: Sequence[Name]) -> list[Name]:
    """Names found, where new ones take the place of those of another label that they cover."""
    out = list(found)
    for n in new:
        over = [o for o in out if o.start < n.end and n.start < o.end]
        if any(o.label == n.label or o.end - o.start > n.end - n.start for o in over):
            continue
        out = [o for o in out if o not in over]
        out.append(n)
    return sorted(out, key=lambda n: n.start)
