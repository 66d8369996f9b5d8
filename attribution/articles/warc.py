"""Web archives (WARC), such as Common Crawl News → one article for each HTML page in them, by fastwarc."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attribution.articles.html import article_of_page
from attribution.articles.limits import MAX_PAGE_BYTES, readable
from attribution.articles.rows import Fields
from attribution.articles.source import Source, digest
from attribution.claims import Article
from attribution.errors import InputError, MissingExtraError

_PAGES = frozenset(["text/html", "application/xhtml+xml"])


def read_warc(source: Source, fields: Fields) -> Iterator[Article | InputError]:
    """Read the HTML responses of an archive, one after the other; what else it holds is passed over.

    Raises:
        InputError: no WARC file, or damaged.
        MissingExtraError: fastwarc or trafilatura is not installed.

    """
    try:
        import fastwarc
    except ImportError:
        raise MissingExtraError("warc", "reading WARC") from None
    records = iter(
        fastwarc.ArchiveIterator(
            source.stream, record_types=fastwarc.WarcRecordType.response, parse_http=True, auto_decode="all"
        )
    )
    seen = 0
    while True:
        try:
            record = next(records, None)
        except InputError:
            raise
        except Exception as error:  # fastwarc's errors have no common base
            raise InputError(source.where, f"damaged after {seen} records ({error}): fetch it again") from error
        if record is None:
            break
        seen += 1
        try:
            article = _article(record, source.where, seen)
        except InputError as error:
            yield error
            continue
        if article is not None:
            yield article
    if not seen:
        raise InputError(source.where, "no responses in this archive")


def _article(record: Any, where: str, number: int) -> Article | None:
    """The article of a response, None if it is no page or the server gave none."""
    url = record.headers.get("WARC-Target-URI")
    where = f"{where}:{(url or f'record {number}').strip('<>')[:300]}"
    try:
        headers = record.http_headers
        kind = (record.http_content_type or "").partition(";")[0].strip().lower()
        if headers is None or headers.status_code != 200 or kind not in _PAGES:
            return None
        payload = record.reader.read(MAX_PAGE_BYTES + 1)
        charset = record.http_charset
    except Exception as error:  # a damaged payload costs its record alone
        raise InputError(where, f"damaged record ({error})") from error
    if len(payload) > MAX_PAGE_BYTES:
        raise InputError(where, f"a page of more than {readable(MAX_PAGE_BYTES)}: skipped")
    id_ = (record.record_id or "").strip("<>").removeprefix("urn:uuid:") or digest(payload)[:16]
    return article_of_page(
        payload,
        where=where,
        id_=id_,
        url=url.strip("<>") if url else None,
        charset=charset,
        source_sha256=digest(payload),
    )
