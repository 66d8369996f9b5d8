"""Addressees: whom "you" means in what somebody says to somebody: "Mr Moss, you told us …"."""

from __future__ import annotations

import re

from attribution.pipeline.entities import Entity
from attribution.pipeline.resolution import Article, Resolution, Source, Step, names_in, start_of
from attribution.pipeline.segmentation import Range

_NEAR = 3  # paragraphs between what is said and who answers it or was answered by it
_VOCATIVE = 40  # characters between a name that is called and "you"


def addressed(article: Article, source: Source) -> Resolution | None:
    """Who is called by name beside "you", else who speaks both before and after, or answers the question.

    Args:
        article: the article, all claims resolved but for those that wait for others.
        source: "you" as the source of a claim inside another one.

    """
    parent = source.relation.parent
    if parent is None:
        return None
    outer = article.resolved[parent]
    called = _called(article, source)
    before, after = (_other(article, parent, outer.entities, later=later) for later in (False, True))
    asked = any("?" in article.text[s:e] for s, e in article.claims[parent].content)
    meant = called or (after if asked or before is after else None)
    if meant is None or any(meant is e for e in outer.entities):
        return None
    step = Step("addressee", source.text, meant.name, [source.span, meant.mentions[0]])
    return Resolution(meant.name, meant.kind, [meant], [step])


def _called(article: Article, source: Source) -> Entity | None:
    """The person whose name stands right before "you", with a comma: "Mr. Moss, you told us"."""
    low = max(0, source.span.start - _VOCATIVE)
    for n in reversed(names_in(article, Range(low, source.span.start))):
        if n.label == "PERSON" and re.fullmatch(r",\s(?:[a-z ]+\s)?", article.text[n.end : source.span.start]):
            return article.cast.by_start.get(n.start)
    return None


def _other(article: Article, parent: int, speakers: list[Entity], *, later: bool) -> Entity | None:
    """The nearest person who speaks before or after a claim, near it, and is not who makes it."""
    at = start_of(article.claims[parent])
    here = article.paragraph_of(at)
    near = sorted(
        (abs(start_of(c) - at), j)
        for j, c in enumerate(article.claims)
        if c.parent is None and j != parent and (start_of(c) > at) == later
        and abs(article.paragraph_of(start_of(c)) - here) <= _NEAR
    )  # fmt: skip
    for _, j in near:
        found = article.resolved[j].entities if j in article.resolved else []
        if (
            len(found) == 1
            and found[0].kind == "person"
            and found[0].named
            and not any(found[0] is e for e in speakers)
        ):
            return found[0]
    return None
