"""gzip and zstd around an input: taken off while it is read, with a bound on what may come out."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO, cast

from attribution.articles.limits import FREE_EXPANSION_BYTES, MAX_EXPANSION, MAX_LAYERS, readable
from attribution.articles.source import buffered, with_head
from attribution.errors import InputError, MissingExtraError

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
SUFFIXES = (".gz", ".gzip", ".zst", ".zstd")


def decompressed(stream: BinaryIO, where: str) -> tuple[bytes, BinaryIO, bool]:
    """The first bytes of what lies inside, its stream, and whether anything was compressed at all.

    Raises:
        InputError: compressed more often than ``MAX_LAYERS``; while reading, when it is damaged or grows too large.
        MissingExtraError: zstd needs a package.

    """
    head, stream = with_head(stream)
    for layer in range(MAX_LAYERS + 1):
        opener = _opener(head)
        if opener is None:
            return head, stream, layer > 0
        if layer == MAX_LAYERS:
            break
        counted = _Counted(stream)
        head, stream = with_head(buffered(_Bounded(*opener(cast(BinaryIO, counted)), counted, where)))
    raise InputError(where, f"compressed more than {MAX_LAYERS} times over: unpack it first")


def inner_name(name: str) -> str:
    """A file's name without the endings of compression: "a.jsonl.gz" → "a.jsonl"."""
    for _ in range(MAX_LAYERS):
        for suffix in SUFFIXES:
            if name.lower().endswith(suffix) and len(name) > len(suffix):
                name = name[: -len(suffix)]
                break
    return name


Opened = tuple[BinaryIO, tuple[type[Exception], ...]]
"""A decompressing stream, and what it raises for damaged data."""


def _opener(head: bytes) -> Callable[[BinaryIO], Opened] | None:
    return _gzip if head.startswith(GZIP) else _zstd if head.startswith(ZSTD) else None


def _gzip(stream: BinaryIO) -> Opened:
    return cast(BinaryIO, gzip.GzipFile(fileobj=stream)), (OSError, EOFError, zlib.error)


def _zstd(stream: BinaryIO) -> Opened:
    try:
        import zstandard
    except ImportError:
        raise MissingExtraError("zstd", "reading zstd") from None
    # windows over 128 MiB are refused: they are memory that a few bytes ask for
    reader = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(stream, read_across_frames=True)
    return cast(BinaryIO, reader), (OSError, EOFError, zstandard.ZstdError)


class _Counted(io.RawIOBase):
    """A stream that counts what was read from it."""

    def __init__(self, inner: BinaryIO) -> None:
        self.inner = inner
        self.taken = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self.inner.read(size)
        self.taken += len(data)
        return data

    def readinto(self, buffer: Any) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self.inner.close()
        super().close()


class _Bounded(io.RawIOBase):
    """What comes out of a decompressor, until it is too much for what went in."""

    def __init__(self, inner: BinaryIO, errors: tuple[type[Exception], ...], counted: _Counted, where: str) -> None:
        self._inner = inner
        self._errors = errors
        self._counted = counted
        self._where = where
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._inner.read(min(len(buffer), 1 << 16))
        except self._errors as error:
            raise InputError(self._where, f"damaged compressed data ({error}): fetch or pack it again") from error
        self._given += len(data)
        if self._given > max(FREE_EXPANSION_BYTES, MAX_EXPANSION * self._counted.taken):
            limit = f"{MAX_EXPANSION} times its size and to more than {readable(FREE_EXPANSION_BYTES)}"
            raise InputError(
                self._where, f"grows to more than {limit} when unpacked, as no text does: not read further"
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
            self._counted.close()
        super().close()
