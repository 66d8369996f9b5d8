"""schema.org JSON-LD: a Quotation for what is said in quotation marks, a Claim for what is reported.

A Quotation's ``creator`` said those words. A Claim's ``author`` puts it forward; who denies something, asks it or does
*not* say it is no author of it: such a Claim only mentions its speaker, and its ``description`` tells how it was said.
``<`` is escaped, so that the document may stand in a page's script element.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from attribution.claims import Article, ArticleClaims, Claim, Speaker
from attribution.formats.fragments import link, web_address
from attribution.formats.identifiers import article_iri, claim_iri
from attribution.formats.registry import Options

_TYPES = {
    "person": "Person", "organization": "Organization", "government": "GovernmentOrganization",
    "group": "Organization", "anonymous": "Person", "document": "CreativeWork",
}  # fmt: skip
_NOT_PUT_FORWARD = frozenset(["denial", "question"])


def as_schemaorg(articles: Iterable[ArticleClaims], options: Options) -> Iterator[str]:
    """One JSON-LD document with a graph of articles and claims, written as articles come."""
    yield '{"@context": "https://schema.org",\n"@graph": ['
    comma = "\n"
    for found in articles:
        for node in (news_article(found.article), *(claim_node(found.article, c) for c in found.claims)):
            yield comma + json.dumps(node, ensure_ascii=False).replace("<", "\\u003c")
            comma = ",\n"
    yield "\n]}\n"


def news_article(article: Article) -> dict[str, Any]:
    """The article as a NewsArticle, without its text."""
    return _filled({
        "@type": "NewsArticle", "@id": article_iri(article), "headline": article.title,
        "url": web_address(article.url), "datePublished": article.published,
        "publisher": {"@type": "Organization", "name": article.outlet} if article.outlet else None,
        "author": [{"@type": "Person", "name": name} for name in article.authors], "inLanguage": article.language,
    })  # fmt: skip


def claim_node(article: Article, claim: Claim) -> dict[str, Any]:
    """A claim as a Quotation or a Claim."""
    who = _speaker(claim.speaker)
    direct = claim.type == "direct"
    forward = direct or (claim.polarity == "affirmed" and claim.act not in _NOT_PUT_FORWARD)
    document = claim.speaker.kind == "document"
    cue = claim.cue.text if claim.cue else ""
    said = " ".join(x for x in (claim.speaker.name, cue) if x)
    place = {"@id": article_iri(article)}
    return _filled({
        "@type": "Quotation" if direct else "Claim", "@id": claim_iri(claim), "text": claim.content.text,
        "description": f"{said}: {claim.content.text}" if said else None,
        "creator" if direct else "author": who if forward and not document else None,
        "isBasedOn": who if forward and document else None,
        "mentions": None if forward else who,
        "isPartOf" if direct else "appearance": place,
        "url": link(article, claim),
        "keywords": [claim.type, claim.act, claim.polarity],
    })  # fmt: skip


def _speaker(speaker: Speaker) -> dict[str, Any] | None:
    if not speaker.name:
        return None
    of = {"@type": "Organization", "name": speaker.affiliation} if speaker.affiliation else None
    type_ = _TYPES.get(speaker.kind, "Thing")
    person = type_ == "Person"
    return _filled({
        "@type": type_, "name": speaker.name, "jobTitle": speaker.role if person else None,
        "affiliation": of if person else None, "description": None if person else speaker.role,
    })  # fmt: skip


def _filled(node: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in node.items() if value}
