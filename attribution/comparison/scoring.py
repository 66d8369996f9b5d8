"""Whether two units are the same claim, and which relation they have: alignment, guards, then weights of all else that is seen.

What claims mean is read from the encoder's layers, each claim by itself (``meaning``). The weights (``data/scorer.json``) were
fitted on the development parts of ``tests/cases/pairs*.tsv`` and on claims of the training articles by
``benchmarks/fit_comparison.py``. The scorer sees only the two units, never the other articles: whether two claims are the same
does not hang on what else is compared.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from typing import NamedTuple

import numpy as np

from attribution.comparison.alignment import Op, align
from attribution.comparison.amounts import recounted
from attribution.comparison.cross_encoder import log_odds
from attribution.comparison.evidence import EVIDENCE, evidence
from attribution.comparison.features import FEATURES, another_deed, features
from attribution.comparison.frames import crossed, frame
from attribution.comparison.guards import conflict, contrary, contrasted, denied_word, opposed
from attribution.comparison.hedges import hedged
from attribution.comparison.meaning import MEANING, likeness, meaning
from attribution.comparison.models import Relation
from attribution.comparison.roles import renamed, swapped, turned_round
from attribution.comparison.units import Unit
from attribution.comparison.words import NEGATIONS, Word

MOST = 6.0  # of the log-odds that reading two claims together gives: more says no more
SURE = 0.58
SEEN = (*FEATURES, *EVIDENCE, "doubtfully denied", *MEANING, "guarded", "read together")
_ASKING = frozenset(["question"])
_AUXILIARIES = 3  # "would not have"
_WITHHELD_ACTS = frozenset(["other"])


@dataclass(frozen=True, slots=True)
class Match:
    """Two units that say the same: the probability, how the second relates to the first, and their alignment."""

    likeness: float
    relation: Relation
    ops: tuple[Op, ...]


class _Open(NamedTuple):
    """Two units of which only reading them together can tell: their place, their alignment, and what is seen of them so far."""

    place: int
    ops: tuple[Op, ...]
    values: list[float]


def matches(pairs: Sequence[tuple[Unit, Unit]]) -> list[Match | None]:
    """The match of each two units of one speaker; None if they are not the same claim."""
    found: list[Match | None] = [None] * len(pairs)
    left = []
    for n, (a, b) in enumerate(pairs):
        if not _manner(a, b):
            continue
        if a.norms == b.norms and a.odd == b.odd:
            found[n] = Match(1.0, "same", tuple(align(a.words, b.words)))
        elif _plausible(a, b):
            ops = tuple(align(a.words, b.words))
            if not excluded(a, b, ops) and probability([*(values := alone(a, b, ops)), 1.0]) >= SURE:
                left.append(_Open(n, ops, values))
    answers = together([pairs[o.place] for o in left])
    for o, answer in zip(left, answers, strict=True):
        a, b = pairs[o.place]
        sure = judged(o.values, answer, near=near(a, b, o.ops, o.values))
        if sure >= SURE:
            found[o.place] = Match(sure, relation(a.words, b.words, o.ops), o.ops)
    return found


def continued(a: Unit, b: Unit) -> Match | None:
    """The match of two units that go on where two others ended, or end where they go on, that are the same word for word.

    There most words in common are enough, if no guard speaks: "and also discuss the situation", "and also discuss the war".
    """
    ops = tuple(align(a.words, b.words))
    common = sum(op.a[1] - op.a[0] for op in ops if op.kind == "same")
    if not _manner(a, b) or common < _MOST_WORDS * max(len(a.words), len(b.words)) or excluded(a, b, ops):
        return None
    values = seen(a, b, ops)
    return None if guarded(values[:-1]) else Match(max(probability(values), SURE), relation(a.words, b.words, ops), ops)


_MOST_WORDS = 0.6


def judged(values: Sequence[float], answer: float, *, near: bool) -> float:
    """The probability, from all that is seen; 0 where a guard speaks and reading both together does not contradict it."""
    if guarded(values) and answer <= _CONTRADICTED:
        return 0.0
    return probability([*values, weighed(answer, near=near)])


_CONTRADICTED = 1 / MOST
_LITTLE = 0.25  # the most that reading both together says against what is nearly the same word for word


def guarded(values: Sequence[float]) -> bool:
    """True if a guard speaks, in what ``alone`` gives."""
    return values[-1] > 0


def near(a: Unit, b: Unit, ops: Sequence[Op], values: Sequence[float]) -> bool:
    """True for units that are nearly the same word for word, and no guard speaks."""
    return not guarded(values) and _verbatim(a, b, ops)


def weighed(answer: float, *, near: bool) -> float:
    """What reading both together counts for: the cross-encoder has learnt from invented claims, words are what they are."""
    return max(answer, -_LITTLE) if near else answer


def excluded(a: Unit, b: Unit, ops: Sequence[Op]) -> bool:
    """True if other numbers, units or dates, or a sure hedge in nearly the same words, keep two units apart, whatever the scorer says."""
    verbatim = _verbatim(a, b, ops)
    shared = overlap(a.words, b.words, ops) if verbatim else (a.words, b.words)
    if verbatim and _hedged(a, shared[0], surely=True) != _hedged(b, shared[1], surely=True):
        return True
    return conflict(*shared, odd_a=a.odd, odd_b=b.odd) in ("number", "unit", "date")


def seen(a: Unit, b: Unit, ops: Sequence[Op]) -> list[float]:
    """What the scorer sees of two units, in the order of ``SEEN``."""
    values = alone(a, b, ops)
    return [*values, weighed(together([(a, b)])[0], near=near(a, b, ops, values))]


def alone(a: Unit, b: Unit, ops: Sequence[Op]) -> list[float]:
    """All of it but what comes of reading both together, which is the last and costs most."""
    return [
        *features(a, b, ops), *evidence(a, b, ops), _doubtfully_denied(a, b, ops), *meaning(a, b),
        float(_conflict(a, b, *overlap(a.words, b.words, ops), ops)),
    ]  # fmt: skip


def together(pairs: Sequence[tuple[Unit, Unit]]) -> list[float]:
    """What the cross-encoder says of two units, from -1 to 1; 0 where a cue turns one of them round."""
    plain = [n for n, (a, b) in enumerate(pairs) if a.odd == b.odd]
    found = [0.0] * len(pairs)
    for n, value in zip(plain, log_odds([(pairs[n][0].text, pairs[n][1].text) for n in plain]), strict=True):
        found[n] = scaled(value)
    return found


def scaled(value: float) -> float:
    """Log-odds as the scorer sees them, from -1 to 1."""
    return max(min(value / MOST, 1.0), -1.0)


@cache
def weights() -> tuple[tuple[float, ...], float]:
    """The weight of each value that is seen, in the order of ``SEEN``, and the score without any."""
    data = json.loads(files(__package__).joinpath("data/scorer.json").read_text(encoding="utf-8"))
    return tuple(data["weights"][name] for name in SEEN), data["bias"]


def probability(values: Sequence[float]) -> float:
    """The probability that two units are the same claim, from what is seen of them."""
    by_value, bias = weights()
    score = bias + sum(w * v for w, v in zip(by_value, values, strict=True))
    return 1 / (1 + exp(-max(min(score, 30.0), -30.0)))


def likeness_of(a: Unit, b: Unit) -> float:
    """The probability that two units say the same, were no guard to keep them apart."""
    return probability(seen(a, b, align(a.words, b.words)))


def _doubtfully_denied(a: Unit, b: Unit, ops: Sequence[Op]) -> float:
    """1 where one seems to deny the other: that keeps apart what is nearly the same words, and is only a hint where it is not."""
    if _verbatim(a, b, ops):
        return 0.0
    return float(contrary(a.words, b.words, odd_a=a.odd, odd_b=b.odd, against=opposed(a.words, b.words)))


def _manner(a: Unit, b: Unit) -> bool:
    """False where the one asks or keeps silent and the other does not."""
    asking = (a.claim.act in _ASKING) == (b.claim.act in _ASKING)
    return asking and _withheld(a) == _withheld(b)


def _withheld(unit: Unit) -> bool:
    """ "Would not say whether": nothing is claimed."""
    return unit.claim.polarity == "negated" and unit.claim.act in _WITHHELD_ACTS


def _plausible(a: Unit, b: Unit) -> bool:
    """A cheap look: some words, base forms or meaning in common."""
    return (
        bool(a.lemmas.keys() & b.lemmas.keys()) or float(np.dot(a.vector, b.vector)) > _NEAR or likeness(a, b) > _ALIKE
    )


_NEAR = 0.45  # of the words' mean
_ALIKE = 0.8  # of the sentences in the encoder's last layer


def overlap(a: Sequence[Word], b: Sequence[Word], ops: Sequence[Op]) -> tuple[list[Word], list[Word]]:
    """The stretches of both that are laid side by side, with what stands between their first and last common word.

    What an ellipsis of the other leaves out is no part of it.
    """
    if (at := _within(b, a)) is not None:
        return list(a[_back(a, at) : at + len(b)]), list(b)
    if (at := _within(a, b)) is not None:
        return list(a), list(b[_back(b, at) : at + len(a)])
    same = [op for op in ops if op.kind == "same"]
    if not same:
        return list(a), list(b)
    starts, ends = (_back(a, same[0].a[0]), _back(b, same[0].b[0])), (same[-1].a[1], same[-1].b[1])
    # what both have beyond the common words stands against each other, too: "would not" and "would"
    head, tail = min(starts) > 0, min(len(a) - ends[0], len(b) - ends[1]) > 0
    left_a = {k for op in ops if op.kind == "dropped" and op.b[0] < len(b) and b[op.b[0]].gap for k in range(*op.a)}
    left_b = {k for op in ops if op.kind == "added" and op.a[0] < len(a) and a[op.a[0]].gap for k in range(*op.b)}
    return (
        [a[k] for k in range(0 if head else starts[0], len(a) if tail else ends[0]) if k not in left_a],
        [b[k] for k in range(0 if head else starts[1], len(b) if tail else ends[1]) if k not in left_b],
    )


def _within(part: Sequence[Word], whole: Sequence[Word]) -> int | None:
    """Where a part stands word for word in the whole, or None."""
    norms, every = [w.norm for w in part], [w.norm for w in whole]
    return next((i for i in range(len(every) - len(norms) + 1) if every[i : i + len(norms)] == norms), None)


def _back(words: Sequence[Word], start: int) -> int:
    """The start with the function words before it, of which "not" is one."""
    least = max(start - _AUXILIARIES, 0)
    while start > least and (not words[start - 1].content or words[start - 1].norm in NEGATIONS):
        start -= 1
    return start


def _conflict(a: Unit, b: Unit, shared_a: list[Word], shared_b: list[Word], ops: Sequence[Op]) -> bool:
    """True if they cannot both be meant: within what they have in common, or, where that is little, as a whole."""
    if turned_round(a.words, b.words) or swapped(a.words, b.words) or renamed(a.words, b.words, ops):
        return True
    if crossed(frame(a.words), frame(b.words)):
        return True
    if contrasted(a.words, b.words, ops) or recounted(a.words, b.words, ops):
        return True
    if _verbatim(a, b, ops):
        if another_deed(a.words, b.words):
            return True
        replaced = [op for op in ops if op.kind == "replaced"]
        if _hedged(a, shared_a) != _hedged(b, shared_b):
            return True
        if conflict(shared_a, shared_b, odd_a=a.odd, odd_b=b.odd) in ("number", "unit", "date"):
            return True
        against = any(opposed(a.words[slice(*o.a)], b.words[slice(*o.b)]) for o in replaced) or _turned(a, b, ops)
        return contrary(shared_a, shared_b, odd_a=a.odd, odd_b=b.odd, against=against)
    if hedged(a.words) != hedged(b.words) or conflict(a.words, b.words) in ("number", "unit", "date"):
        return True
    if hedged(a.words) or denied_word(a.words, b.words):
        return contrary(a.words, b.words, odd_a=a.odd, odd_b=b.odd, against=opposed(a.words, b.words))
    return False


def _turned(a: Unit, b: Unit, ops: Sequence[Op]) -> bool:
    """True if a common word is part of opposite phrases: "vote for", "vote against"."""
    common = (pair for op in ops if op.kind == "same" for pair in zip(range(*op.a), range(*op.b), strict=True))
    return any(a.words[i].sense != b.words[j].sense and opposed([a.words[i]], [b.words[j]]) for i, j in common)


def _hedged(unit: Unit, shared: Sequence[Word], *, surely: bool = False) -> bool:
    """True if what is compared is left open, by the words before it, too, where they are told and not quoted: "no proof that"."""
    start = next((i for i, w in enumerate(unit.words) if shared and w.start == shared[0].start), 0)
    before = () if unit.quoted else unit.words[max(start - _INTRODUCING, 0) : start]
    return hedged([*before, *shared], surely=surely)


_INTRODUCING = 5


def _verbatim(a: Unit, b: Unit, ops: Sequence[Op]) -> bool:
    """True if the shorter one stands nearly word for word in the longer."""
    run = max((op.a[1] - op.a[0] for op in ops if op.kind == "same"), default=0)
    common = sum(op.a[1] - op.a[0] for op in ops if op.kind == "same")
    return common >= 0.6 * min(len(a.words), len(b.words)) and run >= 3


def relation(a: Sequence[Word], b: Sequence[Word], ops: Sequence[Op]) -> Relation:
    """How b relates to a, the fuller one.

    "part": nothing but words left out at the ends or where b has an ellipsis; "altered": most words in common;
    "paraphrase": fewer.
    """
    common = sum(op.a[1] - op.a[0] for op in ops if op.kind == "same")
    if not any(is_change(op, i, ops, b) for i, op in enumerate(ops)):
        return "same" if len(a) == len(b) == common else "part"
    content = [sum(w.content for w in side) for side in (a, b)]
    met = sum(w.content for op in ops if op.kind == "same" for w in a[op.a[0] : op.a[1]])
    # min is 0 where the shorter side is all function words: then the words themselves decide
    near = met / min(content) if min(content) else common / min(len(a), len(b))
    return "altered" if near >= 0.5 and common >= 3 else "paraphrase"


def is_change(op: Op, i: int, ops: Sequence[Op], b: Sequence[Word]) -> bool:
    """True if an operation changes words; leaving out at an end or at an ellipsis does not."""
    if op.kind == "same":
        return False
    if op.kind != "dropped":
        return True
    at_end = i in (0, len(ops) - 1)
    at_gap = op.b[0] < len(b) and b[op.b[0]].gap
    return not at_end and not at_gap
