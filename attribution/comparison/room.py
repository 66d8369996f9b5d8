"""How much room each article gives each speaker."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from attribution.claims import ArticleClaims, Claim, Span, Speaker
from attribution.comparison.models import Room, Share
from attribution.comparison.words import words_of


def rooms(articles: Sequence[ArticleClaims], speakers: dict[Speaker, Speaker]) -> tuple[Room, ...]:
    """Claims and words by speaker and article; those with most words first.

    A claim in which somebody passes on another's counts for both as a claim; the words of the inner one are its
    speaker's alone.
    """
    said: dict[Speaker, dict[int, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    for i, found in enumerate(articles):
        for claim in found.claims:
            if claim.speaker.name:
                said[speakers[claim.speaker]][i].append(claim)
    found_rooms = [
        Room(
            speaker=speaker,
            shares=tuple(_share(i, found, by_article.get(i, []), speakers) for i, found in enumerate(articles)),
        )
        for speaker, by_article in said.items()
    ]
    return tuple(
        sorted(found_rooms, key=lambda r: (-r.words, -sum(s.claims for s in r.shares), r.speaker.name, r.speaker.id))
    )


def _share(article: int, found: ArticleClaims, claims: Sequence[Claim], speakers: dict[Speaker, Speaker]) -> Share:
    if not claims:
        return Share(article=article, claims=0, words=0)
    me = speakers[claims[0].speaker]
    inner = [
        c for c in found.claims
        if c.speaker.name and speakers[c.speaker] != me and any(c.parent == mine.id for mine in claims)
    ]  # fmt: skip
    text = found.article.text
    places = {w.start for w in words_of(text, _union(s for c in claims for s in c.content.spans))}
    places -= {w.start for w in words_of(text, _union(s for c in inner for s in c.content.spans))}
    return Share(article=article, claims=len(claims), words=len(places))


def _union(spans: Iterable[Span]) -> list[Span]:
    """Spans in order without overlaps."""
    found: list[Span] = []
    for s in sorted(spans, key=lambda s: (s.start, s.end)):
        if found and s.start <= found[-1].end:
            if s.end > found[-1].end:
                found[-1] = Span(start=found[-1].start, end=s.end)
        else:
            found.append(s)
    return found
