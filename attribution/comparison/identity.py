"""The same speaker in several articles: names compared by their words.

A surname meets the one full name that ends in it; an institution its acronym, its country's forms and its plain kind
("the union") where only one of that kind speaks; a role ("the health minister") the one person who has it; a description
("two U.S. officials") those whose words it shares.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from attribution.claims import Speaker
from attribution.comparison.forms import country_names
from attribution.comparison.speaker_names import (
    acronym,
    described_as,
    head,
    is_definite,
    is_description,
    kind_words,
    name_words,
    one_within_other,
    state,
)
from attribution.comparison.vectors import weight
from attribution.lexicon.offices import telling

_PERSON = re.compile("(?:wo)?man$")  # spokesman, spokeswoman, spokesperson


def same_speakers(speakers: Iterable[Speaker]) -> dict[Speaker, Speaker]:
    """Every speaker → the one that stands for it, with the fullest name, role and affiliation of all that meet.

    The answer does not hang on the order of the speakers. A speaker without a name stands for itself.
    """
    distinct = sorted(
        set(speakers),
        key=lambda s: (s.unnamed, -len(name_words(s.name)), -len(s.name), s.name, s.model_dump_json()),
    )
    groups: list[list[Speaker]] = []
    for speaker in distinct:
        fitting = [g for g in groups if any(_meet(speaker, other) for other in g)]
        if not fitting or (len(fitting) > 1 and not _exact(speaker, fitting)):
            groups.append([speaker])
        else:
            (_exact(speaker, fitting) or fitting[0]).append(speaker)
    return {s: _fullest(g) for g in groups for s in g}


def _exact(speaker: Speaker, groups: Sequence[list[Speaker]]) -> list[Speaker] | None:
    """Of several groups the one that has the very name."""
    words = name_words(speaker.name)
    return next(
        (g for g in groups if any(name_words(s.name) == words for s in g)), groups[0] if len(groups) == 1 else None
    )


def _fullest(group: Sequence[Speaker]) -> Speaker:
    first = group[0]
    roles = [s for s in group if s.role or s.affiliation]
    best = (
        max(
            roles,
            key=lambda s: (
                telling(s.role, s.affiliation)[0],
                bool(s.role) + bool(s.affiliation),
                telling(s.role, s.affiliation),
                s.model_dump_json(),
            ),
        )
        if roles
        else first
    )
    return first.model_copy(update={"role": best.role, "affiliation": best.affiliation})


def _meet(a: Speaker, b: Speaker) -> bool:
    """True if the two names can be one speaker's; ``b`` has at least as many words."""
    if not a.name or not b.name:
        return False
    one, other = name_words(a.name), name_words(b.name)
    if one == other or _by_role(a, b) or _by_role(b, a):
        return True
    if a.kind == b.kind == "person" and not (a.unnamed or b.unnamed):
        return _persons(one, other)
    if a.unnamed or b.unnamed:
        return a.unnamed and b.unnamed and one_within_other(a.name, b.name)
    return set(one) == set(other) or (a.kind == b.kind == "organization" and _institutions(a.name, b.name))


def _persons(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if len(one) == 1:
        # a surname, the first of two, or a name whose family part comes first: "Qin" of "Qin Gang"
        return one[0] in (other[-1], other[0], *other[1:2])
    within = set(one) <= set(other) | {w[0] for w in other}
    return within and (one[-1] == other[-1] or (one[0] == other[0] and one[-1] in other))


def _institutions(a: str, b: str) -> bool:
    one, other = name_words(a), name_words(b)
    if acronym(a, other) or acronym(b, one) or state(a) == state(b):
        return True
    plain, full = kind_words(a), kind_words(b)
    if plain <= full and (len(plain) > 1 or _coined(one[0], other)):
        return True
    return is_description(a) and is_definite(a) and plain == {head(b)}


def _coined(word: str, words: Sequence[str]) -> bool:
    """True for the first word of an institution's name if it is no common word: "Nordmetall", not "Bank" nor "China"."""
    return word == words[0] and weight(word) > 1 and word not in country_names().values()


def _by_role(told: Speaker, named: Speaker) -> bool:
    """ "A State Department spokesman", "the minister", and the person whose role and affiliation have these words.

    Without the affiliation only a definite description will do.
    """
    if (
        named.kind != "person"
        or named.unnamed
        or not named.role
        or told.kind not in ("person", "anonymous")
        or not is_description(told.name)
    ):
        return False
    words, role, place = (
        {_PERSON.sub("person", w) for w in described_as(text)}
        for text in (told.name, named.role, named.affiliation or "")
    )
    enough = is_definite(told.name) or (len(words) > 1 and bool(place))
    return bool(words) and enough and words <= role | place and _PERSON.sub("person", head(told.name)) in role
