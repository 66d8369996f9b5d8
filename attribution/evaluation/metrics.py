"""The measure: how well predicted claims agree with gold ones.

Span sets are compared by their letters and digits alone, so that a quotation mark or full stop at an edge costs
nothing. *Exact*: the sets are equal; *overlap*: they share at least half of their union (content) or anything at all
(source, cue). Claims are paired one to one, best overlap first. An *attribution* is right if content overlaps and so do
cue and source (or both sides have none); *who said what*, if content overlaps and the speaker's name is the gold one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

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


def _item(roles: list[frozenset[int]], claim: dict[str, Any], speaker: str | None) -> Item:
    content, cue, source = roles
    nested = bool(claim.get("parent"))
    return Item(content, cue, source, speaker, nested, claim.get("type"), claim.get("act"), "speaker" in claim)


def gold_items(record: dict[str, Any]) -> list[Item]:
    """Items of a gold article ``{"text", "attributions"}``."""
    return [
        _item([letters(record["text"], a.get(r) or []) for r in ROLES], a, a.get("speaker"))
        for a in record["attributions"]
        if a.get("content")
    ]


def predicted_items(claims: Iterable[dict[str, Any]], text: str) -> list[Item]:
    """Items of claims in JSON form."""

    def spans(claim: dict[str, Any], role: str) -> list[tuple[int, int]]:
        return [(s["start"], s["end"]) for s in (claim.get(role) or {}).get("spans", [])]

    return [_item([letters(text, spans(c, r)) for r in ROLES], c, (c.get("speaker") or {}).get("name")) for c in claims]


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
}


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


def score(articles: Iterable[tuple[list[Item], list[Item]]], *, top: bool = False) -> Scores:
    """Scores over articles, each its gold and predicted items.

    Args:
        articles: pairs of gold and predicted items.
        top: leave out nested claims on both sides.

    """
    out = Scores()
    for all_gold, all_predicted in articles:
        gold = [g for g in all_gold if not (top and g.nested)]
        predicted = [p for p in all_predicted if not (top and p.nested)]
        named = any(g.has_speaker for g in gold)
        for name, fits in FITS.items():
            if name != "who said what" or named:
                out.add(name, len(pairs(gold, predicted, fits)), len(predicted), len(gold))
        for role in ("cue", "source"):
            a = Counter(s for g in gold if (s := getattr(g, role)))
            b = Counter(s for p in predicted if (s := getattr(p, role)))
            out.add(f"{role} exact", sum((a & b).values()), sum(b.values()), sum(a.values()))
        matched = pairs(gold, predicted, overlaps)
        for what in ("type", "act"):
            known = [(i, j) for i, j in matched if getattr(gold[i], what)]
            right = sum(getattr(gold[i], what) == getattr(predicted[j], what) for i, j in known)
            out.add(f"{what} of matched claims", right, len(known), len(known))
    return out
