"""Groups → rows: one version an article, its wording, its credit."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from attribution.claims import ArticleClaims, Claim, Passage, Span, Speaker
from attribution.comparison.alignment import Op, align
from attribution.comparison.grouping import Group, order
from attribution.comparison.models import Credit, Difference, Relation, Row, Version
from attribution.comparison.scoring import likeness_of, relation
from attribution.comparison.units import Unit, passage
from attribution.comparison.wording import changes, slots, states_here, states_of_fullest, stretches
from attribution.comparison.words import Word


@dataclass(frozen=True, slots=True)
class Carried:
    """How an article carries a group's claim: a unit, or (``unit`` is None) words of its own voice."""

    article: int
    spans: tuple[Span, ...]
    words: tuple[Word, ...]
    unit: Unit | None = None
    again: tuple[Claim, ...] = ()
    likeness: float = 1.0


def carried(group: Group) -> list[Carried]:
    """The version of each article: of several the fullest's own, else the most like it."""
    by_article: dict[int, list[Unit]] = {}
    for unit in group.units:
        by_article.setdefault(unit.article, []).append(unit)
    return [_best(by_article[article], group.fullest) for article in sorted(by_article)]


def _best(units: Sequence[Unit], fullest: Unit) -> Carried:
    rated = sorted(units, key=lambda u: (u is not fullest, -_likeness(fullest, u), order(u)))
    best = rated[0]
    again = {u.claim.id: u.claim for u in rated[1:] if u.claim.id != best.claim.id}
    return Carried(best.article, best.spans, best.words, best, tuple(again.values()), _likeness(fullest, best))


def _likeness(fullest: Unit, unit: Unit) -> float:
    if unit is fullest or unit.norms == fullest.norms:
        return 1.0
    return likeness_of(fullest, unit)


def make_row(versions: Sequence[Carried], fullest: Unit, speaker: Speaker, articles: Sequence[ArticleClaims]) -> Row:
    """A row of what each article carries; ``fullest`` is the unit that the others are measured by."""
    text = articles[fullest.article].article.text
    aligned = {v.article: tuple(align(fullest.words, v.words)) for v in versions if v.unit is not fullest}
    credits_ = _credits(versions)
    made = []
    for v in versions:
        here = articles[v.article].article.text
        if v.article in aligned:
            ops = aligned[v.article]
            how: Relation = relation(fullest.words, v.words, ops) if v.unit else "text"
            ops = slots(ops) if how == "paraphrase" else ops
            states = states_here(ops, len(v.words))
            changed = changes(ops, fullest.words, v.words, text, here)
        else:
            others = [(_shown(fullest, o, aligned[o.article]), o.words) for o in versions if o.article in aligned]
            states, how, changed = states_of_fullest(others, len(v.words)), "same", ()
        made.append(
            Version(
                article=v.article, relation=how, claim=v.unit.claim if v.unit else None,
                type=v.unit.claim.type if v.unit else None, passage=_passage(v, here), changes=changed,
                stretches=stretches(here, v.spans, v.words, states), credit=credits_[v.article],
                likeness=round(v.likeness, 4), again=v.again,
            )
        )  # fmt: skip
    missing = tuple(i for i in range(len(articles)) if i not in {v.article for v in versions})
    return Row(id=_id(made), speaker=speaker, fullest=fullest.article, versions=tuple(made), missing=missing)


def _shown(fullest: Unit, v: Carried, ops: tuple[Op, ...]) -> tuple[Op, ...]:
    """The operations whose words are marked."""
    return slots(ops) if v.unit and relation(fullest.words, v.words, ops) == "paraphrase" else ops


def _passage(v: Carried, text: str) -> Passage:
    return passage(text, v.spans)


def _id(versions: Sequence[Version]) -> str:
    parts = sorted(f"{v.claim.id if v.claim else v.passage.text} {v.passage.spans[0].start}" for v in versions)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _credits(versions: Sequence[Carried]) -> dict[int, Credit]:
    """By whose word each article gives it, and in what that stands against the others."""
    claims = {v.article: v.unit for v in versions if v.unit}
    via = {i: tuple(c.speaker.name for c in u.relays) for i, u in claims.items()}
    speakers = {i: u.claim.speaker for i, u in claims.items()}
    source = {i: (s.unnamed and s.kind != "unknown", s.kind == "unknown") for i, s in speakers.items()}
    cue = {i: (u.claim.act, u.claim.polarity) for i, u in claims.items()}
    facts: list[tuple[Difference, dict[int, object]]] = [
        ("relay", dict(via)),
        ("source", dict(source)),
        ("cue", dict(cue)),
    ]
    found = {}
    for v in versions:
        if v.article not in claims:
            found[v.article] = Credit(source=None, cue=None)
            continue
        claim = claims[v.article].claim
        differs = tuple(name for name, values in facts if _stands_out(values, v.article))
        found[v.article] = Credit(
            source=claim.source.text if claim.source else None, cue=claim.cue.text if claim.cue else None,
            via=via[v.article], differs=differs,
        )  # fmt: skip
    return found


def _stands_out(values: dict[int, object], article: int) -> bool:
    """True if an article's value is not that of most; where no value has most, every other one stands out."""
    counts = Counter(values.values())
    if len(counts) < 2:
        return False
    top = counts.most_common(1)[0][1]
    most = [value for value, n in counts.items() if n == top]
    return len(most) > 1 or values[article] != most[0]


def most_drift_first(row: Row) -> tuple[object, ...]:
    """The order of rows: changed words, other credit, the rest of the shared; then what one has alone.

    Within each, more articles first, then as they stand in the texts. It does not hang on the order of the articles.
    """
    rank = 3 if not row.shared else 0 if row.drifts else 1 if row.credited_differently else 2
    return (rank, -len(row.versions), _place(row), row.id)


def _place(row: Row) -> float:
    places = [v.passage.spans[0].start for v in row.versions]
    return round(sum(places) / len(places), 2)
