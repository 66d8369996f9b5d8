"""What words mean alike: synonyms, phrases of several words, and nouns of verbs, each brought to one sense.

``data/synonyms.tsv`` has a meaning a line. What stands in no line and ends like a noun of a verb or an adverb has the
sense of the word that it is made of, if the vectors of the two lie near: "announcement" and "announce", not
"station" and "state".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from attribution.comparison.forms import lemma, spelling
from attribution.comparison.vectors import vector

_SILENT = frozenset("a an the his her their its my our your".split())
_PARTICLES = frozenset("up down off out away back on over in".split())
_PARTED = 3  # words between a verb and its particle
_CLAUSES = frozenset("and or but that which who when while because to".split())
_NEAR = 0.4
_ENDINGS = (
    ("ation", ("ate", "", "e")), ("ition", ("e", "")), ("ion", ("", "e")), ("sion", ("d", "de")), ("ment", ("",)),
    ("al", ("", "e")), ("ance", ("", "e")), ("ence", ("", "e")), ("ness", ("",)), ("ity", ("", "e")), ("ly", ("",)),
    ("er", ("", "e")), ("or", ("", "e")),
)  # fmt: skip


class Sense(NamedTuple):
    """The sense of a word, "" within a phrase, and whether it is part of one."""

    base: str
    phrase: bool = False


class _Table(NamedTuple):
    words: dict[str, tuple[str, ...]]
    phrases: dict[str, list[tuple[tuple[str, ...], str]]]


@cache
def _table() -> _Table:
    """Base forms → senses, and the phrases by their first word, the longest first."""
    words: dict[str, tuple[str, ...]] = {}
    phrases: dict[str, dict[tuple[str, ...], str]] = {}
    for line in files(__package__).joinpath("data/synonyms.tsv").read_text(encoding="utf-8").splitlines():
        entries = [] if line.startswith("#") else line.split()
        for entry in entries:
            parts = tuple(p for p in (lemma(spelling(p)) for p in entry.split("_")) if p not in _SILENT)
            if len(parts) > 1:
                phrases.setdefault(parts[0], {}).setdefault(parts, entries[0])
            else:
                words[parts[0]] = (*words.get(parts[0], ()), entries[0])
    return _Table(words, {head: sorted(of.items(), key=lambda p: -len(p[0])) for head, of in phrases.items()})


def senses(lemmas: Sequence[str]) -> list[Sense]:
    """The sense of each of some base forms in a row."""
    found = [Sense(sense(base)) for base in lemmas]
    i = 0
    while i < len(lemmas):
        match = _phrase(lemmas, i)
        if match is None:
            i += 1
            continue
        base, places = match
        for k in places:
            found[k] = Sense("", phrase=True)
        found[i] = Sense(base, phrase=True)
        i = i + 1 if places[-1] - i >= len(places) + 1 else places[-1] + 1
    return found


def _phrase(lemmas: Sequence[str], i: int) -> tuple[str, list[int]] | None:
    """The longest phrase that begins at a word: its sense and the places of its words."""
    for parts, base in _table().phrases.get(lemmas[i], ()):
        places = [i]
        for part in parts[1:]:
            k = next(_after(lemmas, places[-1], part, apart=part == parts[-1] and len(parts) == 2), None)
            if k is None:
                break
            places.append(k)
        else:
            return base, places
    return None


def _after(lemmas: Sequence[str], at: int, part: str, *, apart: bool) -> Iterator[int]:
    """Where a phrase goes on with a word: next, behind articles, or apart for a particle."""
    k = at + 1
    while k < len(lemmas) and lemmas[k] in _SILENT:
        k += 1
    if k < len(lemmas) and lemmas[k] == part:
        yield k
    elif apart and part in _PARTICLES:
        for n in range(at + 1, min(at + 2 + _PARTED, len(lemmas))):
            if lemmas[n] in _CLAUSES:
                return
            if lemmas[n] == part:
                yield n


@cache
def sense(base: str) -> str:
    """The sense of a base form: that of its synonyms or of the word it is made of, or the base form itself."""
    known = _table().words
    if base in known:
        return known[base][0]
    for ending, others in _ENDINGS:
        if base.endswith(ending) and len(base) - len(ending) > 2:
            for other in others:
                origin = base[: -len(ending)] + other
                if _akin(base, origin):
                    return known.get(lemma(origin), (lemma(origin),))[0]
    return base


def all_senses(base: str) -> tuple[str, ...]:
    """The senses of a base form that stands in several lines, the first one first."""
    return _table().words.get(base) or (sense(base),)


def entry_sense(entry: str) -> str:
    """The sense of a word or "_"-joined phrase of a table."""
    found = senses([lemma(spelling(p)) for p in entry.split("_")])
    return next((s.base for s in found if s.base), entry)


def _akin(word: str, origin: str) -> bool:
    one, other = (vector(w) if vector(w) is not None else vector(f"{w}e") for w in (word, origin))
    return one is not None and other is not None and float(np.dot(one, other)) >= _NEAR
