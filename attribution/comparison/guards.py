"""What keeps claims apart however alike their words are: other numbers, dates, names or polarity.

A guard speaks only where both sides say something that cannot both be meant: a number that only one of them gives is
no conflict.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from attribution.comparison.alignment import Op
from attribution.comparison.amounts import dates, measures, numbers
from attribution.comparison.forms import lemma
from attribution.comparison.senses import all_senses, entry_sense
from attribution.comparison.words import NEGATIONS, Word


def conflict(a: Sequence[Word], b: Sequence[Word], *, odd_a: bool = False, odd_b: bool = False) -> str | None:
    """What the two cannot both mean: "number", "unit", "date", "polarity"; None for nothing.

    Args:
        a: words of the one claim, or of the part of it that is compared.
        b: words of the other.
        odd_a: the cue of the one turns it round: "denied that".
        odd_b: the same of the other.

    """
    for name, facts in (("date", dates), ("number", numbers), ("unit", measures)):
        one, other = facts(a), facts(b)
        for kind in one.keys() & other.keys():
            if not (one[kind] <= other[kind] or other[kind] <= one[kind]):
                return name
    return "polarity" if contrary(a, b, odd_a=odd_a, odd_b=odd_b, against=opposed(a, b)) else None


def contrary(a: Sequence[Word], b: Sequence[Word], *, odd_a: bool, odd_b: bool, against: bool) -> bool:
    """True if the one denies what the other says; "stay" and "not leave" are no contraries, nor "refuse" and "not accept".

    ``against``: words of the two are opposites.
    """
    a, b = _main(a, b), _main(b, a)
    if _unequalled(a, b) or _unequalled(b, a):
        return False
    if against:
        return negative(a, odd=odd_a, verbs=False) == negative(b, odd=odd_b, verbs=False)
    return negative(a, odd=odd_a) != negative(b, odd=odd_b)


def _unequalled(a: Sequence[Word], b: Sequence[Word]) -> bool:
    """True for "the lowest in years" and "not so low for years", "the oldest ever" and "never an older one"."""
    best = {w.norm[:-3].rstrip("i") for w in a if w.norm.endswith("est") and len(w.norm) > 5}
    denied = any(_negates(b, i) for i in range(len(b)))
    return denied and any(
        w.norm in {f"{x}er" for x in best} or (w.norm in best and b[i - 1].norm in ("so", "as"))
        for i, w in enumerate(b)
        if i
    )


def _main(words: Sequence[Word], other: Sequence[Word]) -> Sequence[Word]:
    """The words before a clause of reason or time or a relative one that the other side does not have: what is said at heart."""
    known = {w.norm for w in other}
    end = next((i for i, w in enumerate(words) if i > 2 and w.norm in _ADDED and w.norm not in known), len(words))
    return words[:end]


_ADDED = frozenset("because as since although though while which who when".split())


def negative(words: Sequence[Word], *, odd: bool = False, verbs: bool = True) -> bool:
    """True if the words deny: an odd number of negations, the cue's among them.

    Where the main clause has one, those of a relative clause behind it do not count, nor does a "nobody": "not pay for
    a bridge that nobody asked for". Without ``verbs`` only "not" and its like count, "refuse" does not.
    """
    at = [i for i in range(len(words)) if _negates(words, i) and (verbs or words[i].norm in NEGATIONS)]
    clause = next((i for i, w in enumerate(words) if i > 2 and w.norm in _CLAUSES), len(words))
    main = [i for i in at if i < clause and (i == at[0] or words[i].norm not in _NOBODY)]
    return (len(main or at) % 2 == 1) != odd


def denied_word(a: Sequence[Word], b: Sequence[Word]) -> bool:
    """True if only one denies, and its first denied word stands in the other: "we will not wait again", "we waited"."""
    if negative(a, verbs=False) == negative(b, verbs=False):
        return False
    denying, other = (a, b) if negative(a, verbs=False) else (b, a)
    at = next((i for i in range(len(denying)) if _negates(denying, i)), len(denying))
    word = next((w for w in denying[at + 1 :] if w.content), None)
    return word is not None and word.lemma in {w.lemma for w in other}


def _negates(words: Sequence[Word], i: int) -> bool:
    word = words[i]
    after = words[i + 1].norm if i + 1 < len(words) else ""
    if word.phrase and word.norm in NEGATIONS:
        return False
    if word.norm not in NEGATIONS:
        return word.lemma in _DENIALS or (word.sense in _DENIALS and len(all_senses(word.lemma)) == 1)
    if word.norm == "no" and after in _AMOUNTS and any(w.norm == "than" for w in words[i + 2 : i + 4]):
        return False
    return after not in _NO_NEGATION.get(word.norm, ())


_AMOUNTS = frozenset("fewer less more".split())  # "no fewer than"
_NOBODY = frozenset("nobody nothing none nowhere no".split())
_CLAUSES = frozenset("that which who whom what because".split())
_DENIALS = frozenset(map(lemma, "refuse deny reject fail cease unable".split()))
_NO_NEGATION = {
    "not": frozenset(["only", "just", "merely"]),
    "no": frozenset("matter doubt".split()),
    "nothing": frozenset(["but", "less", "short"]),
}


@cache
def _opposites() -> dict[str, frozenset[str]]:
    """Sense → those that say the opposite."""
    found: dict[str, set[str]] = {}
    for line in files(__package__).joinpath("data/opposites.tsv").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        left, right = ({entry_sense(w) for w in side.split()} for side in line.split("\t"))
        for one, other in ((left, right), (right, left)):
            for w in one:
                found.setdefault(w, set()).update(other)
    return {w: frozenset(others) for w, others in found.items()}


def opposed(a: Sequence[Word], b: Sequence[Word]) -> bool:
    """True if a word of one has its opposite in the other and neither has both: "rise" and "fall"."""
    one, other = ({w.sense for w in side if w.sense} for side in (a, b))
    plain, others = {w.norm for w in a}, {w.norm for w in b}
    if _prefixed(plain, others) or _prefixed(others, plain):
        return True
    table = _opposites()
    return any(
        w not in other and table[w] & other and not table[w] & one and not _answered(w, other, one, table)
        for w in one & table.keys()
    )


@cache
def _contrasts() -> dict[str, frozenset[tuple[int, int]]]:
    """Sense → the lines that have it, and on which side of each; of a line without sides every word is a side."""
    found: dict[str, set[tuple[int, int]]] = {}
    lines = files(__package__).joinpath("data/contrasts.tsv").read_text(encoding="utf-8").splitlines()
    for n, line in enumerate(lines):
        if not line.startswith("#"):
            sides = line.split("\t") if "\t" in line else line.split()
            for side, words in enumerate(sides):
                for w in words.split():
                    found.setdefault(entry_sense(w), set()).add((n, side))
    return {w: frozenset(places) for w, places in found.items()}


def exclusive(one: str, other: str) -> bool:
    """True for two senses that cannot both stand in one place: "red" and "green", "spare" and "kill"."""
    first, second = _contrasts().get(one, frozenset()), _contrasts().get(other, frozenset())
    lines = dict(first)
    return one != other and not first & second and any(n in lines and lines[n] != side for n, side in second)


def contrasted(a: Sequence[Word], b: Sequence[Word], ops: Sequence[Op]) -> bool:
    """True if a word stands where the other side has one that excludes it: "five were killed", "five were wounded".

    Where one side denies and the other does not, opposites say the same.
    """
    if any(negative(a, verbs=verbs) != negative(b, verbs=verbs) for verbs in (True, False)):
        return False
    for op in ops:
        parts = a[slice(*op.a)], b[slice(*op.b)]
        little = not any(w.content for part in parts for w in part)  # "on", "off" count where they are all that differs
        one, other = ({w.sense for w in part if w.content or little} for part in parts)
        alone = op.kind == "replaced" and max(len(one), len(other)) <= _FEW and not one & other
        if alone and any(exclusive(x, y) for x in one for y in other):
            return True
    return False


_FEW = 2  # words that stand for one


def _prefixed(one: set[str], other: set[str]) -> bool:
    """ "Armed" on the one side, "unarmed" on the other."""
    return any(len(w) > 3 and f"un{w}" in other and w not in other and f"un{w}" not in one for w in one)


def _answered(word: str, other: set[str], one: set[str], table: dict[str, frozenset[str]]) -> bool:
    """True if the opposites that the other side has are said there along with a word of this one's own side."""
    siblings = {w for w, against in table.items() if against == table[word]} - {word}
    return bool(siblings & other)
