"""Roles and affiliations: what a title before a name or an apposition beside it says about a person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from attribution.lexicon import demonyms, noun_kinds, titles
from attribution.lexicon.offices import OFFICES
from attribution.pipeline.mentions import WORD, Name, bare
from attribution.pipeline.noun_phrases import NounPhrase
from attribution.pipeline.segmentation import Range

_DETERMINER = re.compile(r"^(?:the|a|an|its|their|our|my|whose|his|her|one of the|one of)\s+", re.IGNORECASE)
_PLAIN_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "sir",
        "dame",
        "lord",
        "lady",
        "madam",
        "mister",
        "mme",
        "mlle",
        "herr",
        "frau",
        "hon",
        "then",
        "late",
    ]
)
_NAME_WORD = re.compile(r"[A-ZÀ-ÞĀ-ž][\w.'’&‑-]*|of|and|for|the|&|de|du")


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody is ("top diplomat for East Asia"), of what ("State Department"), and where that is written."""

    role: str
    affiliation: str
    span: Range
    words: frozenset[str]


class Phrases:
    """Noun phrases by where they begin, and by where they or their head nouns end, the longest first."""

    def __init__(self, found: Iterable[NounPhrase]) -> None:
        self.at: dict[int, NounPhrase] = {}
        self.ending: dict[int, list[NounPhrase]] = {}
        for p in found:
            self.at[p.base.start] = p
            for end in {p.base.end, p.whole.end}:
                self.ending.setdefault(end, []).append(p)


def role_of(text: str, name: Name, sentence: Range, others: Sequence[Name], phrases: Phrases) -> list[Role]:
    """Roles that the words around one mention of a person give, surest first.

    Args:
        text: the article's text.
        name: the mention of the person.
        sentence: the sentence that it stands in.
        others: all names of the article, for affiliations.
        phrases: its noun phrases.

    """
    candidates = (
        _before(text, name, sentence),
        _after(text, name, sentence, phrases),
        _leading(text, name, sentence, phrases),
    )
    found = [c for c in candidates if c is not None]
    party = _party(text, name)
    return [*(r for r in (_role(text, c, others) for c in found) if r is not None), *([party] if party else [])]


def _party(text: str, name: Name) -> Role | None:
    """The party and state in letters behind a name: "(R-Utah)", ", D-Ariz.,", "(D)"."""
    m = _LETTERS.match(text, name.end)
    if m is None:
        return None
    party = _PARTIES[m["party"]]
    place = (m["place"] or "").strip(" .")
    state = _STATES.get(place.replace(".", "").casefold(), place.casefold())
    return Role(party, "", Range(m.start("party"), m.end()), frozenset([party.casefold(), *state.split()]))


_LETTERS = re.compile(
    r"(?:\s\(|,\s)(?P<party>[RDI])(?:[-–](?P<place>[A-Z][\w.]*(?:\s[A-Z][\w.]*)?)(?=[),;]|\s)|(?=\)))"
)
_PARTIES = {"R": "Republican", "D": "Democrat", "I": "Independent"}
_STATES = {
    abbreviation: name.replace("_", " ")
    for name, abbreviations in (
        pair.split(":")
        for pair in """
        alabama:ala,al alaska:ak arizona:ariz,az arkansas:ark,ar california:calif,ca colorado:colo,co connecticut:conn,ct
        delaware:del,de florida:fla,fl georgia:ga hawaii:hi idaho:id illinois:ill,il indiana:ind,in iowa:ia kansas:kan,ks
        kentucky:ky louisiana:la maine:me maryland:md massachusetts:mass,ma michigan:mich,mi minnesota:minn,mn
        mississippi:miss,ms missouri:mo montana:mont,mt nebraska:neb,ne nevada:nev,nv new_hampshire:nh new_jersey:nj
        new_mexico:nm new_york:ny north_carolina:nc north_dakota:nd ohio:oh oklahoma:okla,ok oregon:ore,or
        pennsylvania:pa rhode_island:ri south_carolina:sc south_dakota:sd tennessee:tenn,tn texas:tex,tx utah:ut
        vermont:vt virginia:va washington:wash,wa west_virginia:wva,wv wisconsin:wis,wi wyoming:wyo,wy
        """.split()
    )
    for abbreviation in abbreviations.split(",")
}


def role_told(text: str, source: Range, others: Sequence[Name], phrases: Phrases) -> Role | None:
    """The role that a source gives by which nobody is named ("the Dutch lawyer"), for somebody of whom no other is known."""
    found = phrases.at.get(source.start)
    if found is None or found.plural or found.head in _ANYBODY or not _is_role_noun(found.head):
        return None
    if found.determiner not in ("", "the", "a", "an") or found.base.end > source.end:
        return None
    return _role(text, found.base, others)


_ANYBODY = frozenset("man woman person boy girl one somebody someone guy lady gentleman member human".split())


def sort_of(text: str, name: Name, sentence: Range) -> Role | None:
    """What the words around an institution's name say it is: "the data firm BoxPulse", "Quietzip, a start-up"."""
    found: list[str] = []
    before = _NOUNS_BEFORE.search(text, max(sentence.start, name.start - 60), name.start)
    if before and before.end() == name.start:
        found += before.group().split()
    after = _NOUN_AFTER.match(text, name.end, min(sentence.end, name.end + 100))
    if after:
        found += [bare(w) for w in WORD.findall(after.group())]
    found += [bare(w) for w in WORD.findall(text[name.start : name.end])]
    kinds = noun_kinds()
    sorts = frozenset(w for w in found if kinds.get(w) in ("organization", "document"))
    return Role(" ".join(sorted(sorts)), "", Range(name.start, name.end), sorts) if sorts else None


_NOUNS_BEFORE = re.compile(r"(?:\b[a-z][\w-]*\s){1,3}$")
_NOUN_AFTER = re.compile(r",\s+(?:the|an?|its|which (?:is|was) (?:the|an?)|Britain['’]s|the \w+['’]s)\s[^,.;:()]{3,80}")


def _is_role_noun(word: str) -> bool:
    w = bare(word)
    return noun_kinds().get(w) == "person" or (w in titles() and w not in _PLAIN_TITLES)


def _before(text: str, name: Name, sentence: Range) -> Range | None:
    """ "U.S. State Department spokesperson" right before the name; titles inside the name's span count too."""
    tokens = [(m.group(), m.start(), m.end()) for m in WORD.finditer(text, sentence.start, name.end)]
    inner = [t for t in tokens if t[1] >= name.start]
    outer = [t for t in tokens if t[1] < name.start]
    end = name.start
    for t in inner[:-1]:
        if not _is_role_noun(t[0]):
            break
        end = t[2]
        outer.append(t)
    if not outer or text[outer[-1][2] : name.start if end == name.start else end].strip():
        return None
    start: int | None = None
    following = end
    for word, a, b in reversed(outer):
        gap = text[b:following]
        if gap.strip() and following != end:
            break
        if start is None and word[:1].isupper() and (office := _OFFICE.search(text, sentence.start, b)):
            start = following = office.start()
            continue
        if b > following:
            continue
        if _is_role_noun(word) or (start is not None and _may_modify(word)):
            start = a
        else:
            break
        following = a
    if start is None:
        return None
    region = text[start:end].strip()
    words = [bare(w) for w in WORD.findall(region)]
    if all(w in _PLAIN_TITLES or w in ("dr", "prof") for w in words):
        return None
    return Range(start, start + len(text[start:end].rstrip()))


_OFFICE = re.compile(
    r"\b(?:[Ss]ecretary|[Mm]inister|[Dd]irector|[Cc]hief|[Pp]resident|[Ss]peaker|[Hh]ead|[Dd]ean|[Mm]ember)s? of (?:the )?[A-Z][\w-]+$"
)


def _may_modify(word: str) -> bool:
    w = bare(word)
    if w in ("the", "a", "an", "and", "but", "as", "that", "by", "with", "in", "on", "to", "said", "says", "told", "when",
             "while", "after", "before", "where", "who", "because", "if", "his", "her", "their", "its"):  # fmt: skip
        return False
    return word[:1].isupper() or w in _ADJECTIVES or "-" in w or noun_kinds().get(w) is not None


_ADJECTIVES = frozenset(
    """
    foreign prime deputy vice senior top chief former ex current interim acting assistant associate national
    regional local state federal general human rights public private military political economic financial
    presidential party opposition campaign press media senate house city county council football cricket rugby
    team club company energy health education defence defense finance interior justice labour labor trade
    environment climate power union police fire veteran retired lead leading main managing executive founding
    new young old longtime lay
    """.split()
)


def _after(text: str, name: Name, sentence: Range, phrases: Phrases) -> Range | None:
    """ ", the State Department's top diplomat for East Asia," after the name, or "(D-Ill.)", or "who leads …"."""
    m = _BEHIND.match(text, name.end, sentence.end)
    if not m:
        return None
    start = m.start("office") if m["office"] else m.end()
    stop = _BEHIND_ROLE.search(text, start, sentence.end)
    end = stop.start() if stop else sentence.end
    chunk = text[start:end]
    if m["office"]:
        return Range(start, end) if 2 < len(chunk.split()) <= _LONGEST_OFFICE else None
    if not chunk.strip():
        return None
    found = phrases.at.get(start)
    ending = bare(chunk.split()[-1])
    if found is None or (found.proper and ending not in _ROLE_ENDINGS and not _is_role_noun(found.head)):
        return Range(start, end) if ending in _ROLE_ENDINGS else None
    if found.plural or found.determiner == "whose" or len(chunk.split()) > _LONGEST_ROLE:
        return None
    end = max(_with_more(text, found, phrases, end), found.whole.end)
    if _is_role_noun(found.head):
        return Range(start, end)
    apart = m.group().strip().startswith(",") and stop is not None
    described = apart and found.determiner and noun_kinds().get(found.head) is None and not found.proper
    return Range(start, end) if described else None


def _with_more(text: str, found: NounPhrase, phrases: Phrases, end: int) -> int:
    """Where a role ends that "and" or a relative clause goes on: what stands before the next stop, but no other person."""
    rest = _AND.match(text, found.whole.end, end + 60)
    second = phrases.at.get(rest.end()) if rest else None
    if second is None or second.proper or (second.plural and second.determiner):
        return end
    last = second.whole.end
    return last if _ENDS_ROLE.match(text, last) else end


_AND = re.compile(r"\s(?:and|&)\s")
_ENDS_ROLE = re.compile(r"\s*(?:[,;.)“\"”–—]|$)")
_LONGEST_ROLE = 16  # words up to the next comma


_ANY_OFFICE = "|".join(sorted(OFFICES))
_BEHIND = re.compile(
    rf"\s*(?:,?\s+who (?:now |currently |once |also |has )?(?P<office>{_ANY_OFFICE})\s+|,?\s+who (?:is|was)\s+"
    r"|,\s*(?:\d{1,3}\s*,\s*)?(?:(?:then|now|currently|formerly)\s)?|\s\(|\s[–—-]\s|\s+(?:is|was)\s+)"
)
_BEHIND_ROLE = re.compile(
    r",(?!\d)|\)|;|:|\s[–—―-]\s|[.!?](?=\s|$)|[\"”“]|\s(?:said|says|told|who|which|and|but|has|had|was|is)\b"
)
_LONGEST_OFFICE = 12  # words of "runs East Asian affairs at the State Department"
_ROLE_ENDINGS = frozenset(["ceo", "cfo", "coo", "mp", "mep"])


def _leading(text: str, name: Name, sentence: Range, phrases: Phrases) -> Range | None:
    """ "The mayor of Huancapata, Wenceslao Ccori": a noun phrase and a comma right before the name."""
    m = _COMMA_BEFORE.search(text, max(sentence.start, name.start - 60), name.start)
    if not m or any(not _is_role_noun(w) and bare(w) not in titles() for w in m["titles"].split()):
        return None
    for found in phrases.ending.get(m.start(), ()):
        if found.plural or not _is_role_noun(found.head) or found.base.start < sentence.start:
            continue
        if found.determiner or _OWNER.match(text, found.base.start):
            return Range(found.base.start, m.start())
    return None


_COMMA_BEFORE = re.compile(r",\s(?P<titles>(?:[A-Z][\w.]*\s)*)$")
_OWNER = re.compile(r"(?:[A-Z][\w.&-]*\s){0,4}[A-Z][\w.&-]*['’]s?\s")


def _role(text: str, span: Range, others: Sequence[Name]) -> Role | None:
    chunk = text[span.start : span.end]
    at = span.start
    m = _DETERMINER.match(chunk)
    if m:
        at += m.end()
        chunk = chunk[m.end() :]
    affiliation = _affiliation(text, at, span.end, others)
    owner = _OWNER_OF_ROLE.match(chunk)
    if owner:
        affiliation = affiliation if affiliation in owner.group(1) and affiliation else owner.group(1)
        affiliation = _full_name(text, affiliation, others)
        chunk = chunk[owner.end() :]
    elif affiliation and (begins := re.match(rf"{re.escape(affiliation)}(?:['’]s?)?\s+(?=\S)", chunk)):
        rest = chunk[begins.end() :]
        if rest[0].islower() or _is_institution(affiliation):
            chunk = rest
        else:  # "Works Minister", "Senate Majority Leader": the label is part of the title
            own = affiliation.casefold() not in _OF_EVERY_COUNTRY
            affiliation = _full_name(text, affiliation.casefold(), others) if own else ""
            affiliation = affiliation if affiliation[:1].isupper() else ""
    chunk = re.sub(r"['’]s$", "", chunk.strip(" ,.–—―-"))
    if not chunk or not re.search(r"\w", chunk):
        return None
    everything = frozenset(bare(w) for w in WORD.findall(text[span.start : span.end]))
    named = affiliation != affiliation.casefold() or noun_kinds().get(affiliation) == "organization"
    return Role(chunk.removeprefix("own "), affiliation if named else "", span, everything)


def _affiliation(text: str, start: int, end: int, others: Sequence[Name]) -> str:
    """The institution or country in a role: where somebody works before any other."""
    affiliation = ""
    for other in others:
        if not (start <= other.start and other.end <= end):
            continue
        label, before = text[other.start : other.end], text[start : other.start]
        if affiliation and not _AT.search(before):
            continue
        if other.label == "ORG" and not _ELSEWHERE.search(before) and not _is_role_noun(label.split()[-1]):
            affiliation = affiliation if _is_field(before, label) else label
        elif other.label == "LOC" and not before.strip():
            affiliation = demonyms().get(label, label)
        elif other.label == "NORP" and not before.strip() and _OF_A_STATE.search(text, other.end, end):
            affiliation = demonyms().get(label, label)  # "the Dutch lawyer" is of no government
    return affiliation


_OF_A_STATE = re.compile(
    r"\b(?:ministers?|ministry|presidents?|premier|chancellor|ambassadors?|consul|diplomats?|envoys?|negotiators?|delegat\w+|officials?|"
    r"spokes\w+|senators?|lawmakers?|legislators?|MPs?|generals?|admirals?|colonels?|commanders?|soldiers?|troops|officers?|army|navy|"
    r"military|police|secretar\w+|governors?|leaders?|government|prosecutors?|parliament\w*|king|queen|prince\w*|intelligence|"
    r"authorit\w+|attach\w+|embassy|foreign|defen[cs]e|state|counterparts?)\b",
    re.IGNORECASE,
)
_OF_EVERY_COUNTRY = frozenset(["army", "navy", "police", "military", "government", "ministry"])


def _is_institution(label: str) -> bool:
    """True for a name of several words that ends in what an institution is: "Foreign Ministry"."""
    words = label.split()
    return len(words) > 1 and noun_kinds().get(bare(words[-1])) == "organization"


_OWNER_OF_ROLE = re.compile(
    r"((?:[A-Z][\w.&‑-]*\s+(?:of\s+|for\s+|the\s+|and\s+|&\s+)*){0,4}[A-Z][\w.&‑-]*?|[a-z][\w-]*(?:\s[a-z][\w-]*)?)['’]s?\s+"
)
_ELSEWHERE = re.compile(r"\bfor\b|\b(?:in|from)\s(?:the\s)?$")
_AT = re.compile(r"\bat (?:the )?$")  # where somebody works


def _is_field(before: str, label: str) -> bool:
    """True for what a secretary or minister is for, and for the whole title: "Secretary of [State]", no institution."""
    if _OF_A_FIELD.search(label):
        return True
    return bool(_OF_A_FIELD.search(f"{before}{label}")) and not any(
        noun_kinds().get(bare(w)) == "organization" for w in label.split()
    )


_OF_A_FIELD = re.compile(r"\b(?:(?:[Ss]ecretary|[Mm]inister)\sof\s(?:the\s)?[A-Z][\w ,&]+|[Cc]hief\sof\sStaff)$")


def _full_name(text: str, word: str, others: Sequence[Name]) -> str:
    """ "department" → the institution of the article whose name ends in that word, if there is just one."""
    if word != word.casefold():
        return word
    found = {
        text[o.start : o.end]
        for o in others
        if o.label == "ORG" and text[o.start : o.end].casefold().endswith(f" {word}")
    }
    return found.pop() if len(found) == 1 else word
