"""The labelled pairs of claims: read, turned into articles with one claim each, and scored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from attribution.claims import Article, ArticleClaims, Claim, Passage, Span, Speaker
from attribution.comparison.compare import compare
from attribution.comparison.cross_encoder import log_odds
from attribution.comparison.units import Unit, units_of

CASES = Path(__file__).parent / "cases"
SAME = ("same", "part", "altered", "paraphrase")
APART = ("number", "date", "polarity", "speaker", "different", "place", "unit", "roles", "hedge")
TYPES = {"d": "direct", "i": "indirect", "m": "mixed"}
KINDS = {"~": "anonymous", "=": "organization"}


@dataclass(frozen=True)
class Said:
    """One side of a pair: a speaker, how it is said, and the words."""

    speaker: str
    how: str
    text: str

    @cached_property
    def article(self) -> ArticleClaims:
        return one_claim(self.speaker, self.how, self.text)


@dataclass(frozen=True)
class Pair:
    """A labelled pair; ``kind`` is its class."""

    kind: str
    topic: str
    split: str
    a: Said
    b: Said

    @property
    def same(self) -> bool:
        return self.kind in SAME

    @cached_property
    def found(self) -> bool:
        """True if ``compare`` puts the two into one row."""
        return bool(compare([self.a.article, self.b.article]).shared)


def one_claim(speaker: str, how: str, text: str, *, id_: str | None = None) -> ArticleClaims:
    """An article of one claim: the whole text is its content."""
    name, role, affiliation = (*speaker.lstrip("~=").split("|"), None, None)[:3]
    type_, _, act = how.rstrip("-").partition("/")
    digest = hashlib.sha256((speaker + how + text + (id_ or "")).encode()).hexdigest()
    article = Article(id=id_ or digest[:8], text=text, sha256=digest)
    who = Speaker(id=name.casefold(), name=name, kind=KINDS.get(speaker[0], "person"), role=role, affiliation=affiliation)
    claim = Claim(
        id=digest[:16], article=article.ref, type=TYPES[type_], act=act or "statement", cue=None, source=None, speaker=who,
        content=Passage(text=text, spans=(Span(start=0, end=len(text)),)), paragraph=0, confidence=0.9,
        polarity="negated" if how.endswith("-") else "affirmed",
    )  # fmt: skip
    return ArticleClaims(article=article, claims=(claim,), speakers=(who,))


def read_pairs() -> list[Pair]:
    """The pairs of ``cases/pairs.tsv`` and of every ``cases/pairs-*.tsv``: nine columns, see the head of the first."""
    lines = [line for path in sorted(CASES.glob("pairs*.tsv")) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [line.split("\t") for line in lines if line and line[0] != "#"]
    return [Pair(r[0], r[1], r[2], Said(*r[3:6]), Said(*r[6:9])) for r in rows]


def units(pair: Pair) -> tuple[Unit, Unit]:
    """The two claims as ``compare`` sees them."""
    a, b = (units_of(side.article, i) for i, side in enumerate((pair.a, pair.b)))
    return a[0], b[0]


def read_together(pairs: list[Pair]) -> None:
    """Let the cross-encoder read all pairs at once: that takes a tenth of the time of one after the other."""
    log_odds([(a.text, b.text) for p in pairs for a in units_of(p.a.article, 0) for b in units_of(p.b.article, 1)])


def figures(pairs: list[Pair]) -> dict[str, float]:
    """Precision and recall of "same claim", and how many there are."""
    read_together(pairs)
    right = sum(p.same and p.found for p in pairs)
    found, same = sum(p.found for p in pairs), sum(p.same for p in pairs)
    return {"pairs": len(pairs), "precision": round(right / max(found, 1), 3), "recall": round(right / max(same, 1), 3)}
