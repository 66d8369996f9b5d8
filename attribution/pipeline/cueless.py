"""Quotations without a cue or a source: whose turn it is.

Whoever spoke last often goes on, but in a dialogue the other answers, and a sentence about what somebody does gives
the word to them. A linear scorer weighs these signs; its weights (``lexicon/cueless.json``) are fitted on the articles
whose speakers are known (``attribution.training.antecedents``). It may choose nobody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, log

from attribution.errors import ModelError
from attribution.pipeline.antecedents import Weights
from attribution.pipeline.entities import Entity
from attribution.pipeline.mentions import bare, words
from attribution.pipeline.resolution import Article, start_of
from attribution.pipeline.segmentation import Range

FEATURES = (
    "last speaker", "last speaker, same paragraph", "last speaker, paragraph before", "last speaker, farther",
    "last speaker asked", "last speaker asks now", "last speaker, also cueless",
    "last speaker, indirect", "last speaker, others act since", "speaker before", "speaker before, last asked",
    "speaker before, last cueless", "speaker before, near", "speaker before, asks now", "acts before, same paragraph",
    "acts before, paragraph before", "acts before, not the last speaker", "nearest", "nearest, in the paragraph before",
    "alone in the paragraph before", "called in the quotation", "called in the last quotation", "has spoken", "claims",
    "mentions", "first of the story", "person", "named", "headline, claims", "headline, first of the story",
    "after the last claim", "possessive before", "most claims", "addressed", "addressed before",
    "speaker before, addressed by the last", "last speaker, in dialogue", "speaker before, in dialogue", "unnamed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a quotation without a source stands: the claims resolved before it, the latest first, and who acts before it."""

    claim: int
    at: int
    paragraph: int
    before: Sequence[int]
    actor: Entity | None
    actor_here: bool
    headline: bool


def turn(article: Article, i: int, actor: Entity | None, *, actor_here: bool) -> Turn:
    """What there is to know of a quotation's place.

    Args:
        article: text, cast and claims.
        i: the claim.
        actor: whom the sentence before it is about, if it is no claim.
        actor_here: that sentence stands in the same paragraph.

    """
    r = article.claims[i]
    at = start_of(r)
    before = sorted(
        (j for j, found in article.resolved.items()
         if found.name and j != i and article.claims[j].parent == r.parent and start_of(article.claims[j]) < at),
        key=lambda j: -start_of(article.claims[j]),
    )  # fmt: skip
    return Turn(i, at, article.paragraph_of(at), before, actor, actor_here, not before)


def features(article: Article, t: Turn, candidates: Sequence[Entity]) -> list[list[float]]:
    """Feature values of each candidate, in the order of ``FEATURES``."""
    last = t.before[0] if t.before else None
    other = next((j for j in t.before if last is not None and article.resolved[j].entities != article.resolved[last].entities), None)  # fmt: skip
    places = {id(e): _last_place(article, e, t.at) for e in candidates}
    nearest = max(places.values(), default=-1)
    most = max((_claims_of(article, e, t.claim) for e in candidates), default=0)
    above = [id(e) for e in candidates if any(article.paragraph_of(m.start) == t.paragraph - 1 for m in e.mentions)]
    spoken = [_Spoken.of(article, t, j) for j in (last, other)]
    return [_row(article, t, e, spoken, places[id(e)], nearest, most, above) for e in candidates]


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A claim before: who spoke, how far away, and how it ends."""

    entities: tuple[int, ...] = ()
    gap: int = 99
    asked: bool = False
    cueless: bool = False
    indirect: bool = False
    words: frozenset[str] = frozenset()
    end: int = -1
    addressed: frozenset[str] = frozenset()
    alone: bool = False

    @staticmethod
    def of(article: Article, t: Turn, j: int | None) -> _Spoken:
        if j is None:
            return _Spoken()
        c = article.claims[j]
        end = max(s.end for s in (*c.content, *c.source, *c.cue))
        text = article.text[c.content[0].start : c.content[-1].end]
        return _Spoken(
            tuple(id(e) for e in article.resolved[j].entities),
            t.paragraph - article.paragraph_of(c.content[-1].end - 1),
            text.rstrip("\"'”’» .").endswith("?"),
            not c.source and not c.cue,
            not article.depth[c.content[0].start],
            frozenset(bare(w) for w in words(text)),
            end,
            addressed(text),
            (not c.source and not c.cue) or article.paragraphs[article.paragraph_of(c.content[0].start)].end <= end + 1,
        )


_VOCATIVE = re.compile(
    r",\s(?:(?:Mr|Mrs|Ms|Miss|Dr|Lord|Lady|Sir|my|dear)\.?\s)?([\w’']+)\W*(?=[.?!,”’\"'])|^\W*(?:(?:Mr|Mrs|Ms|Miss|Dr)\.?\s)?([A-Z][\w’']+),"
)


def addressed(text: str) -> frozenset[str]:
    """The words by which a quotation may call the one it is said to: "You were looking, Miss Gilhooly?"."""
    return frozenset(bare(m[1] or m[2]) for m in _VOCATIVE.finditer(text))


def _last_place(article: Article, e: Entity, at: int) -> int:
    """Where the story, outside quotations, last meant somebody before a place, by a name, pronoun or role."""
    named = max((m.start for m in e.mentions if m.start < at and not article.depth[m.start]), default=-1)
    return max(named, max((p for p, who in article.referred.items() if who is e and p < at), default=-1))


def _claims_of(article: Article, e: Entity, i: int) -> int:
    return sum(any(e is x for x in r.entities) for j, r in article.resolved.items() if j != i)


def _row(
    article: Article, t: Turn, e: Entity, spoken: Sequence[_Spoken], place: int, nearest: int, most: int,
    above: Sequence[int],
) -> list[float]:  # fmt: skip
    last, other = spoken
    r = article.claims[t.claim]
    own = article.text[r.content[0].start : r.content[-1].end]
    asks = own.rstrip("\"'”’» .").endswith("?")
    called = {bare(w) for w in words(e.name)[-1:]} if e.kind == "person" else set()
    known = (
        called
        | {w for role in e.roles for w in role.words}
        | ({bare(w) for w in words(e.name)[:1]} if called else set())
    )
    is_last, is_other, acts = id(e) in last.entities, id(e) in other.entities, e is t.actor
    claims = _claims_of(article, e, t.claim)
    since = t.actor is not None and id(t.actor) not in last.entities
    lead = e.mentions[0].start if e.mentions else 10**9
    opening = min((p.mentions[0].start for p in article.cast.people if p.mentions), default=-1)
    head = t.headline
    return [
        float(is_last), float(is_last and last.gap == 0), float(is_last and last.gap == 1), float(is_last and last.gap > 1),
        float(is_last and last.asked), float(is_last and asks),
        float(is_last and last.cueless), float(is_last and last.indirect), float(is_last and since),
        float(is_other), float(is_other and last.asked), float(is_other and last.cueless), float(is_other and other.gap <= 2),
        float(is_other and asks), float(acts and t.actor_here), float(acts and not t.actor_here),
        float(acts and not is_last), float(place == nearest and place >= 0),
        float(place == nearest and place >= 0 and article.paragraph_of(place) == t.paragraph - 1),
        float(above == [id(e)]), float(bool(called & {bare(w) for w in words(own)})), float(bool(called & last.words)),
        float(claims > 0), log(1 + claims), log(1 + len(e.mentions)), float(lead == opening), float(e.kind == "person"),
        float(e.named), float(head) * log(1 + claims), float(head and lead == opening),
        float(place > last.end >= 0), float(bool(re.match(r"['’]s?\s", article.text[place_end(e, place) : place_end(e, place) + 3]))),
        float(claims > 0 and claims == most), float(bool(known & addressed(own))), float(bool(known & last.addressed)),
        float(is_other and bool(known & last.addressed)), float(is_last and last.gap == 1 and last.alone and other.gap <= 3),
        float(is_other and last.gap == 1 and last.alone and other.gap <= 3), float(not e.named),
    ]  # fmt: skip


def place_end(e: Entity, place: int) -> int:
    """The end of the mention that starts at a place, or the place itself."""
    return next((m.end for m in e.mentions if m.start == place), max(place, 0))


@cache
def _weights() -> Weights:
    loaded = json.loads(files("attribution.lexicon").joinpath("cueless.json").read_text(encoding="utf-8"))
    if not set(loaded["features"]) <= set(FEATURES):
        raise ModelError("lexicon/cueless.json is of other features than this version: fit it again")
    by_name = dict(zip(loaded["features"], loaded["weights"], strict=True))
    return Weights([float(by_name.get(f, 0.0)) for f in FEATURES], float(loaded["nobody"]))


def whose_turn(article: Article, t: Turn, candidates: Sequence[Entity]) -> Entity | None:
    """Who says a quotation that has no source, or None where nobody scores high enough."""
    rows = features(article, t, candidates)
    article.turns.append((t.claim, list(candidates), rows))
    weights = _weights()
    scores = [sum(w * f for w, f in zip(weights.features, row, strict=True)) for row in rows]
    if not scores:
        return None
    best = max(range(len(scores)), key=lambda k: scores[k])
    share = 1.0 / sum(exp(s - scores[best]) for s in (*scores, weights.nobody))
    return candidates[best] if scores[best] >= weights.nobody and share >= _SURE else None


_SURE = 0.45  # probability from which a turn is given to somebody


def speakers_at_hand(article: Article, t: Turn) -> list[Entity]:
    """Who may have the word: everybody who has spoken, and the people named before (a headline: anywhere)."""
    spoken = [e for r in article.resolved.values() for e in r.entities]
    named = [e for e in article.cast.people if t.headline or (e.mentions and e.mentions[0].start < t.at)]
    acting = [t.actor] if t.actor is not None else []
    out: list[Entity] = []
    for e in [*named, *spoken, *acting]:
        if not any(e is x for x in out):
            out.append(e)
    return out


def spans_overlap(article: Article, stretch: Range) -> bool:
    """True if any claim has a part in a stretch."""
    return any(
        s.start < stretch.end and stretch.start < s.end for c in article.claims for s in (*c.source, *c.cue, *c.content)
    )
