"""Passages → words that compare across outlets: one spelling, one form, and their places in the article.

Contractions are split ("won|'t" reads as will, not), country names and abbreviations become one word, British and
American spellings meet, honorifics and opening "that" are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from attribution.claims import Span
from attribution.comparison.forms import country_names, lemma, normal
from attribution.comparison.senses import senses

FUNCTION = frozenset(
    "a an the and or but nor so if then than that which who whom whose this these those there here it its he him his "
    "she her hers they them their theirs we us our ours you your yours i me my mine himself herself itself themselves "
    "ourselves myself yourself is are was were be been being am has have had having do does did will would shall should "
    "can could may might must to of in on at by for with from as into onto about over after before between through "
    "during against under within upon also just only very too even still yet already again more most much many some any "
    "such own same other another each every both all when while where why how what 's not no because since until "
    "though although however per via out up down off now s".split()
)
MODALS = frozenset("will would shall should can could may might must".split())
NEGATIONS = frozenset("not no never neither nor none nobody nothing nowhere without cannot hardly scarcely".split())
_HONORIFICS = frozenset("mr mrs ms miss dr sir".split())
_WORD = re.compile(
    r"per\ cent\b|[$£€]?\d+(?:[.,:]\d+)*(?:st|nd|rd|th|bn|m|k|pm|am)?%?|(?:[A-Za-z]\.){2,}|"
    r"(?:[^\W\d_](?!['’]t\b))+(?=n['’]t\b)|n['’]t\b|['’](?:re|ll|ve|m|d|s)\b|[^\W_]+|\.\.\.|…",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word: its common form ``norm``, its base ``lemma``, its place (code points of the article).

    ``gap``: an ellipsis or the seam of two pieces stands before it. ``name``: written with a capital within a sentence.
    ``sense`` is one for all words and phrases of a meaning ("step down", "resign"); the first word of a phrase has it,
    the others have none, and neither denies: "in no danger". ``phrase``: part of one.
    """

    norm: str
    lemma: str
    start: int
    end: int
    gap: bool = False
    name: bool = False
    sense: str = ""
    phrase: bool = False

    @property
    def content(self) -> bool:
        """A word that carries meaning of its own."""
        return bool(self.sense) if self.phrase else self.norm not in FUNCTION


def words_of(text: str, spans: Sequence[Span]) -> list[Word]:
    """The words of a passage, in order; ``spans`` are code points into ``text``."""
    found: list[Word] = []
    for i, span in enumerate(spans):
        gap = i > 0
        for start, end in _merged(text, span):
            raw = text[start:end]
            if raw in ("...", "…"):
                gap = True
                continue
            norm = normal(raw)
            if norm in _HONORIFICS and raw[:1].isupper():
                continue
            name = raw[:1].isupper() and bool(found) and text[max(0, start - 2) : start].strip(" ") not in _OPENERS
            found.append(Word(norm, lemma(norm), start, end, gap and bool(found), name))
            gap = False
    said = found[1:] if found and found[0].norm == "that" and len(found) > 3 else found
    return [
        replace(w, sense=s.base, phrase=s.phrase) for w, s in zip(said, senses([w.lemma for w in said]), strict=True)
    ]


_OPENERS = frozenset('. “ " ‘ ! ?'.split())


def _merged(text: str, span: Span) -> Iterator[tuple[int, int]]:
    """Places of words; the words of a country's name are one."""
    places = [(m.start(), m.end()) for m in _WORD.finditer(text, span.start, span.end)]
    i = 0
    while i < len(places):
        size = next((n for n in (4, 3, 2) if i + n <= len(places) and _place(text, places[i : i + n])), 1)
        yield places[i][0], places[i + size - 1][1]
        i += size


def _place(text: str, places: Sequence[tuple[int, int]]) -> bool:
    return text[places[0][0]].isupper() and text[places[0][0] : places[-1][1]].casefold() in country_names()
