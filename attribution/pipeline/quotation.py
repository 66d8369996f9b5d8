"""Quotation marks: which characters open and close a quotation, and what stands inside one.

A deterministic automaton reads each paragraph once. It knows straight, curly, low, angle and single marks, tells
single marks from apostrophes, nests, carries a quotation over paragraphs that each open with the mark again, and
ends an unclosed quotation with its paragraph, so that a stray mark never costs more than that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from attribution.pipeline.segmentation import Range

# Family: marks of one family close each other. "s" families are the ones that apostrophes look like.
_OPENS = {
    "“": "d",
    "„": "d",
    "‟": "d",
    "«": "a",
    "‹": "g",
    "‘": "s",
    "‚": "s",
    "‛": "s",
    "〝": "d",
    "「": "k",
    "『": "w",
}
_CLOSES = {"”": "d", "»": "a", "›": "g", "’": "s", "〞": "d", "」": "k", "』": "w"}
_STRAIGHT = {'"': "d", "＂": "d", "'": "s", "`": "s", "´": "s"}
MARKS = frozenset(_OPENS) | frozenset(_CLOSES) | frozenset(_STRAIGHT)
_APOSTROPHES = frozenset("'’‘`´")
_ELISIONS = ("em", "til", "tis", "twas", "n", "cause", "bout", "round", "cos", "ere", "gainst")
_BEFORE_OPENING = frozenset("([{—–-―/:…\u2026")


_DEEPEST = 4  # quotations in quotations; what opens deeper is noise
_REACH = 2000  # characters in which a single mark must find its partner


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch between quotation marks, marks included, within one paragraph.

    ``start`` and ``end`` are code point offsets; ``depth`` is 1 for an outer quotation; ``closed`` tells whether
    its own closing mark was found; ``continues`` that it goes on a quotation left open in the paragraph before.
    """

    start: int
    end: int
    depth: int
    closed: bool
    continues: bool = False


@dataclass(slots=True)
class _Open:
    start: int
    family: str
    mark: str
    depth: int
    continues: bool = False


def quotations(text: str, paragraphs: Sequence[Range]) -> list[Quotation]:
    """All quotations of a text, in order of their start.

    Args:
        text: the article's text.
        paragraphs: its paragraphs, in order and without overlap.

    """
    found: list[Quotation] = []
    carried: str | None = None  # family of a quotation left open at the end of the paragraph before
    for paragraph in paragraphs:
        carried = _read_paragraph(text, paragraph, carried, found)
    found.sort(key=lambda q: (q.start, -q.end))
    return found


def _read_paragraph(text: str, paragraph: Range, carried: str | None, found: list[Quotation]) -> str | None:
    stack: list[_Open] = []
    i = paragraph.start
    while i < paragraph.end:
        width = 2 if text[i : i + 2] in ("``", "''") else 1
        mark = text[i]
        if mark in MARKS:
            family = "d" if width == 2 else _family(mark)
            action = _action(text, i, width, mark, family, paragraph, stack)
            if action == "open" and len(stack) < _DEEPEST:
                if stack and stack[-1].family == family and _style(stack[-1].mark) == _style(mark):
                    _close_unclosed(stack, i, text, found)
                continues = i == paragraph.start and carried == family
                stack.append(_Open(i, family, mark, len(stack) + 1, continues))
            elif action == "close":
                _close(stack, family, mark, i + width, found)
        i += width
    still_open = stack[0].family if stack else None
    while stack:
        top = stack.pop()
        found.append(Quotation(top.start, paragraph.end, top.depth, False, top.continues))
    return still_open


def _family(mark: str) -> str:
    return _OPENS.get(mark) or _CLOSES.get(mark) or _STRAIGHT[mark]


def _action(text: str, i: int, width: int, mark: str, family: str, paragraph: Range, stack: list[_Open]) -> str:
    before = text[i - 1] if i > paragraph.start else " "
    after = text[i + width] if i + width < paragraph.end else " "
    is_open = any(o.family == family for o in stack)
    if width == 1 and mark in _APOSTROPHES:
        return _single_action(text, i, before, after, is_open, paragraph)
    if mark in _OPENS:
        # German marks close with what opens in English: „…“, »…«.
        reversed_pair = {"“": "„", "«": "»", "‹": "›"}.get(mark)
        closes = not before.isspace() and any(o.mark == reversed_pair for o in stack)
        return "close" if closes else "open"
    if mark in _CLOSES:
        if is_open:
            return "close"
        return "open" if _may_open(before, after) else "none"
    opens, closes = _may_open(before, after), _may_close(before, after)
    if is_open:
        return "open" if opens and not closes and not _only_space_before_end(text, i, paragraph) else "close"
    return "open" if opens or not closes else "none"


def _single_action(text: str, i: int, before: str, after: str, is_open: bool, paragraph: Range) -> str:
    if before.isalnum() and after.isalnum():
        return "none"  # don't, O’Brien
    if is_open and not before.isspace() and _may_close(before, after):
        if before in "sS" and after == " " and _closes_later(text, i, paragraph):
            return "none"  # the ministers’ plan
        return "close"
    if text[i] in "’´" and not (is_open or before.isspace()):
        return "none"
    if not _may_open(before, after) or not (after.isalnum() or after in '“"«…[($£€‘¿¡—-'):
        return "none"
    word = _word_after(text, i + 1, paragraph.end)
    if word[:1].isdigit() and (word[1:3].rstrip("s").isdigit() and len(word.rstrip("s")) == 2):
        return "none"  # the ’90s
    if word in _ELISIONS:
        return "none"
    certain = text[i] == "‘" or i == paragraph.start
    return "open" if certain or _closes_later(text, i, paragraph) else "none"


def _closes_later(text: str, i: int, paragraph: Range) -> bool:
    """True if a single mark within reach can close, before one that can only open."""
    for j in range(i + 1, min(paragraph.end, i + _REACH)):
        if text[j] in _APOSTROPHES:
            before = text[j - 1]
            after = text[j + 1] if j + 1 < paragraph.end else " "
            if before.isalnum() and after.isalnum():
                continue
            if not before.isspace() and _may_close(before, after):
                if before in "sS" and after == " " and text[j + 2 : j + 3].islower():
                    continue
                return True
            if before.isspace() and _may_open(before, after):
                return False
    return False


def _word_after(text: str, i: int, end: int) -> str:
    j = i
    while j < end and text[j].isalnum():
        j += 1
    return text[i:j].casefold()


def _only_space_before_end(text: str, i: int, paragraph: Range) -> bool:
    return not text[i + 1 : paragraph.end].strip()


def _may_open(before: str, after: str) -> bool:
    return (before.isspace() or before in _BEFORE_OPENING or before in MARKS) and not after.isspace()


def _may_close(before: str, after: str) -> bool:
    return not before.isspace() and not after.isalnum()


def _style(mark: str) -> bool:
    return mark in _STRAIGHT


def _close(stack: list[_Open], family: str, mark: str, end: int, found: list[Quotation]) -> None:
    """Close the innermost quotation of a family, of the mark's own style if there is one.

    What stands open inside it ends with it.
    """
    same_family = [o for o in stack if o.family == family]
    same_style = [o for o in same_family if _style(o.mark) == _style(mark)]
    target = (same_style or same_family)[-1]
    while stack:
        top = stack.pop()
        found.append(Quotation(top.start, end, top.depth, top is target, top.continues))
        if top is target:
            return


def _close_unclosed(stack: list[_Open], at: int, text: str, found: list[Quotation]) -> None:
    """A mark opens where its own family stands open: the open one was never closed and ends before it."""
    top = stack.pop()
    end = at
    while end > top.start + 1 and text[end - 1].isspace():
        end -= 1
    found.append(Quotation(top.start, end, top.depth, False, top.continues))


def depths(text: str, marked: Sequence[Quotation]) -> bytearray:
    """Quotation depth of every code point, marks counted as inside; one byte each, capped at 255."""
    depth = bytearray(len(text))
    for q in marked:
        for i in range(q.start, q.end):
            if depth[i] < q.depth:
                depth[i] = min(q.depth, 255)
    return depth


def normalised(text: str, marked: Sequence[Quotation]) -> str:
    """The text with its marks made uniform, code point for code point, as the encoder reads it.

    Outer quotations get “ and ”, inner ones ‘ and ’, every other single mark becomes the straight apostrophe, so
    that the encoder sees one typography. Length and all offsets stay those of ``text``.
    """
    chars = list(text)
    for i, c in enumerate(chars):
        if c in "’‘`´‛":
            chars[i] = "'"
    for q in marked:
        chars[q.start] = "“" if q.depth == 1 else "‘"
        if text[q.start : q.start + 2] in ("``", "''"):
            chars[q.start + 1] = " "
        if q.closed:
            chars[q.end - 1] = "”" if q.depth == 1 else "’"
            if text[q.end - 2 : q.end] == "''" and q.end - 2 > q.start:
                chars[q.end - 2], chars[q.end - 1] = "”" if q.depth == 1 else "’", " "
    return "".join(chars)
