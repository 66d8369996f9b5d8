"""The cast of an article: its people, institutions and governments, each with names, roles and mentions."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from attribution.pipeline.entities import Cast
from attribution.pipeline.institutions import group_governments, group_institutions
from attribution.pipeline.mentions import Gender, Name, noun_gender, phrase
from attribution.pipeline.noun_phrases import NounPhrase
from attribution.pipeline.people import abbreviates, group_people
from attribution.pipeline.roles import Phrases, Role, role_of, sort_of
from attribution.pipeline.segmentation import Range, index_at

_PRONOUN_NEAR = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)


def assemble_cast(text: str, found: Sequence[Name], sentences: Sequence[Range], phrases: Sequence[NounPhrase]) -> Cast:
    """Group the names of an article into people, institutions and governments.

    Args:
        text: the article's text.
        found: its names, in order.
        sentences: its sentences, in order.
        phrases: its noun phrases, in order.

    """
    cast = Cast()
    placed = Phrases(phrases)
    everyone = list(found)
    people = [n for n in everyone if n.label == "PERSON"]
    organizations = [n for n in everyone if n.label == "ORG"]
    short = [n for n in people if abbreviates(text, n, people, organizations)]
    people = [n for n in people if n not in short]
    group_people(text, people, cast, [n for n in everyone if n.label != "PERSON"])
    group_institutions(text, sorted([*organizations, *short], key=lambda n: n.start), cast)
    group_governments(text, [n for n in everyone if n.label in ("LOC", "NORP")], cast)
    for name in people:
        entity = cast.by_start.get(name.start)
        if entity is not None:
            sentence = sentences[index_at(sentences, name.start)]
            entity.roles.extend(role_of(text, name, sentence, everyone, placed))
    for person in cast.people:
        shown = {g for r in person.roles if (g := _gender_of(text, r))}
        if not person.gender and len(shown) == 1:
            person.gender = shown.pop()
    for institution in cast.institutions:
        for m in institution.mentions:
            sort = sort_of(text, Name(m.start, m.end, "ORG"), sentences[index_at(sentences, m.start)])
            institution.roles += [sort] if sort else []
    for entity in cast.everybody():
        entity.mentions.sort()
    _infer_genders(text, cast, sentences)
    return cast


def _gender_of(text: str, role: Role) -> Gender:
    """The gender that a role's head noun shows: "his granddaughter", but not "his wife's lawyer"."""
    return noun_gender(phrase(text, role.span).head)


def _infer_genders(text: str, cast: Cast, sentences: Sequence[Range]) -> None:
    """Give people the gender that their forename and the pronouns that can mean only them speak for.

    A pronoun votes for a person if nobody else is named in its sentence before it and in the sentence before.
    """
    mentions = sorted((m.start, i) for i, e in enumerate(cast.people) for m in e.mentions)
    votes: dict[int, dict[str, int]] = {}
    for m in _PRONOUN_NEAR.finditer(text):
        k = index_at(sentences, m.start()) if sentences else 0
        low = sentences[max(0, k - 1)].start if sentences else 0
        near = {i for _, i in mentions[bisect_left(mentions, (low, -1)) : bisect_left(mentions, (m.start(), -1))]}
        if len(near) == 1:
            gender = "M" if m.group().casefold() in ("he", "him", "his") else "F"
            votes.setdefault(near.pop(), {"M": 0, "F": 0})[gender] += 1
    for i, person in enumerate(cast.people):
        count = votes.get(i, {"M": 0, "F": 0})
        clear = max(count.values()) > 2 * min(count.values())
        balance = (count["F"] - count["M"]) if clear else 0
        person.tend("F", max(-_MOST_VOTES, min(_MOST_VOTES, balance * _VOTE)))


_VOTE, _MOST_VOTES = 3.0, 6.0
