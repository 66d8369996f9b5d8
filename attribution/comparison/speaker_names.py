"""Names of speakers → the words that tell them: without articles, titles, numbers and legal forms, in one spelling."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from attribution.comparison.forms import country_names, lemma, normal
from attribution.comparison.senses import senses
from attribution.lexicon import demonyms, metonyms, titles

_LEFT_OUT = frozenset("the a an of and for s 's in on at with to by from mr mrs ms dr sir one two three four five six "
                      "seven eight nine ten several some many few other another".split())  # fmt: skip
_LEGAL = re.compile(r"plc|Plc|PLC|Ltd|LTD|Inc|Corp|LLC|GmbH|AG|SA|SE|AS|ASA|AB|NV|Oyj|SpA|Holdings?|Group|Company|Co")
_INDEFINITE = re.compile(r"(?:a|an|one|two|three|four|five|six|several|some|many|few|another)\b", re.IGNORECASE)
_BEHIND_HEAD = re.compile(r",|\b(?:of|for|at|in|on|with|from|to|by|who|that|close|familiar|near)\b")
_ONE_KIND = {"department": "ministry", "defence": "defense", "centre": "center"}
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
    found = []
    for raw in re.findall(r"(?:[A-Za-z]\.){2,}|[^\W_]+(?:['’][^\W_]+)?", plain(name)):
        bare = re.sub(r"['’]s?$", "", raw)
        word = normal(demonyms().get(bare, bare))
        if word not in _LEFT_OUT and not (word in titles() and raw[:1].isupper()):
            found.append((lemma(word) if raw[:1].islower() else word, _LEGAL.fullmatch(raw) is not None))
    telling = [word for i, (word, legal) in enumerate(found) if not legal or not i]
    return tuple(telling) or tuple(normal(w) for w in name.split())


@cache
def kind_words(name: str) -> frozenset[str]:
    """The words of an institution's name in base forms, those for one kind of institution as one: Department, Ministry."""
    return frozenset(_kind(w) for w in name_words(name))


def _kind(word: str) -> str:
    return lemma(_ONE_KIND.get(word, word))


@cache
def described_as(description: str) -> frozenset[str]:
    """The senses of the words of a description: "one of the witnesses", "an eyewitness"."""
    words = [lemma(w) for w in name_words(description)]
    return frozenset(s.base for s in senses(words) if s.base)


@cache
def head(name: str) -> str:
    """The base form of the noun that a name or description is built on: union of "National Union of Teachers"."""
    whole = re.sub(r"(?i)^\w+ of (?=the\b)", "", plain(name))
    return _kind(name_words(_BEHIND_HEAD.split(whole)[0] or whole)[-1])


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
