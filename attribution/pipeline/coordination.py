"""Coordination: a source that names several speakers ("Clinton and her aides") and the parts that each speak."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attribution.pipeline.mentions import PRONOUNS, Name, bare, head_kind, is_people, phrase, words
from attribution.pipeline.segmentation import Range

_JOINT = re.compile(r",?\s+(?:and|or|nor|as well as|along with)\s+|\s*/\s*|\s*&\s*|,\s+")
_LAST = re.compile(r"(?:,?\s+(?:and|or|nor|as well as|along with)|\s*/|\s*&)\s*$")
_OPENING = re.compile(r"(?:[Bb]oth|[Nn]either|[Ee]ither)\s+")
_ASIDE = re.compile(r"\s*\([^()]*\)|,\s+(?:R|D|I)-[A-Z][\w.]*(?=,|\s|$)|\s+all$")
_DEPENDENT = re.compile(
    r"(?:his|her|their|its|other|others|another|several|some|many|fellow|leading|top|senior|most|members|people|dozens)\b",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"(?:[Hh]e|[Ss]he)\s(?:and|or)\s")
_LONGEST = 300  # characters of a source that is taken apart


def parts(text: str, span: Range, names: Sequence[Name]) -> list[Range]:
    """The speakers that a coordinated source names, each as the range of its words; none if it names only one.

    The last two parts are joined by "and" or the like; commas join only names before them. A part counts if it is a
    name with what stands before it, a pronoun, or, after a named part, a dependent group ("his aides").

    Args:
        text: the article's text.
        span: the source.
        names: the names inside the source, in order.

    """
    whole = text[span.start : span.end]
    if len(whole) > _LONGEST or not (names or _PERSONAL.match(whole)):
        return []
    opening = _OPENING.match(whole)
    hidden = _without_asides(whole, names, span.start)
    found: list[Range] = []
    at = opening.end() if opening else 0
    joints = list(_JOINT.finditer(hidden, at))
    last = max((i for i, m in enumerate(joints) if _LAST.search(m.group())), default=-1)
    if last < 0 and hidden.endswith(", others"):
        last = len(joints) - 1  # a headline's "Obama, others"
    for i, m in enumerate([*joints[: last + 1], None]):
        end = m.start() if m else joints[i].start() if i < len(joints) else len(hidden.rstrip(" ,"))
        piece = _trimmed(hidden, at, end)
        if piece is not None:
            found.append(Range(span.start + piece.start, span.start + piece.end))
        at = m.end() if m else at
    kinds = [_kind(text, part, names) for part in found]
    slash = any("/" in m.group() for m in joints[: last + 1])
    if len(found) < 2 or "" in kinds or "group" in kinds[:-1] or (slash and set(kinds) != {"person"}):
        return []
    return found


def _without_asides(whole: str, names: Sequence[Name], start: int) -> str:
    """The source with parentheses and what names hold inside blanked, so that no joint is seen there."""
    letters = list(whole)
    for m in _ASIDE.finditer(whole):
        letters[m.start() : m.end()] = " " * (m.end() - m.start())
    for n in names:
        for i in range(n.start - start, n.end - start):
            if letters[i] in " ,&/":
                letters[i] = "_"
    return "".join(letters)


def _trimmed(hidden: str, start: int, end: int) -> Range | None:
    while start < end and hidden[start] in " ,":
        start += 1
    while end > start and hidden[end - 1] in " ,":
        end -= 1
    return Range(start, end) if start < end else None


def _kind(text: str, part: Range, names: Sequence[Name]) -> str:
    """ "person" or "name" (of something else), "person" for he and she, "group" (depends on what stands before it) or ""."""
    words_ = text[part.start : part.end]
    if PRONOUNS.get(bare(words_)) in ("M", "F"):
        return "person"
    for n in names:
        if part.start <= n.start and n.end <= part.end and n.label != "DATE" and _is_name(text, part, n):
            return "person" if n.label == "PERSON" else "name"
    if (
        any(part.start <= n.start and n.end <= part.end and n.label != "DATE" for n in names)
        and len(words(words_)) <= 5
    ):
        p = phrase(text, part)
        if head_kind(p) in ("organization", "government") and not p.plural and not _LINKS & set(p.modifiers):
            return "name"
    return "group" if depends(words_) else ""


def depends(part: str) -> bool:
    """True for a part that means somebody only beside another part: "his aides", "other Democrats"."""
    return _DEPENDENT.match(part) is not None


def _is_name(text: str, part: Range, n: Name) -> bool:
    """True if a part is a name with nothing but a determiner, titles and modifiers before it, and nothing of its own
    weight behind it.
    """
    before, after = words(text[part.start : n.start]), text[n.end : part.end].strip()
    if _LINKS & {w.casefold() for w in before}:
        return False
    if n.label == "PERSON":
        return not after or bool(re.fullmatch(r"(?:of|from) [A-Z][\w. ]*|(?:Jr|Sr|II|III)\.?|['’]s?", after))
    if is_people(words(text[n.start : n.end])[-1]) or len(before) > 2:
        return False
    if not after:
        return n.label in ("ORG", "LOC")
    return n.label != "NORP" and head_kind(phrase(text, part)) in ("organization", "government")


_LINKS = frozenset(
    ["of", "for", "with", "to", "from", "by", "in", "at", "on", "like", "including", "who", "which", "that"]
)
