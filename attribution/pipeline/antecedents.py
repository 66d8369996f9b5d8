"""Antecedents: which of the candidates that agree a pronoun means.

A scorer over features of nearness, prominence, standing and links (``links``), with a small hidden layer; roles have one
of their own (``role_scores``), without links. Its weights are fitted on the speakers that PolNeAR's training articles and
the project's own name, and on pronouns of GAP (``attribution.training.antecedents``), and stand beside the other
data in ``lexicon/antecedents.json``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from math import exp, log
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from attribution.errors import ModelError
from attribution.pipeline.entities import Entity
from attribution.pipeline.links import NOT_ASKED, LinksOf
from attribution.pipeline.segmentation import Range
from attribution.pipeline.standing import Standing


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
    subject: bool = False
    begins: bool = False
    begins_paragraph: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity with its last mention before the pronoun; ``introduced`` is the paragraph of its first mention,
    ``referred`` where the story last meant it by a pronoun or role, ``opening`` tells the first person of the story,
    ``links`` what ``links.Links.toward`` says of its mentions.
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
    standing: Standing = field(default_factory=Standing)
    lean: float = 0.0
    referrals: int = 0
    claims_since: int = 99
    links: LinksOf = NOT_ASKED


OF_THE_STORY = (
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
    "governed", "object", "subject of a verb", "dependent clause", "dependent clause here", "apposed", "joined", "reported",
    "source of a claim", "source here", "lean", "leans against", "referrals", "claims since", "last but one", "distance", "rank",
    "subjects since", "name of one word", "in the headline", "pronoun is subject", "pronoun begins", "pronoun begins paragraph",
    "pronoun quoted", "pronoun's content first", "pronoun's candidates", "pronoun has parent", "somebody spoke here", "own claims here",
)  # fmt: skip
OF_THE_LINKS = (
    "link to the last",
    "best link",
    "mean link",
    "link behind the best",
    "share of links",
    "share of links to the last",
)
FEATURES = (*OF_THE_STORY, *OF_THE_LINKS)


def features(context: Context, candidates: Sequence[Candidate]) -> list[list[float]]:
    """Feature values of each candidate among the others, in the order of ``FEATURES``."""
    told, linked = features_of_story(context, candidates), link_features([c.links for c in candidates])
    return [[*story, *links] for story, links in zip(told, linked, strict=True)]


def features_of_story(context: Context, candidates: Sequence[Candidate]) -> list[list[float]]:
    """Feature values of each candidate among the others without its links, in the order of ``OF_THE_STORY``."""
    latest = max((c.mention.start for c in candidates), default=0)
    subject = max((c.mention.start for c in candidates if c.subject), default=-1)
    here = [c for c in candidates if c.paragraph == context.paragraph]
    role = sorted((c.role for c in candidates), reverse=True)[:2]
    near = max((max(c.mention.start, c.referred) for c in candidates), default=0)
    return [
        [
            *_features(context, c, latest, subject, here, role), *_more(context, c, near, candidates),
            *_by_standing(context, c, candidates),
        ]
        for c in candidates
    ]  # fmt: skip


def link_features(found: Sequence[LinksOf]) -> list[list[float]]:
    """What the links of each candidate say among the others, in the order of ``OF_THE_LINKS``."""
    if not found:
        return []
    last, best, mean = np.array(found).T
    columns = (last / 3, best / 3, mean / 3, (best - best.max()) / 3, _shares(best), _shares(last))
    return [[float(value) for value in row] for row in zip(*columns, strict=True)]


def _shares(scores: Values) -> Values:
    e = np.exp(scores - scores.max())
    return np.asarray(e / e.sum())


def _by_standing(context: Context, c: Candidate, candidates: Sequence[Candidate]) -> list[float]:
    """How the candidate's mention and the pronoun stand; what is said of the pronoun alone counts with the rest only."""
    s = c.standing
    place = max(c.mention.start, c.referred)
    later = [o for o in candidates if o is not c and max(o.mention.start, o.referred) > place]
    here = c.paragraph == context.paragraph
    return [
        float(s.governed), float(s.object), float(s.subject), float(s.dependent),
        float(s.dependent and c.sentence == context.sentence), float(s.apposed), float(s.joined), float(s.reported),
        float(s.source), float(s.source and here), c.lean / 3, float(c.lean < 0), log(1 + c.referrals),
        min(c.claims_since, 8) / 4, float(c.claims_since == 1), log(1 + max(0, context.offset - place) / 100),
        min(len(later), 6) / 3, min(sum(o.standing.subject or o.referred > o.mention.start for o in later), 4) / 2,
        float(" " not in c.entity.name), float(c.paragraph == 0), float(context.subject), float(context.begins),
        float(context.begins_paragraph), float(context.quoted), float(context.content_first), min(len(candidates), 12) / 6,
        float(bool(context.parent_speakers)), float(context.last_here), float(c.claims > 0 and here),
    ]  # fmt: skip


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


Values = npt.NDArray[np.float64]


class Layer(NamedTuple):
    """Hidden tanh units beside a linear scorer: ``units`` (units, features), ``bias`` (units,) and ``out`` (units,)."""

    units: Values
    bias: Values
    out: Values


class Weights(NamedTuple):
    """Weights of the features, the score of choosing nobody, and a hidden layer, if there is one."""

    features: Sequence[float]
    nobody: float
    layer: Layer | None = None

    def scores(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """The score of each row of feature values."""
        x = np.array(rows, dtype=np.float64).reshape(len(rows), len(self.features))
        found = x @ np.array(self.features)
        if self.layer is not None:
            found = found + np.tanh(x @ self.layer.units.T + self.layer.bias) @ self.layer.out
        return [float(s) for s in found]


@cache
def _weights() -> Weights:
    text = files("attribution.lexicon").joinpath("antecedents.json").read_text(encoding="utf-8")
    loaded = json.loads(text)
    names = loaded["features"]
    if not set(names) <= set(FEATURES):
        raise ModelError("lexicon/antecedents.json is of other features than this version: fit it again")

    def in_order(values: Sequence[float]) -> list[float]:
        by_name = dict(zip(names, values, strict=True))
        return [float(by_name.get(f, 0.0)) for f in FEATURES]

    hidden = np.array([in_order(unit) for unit in loaded["hidden"]])
    layer = Layer(hidden, np.array(loaded["bias"]), np.array(loaded["out"]))
    return Weights(in_order(loaded["weights"]), float(loaded["nobody"]), layer)


def best_antecedent(context: Context, candidates: Sequence[Candidate]) -> Candidate | None:
    """The best candidate, or None where nobody scores higher or none is likely enough.

    Args:
        context: where the mention stands.
        candidates: those that agree with it.

    """
    weights = _weights()
    if not candidates:
        return None
    scores = weights.scores(features(context, candidates))
    best = max(range(len(scores)), key=lambda i: (scores[i], candidates[i].mention.start, -i))
    share = 1.0 / sum(exp(min(50.0, s - scores[best])) for s in (*scores, weights.nobody))
    return candidates[best] if scores[best] >= weights.nobody and share >= _LEAST else None


_LEAST = 0.4
"""Probability below which nobody is named: no name is better than a wrong one."""
