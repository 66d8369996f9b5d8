"""Corrections: what a reader sets right, as data that can be taken back, and what an article's claims are with them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from attribution.claims import (
    Act,
    ArticleClaims,
    ArticleSpeaker,
    Claim,
    ClaimType,
    Cue,
    Evidence,
    Kind,
    Model,
    Passage,
    Polarity,
    Selector,
    Span,
    Spans,
    Speaker,
)  # fmt: skip
from attribution.pipeline.acts import read_cue
from attribution.pipeline.assembly import selector
from attribution.pipeline.segmentation import Range, paragraphs
from attribution.web.problems import ProblemError

STEP = "corrected"
"""The step of evidence that says that a person, not the tool, has decided."""


class Who(Model):
    """The right speaker: the fullest form of the name, or "" with the kind "unknown" for nobody."""

    name: str = Field(max_length=500)
    kind: Kind


class Labels(Model):
    """What a correction may say of a claim; what is None stays as it is, an empty list takes the words away."""

    speaker: Who | None = None
    type: ClaimType | None = None
    act: Act | None = None
    polarity: Polarity | None = None
    cue: tuple[Span, ...] | None = None
    source: tuple[Span, ...] | None = None
    addressee: tuple[Span, ...] | None = None


class Change(Labels):
    """A claim has another speaker, other words, or is of another kind."""

    op: Literal["change"]
    claim: str = Field(description="The claim's id.")
    content: Spans | None = None


class Reject(Model):
    """A claim is none."""

    op: Literal["reject"]
    claim: str = Field(description="The claim's id.")


class Add(Labels):
    """A claim was missed."""

    op: Literal["add"]
    content: Spans


Correction = Annotated[Change | Reject | Add, Field(discriminator="op")]


def corrected(found: ArticleClaims, corrections: Sequence[Change | Reject | Add]) -> ArticleClaims:
    """The claims of an article as corrected, in order of the text.

    Raises:
        ProblemError: a correction names a claim that is not there, or a place outside the text.

    """
    for correction in corrections:
        found = _applied(found, correction)
    return found


def _applied(found: ArticleClaims, correction: Change | Reject | Add) -> ArticleClaims:
    claims = {c.id: c for c in found.claims}
    if isinstance(correction, Add):
        new = _added(found, correction)
        if new.id in claims:
            raise ProblemError(409, "this claim is there already", where="content")
        claims[new.id] = new
    elif correction.claim not in claims:
        raise ProblemError(409, "this claim is not there, or no longer: load the article again", where="claim")
    elif isinstance(correction, Reject):
        gone = claims.pop(correction.claim)
        claims = {
            c.id: c.model_copy(update={"parent": gone.parent}) if c.parent == gone.id else c for c in claims.values()
        }
    else:
        claims[correction.claim] = _changed(found, claims[correction.claim], correction)
    ordered = sorted(claims.values(), key=_place)
    return found.model_copy(update={"claims": tuple(ordered), "speakers": _speakers(found, ordered)})


def _changed(found: ArticleClaims, claim: Claim, wanted: Change) -> Claim:
    text = found.article.text
    update: dict[str, object] = {n: v for n in ("type", "act", "polarity") if (v := getattr(wanted, n)) is not None}
    for role in ("source", "addressee"):
        if (spans := getattr(wanted, role)) is not None:
            update[role] = _passage(text, spans)
    if wanted.cue is not None:
        update["cue"] = _cue(text, wanted.cue)
    if wanted.content is not None:
        update |= _content(text, wanted.content)
    if wanted.speaker is not None:
        speaker = _speaker(found, wanted.speaker)
        shown = claim.source.text if claim.source else claim.speaker.name
        update |= {"speaker": speaker, "evidence": (_evidence(shown, speaker),)}
    return claim.model_copy(update={**update, "confidence": 1.0})


def _added(found: ArticleClaims, wanted: Add) -> Claim:
    article = found.article
    text = article.text
    content = _content(text, wanted.content)
    who = _speaker(found, wanted.speaker or Who(name="", kind="unknown"))
    spans = " ".join(f"{s.start}-{s.end}" for s in wanted.content)
    start = min(s.start for s in wanted.content)
    return Claim.model_validate(
        {
            "id": hashlib.sha256(f"{article.sha256} added {spans}".encode()).hexdigest()[:16],
            "article": article.ref, "type": wanted.type or "indirect", "act": wanted.act or "statement",
            "polarity": wanted.polarity or "affirmed", "speaker": who,
            "cue": _cue(text, wanted.cue or ()), "source": _passage(text, wanted.source or ()),
            "addressee": _passage(text, wanted.addressee or ()), "parent": _parent(found, wanted.content),
            "paragraph": max(0, sum(p.start <= start for p in paragraphs(text)) - 1),
            "block": next((b.kind for b in article.blocks if b.span.start <= start < b.span.end), "body"),
            "confidence": 1.0, "evidence": (_evidence(who.name, who),), **content,
        }
    )  # fmt: skip


def _evidence(seen: str, speaker: Speaker) -> Evidence:
    return Evidence.model_validate({"step": STEP, "from": seen, "to": speaker.name})


def _content(text: str, spans: Sequence[Span]) -> dict[str, object]:
    passage = _passage(text, spans)
    pieces = passage.spans if passage else ()
    selectors = tuple(Selector.model_validate(selector(text, Range(s.start, s.end))) for s in pieces)
    return {"content": passage, "selectors": selectors}


def _passage(text: str, spans: Sequence[Span]) -> Passage | None:
    """Words of the text; pieces that touch become one."""
    joined: list[Span] = []
    for s in sorted(spans, key=lambda s: s.start):
        if s.end > len(text):
            raise ProblemError(422, f"{s.start}-{s.end} lies outside a text of {len(text)} code points", where="spans")
        if joined and s.start <= joined[-1].end:
            joined[-1] = Span(start=joined[-1].start, end=max(s.end, joined[-1].end))
        else:
            joined.append(s)
    if not joined:
        return None
    return Passage(text=" … ".join(text[s.start : s.end] for s in joined), spans=tuple(joined))


def _cue(text: str, spans: Sequence[Span]) -> Cue | None:
    passage = _passage(text, spans)
    if passage is None:
        return None
    return Cue(text=passage.text, spans=passage.spans, lemma=read_cue(passage.text, "", None).lemma)


def _speaker(found: ArticleClaims, who: Who) -> Speaker:
    """The speaker of the article who has this name, else a new one."""
    name = " ".join(who.name.split())
    kind: Kind = who.kind if name else "unknown"
    known = next((c.speaker for c in found.claims if c.speaker.name == name), None)
    if known is not None:
        return known.model_copy(update={"kind": kind})
    key = f"{found.article.sha256} {name.casefold()} {kind}"
    return Speaker(id=hashlib.sha256(key.encode()).hexdigest()[:16], name=name, kind=kind)


def _parent(found: ArticleClaims, spans: Sequence[Span]) -> str | None:
    """The smallest claim in whose content the spans stand."""

    def holds(c: Claim) -> bool:
        return all(any(p.start <= s.start and s.end <= p.end for p in c.content.spans) for s in spans)

    around = [c for c in found.claims if holds(c)]
    return min(around, key=lambda c: sum(s.end - s.start for s in c.content.spans)).id if around else None


def _speakers(found: ArticleClaims, claims: Sequence[Claim]) -> tuple[ArticleSpeaker, ...]:
    """The speakers of the claims, with what is known of them from the text."""
    known = {s.id: s for s in found.speakers}
    counts = Counter(c.speaker.id for c in claims)
    said = {c.speaker.id: c.speaker for c in claims if c.speaker.name}
    return tuple(
        known[id_].model_copy(update={"kind": s.kind, "claims": counts[id_]})
        if id_ in known
        else ArticleSpeaker(**s.model_dump(), claims=counts[id_])
        for id_, s in said.items()
    )


def _place(claim: Claim) -> tuple[int, int]:
    return claim.content.spans[0].start, -claim.content.spans[-1].end
