"""The cast of an article: its people, institutions and governments, each with names, roles and mentions."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from attribution.pipeline.entities import Cast
from attribution.pipeline.institutions import group_governments, group_institutions
from attribution.pipeline.mentions import Name, noun_gender
from attribution.pipeline.people import abbreviates, group_people
from attribution.pipeline.roles import role_of, sort_of
from attribution.pipeline.segmentation import Range, index_at

_PRONOUN_NEAR = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)


def assemble_cast(text: str, found: Sequence[Name], sentences: Sequence[Range]) -> Cast:
    """Group the names of an article into people, institutions and governments.

    Args:
        text: the article's text.
        found: its names, in order.
        sentences: its sentences, in order.

    """
    cast = Cast()
    everyone = list(found)
    people = [n for n in everyone if n.label == "PERSON"]
    organizations = [n for n in everyone if n.label == "ORG"]
    short = [n for n in people if abbreviates(text, n, people, organizations)]
    people = [n for n in people if n not in short]
    group_people(text, people, cast)
    group_institutions(text, sorted([*organizations, *short], key=lambda n: n.start), cast)
    group_governments(text, [n for n in everyone if n.label in ("LOC", "NORP")], cast)
    for name in people:
        entity = cast.by_start.get(name.start)
        if entity is not None:
            sentence = sentences[index_at(sentences, name.start)]
            entity.roles.extend(role_of(text, name, sentence, everyone))
    for person in cast.people:
        shown = {g for r in person.roles for w in r.words if (g := noun_gender(w))}
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


def _infer_genders(text: str, cast: Cast, sentences: Sequence[Range]) -> None:
    """Give people whose forename tells nothing the gender of the pronouns that can mean only them.

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
    for i, count in votes.items():
        most, least = max(count.values()), min(count.values())
        if not cast.people[i].gender and most > 2 * least:
            cast.people[i].gender = "M" if count["M"] > count["F"] else "F"
