"""HTTP bodies as archives keep them → bytes of the page: chunks joined, compression taken off, all within a limit."""

from __future__ import annotations

import io
import zlib
from typing import Any, BinaryIO, cast

from attribution.articles.compression import decompressed
from attribution.articles.limits import readable
from attribution.errors import InputError

_MOST_CODINGS = 3


def decoded_body(body: bytes, headers: Any, where: str, *, limit: int) -> bytes:
    """The body of an HTTP response as its server meant it.

    Args:
        body: the bytes as sent.
        headers: the response's headers; ``get(name)`` gives a value or None.
        where: what messages call it.
        limit: the most bytes that may come out.

    Raises:
        InputError: damaged, or larger than the limit.

    """
    try:
        if "chunked" in (headers.get("Transfer-Encoding") or "").lower():
            body = _all(_chunked(io.BytesIO(body)), where, limit)
        for coding in reversed((headers.get("Content-Encoding") or "").lower().split(",")[:_MOST_CODINGS]):
            body = _all(_uncoded(io.BytesIO(body), coding.strip(), where), where, limit)
    except (OSError, zlib.error) as error:
        raise InputError(where, f"damaged record ({error})") from error
    return body


def _uncoded(stream: BinaryIO, coding: str, where: str) -> BinaryIO:
    if coding == "br":
        from fastwarc.stream_io import BrotliReader

        return cast(BinaryIO, BrotliReader(stream))
    if coding == "deflate":
        return cast(BinaryIO, _Inflated(stream))
    # gzip and zstd show themselves; what is called so and is not was decoded by the crawler, which kept the header
    return decompressed(stream, where)[1]


class _Inflated:
    """zlib's format, or raw deflate, which some servers send under the same name."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        first = stream.read(2)
        stream.seek(0)
        zlib_header = len(first) == 2 and first[0] & 15 == 8 and int.from_bytes(first, "big") % 31 == 0
        self._inflater = zlib.decompressobj(zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS)

    def read(self, size: int) -> bytes:
        while not self._inflater.eof:
            data = self._inflater.unconsumed_tail or self._stream.read(1 << 14)
            out = self._inflater.decompress(data, size)
            if out or not data:
                return out
        return b""


def _chunked(stream: BinaryIO) -> BinaryIO:
    from fastwarc.stream_io import ChunkedReader

    first = stream.readline(40)
    stream.seek(0)
    size = first.split(b";")[0].strip()
    if not size or any(
        c not in b"0123456789abcdefABCDEF" for c in size
    ):  # joined by the crawler, which kept the header
        return stream
    return cast(BinaryIO, ChunkedReader(stream))


def _all(stream: BinaryIO, where: str, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := stream.read(1 << 16):
        parts.append(part)
        size += len(part)
        if size > limit:
            raise InputError(where, f"a page of more than {readable(limit)}: skipped")
    return b"".join(parts)
