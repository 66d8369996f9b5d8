"""Parquet tables → one article for each row, in batches, by pyarrow."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from typing import IO, Any

from attribution.articles.limits import MAX_SPOOLED_BYTES, readable
from attribution.articles.rows import Fields, article_of_record
from attribution.articles.source import Source
from attribution.claims import Article
from attribution.errors import InputError, MissingExtraError

_BATCH = 64


def read_parquet(source: Source, fields: Fields) -> Iterator[Article | InputError]:
    """Read rows, a few at a time; an error takes its row's place.

    Raises:
        InputError: no Parquet file, damaged, or without the text field.
        MissingExtraError: pyarrow is not installed.

    """
    try:
        import pyarrow.parquet
    except ImportError:
        raise MissingExtraError("parquet", "reading Parquet") from None
    with tempfile.TemporaryFile() if source.path is None else source.path.open("rb") as file:
        if source.path is None:
            _spool(source, file)
        try:
            table = pyarrow.parquet.ParquetFile(file)
            names = table.schema_arrow.names
            groups, before = _groups(table, source)
            batches = table.iter_batches(batch_size=_BATCH, row_groups=groups, use_threads=False)
        except (pyarrow.ArrowException, OSError) as error:
            raise _damaged(source.where, error) from error
        if fields.text not in names and fields.text.split(".")[0] not in names:
            shown = ", ".join(names[:8]) or "none"
            raise InputError(
                source.where, f"no column {fields.text!r}; columns there: {shown}; name yours with --field"
            )
        reader = f"pyarrow {version('pyarrow')}"
        for number, row in _rows(batches, source, before):
            where = f"{source.where}:row {number}"
            try:
                yield article_of_record(row, where, fields, reader=reader)
            except InputError as error:
                yield error
        if not table.metadata.num_rows:
            raise InputError(source.where, "a table without rows")


def _groups(table: Any, source: Source) -> tuple[list[int], int]:
    """The row groups that hold the wanted rows, and how many rows stand before them."""
    groups, before, at = [], 0, 0
    for group in range(table.num_row_groups):
        end = at + table.metadata.row_group(group).num_rows
        if end < source.first:
            before = end
        elif source.last is None or at < source.last:
            groups.append(group)
        at = end
    return groups, before


def _rows(batches: Iterator[Any], source: Source, before: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """The wanted rows of batches with their numbers; ``before`` is how many rows of the file the batches leave out."""
    import pyarrow

    number = before
    while True:
        try:
            batch = next(batches, None)
            skipped = min(max(0, source.first - 1 - number), len(batch)) if batch is not None else 0
            rows = batch.slice(skipped).to_pylist() if batch is not None else None
        except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as error:
            raise _damaged(source.where, error) from error
        if rows is None:
            return
        number += skipped
        for row in rows:
            number += 1
            if source.last is not None and number > source.last:
                return
            if source.wanted(number):
                yield number, row


def _damaged(where: str, error: Exception) -> InputError:
    return InputError(where, f"cannot be read as Parquet ({str(error)[:200]}): write it again")


def _spool(source: Source, file: IO[bytes]) -> None:
    """Put a stream on disk: Parquet is read from its end."""
    left = MAX_SPOOLED_BYTES
    while part := source.stream.read(1 << 20):
        left -= len(part)
        if left < 0:
            raise InputError(source.where, f"larger than {readable(MAX_SPOOLED_BYTES)} when unpacked: unpack it first")
        file.write(part)
    file.seek(0)
