"""People: which names of persons mean the same one; full names first, then surnames, nicknames and misspellings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attribution.lexicon import (
    country_names,
    demonyms,
    female_leaning,
    forename_genders,
    metonyms,
    noun_kinds,
    titles,
    world_forenames,
)
from attribution.pipeline.entities import Cast, Entity
from attribution.pipeline.mentions import (
    OPENERS,
    PRONOUNS,
    Gender,
    Name,
    bare,
    forename_gender,
    in_title,
    is_people,
    is_title,
    name_key,
    singular,
    title_gender,
    without_titles,
)
from attribution.pipeline.noun_phrases import is_time
from attribution.pipeline.segmentation import Range


def abbreviates(text: str, n: Name, people: Sequence[Name], organizations: Sequence[Name]) -> bool:
    """True for words taken for a person that begin an institution's name and nobody's: "Kelda" (Foods)."""
    key = _key(text, n)
    if not key:
        return False
    if len(key) > 1 and forename_gender(text[n.start : n.end]):
        return False  # "Eric Trump", for all his foundation
    begins = any(len(k := _key(text, o)) > len(key) and k[: len(key)] == key for o in organizations)
    return begins and not any(len(k := _key(text, p)) > len(key) and key[0] in k for p in people)


def group_people(text: str, found: Sequence[Name], cast: Cast, others: Sequence[Name] = ()) -> None:
    """Group the names of persons of an article into the cast: full names first, then single ones.

    Args:
        text: the article's text.
        found: the names of persons, in order.
        cast: what the people are put into.
        others: the names of what is no person.

    """
    full = [n for n in found if len(_key(text, n)) >= 2]
    for n in sorted(full, key=lambda n: (-len(_key(text, n)), n.start)):
        key = _key(text, n)
        matches = [e for e in cast.people if any(_same_full_name(key, k) for k in e.keys)]
        _join(text, n, key, matches[0] if len(matches) == 1 else None, cast)
    for e in cast.people:
        e.mentions.sort()
    for n in found:
        _couple(text, n, cast)
    for n in _surest_first(text, [n for n in found if len(_key(text, n)) == 1 and n.start not in cast.by_start]):
        key = _key(text, n)
        meant = _by_one_name(text, n, key[0], cast.people)
        meant = meant or _misspelt(text, key[0], cast.people) or _pet_name(key[0], cast.people)
        _join(text, n, key, meant, cast)
    for e in cast.people:
        if not _complete(text, e):
            _introduced(text, e, others)
    for e in cast.people:
        e.lean = _forename_lean(e.name)


def _couple(text: str, n: Name, cast: Cast) -> None:
    """ "Khizr and Ghazala Khan", of whom the text says that they are a family: the first has that surname, too."""
    m = _AND_ANOTHER.match(text, n.end)
    other = cast.by_start.get(m.end()) if m else None
    key = _key(text, n)
    if (
        m is None
        or other is None
        or len(key) != 1
        or any(len(k) > 1 and key[0] == k[-1] for e in cast.people for k in e.keys)
    ):
        return
    surname = other.name.rsplit(maxsplit=1)[-1]
    family = re.search(rf"\b(?:[Tt]he|Mr\.? and Mrs\.?) {re.escape(surname)}s?\b(?! [A-Z])", text)
    if " " in other.name and (family or _FAMILY.search(text, max(0, n.start - 40), n.start)):
        whole = f"{text[n.start : n.end]} {surname}"
        if not any(_same_full_name(name_key(whole), k) for e in cast.people for k in e.keys):
            _join(text, n, name_key(whole), None, cast)
            cast.by_start[n.start].name = whole


_AND_ANOTHER = re.compile(r" (?:and|&) (?=[A-Z])")
_FAMILY = re.compile(
    r"\b(?:parents|couple|brothers|sisters|siblings|twins|spouses|sons|daughters|children|grandparents),?\s$"
)


def _surest_first(text: str, single: Sequence[Name]) -> list[Name]:
    """Single names whose title tells a gender or an office before the others: who is called so, these tell."""
    told = [bool(title_gender(text, n.start) or _inner_title_gender(text, n)) for n in single]
    return [n for n, t in zip(single, told, strict=True) if t] + [n for n, t in zip(single, told, strict=True) if not t]


_PARTICLE = re.compile(r"(?:Te|Al|El|De|Le|La|Van|Von|Di|Da|Bin|Ben|Abu|Ní|Ó)\s")


def _forename_lean(name: str) -> float:
    """How much a full name's forename speaks for a woman: surely where lists of several countries agree."""
    gender = forename_gender(name)
    if gender or " " not in name:
        return _LISTED if gender == "F" else -_LISTED if gender == "M" else 0.0
    return max(-_BY_ENDING, min(_BY_ENDING, female_leaning(name.split(maxsplit=1)[0])))


_LISTED, _BY_ENDING = 4.0, 2.0


def _complete(text: str, e: Entity) -> bool:
    """Give somebody known by surname alone the forename that stands before it where no name was seen."""
    if " " in e.name and not _PARTICLE.match(e.name):
        return False
    for m in re.finditer(rf"\b([A-Z][\w-]+) (?:[A-Z]\. )?{re.escape(e.name)}\b", text):
        gender = forename_gender(m.group())
        if gender and e.gender in ("", gender):
            e.gender = gender
            _rename(e, m.group(), m.start(), m.end())
            return True
    return False


def _introduced(text: str, e: Entity, others: Sequence[Name]) -> None:
    """Give somebody the forename of no list that stands before the first mention: "Hew Cadwallader keeps hens".

    What the article has in small letters or as part of another name, a title, whatever is listed as something else and what
    stands in a headline in capitals is no forename.
    """
    first = e.mentions[0]
    m = _UNLISTED.search(text, max(0, first.start - 40), first.start)
    if (" " in e.name and not _PARTICLE.match(e.name)) or m is None or text[first.start : first.end] != e.name:
        return
    if in_title(text, first) or is_people(e.name):
        return
    taken = any(o.start < first.start and m.start(1) < o.end for o in others)
    if not taken and not any(_is_listed(w) or _is_small(text, w) for w in m[1].split()):
        _rename(e, f"{m[1]} {e.name}", m.start(1), first.end)


_UNLISTED = re.compile(r"(?<![\w’'.-])([A-ZÀ-Þ][a-zß-ÿ][\w-]*) $")


def _is_listed(word: str) -> bool:
    """True for a capitalised word that is something else than a forename: a title, a noun, a nation, a time, an opener."""
    w = bare(word)
    return (
        is_title(word) or noun_kinds().get(singular(w)[0]) is not None or is_time(w) or w in PRONOUNS
        or word in OPENERS or word in demonyms() or word in country_names() or word in metonyms()
    )  # fmt: skip


def _is_small(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word.casefold())}(?:s|ed|ing)?(?![\w-])", text) is not None


def _rename(e: Entity, name: str, start: int, end: int) -> None:
    e.name = name
    e.keys.add(name_key(name))
    e.mentions.append(Range(start, end))


def _misspelt(text: str, word: str, people: Sequence[Entity]) -> Entity | None:
    """Whose surname a word is but for one letter ("Schneiderman", later "Scheiderman"), if it is one person's."""
    if len(word) < 5:
        return None
    close = [e for e in people if any(len(k) > 1 and _one_letter_apart(word, k[-1]) for k in e.keys)]
    return close[0] if len(close) == 1 else None


def by_part_of_name(name: str, people: Sequence[Entity]) -> Entity | None:
    """The one person of a full name that a single name is part of, short for, or the initials of ("LM")."""
    word = bare(name)
    if name.isupper() and 2 <= len(word) <= 3:
        initials = [e for e in people if any(len(k) > 1 and "".join(w[0] for w in k) == word for k in e.keys)]
        return initials[0] if len(initials) == 1 and not is_title(name) else None
    having = [e for e in people if any(len(k) > 1 and word in (k[0], k[-1]) for k in e.keys)]
    return having[0] if len(having) == 1 else None if having else _pet_name(word, people)


def _pet_name(word: str, people: Sequence[Entity]) -> Entity | None:
    """Whose forename a single name is short for ("Immy" for Imogen, "Lik" for Malik), if it is one person's.

    What is a forename in its own right is none's pet name, but for those that go with another by custom ("Bob").
    """
    listed = word.title() in forename_genders() or word.title() in world_forenames()
    found = [e for e in people if any(len(k) > 1 and _shortens(word, k[0], listed=listed) for k in e.keys)]
    return found[0] if len(found) == 1 else None


def _shortens(word: str, forename: str, *, listed: bool) -> bool:
    if _NICKNAMES.get(word) == forename:
        return True
    if listed or len(word) < 3 or word == forename:
        return False
    m = _PET.fullmatch(word)
    return (
        len(forename) > len(word) and (forename.startswith(word) or forename.endswith(word))
    ) or (m is not None and forename.startswith(m[1] + m[2]))  # fmt: skip


_PET = re.compile(r"([^\W\d_]+?)([bcdfgjklmnprstvwxz])\2?(?:y|ie|i|o|a|s|za)")


def _one_letter_apart(a: str, b: str) -> bool:
    """True for words of at least five letters that begin alike and differ by one letter put in, left out or changed."""
    if a == b or a[0] != b[0] or abs(len(a) - len(b)) > 1 or min(len(a), len(b)) < 5:
        return False
    head = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return a[head + (len(a) >= len(b)) :] == b[head + (len(b) >= len(a)) :]


def _key(text: str, n: Name | Range) -> tuple[str, ...]:
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
        only = candidates[:1] if len(candidates) == 1 and candidates[0].gender in ("", gender) else []
        candidates = [e for e in candidates if (e.gender or forename_gender(e.name) or gender) == gender]
        candidates = candidates or [e for e in people if (word,) in e.keys and e.gender == gender]
        candidates = candidates or [e for e in only if _is_called(_after(text, e), gender)]
        leaning = [e for e in candidates if e.gender or forename_gender(e.name) or _leans(e, gender)]
        candidates = leaning or candidates
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    return max(candidates, key=lambda e: _prominence(text, e, n))


def _after(text: str, e: Entity) -> str:
    """The lines after somebody's first mention."""
    return text[e.mentions[0].end : e.mentions[0].end + _NEAR]


def _is_called(lines: str, gender: Gender) -> bool:
    """True if the pronouns of some lines are of one gender."""
    return {g for g, pattern in _HE_OR_SHE.items() if pattern.search(lines)} == {gender}


_HE_OR_SHE = {"M": re.compile(r"\b[Hh](?:e|is|im)\b"), "F": re.compile(r"\b(?:[Ss]he|[Hh]er)\b")}


def _leans(e: Entity, gender: Gender) -> bool:
    """True if the forename's ending does not speak against a gender."""
    lean = female_leaning(e.name.split()[0])
    return lean >= 0 if gender == "F" else lean <= 0


def _prominence(text: str, e: Entity, n: Name) -> tuple[bool, bool, bool, int, int]:
    """Who a surname alone means: nobody's relative ("his father, Rafael Cruz") before others, who bears the
    title ("President Obama"), who was named in the lines above when no other was, who has been called so before, then
    who was named first.
    """
    kin = sum(bool(_KIN.search(text, max(0, m.start - 24), m.start)) for m in e.mentions)
    word = _key(text, n)[-1]
    called = sum(_key(text, m) == (word,) for m in e.mentions)
    near = any(n.start - _NEAR < m.start < n.start for m in e.mentions)
    title = _title_before(text, n.start)
    titled = bool(title) and any(_title_before(text, m.start) == title for m in e.mentions)
    forename = sum(key != (word,) and len(key) == 1 for m in e.mentions if (key := _key(text, m)))
    return (kin * 2 < len(e.mentions), titled, near, called - forename, -min(m.start for m in e.mentions))


_NEAR = 400  # characters


def _title_before(text: str, start: int) -> str:
    """The office right before a name, casefolded: "president"; none for "Mr" and the like."""
    m = re.search(r"([A-Z][\w.]*)\s$", text[max(0, start - 24) : start])
    word = bare(m[1]) if m else ""
    return word if word in titles() and word not in ("mr", "mrs", "ms", "miss", "mx") else ""


_KIN = re.compile(
    r"\b(?:wife|husband|son|daughter|father|mother|brother|sister|uncle|aunt|cousin|widow|widower|parents?),?\s$"
)
