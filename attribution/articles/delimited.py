"""CSV and TSV tables → one article for each row under a line of column names."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from attribution import __version__
from attribution.articles.limits import MAX_CHARACTERS, MAX_FIELDS, MAX_LINE_BYTES, readable
from attribution.articles.rows import Fields, article_of_record
from attribution.articles.source import Source, buffered, with_head
from attribution.claims import Article
from attribution.errors import InputError

_DELIMITERS = ",;\t|"


def read_delimited(source: Source, fields: Fields) -> Iterator[Article | InputError]:
    """Read rows; the delimiter (comma, semicolon, tabulator, bar) is the one that parts the first line into columns of
    which one has the text field's name. An error takes its row's place.
    """
    lines = _Lines(source)
    names, delimiter = _header(lines, source.where, fields)
    seen = False
    for number, sha256, row in _rows(lines, delimiter, source.where):
        seen = True
        if source.last is not None and number > source.last:
            return
        if number < source.first or not source.wanted(number):
            continue
        where = f"{source.where}:{number}"
        try:
            if isinstance(row, InputError):
                raise row
            if len(row) > len(names):
                raise InputError(where, f"{len(row)} values for {len(names)} columns: is a text not quoted?")
            yield article_of_record(
                dict(zip(names, row, strict=False)), where, fields, reader=f"csv {__version__}",
                encoding=lines.encoding, source_sha256=sha256,
            )  # fmt: skip
        except InputError as error:
            yield error
    if not seen:
        raise InputError(source.where, "a table without rows")


def row_numbers(source: Source, fields: Fields) -> Iterator[int]:
    """The numbers of the lines on which rows begin, without the line of column names.

    Raises:
        InputError: no table with the text field's column, or one without rows.

    """
    lines = _Lines(source)
    _, delimiter = _header(lines, source.where, fields)
    number = 0
    for number, _, _ in _rows(lines, delimiter, source.where):
        yield number
    if not number:
        raise InputError(source.where, "a table without rows")


def _rows(lines: _Lines, delimiter: str, where: str) -> Iterator[tuple[int, str, list[str] | InputError]]:
    """Of each row that is not empty the line it starts in, the hash of its lines, and its values or what is wrong."""
    rows = csv.reader(lines, delimiter=delimiter)
    while True:
        number, sha256 = lines.start_row()
        row: list[str] | InputError
        try:
            with _long_fields():
                row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            reason = str(error)
            if "limit" in reason:
                reason = f"a field of more than {MAX_CHARACTERS:,} characters: is a closing quotation mark missing?"
            row = InputError(f"{where}:{number}", reason)
        if lines.too_long:
            reason = f"a line of {lines.too_long:,} bytes, more than {readable(MAX_LINE_BYTES)}: skipped"
            row = InputError(f"{where}:{number}", reason)
        if isinstance(row, InputError) or any(value.strip() for value in row):
            yield number, sha256.hexdigest(), row


def _header(lines: _Lines, where: str, fields: Fields) -> tuple[list[str], str]:
    first = next(lines, "")
    while first and not first.strip():
        first = next(lines, "")
    if lines.too_long:
        raise InputError(where, f"the first line has {lines.too_long:,} bytes, more than {readable(MAX_LINE_BYTES)}")
    if not first:
        raise InputError(where, "the file is empty")
    if first.lower().startswith("sep=") and len(first.strip()) == 5:  # Excel's own note
        first = next(lines, "")
    options = []
    for delimiter in _DELIMITERS:
        try:
            with _long_fields():
                names = [name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])]
        except csv.Error as error:
            raise InputError(f"{where}:1", f"no line of column names ({error})") from error
        options.append((fields.text in names, len(names), names, delimiter))
    _, count, names, delimiter = max(options, key=lambda option: option[:2])
    if count > MAX_FIELDS:
        raise InputError(where, f"{count:,} columns, more than {MAX_FIELDS:,}: not read")
    if fields.text not in names:
        shown = ", ".join(name[:40] for name in names[:8])
        raise InputError(where, f"no column {fields.text!r}; columns there: {shown}; name yours with --field")
    return names, delimiter


class _Lines(Iterator[str]):
    """The decoded lines of a table. ``too_long`` is the length of a line of the row that was too long to be given."""

    def __init__(self, source: Source) -> None:
        head, stream = with_head(source.stream)
        self.encoding = "utf-8"
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # Excel's "Unicode text"
            self.encoding = "utf-16"
            stream = buffered(_Recoded(stream))
        elif head.startswith(codecs.BOM_UTF8):
            self.encoding = "utf-8-sig"
        source.stream = stream
        self._lines = source.lines(MAX_LINE_BYTES)
        self._number = 0
        self._sha256 = hashlib.sha256()
        self.too_long = 0

    def start_row(self) -> tuple[int, hashlib._Hash]:
        """The number of the line that comes next, and the hash of the lines from there on."""
        self._sha256 = hashlib.sha256()
        self.too_long = 0
        return self._number + 1, self._sha256

    def __next__(self) -> str:
        line = next(self._lines)
        self._number += 1
        if isinstance(line, int):
            self.too_long = line
            return "\n"
        self._sha256.update(line)
        if self._number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError:
            self.encoding = "windows-1252"
            return line.decode("windows-1252", "replace")


class _Recoded(io.RawIOBase):
    """A UTF-16 stream as UTF-8."""

    def __init__(self, inner: BinaryIO) -> None:
        self._inner = inner
        self._decoder = codecs.getincrementaldecoder("utf-16")("replace")
        self._ready = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        while not self._ready and not self._ended:
            part = self._inner.read(1 << 16)
            self._ended = not part
            self._ready = self._decoder.decode(part, final=not part).encode("utf-8", "replace")
        part, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


@contextmanager
def _long_fields() -> Iterator[None]:
    """The csv module refuses fields over 131,072 characters unless told otherwise, once for all its users."""
    before = csv.field_size_limit(MAX_CHARACTERS)
    try:
        yield
    finally:
        csv.field_size_limit(before)
