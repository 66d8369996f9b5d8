"""What the resolution of speakers works on: evidence steps, resolutions, the article, a source."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from attribution.pipeline.antecedents import Candidate, Context
from attribution.pipeline.entities import Cast, Entity
from attribution.pipeline.labels import KINDS
from attribution.pipeline.links import NOT_ASKED, Links, LinksOf
from attribution.pipeline.mentions import (
    Name,
    Phrase,
)
from attribution.pipeline.noun_phrases import NounPhrase, Word, noun_phrases
from attribution.pipeline.quotation import depths, quotations
from attribution.pipeline.relations import Relation
from attribution.pipeline.segmentation import Range, index_at
from attribution.pipeline.standing import Standing

if TYPE_CHECKING:
    from attribution.pipeline.things import Thing


@dataclass(slots=True)
class Step:
    """One step of evidence: its name, what was seen, what it was taken for, where."""

    step: str
    seen: str
    taken: str
    spans: list[Range] = field(default_factory=list)


@dataclass(slots=True)
class Resolution:
    """Who a claim's source is. ``entities`` are those behind the name; none for unnamed or unknown sources."""

    name: str
    kind: str
    entities: list[Entity]
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a source that is no person was chosen from: the claim, the form, the candidates' names and features."""

    claim: int
    form: str
    names: list[str]
    rows: list[list[float]]


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """Whom a role was chosen from: the claim, the candidates' names and features, those of nobody."""

    claim: int
    names: list[str]
    rows: list[list[float]]
    nobody: list[float]


@dataclass(slots=True)
class Article:
    """What the steps know: the text, its sentences and paragraphs, the cast, and the claims resolved so far.

    ``words`` have their parts of speech, if anybody has told; ``phrases`` are the noun phrases that follow from them.
    ``signed`` are the names in bylines, which take no part in the story. ``depth`` tells how deep in quotation marks
    each code point stands. ``choices`` and ``decisions`` keep what antecedents were chosen between (claim, form, context,
    candidates), for training; so do ``between`` (context, candidates) for the story's pronouns between the claims and
    ``turns`` (claim, candidates, features) for quotations without a source. ``links`` tell which mentions the encoder
    takes for the same.
    """

    text: str
    paragraphs: Sequence[Range]
    sentences: Sequence[Range]
    names: Sequence[Name]
    cast: Cast
    claims: Sequence[Relation]
    words: Sequence[Word] = ()
    resolved: dict[int, Resolution] = field(default_factory=dict)
    signed: Sequence[Name] = ()
    depth: bytearray = field(default_factory=bytearray)
    unnamed: list[Entity] = field(default_factory=list)
    passing: list[Entity] = field(default_factory=list)
    referred: dict[int, Entity] = field(default_factory=dict)
    followed: int = 0
    decisions: list[tuple[int, Context, list[Candidate]]] = field(default_factory=list)
    between: list[tuple[Context, list[Candidate]]] = field(default_factory=list)
    turns: list[tuple[int, list[Entity], list[list[float]]]] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    roles: list[RoleChoice] = field(default_factory=list)
    things: list[Thing] | None = None
    standings: dict[int, Standing] = field(default_factory=dict)
    phrases: list[NounPhrase] = field(default_factory=list)
    links: Links | None = None

    def __post_init__(self) -> None:
        """Find the noun phrases of the text, and its quotations where nobody has told."""
        self.phrases = self.phrases or noun_phrases(self.text, self.words, self.sentences)
        if not self.depth:
            self.depth = depths(self.text, quotations(self.text, self.paragraphs))

    def linked(self, anaphor: Range, mentions: Sequence[Range]) -> LinksOf:
        """How well an anaphor goes with somebody's mentions, see ``links.Links.toward``; zeros where the model cannot tell."""
        return self.links.toward(anaphor, mentions) if self.links is not None else NOT_ASKED

    def part_at(self, offset: int) -> str:
        """The part of speech of the word that begins at an offset; "" where none begins or none is known."""
        i = bisect_left(self.words, offset, key=lambda w: w.start)
        return self.words[i].part if i < len(self.words) and self.words[i].start == offset else ""

    def part_before(self, offset: int) -> str:
        """The part of speech of the last word that ends at an offset or before it; "" if none is known."""
        i = bisect_left(self.words, offset, key=lambda w: w.end)
        i -= i == len(self.words) or self.words[i].end > offset
        return self.words[i].part if i >= 0 and self.words else ""

    def sentence_of(self, offset: int) -> int:
        """The index of the sentence that an offset stands in."""
        return index_at(self.sentences, offset)

    def paragraph_of(self, offset: int) -> int:
        """The index of the paragraph that an offset stands in."""
        return index_at(self.paragraphs, offset)


@dataclass(slots=True)
class Source:
    """A claim's source under resolution."""

    claim: int
    relation: Relation
    span: Range
    text: str
    phrase: Phrase

    def says(self, kind: str) -> bool:
        """True if the model is sure that the claim's source is of a kind."""
        scores = self.relation.kind
        if scores.max() <= scores.min():
            return False
        return bool(scores[KINDS.index(kind)] >= _SURE)


_SURE = 0.6
SourceStep = Callable[[Article, Source], Resolution | None]


def names_in(article: Article, span: Range) -> list[Name]:
    """The names that lie within a range."""
    low = bisect_left(article.names, span.start, key=lambda n: n.start)
    high = bisect_left(article.names, span.end, key=lambda n: n.start)
    return [n for n in article.names[low:high] if n.end <= span.end]


def start_of(r: Relation) -> int:
    """Where a claim begins for its reader: at its source, else its cue, else its content."""
    return (r.source or r.cue or r.content)[0].start
