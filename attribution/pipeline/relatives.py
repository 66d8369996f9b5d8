"""Relative pronouns as sources: whom "who", "which" and "that" stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attribution.lexicon import noun_kinds
from attribution.pipeline.mentions import is_people, phrase, phrase_before
from attribution.pipeline.noun_phrases import NounPhrase
from attribution.pipeline.resolution import Article, Resolution, Source, SourceStep, Step, names_in
from attribution.pipeline.segmentation import Range
from attribution.pipeline.unnamed_sources import as_written

_FAR = 240  # characters before a pronoun in which its phrase begins
_OF_A_BODY = re.compile(r"\b(?:of|for|at|from|in|on|with|by|to)\s(?:the\s)?$")
_BETWEEN = re.compile(
    r"[\s,(—–-]*(?:\([^()]*\)[\s,]*)?(?:(?:and|or|but)\s)?(?:(?:in|of|from|to|for|by|with|many of|some of|most of|all of)\s)?[\s]*"
)


def relative(article: Article, source: Source, steps: Sequence[SourceStep]) -> Resolution | None:
    """The name or noun phrase right before a relative pronoun.

    Args:
        article: the article.
        source: the pronoun.
        steps: the steps that resolve what it stands for.

    """
    start = source.span.start
    sentence = article.sentences[article.sentence_of(start)]
    end = sentence.start + len(article.text[sentence.start : start].rstrip(" ,(—–"))
    person = source.text.casefold().split()[-1] in ("who", "whom")
    aside = _OF_A_PLACE.search(article.text, sentence.start, end) if person else None
    end = aside.start() if aside and any(n.end == aside.start() for n in article.names) else end
    found = _phrase_at(article, sentence, start, person=person)
    named = _name_at(article, sentence.start, end, found, person=person)
    if named is not None:
        step = Step("relative pronoun", source.text, named.name, [source.span])
        return Resolution(named.name, named.kind, named.entities, [step])
    span = found or phrase_before(article.text, sentence.start, start)
    if span is None:
        return None
    text = article.text[span.start : span.end]
    inner = Source(source.claim, source.relation, span, text, phrase(article.text, span))
    meant = next((r for s in steps if (r := s(article, inner)) is not None), None) or as_written(article, inner)
    meant.steps.insert(0, Step("relative pronoun", source.text, inner.text, [span]))
    return meant


def _name_at(article: Article, low: int, end: int, found: Range | None, *, person: bool) -> Resolution | None:
    """The named entity that the words before a pronoun end with, unless it belongs to something bigger."""
    for n in reversed(names_in(article, Range(low, end))):
        if end - n.end > 2:
            return None
        entity = article.cast.by_start.get(n.start)
        if entity is None or _OF_A_BODY.search(article.text, max(low, n.start - 12), n.start):
            return None
        if found is not None and person and (entity.kind != "person" or found.end > n.end):
            return None
        if found is not None and entity.kind == "group":
            return None
        return Resolution(entity.name, entity.kind, [entity], [Step("name", "", entity.name, [Range(n.start, n.end)])])
    return None


def _phrase_at(article: Article, sentence: Range, start: int, *, person: bool) -> Range | None:
    """The stretch of the noun phrase before a pronoun: of phrases in each other's care the outermost that can be meant."""
    inside = [
        p for p in article.phrases
        if max(sentence.start, start - _FAR) <= p.base.start and p.base.end <= start
        and any(_BETWEEN.fullmatch(article.text, e, start) for e in (p.base.end, p.whole.end) if e <= start)
    ]  # fmt: skip
    if not inside:
        return None
    fitting = [p for p in inside if (_is_somebody(p) or _is_person(article, p)) == person]
    unknown = [p for p in inside[:-1] if not _is_of_a_body(article, p)]
    unknown = (
        unknown if person and _is_of_a_body(article, inside[-1]) else []
    )  # "a staffer at the State Department who"
    chosen = (fitting if person or _says_things(fitting) else inside[-1:])[:1] or unknown[:1] or inside[-1:]
    p = chosen[0]
    beside = _beside(article, p) if person and not p.plural else None
    if beside is not None:
        return beside
    e = p.whole.end if _BETWEEN.fullmatch(article.text, p.whole.end, start) else p.base.end
    return Range(p.base.start, e)


def _is_of_a_body(article: Article, p: NounPhrase) -> bool:
    """True for an institution, by its noun or by a name that is no person's."""
    kind = noun_kinds().get(p.head)
    return kind in ("organization", "government", "document") or any(
        n.label in ("ORG", "LOC") and n.end == p.base.end for n in names_in(article, p.base)
    )


def _is_somebody(p: NounPhrase) -> bool:
    """True for a phrase whose head noun means people."""
    return noun_kinds().get(p.head) in ("person", "group") or (p.plural and is_people(p.head + "s")) or p.head in _THOSE


def _is_person(article: Article, p: NounPhrase) -> bool:
    """True for a phrase that ends in somebody's name."""
    found = names_in(article, p.base)
    return bool(found) and found[-1].label == "PERSON" and found[-1].end == p.base.end


def _beside(article: Article, p: NounPhrase) -> Range | None:
    """The name that a description stands beside: "Tim Kaine, a former civil rights lawyer who"."""
    before = article.text[max(0, p.base.start - 3) : p.base.start]
    for n in names_in(article, Range(max(0, p.base.start - 60), p.base.start)):
        if n.label == "PERSON" and article.text[n.end : p.base.start].strip() == "," and before.endswith(", "):
            return Range(n.start, n.end)
        if n.label == "PERSON" and _IS.fullmatch(article.text, n.end, p.base.start):
            return Range(n.start, n.end)
    return None


_IS = re.compile(r"(?: is| was|[’']s)\s")  # "Tim Kaine is a former lawyer who"
_OF_A_PLACE = re.compile(r"(?:, \d{1,3})?, (?:of|from) [A-ZÀ-Þ][^,;()]{1,40}(?:, [A-Z][\w.]+)?$")
PART_OF = re.compile(r"\w+(?: of them)? of (?:whom|which)", re.IGNORECASE)  # "most of whom": of those before it
_THOSE = frozenset(["man", "woman", "citizen", "group", "thousand", "hundred", "dozen", "million", "handful"])


def _says_things(found: Sequence[NounPhrase]) -> bool:
    return bool(found) and noun_kinds().get(found[0].head) in ("organization", "document", "government")
