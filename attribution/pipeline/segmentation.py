"""Paragraphs and sentences of a text, as half-open code point ranges.

Both are views: nothing is changed or removed, and a range never starts or ends with white space.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple


class Range(NamedTuple):
    """A half-open range of code points, ``text[start:end]``."""

    start: int
    end: int


_LINE = re.compile(r"[^\n\r\u2028\u2029\x0b\x0c\x85]+")
_BREAK = re.compile(r"(?:\r\n|[\n\r\u2028\u2029\x0b\x0c\x85])")
_HARD_WRAP_WIDTHS = range(50, 101)

_ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr prof sen rep gov gen lt col capt sgt maj adm cmdr rev hon st sr jr messrs mme jan feb mar apr
    jun jul aug sep sept oct nov dec vs etc inc corp co ltd llc no nos fig dept univ assn bros ave blvd rd u.s
    u.k u.n e.u d.c a.m p.m e.g i.e cf al approx est pres atty supt comdr insp det pte cpl supt mt ft
    """.split()
)
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)")
_OPENERS = "\"'“‘«([—–-"


def paragraphs(text: str) -> list[Range]:
    """Split a text into paragraphs.

    A line is a paragraph, unless the text is hard-wrapped (its lines fill a width of 50 to 100 characters and
    blank lines part the paragraphs), where a paragraph ends at a blank line.
    """
    lines = [_trim(text, m.start(), m.end()) for m in _LINE.finditer(text)]
    lines = [line for line in lines if line.start < line.end]
    if not _is_hard_wrapped(text, lines):
        return lines
    merged: list[Range] = []
    for line in lines:
        if merged and len(_BREAK.findall(text[merged[-1].end : line.start])) == 1:
            merged[-1] = Range(merged[-1].start, line.end)
        else:
            merged.append(line)
    return merged


def _is_hard_wrapped(text: str, lines: Sequence[Range]) -> bool:
    """True if most lines that another line follows directly break off near one common width."""
    inner = [a for a, b in pairwise(lines) if len(_BREAK.findall(text[a.end : b.start])) == 1]
    if len(inner) < 3:
        return False
    width = max(line.end - line.start for line in lines)
    if width not in _HARD_WRAP_WIDTHS:
        return False
    full = sum(line.end - line.start >= width - 20 for line in inner)
    unfinished = sum(text[line.end - 1] not in ".!?:”\"’'" for line in inner)
    return full >= 0.7 * len(inner) and unfinished >= 0.5 * len(inner)


def sentences(text: str, paragraph: Range) -> list[Range]:
    """Split one paragraph into sentences by punctuation, knowing common abbreviations and initials."""
    found: list[Range] = []
    start = paragraph.start
    for m in _SENTENCE_END.finditer(text, paragraph.start, paragraph.end):
        if _ends_sentence(text, m.start(), m.end(), paragraph.end):
            found.append(_trim(text, start, m.end()))
            start = m.end()
    tail = _trim(text, start, paragraph.end)
    if tail.start < tail.end:
        found.append(tail)
    return found


def _ends_sentence(text: str, stop: int, end: int, limit: int) -> bool:
    after = end
    while after < limit and (text[after].isspace() or text[after] in _OPENERS):
        after += 1
    if after >= limit:
        return True
    if text[after].islower():
        return False
    if text[stop] != "." or end - stop > 1:
        return True
    word = re.search(r"[^\s(\[“\"‘']*$", text[max(0, stop - 24) : stop])
    return not is_abbreviation(word.group() if word else "")


def is_abbreviation(word: str) -> bool:
    """True for a word whose full stop (not given) ends no sentence: "Sen", "U.S", an initial."""
    before = word.casefold()
    return (len(before) == 1 and before.isalpha() and before != "i") or before in _ABBREVIATIONS


def _trim(text: str, start: int, end: int) -> Range:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Range(start, end)


def index_at(ranges: Sequence[Range], offset: int) -> int:
    """The index of the last range that starts at or before an offset; 0 before the first."""
    return max(0, bisect_right(ranges, offset, key=lambda r: r.start) - 1)
