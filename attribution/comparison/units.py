"""What is compared: claims, each cut into the sentences of its quotation, with the words that compare.

A claim that only passes on somebody else's ("Reuters reported that US officials said …") is no unit of its own: its
speaker becomes a relay of the inner one. A claim of the same speaker within a claim, and any within a quotation, is part of that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from attribution.claims import ArticleClaims, Claim, Passage, Span
from attribution.comparison.amounts import dates, numbers
from attribution.comparison.vectors import Vector, sentence_vector, weight_of
from attribution.comparison.words import Word, words_of

_SENTENCE_END = re.compile(r"[.!?][”’\"']*\s+(?=[“‘\"']*[A-Z])")
_SEAM = re.compile(r"\s+and\s+(?=[“‘\"'])|(?<=[”’\"'])\s+and\s+(?:also\s+)?(?=[a-z])")
_SHORT = 4  # words below which a sentence stays with its neighbour
_COVERED = 0.8
_OWN_WORDS = 3
_LIKELY = 0.5  # an inner claim that is less likely than this takes nobody's place


@dataclass(frozen=True, slots=True)
class Unit:
    """A claim or one sentence of it.

    ``article`` is the index of its article, ``spans`` are code points into that article's text, ``relays`` the claims
    that pass it on, the outermost first. ``quoted``: all of it stands in quotation marks. ``text``: the spans' own, a
    space between two.
    """

    article: int
    claim: Claim
    spans: tuple[Span, ...]
    words: tuple[Word, ...]
    relays: tuple[Claim, ...]
    text: str
    lemmas: dict[str, float] = field(repr=False)
    vector: Vector = field(repr=False)

    @property
    def quoted(self) -> bool:
        """Given as the speaker's own words."""
        return self.claim.type == "direct"

    @property
    def odd(self) -> bool:
        """The cue turns the content round: "denied that", "did not say that"; not both."""
        return (self.claim.act == "denial") != (self.claim.polarity == "negated")

    @property
    def norms(self) -> tuple[str, ...]:
        """The words in their common forms."""
        return tuple(w.norm for w in self.words)


def units_of(found: ArticleClaims, article: int) -> list[Unit]:
    """The units of one article, in order of the text."""
    by_id = {c.id: c for c in found.claims}
    relayed = {c.id for c in found.claims if _only_relays(c, found)}
    units = []
    for claim in found.claims:
        above = list(_above(claim, by_id))
        if claim.id in relayed or _belongs(claim, above) or any(c.type == "direct" for c in above):
            continue
        relays = tuple(c for c in reversed(above) if c.id in relayed and c.speaker.name)
        for spans in _sentences(found.article.text, claim):
            if unit := make_unit(found.article.text, claim, spans, article=article, relays=relays):
                units.append(unit)
    return units


def make_unit(
    text: str, claim: Claim, spans: Sequence[Span], *, article: int, relays: tuple[Claim, ...] = ()
) -> Unit | None:
    """A unit of some spans of a claim; None if they hold no word."""
    words = tuple(words_of(text, spans))
    if not words:
        return None
    own = " ".join(text[s.start : s.end] for s in spans)
    return Unit(article, claim, tuple(spans), words, relays, own, _lemmas(words), sentence_vector(words))


def _lemmas(words: Sequence[Word]) -> dict[str, float]:
    """Base forms (of synonyms the one that stands for them) and numbers by value, with their weights."""
    found = {w.sense: weight_of(w) for w in words if w.content and not w.norm[:1].isdigit()}
    found |= {f"{kind} {n:g}": 1.0 for kind, values in numbers(words).items() for n in values}
    return found | {f"{kind} {d}": 1.0 for kind, values in dates(words).items() for d in values if kind == "year"}


def passage(text: str, spans: Sequence[Span]) -> Passage:
    """The words of some spans, pieces joined by " … "."""
    return Passage(text=" … ".join(text[s.start : s.end] for s in spans), spans=tuple(spans))


def _above(claim: Claim, by_id: dict[str, Claim]) -> Iterator[Claim]:
    """The claims that a claim stands in, the innermost first."""
    seen = {claim.id}
    while (up := by_id.get(claim.parent or "")) is not None and up.id not in seen:
        seen.add(up.id)
        yield up
        claim = up


def _belongs(claim: Claim, above: Sequence[Claim]) -> bool:
    """True for a claim within one of the same speaker, or within any if it has no speaker of its own."""
    return bool(above) and (not claim.speaker.name or any(c.speaker.id == claim.speaker.id for c in above))


def _only_relays(claim: Claim, found: ArticleClaims) -> bool:
    """True if nearly all of a claim's words are other people's claims with their sources and cues."""
    if claim.type == "direct":
        return False
    inner = [
        c for c in found.claims
        if c.parent == claim.id and c.speaker.name and c.speaker.id != claim.speaker.id and c.confidence >= _LIKELY
    ]  # fmt: skip
    if not inner:
        return False
    spans = [s for c in inner for p in (c.source, c.cue, c.content) if p for s in p.spans]
    words = words_of(found.article.text, claim.content.spans)
    own = [w for w in words if not any(s.start <= w.start < s.end for s in spans)]
    return len(own) <= (1 - _COVERED) * len(words) or sum(w.content for w in own) <= _OWN_WORDS


def _sentences(text: str, claim: Claim) -> list[tuple[Span, ...]]:
    """The spans of each sentence of a direct quotation, and of each half of "… and “…”"; of others the whole."""
    if claim.type == "mixed" and len(claim.content.spans) == 1:
        return _halves(text, claim.content.spans[0])
    if claim.type != "direct":
        return [claim.content.spans]
    found: list[list[Span]] = [[]]
    for span in claim.content.spans:
        start = span.start
        for m in _SENTENCE_END.finditer(text, span.start, span.end):
            found[-1].append(Span(start=start, end=m.start() + len(m[0].rstrip())))
            found.append([])
            start = m.end()
        found[-1].append(Span(start=start, end=span.end))
        after = next((s for s in claim.content.spans if s.start >= span.end), None)
        if after and _ends(text[span.start : span.end], text[after.start : after.end]):
            found.append([])
    return _joined(text, [tuple(s) for s in found if s])


def _halves(text: str, span: Span) -> list[tuple[Span, ...]]:
    """What is quoted and what is told, where an "and" joins them."""
    seam = _SEAM.search(text, span.start, span.end)
    if seam is None:
        return [(span,)]
    halves = (Span(start=span.start, end=seam.start()),), (Span(start=seam.end(), end=span.end),)
    short = min(sum(w.content for w in words_of(text, half)) for half in halves) < _OWN_WORDS
    return [(span,)] if short else list(halves)


def _ends(piece: str, after: str) -> bool:
    """True if a sentence ends with a piece; before "he said" a comma stands for the full stop."""
    stop = re.search(r"([.!?,])[”’\"']*$", piece.rstrip())
    return stop is not None and (stop[1] != "," or re.match(r"[“‘\"']\s*[A-Z]", after) is not None)


def _joined(text: str, sentences: Sequence[tuple[Span, ...]]) -> list[tuple[Span, ...]]:
    """Sentences of a few words go with the one before, the first with the one after."""
    found: list[tuple[Span, ...]] = []
    for spans in sentences:
        if found and min(len(words_of(text, spans)), len(words_of(text, found[-1]))) < _SHORT:
            found[-1] = _merge(text, found[-1], spans)
        else:
            found.append(spans)
    return found


def _merge(text: str, a: tuple[Span, ...], b: tuple[Span, ...]) -> tuple[Span, ...]:
    if not text[a[-1].end : b[0].start].strip():
        return (*a[:-1], Span(start=a[-1].start, end=b[0].end), *b[1:])
    return (*a, *b)
