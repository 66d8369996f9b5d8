"""What a store answers: claims as flat rows, people, matches of a quotation, timelines, drifting quotations, counts."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from attribution.claims import Act, BlockKind, ClaimType, Kind, Model, Polarity

Period = Literal["day", "week", "month"]
Change = Literal["changed", "added", "left out"]
Carried = Literal["same", "altered", "excerpt", "part"]


class Filter(Model):
    """Which claims are asked for; what is left empty asks nothing, several values of one field mean any of them.

    ``speaker`` is a name or words of it, in any case; a surname finds the people who bear it. ``about`` holds words
    that must all occur in a claim, in any form ("talk" finds "talks"), and phrases in double quotation marks.
    ``since`` and ``until`` are days of publication, both included. ``outlets`` are compared without case.
    """

    speaker: str | None = None
    about: str | None = None
    since: date | None = None
    until: date | None = None
    outlets: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ()
    types: tuple[ClaimType, ...] = ()
    kinds: tuple[Kind, ...] = ()
    min_confidence: float = Field(default=0.0, ge=0, le=1)
    old_versions: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> Filter:
        if self.since and self.until and self.until < self.since:
            raise ValueError(f"until ({self.until}) is before since ({self.since})")
        return self


class StoredClaim(Model):
    """A claim as a row; ``number`` and ``article_number`` name it in its store, ``id`` in its article.

    ``person`` is the speaker's fullest name in the whole store, ``speaker`` the one in the article. ``start`` and
    ``end`` are code points into the article's text, half-open, from the first piece of the content to the last.
    """

    number: int
    article_number: int
    version: int
    id: str
    article_id: str
    title: str | None
    outlet: str | None
    published: str | None
    url: str | None
    file: str | None
    speaker: str
    person: str
    kind: Kind
    role: str | None
    affiliation: str | None
    cue: str | None
    text: str
    type: ClaimType
    act: Act
    polarity: Polarity
    block: BlockKind
    paragraph: int
    start: int
    end: int
    confidence: float
    parent: str | None


class Person(Model):
    """A speaker across all articles: how much, where and when; ``names`` are all forms, the most frequent first.

    ``first`` and ``last`` are days of publication; ``role`` and ``affiliation`` are the most frequent.
    """

    name: str
    kind: Kind
    role: str | None
    affiliation: str | None
    claims: int
    direct: int
    articles: int
    outlets: int
    first: date | None
    last: date | None
    names: tuple[str, ...]


class Difference(Model):
    """A place where a text departs from another: ``before`` in the one asked for or carried most, ``after`` here.

    One of the two is empty where words were added or left out. ``at`` counts words of the text from 0.
    """

    change: Change
    before: str
    after: str
    at: int


class QuoteMatch(Model):
    """A claim that carries a quotation, and how: ``score`` is 1 for the same words, lower the more differs.

    ``carried`` is "same"; "altered"; "excerpt" (the claim is a piece of the quotation) or "part" (the quotation is a
    piece of the claim), these two also with differences.
    """

    claim: StoredClaim
    score: float
    carried: Carried
    differences: tuple[Difference, ...]


class TimelinePoint(Model):
    """What a speaker said in a day, week (from Monday) or month (from the first); ``start`` is its first day."""

    start: date
    claims: int
    direct: int
    articles: int
    outlets: int


class Variant(Model):
    """One wording of a quotation: where it stands, and how it departs from its group's first wording."""

    text: str
    claims: int
    outlets: tuple[str, ...]
    first: date | None
    differences: tuple[Difference, ...]


class VariantGroup(Model):
    """One quotation in several wordings, the most carried first."""

    speakers: tuple[str, ...]
    claims: int
    outlets: int
    wordings: tuple[Variant, ...]


class Added(Model):
    """What an addition did: ``new`` articles, new ``versions`` of known ones, ``known`` ones passed over, claims stored.

    ``replaced`` are known articles whose claims were replaced by those of another reading.
    """

    new: int = 0
    versions: int = 0
    known: int = 0
    replaced: int = 0
    claims: int = 0

    def __add__(self, other: Added) -> Added:
        return Added(**{n: getattr(self, n) + getattr(other, n) for n in Added.model_fields})


class Info(Model):
    """What is in a store; ``bytes`` is its file's size, ``versions`` counts old versions of changed articles."""

    path: str
    schema_version: int
    articles: int
    versions: int
    claims: int
    speakers: int
    outlets: int
    first: date | None
    last: date | None
    bytes: int


class Table(Model):
    """The answer to a question in SQL."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
