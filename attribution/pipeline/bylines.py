"""Bylines and datelines: who wrote a story, where and when, as lines of their own or at the head of its first paragraph."""

from __future__ import annotations

import re

from attribution.lexicon import forename_genders

_WORD = re.compile(r"[^\W\d_]+|\d+")
_FINAL = '.!?…:;,"”’»'


def words_of(line: str) -> list[str]:
    """The words and numbers of a line, casefolded."""
    return [w.casefold() for w in _WORD.findall(line)]


# Bylines

_BY = re.compile(
    r"^(?:exclusive )?(?:by|(?:written|posted|reported|story|words|text|analysis|review|compiled|translated|edited) by):? +(?=\S)",
    re.IGNORECASE,
)
_CREDITS = re.compile(
    r"^[(\[]\s*(?:additional )?(?:reporting|writing|editing|compiled|translat\w+|edited|written)\b.{0,20}? by\b.*[)\]]\.?$"
    r"|^[—–-]*\s*(?:with assistance (?:from|by)|with (?:additional )?(?:reporting|inputs?|files) (?:by|from)) .{2,150}$"
    r"|^[^.]{2,140}\bcontributed (?:to this (?:report|story|article)|reporting)\b[^.]{0,60}\.?$"
    r"|^.{2,200}[.] [^.]{2,80}\bcontributed reporting\b[^.]{0,60}\.?$",
    re.IGNORECASE,
)
_REPORTING = re.compile(r"^[—–-]*\s*(?:additional )?(?:reporting|writing|editing) by +(?=\S)", re.IGNORECASE)
_DESK = re.compile(
    r"^(?:staff (?:writer|reporter|correspondent)s?|(?:our|special) correspondents?|correspondents in [A-Z][^.]{2,50}|(?:web|news) desk"
    r"|with (?:AAP|AFP|AP|Reuters|agencies|wires))\.?$",
    re.IGNORECASE,
)
_BYLINE_WORDS = frozenset(
    """
    and in for of the with at on de da van von der den la le el al bin ibn di du dos das ter ten y e st
    staff writer writers reporter reporters correspondent correspondents editor columnist contributor senior chief
    political special foreign business bureau reporting additional news agencies
    """.split()
)
_DESK_WORD = re.compile(
    r"\b(?:correspondent|editor|reporter|writer|columnist|contributor|staff|press|news|agency|bureau)s?\b",
    re.IGNORECASE,
)
_MAIL_ADDRESS = re.compile(r"\S+@\S+|@\w+")
_ROLE = re.compile(
    r",[^,]{0,60}\b(?:writers?|reporters?|correspondents?|editor|columnist|contributor|bureau chief)$", re.IGNORECASE
)
_NAME = r"[^\W\d_a-z][\w.'’-]*(?: (?:[^\W\d_a-z][\w.'’-]*|de|da|van|von|der|den|al|bin|la|le|di|du)){1,4}"
_NAMES_AND_PLACES = re.compile(rf"^({_NAME}) in {_NAME}|^({_NAME}) in [^\W\d_a-z]\w+")


def is_byline(line: str) -> bool:
    """True for a line that names who wrote, reported or edited, and says nothing else."""
    if _CREDITS.match(line) or _DESK.match(line):
        return True
    by = _BY.match(line) or _REPORTING.match(line)
    return bool(by) and _only_names(line[by.end() :] if by else "")


def _only_names(rest: str) -> bool:
    """True for names, places, roles and dates and nothing else: no verb, no sentence."""
    first = _MAIL_ADDRESS.sub(" ", re.split(r"\s+[|•·]\s+", rest)[0]).rstrip(" .,")
    words = first.split()
    if not 0 < len(words) <= 24 or not words[0][0].isupper() or words[0].casefold() in ("the", "a", "an"):
        return False
    if is_time_stamp(first):
        return False
    return all(_fits_byline(w.strip(".,;:()&|•·—–-")) for w in words)


def _fits_byline(word: str) -> bool:
    return (
        not word or word[0].isupper() or word[0].isdigit() or word.casefold() in _BYLINE_WORDS or word in _STAMP_WORDS
    )


def is_names_only(line: str) -> bool:
    """True for a line of one or several names, with places or roles, as some papers print bylines. Only for lines at the
    head of an article: elsewhere such a line may be anything.
    """
    if line[-1] in _FINAL or len(line) > 120:
        return False
    parts = re.split(r"\s+[|•·]\s+", line)
    if len(parts) > 1:
        return is_names_only(parts[0].strip()) and all(is_time_stamp(p) or "@" in p for p in parts[1:])
    if _ROLE.search(line):
        return line[0].isupper()
    first = line.split(maxsplit=1)[0]
    known = first.title() in forename_genders()
    if _NAMES_AND_PLACES.match(line):
        return known
    return known and bool(re.fullmatch(rf"{_NAME}(?:(?:,| and| &) {_NAME}){{0,3}}", line)) and len(line.split()) <= 9


def byline_names(line: str) -> list[str]:
    """The names in a byline: "By Dana Moss and Ana Ruiz in Lugo" → both."""
    by = _BY.match(line)
    rest = re.split(r"\s+[|•·]\s+", line[by.end() :] if by else line)[0]
    if not by and not is_names_only(line):
        return []
    found: list[str] = []
    joined_by = ""
    for n, part in enumerate(re.split(r"\s*(,|&|\band\b)\s*", _MAIL_ADDRESS.sub(" ", rest))):
        if n % 2:
            joined_by = part
            continue
        name = re.split(r"\s(?:in|for|on|at|of)\s|\s\d", part.strip())[0].strip(" .")
        sure = not found or joined_by != "," or name.split(" ")[0].title() in forename_genders()
        if sure and re.fullmatch(_NAME, name) and not is_time_stamp(name) and not _DESK_WORD.search(name):
            found.append(name)
    return found


# Datelines and time stamps

_STAMP_WORDS = frozenset(
    """
    published updated update last first on at posted modified date time min mins minute minutes read words gmt utc bst est
    edt et pt pst pdt cet cest ist aest aedt wib am pm a p m h mon tue tues wed thu thur thurs fri sat sun monday tuesday
    wednesday thursday friday saturday sunday jan feb mar apr may jun jul aug sep sept oct nov dec january february march
    april june july august september october november december st nd rd th ago hours hour days day
    """.split()
)


def is_time_stamp(line: str) -> bool:
    """True for a line of dates and times: "Updated February 3, 2026 — 4.12pm", "Published", "2 min read"."""
    words = words_of(line)
    if not 0 < len(words) <= 24 or len(line) > 140:
        return False
    return all(w.isdecimal() or w in _STAMP_WORDS for w in words) and (
        any(w.isdecimal() for w in words) or words in (["published"], ["updated"], ["posted"])
    )


_AGENCY = r"(?:AP|AFP|Reuters|REUTERS|UPI|dpa|DPA|Xinhua|IANS|PTI|ANI|EFE|TASS|Kyodo|Yonhap|Bloomberg|CNN|BBC|ANSA|AA|APA|PNA)"
_CAPITALS = r"[^\W\d_a-zß-ÿ]{3}(?:[^\W\d_a-z]|['’.-])*(?:[ /](?:[^\W\d_a-z]|['’.-]){2,}){0,3}"
_DASH = r"(?:\s*(?:—|–|--)\s*|\s+-\s+)"
_DATELINE = re.compile(
    rf"^(?:{_CAPITALS}(?:,\s?[A-Z][\w.'’ -]{{1,24}}){{0,3}}(?:,\s?\d{{4}})?\s*(?:[(/][A-Z][\w.,'’& /-]{{1,40}}[)/])?{_DASH}"
    rf"|[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){{0,3}}(?:, [A-Z][\w.' -]{{1,24}}){{0,2}}\s*\({_AGENCY}\)(?:{_DASH}|\s*:?\s+)"
    rf"|\({_AGENCY}\){_DASH})(?=\S)"
)
_COLON_DATELINE = re.compile(rf"^{_CAPITALS}(?:,\s?[A-Z][\w.'’ -]{{1,24}}){{0,2}}\s?:\s+(?=\S)")
_PLACE_LINE = re.compile(rf"^{_CAPITALS}(?:,\s?[A-Z][\w.'’ -]{{1,24}}){{0,2}}(?:,\s?\w+)?$")
_WIRE_LINE = re.compile(rf"^{_CAPITALS},[^.!?]{{0,20}}\.?\s?\d{{1,2}}\b[^.!?]{{0,30}}$")


def dateline_length(line: str, *, colon: bool) -> int:
    """How many characters of a paragraph's beginning are its dateline: "BEIJING (Reuters) — "; 0 if it has none.

    ``colon`` also takes "NEW DELHI: ", which could be a speaker's label as well.
    """
    match = _DATELINE.match(line[:160]) or (_COLON_DATELINE.match(line[:160]) if colon else None)
    return match.end() if match else 0


def has_colon_label(line: str) -> bool:
    """True for capitals before a colon at a paragraph's beginning: a dateline, or the label of who speaks."""
    return bool(_COLON_DATELINE.match(line[:160]))


def is_place_line(line: str) -> bool:
    """True for a place in capitals that stands alone, or with a date: "ANKARA", "TOKYO, Sept. 5, Kyodo"."""
    return len(line) <= 60 and bool(
        _WIRE_LINE.match(line) or (_PLACE_LINE.match(line) and line[-1] not in _FINAL and len(line.split()) <= 4)
    )
