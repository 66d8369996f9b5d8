"""Antecedents: which of the candidates that agree a pronoun means.

A linear scorer over a few features of nearness and prominence; its weights are fitted on the speakers that
PolNeAR's training articles and the project's own name (``attribution.training.antecedents``), and stand beside the
other data in ``lexicon/antecedents.json``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, log
from typing import NamedTuple

from attribution.errors import ModelError
from attribution.pipeline.entities import Entity
from attribution.pipeline.segmentation import Range


@dataclass(frozen=True, slots=True)
class Context:
    """Where the pronoun stands, and who spoke before (entities by identity).

    ``last_here``: the last claim before it stands in the same paragraph; ``content_first``: its own content comes
    before it ("…," she said); ``quoted``: it stands in quotation marks, ``parent_quoted``: in those of the claim that it
    is part of; ``focus`` is whom the last pronoun of its gender meant, where that was.
    """

    offset: int
    sentence: int
    paragraph: int
    last_speakers: list[int]
    parent_speakers: list[int]
    speakers: set[int]
    content: Sequence[Range]
    last_here: bool = False
    content_first: bool = False
    quoted: bool = False
    parent_quoted: bool = False
    before_last: Sequence[int] = ()
    focus: int = 0
    focus_at: int = -1
    focus_here: bool = False
    focus_subject: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity with its last mention before the pronoun; ``introduced`` is the paragraph of its first mention,
    ``referred`` where the story last meant it by a pronoun or role, ``opening`` tells the first person of the story.
    """

    entity: Entity
    mention: Range
    sentence: int
    paragraph: int
    subject: bool
    possessive: bool
    count: int
    in_content: bool
    role: float = 0.0
    ending: float = 0.0
    oblique: bool = False
    introduced: int = -1
    referred: int = -1
    referred_sentences: int = 99
    referred_here: bool = False
    total: int = 0
    opening: bool = False
    claims: int = 0
    quoted: bool = False
    kin: bool = False
    verb_after: bool = False
    complete: bool = False


FEATURES = (
    "same sentence", "sentence before", "two sentences before", "sentences", "paragraphs", "last speaker",
    "parent's speaker", "has spoken", "subject", "possessive", "mentions", "gender known", "in the same claim", "unnamed",
    "parent but other", "role", "role known", "person", "ending of forename", "oblique", "same paragraph", "latest",
    "latest subject", "latest subject here", "alone in the paragraph", "introduced here", "last speaker here",
    "last speaker, nobody here", "subject here before the claim", "last speaker, another here", "best role", "only role",
    "no role, another has", "parent's speaker, in quotation marks", "quoted mention, not quoted itself", "spoke before the last",
    "last pronoun's", "last pronoun's, here", "last pronoun's, a subject here", "named since the last pronoun",
    "referred to here", "referred to in the sentence or before", "nearest", "nearest of all here", "all mentions", "first of the story",
    "claims", "kin", "verb after", "complete name", "both quoted", "last speaker, quoted here", "subject, sentence before",
    "sole of that paragraph",
)  # fmt: skip


def features(context: Context, candidates: Sequence[Candidate]) -> list[list[float]]:
    """Feature values of each candidate among the others, in the order of ``FEATURES``."""
    latest = max((c.mention.start for c in candidates), default=0)
    subject = max((c.mention.start for c in candidates if c.subject), default=-1)
    here = [c for c in candidates if c.paragraph == context.paragraph]
    role = sorted((c.role for c in candidates), reverse=True)[:2]
    near = max((max(c.mention.start, c.referred) for c in candidates), default=0)
    return [
        [*_features(context, c, latest, subject, here, role), *_more(context, c, near, candidates)] for c in candidates
    ]


def _more(context: Context, c: Candidate, near: int, candidates: Sequence[Candidate]) -> list[float]:
    who = id(c.entity)
    focus = who == context.focus
    nearest = max(c.mention.start, c.referred) == near
    return [
        float(who in context.parent_speakers and context.parent_quoted),
        float(c.quoted and not context.quoted), float(who in context.before_last),
        float(focus), float(focus and context.focus_here), float(focus and context.focus_here and context.focus_subject),
        float(context.focus_at >= 0 and c.mention.start > context.focus_at and not focus),
        float(c.referred_here), float(c.referred_sentences <= 1), float(nearest),
        float(nearest and (c.referred_here or c.paragraph == context.paragraph)),
        log(1 + c.total), float(c.opening), log(1 + c.claims), float(c.kin), float(c.verb_after), float(c.complete),
        float(c.quoted and context.quoted), float(who in context.last_speakers and context.quoted),
        float(c.subject and c.verb_after and abs(context.sentence - c.sentence) == 1),
        float(not any(o.paragraph == c.paragraph for o in candidates if o is not c)),
    ]  # fmt: skip


def _features(
    context: Context, c: Candidate, latest: int, subject: int, here: Sequence[Candidate], role: list[float]
) -> list[float]:
    sentences = abs(context.sentence - c.sentence)
    paragraphs = abs(context.paragraph - c.paragraph)
    who = id(c.entity)
    spoke = who in context.last_speakers
    in_paragraph = paragraphs == 0
    return [
        float(sentences == 0), float(sentences == 1), float(sentences == 2), min(sentences, 12) / 4,
        min(paragraphs, 6) / 2, float(spoke), float(who in context.parent_speakers),
        float(who in context.speakers), float(c.subject), float(c.possessive), log(1 + c.count),
        float(bool(c.entity.gender)), float(c.in_content), float(not c.entity.named),
        float(bool(context.parent_speakers) and who not in context.parent_speakers),
        c.role, float(bool(c.entity.roles) and not c.role), float(c.entity.kind == "person" and c.entity.named), c.ending,
        float(c.oblique), float(in_paragraph), float(c.mention.start == latest), float(c.mention.start == subject),
        float(in_paragraph and c.mention.start == subject), float(in_paragraph and len(here) == 1),
        float(c.introduced >= 0 and c.introduced == context.paragraph), float(spoke and context.last_here),
        float(spoke and not here), float(in_paragraph and c.subject and context.content_first),
        float(spoke and bool(here) and not in_paragraph), float(c.role > 0 and c.role == role[0]),
        float(c.role > 0 and sum(role) == c.role), float(c.role == 0 and role[0] > 0),
    ]  # fmt: skip


def agrees(c: Candidate, *, gender: str) -> bool:
    """True if a candidate can be meant by a pronoun of that gender ("" for a role), of one person."""
    if gender:
        return (not c.entity.gender or c.entity.gender == gender) and not c.entity.plural
    return not c.entity.plural and c.entity.kind != "group"


class Weights(NamedTuple):
    """Weights of the features, and the score of choosing nobody."""

    features: list[float]
    nobody: float


@cache
def _weights() -> dict[str, Weights]:
    text = files("attribution.lexicon").joinpath("antecedents.json").read_text(encoding="utf-8")
    loaded = json.loads(text)
    if not set(loaded["features"]) <= set(FEATURES):
        raise ModelError("lexicon/antecedents.json is of other features than this version: fit it again")
    by_name = {
        k: (dict(zip(loaded["features"], v["weights"], strict=True)), float(v["nobody"]))
        for k, v in loaded["classes"].items()
    }
    return {k: Weights([float(w.get(f, 0.0)) for f in FEATURES], nobody) for k, (w, nobody) in by_name.items()}


def best_antecedent(context: Context, candidates: Sequence[Candidate], *, form: str) -> Candidate | None:
    """The best candidate by the weights of a form, or None where nobody scores higher or none is likely enough.

    Args:
        context: where the mention stands.
        candidates: those that agree with it.
        form: "person" (he, she); roles have ``role_scores``.

    """
    weights = _weights()[form]
    scores = [sum(w * f for w, f in zip(weights.features, row, strict=True)) for row in features(context, candidates)]
    if not scores:
        return None
    best = max(range(len(scores)), key=lambda i: (scores[i], candidates[i].mention.start, -i))
    share = 1.0 / sum(exp(min(50.0, s - scores[best])) for s in (*scores, weights.nobody))
    return candidates[best] if scores[best] >= weights.nobody and share >= _LEAST.get(form, 0.0) else None


_LEAST = {"person": 0.4}
"""Probability below which nobody is named: no name is better than a wrong one."""
