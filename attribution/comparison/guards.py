"""What keeps claims apart however alike their words are: other numbers, dates, names or polarity.

A guard speaks only where both sides say something that cannot both be meant: a number that only one of them gives is
no conflict.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise

from attribution.comparison.alignment import Op
from attribution.comparison.forms import lemma, spelling
from attribution.comparison.senses import all_senses, entry_sense
from attribution.comparison.words import NEGATIONS, Word

_UNITS = dict(zip("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
                  "seventeen eighteen nineteen".split(), range(20), strict=True))  # fmt: skip
_TENS = {w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_ORDINALS = {w: n for n, w in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1)}
_SCALES = {"hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "bn": 1e9, "m": 1e6, "k": 1e3}  # fmt: skip
_OTHERS = {"dozen": 12.0, "half": 0.5, "twice": 2.0, "double": 2.0, "doubl": 2.0, "triple": 3.0, "tripl": 3.0}
_MONTHS = {m: n for n, names in enumerate(
    "january jan|february feb|march|april apr|may|june jun|july jul|august aug|september sept sep|october oct|november "
    "nov|december dec".split("|"), 1) for m in names.split()}  # fmt: skip
_EACH = frozenset("a an per each every".split())
_MEASURES = {
    lemma(spelling(form)): names.split()[0]
    for names in (
        "second sec", "minute min", "hour hr", "day", "week", "fortnight", "month", "year", "decade", "century", "millimetre mm",
        "centimetre cm", "metre", "kilometre km kph", "mile mph", "foot feet ft", "yard", "inch inches", "acre", "hectare", "gram",
        "kilo kilogram kg kilos", "tonne ton", "ounce", "litre", "barrel", "gallon", "bottle", "knot", "degree",
        "volt", "watt", "kilowatt", "megawatt", "gigawatt",
    )
    for form in names.split()
}  # fmt: skip
_CURRENCIES = {"$": "dollar", "£": "pound", "€": "euro"} | {
    lemma(form): names.split()[0]
    for names in (
        "dollar",
        "pound sterling",
        "euro",
        "yen",
        "yuan renminbi",
        "rouble ruble",
        "franc",
        "peso",
        "rupee",
        "krona",
        "zloty",
    )
    for form in names.split()
}
_TIMES = {"decad": (10.0, "year"), "century": (100.0, "year"), "fortnight": (2.0, "week")}  # "two decades" are 20 years
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_WHEN = frozenset("yesterday today tomorrow tonight".split())
_UNSURE_ONE = frozenset("no this that which any each every another some".split())
_AFTER_ONE = frozenset("another of day should must might may who that can cannot".split())


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


def numbers(words: Sequence[Word]) -> dict[str, set[float]]:
    """Numbers by what they are: "count", "%", "money"."""
    found: dict[str, set[float]] = {}
    i = 0
    while i < len(words):
        value, size, kind = _number(words, i)
        if value is not None and not _is_day(words, i, size):
            found.setdefault(kind, set()).add(value)
        i += size
    return found


def measures(words: Sequence[Word]) -> dict[str, set[str]]:
    """What each number counts or is a rate of, where that is a measure: "400" → metre, "50 a" → day."""
    found: dict[str, set[str]] = {}
    i = 0
    while i < len(words):
        value, size, _ = _number(words, i)
        if value is not None and not _is_day(words, i, size):
            after = [w.lemma for w in words[i + size : i + size + 4]]
            if currency := _currency(words, i, size):
                found.setdefault(f"{value:g} of money", set()).add(currency)
            elif words[i + size - 1].lemma in _TIMES:
                after = [_TIMES[words[i + size - 1].lemma][1], *after]
            if after and (measure := _MEASURES.get(after[0])):
                found.setdefault(f"{value:g}", set()).add(measure)
            for article, what in pairwise(after):
                if article in _EACH and (measure := _MEASURES.get(what)):
                    found.setdefault(f"{value:g} a", set()).add(measure)
        i += size
    return found


def _currency(words: Sequence[Word], i: int, size: int) -> str | None:
    """The currency that stands before a number or behind it."""
    behind = (w.lemma for w in words[i + size - 1 : i + size + 1])
    return _CURRENCIES.get(words[i].norm[:1]) or next((_CURRENCIES[w] for w in behind if w in _CURRENCIES), None)


def _number(words: Sequence[Word], i: int) -> tuple[float | None, int, str]:
    """The number that begins at a word, how many words it takes, and its kind."""
    word = words[i].norm
    figure = re.fullmatch(r"([$£€]?)(\d[\d,]*(?:\.\d+)?)(st|nd|rd|th|bn|m|k)?(%?)", word)
    value: float | None = None
    kind, size = "count", 1
    if figure:
        value = float(figure[2].replace(",", ""))
        value *= _SCALES.get(figure[3] or "", 1.0)
        kind = "money" if figure[1] else "%" if figure[4] else "count"
    elif word in _UNITS or word in _TENS:
        if word == "one" and not _counts(words, i):
            return None, 1, kind
        value = float(_UNITS.get(word, 0) or _TENS.get(word, 0))
        if word in _TENS and i + 1 < len(words) and 0 < _UNITS.get(words[i + 1].norm, 0) < 10:
            value, size = value + _UNITS[words[i + 1].norm], 2
    elif (share := _share(words, i)) is not None:
        return share, 1, "share"
    elif word in _ORDINALS and word not in ("second",):
        return float(_ORDINALS[word]), 1, "rank"
    elif word in _OTHERS:
        value = _OTHERS[word]
    elif words[i].lemma in _TIMES and i and words[i - 1].norm in ("a", "past", "last"):
        return _TIMES[words[i].lemma][0], 1, kind
    elif word in ("hundred", "thousand") and i and words[i - 1].norm == "a":
        value = _SCALES[word]
    if value is None:
        return None, 1, kind
    while i + size < len(words) and words[i + size].norm in (
        "hundred",
        "thousand",
        "million",
        "billion",
        "trillion",
        "bn",
    ):
        value, size = value * _SCALES[words[i + size].norm], size + 1
    after = words[i + size].norm if i + size < len(words) else ""
    if after in ("%", "percentage"):
        return value, size + 1, "%"
    if i + size < len(words) and (time := _TIMES.get(words[i + size].lemma)):
        return value * time[0], size + 1, kind
    if i + size < len(words) and words[i + size].lemma in _CURRENCIES:
        kind = "money"
    return value, size, kind


def _share(words: Sequence[Word], i: int) -> float | None:
    """What part a word names: "a third", "two thirds", "half of"; None for "the third", "half a million"."""
    parts = _PARTS_OF.get(words[i].lemma)
    before = words[i - 1].norm if i else ""
    after = words[i + 1].norm if i + 1 < len(words) else ""
    if parts == 2 and after in ("of", "the", "its", "his", "her", "their", "all"):
        return 0.5
    if parts is None or parts == 2 or not (before in ("a", "an") or before in _UNITS):
        return None
    return float(_UNITS.get(before, 1)) / parts if after in ("", "of", "the") or before in _UNITS else None


_PARTS_OF = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10}


def recounted(a: Sequence[Word], b: Sequence[Word], ops: Sequence[Op]) -> bool:
    """True if another amount or measure stands in one place: "a cyclist", "two cyclists"; "12 percent", "12 million"; "a mile", "a kilometre"."""
    for op in ops:
        one, other = a[slice(*op.a)], b[slice(*op.b)]
        if op.kind != "replaced" or (numbers(a) == numbers(b) != {} and measures(a) == measures(b)):
            continue
        kinds = [{_MEASURES.get(w.lemma) or (w.norm if w.norm in _SIZES else "") for w in part} - {""} for part in (one, other)]
        if kinds[0] and kinds[1] and not kinds[0] & kinds[1]:
            return True
        for few, many in ((one, other), (other, one)):
            if few and all(w.norm in _ONE for w in few) and any(n > 1 for values in numbers(many).values() for n in values):
                return True
    return False


_SIZES = frozenset("% percent hundred thousand million billion trillion".split())
_ONE = frozenset("a an one".split())


def _counts(words: Sequence[Word], i: int) -> bool:
    """True if "one" is a number there, not "one another", "no one", "one of them"."""
    before = words[i - 1].norm if i else ""
    after = words[i + 1].norm if i + 1 < len(words) else ""
    return bool(after) and before not in _UNSURE_ONE and after not in _AFTER_ONE and not before.endswith("er")


def _is_day(words: Sequence[Word], i: int, size: int) -> bool:
    """True for the day of a month and for a year, which are dates."""
    near = [words[k].norm for k in (i - 1, i - 3, i + size) if 0 <= k < len(words)]
    return any(n in _MONTHS and n not in ("may", "march") for n in near) or _year(words[i].norm)


def _year(word: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d", word) is not None


def dates(words: Sequence[Word]) -> dict[str, set[str]]:
    """Days of the week, months, days of the month, years and the like, by kind."""
    found: dict[str, set[str]] = {}
    for i, w in enumerate(words):
        after = words[i + 1].norm if i + 1 < len(words) else ""
        if w.norm.rstrip("s") in _DAYS or w.norm in _DAYS:
            found.setdefault("day", set()).add(w.norm.rstrip("s"))
        elif w.norm in _MONTHS and (w.norm not in ("may", "march") or w.name):
            found.setdefault("month", set()).add(str(_MONTHS[w.norm]))
        elif _year(w.norm):
            found.setdefault("year", set()).add(w.norm)
        elif w.norm in _WHEN:
            found.setdefault("when", set()).add(w.norm)
        elif w.norm in ("last", "next", "this") and after in _SPANS:
            found.setdefault("span", set()).add(f"{w.norm} {after}")
        elif re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)?", w.norm) and _is_day(words, i, 1):
            found.setdefault("day of month", set()).add(re.sub(r"\D", "", w.norm))
    return found


def is_time(word: Word) -> bool:
    """True for what tells a time or an amount: days, months, "year", "overnight", figures."""
    plain = word.norm.rstrip("s")
    return plain in _DAYS or word.norm in _MONTHS or word.norm in _WHEN or word.lemma in _MEASURES or plain[:1].isdigit() or word.norm in _HOURS


_HOURS = frozenset("morning afternoon evening night noon midnight dawn dusk overnight spring summer autumn winter weekend".split())
_SPANS = frozenset("week month year weekend spring summer autumn fall winter".split())


def negative(words: Sequence[Word], *, odd: bool = False, verbs: bool = True) -> bool:
    """True if the words deny: an odd number of negations, the cue's among them.

    Where the main clause has one, those of a relative clause behind it do not count, nor does a "nobody": "not pay for
    a bridge that nobody asked for". Without ``verbs`` only "not" and its like count, "refuse" does not.
    """
    at = [i for i in range(len(words)) if _negates(words, i) and (verbs or words[i].norm in NEGATIONS)]
    clause = next((i for i, w in enumerate(words) if i > 2 and w.norm in _CLAUSES), len(words))
    main = [i for i in at if i < clause and (i == at[0] or words[i].norm not in _NOBODY)]
    return (len(main or at) % 2 == 1) != odd


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
        if op.kind == "replaced" and max(len(one), len(other)) <= _FEW and not one & other:
            if any(exclusive(x, y) for x in one for y in other):
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
