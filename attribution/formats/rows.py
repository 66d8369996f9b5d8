"""Flat rows: a claim a row, for every format that has columns."""

from __future__ import annotations

from collections.abc import Iterable

from attribution.claims import Article, Claim, Passage, Speaker
from attribution.formats.fragments import link
from attribution.lexicon.offices import telling

COLUMNS = (
    "article", "title", "file", "outlet", "published", "url", "claim_id", "speaker", "kind", "role", "affiliation",
    "source", "cue", "lemma", "type", "act", "polarity", "claim", "addressee", "start", "end", "spans", "paragraph",
    "block", "parent", "confidence",
)  # fmt: skip
WHERE = "where"


def columns(*, where: bool = False) -> tuple[str, ...]:
    """The columns' names, with or without links."""
    return (*COLUMNS, WHERE) if where else COLUMNS


def row(claim: Claim) -> dict[str, str]:
    """A claim as strings by column; offsets are code points, ``spans`` all pieces of the content as "12-40 52-60"."""
    spans = claim.content.spans
    return {
        "article": claim.article.id,
        "title": claim.article.title or "",
        "file": claim.article.source or "",
        "outlet": claim.article.outlet or "",
        "published": claim.article.published or "",
        "url": claim.article.url or "",
        "claim_id": claim.id,
        "speaker": claim.speaker.name,
        "kind": claim.speaker.kind,
        "role": claim.speaker.role or "",
        "affiliation": claim.speaker.affiliation or "",
        "source": text_of(claim.source),
        "cue": text_of(claim.cue),
        "lemma": claim.cue.lemma if claim.cue else "",
        "type": claim.type,
        "act": claim.act,
        "polarity": claim.polarity,
        "claim": claim.content.text,
        "addressee": text_of(claim.addressee),
        "start": str(spans[0].start),
        "end": str(spans[-1].end),
        "spans": " ".join(f"{s.start}-{s.end}" for s in spans),
        "paragraph": str(claim.paragraph),
        "block": claim.block,
        "parent": claim.parent or "",
        "confidence": f"{claim.confidence:.2f}",
    }


def linked_row(article: Article, claim: Claim, *, where: bool) -> dict[str, str]:
    """A row, and with ``where`` the link to the claim in its page (empty where the article has no URL)."""
    return {**row(claim), WHERE: link(article, claim) or ""} if where else row(claim)


def text_of(passage: Passage | None) -> str:
    """A passage's words; empty for none."""
    return passage.text if passage else ""


def kind_of_act(claim: Claim) -> str:
    """ "direct request", "indirect other, negated": type, act and polarity in words."""
    negated = ", negated" if claim.polarity == "negated" else ""
    return f"{claim.type} {claim.act}{negated}"


def role_of(speaker: Speaker) -> str:
    """A speaker's role and affiliation in words; empty for none, and for unnamed ones, whose words say it already."""
    if speaker.kind == "anonymous":
        return ""
    role, affiliation = speaker.role or "", speaker.affiliation or ""
    return role if affiliation in role else ", ".join(x for x in (role, affiliation) if x)


def fullest_role(speakers: Iterable[Speaker]) -> str:
    """What tells most of one speaker, as ``role_of`` has it."""
    return role_of(max(speakers, key=lambda s: telling(s.role, s.affiliation)))
