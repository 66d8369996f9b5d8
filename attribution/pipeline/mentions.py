"""Mentions: the names, noun phrases and pronouns that may speak, and how a noun phrase is built."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from attribution.lexicon import (
    country_names,
    demonyms,
    forename_genders,
    metonyms,
    noun_kinds,
    titles,
    world_forenames,
)
from attribution.pipeline.segmentation import Range

Gender = Literal["M", "F", ""]

WORD = re.compile(r"[^\W_](?:[\w.]*\w)?(?:['’\-‑][^\W_][\w.]*)*\.?")
POSSESSIVE = re.compile(r"(?:['’]s|(?<=[A-Z])['’]S|(?<=[sS])['’])$")
_PREPOSITIONS = frozenset(
    """
    of for at in on with from to by under over near outside inside behind about against among between within
    without across aboard as than through during before after close familiar aware briefed who whom which that
    whose representing including led speaking
    """.split()
)
_BREAK = re.compile(r"\s*(?:,|\(|—|–|\s-\s|:|;)\s*|\s+(?=(?:who|whom|which|whose|where)\b)")
PRONOUNS: dict[str, str] = {
    "he": "M", "him": "M", "his": "M", "himself": "M", "she": "F", "her": "F", "hers": "F", "herself": "F",
    "they": "T", "them": "T", "their": "T", "theirs": "T", "it": "N", "its": "N", "i": "I", "me": "I", "my": "I",
    "mine": "I", "we": "W", "us": "W", "our": "W", "ours": "W", "you": "Y", "your": "Y", "who": "R", "which": "R",
    "that": "R", "whom": "R", "whose": "R", "one": "O", "this": "N", "these": "T", "those": "T",
}  # fmt: skip
_FEMALE_TITLES = frozenset(
    """
    mrs ms miss madam madame lady dame queen princess duchess countess baroness mme mlle frau sister mother
    congresswoman councilwoman chairwoman senhora señora signora alhaja assemblywoman
    """.split()
)  # fmt: skip
_MALE_TITLES = frozenset(
    """
    mr sir lord king prince duke father brother herr senhor señor signor monsieur congressman councilman
    chairman alhaji imam sheikh rabbi pope bishop cardinal assemblyman
    """.split()
)
_FEMALE_NOUNS = frozenset(
    """
    spokeswoman woman girl mother wife daughter sister aunt grandmother widow actress chairwoman congresswoman
    businesswoman queen princess policewoman nun waitress niece midwife granddaughter grandma granny gran mum mom mam
    stepmother stepdaughter stepsister godmother goddaughter mother-in-law daughter-in-law sister-in-law girlfriend fiancée
    fiancee bride hostess heiress landlady schoolgirl housewife headmistress ballerina lady ex-wife half-sister matriarch
    great-grandmother great-aunt
    """.split()
)
_MALE_NOUNS = frozenset(
    """
    spokesman man boy father husband son brother uncle grandfather chairman congressman businessman king prince
    policeman priest monk nephew widower fisherman grandson grandpa granddad grandad dad stepfather stepson stepbrother
    godfather godson father-in-law son-in-law brother-in-law boyfriend fiancé groom landlord schoolboy headmaster
    ex-husband half-brother patriarch great-grandfather great-uncle gentleman
    """.split()
)
OPENERS = frozenset(
    """
    But And Or Yet Now Then When While As If That Because After Before Although Though Since Until Unless Where
    Meanwhile However Instead Also Even Only Still Later Earlier Yes No Well Thus Perhaps Like With From At By For To
    Of On The Both Here There Once Today Nor Despite Unlike Asked Both
    """.split()
)
"""Words that a sentence begins with: their capital makes no name of them."""
_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv", "v", "md", "phd", "esq", "kc", "qc", "mp", "obe", "cbe"])


@dataclass(frozen=True, slots=True)
class Name:
    """A named entity: half-open range and label (PERSON, ORG, LOC, NORP or DATE)."""

    start: int
    end: int
    label: str


def in_title(text: str, n: Name | Range) -> bool:
    """True if a name stands in a line in title case or capitals."""
    line = text[text.rfind("\n", 0, n.start) + 1 : n.end] + text[n.end : n.end + 200].split("\n", 1)[0]
    long = [w for w in re.findall(r"[^\W\d_]+(?:['’]\w+)?", line) if len(w) > 4]
    return len(line) <= 200 and len(long) > 1 and all(w[0].isupper() for w in long)


def words(text: str) -> list[str]:
    """The words of a name or phrase."""
    return WORD.findall(text)


_REMEMBERED = 20_000  # words and names whose reading is kept: an article asks for the same ones again and again


@lru_cache(maxsize=_REMEMBERED)
def bare(word: str) -> str:
    """A word casefolded, without possessive and full stops."""
    return POSSESSIVE.sub("", word).replace(".", "").replace("’", "'").casefold()


@lru_cache(maxsize=_REMEMBERED)
def without_titles(name: str) -> str:
    """A person's name without the titles before it and the possessive after it."""
    name = POSSESSIVE.sub("", name.strip())
    parts = name.split()
    last_title = max((i for i, w in enumerate(parts[:-1]) if is_title(w) or POSSESSIVE.search(w)), default=-1)
    if last_title >= 0 and bare(parts[last_title]) == "det" and bare(parts[last_title + 1]) in ("con", "ch"):
        last_title += 1
    if last_title >= 0 and any(bare(w) not in _SUFFIXES for w in parts[last_title + 1 :]):
        parts = parts[last_title + 1 :]
    while len(parts) > 1 and parts[0].casefold() in ("the", "a", "an"):
        parts = parts[1:]
    while len(parts) > 1 and parts[-1].isupper() and bare(parts[-1]) in _LETTERS:
        parts = parts[:-1]
    return " ".join(parts).strip(" ,")


_LETTERS = frozenset("sc qc kc bl mp mep mla msp td ms mbe obe cbe dso san frs phd md sj op osb".split())


def is_title(word: str) -> bool:
    """True for a title and for a noun that names a person's office or work."""
    w = bare(word).strip("()").rstrip("'")
    if w == "del":  # "Del. Stacey Plaskett", but "Maria del Pilar"
        return word == "Del."
    if w == "ag":  # "AG Ana Ruiz", but "Ibrahim ag Wanzagane"
        return word == "AG"
    if w in titles() or noun_kinds().get(w) == "person":
        return True
    if "-" in w and w.startswith("ex-"):  # "Ex-banker"
        return noun_kinds().get(w[3:]) == "person" or w[3:] in titles()
    return "-" in w and all(part in titles() for part in w.split("-"))


def title_gender(text: str, start: int) -> Gender:
    """The gender that a title right before ``start`` shows."""
    before = re.split(r"\n\s*\n|[.!?”\"]\s*\n", text[max(0, start - 24) : start])[-1].split()
    for word in reversed(before[-2:]):
        if word.endswith(".") and len(word) > 5:
            break  # the end of a sentence: "the first lady. Sanders said"
        w = bare(word.rstrip(","))
        if w in _FEMALE_TITLES or w in _FEMALE_NOUNS:
            return "F"
        if w in _MALE_TITLES or w in _MALE_NOUNS:
            return "M"
        if w not in titles():
            break
    return ""


def forename_gender(name: str) -> Gender:
    """The gender that a full name's forename usually has; "" if unknown or of both."""
    first = name.split(maxsplit=1)[0] if name.split() else ""
    known = (
        table.get(word) for word in (first, first.split("-")[0]) for table in (forename_genders(), world_forenames())
    )
    found = next((k for k in known if k), "")
    return "M" if found == "M" else "F" if found == "F" else ""


def noun_gender(noun: str) -> Gender:
    """The gender that a noun shows ("spokeswoman")."""
    noun = noun.split("-of-", maxsplit=1)[0]
    if noun in _FEMALE_NOUNS or (noun.endswith("woman") and len(noun) > 5):
        return "F"
    return "M" if noun in _MALE_NOUNS or noun.endswith(_MAN) else ""


_MAN = ("sman", "rman", "dman", "lman", "kman", "cameraman", "fireman", "postman", "gunman", "frontman", "fisherman")


@lru_cache(maxsize=_REMEMBERED)
def name_key(name: str) -> tuple[str, ...]:
    """The words of a person's name for comparison: casefolded, no suffixes, no initials' stops."""
    return tuple(w for w in (bare(x) for x in words(name)) if w and w not in _SUFFIXES)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase taken apart.

    ``core``: up to the first comma, relative clause or parenthesis; ``head`` its head noun, singular and casefolded,
    "" if the phrase is a name; ``head_start`` the head's place; ``plural``; ``definite`` ("the", a possessive);
    ``modifiers`` the casefolded words before the head; ``rest`` what follows the core.
    """

    core: Range
    head: str
    head_start: int
    plural: bool
    definite: bool
    possessive: str
    modifiers: tuple[str, ...]
    rest: Range


def phrase(text: str, span: Range) -> Phrase:
    """Take a noun phrase apart by its commas, prepositions and the list of head nouns."""
    whole = text[span.start : span.end]
    m = _first_break(whole)
    core = Range(span.start, span.start + (m.start() if m else len(whole)))
    rest = Range(span.start + (m.end() if m else len(whole)), span.end)
    tokens = [(t.group(), core.start + t.start()) for t in WORD.finditer(text[core.start : core.end])]
    head_at = len(tokens) - 1
    for i, (w, _) in enumerate(tokens):
        if i and w.casefold() in _PREPOSITIONS:
            head_at = i - 1
            break
    first = tokens[0][0].casefold() if tokens else ""
    possessive = ""
    for w, _ in tokens[:head_at]:
        if POSSESSIVE.search(w) or w.casefold() in ("his", "her", "their", "its", "my", "our", "your"):
            possessive = w
    head, start = tokens[head_at] if tokens else ("", span.start)
    noun, plural = singular(head)
    definite = first in ("the", "this", "that", "these", "those", "both") or bool(possessive)
    modifiers = tuple(bare(w) for w, _ in tokens[:head_at])
    return Phrase(core, noun, start, plural, definite, possessive, modifiers, rest)


_DETERMINED = re.compile(
    r"\b(?:the|an?|its|his|her|their|our|my|this|that|these|those|some|many|several|two|three)\s", re.IGNORECASE
)
_CAPITALS = re.compile(r"\b[A-ZÀ-Þ][\w.'’&-]*(?:\s(?:of\s|de\s|al\s|bin\s|the\s)?[A-ZÀ-Þ][\w.'’&-]*)*$")
_NOT_IN_PHRASE = re.compile(
    r"[,;:(“\"]|\b(?:and|but|that|said|says|told|is|was|are|were|has|had|have|will|would|by|with|to|from|as|than)\b",
    re.IGNORECASE,
)


def phrase_before(text: str, low: int, end: int) -> Range | None:
    """The noun phrase that ends right before ``end``, which a relative pronoun there stands for; None if none is seen.

    From its last determiner on ("the self-ruled island of Taiwan"), or the capitals that it ends with.
    """
    low = max(low, end - 120)
    while end > low and text[end - 1] in " ,(—–\n\xa0":
        end -= 1
    starts = list(_DETERMINED.finditer(text, low, end))
    for i in range(len(starts) - 1, -1, -1):
        start = starts[i].start()
        if _NOT_IN_PHRASE.search(text, starts[i].end(), end):
            return None
        if text[max(low, start - 4) : start] == " of " and i > 0:
            continue
        return Range(start, end)
    m = _CAPITALS.search(text[low:end])
    return Range(low + m.start(), end) if m else None


def _first_break(whole: str) -> re.Match[str] | None:
    for m in _BREAK.finditer(whole):
        if m.start() == 0:
            continue
        before, after = whole[: m.start()], whole[m.end() :]
        mark = m.group().strip()
        if mark == "," and before[-1:].isdigit() and re.match(r"\d{3}\b", after):
            continue  # 1,140 farms
        if mark == "," and re.match(r"(?:Jr|Sr|II|III|Inc|Ltd|LLC)\b", after):
            continue
        if (
            mark == "("
            and re.match(r"[^()]*\)\s+\w", after)
            and not re.match(r"[^()]*\)\s+(?:who|which|whose)\b", after)
        ):
            continue  # Athletics Kenya (AK) executive Hezron Mutai
        return m
    return None


def singular(word: str) -> tuple[str, bool]:
    """A noun casefolded in the singular, and whether it was plural."""
    w = bare(word)
    kinds = noun_kinds()
    special = {"men": "man", "women": "woman", "children": "child", "wives": "wife", "media": "media",
               "police": "police", "data": "data", "people": "people", "fishermen": "fisherman"}  # fmt: skip
    if w in special:
        return special[w], w not in ("police", "data", "media")
    if w.endswith("men") and f"{w[:-2]}an" in kinds:
        return f"{w[:-2]}an", True
    if w in kinds and kinds[w] != "group" and not (w.endswith("s") and w[:-1] in kinds):
        return w, False
    for ending, new in (("ies", "y"), ("ses", "s"), ("ches", "ch"), ("s", "")):
        if w.endswith(ending) and not w.endswith("ss") and len(w) > 3:
            return w[: -len(ending)] + new, True
    return w, w in kinds


def head_kind(p: Phrase) -> str:
    """The kind of source that a phrase's head noun names; "" if the list does not know it."""
    kinds = noun_kinds()
    found = kinds.get(p.head) or (kinds.get(f"{p.head}s") if p.plural else None) or ""
    if not found and "-" in p.head:
        found = kinds.get(p.head.rsplit("-", 1)[1], "") or kinds.get(p.head.split("-of-")[0], "")
    return found


@lru_cache(maxsize=_REMEMBERED)
def is_people(word: str) -> bool:
    """True for a plural that means people: "Republicans", "Mexicans", "researchers"."""
    w = bare(word)
    noun, plural = singular(w)
    kinds = noun_kinds()
    if not plural or w.endswith("ss"):
        return False
    return kinds.get(w) == "group" or kinds.get(noun) == "person" or is_nationals(word)


def is_nationals(word: str) -> bool:
    """True for the people of a country or party: "Mexicans", "Republicans"."""
    return word.endswith("s") and (word in demonyms() or bare(word) in _PARTISANS)


_PARTISANS = frozenset(
    ["democrats", "republicans", "conservatives", "liberals", "independents", "labourites", "tories"]
)


def speaking_place(name: str) -> tuple[str, str] | None:
    """(who speaks, kind) for a capital, seat of government, country or demonym; None for other names."""
    name = name.replace("’", "'")
    if name in metonyms():
        return metonyms()[name]
    if name in country_names():
        return country_names()[name], "government"
    if name in demonyms():
        return demonyms()[name], "government"
    return None
