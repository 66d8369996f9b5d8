"""Roles as sources: "the botanist", "his lawyer", a headline's "Grandmother": who is named and meant, if anybody."""

from __future__ import annotations

import re

from attribution.pipeline.antecedents import agrees
from attribution.pipeline.candidates import candidates_of, context_of, of_another, role_by_owner
from attribution.pipeline.mentions import noun_gender
from attribution.pipeline.resolution import Article, Resolution, RoleChoice, Source, Step
from attribution.pipeline.role_scores import best_role, holder_of, rows


def by_role(article: Article, source: Source, step: str) -> Resolution | None:
    """Let the scorer choose among the persons who may be meant and nobody; what it chose between is kept for training.

    Args:
        article: the article, with the claims resolved so far.
        source: a noun phrase of one person.
        step: the name of the step of evidence.

    """
    context = context_of(article, source)
    gender = noun_gender(source.phrase.head)
    found = [
        c
        for c in candidates_of(article, source, "role")
        if agrees(c, gender=gender)
        and (c.role or (source.claim >= 0 and not c.in_content))
        and not of_another(article.text, source.phrase, c.entity)
        and not (_INDEFINITE.match(source.text) and _known(article, source, c.mention.start))
    ]
    values = rows(article, source, context, found)
    if source.claim >= 0:
        article.roles.append(RoleChoice(source.claim, [c.entity.name for c in found], *values))
    owned = [i for i, c in enumerate(found) if role_by_owner(source.phrase, c.entity)]
    best = owned[0] if len(owned) == 1 else best_role(values, holder_of(source, found))
    if best is None:
        return None
    chosen = found[best]
    if gender in ("M", "F") and not article.depth[source.span.start]:
        chosen.entity.tend("F" if gender == "F" else "M", _CHOSEN)
    seen = [source.span, chosen.mention]
    entity = chosen.entity
    return Resolution(entity.name, entity.kind, [entity], [Step(step, source.text, entity.name, seen)])


def _known(article: Article, source: Source, mention: int) -> bool:
    """True if the story itself, not its headline alone, has named somebody before: "a senator" is somebody else."""
    here, there = article.paragraph_of(source.span.start), article.paragraph_of(mention)
    return mention < source.span.start and (there > 0 or here == 0)


_INDEFINITE = re.compile(r"(?:[Aa]n?|[Oo]ne|[Aa]nother|[Ss]ome)\s")
_CHOSEN = 1.0  # how much being chosen for "the actress" speaks for a woman
