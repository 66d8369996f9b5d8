"""Appositions: a noun phrase with the name of whoever it means beside it."""

from __future__ import annotations

import re

from attribution.lexicon import noun_kinds
from attribution.pipeline.mentions import Name, bare, head_kind, is_title, words
from attribution.pipeline.named_sources import LINKS, MAY_FOLLOW, is_common, named
from attribution.pipeline.resolution import Article, Resolution, Source, Step, names_in
from attribution.pipeline.segmentation import Range


def apposition(article: Article, source: Source) -> Resolution | None:
    """A noun phrase with the name beside it: "the mayor of Huancapata, Wenceslao Ccori"; "a driver, Ganiyu"."""
    if not source.phrase.head and not source.phrase.modifiers:
        return None
    if source.phrase.rest.start >= source.phrase.rest.end:
        return None
    if _is_institution(article, source):
        return None
    rest = source.phrase.rest
    whole = _whole_name(article, source)
    if whole is not None:
        return whole
    for n in names_in(article, rest):
        if _PARTY.match(article.text, max(0, n.start - 1)):
            continue
        if _is_listed(article, source, n):
            return None
        if _introduces(article, Range(rest.start, n.start), n) and not _goes_on(article.text[n.end : rest.end]):
            if not _fits_apposition(article, source, n):
                continue
            return named(article, n, "apposition", source)
    m = re.search(r"who (?:gave (?:his|her|their) name|identified (?:him|her)self|asked to be (?:called|identified)|wished to be identified)"
                  r"(?: simply| only)?(?: as)? ([A-Z][\w'’-]+)", source.text)  # fmt: skip
    if m:
        return Resolution(m.group(1), "person", [], [Step("apposition", source.text, m.group(1), [source.span])])
    return None


_PARTY = re.compile(r"[(\s][RDI]-[A-Z]")  # "Ana Ruiz (R-Utah)": of a party and a state


def _whole_name(article: Article, source: Source) -> Resolution | None:
    """What is beside an institution's or group's description, all in capitals, if it is more than the name seen in it:
    "A group of doctors, Nurses for Calm"; "The rival station, Kol 24".
    """
    rest = source.phrase.rest
    core = article.text[rest.start : rest.end].strip(" ,")
    if head_kind(source.phrase) not in ("organization", "group") or not _ALL_CAPITALISED.fullmatch(core):
        return None
    if any(n.end - n.start >= len(core) for n in names_in(article, rest)):
        return None
    if any(is_title(w) for w in words(core)) and not re.search(r"\s(?:of|for)\s", core):
        return None
    known = next((e for e in article.cast.everybody() if e.name == core), None)
    entities = [known] if known else []
    return Resolution(core, "organization", entities, [Step("apposition", source.text, core, [rest])])


_ALL_CAPITALISED = re.compile(r"[A-ZÀ-Þ][\w'’&-]*(?:\s(?:(?:of|for|the|de)\s)*[A-ZÀ-Þ\d][\w'’&-]*){0,4}")


def _is_institution(article: Article, source: Source) -> bool:
    """True if what stands before the comma is an institution's name already: "Suturon, the Lyon company"."""
    core = source.phrase.core
    return any(
        n.label == "ORG" and n.end >= core.end and not words(article.text[core.start : n.start]) and not is_title(
            words(article.text[n.start : n.end])[-1]
        ) and not is_common(article, source.phrase)
        for n in article.names
        if n.start < core.end and core.start <= n.start
    )  # fmt: skip


def _is_listed(article: Article, source: Source, n: Name) -> bool:
    """True for a name in a list that began with another: "Supermarkets in Norway, [Sweden], Denmark and Finland"."""
    core = source.phrase.core
    begun = any(o.end == core.end and o.start > source.phrase.head_start for o in names_in(article, core))
    return begun and re.match(r",\s[A-ZÀ-Þ]|,?\sand\s[A-ZÀ-Þ]", article.text[n.end : source.span.end]) is not None


def _goes_on(after: str) -> bool:
    """True if a name is only what stands before a noun or another name: "the [Lyon] company", "[Vermont] Sen. Ana Ruiz"."""
    m = re.match(r"\s([\w.]+)", after)
    return m is not None and (m[1][:1].isupper() or bare(m[1]) not in MAY_FOLLOW | LINKS)


def _fits_apposition(article: Article, source: Source, n: Name) -> bool:
    """True if a name beside a noun phrase can be what that means."""
    alone = not article.text[n.end : source.phrase.rest.end].strip(" ,")
    kind = head_kind(source.phrase)
    if n.label == "PERSON":
        return not source.phrase.plural and (alone or kind in ("person", "organization", ""))
    if n.label == "ORG":
        listed = kind == "document" and bool(names_in(article, source.phrase.core))
        return not listed and (alone or kind in ("organization", "document", ""))
    return kind == "organization"


def _introduces(article: Article, between: Range, n: Name) -> bool:
    """True for nothing, titles, or a role ("the retired judge ", "a beekeeper called ") between the comma and a name."""
    lead = article.text[between.start : between.end]
    if n.label == "PERSON" and _DESCRIBED.fullmatch(lead):
        verbs = [
            w for w in article.words if between.start <= w.start < between.end and w.part in ("VERB", "ADP", "AUX")
        ]
        return all(article.text[w.start : w.end] in ("called", "named") for w in verbs)
    if len(lead) >= 40:
        return False
    if re.fullmatch(r"(?:\W|[A-Z][\w.]*\s|the (?:late\s)?)*", lead):
        return True
    m = re.fullmatch(r"(?:(?:the|an?|his|her|its)\s)?(?:[\w'’-]+\s){0,3}?([\w-]+)\s", lead)
    return m is not None and noun_kinds().get(bare(m[1]), "") in ("person", "organization")


_DESCRIBED = re.compile(
    r"(?:(?:the|an?|his|her|its|their)\s)?(?:[a-z-]+\s){0,3}(?:called\s|named\s|[A-Z][\w.&'’-]*\s(?:[A-Z][\w.&'’-]*\s){0,3})"
)
