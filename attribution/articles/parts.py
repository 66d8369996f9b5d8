"""Parts of files that hold many articles: where a file can be cut, and reading one part of it alone.

JSONL is cut between lines, CSV between rows, Parquet between rows (of a row group, wherever groups are large enough),
WARC between responses. A part's articles are those that reading the whole file gives, in the same order, with the same
numbers in what they say of their place.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from attribution.articles.delimited import row_numbers
from attribution.articles.limits import MAX_LINE_BYTES
from attribution.articles.read import articles_of, as_input_error, in_english, open_file
from attribution.articles.registry import DELIMITED, FEED, JSONL, PARQUET, WARC, choose
from attribution.articles.rows import Fields
from attribution.articles.source import Source, buffered
from attribution.articles.warc import response_offsets
from attribution.claims import Article, Model
from attribution.errors import InputError, MissingExtraError

PART_BYTES = 4 << 20
"""A part of a JSONL file is cut after so many bytes even if it holds few articles."""
_PIECE = 1 << 20


class Part(Model):
    """A stretch of a file.

    ``first`` and ``last`` number its lines, rows or pages, from 1 (``last`` None: to the end). ``offset`` and ``size``
    are its bytes, after decompression, where the format is read by bytes. ``records`` is how many articles it holds at
    most; ``digest`` a SHA-256 that changes when the part does.
    """

    first: int = 1
    last: int | None = None
    offset: int = 0
    size: int | None = None
    records: int
    digest: str


def holds_many(path: Path) -> bool:
    """True for a file of a format that holds many articles.

    Raises:
        InputError: it cannot be read.
        MissingExtraError: it is compressed, and unpacking needs a package.

    """
    source = open_file(path)
    with source.stream:
        return choose(source).many is not None


def parts(path: Path, fields: Fields, *, records: int) -> Iterator[Part]:
    """Cut a file that holds many articles; reads it once, and holds no more than a line or batch of it.

    Args:
        path: the file.
        fields: names of the fields of rows.
        records: lines, rows or pages of a part.

    Raises:
        InputError: it cannot be read, or is damaged.
        MissingExtraError: its format needs a package that is not installed.

    """
    source = open_file(path)
    with source.stream:
        chosen = choose(source)
        if chosen is JSONL:
            yield from _of_lines(source.stream, records)
            return
        digest = file_digest(path)
        if chosen is DELIMITED:
            yield from _of_numbers(row_numbers(source, fields), records, digest)
        elif chosen is PARQUET:
            yield from _of_groups(source, records, digest)
        elif chosen is WARC:
            yield from _of_responses(response_offsets(source), records, digest)
        elif chosen is FEED:
            yield Part(records=_entries(source.stream), digest=digest)


def read_part(
    path: Path, part: Part, fields: Fields, *, wanted: Callable[[int], bool], any_language: bool = True
) -> Iterator[Article | InputError]:
    """The articles of a part, in order; errors take their article's place.

    Args:
        path: the file that was cut.
        part: from ``parts``.
        fields: names of the fields of rows.
        wanted: asked with the number of each line, row or page before an article is made of it.
        any_language: False gives a ``LanguageError`` in the place of an article that is surely not in English.

    """
    try:
        source = open_file(path)
        if part.offset or part.size is not None:
            source.stream = _stretch(source, part)
        with source.stream:
            source.first, source.last, source.wanted = part.first, part.last, wanted
            for found in articles_of(source, fields):
                yield found if any_language else in_english(found)
    except (InputError, MissingExtraError, OSError) as error:
        yield as_input_error(str(path), error)


def file_digest(path: Path) -> str:
    """The SHA-256 of a file's bytes in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _of_lines(stream: BinaryIO, records: int) -> Iterator[Part]:
    """Cuts after every so many lines that are not blank; a line that is too long to be read is passed in pieces."""
    first, number, offset, size, held = 1, 0, 0, 0, 0
    sha256 = hashlib.sha256()
    starts, empty = True, True
    while line := stream.readline(MAX_LINE_BYTES):
        sha256.update(line)
        size += len(line)
        number += starts
        held += starts and bool(line.strip(b"\xef\xbb\xbf \t\r\n"))
        starts = line.endswith(b"\n")
        if starts and held and (held >= records or size >= PART_BYTES):
            yield Part(first=first, last=number, offset=offset, size=size, records=held, digest=sha256.hexdigest())
            first, offset, size, held, sha256 = number + 1, offset + size, 0, 0, hashlib.sha256()
            empty = False
    if empty or held:  # the reader says of an empty file that it is
        last = max(first, number)
        yield Part(first=first, last=last, offset=offset, size=size, records=held, digest=sha256.hexdigest())


def _of_numbers(numbers: Iterable[int], records: int, digest: str) -> Iterator[Part]:
    """Cuts after every so many numbers; the last part reaches to the end."""
    for group, following in _grouped(numbers, records):
        yield Part(first=group[0], last=following - 1 if following else None, records=len(group), digest=digest)


def _of_groups(source: Source, records: int, digest: str) -> Iterator[Part]:
    """Cuts at the ends of row groups, small ones together, large ones in equal slices."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise MissingExtraError("parquet", "reading Parquet") from None
    if source.path is None:  # read from its end: compressed as a whole it is unpacked for every part
        yield Part(records=1, digest=digest)
        return
    try:
        metadata = parquet.read_metadata(source.path)
    except (pyarrow.ArrowException, OSError) as error:
        raise InputError(source.where, f"cannot be read as Parquet ({str(error)[:200]}): write it again") from error
    first, last = 1, 0
    for group in range(metadata.num_row_groups):
        rows = metadata.row_group(group).num_rows
        if last >= first and last + rows - first + 1 > records:
            yield Part(first=first, last=last, records=last - first + 1, digest=digest)
            first = last + 1
        last += rows
        while last - first + 1 > records:
            yield Part(first=first, last=first + records - 1, records=records, digest=digest)
            first += records
    if last >= first or last == 0:
        yield Part(first=first, last=max(first, last), records=last - first + 1, digest=digest)


def _of_responses(offsets: Iterable[int], records: int, digest: str) -> Iterator[Part]:
    """Cuts before responses; the last part reaches to the end."""
    number = 1
    for group, following in _grouped(offsets, records):
        size = following - group[0] if following else None
        last = number + len(group) - 1
        yield Part(
            first=number,
            last=last if following else None,
            offset=group[0],
            size=size,
            records=len(group),
            digest=digest,
        )
        number = last + 1


def _grouped(items: Iterable[int], count: int) -> Iterator[tuple[list[int], int | None]]:
    """Groups of so many numbers, each with the number that follows it."""
    rest = iter(items)
    group = list(islice(rest, count))
    while group:
        following = list(islice(rest, count))
        yield group, following[0] if following else None
        group = following


def _entries(stream: BinaryIO) -> int:
    """About how many entries a feed has."""
    count, tail = 0, b""
    while piece := stream.read(_PIECE):
        count += (tail + piece).count(b"<item") + (tail + piece).count(b"<entry")
        tail = piece[-4:]
    return max(1, count)


def _stretch(source: Source, part: Part) -> BinaryIO:
    """The bytes of a part of an opened file; of a compressed one those before are unpacked and thrown away."""
    if source.path is not None:
        stream: BinaryIO = source.path.open("rb")
        source.stream.close()
        stream.seek(part.offset)
        return buffered(_Stretch(stream, part.size))
    left = part.offset
    while left and (piece := source.stream.read(min(left, _PIECE))):
        left -= len(piece)
    return buffered(_Stretch(source.stream, part.size))


class _Stretch(io.RawIOBase):
    """So many bytes of a stream, all that follow if ``size`` is None."""

    def __init__(self, inner: BinaryIO, size: int | None) -> None:
        self._inner = inner
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = len(buffer) if self._left is None else min(len(buffer), self._left)
        data = self._inner.read(size)
        if self._left is not None:
            self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()
