"""Mentions: the names, noun phrases and pronouns that may speak, and how a noun phrase is built."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from attribution.lexicon import country_names, demonyms, forename_genders, metonyms, noun_kinds, titles
from attribution.pipeline.encoder import Pieces, Scores, Window
from attribution.pipeline.labels import NAMES
from attribution.pipeline.segmentation import Range

Gender = Literal["M", "F", ""]

WORD = re.compile(r"[^\W_](?:[\w.]*\w)?(?:['’\-‑][^\W_][\w.]*)*\.?")
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")
_PREPOSITIONS = frozenset(
    """of for at in on with from to by under over near outside inside behind about against among between within
    without across aboard as than through during before after close familiar aware briefed who whom which that whose
    representing including led speaking""".split()
)
_BREAK = re.compile(r"\s*(?:,|\(|—|–|\s-\s|:|;)\s*|\s+(?=(?:who|whom|which|whose|where)\b)")
PRONOUNS: dict[str, str] = {
    "he": "M", "him": "M", "his": "M", "himself": "M", "she": "F", "her": "F", "hers": "F", "herself": "F",
    "they": "T", "them": "T", "their": "T", "theirs": "T", "it": "N", "its": "N", "i": "I", "me": "I", "my": "I",
    "mine": "I", "we": "W", "us": "W", "our": "W", "ours": "W", "you": "Y", "your": "Y", "who": "R", "which": "R",
    "that": "R", "whom": "R", "whose": "R", "one": "O", "this": "N", "these": "T", "those": "T",
}  # fmt: skip
_FEMALE_TITLES = frozenset("mrs ms miss madam madame lady dame queen princess duchess countess baroness mme mlle frau sister "
                           "mother congresswoman councilwoman chairwoman senhora señora signora alhaja assemblywoman".split())  # fmt: skip
_MALE_TITLES = frozenset("mr sir lord king prince duke father brother herr senhor señor signor monsieur congressman "
                         "councilman chairman alhaji imam sheikh rabbi pope bishop cardinal assemblyman".split())
_FEMALE_NOUNS = frozenset("spokeswoman woman girl mother wife daughter sister aunt grandmother widow actress chairwoman "
                          "congresswoman businesswoman queen princess policewoman nun waitress niece midwife her".split())
_MALE_NOUNS = frozenset("spokesman man boy father husband son brother uncle grandfather chairman congressman businessman "
                        "king prince policeman priest monk nephew widower fisherman".split())
_SUFFIXES = frozenset("jr sr ii iii iv v md phd esq kc qc mp obe cbe".split())


@dataclass(frozen=True, slots=True)
class Name:
    """A named entity: half-open range and label (PERSON, ORG, LOC, NORP or DATE)."""

    start: int
    end: int
    label: str


def names(text: str, pieces: Pieces, scored: Sequence[tuple[Window, Scores]]) -> list[Name]:
    """Named entities from the name head, whole words, in order."""
    labels = np.zeros(len(pieces), dtype=np.int64)
    for w, s in scored:
        core = slice(w.core_start - w.start, w.core_end - w.start)
        labels[w.core_start : w.core_end] = s.names[core].argmax(-1)
    found: list[Name] = []
    i, n = 0, len(pieces)
    while i < n:
        label = NAMES[labels[i]]
        if label == "O" or not pieces.word_start[i]:
            i += 1
            continue
        kind = label[2:]
        j = i + 1
        while j < n and (not pieces.word_start[j] or NAMES[labels[j]] == f"I-{kind}"):
            j += 1
        name = _trimmed(text, int(pieces.starts[i]), int(pieces.ends[j - 1]), kind)
        if name:
            found.append(name)
        i = j
    return _merged(text, found)


def _trimmed(text: str, start: int, end: int, label: str) -> Name | None:
    while end > start and (text[end - 1] in ",;:'’\"”“ )" or _POSSESSIVE.search(text[start:end])):
        m = _POSSESSIVE.search(text[start:end])
        end = start + m.start() if m else end - 1
    while start < end and text[start] in "\"“‘'( ":
        start += 1
    return Name(start, end, label) if any(c.isalpha() for c in text[start:end]) else None


def _merged(text: str, found: list[Name]) -> list[Name]:
    """Join two names of one label with nothing but a blank, initial or hyphen between them."""
    out: list[Name] = []
    for name in found:
        gap = text[out[-1].end : name.start] if out else ","
        if out and out[-1].label == name.label == "PERSON" and gap in (" ", "-", "\xa0", ". "):
            out[-1] = Name(out[-1].start, name.end, name.label)
        else:
            out.append(name)
    return out


def words(text: str) -> list[str]:
    """The words of a name or phrase."""
    return WORD.findall(text)


def bare(word: str) -> str:
    """A word casefolded, without possessive and full stops."""
    return _POSSESSIVE.sub("", word).replace(".", "").casefold()


def without_titles(name: str) -> str:
    """A person's name without the titles before it and the possessive after it."""
    name = _POSSESSIVE.sub("", name.strip())
    parts = name.split()
    while len(parts) > 1 and (bare(parts[0]) in titles() or parts[0].casefold() in ("the", "a", "an")):
        parts = parts[1:]
    return " ".join(parts).strip(" ,")


def title_gender(text: str, start: int) -> Gender:
    """The gender that a title right before ``start`` shows."""
    before = text[max(0, start - 24) : start].split()
    for word in reversed(before[-2:]):
        w = bare(word)
        if w in _FEMALE_TITLES or w in _FEMALE_NOUNS:
            return "F"
        if w in _MALE_TITLES or w in _MALE_NOUNS:
            return "M"
        if w not in titles():
            break
    return ""


def forename_gender(name: str) -> Gender:
    """The gender that a full name's forename usually has; "" if unknown or of both."""
    first = name.split()[0] if name.split() else ""
    found = forename_genders().get(first) or forename_genders().get(first.split("-")[0])
    return "M" if found == "M" else "F" if found == "F" else ""


def noun_gender(noun: str) -> Gender:
    """The gender that a noun shows ("spokeswoman")."""
    return "F" if noun in _FEMALE_NOUNS else "M" if noun in _MALE_NOUNS else ""


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
        if _POSSESSIVE.search(w) or w.casefold() in ("his", "her", "their", "its", "my", "our", "your"):
            possessive = w
    head, start = tokens[head_at] if tokens else ("", span.start)
    singular, plural = _singular(head)
    definite = first in ("the", "this", "that", "these", "those", "both") or bool(possessive)
    modifiers = tuple(bare(w) for w, _ in tokens[:head_at])
    return Phrase(core, singular, start, plural, definite, possessive, modifiers, rest)


def _first_break(whole: str) -> re.Match[str] | None:
    for m in _BREAK.finditer(whole):
        if m.start() == 0:
            continue
        before, after = whole[: m.start()], whole[m.end() :]
        if m.group().strip() == "," and re.fullmatch(r"\d{3}\b.*", after[:4], re.S) and before[-1:].isdigit():
            continue  # 1,140 farms
        if m.group().strip() == "," and re.match(r"(?:Jr|Sr|II|III|Inc|Ltd|LLC)\b", after):
            continue
        return m
    return None


def _singular(word: str) -> tuple[str, bool]:
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
        found = kinds.get(p.head.rsplit("-", 1)[1], "")
    return found


def is_capitalised(text: str, at: int) -> bool:
    """True if the word at an offset starts with a capital."""
    return at < len(text) and text[at].isupper()


def speaking_place(name: str) -> tuple[str, str] | None:
    """(who speaks, kind) for a capital, seat of government, country or demonym; None for other names."""
    if name in metonyms():
        return metonyms()[name]
    if name in country_names():
        return country_names()[name], "government"
    if name in demonyms():
        return demonyms()[name], "government"
    return None
