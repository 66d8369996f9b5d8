"""Following: whom the story's pronouns and roles mean between the claims, and who passes by without a name.

"The general shrugged. He … “…,” he said": whoever the story has just called by a pronoun or role is whom a later one
is likely to mean. So pronouns and roles outside the claims are resolved as well, in order, as far as the next claim.
"""

from __future__ import annotations

import re
from bisect import bisect_left

import numpy as np

from attribution.lexicon import noun_kinds
from attribution.pipeline.candidates import by_antecedent
from attribution.pipeline.entities import Entity
from attribution.pipeline.mentions import PRONOUNS, Phrase, bare, noun_gender, phrase, words
from attribution.pipeline.relations import Relation
from attribution.pipeline.resolution import Article, Resolution, Source
from attribution.pipeline.role_sources import by_role
from attribution.pipeline.segmentation import Range

_MENTION = re.compile(
    r"\b(?P<pronoun>[Hh]e|[Ss]he|[Hh]im|[Hh]is|[Hh]er|[Hh]imself|[Hh]erself)\b"
    r"|\b(?:[Tt]he|[Tt]his|[Tt]hat|[Aa]n?|[Oo]ne|[Aa]nother|[Mm]y|[Oo]ur|[A-ZÀ-Þ][\w-]+['’]s)\s"
    r"(?:[a-z][\w-]*\s){0,3}?(?P<noun>[a-z][\w-]+)\b(?!['’-])"
)
_OWN = re.compile(r"\s(?:[a-z][\w-]*\s){0,2}?(?P<noun>[a-z][\w-]+)\b(?!['’-])")
_NAME_NEXT = re.compile(r",?\s(?:(?:the\s)?[A-ZÀ-Þ][\w.]*\s)*[A-ZÀ-Þ]")
_NO_CLAIM = Relation([], [], [], [], 0, False, 0.0, 0.0, np.zeros(0, np.float32), np.zeros(0, np.float32))


def follow(article: Article, at: int) -> None:
    """Resolve the pronouns and roles of the story up to a place, as far as that is not yet done."""
    while article.followed < at:
        m = _MENTION.search(article.text, article.followed, at)
        article.followed = m.end() if m else at
        if m is None:
            return
        if m["pronoun"]:
            _follow_pronoun(article, m)
            own = _OWN.match(article.text, m.end()) if m["pronoun"].casefold() in ("his", "her") else None
            if own and _is_person(article, own):
                article.followed = own.end()
                _follow_noun(article, Range(m.start(), own.end()))
        elif _is_person(article, m):
            _follow_noun(article, Range(m.start(), m.end()))
        else:
            article.followed = m.start() + re.match(r"\S+", m.group()).end()  # type: ignore[union-attr]


def remember(article: Article, source: Source, found: Resolution) -> None:
    """Keep whom the source of a claim means, where it is a pronoun or role of the story itself."""
    if len(found.entities) == 1 and not article.depth[source.span.start]:
        article.referred[source.span.start] = found.entities[0]


def _is_person(article: Article, m: re.Match[str]) -> bool:
    """True for a noun phrase that means one person, has no name beside it and does not go on with another noun."""
    if noun_kinds().get(m["noun"]) != "person" and not noun_gender(m["noun"]):
        return False
    after = re.match(r"\s([a-z][\w-]*)", article.text[m.end() : m.end() + 30])
    if after and noun_kinds().get(after[1]) in ("person", "organization"):
        return False
    return not _NAME_NEXT.match(article.text, m.end(), m.end() + 60)


def _follow_pronoun(article: Article, m: re.Match[str]) -> None:
    if article.depth[m.start()] or m.start() in article.referred:
        return
    span = Range(m.start(), m.end("pronoun"))
    text = article.text[span.start : span.end]
    found = by_antecedent(article, _source(article, span), "", gender=PRONOUNS[text.casefold()])
    if found is not None:
        article.referred[span.start] = found.entities[0]


def _follow_noun(article: Article, span: Range) -> None:
    """Somebody known by that role, or somebody without a name who passes by."""
    sources = (s for c in article.claims for s in c.source)
    if span.start in article.referred or any(s.start < span.end and span.start < s.end for s in sources):
        return
    source = _source(article, span)
    p = source.phrase
    if p.plural:
        return
    if p.definite and not article.depth[span.start]:
        found = by_role(article, source, "")
        if found is not None:
            article.referred[span.start] = found.entities[0]
            return
    _pass_by(article, span, p)


def _pass_by(article: Article, span: Range, p: Phrase) -> None:
    if any(e.head == p.head for e in article.unnamed if not e.named):
        return
    known = next((e for e in article.passing if e.head == p.head), None)
    if known is not None and p.definite:
        if span not in known.mentions:
            known.mentions.insert(bisect_left(known.mentions, span), span)
        return
    name = re.sub(r"^(?:[Tt]he|[Aa]n?)\s+", "", article.text[span.start : span.end])
    keys = {tuple(bare(w) for w in words(name))}
    article.passing.append(Entity(name, "anonymous", noun_gender(p.head), keys, [span], [], p.head, False, False))


def _source(article: Article, span: Range) -> Source:
    return Source(-1, _NO_CLAIM, span, article.text[span.start : span.end], phrase(article.text, span))
