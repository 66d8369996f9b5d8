"""Roles and affiliations: what a title before a name or an apposition beside it says about a person."""

from __future__ import annotations

import re
from dataclasses import dataclass

from attribution.lexicon import demonyms, noun_kinds, titles
from attribution.pipeline.mentions import WORD, Name, bare, phrase
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


def role_of(text: str, name: Name, sentence: Range, others: list[Name]) -> list[Role]:
    """Roles that the words around one mention of a person give, surest first.

    Args:
        text: the article's text.
        name: the mention of the person.
        sentence: the sentence that it stands in.
        others: all names of the article, for affiliations.

    """
    candidates = (_before(text, name, sentence), _after(text, name, sentence), _leading(text, name, sentence))
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


def _after(text: str, name: Name, sentence: Range) -> Range | None:
    """ ", the State Department's top diplomat for East Asia," after the name, or "(D-Ill.)", or "who leads …"."""
    m = re.compile(
        r"\s*(?:,\s*(?:\d{1,3}\s*,\s*)?|\s\(|\s[–—-]\s|,?\s+(?:who )?(?:is|was)\s+|,?\s+who (?:leads|led|heads|headed|runs|ran)\s+)"
    ).match(text, name.end, sentence.end)
    if not m:
        return None
    start = m.end()
    stop = re.compile(
        r",|\)|;|:|\s[–—-]\s|[.!?](?=\s|$)|[\"”“]|\s(?:said|says|told|who|which|and|but|has|had|was|is)\b"
    ).search(text, start, sentence.end)
    end = stop.start() if stop else sentence.end
    chunk = text[start:end]
    p = phrase(text, Range(start, max(end, start + 1)))
    described = (
        re.match(r"(?:the|an?|its|his|her|their)\s", chunk) and p.head.islower() and noun_kinds().get(p.head) is None
    )
    if described and m.group().strip().startswith(",") and stop and not p.plural and len(chunk.split()) <= 12:
        return Range(start, end)
    if noun_kinds().get(p.head) != "person" and bare(chunk.split()[-1] if chunk.split() else "") not in _ROLE_ENDINGS:
        return None
    return Range(start, end) if end - start <= 120 else None


_ROLE_ENDINGS = frozenset(["ceo", "cfo", "coo", "mp", "mep"])


def _leading(text: str, name: Name, sentence: Range) -> Range | None:
    """ "The mayor of Huancapata, Wenceslao Ccori": a noun phrase and a comma right before the name."""
    before = text[sentence.start : name.start]
    m = re.search(r"(?:^|[,;:“\"(]\s*|\b(?:and|but|that|by|with|to|said|says|told|as|from|for)\s+)"
                  r"((?:[Tt]he|[Ii]ts|[Aa]n?|[Tt]heir|[Hh]is|[Hh]er|[Mm]y|[Oo]ur|[Ww]hose|[Oo]ne of|[A-Z][\w.]*['’]s)\s[^,;:“”\"]{3,90}),"
                  r"\s((?:[A-Z]\w*\.?\s)*)$", before)  # fmt: skip
    if not m or any(not _is_role_noun(w) and bare(w) not in titles() for w in m.group(2).split()):
        return None
    start = sentence.start + m.start(1)
    span = Range(start, sentence.start + m.end(1))
    return span if noun_kinds().get(phrase(text, span).head) == "person" else None


def _role(text: str, span: Range, others: list[Name]) -> Role | None:
    chunk = text[span.start : span.end]
    at = span.start
    m = _DETERMINER.match(chunk)
    if m:
        at += m.end()
        chunk = chunk[m.end() :]
    affiliation = ""
    for other in others:
        label = text[other.start : other.end]
        if at <= other.start and other.end <= span.end and not affiliation:
            before = text[at : other.start]
            if other.label == "ORG" and not re.search(r"\bfor\b", before) and not _is_role_noun(label.split()[-1]):
                affiliation = "" if _is_field(before, label) else label
            elif other.label in ("LOC", "NORP") and not before.strip():
                affiliation = demonyms().get(label, label)
    owner = re.match(r"((?:[\w.&‑-]+\s+){0,4}[\w.&‑-]+?)['’]s?\s+", chunk)
    if owner:
        affiliation = affiliation if affiliation in owner.group(1) and affiliation else owner.group(1)
        affiliation = _full_name(text, affiliation, others)
        chunk = chunk[owner.end() :]
    elif affiliation and chunk.startswith(affiliation):
        chunk = re.sub(r"^(?:['’]s?)?\s+", "", chunk[len(affiliation) :]) or chunk
    chunk = chunk.strip(" ,.")
    if not chunk or not re.search(r"\w", chunk):
        return None
    everything = frozenset(bare(w) for w in WORD.findall(text[span.start : span.end]))
    return Role(chunk, affiliation, span, everything)


def _is_field(before: str, label: str) -> bool:
    """True for what a secretary or minister is for, and for the whole title: "Secretary of [State]", no institution."""
    if _OF_A_FIELD.search(label):
        return True
    return bool(_OF_A_FIELD.search(f"{before}{label}")) and not any(
        noun_kinds().get(bare(w)) == "organization" for w in label.split()
    )


_OF_A_FIELD = re.compile(r"\b(?:(?:[Ss]ecretary|[Mm]inister)\sof\s(?:the\s)?[A-Z]\w+|[Cc]hief\sof\sStaff)$")


def _full_name(text: str, word: str, others: list[Name]) -> str:
    """ "department" → the institution of the article whose name ends in that word, if there is just one."""
    if word != word.casefold():
        return word
    found = {
        text[o.start : o.end]
        for o in others
        if o.label == "ORG" and text[o.start : o.end].casefold().endswith(f" {word}")
    }
    return found.pop() if len(found) == 1 else word
