"""Furniture: lines of a page that are no part of the story, told by what they say and, where that is not enough, by where
they stand. Bylines, datelines, credits, breadcrumbs, share bars, newsletter lines, related links, copyright notices.

Each rule asks for more than one sign, so that a real paragraph is not taken for furniture: a paragraph that opens with
a quotation mark or attributes something ("… said") never is.
"""

from __future__ import annotations

import re

from attribution.pipeline.bylines import is_byline, words_of

LONGEST = 400
"""Characters of the longest paragraph that may be furniture; copyright notices are the longest."""

_QUOTES = "\"“”‘«„'"
_SAYS = re.compile(r"\b(?:said|says|told|asked|according to|added|warned|wrote|denied)\b", re.IGNORECASE)
_SEPARATORS = re.compile(r"\s*[|/>»›→]\s*|\s+[•·]\s+|\s*::\s*")


def kind_of_line(line: str) -> str | None:
    """What a line is wherever it stands: a kind of furniture, or None."""
    if len(line) > LONGEST or line[0] in _QUOTES:
        return None
    for kind, test in _TESTS:
        if test(line):
            return kind
    return None


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
    words = words_of(line)
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
    ("byline", is_byline),
)
