"""What a comparison is: rows of claims, a version for each article that has one, and the words that differ.

All models are frozen and compare by value. ``article`` is always an index into ``Comparison.articles``: the order in
which the articles were given. Offsets are code points into that article's text, half-open. Everything but that order
is the same whatever order the articles come in.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from attribution.claims import ArticleRef, Claim, ClaimType, Model, Passage, Speaker

Relation = Literal["same", "part", "altered", "paraphrase", "text"]
ChangeKind = Literal["replaced", "added", "dropped"]
Difference = Literal["relay", "source", "cue"]
Alignment = Literal["same", "changed", "added"]


class Column(Model):
    """An article of the comparison.

    ``label`` is short and its own: the outlet's name or the article's id. ``claims`` and ``words`` count all claims
    that were found in it and all words of its text.
    """

    article: ArticleRef
    label: str
    claims: int = Field(ge=0)
    words: int = Field(ge=0)


class Stretch(Model):
    """Words of a version that stand alike to the row's fullest version; in order they give the whole version.

    ``state``: "same" as there, "changed" (another word stands there), "added" (nothing stands there). In the fullest
    version itself a stretch is "changed" or "added" if any other version has other words, or none, in its place;
    what an excerpt leaves out at its ends counts as "same" there. ``start`` and ``end`` are its place in the article.
    """

    text: str
    start: int = Field(ge=0)
    end: int = Field(ge=1)
    state: Alignment


class Change(Model):
    """One difference in wording between the row's fullest version (``fullest``) and this one (``here``).

    Of a paraphrase only a word or two that stand for others between words that stay are changes.

    "replaced" has both, "added" only ``here``, "dropped" only ``fullest``.
    """

    kind: ChangeKind
    fullest: Passage | None
    here: Passage | None


class Credit(Model):
    """By whose word an article gives the claim.

    ``source`` and ``cue`` are the words of the text ("US officials", "said"), None where it has none; ``via`` are the
    names of those who relay it, the outermost first ("Reuters"). ``differs`` tells in what this article stands against
    most of the row's others, or with two articles against the other: "relay" (relayed by somebody else, or by
    nobody), "source" (the speaker is named otherwise: by name here, by role or unnamed there), "cue" (another act:
    said here, denied or claimed there).
    """

    source: str | None
    cue: str | None
    via: tuple[str, ...] = ()
    differs: tuple[Difference, ...] = ()


class Version(Model):
    """How one article carries a claim.

    ``relation`` is the relation to the row's fullest version: "same" words; "part" of them, unchanged; "altered": the
    same quotation or sentence with other words in it; "paraphrase": the same thing said otherwise; "text": the same
    words stand in the article's own voice, and no claim was found there. ``claim`` and ``type`` are None for "text"
    only. ``passage`` is what is compared: the claim's content, or the words of the text. ``likeness`` estimates the
    probability that this and the fullest version are the same claim; 1 for the fullest itself. ``again`` are other
    claims of the same article that say the same, such as a headline's.
    """

    article: int = Field(ge=0)
    relation: Relation
    claim: Claim | None
    type: ClaimType | None
    passage: Passage
    stretches: tuple[Stretch, ...]
    changes: tuple[Change, ...] = ()
    credit: Credit
    likeness: float = Field(ge=0, le=1)
    again: tuple[Claim, ...] = ()


class Row(Model):
    """A claim, and every article that carries it: at most one version an article, in order of the articles.

    ``id`` is a hash of its claims' ids. ``speaker`` is the speaker under the fullest name that any of the articles
    has. ``fullest`` is the article whose version the others are measured by. ``missing`` are the articles without it.
    """

    id: str
    speaker: Speaker
    fullest: int = Field(ge=0)
    versions: tuple[Version, ...] = Field(min_length=1)
    missing: tuple[int, ...] = ()

    @property
    def shared(self) -> bool:
        """Several articles carry it."""
        return len(self.versions) > 1

    @property
    def drifts(self) -> bool:
        """Words differ between versions in places where they are otherwise the same."""
        return any(v.changes for v in self.versions)

    @property
    def credited_differently(self) -> bool:
        """Articles differ in who is said to have said it, or in how."""
        return any(v.credit.differs for v in self.versions)

    def version(self, article: int) -> Version | None:
        """The version of an article, None where it does not carry the claim."""
        return next((v for v in self.versions if v.article == article), None)


class Share(Model):
    """The room that one article gives a speaker: claims, and words of them; words of claims within claims count once."""

    article: int = Field(ge=0)
    claims: int = Field(ge=0)
    words: int = Field(ge=0)


class Room(Model):
    """The room that each article gives one speaker; ``shares`` has one for each article, in their order."""

    speaker: Speaker
    shares: tuple[Share, ...]

    @property
    def words(self) -> int:
        """Words in all articles together."""
        return sum(s.words for s in self.shares)


class Comparison(Model):
    """Several articles' claims side by side.

    ``rows``: first those that several articles carry: with changed words, then those credited differently, then the
    others, each with more articles first and then as they stand in the text; last those that only one carries.
    ``rooms``: the speakers, those with most words first.
    """

    articles: tuple[Column, ...]
    rows: tuple[Row, ...]
    rooms: tuple[Room, ...]

    @property
    def shared(self) -> tuple[Row, ...]:
        """The rows that several articles carry."""
        return tuple(r for r in self.rows if r.shared)

    def only(self, article: int) -> tuple[Row, ...]:
        """The rows that this article alone carries."""
        return tuple(r for r in self.rows if not r.shared and r.versions[0].article == article)
