"""The same speaker in several articles: names compared by their words.

A surname meets the one full name that ends in it; an institution its acronym and its country's forms; a description
("two U.S. officials", "the foreign ministry spokesman") those whose words it shares.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from attribution.claims import Speaker
from attribution.comparison.forms import country_names, lemma, normal
from attribution.comparison.vectors import weight
from attribution.lexicon import demonyms, titles

_LEFT_OUT = frozenset("the a an of and for s 's in on at with to by from mr mrs ms dr sir one two three four five six "
                      "seven eight nine ten several some many few other another".split())  # fmt: skip
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
                bool(s.role) + bool(s.affiliation),
                len(s.role or "") + len(s.affiliation or ""),
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
    if one == other:
        return True
    if a.kind == b.kind == "person" and not (a.unnamed or b.unnamed):
        return _persons(a, b, one, other)
    if a.unnamed or b.unnamed:
        return _described(a, b, one, other) or _by_role(a, b)
    return (
        set(one) == set(other)
        or _acronym(a.name, other)
        or _acronym(b.name, one)
        or (a.kind == b.kind == "organization" and set(one) <= set(other) and (len(one) > 1 or _coined(one[0], other)))
    )


def _coined(word: str, words: Sequence[str]) -> bool:
    """True for the first word of an institution's name if it is no common word: "Nordmetall", not "Bank" nor "China"."""
    return word == words[0] and weight(word) > 1 and word not in country_names().values()


def _persons(a: Speaker, b: Speaker, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if len(one) == 1:
        # a surname, or a name whose family part comes first: "Qin" of "Qin Gang"
        return one[0] in (other[-1], other[0])
    return one[-1] == other[-1] and set(one) <= set(other) | {w[0] for w in other}


def _described(a: Speaker, b: Speaker, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Unnamed speakers: one description within the other, with the same head noun."""
    if not (a.unnamed and b.unnamed) or not one or not other:
        return False
    return one[-1] == other[-1] and (set(one) <= set(other) or set(other) <= set(one))


def _by_role(nameless: Speaker, named: Speaker) -> bool:
    """ "A State Department spokesman" and the person whose role and affiliation have these words."""
    if nameless.kind not in ("anonymous", "person") or named.kind != "person" or named.unnamed:
        return False
    if not (named.role and named.affiliation):
        return False
    words = {_PERSON.sub("person", w) for w in name_words(nameless.name)}
    return len(words) > 1 and words <= {
        _PERSON.sub("person", w) for w in name_words(f"{named.role} {named.affiliation}")
    }


def _acronym(name: str, words: Sequence[str]) -> bool:
    letters = re.sub(r"[^A-Za-z]", "", name)
    return len(letters) > 1 and letters.isupper() and letters.casefold() == "".join(w[0] for w in words)


@cache
def name_words(name: str) -> tuple[str, ...]:
    """The words of a name that tell it: without articles, titles and numbers; demonyms as countries; base forms."""
    found = []
    head = re.split(r",|\bwho\b|\bthat\b|\bfamiliar\b", name)[0]
    for raw in re.findall(r"(?:[A-Za-z]\.){2,}|[^\W_]+(?:['’][^\W_]+)?", head):
        bare = re.sub(r"['’]s?$", "", raw)
        word = normal(demonyms().get(bare, bare))
        if word not in _LEFT_OUT and not (word in titles() and raw[:1].isupper()):
            found.append(lemma(word) if raw[:1].islower() else word)
    return tuple(found) or tuple(normal(w) for w in name.split())
