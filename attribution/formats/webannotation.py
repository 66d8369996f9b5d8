"""W3C Web Annotations as JSON-LD: an annotation a claim.

Targets are the pieces of the content, each with a position selector (code points, as the standard wants) and a quote
selector. Where the article has a URL, that is the source, and a state names the text that the positions count in, for
the live page may have other text around it. Bodies are the speaker's name, tags for type, act and polarity, and the
cue, source and addressee as resources of their own. ``attribution:`` terms hold what the standard has no word for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from attribution import __version__
from attribution.claims import Article, ArticleClaims, Claim, Span
from attribution.formats.fragments import web_address
from attribution.formats.identifiers import VOCABULARY, article_iri, claim_iri, text_iri
from attribution.formats.registry import Options

CONTEXT: list[Any] = [
    "http://www.w3.org/ns/anno.jsonld",
    {"attribution": VOCABULARY, "attribution:inside": {"@type": "@id"}},
]
_AROUND = 32


def as_webannotation(articles: Iterable[ArticleClaims], options: Options) -> Iterator[str]:
    """One JSON-LD document with a graph of annotations, written as articles come."""
    yield f'{{"@context": {json.dumps(CONTEXT)},\n"@graph": ['
    comma = "\n"
    for found in articles:
        known = {c.id: c for c in found.claims}
        for claim in found.claims:
            yield comma + json.dumps(
                annotation(found.article, claim, known.get(claim.parent or "")), ensure_ascii=False
            )
            comma = ",\n"
    yield "\n]}\n"


def annotation(article: Article, claim: Claim, parent: Claim | None = None) -> dict[str, Any]:
    """One claim as an annotation, without the context.

    Args:
        article: the article, with its text.
        claim: a claim in it.
        parent: the claim in whose content it stands, if any.

    """
    speaker = claim.speaker
    described = {"kind": speaker.kind, "role": speaker.role, "affiliation": speaker.affiliation}
    who: dict[str, Any] = {
        "type": "TextualBody", "purpose": "identifying", "format": "text/plain", "value": speaker.name or "unknown",
        **{f"attribution:{name}": value for name, value in described.items() if value},
    }  # fmt: skip
    tags = [{"type": "TextualBody", "purpose": "tagging", "value": v} for v in (claim.type, claim.act, claim.polarity)]
    roles = (("cue", claim.cue), ("source", claim.source), ("addressee", claim.addressee))
    parts = [
        {**_resource(article, s), "purpose": "linking", "attribution:part": part}
        for part, passage in roles if passage for s in passage.spans
    ]  # fmt: skip
    out = {
        "id": claim_iri(claim), "type": "Annotation", "motivation": "identifying",
        "generator": {"id": VOCABULARY, "type": "Software", "name": f"attribution {__version__}"},
        "body": [who, *tags, *parts],
        "target": [_resource(article, s) for s in claim.content.spans],
        "attribution:confidence": claim.confidence,
    }  # fmt: skip
    return {**out, "attribution:inside": claim_iri(parent)} if parent else out


def _resource(article: Article, s: Span) -> dict[str, Any]:
    text = article.text
    quote = {"exact": text[s.start : s.end], "prefix": text[max(0, s.start - _AROUND) : s.start]}
    out: dict[str, Any] = {
        "type": "SpecificResource",
        "source": article_iri(article),
        "selector": [
            {"type": "TextQuoteSelector", **quote, "suffix": text[s.end : s.end + _AROUND]},
            {"type": "TextPositionSelector", "start": s.start, "end": s.end},
        ],
    }
    return {**out, "state": {"type": "TimeState", "cached": text_iri(article)}} if web_address(article.url) else out
