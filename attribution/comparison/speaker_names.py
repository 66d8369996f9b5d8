"""Names of speakers → the words that tell them: without articles, titles, numbers and legal forms, in one spelling."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from attribution.comparison.forms import country_names, lemma, normal
from attribution.comparison.guards import exclusive
from attribution.comparison.senses import senses
from attribution.lexicon import demonyms, metonyms, titles

_LEFT_OUT = frozenset("the a an of and for s 's in on at with to by from mr mrs ms dr sir one two three four five six "
                      "seven eight nine ten several some many few other another".split())  # fmt: skip
_LEGAL = re.compile(r"plc|Plc|PLC|Ltd|LTD|Inc|Corp|LLC|GmbH|AG|SA|SE|AS|ASA|AB|NV|Oyj|SpA|Holdings?|Group|Company|Co")
_INDEFINITE = re.compile(r"(?:a|an|one|two|three|four|five|six|several|some|many|few|another)\b", re.IGNORECASE)
_BEHIND_HEAD = re.compile(r",|\b(?:of|for|at|in|on|with|from|to|by|who|that|close|familiar|near)\b")
_ONE_KIND = {
    lemma(word): lemma(words.split()[0])
    for words in ("ministry department", "police force constabulary", "court tribunal", "hospital clinic infirmary",
                  "council municipality", "airline carrier", "agency bureau office", "club team side", "company firm business",
                  "university college", "parliament legislature assembly", "broadcaster channel station network", "defense defence",
                  "center centre")
    for word in words.split()[1:]
}  # fmt: skip
_GOVERNMENT = frozenset(["government", "administration"])


def plain(name: str) -> str:
    """The name without its article, accents and what follows a comma or "who"."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.sub(r"(?i)^the\s+", "", re.split(r",|\bwho\b|\bthat\b|\bfamiliar\b", bare)[0].strip())


@cache
def name_words(name: str) -> tuple[str, ...]:
    """The words of a name that tell it; demonyms as countries; base forms of words in small letters.

    "Sen. José O'Neil" has jose and o'neil.
    """
    return tuple(lemma(word) if small else word for word, small in _telling(name))


@cache
def _telling(name: str) -> tuple[tuple[str, bool], ...]:
    """The words of a name in their common forms, and whether each is written in small letters."""
    found = []
    for raw in re.findall(r"(?:[A-Za-z]\.){2,}|[^\W_]+(?:['’][^\W_]+)?", plain(name)):
        bare = re.sub(r"['’]s?$", "", raw)
        word = normal(demonyms().get(bare, bare))
        if word not in _LEFT_OUT and not (word in titles() and raw[:1].isupper()):
            found.append((word, raw[:1].islower(), _LEGAL.fullmatch(raw) is not None))
    telling = tuple((word, small) for i, (word, small, legal) in enumerate(found) if not legal or not i)
    return telling or tuple((normal(w), False) for w in name.split())


@cache
def kind_words(name: str) -> frozenset[str]:
    """The words of an institution's name in base forms, those for one kind of institution as one: police, force."""
    return frozenset(_kind(word) for word, _ in _telling(name))


def _kind(word: str) -> str:
    return _ONE_KIND.get(lemma(word), lemma(word))


@cache
def described_as(description: str) -> frozenset[str]:
    """The senses of the words of a description: "one of the witnesses", "an eyewitness"."""
    return frozenset(s.base for s in senses([lemma(word) for word, _ in _telling(description)]) if s.base)


@cache
def head(name: str) -> str:
    """The base form of the noun that a name or description is built on: union of "National Union of Teachers"."""
    return _kind(_head_word(name))


def _head_word(name: str) -> str:
    whole = re.sub(r"(?i)^\w+ of (?=the\b)", "", plain(name))
    telling = _telling(_BEHIND_HEAD.split(whole)[0].strip() or whole) or _telling(whole)
    return telling[-1][0] if telling else whole  # "the one of them" tells nothing


def _same_head(a: str, b: str) -> bool:
    return head(a) == head(b) or described_as(_head_word(a)) == described_as(_head_word(b))


def one_within_other(a: str, b: str) -> bool:
    """True if two descriptions have the same words, or one those of the other and more with the same head noun."""
    one, other = described_as(a), described_as(b)
    return one == other or (_same_head(a, b) and (one <= other or other <= one))


def is_description(name: str) -> bool:
    """True for "the health minister", "police", "Latvia's president"; the noun that a name is built on has a capital."""
    whole = plain(name)
    return (_BEHIND_HEAD.split(whole)[0].split() or whole.split())[-1][:1].islower()


def is_definite(name: str) -> bool:
    """True unless it begins with "a", "one" or a number."""
    return _INDEFINITE.match(name.strip()) is None


def acronym(name: str, words: tuple[str, ...]) -> bool:
    """True for "the U.N." and the words united, nations."""
    letters = re.sub(r"[^A-Za-z]", "", plain(name))
    return len(letters) > 1 and letters.isupper() and letters.casefold() == "".join(w[0] for w in words)


@cache
def state(name: str) -> str:
    """The country that a name of a government stands for ("Berlin", "the German government"); else the name itself."""
    whole = plain(name)
    words = [w for w in name_words(name) if w not in _GOVERNMENT]
    spoken_for = {place.casefold(): who.casefold() for place, (who, _) in metonyms().items()}
    known = country_names().get(whole.casefold()) or spoken_for.get(whole.casefold())
    if known:
        return country_names().get(known, known)
    return words[0] if len(words) == 1 and words[0] in country_names().values() else whole


def may_be_one(a: str, b: str) -> bool:
    """False for descriptions that cannot mean one person: "a rebel spokesman" and "an army spokesman", "a doctor" and "a patient"."""
    one, other = described_as(a), described_as(b)
    if _same_head(a, b):
        return one <= other or other <= one
    names = [{w for w in re.findall(r"[^\W_]+", plain(x)) if w[:1].isupper()} for x in (a, b)]
    if names[0] and names[1] and not names[0] & names[1]:
        return False
    return not any(exclusive(x, y) for x in one for y in other)
