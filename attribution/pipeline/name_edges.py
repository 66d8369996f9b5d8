"""Edges of people's names: words before a name that a capital made look like part of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attribution.lexicon import forename_genders, noun_kinds, titles, world_forenames
from attribution.pipeline.mentions import Name, bare, is_title
from attribution.pipeline.segmentation import Range

_WORD = re.compile(r"\S+")
_OCCUPATION = re.compile(r"[A-Z][a-z]{2,}(?:er|or|ist|man|woman|ian|eer)")
_INITIALS = re.compile(r"(?:[A-Z]\.?){1,2}$|(?:[A-Z]\.)+$")


def within_edges(text: str, found: Sequence[Name]) -> list[Name]:
    """Names without what stands before them ("Chefs Ana Ruiz", "Secretary of [State John Kerry]"), and with a forename
    between a title and a surname ("Sister Concepta [Lawless]"); labels that their own words contradict are set right.

    A first word goes where at least two are left and something other than the name speaks against it: the article has
    it in small letters too, it ends an office ("of State"), or it is all capitals or digits beside a name that is not.
    """
    small = {m.group() for m in re.finditer(r"\b[a-z][a-z-]{2,}\b", text)}
    out: list[Name] = []
    for n in (_relabelled(text, n) for n in found):
        low = out[-1].end if out else 0
        out.append(_with_forename(text, _without_lead(text, n, small), low) if n.label == "PERSON" else n)
    return out


def _relabelled(text: str, n: Name) -> Name:
    """ "Ms Carruthers" is a person, "Eric Trump Foundation" none."""
    parts = text[n.start : n.end].split()
    if n.label == "ORG" and len(parts) == 2 and bare(parts[0]) in ("mr", "mrs", "ms", "miss", "mx"):
        return Name(n.start, n.end, "PERSON")
    if n.label == "PERSON" and len(parts) > 1 and bare(parts[-1]) in _BODIES:
        return Name(n.start, n.end, "ORG")
    return n


_BODIES = frozenset(
    """
    foundation university college institute hospital ministry committee council association academy museum library
    federation commission corporation airport stadium campaign organization organisation administration
    """.split()
)


def _with_forename(text: str, n: Name, low: int) -> Name:
    if " " in text[n.start : n.end] or not text[n.start].isupper():
        return n
    m = _WORD_BEFORE.search(text, max(low, n.start - 40), n.start)
    if m is None or is_title(m[2]) or bare(m[2]) in noun_kinds():
        return n
    plain = m[2].title() if m[2].isupper() and text[n.start : n.end].isupper() else m[2]
    forename = (
        m[2].isupper()
        and (plain in forename_genders() or plain in world_forenames())
        and text[n.start : n.end].isupper()
    )
    if forename or (m[1] and is_title(m[1]) and not m[2].isupper()):
        return Name(m.start(2), n.end, n.label)
    return n


_WORD_BEFORE = re.compile(r"(?:\b([A-Z][\w-]*\.?) )?(?<![\w’'-])([A-ZÀ-Þ][\w’'-]+) $")


def _without_lead(text: str, n: Name, small: set[str]) -> Name:
    tokens = [Range(n.start + m.start(), n.start + m.end()) for m in _WORD.finditer(text[n.start : n.end])]
    while len(tokens) > 1 and text[tokens[0].start : tokens[0].end] in ("BY", "WITH", "FROM"):
        tokens = tokens[1:]
    while len(tokens) > 2 and _is_lead(text, tokens, small):
        tokens = tokens[1:]
    return Name(tokens[0].start, n.end, n.label) if tokens and tokens[0].start > n.start else n


def _is_lead(text: str, tokens: list[Range], small: set[str]) -> bool:
    word, following = (text[t.start : t.end] for t in tokens[:2])
    plain = bare(word)
    if word[:1].islower() and "-" in word:
        return True
    if word.title() in forename_genders() or word.title() in world_forenames() or not following[:1].isupper():
        return _is_police_rank(text, tokens)
    if plain in titles() or noun_kinds().get(plain) == "person":
        return False  # a title: it stays in the name's range, and out of the name
    rest = text[tokens[1].start : tokens[-1].end]
    if not rest.isupper() and re.fullmatch(r"[A-Z]+\d+|[A-Z]{3,}(?:-[A-Z]+)*", word):
        return True
    if re.search(r"\bof (?:the )?$", text[max(0, tokens[0].start - 8) : tokens[0].start]):
        return following in forename_genders() or following in world_forenames()
    if plain.endswith("s") and (
        plain[:-1] in titles() or noun_kinds().get(plain[:-1]) == "person" or plain[:-2] in titles()
    ):
        return True
    if _OCCUPATION.fullmatch(word) and (following in forename_genders() or following in world_forenames()):
        return True
    return plain in small and not _INITIALS.match(word)


def _is_police_rank(text: str, tokens: list[Range]) -> bool:
    """True for "Con" after "Det", which is a forename too."""
    before = text[max(0, tokens[0].start - 5) : tokens[0].start]
    return bool(re.search(r"\bDet\.? $", before)) and text[tokens[0].start : tokens[0].end].rstrip(".") in ("Con", "Ch")
