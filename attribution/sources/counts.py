"""Who is quoted: claims and words by speaker, in each article and over all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pydantic import Field

from attribution.claims import ArticleClaims, Claim, Model, Speaker
from attribution.lexicon.offices import telling

_WORD = re.compile(r"\w+(?:['’]\w+)?")


class Place(Model):
    """Where a claim stands: the article, its date if known, and the code point that the claim begins at."""

    article: str
    published: str | None = None
    start: int = Field(ge=0)


class SpeakerCount(Model):
    """How much room a speaker gets.

    ``words`` are those of the contents of claims that stand in no other claim of the same speaker, so that none counts
    twice; ``direct`` is the share of claims whose words all stand in quotation marks; ``first`` and ``last`` are in order of
    publication where all articles have dates, else in the order given.
    """

    speaker: Speaker
    claims: int
    words: int
    direct: float
    articles: int
    first: Place
    last: Place


class SourceCounts(Model):
    """Who is quoted in a set of articles. ``anonymous`` is the share of claims by sources that are not named,
    ``unattributed`` of those by nobody.
    """

    articles: int
    claims: int
    words: int
    direct: float
    anonymous: float
    unattributed: float
    speakers: tuple[SpeakerCount, ...]


def count(articles: Iterable[ArticleClaims]) -> SourceCounts:
    """Count who is quoted; the speakers with most claims first, then most words, then by name."""
    given = list(articles)
    order = {a.article.id: i for i, a in enumerate(given)}
    if given and all(a.article.published for a in given):
        order = {
            a.article.id: i for i, a in enumerate(sorted(given, key=lambda a: (a.article.published, a.article.id)))
        }
    said: dict[str, list[tuple[ArticleClaims, Claim]]] = {}
    for found in given:
        for claim in found.claims:
            said.setdefault(claim.speaker.id, []).append((found, claim))
    speakers = [_count(pairs, order) for pairs in said.values() if pairs[0][1].speaker.name]
    speakers.sort(key=lambda s: (-s.claims, -s.words, s.speaker.name, s.speaker.id))
    everything = [claim for found in given for claim in found.claims]
    return SourceCounts(
        articles=len(given), claims=len(everything), words=sum(_own_words(found.article.text, found.claims) for found in given),
        direct=_share(c.type == "direct" for c in everything),
        anonymous=_share(c.speaker.kind in ("anonymous", "group") for c in everything),
        unattributed=_share(not c.speaker.name for c in everything), speakers=tuple(speakers),
    )  # fmt: skip


def _count(pairs: Sequence[tuple[ArticleClaims, Claim]], order: dict[str, int]) -> SpeakerCount:
    placed = sorted(pairs, key=lambda p: (order[p[0].article.id], p[1].content.spans[0].start))
    by_article: dict[str, tuple[str, list[Claim]]] = {}
    for found, claim in placed:
        by_article.setdefault(found.article.id, (found.article.text, []))[1].append(claim)
    best = max(
        (c.speaker for _, c in placed),
        key=lambda s: (telling(s.role, s.affiliation)[0], s.role is not None, s.affiliation is not None),
    )
    return SpeakerCount(
        speaker=best, claims=len(pairs), words=sum(_own_words(text, claims) for text, claims in by_article.values()),
        direct=_share(c.type == "direct" for _, c in pairs), articles=len(by_article),
        first=_place(*placed[0]), last=_place(*placed[-1]),
    )  # fmt: skip


def _own_words(text: str, claims: Sequence[Claim]) -> int:
    """Words of the contents, each place once."""
    spans = {(s.start, s.end) for c in claims for s in c.content.spans}
    return len({m.start() for start, end in spans for m in _WORD.finditer(text, start, end)})


def _place(found: ArticleClaims, claim: Claim) -> Place:
    article = found.article
    return Place(article=article.id, published=article.published, start=claim.content.spans[0].start)


def _share(flags: Iterable[bool]) -> float:
    values = list(flags)
    return round(sum(values) / len(values), 4) if values else 0.0
