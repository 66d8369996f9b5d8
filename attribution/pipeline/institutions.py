"""Institutions and governments: which names mean the same one; acronyms, short forms, owners, capitals and demonyms."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attribution.lexicon import country_names, demonyms, metonyms, noun_kinds
from attribution.pipeline.entities import Cast, Entity
from attribution.pipeline.mentions import Name, bare, is_nationals, speaking_place, words
from attribution.pipeline.segmentation import Range

_SMALL = frozenset(["of", "the", "and", "for", "in", "on", "&", "de", "la", "du", "des", "to", "at"])


def group_institutions(text: str, found: Sequence[Name], cast: Cast) -> None:
    """Group the names of institutions of an article into the cast; long names first, so that short ones find them."""
    owned = [(_with_owner(text, _of_headline(text, n, found, cast)), n.start) for n in found]
    for n, seen in sorted(owned, key=lambda o: (-len(_key(text, o[0])), o[0].start)):
        key = _key(text, n)
        if not key:
            continue
        surface = re.sub(r"^(?:[Tt]he|[Aa]n?)\s+", "", text[n.start : n.end])
        matches = [e for e in cast.institutions if _same_institution(key, surface, e, text, n)]
        entity = next((e for e in matches if key in e.keys), matches[0] if len(matches) == 1 else None)
        entity = entity or by_short_form(surface, cast.institutions)
        if entity is None:
            people = is_nationals(surface.split()[-1]) and len(key) < 3
            entity = Entity(surface, "group" if people else "organization", head=key[-1], plural=people)
            cast.institutions.append(entity)
        if entity.name.isupper() and entity.name.casefold() == surface.casefold():
            entity.name = surface  # as it is written, not as a headline sets it
        entity.keys.add(key)
        entity.mentions.append(Range(n.start, n.end))
        for start in range(min(n.start, seen), n.end):
            cast.by_start.setdefault(start, entity)


def _of_headline(text: str, n: Name, found: Sequence[Name], cast: Cast) -> Name:
    """A headline's capitals run somebody and what they do into a name: "Ana Ruiz Slams Corvina Bank" is Corvina Bank,
    where the story calls it so and knows the person.
    """
    end = text.find("\n")
    if n.start >= end or len(words(text[n.start : n.end])) < _RUN_TOGETHER:
        return n
    told = [text[m.start : m.end] for m in found if m.start > end]
    name = max((t for t in told if text[: n.end].endswith(f" {t}") and len(t) < n.end - n.start), key=len, default="")
    before = tuple(bare(w) for w in words(text[n.start : n.end - len(name)]))
    known = any(before[: len(k)] == k for e in cast.people for k in e.keys)
    return Name(n.end - len(name), n.end, n.label) if name and known else n


_RUN_TOGETHER = 3  # words from which a headline's name may be a person, a verb and a name


def _key(text: str, n: Name) -> tuple[str, ...]:
    return tuple(w for w in (bare(x) for x in words(text[n.start : n.end])) if w != "the")


def by_short_form(surface: str, institutions: Sequence[Entity]) -> Entity | None:
    """The one institution that a single word stands for: its initials, or its last word ("The Times", "the Post")."""
    word = bare(surface)
    if " " in surface.strip() or len(word) < 2:
        return None
    initials = [e for e in institutions if any(len(k) > 1 and word in _initials(k) for k in e.keys)]
    if surface.replace(".", "").isupper() and len(word) <= 6:
        return initials[0] if len(initials) == 1 else None
    generic = noun_kinds().get(word) == "organization" and word not in _WHOLE_NAMES
    if word not in _SHORT_FORMS and not generic:
        return None
    last = [
        e for e in institutions if any(len(k) > 1 and (k[-1] == word or (generic and k[0] == word)) for k in e.keys)
    ]
    return last[0] if len(last) == 1 else None


def by_beginning(surface: str, institutions: Sequence[Entity]) -> Entity | None:
    """The one institution whose name begins with the words: "Thornleigh" (Nitrates)."""
    key = tuple(bare(w) for w in words(surface))
    found = [e for e in institutions if any(len(k) > len(key) and k[: len(key)] == key for k in e.keys)]
    return found[0] if key and len(found) == 1 else None


def _initials(key: tuple[str, ...]) -> set[str]:
    return {"".join(w[0] for w in key if w not in _SMALL), "".join(w[0] for w in key)}


_WHOLE_NAMES = frozenset(
    ["senate", "house", "congress", "parliament", "assembly", "church", "party", "university", "police"]
)
_SHORT_FORMS = frozenset(
    """
    times post journal herald tribune globe gazette guardian telegraph observer independent mirror sun mail star chronicle
    inquirer dispatch register sentinel courier examiner ledger bulletin argus echo standard news reporter beast
    monitor review daily weekly rovers wanderers hotspur albion reserve
    """.split()
)


_OWNER = re.compile(r"(?:[A-Z][\w.]*\s)?[A-Z][\w.]*['’]s\s$|\b(?:U\.S\.|US|U\.K\.|UK|EU|E\.U\.|UN|U\.N\.)\s$")
_OWNED = re.compile(r"([A-Z]\w+(?:\s[A-Z]\w+)?)['’]s\s(?=[A-Z])")
_GENERAL = re.compile(
    r"(?:[A-Z][\w-]*\s){0,3}(?:Ministry|Department|Office|Parliament|Congress|Senate|Treasury|Army|Navy|Police|Court|"
    r"Commission|Agency|Authority|Service|Board|Bank|Embassy|Cabinet|Council)\b"
)


def _with_owner(text: str, n: Name) -> Name:
    """A general name takes in whose it is: "Kazakhstan's Foreign Ministry", "U.S. Treasury Department"."""
    own = _OWNED.match(text, n.start, n.end)
    if own and own[1] in country_names() and not _GENERAL.match(text, own.end(), n.end):
        return Name(own.end(), n.end, n.label)  # "China's Global Times"
    before = re.search(r"(?:[A-Z][\w-]+\s)?[A-Z][\w-]+\s$", text[max(0, n.start - 30) : n.start])
    if before and _GENERAL.fullmatch(text[n.start : n.end]):
        for nation in (before.group().strip(), before.group().split()[-1]):
            if nation in demonyms():
                return Name(n.start - len(nation) - 1, n.end, n.label)
    m = _OWNER.search(text, max(0, n.start - 40), n.start)
    if m and m.end() == n.start and _GENERAL.match(text[n.start : n.end]) and text[m.start()].isupper():
        return Name(m.start(), n.end, n.label)
    return n


def _same_institution(key: tuple[str, ...], surface: str, e: Entity, text: str, n: Name) -> bool:
    if key in e.keys:
        return True
    if surface.replace(".", "").isupper() and any(_OR_SHORT.fullmatch(text, m.end, n.start) for m in e.mentions):
        return True
    for k in e.keys:
        if _is_shortened(key, k) or _is_shortened(k, key):
            return True
        if len(key) < len(k) and len(key) == 1 and len(key[0]) > 1 and surface.replace(".", "").isupper():
            if key[0] in _initials(k) or (len(key[0]) >= _WORD and k[0] == key[0]):
                return True
        elif len(key) < len(k) and (k[: len(key)] == key or (len(key) > 1 and k[-len(key) :] == key)):
            return True
    return False


def _is_shortened(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """True for "U.N. Security Council" beside "United Nations Security Council"."""
    rest = len(short) - 1
    head = full[: len(full) - rest]
    return rest > 0 and len(head) > 1 and short[1:] == full[-rest:] and short[0] in _initials(head)


_WORD = 5  # letters from which a word in capitals is hardly an acronym: "TARRAGON"


_OR_SHORT = re.compile(r"\s?\(|, (?:or|known as|called) (?:the )?|['’\"”]* or (?:the )?")


def group_governments(text: str, found: Sequence[Name], cast: Cast) -> None:
    """Group the names of places and peoples of an article into the governments that they may speak for."""
    places: dict[str, Entity] = {}
    forms: dict[str, list[str]] = {}
    for n in found:
        surface = re.sub(r"^[Tt]he\s+", "", text[n.start : n.end])
        spoken = speaking_place(surface) or speaking_place(surface.title())
        who = spoken[0] if spoken else surface
        entity = places.get(who)
        if entity is None:
            people = not spoken and is_nationals(surface.split()[-1])
            kind = "government" if spoken else "group" if people else "organization"
            entity = places[who] = Entity(who, kind, plural=people)
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
