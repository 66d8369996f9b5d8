"""What the scorer of ``attribution.compare`` sees of two units: how much of the one stands in the other, and what is left over."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attribution.comparison.alignment import Op
from attribution.comparison.amounts import numbers
from attribution.comparison.frames import main_verb
from attribution.comparison.senses import all_senses
from attribution.comparison.units import Unit
from attribution.comparison.vectors import sentence_vector, vector_of, weight_of
from attribution.comparison.words import Word

FEATURES = ("contained", "overlap", "cosine", "soft short", "soft long", "run", "names", "letters", "sizes", "aligned",
            "numbers", "content", "predicates", "nothing left", "rest")  # fmt: skip
_AUXILIARY = frozenset(
    "would will should shall can could may might must had has have is are was were be been to do did not".split()
)


def features(a: Unit, b: Unit, ops: Sequence[Op]) -> list[float]:
    """What the scorer sees, each about 0 to 1, in the order of ``FEATURES``."""
    short, long = sorted((a, b), key=lambda u: (sum(u.lemmas.values()), u.norms))
    shared = sum(short.lemmas[x] for x in short.lemmas.keys() & long.lemmas.keys()) + _by_other_senses(short, long)
    size_short, size_long = sum(short.lemmas.values()) or 1e-6, sum(long.lemmas.values()) or 1e-6
    run = max((op.a[1] - op.a[0] for op in ops if op.kind == "same"), default=0)
    common = [w for op in ops if op.kind == "same" for w in a.words[op.a[0] : op.a[1]]]
    aligned = sum(weight_of(w) for w in common if w.content) / min(_weight(a), _weight(b))
    return [
        shared / size_short,
        shared / (size_short + size_long - shared),
        max(float(np.dot(a.vector, b.vector)), 0.0),
        soft(short.words, long.words),
        soft(long.words, short.words),
        min(run, 8) / 8,
        _names(a, b),
        _letters(a, b),
        min(len(a.words), len(b.words)) / max(len(a.words), len(b.words)),
        min(aligned, 1.0),
        float(bool(_figures(a) & _figures(b))),
        min(shared, 4.0) / 4,
        _predicates(a, b),
        1 - min(_left(short, long), _left(long, short), 2.0) / 2,
        _rest(a, b),
    ]


def _by_other_senses(short: Unit, long: Unit) -> float:
    """The weight of the shorter one's words that meet the longer one's in another than their first sense: "raise", "bring up"."""
    there = _every_sense(long.words)
    return sum(short.lemmas[w.sense] for w in _unmet(short, long) if there & _every_sense([w]))


def _unmet(unit: Unit, other: Unit) -> list[Word]:
    """A word of each sense that the other has not as a first one."""
    found = {w.sense: w for w in unit.words if w.content and w.sense in unit.lemmas and w.sense not in other.lemmas}
    return list(found.values())


def _every_sense(words: Sequence[Word]) -> set[str]:
    return {s for w in words if w.content for s in ((w.sense,) if w.phrase else all_senses(w.lemma))}


def _predicates(a: Unit, b: Unit) -> float:
    """How near the words behind auxiliaries and modals are: what is said of whom; 0.5 if one side has none."""
    one, other = (_behind_auxiliaries(u.words) for u in (a, b))
    return (soft(one, other) + soft(other, one)) / 2 if one and other else 0.5


def _behind_auxiliaries(words: Sequence[Word]) -> list[Word]:
    found = []
    for i, w in enumerate(words[1:], 1):
        k = i - 1
        while k > 0 and words[k].norm in ("not", "never", "also", "been", "be"):
            k -= 1
        if w.content and words[k].norm in _AUXILIARY:
            found.append(w)
    return found


def _left(a: Unit, b: Unit) -> float:
    """The weight of a's words that have nothing near in b."""
    size = sum(weight_of(w) for w in a.words if w.content)
    return size * (1 - soft(a.words, b.words))


def _rest(a: Unit, b: Unit) -> float:
    """How near the words are that only one side has, as a whole; 1 where a side has none."""
    lemmas = [{w.sense for w in u.words} for u in (a, b)]
    own = [
        [w for w in u.words if w.content and w.sense not in other]
        for u, other in zip((a, b), lemmas[::-1], strict=True)
    ]
    if not own[0] or not own[1]:
        return 1.0
    return max(float(np.dot(sentence_vector(own[0]), sentence_vector(own[1]))), 0.0)


def _weight(unit: Unit) -> float:
    return sum(weight_of(w) for w in unit.words if w.content) or 1e-6


def soft(a: Sequence[Word], b: Sequence[Word]) -> float:
    """How much of a's meaning stands in b: for each word its nearest in b, by weight."""
    content_a = [w for w in a if w.content] or list(a)
    content_b = [w for w in b if w.content] or list(b)
    known = [v for w in content_b if (v := vector_of(w)) is not None]
    table = np.stack(known) if known else None
    there = _every_sense(content_b)
    total = found = 0.0
    for w in content_a:
        share = weight_of(w)
        total += share
        mine = vector_of(w)
        near = (
            1.0
            if there & _every_sense([w])
            else float((table @ mine).max())
            if table is not None and mine is not None
            else 0.0
        )
        found += share * max(near, 0.0)
    return found / total if total else 0.0


def _names(a: Unit, b: Unit) -> float:
    one, other = ({w.lemma for w in u.words if w.name} for u in (a, b))
    return len(one & other) / min(len(one), len(other)) if one and other else 0.5


def _figures(unit: Unit) -> set[tuple[str, float]]:
    return {(kind, n) for kind, values in numbers(unit.words).items() for n in values}


def _letters(a: Unit, b: Unit) -> float:
    """Dice coefficient of four-letter stretches."""
    one, other = ({t[i : i + 4] for i in range(len(t) - 3)} for t in (" ".join(u.norms) for u in (a, b)))
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def another_deed(a: Sequence[Word], b: Sequence[Word]) -> bool:
    """True if the main verbs are not akin, and neither stands elsewhere in the other claim: "was saved", "was painted"."""
    one, other = main_verb(a), main_verb(b)
    if one is None or other is None or not (one.norm.isalpha() and other.norm.isalpha()):
        return False
    if _every_sense([one]) & _every_sense(b) or _every_sense([other]) & _every_sense(a):
        return False
    return soft([one], [other]) < _AKIN


_AKIN = 0.5
