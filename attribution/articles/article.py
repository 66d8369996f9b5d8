"""Making an article: hashes, blocks, language, and the checks that every text passes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from attribution.articles.language import language_of
from attribution.articles.limits import check_length
from attribution.claims import Article, Block, BlockKind, Span
from attribution.errors import InputError
from attribution.pipeline.blocks import article_blocks
from attribution.pipeline.blocks import authors as byline_authors


def make_article(
    text: str,
    *,
    id_: str | None = None,
    title: str | None = None,
    source: str | None = None,
    encoding: str | None = None,
    outlet: str | None = None,
    authors: Iterable[str] = (),
    published: str | None = None,
    url: str | None = None,
    language: str | None = None,
    reader: str | None = None,
    source_sha256: str | None = None,
    known_blocks: Iterable[tuple[BlockKind, int, int]] = (),
) -> Article:
    """An article of a text in memory; without an id its hash serves.

    Args:
        text: the text, which is not changed.
        id_: the article's id.
        title: its headline, if it is known apart from the text.
        source: the file or stream, for messages.
        encoding: the encoding of the bytes that the text was decoded from.
        outlet: who published it.
        authors: its authors, if the source tells them; names in a byline of the text go before.
        published: its date or time in ISO 8601.
        url: its canonical address.
        language: an ISO 639-1 code, if the source tells it; otherwise found from the text where that is sure.
        reader: what drew the text from its source, with its version.
        source_sha256: the hash of the bytes it came from.
        known_blocks: kinds of stretches that the source tells, as (kind, start, end); they go before what the text shows.

    Raises:
        InputError: the text is too long, or holds a lone surrogate, which is no character.

    """
    where = source or id_ or "text"
    check_length(text, where)
    try:
        digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    except UnicodeEncodeError as error:
        raise InputError(where, f"character {error.start} is a lone surrogate: decode the text again") from error
    found = article_blocks(text, known=known_blocks)
    return Article(
        id=id_ or digest[:16], text=text, title=title, source=source, encoding=encoding, sha256=digest, outlet=outlet,
        authors=tuple(byline_authors(text, found) or authors), published=published, url=url, language=language_of(text, told=language), reader=reader,
        source_sha256=source_sha256,
        blocks=tuple(Block(kind=kind, span=Span(start=start, end=end)) for kind, start, end in found),
    )  # fmt: skip
