"""The measure: how well predicted claims agree with gold ones.

Span sets are compared by their letters and digits alone, so that a quotation mark or full stop at an edge costs
nothing. *Exact*: the sets are equal; *overlap*: they share at least half of their union (content) or anything at all
(source, cue). Claims are paired one to one, best overlap first. An *attribution* is right if content overlaps and so do
cue and source (or both sides have none); *who said what*, if content overlaps and the speaker's name is the gold one.

``article_counts`` counts one article; everything else (figures, intervals, comparisons) is made of sums of its counts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

ROLES = ("content", "cue", "source")
_HONORIFICS = frozenset(
    ["mr", "mrs", "ms", "miss", "dr", "sir", "dame", "lord", "lady", "prof", "professor", "president", "the", "a", "an"]
)


@dataclass(frozen=True, slots=True)
class Item:
    """A claim for comparison: letter positions by role, and the speaker's name (None where nobody is named).

    ``has_speaker`` tells that the gold says anything about speakers at all.
    """

    content: frozenset[int]
    cue: frozenset[int]
    source: frozenset[int]
    speaker: str | None
    nested: bool
    type: str | None = None
    act: str | None = None
    has_speaker: bool = False
    kind: str | None = None
    confidence: float | None = None
    addressee: str | None = None

    def group(self, by: str) -> str | None:
        """Its type, act or kind, or "nested" or "top"; None where the gold does not say."""
        return ("nested" if self.nested else "top") if by == "nesting" else getattr(self, by)


@dataclass(slots=True)
class Score:
    """Counts of right, predicted and gold."""

    right: int = 0
    predicted: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        """Right of predicted; 0 without predictions."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Right of gold; 0 without gold."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(slots=True)
class Scores:
    """Scores by figure, in the order of the report."""

    by_name: dict[str, Score] = field(default_factory=dict)

    def add(self, name: str, right: int, predicted: int, gold: int) -> None:
        """Add counts to a figure."""
        s = self.by_name.setdefault(name, Score())
        s.right, s.predicted, s.gold = s.right + right, s.predicted + predicted, s.gold + gold


def letters(text: str, spans: Iterable[Sequence[int]]) -> frozenset[int]:
    """Positions of the letters and digits in spans."""
    return frozenset(i for a, b in spans for i in range(a, min(b, len(text))) if text[i].isalnum())


def name_key(name: str | None) -> str:
    """A name without honorifics, articles, possessives and case."""
    plain = re.sub(r"['’]s\b", "", (name or "").replace(".", "")).casefold()
    return " ".join(w for w in re.findall(r"\w+", plain) if w not in _HONORIFICS)


def _item(roles: list[frozenset[int]], claim: dict[str, Any], speaker: str | None, addressee: str | None) -> Item:
    content, cue, source = roles
    nested = bool(claim.get("parent"))
    who = claim.get("speaker")
    kind = who.get("kind") if isinstance(who, dict) else claim.get("kind")
    return Item(
        content, cue, source, speaker, nested, claim.get("type"), claim.get("act"), "speaker" in claim, kind,
        claim.get("confidence"), name_key(addressee) or None,
    )  # fmt: skip


def gold_items(record: dict[str, Any]) -> list[Item]:
    """Items of a gold article ``{"text", "attributions"}``."""
    return [
        _item(
            [letters(record["text"], a.get(r) or []) for r in ROLES], a, a.get("speaker"),
            words_at(record["text"], a.get("addressee") or []) or a.get("to"),
        )
        for a in record["attributions"]
        if a.get("content")
    ]  # fmt: skip


def predicted_items(claims: Iterable[dict[str, Any]], text: str) -> list[Item]:
    """Items of claims in JSON form."""

    def spans(claim: dict[str, Any], role: str) -> list[tuple[int, int]]:
        return [(s["start"], s["end"]) for s in (claim.get(role) or {}).get("spans", [])]

    return [
        _item(
            [letters(text, spans(c, r)) for r in ROLES], c, (c.get("speaker") or {}).get("name"), words_at(text, spans(c, "addressee"))
        )
        for c in claims
    ]  # fmt: skip


def words_at(text: str, spans: Iterable[Sequence[int]]) -> str:
    """The words of spans, "" for none."""
    return " ".join(text[s:e] for s, e in spans)


def overlaps(a: Item, b: Item) -> bool:
    """Contents share at least half of their union."""
    union = len(a.content | b.content)
    return bool(union) and len(a.content & b.content) * 2 >= union


def _role_fits(a: frozenset[int], b: frozenset[int]) -> bool:
    return bool(a & b) or (not a and not b)


FITS: dict[str, Callable[[Item, Item], bool]] = {
    "content exact": lambda g, p: g.content == p.content,
    "content overlap": overlaps,
    "attribution": lambda g, p: overlaps(g, p) and _role_fits(g.cue, p.cue) and _role_fits(g.source, p.source),
    "attribution exact": lambda g, p: (g.content, g.cue, g.source) == (p.content, p.cue, p.source),
    "who said what": lambda g, p: overlaps(g, p) and name_key(g.speaker) == name_key(p.speaker),
    "who said what exact": lambda g, p: g.content == p.content and name_key(g.speaker) == name_key(p.speaker),
}
WITH_SPEAKERS = ("who said what", "who said what exact")
GROUPINGS = ("type", "act", "kind", "nesting")
BY_GROUP = ("content exact", "content overlap", "attribution", "who said what")


class Figure(NamedTuple):
    """What is counted: a figure, of all claims or of those of one group (``by`` "type", ``group`` "direct")."""

    name: str
    by: str = ""
    group: str = ""


class Count(NamedTuple):
    """Gold claims found and all gold ones; right predictions and all predictions."""

    found: int
    gold: int
    right: int
    predicted: int


def pairs(gold: Sequence[Item], predicted: Sequence[Item], fits: Callable[[Item, Item], bool]) -> list[tuple[int, int]]:
    """One-to-one pairs (gold index, predicted index) that fit, best content overlap first."""
    candidates = []
    for i, g in enumerate(gold):
        for j, p in enumerate(predicted):
            if fits(g, p):
                share = len(g.content & p.content) / max(1, len(g.content | p.content))
                candidates.append((share, len(g.cue & p.cue), len(g.source & p.source), -i, -j))
    taken_gold: set[int] = set()
    taken: set[int] = set()
    out = []
    for *_, i, j in sorted(candidates, reverse=True):
        if i not in taken_gold and j not in taken:
            taken_gold.add(i)
            taken.add(j)
            out.append((-i, -j))
    return out


def without_nested(items: Iterable[Item]) -> list[Item]:
    """The outermost claims alone."""
    return [i for i in items if not i.nested]


def article_counts(gold: Sequence[Item], predicted: Sequence[Item]) -> dict[Figure, Count]:
    """The counts of one article: overall figures first, then those by group.

    Figures of names are there if its gold says anything about speakers; groups, if its gold has them. The figures "… of
    matched claims" and "addressee" are counted over claims whose contents overlap, the latter if the gold names any to whom
    something is said, by their words without article or title, "nested claims" over gold claims inside others: one
    is found if the claim that overlaps it is nested too.
    """
    out: dict[Figure, Count] = {}
    named = any(g.has_speaker for g in gold)
    matched: list[tuple[int, int]] = []
    for name, fits in FITS.items():
        if name in WITH_SPEAKERS and not named:
            continue
        found = pairs(gold, predicted, fits)
        out[Figure(name)] = Count(len(found), len(gold), len(found), len(predicted))
        matched = found if name == "content overlap" else matched
        if name in BY_GROUP:
            _count_groups(out, name, gold, predicted, found)
    for role in ("cue", "source"):
        a, b = ([s for i in items if (s := getattr(i, role))] for items in (gold, predicted))
        exact, overlapping = sum((Counter(a) & Counter(b)).values()), _overlapping(a, b)
        out[Figure(f"{role} exact")] = Count(exact, len(a), exact, len(b))
        out[Figure(f"{role} overlap")] = Count(overlapping, len(a), overlapping, len(b))
    for what in ("type", "act", "kind"):
        known = [(i, j) for i, j in matched if getattr(gold[i], what)]
        right = sum(getattr(gold[i], what) == getattr(predicted[j], what) for i, j in known)
        out[Figure(f"{what} of matched claims")] = Count(right, len(known), right, len(known))
    if any(g.addressee for g in gold):
        told = [(gold[i].addressee, predicted[j].addressee) for i, j in matched]
        right = sum(a == b for a, b in told if a and b)
        out[Figure("addressee")] = Count(right, sum(bool(a) for a, _ in told), right, sum(bool(b) for _, b in told))
    inside = [j for i, j in matched if gold[i].nested]
    right = sum(predicted[j].nested for j in inside)
    out[Figure("nesting of matched claims")] = Count(right, len(inside), right, len(inside))
    nested = sum(g.nested for g in gold)
    out[Figure("nested claims")] = Count(right, nested, right, sum(p.nested for p in predicted) if nested else 0)
    return out


def _count_groups(
    out: dict[Figure, Count], name: str, gold: Sequence[Item], predicted: Sequence[Item], found: list[tuple[int, int]]
) -> None:
    hit, right = {i for i, _ in found}, {j for _, j in found}
    for by in GROUPINGS:
        in_gold, in_predicted = [g.group(by) for g in gold], [p.group(by) for p in predicted]
        if any(in_gold):
            for group in sorted({g for g in (*in_gold, *in_predicted) if g}):
                i, j = ([n for n, g in enumerate(groups) if g == group] for groups in (in_gold, in_predicted))
                out[Figure(name, by, group)] = Count(len(hit & set(i)), len(i), len(right & set(j)), len(j))


def _overlapping(a: Sequence[frozenset[int]], b: Sequence[frozenset[int]]) -> int:
    """How many spans can be paired one to one with one that they share anything with, greatest share first."""
    shares = sorted(
        ((len(x & y) / len(x | y), -i, -j) for i, x in enumerate(a) for j, y in enumerate(b) if x & y), reverse=True
    )
    taken_a: set[int] = set()
    taken_b: set[int] = set()
    for _, i, j in shares:
        if i not in taken_a and j not in taken_b:
            taken_a.add(i)
            taken_b.add(j)
    return len(taken_a)


def score(articles: Iterable[tuple[list[Item], list[Item]]], *, top: bool = False) -> Scores:
    """Overall scores of articles, each its gold and predicted items.

    Args:
        articles: pairs of gold and predicted items.
        top: leave out nested claims on both sides.

    """
    out = Scores()
    for gold, predicted in articles:
        items = (without_nested(gold), without_nested(predicted)) if top else (gold, predicted)
        for figure, count in article_counts(*items).items():
            if not figure.by:
                out.add(figure.name, count.found, count.predicted, count.gold)
    return out
