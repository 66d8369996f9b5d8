"""Answers that are no claims: rows of named values as a table, CSV, JSON or JSON lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from attribution.formats.delimited import guarded
from attribution.formats.table import printable

_WORD = 14  # columns that a long word gets, if the table is wide enough for all

Row = Mapping[str, object]


class AnswerFormat(StrEnum):
    """How rows are written."""

    table = "table"
    csv = "csv"
    jsonl = "jsonl"
    json = "json"


def as_rows(
    rows: Iterable[Row], columns: Sequence[str], format: AnswerFormat, *, width: int = 100, colour: bool = False
) -> Iterator[str]:
    """Write rows; a table is made when all are there, the others as they come.

    Args:
        rows: values by column; of a table and CSV, lists are joined by "; ".
        columns: the names to write, in order.
        format: how.
        width: the table's width in columns.
        colour: write the table with a terminal's colours.

    """
    if format is AnswerFormat.table:
        yield _table(rows, columns, width, colour)
    elif format is AnswerFormat.csv:
        yield from _csv(rows, columns)
    elif format is AnswerFormat.jsonl:
        yield from (_json({c: row[c] for c in columns}) + "\n" for row in rows)
    else:
        yield "[" + ",\n ".join(_json({c: row[c] for c in columns}) for row in rows) + "]\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "; ".join(map(_cell, value))
    if isinstance(value, Mapping):
        return _json(value)
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _csv(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[str]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([value if isinstance(value := row[c], int | float) else guarded(_cell(value)) for c in columns])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _table(rows: Iterable[Row], columns: Sequence[str], width: int, colour: bool) -> str:
    buffer = io.StringIO()
    console = Console(file=buffer, width=width, highlight=False, force_terminal=colour or None)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    shown = list(rows)
    for column in columns:
        values = [row[column] for row in shown]
        numbers = bool(values) and all(isinstance(value, int | float | None) for value in values)
        whole = numbers or all(isinstance(value, date | None) for value in values)
        longest = max((len(word) for value in values for word in printable(_cell(value)).split()), default=1)
        table.add_column(
            column,
            justify="right" if numbers else "left",
            overflow="fold",
            no_wrap=whole,
            min_width=min(longest, _WORD),
        )
    for row in shown:
        table.add_row(*(Text(printable(_cell(row[c]))) for c in columns))
    console.print(table)
    return buffer.getvalue()
