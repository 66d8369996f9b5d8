"""The same speaker in several articles: names compared by their words, a surname where only one full name has it."""

from __future__ import annotations

from collections.abc import Iterable

from attribution.claims import Claim
from attribution.evaluation.metrics import name_key


def persons(claims: Iterable[Claim]) -> dict[int, str]:
    """The name to show for each claim's speaker, by ``id(claim)``: the fullest of those that are one person's."""
    found = list(claims)
    named = {name_key(c.speaker.name): c.speaker.name for c in sorted(found, key=lambda c: len(c.speaker.name))}
    full: dict[str, list[str]] = {}
    for c in found:
        words = name_key(c.speaker.name).split()
        if c.speaker.kind == "person" and len(words) > 1:
            keys = full.setdefault(words[-1], [])
            if (key := " ".join(words)) not in keys:
                keys.append(key)
    return {id(c): _shown(c, named, full) for c in found}


def _shown(claim: Claim, named: dict[str, str], full: dict[str, list[str]]) -> str:
    key = name_key(claim.speaker.name)
    whole = full.get(key, [])
    if claim.speaker.kind == "person" and len(whole) == 1:
        key = whole[0]
    return named[key]
