"""IRIs for linked data: of a text by what it is, of a claim in it."""

from __future__ import annotations

import base64

from attribution.claims import ArticleRef, Claim
from attribution.formats.fragments import web_address

VOCABULARY = "https://pypi.org/project/claim-attribution/#"


def text_iri(article: ArticleRef) -> str:
    """The text itself, by its SHA-256 (RFC 6920): two files with the same words are one text."""
    digest = base64.urlsafe_b64encode(bytes.fromhex(article.sha256)).decode().rstrip("=")
    return f"ni:///sha-256;{digest}"


def article_iri(article: ArticleRef) -> str:
    """Where the article is published; the text's own IRI if that is unknown."""
    return web_address(article.url) or text_iri(article)


def claim_iri(claim: Claim) -> str:
    """A claim, by the text it stands in and its id."""
    return f"{VOCABULARY}claim-{claim.article.sha256[:16]}-{claim.id}"
