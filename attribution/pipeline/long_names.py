"""Names of several words: institutions with what they are for, and titles that are no names by themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attribution.lexicon import forename_genders, noun_kinds
from attribution.pipeline.mentions import Name, bare, is_title


def with_what_it_is_for(text: str, found: list[Name]) -> list[Name]:
    """Lengthen an institution's name by what it is for: "Federal Office" + "for the Protection of the Constitution"."""
    out: list[Name] = []
    for n in sorted([*found, *_bodies(text, found)], key=lambda n: (n.start, -n.end)):
        if out and n.start < out[-1].end:
            continue
        if n.label != "ORG":
            out.append(n)
            continue
        whole = _from_its_start(text, _with_legal_form(text, _lengthened(text, n, found)), out)
        while out and out[-1].start >= whole.start:
            out.pop()
        out.append(whole)
    return out


def _with_legal_form(text: str, n: Name) -> Name:
    """Take in what sort of company a company is: "Varde Pumps" + "A/S", "Crowhurst Resources" + "plc"."""
    cut = _CUT_FORM.match(text, n.end) if text[n.end - 2 : n.end] == " A" else None
    m = cut or _LEGAL_FORM.match(text, n.end)
    return Name(n.start, m.end(), n.label) if m else n


_CUT_FORM = re.compile(r"/[SB]\b")
_LEGAL_FORM = re.compile(
    r",?\s(?:plc|PLC|Plc|A/S|ASA|AG|SE|N\.?V\.?|B\.?V\.?|Inc\.?|Corp\.?|Ltd\.?|Limited|LLC|LLP|L\.P\.|GmbH|S\.?A\.?|S\.p\.A\.|Oyj|AB|Pty|Bhd)(?![\w-])"
)


def _from_its_start(text: str, n: Name, before: Sequence[Name]) -> Name:
    """Take in the first half of a name with "and": "Food and" + "Drug Administration"."""
    last = before[-1] if before else Name(0, 0, "")
    gap = text[last.end : n.start]
    low = max(last.end, n.start - 60)
    if gap == " to " or (
        gap == " and "
        and last.label != "PERSON"
        and (_ADJECTIVE.fullmatch(text, last.start, last.end) or _is_a_field(text, last))
    ):
        low = last.start
    deed = _FOR_A_DEED.search(text, low, n.start)
    if deed is not None and noun_kinds().get(bare(deed[1])) == "organization":
        return Name(deed.start(), n.end, "ORG")
    m = _FIRST_HALF.search(text, low, n.start) or _AFTER_ARTICLE.search(text, last.end, n.start)
    noun = bare(text[n.start : n.end].rsplit(maxsplit=1)[-1])
    if (
        m is None
        or noun_kinds().get(noun) != "organization"
        or bare(m[1].split()[0]) in ("the", "a", "but", "and", "in")
        or any(is_title(w) for w in m[1].split())
    ):
        return n
    return Name(m.start(1), n.end, "ORG")


def _is_a_field(text: str, n: Name) -> bool:
    """True for what an office may be for, between "the" and "and": "the Mines and", "the Energy and"."""
    field = (
        _FIELD.fullmatch(text, n.start, n.end) is not None and text[max(0, n.start - 4) : n.start].casefold() == "the "
    )
    return field and noun_kinds().get(bare(text[n.start : n.end])) is None


_FIELD = re.compile(r"[A-Z][a-z]+(?:s|ing|ion|ture|ment|ce|gy|lth|ty|try)")
_FOR_A_DEED = re.compile(r"(?<![.!?:]\s)(?<!\n)(?:\b(?!The\s)[A-ZÀ-Þ][\w-]*\s)*\b([A-Z][a-z]+)\sto\s$")
_ADJECTIVE = re.compile(r"[A-Z]\w+(?:al|ern|an|ic|ish|ese)")
_AFTER_ARTICLE = re.compile(r"\b[Tt]he\s((?:[A-ZÀ-Þ][\w-]*\s){1,3})$")
_FIRST_HALF = re.compile(r"(?<![.!?:]\s)(?<!\n)((?:\b[A-ZÀ-Þ][\w-]*(?:['’]s?)?\s)+and\s)$")


def _bodies(text: str, found: Sequence[Name]) -> list[Name]:
    """Institutions that no name was seen in but whose form shows them: "the Ministry of Housing"."""
    taken = {i for n in found for i in range(n.start, n.end)}
    return [
        Name(m.start(), m.end(), "ORG")
        for m in _BODY.finditer(text)
        if noun_kinds().get(bare(m[1])) == "organization" and not taken & set(range(m.start(), m.end(1)))
    ]


def _lengthened(text: str, n: Name, found: Sequence[Name]) -> Name:
    if not any(noun_kinds().get(bare(w)) == "organization" for w in text[n.start : n.end].split()):
        return n
    whole = n
    while True:
        m = _PURPOSE.match(text, whole.end)
        m = m or (_AND_PURPOSE.match(text, whole.end) if _has_purpose(text, whole) else None)
        if m is not None and any(is_title(w) for w in m.group().split()):
            return whole
        if m is None or any(o.label not in ("LOC", "ORG") for o in found if whole.end <= o.start < m.end()):
            return whole
        whole = Name(whole.start, m.end(), "ORG")


def _has_purpose(text: str, n: Name) -> bool:
    """True for "Ministry of Energy", which may go on: "and Mines"."""
    return re.search(r"\s(?:of|for)\s(?:the\s)?[A-ZÀ-Þ][\w-]*$", text[n.start : n.end]) is not None


_BODY = re.compile(r"\b(?:[A-ZÀ-Þ][\w-]*\s)?([A-Z][a-z]+)(?=\s(?:of|for)\s(?:the\s)?[A-ZÀ-Þ])")
_AND_PURPOSE = re.compile(r"(?:,\s[A-ZÀ-Þ][\w-]*)*,?\sand\s(?:the\s)?[A-ZÀ-Þ][\w-]*(?:\s[A-ZÀ-Þ][\w-]*)?(?!\s[A-ZÀ-Þ])")
_PURPOSE = re.compile(
    r"\s(?:of|for|on)\s(?:the\s|an?\s)?[A-ZÀ-Þ][\w'’-]*(?:(?:\s|,\s|\sand\s|,\sand\s)[A-ZÀ-Þ][\w-]*)*"
)


def is_title_alone(text: str, n: Name, found: Sequence[Name]) -> bool:
    """True for "Speaker", "Bishop", "Dad" where nobody of that surname is named: a title, not a name."""
    word = bare(text[n.start : n.end])
    if not (_is_no_forename(word) and " " not in text[n.start : n.end].strip()):
        return False
    return not any(
        o.label == "PERSON"
        and o != n
        and bare(text[o.start : o.end]).split()[-1:] == [word]
        and o.end - o.start > len(word)
        for o in found
    )


def _is_no_forename(word: str) -> bool:
    """True for a casefolded word that is a title or an office and no forename."""
    return is_title(word) and word.title() not in forename_genders()
