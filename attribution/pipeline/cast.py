"""The cast of an article: its people, institutions and governments, each with names, roles and mentions."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from attribution.lexicon import country_names, demonyms, female_ending, metonyms
from attribution.pipeline.mentions import (
    Gender,
    Name,
    bare,
    forename_gender,
    name_key,
    speaking_place,
    title_gender,
    without_titles,
    words,
)
from attribution.pipeline.roles import Role, role_of
from attribution.pipeline.segmentation import Range, index_at

_PRONOUN_NEAR = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)
_SMALL = frozenset(["of", "the", "and", "for", "in", "on", "&", "de", "la", "du", "des", "to", "at"])


@dataclass(slots=True)
class Entity:
    """Somebody or something that can speak.

    ``name`` is the fullest form; ``keys`` the forms seen, as word tuples; ``mentions`` the places, in order.
    """

    name: str
    kind: str
    gender: Gender = ""
    keys: set[tuple[str, ...]] = field(default_factory=set)
    mentions: list[Range] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    head: str = ""
    plural: bool = False
    named: bool = True

    def last_before(self, offset: int) -> Range | None:
        """The last mention that starts before an offset."""
        i = bisect_left(self.mentions, offset, key=lambda m: m.start)
        return self.mentions[i - 1] if i else None


@dataclass(slots=True)
class Cast:
    """All entities, and which one each name of the text is."""

    people: list[Entity] = field(default_factory=list)
    institutions: list[Entity] = field(default_factory=list)
    governments: list[Entity] = field(default_factory=list)
    by_start: dict[int, Entity] = field(default_factory=dict)

    def everybody(self) -> list[Entity]:
        """People, institutions and governments."""
        return [*self.people, *self.institutions, *self.governments]


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
    short = [n for n in people if _abbreviates(text, n, people, organizations)]
    people = [n for n in people if n not in short]
    _group_people(text, people, cast)
    _group_institutions(text, sorted([*organizations, *short], key=lambda n: n.start), cast)
    _group_governments(text, [n for n in everyone if n.label in ("LOC", "NORP")], cast)
    for name in people:
        entity = cast.by_start.get(name.start)
        if entity is not None:
            sentence = sentences[index_at(sentences, name.start)]
            entity.roles.extend(role_of(text, name, sentence, everyone))
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


def _abbreviates(text: str, n: Name, people: Sequence[Name], organizations: Sequence[Name]) -> bool:
    """True for a single word taken for a person that begins an institution's name and nobody's: "Kelda" (Foods)."""
    key = _key(text, n)
    if len(key) != 1:
        return False
    begins = any(len(k := _key(text, o)) > 1 and k[0] == key[0] for o in organizations)
    return begins and not any(len(k := _key(text, p)) > 1 and key[0] in k for p in people)


def _group_people(text: str, found: Sequence[Name], cast: Cast) -> None:
    full = [n for n in found if len(_key(text, n)) >= 2]
    for n in sorted(full, key=lambda n: (-len(_key(text, n)), n.start)):
        key = _key(text, n)
        matches = [e for e in cast.people if any(_same_full_name(key, k) for k in e.keys)]
        _join(text, n, key, matches[0] if len(matches) == 1 else None, cast)
    for e in cast.people:
        e.mentions.sort()
    for n in (n for n in found if len(_key(text, n)) == 1):
        key = _key(text, n)
        meant = _by_one_name(text, n, key[0], cast.people) or _misspelt(text, key[0], cast.people)
        _join(text, n, key, meant, cast)
    for e in cast.people:
        if " " not in e.name:
            _complete(text, e)
    for e in cast.people:
        e.gender = e.gender or forename_gender(e.name)


def _complete(text: str, e: Entity) -> None:
    """Give somebody known by surname alone the forename that stands before it where no name was seen."""
    for m in re.finditer(rf"\b([A-Z][\w-]+) (?:[A-Z]\. )?{re.escape(e.name)}\b", text):
        gender = forename_gender(m.group())
        if gender and e.gender in ("", gender):
            e.name, e.gender = m.group(), gender
            e.keys.add(name_key(m.group()))
            e.mentions.append(Range(m.start(), m.end()))
            return


def _misspelt(text: str, word: str, people: Sequence[Entity]) -> Entity | None:
    """Whose surname a word is but for one letter ("Schneiderman", later "Scheiderman"), if it is one person's."""
    if len(word) < 5:
        return None
    close = [e for e in people if any(len(k) > 1 and _one_letter_apart(word, k[-1]) for k in e.keys)]
    return close[0] if len(close) == 1 else None


def _one_letter_apart(a: str, b: str) -> bool:
    """True for words of at least five letters that begin alike and differ by one letter put in, left out or changed."""
    if a == b or a[0] != b[0] or abs(len(a) - len(b)) > 1 or min(len(a), len(b)) < 5:
        return False
    head = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return a[head + (len(a) >= len(b)) :] == b[head + (len(b) >= len(a)) :]


def _key(text: str, n: Name) -> tuple[str, ...]:
    return name_key(without_titles(text[n.start : n.end]))


def _join(text: str, n: Name, key: tuple[str, ...], entity: Entity | None, cast: Cast) -> None:
    if not key:
        return
    surface = without_titles(text[n.start : n.end])
    if entity is None:
        entity = Entity(surface, "person")
        cast.people.append(entity)
    entity.keys.add(key)
    entity.mentions.append(Range(n.start, n.end))
    entity.gender = entity.gender or title_gender(text, n.start) or _inner_title_gender(text, n)
    if (len(key), len(surface)) > (len(name_key(entity.name)), len(entity.name)) and len(key) > len(
        name_key(entity.name)
    ):
        entity.name = surface
    cast.by_start[n.start] = entity


def _inner_title_gender(text: str, n: Name) -> Gender:
    surface = text[n.start : n.end]
    bare_name = without_titles(surface)
    at = surface.find(bare_name)
    return title_gender(text, n.start + at) if at > 0 else ""


def _same_full_name(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Full names of one person: surnames agree, and forenames are equal, initials of each other, or left out."""
    if a == b:
        return True
    if len(a) < 2 or len(b) < 2:
        return False
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    if short[-1] != long[-1]:
        return long[: len(short)] == short
    if long[-len(short) :] == short:
        return True
    first, other = short[0], long[0]
    if first == other or (len(first) == 1 and other.startswith(first)) or (len(other) == 1 and first.startswith(other)):
        return True
    return len(first) >= 3 and len(other) >= 3 and _NICKNAMES.get(first, first) == _NICKNAMES.get(other, other)


_NICKNAMES = {
    "joe": "joseph", "bill": "william", "will": "william", "bob": "robert", "rob": "robert", "bobby": "robert",
    "mike": "michael", "tony": "anthony", "antony": "anthony", "tom": "thomas", "tim": "timothy", "jim": "james",
    "jimmy": "james", "ted": "edward", "ed": "edward", "dick": "richard", "rick": "richard", "chris": "christopher",
    "matt": "matthew", "dan": "daniel", "ben": "benjamin", "sam": "samuel", "steve": "steven", "stephen": "steven",
    "liz": "elizabeth", "beth": "elizabeth", "kate": "katherine", "katie": "katherine", "sue": "susan", "jen": "jennifer",
    "bernie": "bernard", "chuck": "charles", "charlie": "charles", "nick": "nicholas", "alex": "alexander", "andy": "andrew",
    "dave": "david", "don": "donald", "greg": "gregory", "jeff": "jeffrey", "ken": "kenneth", "larry": "lawrence",
    "pat": "patrick", "pete": "peter", "ron": "ronald", "terry": "terence", "vince": "vincent", "maggie": "margaret",
}  # fmt: skip


def _by_one_name(text: str, n: Name, word: str, people: Sequence[Entity]) -> Entity | None:
    """Who a single name means: by surname, else forename; of several by title's gender, then by nearness."""
    candidates = [e for e in people if any(len(k) > 1 and k[-1] == word for k in e.keys)]
    candidates = candidates or [e for e in people if any(len(k) > 1 and word in k for k in e.keys)]
    candidates = candidates or [e for e in people if (word,) in e.keys]
    gender = title_gender(text, n.start) or _inner_title_gender(text, n)
    if gender:
        candidates = [e for e in candidates if (e.gender or forename_gender(e.name) or gender) == gender]
        leaning = [e for e in candidates if e.gender or forename_gender(e.name) or _leans(e, gender)]
        candidates = leaning or candidates
    if not candidates:
        return None
    return max(candidates, key=lambda e: _prominence(text, e))


def _leans(e: Entity, gender: Gender) -> bool:
    """True if the forename's ending does not speak against a gender."""
    lean = female_ending(e.name.split()[0])
    return lean >= 0 if gender == "F" else lean <= 0


def _prominence(text: str, e: Entity) -> tuple[bool, int, int]:
    """Who a surname alone means: nobody's relative ("his father, Rafael Cruz") before others, who has been called so
    before, then who was named first. Whoever has to be named in full again and again is not meant by the surname.
    """
    kin = sum(bool(_KIN.search(text, max(0, m.start - 24), m.start)) for m in e.mentions)
    alone = sum(" " not in text[m.start : m.end].strip() for m in e.mentions)
    return (kin * 2 < len(e.mentions), alone, -min(m.start for m in e.mentions))


_KIN = re.compile(
    r"\b(?:wife|husband|son|daughter|father|mother|brother|sister|uncle|aunt|cousin|widow|widower|parents?),?\s$"
)


def _group_institutions(text: str, found: Sequence[Name], cast: Cast) -> None:
    found = [_with_owner(text, n) for n in found]

    def key_of(n: Name) -> tuple[str, ...]:
        return tuple(w for w in (bare(x) for x in words(text[n.start : n.end])) if w != "the")

    for n in sorted(found, key=lambda n: (-len(key_of(n)), n.start)):
        key = key_of(n)
        if not key:
            continue
        surface = re.sub(r"^(?:[Tt]he|[Aa]n?)\s+", "", text[n.start : n.end])
        matches = [e for e in cast.institutions if _same_institution(key, surface, e, text, n)]
        entity = matches[0] if matches and (len(matches) == 1 or key in matches[0].keys) else None
        if entity is None:
            entity = Entity(surface, "organization", head=key[-1])
            cast.institutions.append(entity)
        entity.keys.add(key)
        entity.mentions.append(Range(n.start, n.end))
        for start in range(n.start, n.end):
            cast.by_start.setdefault(start, entity)


_OWNER = re.compile(r"(?:[A-Z][\w.]*\s)?[A-Z][\w.]*['’]s\s$|\b(?:U\.S\.|US|U\.K\.|UK|EU|E\.U\.|UN|U\.N\.)\s$")
_GENERAL = re.compile(
    r"(?:[A-Z][\w-]*\s){0,3}(?:Ministry|Department|Office|Parliament|Congress|Senate|Treasury|Army|Navy|Police|Court|"
    r"Commission|Agency|Authority|Service|Board|Bank|Embassy|Cabinet|Council)\b"
)


def _with_owner(text: str, n: Name) -> Name:
    """A general name takes in whose it is: "Kazakhstan's Foreign Ministry", "U.S. Treasury Department"."""
    m = _OWNER.search(text, max(0, n.start - 40), n.start)
    if m and m.end() == n.start and _GENERAL.match(text[n.start : n.end]) and text[m.start()].isupper():
        return Name(m.start(), n.end, n.label)
    return n


def _same_institution(key: tuple[str, ...], surface: str, e: Entity, text: str, n: Name) -> bool:
    if key in e.keys:
        return True
    for k in e.keys:
        if len(key) < len(k) and len(key) == 1 and len(key[0]) > 1 and surface.replace(".", "").isupper():
            initials = "".join(w[0] for w in k if w not in _SMALL)
            if key[0] in (initials, "".join(w[0] for w in k)):
                return True
            before = text[max(0, n.start - 2) : n.start]
            if before.endswith("(") and any(0 <= n.start - m.end <= 3 for m in e.mentions):
                return True
        elif len(key) < len(k) and (k[: len(key)] == key or (len(key) > 1 and k[-len(key) :] == key)):
            return True
    return False


def _group_governments(text: str, found: Sequence[Name], cast: Cast) -> None:
    places: dict[str, Entity] = {}
    forms: dict[str, list[str]] = {}
    for n in found:
        surface = re.sub(r"^[Tt]he\s+", "", text[n.start : n.end])
        spoken = speaking_place(surface) or speaking_place(surface.title())
        who = spoken[0] if spoken else surface
        entity = places.get(who)
        if entity is None:
            entity = places[who] = Entity(who, "government" if spoken else "organization")
            cast.governments.append(entity)
        entity.keys.add((surface.casefold(),))
        entity.mentions.append(Range(n.start, n.end))
        if surface in country_names() or surface == who:
            forms.setdefault(who, []).append(surface)
        cast.by_start[n.start] = entity
    for who, entity in places.items():
        used = [f for f in forms.get(who, []) if f not in metonyms() and f not in demonyms()]
        if used and who not in used:
            entity.name = max(used, key=len)
