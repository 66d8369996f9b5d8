"""Numbers, shares, measures and dates of a claim, and where two claims give another one in the same place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from attribution.comparison.alignment import Op
from attribution.comparison.forms import lemma, spelling
from attribution.comparison.words import Word

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


def numbers(words: Sequence[Word]) -> dict[str, set[float]]:
    """Numbers by what they are: "count", "%", "money"."""
    found: dict[str, set[float]] = {}
    for _, _, value, kind in _amounts(words):
        found.setdefault(kind, set()).add(value)
    return found


def measures(words: Sequence[Word]) -> dict[str, set[str]]:
    """What each number counts or is a rate of, where that is a measure: "400" → metre, "50 a" → day."""
    found: dict[str, set[str]] = {}
    for i, size, value, _ in _amounts(words):
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
    return found


def _amounts(words: Sequence[Word]) -> Iterator[tuple[int, int, float, str]]:
    """Each number that is no day of a month: its first word, how many it takes, its value and kind."""
    i = 0
    while i < len(words):
        value, size, kind = _number(words, i)
        if value is not None and not _is_day(words, i, size):
            yield i, size, value, kind
        i += size


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


_PARTS_OF = {
    "half": 2,
    "third": 3,
    "quarter": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
}


def recounted(a: Sequence[Word], b: Sequence[Word], ops: Sequence[Op]) -> bool:
    """True if another amount or measure stands in one place: "a cyclist", "two cyclists"; "12 percent", "12 million"; "a mile", "a kilometre"."""
    for op in ops:
        one, other = a[slice(*op.a)], b[slice(*op.b)]
        if op.kind != "replaced" or (numbers(a) == numbers(b) != {} and measures(a) == measures(b)):
            continue
        kinds = [
            {_MEASURES.get(w.lemma) or (w.norm if w.norm in _SIZES else "") for w in part} - {""}
            for part in (one, other)
        ]
        if kinds[0] and kinds[1] and not kinds[0] & kinds[1]:
            return True
        for few, many in ((one, other), (other, one)):
            if (
                few
                and all(w.norm in _ONE for w in few)
                and any(n > 1 for values in numbers(many).values() for n in values)
            ):
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
    return (
        plain in _DAYS
        or word.norm in _MONTHS
        or word.norm in _WHEN
        or word.lemma in _MEASURES
        or plain[:1].isdigit()
        or word.norm in _HOURS
    )


_HOURS = frozenset(
    "morning afternoon evening night noon midnight dawn dusk overnight spring summer autumn winter weekend".split()
)
_SPANS = frozenset("week month year weekend spring summer autumn fall winter".split())
