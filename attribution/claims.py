"""The vocabulary: what an article is, what a claim is, and who makes it.

All models are frozen and compare by value. Offsets are code points into ``Article.text``, half-open: ``text[start:
end]`` is the truth. ``model_dump_json`` and ``model_validate_json`` give back an equal object.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

ClaimType = Literal["direct", "indirect", "mixed"]
Act = Literal["statement", "belief", "request", "promise", "denial", "question", "prediction", "other"]
Kind = Literal["person", "organization", "government", "group", "anonymous", "document", "unknown"]
Polarity = Literal["affirmed", "negated"]
BlockKind = Literal[
    "headline", "byline", "dateline", "caption", "credit", "breadcrumb", "share", "newsletter", "related", "copyright",
    "body",
]  # fmt: skip


class Model(BaseModel):
    """Base of all models: frozen, no unknown fields, aliases or names both accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Span(Model):
    """A half-open range of code points; never empty."""

    start: int = Field(ge=0)
    end: int = Field(ge=1)

    @model_validator(mode="after")
    def _not_empty(self) -> Span:
        if self.end <= self.start:
            raise ValueError(f"a span ends after it starts, not {self.start}-{self.end}")
        return self


Spans = Annotated[tuple[Span, ...], Field(min_length=1)]


class Passage(Model):
    """Words of the article: their places, and their text with pieces that stand apart joined by " … "."""

    text: str
    spans: Spans


class Cue(Passage):
    """The words that signal a claim; ``lemma`` is the base form of their head."""

    lemma: str


class Speaker(Model):
    """Whoever a claim is attributed to.

    ``name`` is the fullest form in the article, for unnamed sources the noun phrase as written. ``role`` and
    ``affiliation`` come from titles and appositions. ``kind`` is "unknown" with an empty name where the text names
    nobody.
    """

    id: str
    name: str
    kind: Kind
    role: str | None = None
    affiliation: str | None = None

    @property
    def unnamed(self) -> bool:
        """True for a speaker whose name is a description: all but people, institutions and governments, and a person
        whom the text only calls by an office or relation ("US diplomat"), so that two articles' need not be one.
        """
        if self.kind == "person":
            return self.name.rsplit(" ", 1)[-1][:1].islower()
        return self.kind not in ("organization", "government")


class ArticleSpeaker(Speaker):
    """A speaker with what one article shows of them.

    ``aliases`` are the other forms that name them there, ``mentions`` every place where they are named, in order;
    ``claims`` counts their claims.
    """

    aliases: tuple[str, ...] = ()
    mentions: tuple[Span, ...] = ()
    claims: int = Field(default=0, ge=0)


class Evidence(Model):
    """One step that led to the speaker: what was seen (``from``), what it was taken for (``to``), and where."""

    step: str
    from_: str = Field(alias="from")
    to: str
    spans: tuple[Span, ...] = ()


class ArticleRef(Model):
    """Which article a claim stands in; ``source`` is the file or stream it came from, as given.

    ``outlet`` is who published it, ``published`` its date or time in ISO 8601, ``url`` its canonical address.
    """

    id: str
    title: str | None = None
    source: str | None = None
    sha256: str
    outlet: str | None = None
    published: str | None = None
    url: str | None = None


class Block(Model):
    """A stretch of the article that is of one kind: whole paragraphs, but for a dateline or a caption's credit."""

    kind: BlockKind
    span: Span


class Article(ArticleRef):
    """A text to read, as decoded or as its reader drew it from a page, and otherwise unchanged.

    ``sha256`` is that of the text in UTF-8, ``source_sha256`` that of the bytes it came from. ``encoding`` is the one
    that the bytes were decoded with. ``authors`` are the names in the byline. ``language`` is an ISO 639-1 code,
    ``reader`` what drew the text from its source, with its version. ``blocks`` lie in order of the text; what no
    block covers is body.
    """

    text: str
    authors: tuple[str, ...] = ()
    language: str | None = None
    blocks: tuple[Block, ...] = ()
    encoding: str | None = None
    reader: str | None = None
    source_sha256: str | None = None

    @property
    def ref(self) -> ArticleRef:
        """The article without its text."""
        return ArticleRef(**{name: getattr(self, name) for name in ArticleRef.model_fields})


class Quote(Model):
    """W3C text quote selector: the exact words, with up to 32 characters before and after."""

    exact: str
    prefix: str
    suffix: str


class Selector(Model):
    """Two ways to find one piece of a claim again: by its place in the text, and by its words in a live page.

    Source: W3C Web Annotation Data Model, 4.2.4 and 4.2.5.
    """

    position: Span
    quote: Quote


class Claim(Model):
    """What the text attributes to somebody.

    ``cue``, ``source`` and ``addressee`` are None where the text has none; an unknown speaker is ``kind:
    unknown``, never a dropped claim. ``parent`` is the id of the claim in whose content this one stands.
    ``confidence`` estimates the probability that content, cue and source are right. ``paragraph`` counts from 0.
    ``selectors`` are one for each piece of the content.
    """

    id: str
    article: ArticleRef
    type: ClaimType
    act: Act
    content: Passage
    cue: Cue | None
    source: Passage | None
    speaker: Speaker
    addressee: Passage | None = None
    polarity: Polarity = "affirmed"
    parent: str | None = None
    paragraph: int = Field(ge=0)
    block: BlockKind = "body"
    confidence: float = Field(ge=0, le=1)
    evidence: tuple[Evidence, ...] = ()
    selectors: tuple[Selector, ...] = ()


class ArticleClaims(Model):
    """What was found in one article: its claims in order of the text, and the speakers that make them."""

    article: Article
    claims: tuple[Claim, ...]
    speakers: tuple[ArticleSpeaker, ...]

    @field_validator("speakers", mode="before")
    @classmethod
    def _of_this_article(cls, value: object) -> object:
        """A plain speaker is one of whom nothing more is known."""
        if not isinstance(value, (list, tuple)):
            return value
        return tuple(ArticleSpeaker(**s.model_dump()) if type(s) is Speaker else s for s in value)
