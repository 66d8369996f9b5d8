"""Whether two claims turn round who did it to whom, or put another name into the same place.

Both are seen in the alignment and the order of words alone, so they speak only where the rest is nearly the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from attribution.comparison.alignment import Op
from attribution.comparison.words import Word
from attribution.lexicon import metonyms

_BEING = frozenset("is are was were be been being get got".split())
_CLAUSES = frozenset(
    "because that which who whom when while where if as since until although though and but or".split()
)
_BEFORE_A_PLACE = frozenset("in at near off to from into around outside across of with over towards toward".split())
_ALIKE = 0.6  # of two spellings of one name: "Kiev", "Kyiv"; "Odesa", "Odessa"
_MOST_WORDS = 3


def turned_round(a: Sequence[Word], b: Sequence[Word]) -> bool:
    """True if what stands before a word in one stands after it in the other: "A beat B", "B beat A".

    In the passive ("B was beaten by A") the order says the opposite.
    """
    one, other = _places(a), _places(b)
    common = one.keys() & other.keys()
    order_a, order_b = (sorted(common, key=places.__getitem__) for places in (one, other))
    for i in range(1, len(order_a) - 1):
        before, pivot, after = order_a[i - 1 : i + 2]
        k = order_b.index(pivot)
        first, last = order_b[:k][-1:], order_b[k + 1 :][:1]
        inverted = (last == [before] and after in order_b[:k]) or (first == [after] and before in order_b[k + 1 :])
        same = (first, last) == ([before], [after])
        if not (inverted or same) or _parted(a, one, pivot, before, after) or _parted(b, other, pivot, before, after):
            continue
        if inverted != (_passive(a, one[pivot]) != _passive(b, other[pivot])):
            return True
    return False


def swapped(a: Sequence[Word], b: Sequence[Word]) -> bool:
    """True if one becomes the other when two of its words change places, with others between: "A gave B to C", "C gave B to A".

    In the passive the order says the opposite; of some verbs it says nothing: "A met B".
    """
    common = {w.sense for w in a if w.content} & {w.sense for w in b if w.content}
    one, other = (_in_order(side, common) for side in (a, b))
    differ = [n for n, (x, y) in enumerate(zip(one, other, strict=False)) if x[0] != y[0]]
    if len(one) != len(other) or not differ or len({frozenset((one[n][0], other[n][0])) for n in differ}) > 1:
        return False
    between = range(differ[0] + 1, differ[-1])
    if not between or any(one[n][0] in _MUTUAL for n in between):
        return False
    stretches = (side[places[differ[0]][1] : places[differ[-1]][1]] for side, places in ((a, one), (b, other)))
    if any(w.norm in _CLAUSES - _SEAMS for stretch in stretches for w in stretch):
        return False
    return any(_passive(a, one[n][1]) for n in between) == any(_passive(b, other[n][1]) for n in between)


def _in_order(words: Sequence[Word], senses: set[str]) -> list[tuple[str, int]]:
    """The words that have one of some senses, and where they stand; a name of several words is one."""
    found: list[tuple[str, int]] = []
    for i, w in enumerate(words):
        if w.content and w.sense in senses:
            if found and w.name and words[i - 1].name and found[-1][1] == i - 1:
                found[-1] = (f"{found[-1][0]} {w.sense}", i)
            else:
                found.append((w.sense, i))
    return found


_SEAMS = frozenset("that which who whom but and or as".split())
_MUTUAL = frozenset("meet marry discuss negotiation agree clash border share and contact".split())


def _parted(words: Sequence[Word], places: Mapping[str, int], *bases: str) -> bool:
    """True if a clause begins between the words: they need not be its subject and object."""
    at = [places[base] for base in bases]
    return any(w.norm in _CLAUSES for w in words[min(at) : max(at)])


def _places(words: Sequence[Word]) -> dict[str, int]:
    """Base form of a word of meaning → where it stands, if it stands there once."""
    found: dict[str, int] = {}
    twice = set()
    for i, w in enumerate(words):
        if w.content:
            base = w.sense
            if base in found:
                twice.add(base)
            found[base] = i
    return {base: i for base, i in found.items() if base not in twice}


def _passive(words: Sequence[Word], at: int) -> bool:
    """True for "was beaten by", not for "was running by"."""
    if words[at].norm.endswith("ing"):
        return False
    return any(w.norm in _BEING for w in words[max(at - 2, 0) : at]) and any(
        w.norm == "by" and not _time(words[k + 1 : k + 3]) for k, w in enumerate(words[at + 1 : at + 6], at + 1)
    )


def _time(words: Sequence[Word]) -> bool:
    """True for what makes "by" one of time: "by the end of the year", "by 2031"."""
    return any(w.norm[:1].isdigit() or w.norm in _TIMES for w in words)


_TIMES = frozenset("end start beginning middle now then today tomorrow tonight noon midnight morning spring summer autumn winter "
                   "january february march april may june july august september october november december "
                   "monday tuesday wednesday thursday friday saturday sunday".split())  # fmt: skip


def renamed(a: Sequence[Word], b: Sequence[Word], ops: Sequence[Op]) -> bool:
    """True if a name of one stands where the other has another name: "in Paris", "in New York".

    Names that mean the same ("Beijing" and "China"), one that the other side has elsewhere, and two spellings of one
    name are none.
    """
    return any(
        op.kind == "replaced"
        and _name(a, op.a)
        and _name(b, op.b)
        and _same_place(a, op.a, b, op.b)
        and not _may_be_one(a, a[slice(*op.a)], b, b[slice(*op.b)])
        for op in ops
    )


def _name(words: Sequence[Word], span: tuple[int, int]) -> bool:
    part = words[slice(*span)]
    return 0 < len(part) <= _MOST_WORDS and all(w.name and w.norm[:1].isalpha() for w in part)


def _same_place(a: Sequence[Word], at: tuple[int, int], b: Sequence[Word], other: tuple[int, int]) -> bool:
    """True behind the same preposition, and within the same words."""
    before = (a[at[0] - 1].norm, b[other[0] - 1].norm) if at[0] and other[0] else ("", "")
    after = [words[end].norm if end < len(words) else "" for words, end in ((a, at[1]), (b, other[1]))]
    if before[0] != before[1]:
        return False
    return before[0] in _BEFORE_A_PLACE or (bool(before[0]) and after[0] == after[1])


def _may_be_one(a: Sequence[Word], one: Sequence[Word], b: Sequence[Word], other: Sequence[Word]) -> bool:
    first, second = (" ".join(w.norm for w in part) for part in (one, other))
    if _speaks_for(first) == _speaks_for(second) or SequenceMatcher(None, first, second).ratio() >= _ALIKE:
        return True
    elsewhere = {w.lemma for w in a} & {w.lemma for w in other} | {w.lemma for w in b} & {w.lemma for w in one}
    initials = {"".join(w.norm[:1] for w in part) for part in (one, other)}
    return bool(elsewhere) or bool(initials & {first, second})


def _speaks_for(name: str) -> str:
    """The country whose capital or government house a name is, in small letters; else the name."""
    return {place.casefold(): who.casefold() for place, (who, _) in metonyms().items()}.get(name, name)
