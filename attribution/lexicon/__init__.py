"""Words that are data: cues by act, titles, head nouns, metonyms, countries, forenames; loaded once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Country(NamedTuple):
    """A country that can speak: its usual name, other names, demonyms."""

    name: str
    aliases: tuple[str, ...]
    demonyms: tuple[str, ...]


class LemmaTable(NamedTuple):
    """How words become lemmas, by part of speech (UPOS).

    ``words`` are exceptions, (part, word) → lemma. ``rules`` are endings, (part, ending) → (letters off, letters on); "^" is
    the beginning of the word; ``longest`` is the longest ending's length. ``cases`` say for (part, way of writing)
    whether lemmas keep their capitals, and of which words the opposite is true.
    """

    words: dict[tuple[str, str], str]
    rules: dict[tuple[str, str], tuple[int, str]]
    longest: int
    cases: dict[tuple[str, str], tuple[bool, frozenset[str]]]


def _rows(name: str) -> Iterator[list[str]]:
    for line in files(__name__).joinpath(name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.split("\t")


@cache
def acts_by_lemma() -> dict[str, str]:
    """Cue lemma, or phrase of lemmas joined by "_" → act; the first listing counts."""
    found: dict[str, str] = {}
    for act, lemmas in _rows("cues.tsv"):
        for lemma in lemmas.split():
            found.setdefault(lemma, act)
    return found


@cache
def lemmas_by_form() -> dict[str, str]:
    """Inflected form of a cue verb → its lemma, irregular and regular."""
    found: dict[str, str] = {}
    for lemma, forms in _rows("irregular.tsv"):
        for form in forms.split():
            found.setdefault(form, lemma)
    irregular = {row[0] for row in _rows("irregular.tsv")}
    words = {w for phrase in acts_by_lemma() for w in phrase.split("_")[:1]}
    for lemma in sorted(words - irregular):
        for form in regular_forms(lemma):
            found.setdefault(form, lemma)
    return found


def regular_forms(lemma: str) -> tuple[str, ...]:
    """The forms of a regular English verb, itself among them."""
    stem, doubled = lemma, lemma
    if lemma.endswith("e"):
        stem = lemma[:-1]
        return (lemma, f"{lemma}s", f"{lemma}d", f"{stem}ing")
    if lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        stem = lemma[:-1]
        return (lemma, f"{stem}ies", f"{stem}ied", f"{lemma}ing")
    if lemma.endswith(("s", "sh", "ch", "x", "z")):
        return (lemma, f"{lemma}es", f"{lemma}ed", f"{lemma}ing")
    return (lemma, f"{lemma}s", f"{doubled}ed", f"{doubled}ing")


@cache
def titles() -> frozenset[str]:
    """Words that stand before a name and are no part of it, casefolded, without full stops."""
    return frozenset(w.casefold() for row in _rows("titles.txt") for w in row[0].split())


@cache
def noun_kinds() -> dict[str, str]:
    """Singular head noun of a source → kind; the first listing counts, but for plural-only "group" words."""
    found: dict[str, str] = {}
    for kind, nouns in _rows("nouns.tsv"):
        for noun in nouns.split():
            found.setdefault(noun, kind)
    return found


@cache
def metonyms() -> dict[str, tuple[str, str]]:
    """Place or building → (who speaks, kind)."""
    return {word: (who, kind) for word, who, kind in _rows("metonyms.tsv")}


@cache
def countries() -> tuple[Country, ...]:
    """Countries with aliases and demonyms."""
    return tuple(
        Country(row[0], *(tuple(w.replace("_", " ") for w in row[i].split()) for i in (1, 2)))
        for row in _rows("countries.tsv")
    )


@cache
def country_names() -> dict[str, str]:
    """Every name or alias of a country → its usual name."""
    return {n: c.name for c in countries() for n in (c.name, *c.aliases)}


@cache
def demonyms() -> dict[str, str]:
    """Demonym → the country's usual name."""
    return {d: c.name for c in countries() for d in c.demonyms}


@cache
def forename_genders() -> dict[str, str]:
    """Forename → "M" or "F"."""
    return {row[0]: row[1] for row in _rows("forenames.tsv")}


@cache
def world_forenames() -> dict[str, str]:
    """Forename → "M" or "F" where lists of two countries agree, "m" or "f" where only one says so."""
    return {row[0]: row[1] for row in _rows("forenames_world.tsv")}


_LISTED = 2.0  # log ratio for a name that a single country's list has
_ENDING = 3  # letters of a forename's ending that tell its gender
_SEEN = 8  # forenames of that ending from which on it is believed before a shorter one


@cache
def _ending_genders() -> dict[str, float]:
    """Endings of forenames, up to three letters → how much likelier female than male, as a smoothed log ratio."""
    from collections import Counter
    from math import log

    counts = {"F": Counter[str](), "M": Counter[str]()}
    for name, gender in {**world_forenames(), **forename_genders()}.items():
        word = name.casefold()
        counts[gender.upper()].update({word[-n:] for n in range(1, _ENDING + 1)})
    endings = [
        e for e in set(counts["F"]) | set(counts["M"]) if len(e) == 1 or counts["F"][e] + counts["M"][e] >= _SEEN
    ]
    return {e: log((counts["F"][e] + 1.0) / (counts["M"][e] + 1.0)) for e in endings}


def female_leaning(forename: str) -> float:
    """How much likelier a forename is female than male, by a list of one country or by its ending: a log ratio, or 0."""
    if (listed := world_forenames().get(forename)) is not None:
        return _LISTED if listed.upper() == "F" else -_LISTED
    word = forename.casefold()
    table = _ending_genders()
    return next((table[word[-n:]] for n in range(_ENDING, 0, -1) if word[-n:] in table), 0.0)


@cache
def lemma_table() -> LemmaTable:
    """The table of lemmas, as ``attribution.training.lemmas`` learnt it."""
    words: dict[tuple[str, str], str] = {}
    rules: dict[tuple[str, str], tuple[int, str]] = {}
    cases: dict[tuple[str, str], tuple[bool, frozenset[str]]] = {}
    for kind, part, first, second, third in _rows("lemmas.tsv"):
        if kind == "word":
            words.update(((part, form), first) for form in third.split(" "))
        elif kind == "rule":
            rules[part, first] = (int(second), third)
        else:
            cases[part, first] = (second == "keep", frozenset(third.split(" ")) - {""})
    return LemmaTable(words, rules, max((len(ending) for _, ending in rules), default=0), cases)
