"""What speaks for and against two claims being one, beyond how much they have in common: a word left over, another in its place,
opposites, negations, quantifiers, conditions, the order of words, subject and verb.

Each value is about 0 to 1; -1 where there is nothing to compare. The scorer weighs them together: a word in another's place
means another claim where all else is the same, and little where all is said otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from attribution.comparison.alignment import Op
from attribution.comparison.frames import has_passive, predicate
from attribution.comparison.guards import negative, opposed
from attribution.comparison.hedges import hedged
from attribution.comparison.pairing import Pairing, Table, pairing
from attribution.comparison.units import Unit
from attribution.comparison.words import Word

EVIDENCE = (
    "same short", "same long", "known short", "known long", "near short", "near long", "vectors short", "vectors long",
    "left short", "left long", "unknown short", "unknown long", "rarest unknown short", "rarest unknown long",
    "unknown both", "opposites", "siblings", "in place",
    "opposite in place", "sibling in place", "in place of verbatim", "little words",
    "verbatim", "verbatim long",
    "denied", "not", "opposed", "turned round", "opposite affirmed", "quantifiers", "quantifier", "condition", "open",
    "inverted", "subject", "verb", "verb near", "verb anywhere", "quoted",
)  # fmt: skip
_QUANTIFIERS = {
    word: kind
    for kind, words in {
        "all": "all every each both always", "most": "most majority", "many": "many several lots plenty", "some": "some",
        "few": "few fewest", "none": "none no nobody neither never nothing", "half": "half",
    }.items()
    for word in words.split()
}  # fmt: skip
_CONDITIONS = frozenset("if unless until only provided".split())
_EXCLUSIVE = tuple(
    frozenset(pair.split("/"))
    for pair in "before/after for/against with/without above/below over/under inside/outside to/from into/from up/down "
    "on/off last/next last/this this/next if/unless although/because although/when".split()
)
_KNOWN = 0.6  # words that WordNet holds for as much alike stand for each other
_IN_ORDER = 0.7


def evidence(a: Unit, b: Unit, ops: Sequence[Op]) -> list[float]:
    """The values in the order of ``EVIDENCE``; ``ops`` turn a's words into b's."""
    pair = pairing(a, b)
    verbatim = sum(op.a[1] - op.a[0] for op in ops if op.kind == "same") / np.array(
        sorted((len(a.words), len(b.words)))
    )
    places = _places(pair, ops, turned=pair.short is not a)
    return [
        *_covered(pair), *_left(pair),
        *places, places[0] * verbatim[0], _little(a.words, b.words, ops), *map(float, verbatim),
        *_denials(a, b, _opposites(pair), places[1]), *_qualified(a, b),
        _inverted(pair), *_predicates(pair), (a.quoted + b.quoted) / 2,
    ]  # fmt: skip


def _best(table: Table) -> tuple[Table, Table]:
    """For each term of the shorter and of the longer claim its greatest value, 0 where the other has no term."""
    return table.max(axis=1, initial=0.0), table.max(axis=0, initial=0.0)


def _covered(pair: Pairing) -> list[float]:
    """The share of each claim's words that the other has: the same, by WordNet, by any likeness, by vectors."""
    found = []
    for table in (pair.same, pair.known, pair.near, pair.vectors):
        for best, weights in zip(_best(table), pair.weights, strict=True):
            found.append(float(weights @ best / weights.sum()) if weights.size else 0.0)
    return found


def _left(pair: Pairing) -> list[float]:
    """The weight of what has nothing like it in the other claim, in all and of the one word that tells most; opposites, siblings."""
    sizes = ((3, 5), (4, 6))  # weights that are enough
    lost = [
        [w * (1 - best) for w, best in zip(pair.weights, _best(table), strict=True)]
        for table in (pair.near, pair.known)
    ]
    sums = [
        min(float(v.sum()), n) / n
        for side, most in zip(lost, sizes, strict=True)
        for v, n in zip(side, most, strict=True)
    ]
    rarest = [float(v.max(initial=0.0)) for v in lost[1]]
    siblings = np.where(_unmet(pair) & (pair.known < _KNOWN), pair.sibling, 0.0)
    return [*sums, *rarest, min(rarest), _opposites(pair), float(siblings.max(initial=0.0))]


def _unmet(pair: Pairing) -> npt.NDArray[np.bool_]:
    """True for two words neither of which the other claim has."""
    short, long = _best(pair.same)
    return (short < 1)[:, None] & (long < 1)[None, :]


def _opposites(pair: Pairing) -> float:
    return float(np.where(_unmet(pair), pair.opposite, 0.0).max(initial=0.0))


def _places(pair: Pairing, ops: Sequence[Op], *, turned: bool) -> list[float]:
    """Words in each other's place that nothing in the other claim is like: their weight, if they are opposite, or siblings."""
    lost = [
        {t.at: n for n, t in enumerate(terms) if best[n] < _KNOWN}
        for terms, best in zip(pair.terms, _best(pair.known), strict=True)
    ]
    found = [0.0, 0.0, 0.0]
    for op in ops:
        spans = (op.b, op.a) if turned else (op.a, op.b)
        one, other = ([at[k] for k in range(*span) if k in at] for at, span in zip(lost, spans, strict=True))
        if op.kind == "replaced" and one and other:
            block = np.ix_(one, other)
            weights = pair.weights[0][one], pair.weights[1][other]
            near = max(float(w @ best / w.sum()) for w, best in zip(weights, _best(pair.near[block]), strict=True))
            values = (
                min(*(float(w.sum()) for w in weights)) * (1 - near),
                pair.opposite[block].max(),
                pair.sibling[block].max(),
            )
            found = [max(x, float(y)) for x, y in zip(found, values, strict=True)]
    return [min(found[0], 1.5), *found[1:]]


def _little(a: Sequence[Word], b: Sequence[Word], ops: Sequence[Op]) -> float:
    """1 where a little word stands in the place of one that excludes it: "before", "after"."""
    for op in ops:
        one, other = ({w.norm for w in words[slice(*span)]} for words, span in ((a, op.a), (b, op.b)))
        if op.kind != "same" and any(one & pair and other & pair and not one & other & pair for pair in _EXCLUSIVE):
            return 1.0
    return 0.0


def _denials(a: Unit, b: Unit, opposites: float, in_place: float) -> list[float]:
    """Whether only one denies, with verbs or by "not"; opposites; both together, of which each undoes the other."""
    denied, by_not = (
        float(negative(a.words, odd=a.odd, verbs=verbs) != negative(b.words, odd=b.odd, verbs=verbs))
        for verbs in (True, False)
    )
    listed = float(opposed(a.words, b.words))
    against = max(opposites, listed)
    turned = against * (1 - by_not) + by_not * (1 - against)
    return [denied, by_not, listed, turned, max(in_place, listed) * (1 - by_not)]


def _qualified(a: Unit, b: Unit) -> list[float]:
    """Quantifiers that exclude each other, or differ; a condition, or a hedge, that only one has."""
    one, other = ({_QUANTIFIERS[w.norm] for w in u.words if w.norm in _QUANTIFIERS} for u in (a, b))
    conditions = [any(w.norm in _CONDITIONS for w in u.words) for u in (a, b)]
    return [
        float(bool(one) and bool(other) and not one & other), float(one != other),
        float(conditions[0] != conditions[1]), float(hedged(a.words) != hedged(b.words)),
    ]  # fmt: skip


def _inverted(pair: Pairing) -> float:
    """The share of pairs of common words that stand the other way round, 0 where only one claim is in the passive."""
    if has_passive(pair.short.words) != has_passive(pair.long.words):
        return 0.0
    met = [np.flatnonzero(row >= _IN_ORDER) for row in pair.known]
    order = [int(at[0]) for at in met if len(at) == 1]
    turned = [x > y for x, y in combinations(order, 2)]
    return sum(turned) / len(turned) if turned else 0.0


def _predicates(pair: Pairing) -> list[float]:
    """How near the subjects are, and the verbs: by WordNet, by any likeness, and with any word of the other claim."""
    starts, verbs = zip(*(predicate(u.words) for u in (pair.short, pair.long)), strict=True)
    subjects = [
        [n for n, t in enumerate(terms) if t.at < start] for terms, start in zip(pair.terms, starts, strict=True)
    ]
    block = pair.near[np.ix_(*subjects)]
    subject = max(float(best.mean()) for best in _best(block)) if block.size else -1.0
    at = [
        next((n for n, t in enumerate(terms) if t.at == verb), None)
        for terms, verb in zip(pair.terms, verbs, strict=True)
    ]
    if at[0] is None or at[1] is None:
        return [subject, -1.0, -1.0, -1.0]
    i, j = at
    anywhere = min(float(pair.near[i].max()), float(pair.near[:, j].max()))
    return [subject, float(pair.known[i, j]), float(pair.near[i, j]), anywhere]
