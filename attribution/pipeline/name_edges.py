"""Edges of people's names: words before a name that a capital made look like part of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attribution.lexicon import forename_genders, noun_kinds, titles, world_forenames
from attribution.pipeline.mentions import Name, bare
from attribution.pipeline.segmentation import Range

_WORD = re.compile(r"\S+")
_INITIALS = re.compile(r"(?:[A-Z]\.?){1,2}$|(?:[A-Z]\.)+$")


def without_leads(text: str, found: Sequence[Name]) -> list[Name]:
    """Names without what stands before them: "Convener O.P. Dhankar", "Secretary of [State John Kerry]", "DSP Efe Omoregie".

    A first word goes where at least two are left and something other than the name speaks against it: the article has
    it in small letters too, it ends an office ("of State"), or it is all capitals or digits beside a name that is not.
    """
    small = {m.group() for m in re.finditer(r"\b[a-z][a-z-]{2,}\b", text)}
    return [_without_lead(text, n, small) if n.label == "PERSON" else n for n in found]


def _without_lead(text: str, n: Name, small: set[str]) -> Name:
    tokens = [Range(n.start + m.start(), n.start + m.end()) for m in _WORD.finditer(text[n.start : n.end])]
    while len(tokens) > 2 and _is_lead(text, tokens, small):
        tokens = tokens[1:]
    return Name(tokens[0].start, n.end, n.label) if tokens and tokens[0].start > n.start else n


def _is_lead(text: str, tokens: list[Range], small: set[str]) -> bool:
    word, following = (text[t.start : t.end] for t in tokens[:2])
    plain = bare(word)
    if word.title() in forename_genders() or word.title() in world_forenames() or not following[:1].isupper():
        return _is_police_rank(text, tokens)
    if plain in titles() or noun_kinds().get(plain) == "person":
        return False  # a title: it stays in the name's range, and out of the name
    rest = text[tokens[1].start : tokens[-1].end]
    if not rest.isupper() and re.fullmatch(r"[A-Z]+\d+|[A-Z]{3,}(?:-[A-Z]+)*", word):
        return True
    if re.search(r"\bof (?:the )?$", text[max(0, tokens[0].start - 8) : tokens[0].start]):
        return following in forename_genders() or following in world_forenames()
    return plain in small and not _INITIALS.match(word)


def _is_police_rank(text: str, tokens: list[Range]) -> bool:
    """True for "Con" after "Det", which is a forename too."""
    before = text[max(0, tokens[0].start - 5) : tokens[0].start]
    return bool(re.search(r"\bDet\.? $", before)) and text[tokens[0].start : tokens[0].end].rstrip(".") in ("Con", "Ch")
