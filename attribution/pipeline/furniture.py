"""Furniture: lines of a page that are no part of the story, told by what they say and, where that is not enough, by where
they stand. Bylines, datelines, credits, breadcrumbs, share bars, newsletter lines, related links, copyright notices.

Each rule asks for more than one sign, so that a real paragraph is not taken for furniture: a paragraph that opens with
a quotation mark or attributes something ("… said") never is.
"""

from __future__ import annotations

import re

from attribution.lexicon import forename_genders

LONGEST = 400
"""Characters of the longest paragraph that may be furniture; copyright notices are the longest."""

_QUOTES = "\"“”‘«„'"
_SAYS = re.compile(r"\b(?:said|says|told|asked|according to|added|warned|wrote|denied)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+|\d+")
_SEPARATORS = re.compile(r"\s*[|/>»›→]\s*|\s+[•·]\s+|\s*::\s*")
_FINAL = '.!?…:;,"”’»'


def kind_of_line(line: str) -> str | None:
    """What a line is wherever it stands: a kind of furniture, or None."""
    if len(line) > LONGEST or line[0] in _QUOTES:
        return None
    for kind, test in _TESTS:
        if test(line):
            return kind
    return None


def _words(line: str) -> list[str]:
    return [w.casefold() for w in _WORD.findall(line)]


# Copyright

_RIGHTS = re.compile(
    r"\ball (?:copy)?rights\b.{0,80}\breserved\b|\breproduction (?:is )?prohibited\b|\bnot for publication without\b"
    r"|\bmay not be (?:published|reproduced|republished|reprinted|redistributed|rewritten)\b"
    r"|\bno copyrighted content may\b|\bnot responsible for the content of external\b",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"^(?:©|\(c\)\s|copyright\b)", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def _is_copyright(line: str) -> bool:
    if _SAYS.search(line):
        return False
    if _COPYRIGHT.match(line):
        return bool(_YEAR.search(line) or "©" in line or "reserved" in line.casefold())
    return bool(_RIGHTS.search(line))


# Share bars

_SHARE_WORDS = frozenset(
    """
    share save print email e mail tweet facebook twitter x linkedin whatsapp telegram reddit pinterest instagram tiktok
    youtube messenger bluesky threads copy link listen comment comments bookmark follow us on this article story page
    post like via to with click here social media views k m gift font size text min mins a the our add as preferred
    source google news
    """.split()
)
_SHARE_SIGNS = frozenset(
    "share save print email tweet facebook twitter linkedin whatsapp telegram reddit pinterest listen comments bookmark follow".split()
)


def _is_share_bar(line: str) -> bool:
    words = _words(line)
    letters = [w for w in words if not w.isdecimal()]
    return (
        0 < len(words) <= 18 and line[-1] != "." and set(letters) <= _SHARE_WORDS and bool(set(letters) & _SHARE_SIGNS)
    )


# Newsletter and other lines that ask the reader for something

_ASKING = re.compile(
    r"^(?:please )?(?:sign up|subscribe|register|get (?:the|our|all|more|daily|your|breaking|unlimited)|receive (?:the|our|all)"
    r"|join (?:our|us|the)|download (?:the|our)|become an? |support (?:our|us|independent)|donate|advertise with"
    r"|e-?mail us|enter your|by (?:providing|submitting|entering|signing|clicking)|got a |do you have a |have a (?:story|tip)"
    r"|like this\?|enjoy(?:ed|ing) this|(?:never|don['’]t) miss|stay (?:up to date|informed|ahead)|follow (?:us|our)"
    r"|you(?:['’]re| are) receiving|want (?:more|the latest))",
    re.IGNORECASE,
)
_ASKED_FOR = re.compile(
    r"\b(?:news ?letters?|inbox|subscri\w+|app|alerts?|whats?app|telegram|channel|memberships?|member|supporter|unsubscribe"
    r"|sales desk|newsdesk|news desk|podcast|premium|free trial|terms of (?:use|service)|privacy policy|e-?mail|coffee"
    r"|story|tip|journalism|meetings?)\b",
    re.IGNORECASE,
)
_ADVERTISEMENT = re.compile(
    r"^\W*(?:advertisement|sponsored content|story continues below(?: advertisement)?|newsletter)\W*$", re.IGNORECASE
)


def _is_newsletter(line: str) -> bool:
    if _ADVERTISEMENT.match(line):
        return True
    return bool(_ASKING.match(line) and _ASKED_FOR.search(line) and len(line.split()) <= 50 and not _SAYS.search(line))


# Related links

_LINK_LINE = re.compile(
    r"^\W{0,3}(?:read(?: more| also| next| on)?|also read|see also|related|watch|tags?|topics?|filed under|keywords"
    r"|read more about|recommended|explore more|more)\s?:\s*\S",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^\W{0,3}(?:read (?:more|also|next)|also read|see also|tags|topics|further reading|in case you missed it"
    r"|related(?: (?:stories|articles|topics|links|content|coverage|news|posts|items|reading))?|recommended(?: for you| stories)?"
    r"|you (?:may|might) (?:also )?(?:like|be interested in)|trending(?: now)?|editor['’]s picks?)\s*[:»>]?\s*$",
    re.IGNORECASE,
)
_LATE_LABEL = re.compile(
    r"^(?:more (?:on|from|in|about) (?!the way\b)[^.!?]{2,40}|more [\w ]{2,20} news|most (?:read|viewed|popular|watched|shared)\b[^.!?]{0,30}"
    r"|(?:latest|popular|top) (?:news|stories|headlines)[^.!?]{0,20})$",
    re.IGNORECASE,
)


def _is_link_line(line: str) -> bool:
    return bool(_LINK_LINE.match(line)) and len(line.split()) <= 40


def is_label(line: str, *, late: bool) -> bool:
    """True for the words above a list of links; some kinds only after the story has begun (``late``)."""
    return bool(_LABEL.match(line) or (late and _LATE_LABEL.match(line)))


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


def _is_byline(line: str) -> bool:
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
    words = _words(line)
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


# Credits

_CREDIT_LINE = re.compile(
    r"^(?:(?:photo(?:graph)?s?|pictures?|pics?|images?|illustrations?|video|graphics?|credits?)(?: credit| by| courtesy| illustration)?\s*[:/]\s*\S.{1,80}"
    r"|(?:photo(?:graph)?|illustration|graphic|image|picture)s? (?:by|courtesy(?: of)?) \S.{1,60}"
    r"|(?:getty images|shutterstock|istock|handout|file photo|stock photo)(?:\s*/.{1,40})?|[\w .]{2,30}/(?:getty images|reuters|afp|ap))\W*$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?]\s+\S")


_SOURCE_LINE = re.compile(r"^sources?\s*:\s*[^.!?]{2,60}$", re.IGNORECASE)


def is_source_line(line: str) -> bool:
    """True for the line under a story that names its agencies: "Source: Al Jazeera and news agencies"."""
    return bool(_SOURCE_LINE.match(line))


def _is_credit(line: str) -> bool:
    if len(line.split()) > 14 or not _CREDIT_LINE.match(line) or _SENTENCE.search(line) or _SAYS.search(line):
        return False
    who = _CREDITED.search(line)
    return who is None or not line[who.end()].islower()


_CREDITED = re.compile(r"(?::|/|\bby|\bcourtesy(?: of)?)\s*(?=\S)", re.IGNORECASE)
_CREDIT_AT_END = re.compile(
    r"\((?:[^()]*\b(?:photo|photograph|file|picture|image|credit|getty|courtesy|handout)\b[^()]*"
    r"|(?:photo|picture|image|credit)s?\s*[:/][^()]*|[^()]*/(?:AP|AFP|Reuters|Getty)[^()]*)\)\s*\.?$"
    r"|\[(?:[^\[\]]*(?:file|photo|image|courtesy|handout)\b[^\[\]]*|[^\[\]]*/[^\[\]]*)\]\s*\.?$"
    r"|(?<=[.!?”\"’\s])(?:Photo|Photograph|Picture|Pic|Image|Illustration|Credit)s?(?: by| credit)?\s*:\s*[^\W\d_][^.:]{1,60}$"
    r"|(?<=\s)©\s?[^\W\d_][^.©]{2,60}$",
    re.IGNORECASE,
)
_CAPTION_LABEL = re.compile(r"^(?:photo|picture|image|caption)\s*:", re.IGNORECASE)


def credit_at_end(line: str) -> int | None:
    """Where the credit that ends a caption begins: "… in Riyadh. (Reuters photo)"; None if there is none."""
    if len(line) > 2 * LONGEST:
        return None
    match = _CREDIT_AT_END.search(line)
    return match.start() if match else None


def is_caption(line: str) -> bool:
    """True for the words under a picture, as far as a credit or a label tells them."""
    return bool(_CAPTION_LABEL.match(line)) or bool(credit_at_end(line))


# Breadcrumbs


def is_breadcrumb(line: str, *, first: bool) -> bool:
    """True for sections apart by signs, "News / Foreign Policy / China"; two sections only on an article's first lines."""
    if len(line) > 140 or line[-1] in ".!?":
        return False
    parts = [p for p in _SEPARATORS.split(line) if p]
    if len(parts) < (2 if first else 3):
        return False
    return all(len(p.split()) <= 6 and len(p) <= 45 and (p[0].isupper() or p[0] in "[(") for p in parts) and (
        len(parts) > 2 or all(len(p.split()) <= 4 and not any(c.isdigit() for c in p) for p in parts)
    )


_TESTS = (
    ("copyright", _is_copyright),
    ("share", _is_share_bar),
    ("credit", _is_credit),
    ("newsletter", _is_newsletter),
    ("related", _is_link_line),
    ("byline", _is_byline),
)
