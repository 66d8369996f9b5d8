"""RSS and Atom feeds → one article for each entry, by feedparser.

Declarations of entities are taken out before the feed is parsed, so that none expands; nothing is loaded from anywhere.
"""

from __future__ import annotations

import hashlib
import io
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from attribution.articles.article import make_article
from attribution.articles.dates import iso_date
from attribution.articles.fragment import fragment_text
from attribution.articles.limits import MAX_FEED_BYTES
from attribution.articles.plain import BOMS
from attribution.articles.rows import Fields
from attribution.articles.source import Source, digest
from attribution.claims import Article
from attribution.errors import InputError, MissingExtraError


def read_feed(source: Source, fields: Fields) -> Iterator[Article | InputError]:
    """Read a feed: of each entry its whole content if the feed brings it, else its summary.

    Raises:
        InputError: no feed, or larger than one may be.
        MissingExtraError: feedparser is not installed.

    """
    try:
        import feedparser
    except ImportError:
        raise MissingExtraError("feeds", "reading feeds") from None
    data = source.whole(MAX_FEED_BYTES)
    try:
        found = feedparser.parse(
            io.BytesIO(_without_declarations(data)), response_headers={"content-type": "application/xml"}
        )
        entries = list(found.entries)
    except Exception as error:  # the parser's own mistakes on malformed feeds
        reason = f"cannot be read as a feed ({type(error).__name__}: {str(error)[:200]})"
        raise InputError(source.where, f"{reason}: fetch it again") from error
    if not entries:
        why = f" ({found.bozo_exception})" if found.get("bozo") else ""
        raise InputError(source.where, f"a feed without entries{why}")
    sha256 = digest(data)
    for n, entry in enumerate(entries, 1):
        if not source.wanted(n):
            continue
        try:
            yield _article(entry, found.feed, f"{source.where}:entry {n}", found.get("encoding"), sha256)
        except InputError as error:
            yield error


_DECLARATIONS = re.compile(rb"<!DOCTYPE[^\[>]*\[.*?\]\s*>|<!ENTITY[^>]*>", re.DOTALL)


def _without_declarations(data: bytes) -> bytes:
    """A feed without its document type's declarations, which can name files and grow without end."""
    wide = next((e for bom, e in BOMS if data.startswith(bom) and e.startswith("utf-16")), None)
    narrow = data.decode(wide, "replace").encode() if wide else data
    if b"<!ENTITY" not in narrow:
        return data
    return _DECLARATIONS.sub(b"", narrow)


def _article(entry: Any, feed: Any, where: str, encoding: str | None, sha256: str) -> Article:
    title = _plain(entry.get("title"))
    markup = max([c.get("value") or "" for c in entry.get("content", [])] + [entry.get("summary") or ""], key=len)
    body = fragment_text(markup)
    if not body:
        raise InputError(where, "an entry without text" + (f": {title[:80]!r}" if title else ""))
    shown = [title] if title and title.casefold() != body.split("\n", 1)[0].casefold() else []
    key = str(entry.get("id") or entry.get("link") or "")
    author = _plain(entry.get("author"))
    language = (entry.get("content") or [{}])[0].get("language") or feed.get("language")
    link = entry.get("link")
    return make_article(
        "\n\n".join([*shown, body]), id_=hashlib.sha256(key.encode()).hexdigest()[:16] if key else None, title=title,
        source=where, encoding=encoding, outlet=_plain(feed.get("title")), authors=[author] if author else [],
        published=_moment(entry), url=link if link and link.startswith(("http://", "https://")) else None,
        language=language, reader=f"feedparser {version('feedparser')}", source_sha256=sha256,
        known_blocks=[("headline", 0, len(title))] if shown and title else [],
    )  # fmt: skip


def _plain(value: Any) -> str | None:
    """A title or name, which feeds give as text or as markup, on one line."""
    return " ".join(fragment_text(str(value)).split()) or None if value else None


def _moment(entry: Any) -> str | None:
    def told(name: str) -> Any:
        return dict.get(entry, name)  # feedparser's own ``get`` warns where it gives one date for the other

    if found := iso_date(told("published") or told("updated")):
        return found
    parsed: time.struct_time | None = told("published_parsed") or told("updated_parsed")
    return datetime(*parsed[:6], tzinfo=UTC).isoformat() if parsed else None
