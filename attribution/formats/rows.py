"""Flat rows: a claim a row, for CSV and Markdown."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from attribution.claims import ArticleClaims, Claim, Passage

COLUMNS = (
    "article", "title", "file", "claim_id", "speaker", "kind", "role", "affiliation", "source", "cue", "lemma", "type",
    "act", "polarity", "claim", "addressee", "start", "end", "spans", "paragraph", "block", "parent", "confidence",
)  # fmt: skip


def row(claim: Claim) -> dict[str, str]:
    """A claim as strings by column; offsets are code points, ``spans`` all pieces of the content as "12-40 52-60"."""
    spans = claim.content.spans
    return {
        "article": claim.article.id,
        "title": claim.article.title or "",
        "file": claim.article.source or "",
        "claim_id": claim.id,
        "speaker": claim.speaker.name,
        "kind": claim.speaker.kind,
        "role": claim.speaker.role or "",
        "affiliation": claim.speaker.affiliation or "",
        "source": _text(claim.source),
        "cue": _text(claim.cue),
        "lemma": claim.cue.lemma if claim.cue else "",
        "type": claim.type,
        "act": claim.act,
        "polarity": claim.polarity,
        "claim": claim.content.text,
        "addressee": _text(claim.addressee),
        "start": str(spans[0].start),
        "end": str(spans[-1].end),
        "spans": " ".join(f"{s.start}-{s.end}" for s in spans),
        "paragraph": str(claim.paragraph),
        "block": claim.block,
        "parent": claim.parent or "",
        "confidence": f"{claim.confidence:.2f}",
    }


def _text(passage: Passage | None) -> str:
    return passage.text if passage else ""


def as_csv(articles: Iterable[ArticleClaims]) -> Iterator[str]:
    """CSV with a header, RFC 4180, a claim a row."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for found in articles:
        writer.writerows(row(c) for c in found.claims)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def markdown(articles: Iterable[ArticleClaims]) -> Iterator[str]:
    """A Markdown section with a table for each article."""
    for found in articles:
        heading = found.article.title or found.article.source or found.article.id
        yield f"## {_cell(heading)}\n\n"
        if not found.claims:
            yield "No claims found.\n\n"
            continue
        yield "| Speaker | Cue | Claim | Type, act |\n|---|---|---|---|\n"
        for c in found.claims:
            who = c.speaker.name or "(nobody named)"
            role = ", ".join(x for x in (c.speaker.role, c.speaker.affiliation) if x)
            cells = (f"{who} ({role})" if role else who, _text(c.cue), c.content.text, kind_of_act(c))
            yield "| " + " | ".join(map(_cell, cells)) + " |\n"
        yield "\n"


def kind_of_act(claim: Claim) -> str:
    """ "direct request", "indirect other, negated": type, act and polarity in words."""
    negated = ", negated" if claim.polarity == "negated" else ""
    return f"{claim.type} {claim.act}{negated}"


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"([\\|<>*_`\[\]])", r"\\\1", text)).strip()
