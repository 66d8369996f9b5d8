"""Web archives (WARC), such as Common Crawl News → one article for each HTML page in them, by fastwarc."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from attribution.articles.html import article_of_page
from attribution.articles.limits import MAX_PAGE_BYTES, readable
from attribution.articles.rows import Fields
from attribution.articles.source import Source, digest
from attribution.articles.transfer import decoded_body
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
    stream = _Forward(source.stream)
    pages = 0
    for number, record in enumerate(_responses(fastwarc, stream, source.where), source.first):
        if not source.wanted(number):
            pages += 1
            continue
        try:
            article = _article(record, source.where, number)
        except InputError as error:
            pages += 1
            yield error
            continue
        if article is not None:
            pages += 1
            yield article
    if stream.error is not None:
        raise stream.error
    if not pages and source.first == 1 and source.last is None:  # a part of an archive may have none
        raise InputError(source.where, "no HTML pages in this archive")


def response_offsets(source: Source) -> Iterator[int]:
    """Where in the decompressed stream each response of an archive begins.

    Raises:
        InputError: no WARC file, damaged, or without responses.
        MissingExtraError: fastwarc is not installed.

    """
    try:
        import fastwarc
    except ImportError:
        raise MissingExtraError("warc", "reading WARC") from None
    stream = _Forward(source.stream)
    seen = 0
    for record in _responses(fastwarc, stream, source.where):
        seen += 1
        yield int(record.stream_pos)
    if stream.error is not None:
        raise stream.error
    if not seen:
        raise InputError(source.where, "no responses in this archive")


def _responses(fastwarc: Any, stream: _Forward, where: str) -> Iterator[Any]:
    """The response records of a stream.

    fastwarc's errors have no common base, and where its Rust code stops short it raises ``PanicException``, which is no
    ``Exception``; neither may cost the inputs after this one.
    """
    seen = 0
    records = None
    while True:
        try:
            if records is None:
                records = iter(
                    fastwarc.ArchiveIterator(
                        stream, record_types=fastwarc.WarcRecordType.response, parse_http=True, auto_decode="none"
                    )
                )
            record = next(records, None)
        except BaseException as error:
            if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                raise
            raise InputError(where, f"damaged after {seen} responses ({error}): fetch it again") from error
        if record is None:
            return
        seen += 1
        yield record


class _Forward:
    """A stream as fastwarc wants it: it only goes forward, and an error while reading, which fastwarc could not take,
    ends it and is kept for afterwards.
    """

    def __init__(self, inner: BinaryIO) -> None:
        self._inner = inner
        self._at = 0
        self.error: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            data = self._inner.read(size) if self.error is None else b""
        except (InputError, OSError) as error:
            self.error = error
            data = b""
        self._at += len(data)
        return data

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        target = offset + (self._at if whence else 0)
        while self._at < target and self.read(min(1 << 16, target - self._at)):
            pass
        return self._at

    def close(self) -> None:
        """Nothing: whoever opened the stream closes it."""


def _article(record: Any, where: str, number: int) -> Article | None:
    """The article of a response, None if it is no page or the server gave none."""
    url = record.headers.get("WARC-Target-URI")
    where = f"{where}:{(url or f'record {number}').strip('<>')[:300]}"
    try:
        headers = record.http_headers
        kind = (record.http_content_type or "").partition(";")[0].strip().lower()
        if headers is None or headers.status_code != 200 or kind not in _PAGES:
            return None
        # fastwarc's own decoding loses its place after a page that is not read to its end
        body = record.reader.read(MAX_PAGE_BYTES + 1)
        charset = record.http_charset
    except Exception as error:  # a damaged payload costs its record alone; fastwarc's errors have no common base
        raise InputError(where, f"damaged record ({error})") from error
    if len(body) > MAX_PAGE_BYTES:
        raise InputError(where, f"a page of more than {readable(MAX_PAGE_BYTES)}: skipped")
    payload = decoded_body(body, headers, where, limit=MAX_PAGE_BYTES)
    id_ = (record.record_id or "").strip("<>").removeprefix("urn:uuid:") or digest(payload)[:16]
    return article_of_page(
        payload,
        where=where,
        id_=id_,
        url=url.strip("<>") if url else None,
        charset=charset,
        source_sha256=digest(payload),
    )
