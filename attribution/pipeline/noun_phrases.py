"""Noun phrases of a text, by its words' parts of speech: what a pronoun, a relative clause or "the report" may mean.

The tagger gives a part of speech for every word; a phrase is a run of determiners, modifiers and nouns, with what
hangs on it behind ("a letter to the board of the bank").
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from attribution.lexicon import noun_kinds
from attribution.pipeline.mentions import is_people, singular
from attribution.pipeline.segmentation import Range
from attribution.pipeline.tagging import ScoredText, parts_of_speech, tags


@dataclass(frozen=True, slots=True)
class Word:
    """A word or mark of a text with its part of speech (UPOS)."""

    start: int
    end: int
    part: str


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """A noun phrase: ``base`` up to its head noun, ``whole`` with what hangs on it behind; the ``head`` noun is singular
    and casefolded, ``proper`` tells that it is a name; ``determiner`` is its casefolded first word if that is one.
    """

    base: Range
    whole: Range
    head: str
    plural: bool
    proper: bool
    determiner: str
    head_start: int


def tagged(scored: ScoredText) -> list[Word]:
    """The words of a text with their parts of speech, in order; "'s" is a word of its own."""
    text = scored.text
    places = [Range(m.start(), m.end()) for m in _TOKEN.finditer(text)]
    parts = parts_of_speech(tags(scored), places)
    return [Word(p.start, p.end, part) for p, part in zip(places, parts, strict=True)]


_TOKEN = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|St|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Prof|No|Inc|Corp|Co|Ltd)\.|(?:[^\W\d_]\.){2,}|[^\W_]+(?:[.,]\d+)+"
    r"|(?<=\w)n['’]t\b|[^\W_]+?(?=n['’]t\b)|[^\W_]+(?:[-‑&/][^\W_]+|['’](?!s\b)[^\W_]+)*|(?<=\w)['’]s?\b|\S"
)


def noun_phrases(text: str, found: Sequence[Word], sentences: Sequence[Range]) -> list[NounPhrase]:
    """The noun phrases of a text, in order of their bases; none runs over the end of a sentence."""
    out: list[NounPhrase] = []
    i = 0
    bounds = [s.end for s in sentences]
    while i < len(found):
        k = bisect_left(bounds, found[i].start + 1)
        limit = bounds[k] if k < len(bounds) else found[-1].end
        j = _base_end(text, found, i, limit)
        if j is None:
            i += 1
            continue
        out.append(_phrase(text, found, i, j, limit))
        i = j
    return out


def base_at(text: str, found: Sequence[Word], i: int, limit: int) -> int | None:
    """Where the noun phrase that begins with word ``i`` ends, at most at ``limit``, without what hangs on it; None if none begins there."""
    j = _base_end(text, found, i, limit)
    return None if j is None else found[j - 1].end


def _base_end(text: str, found: Sequence[Word], i: int, limit: int) -> int | None:
    """The index behind the last noun of the phrase that begins at a word; None if none begins there."""
    if not _begins(text, found[i]):
        return None
    j, last = i, -1
    while j < len(found) and found[j].end <= limit and _continues(text, found, i, j, last):
        last = j if found[j].part in _NOUNS else last
        j += 1
    return last + 1 if last >= 0 else None


def _continues(text: str, found: Sequence[Word], i: int, j: int, last: int) -> bool:
    """True if the phrase that begins at word ``i``, with its last noun so far at ``last``, goes on with word ``j``."""
    part, word = found[j].part, text[found[j].start : found[j].end]
    before = found[j - 1] if j > i else None
    after = found[j + 1].part if j + 1 < len(found) else ""
    if part == "PART":
        return word.endswith(("s", "'", "’")) and last == j - 1
    if part == "DET" or (part == "PRON" and word.casefold() in _OWNERS):
        return before is None or before.part in ("DET", "ADV", "PRON") or (
            text[before.start : before.end].casefold() in ("all", "half", "both", "such")
        )  # fmt: skip
    if part == "ADV":
        return after in ("ADJ", "NUM", "VERB") and (last < 0 or last != j - 1)
    if part == "VERB":
        return before is not None and last != j - 1 and _PARTICIPLE.search(word) is not None
    if part == "PUNCT":
        return word == "," and before is not None and before.part == "ADJ" and after == "ADJ" and last < 0
    return part in _NOUNS or part in ("ADJ", "NUM", "SYM")


_PARTICIPLE = re.compile(r"(?:ed|ing|en|wn|de|lt|ght|id)$")
_NOUNS = ("NOUN", "PROPN")
_OWNERS = frozenset("his her its their my our your whose".split())


def _begins(text: str, w: Word) -> bool:
    if w.part in ("DET", "ADJ", "NUM", "NOUN", "PROPN", "ADV", "SYM"):
        return True
    return w.part == "PRON" and text[w.start : w.end].casefold() in _OWNERS


def _phrase(text: str, found: Sequence[Word], i: int, j: int, limit: int) -> NounPhrase:
    head = found[j - 1]
    surface = text[head.start : head.end]
    noun, plural = singular(surface)
    first = text[found[i].start : found[i].end].casefold()
    base = Range(found[i].start, head.end)
    people = head.part == "PROPN" or is_people(surface) or noun_kinds().get(noun) == "person"
    whole = Range(base.start, found[_tail_end(text, found, j, limit, people=people) - 1].end)
    determiner = first if found[i].part == "DET" or first in _OWNERS else ""
    return NounPhrase(base, whole, noun, plural, head.part == "PROPN", determiner, head.start)


def _tail_end(text: str, found: Sequence[Word], j: int, limit: int, *, people: bool) -> int:
    """The index behind what hangs on a phrase: prepositional phrases, one after the other.

    When and where ("on Tuesday", "in Abuja") belongs to what was done, unless the phrase means people.
    """
    end = j
    while end + 1 < len(found) and found[end].end <= limit and found[end].part == "ADP":
        word = text[found[end].start : found[end].end].casefold()
        if word not in _HANGING:
            break
        k = _base_end(text, found, end + 1, limit)
        if k is None:
            break
        if word in _PLACING and (
            is_time(text[found[k - 1].start : found[k - 1].end]) or (not people and found[k - 1].part == "PROPN")
        ):
            break
        end = k
    return end


_HANGING = frozenset("of for by from to about on against with in at".split())
_PLACING = frozenset(["in", "at", "on"])
_TIMES = frozenset(
    "year month week day hour minute today yesterday tomorrow tonight monday tuesday wednesday thursday friday saturday sunday "
    "morning evening night afternoon january february march april may june july august september october november december "
    "spring summer autumn winter decade century weekend".split()
)


def is_time(word: str) -> bool:
    """True for a word that tells when: "Tuesday", "weeks", "2019"."""
    return singular(word)[0] in _TIMES or (word.isdigit() and len(word) == 4)


def bare_name(text: str, span: Range) -> str:
    """The words of a stretch without the article before it, blanks as one."""
    return re.sub(r"\s+", " ", re.sub(r"^(?:[Tt]he|[Aa]n?)\s+(?=\w)", "", text[span.start : span.end]))
