"""What the commands of ``attribution corpus`` have in common: filters, opening the store, errors, and rows out."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from attribution.cli.exits import NOTHING_USABLE
from attribution.cli.extract import Act, Type

if TYPE_CHECKING:
    from attribution.corpus.answers import Filter
    from attribution.corpus.store import Store


class As(StrEnum):
    """How answers are written."""

    table = "table"
    csv = "csv"
    jsonl = "jsonl"
    json = "json"


class ExportAs(StrEnum):
    """Files of an export."""

    parquet = "parquet"
    csv = "csv"


class By(StrEnum):
    """Steps of a timeline."""

    day = "day"
    week = "week"
    month = "month"


class Kind(StrEnum):
    """Kinds of speakers."""

    person = "person"
    organization = "organization"
    government = "government"
    group = "group"
    anonymous = "anonymous"
    document = "document"
    unknown = "unknown"


StoreFile = Annotated[Path, typer.Argument(metavar="STORE", help="The store's file.", show_default=False)]
Speaker = Annotated[str | None, typer.Option("--speaker", help="Only claims of speakers with these words in their name; all forms of the name are found.", show_default=False)]  # fmt: skip
About = Annotated[str | None, typer.Option("--about", help="Only claims with all these words, in any form; phrases in double quotation marks.", show_default=False)]  # fmt: skip
Since = Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="Only from articles published on this day or later.", show_default=False)]  # fmt: skip
Until = Annotated[datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Only from articles published on this day or before.", show_default=False)]  # fmt: skip
Outlet = Annotated[list[str] | None, typer.Option("--outlet", help="Only from this outlet, in any case; may be repeated.", show_default=False)]  # fmt: skip
OfAct = Annotated[
    list[Act] | None, typer.Option("--act", help="Only this speech act; may be repeated.", show_default=False)
]
OfType = Annotated[list[Type] | None, typer.Option("--type", help="Only claims of this type; may be repeated.", show_default=False)]  # fmt: skip
OfKind = Annotated[list[Kind] | None, typer.Option("--kind", help="Only speakers of this kind; may be repeated.", show_default=False)]  # fmt: skip
Sure = Annotated[float, typer.Option("--min-confidence", min=0, max=1, help="Only claims at least this sure.")]
Format = Annotated[As | None, typer.Option("--format", "-f", help="Output format; by default a table on a terminal and JSONL in a pipe.", show_default=False)]  # fmt: skip
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many; a table shows 200 by default.", show_default=False)]  # fmt: skip
Wait = Annotated[float, typer.Option("--wait", min=0, help="Seconds to wait while another process has the store open.")]


def asked_of(**given: Any) -> Filter:
    """The filter of the options, or exit with usage."""
    from attribution.corpus.answers import Filter

    values = {name: _plain(value) for name, value in given.items() if value is not None}
    since, until = values.get("since"), values.get("until")
    if since and until and until < since:
        raise typer.BadParameter(f"--until {until} is before --since {since}")
    return Filter(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return date(value.year, value.month, value.day)
    if isinstance(value, list):
        return tuple(str(each) for each in value)
    return value


@contextmanager
def reading(path: Path, wait: float) -> Iterator[Store]:
    """A store open for reading, or exit with the code for nothing usable."""
    from attribution.corpus.store import Store

    with errors(), Store.open(path, read_only=True, wait=wait) as opened:
        yield opened


@contextmanager
def errors() -> Iterator[None]:
    """A wrong question or target ends with the code for usage, a store that cannot be used with that for nothing usable."""
    from attribution.errors import OutputError, QuestionError, StoreError

    try:
        yield
    except (StoreError, OutputError) as error:
        clear_progress()
        typer.echo(f"attribution: {error}", err=True)
        raise typer.Exit(2 if isinstance(error, QuestionError | OutputError) else NOTHING_USABLE) from error


def chosen_of(name: As | None) -> As:
    """How an answer is written: as asked, else a table on a terminal and JSON lines in a pipe."""
    return name or (As.table if sys.stdout.isatty() else As.jsonl)


def terminal() -> tuple[int, bool]:
    """The width to write for, and whether somebody is looking."""
    on_terminal = sys.stdout.isatty()
    return (shutil.get_terminal_size().columns if on_terminal else int(os.environ.get("COLUMNS") or 100)), on_terminal


def show_rows(rows: Iterable[dict[str, Any]], columns: Sequence[str], chosen: As) -> None:
    """Write rows to standard output."""
    from attribution.formats.answers import AnswerFormat, as_rows

    width, colour = terminal()
    show(as_rows(rows, columns, AnswerFormat(chosen.value), width=width, colour=colour))


def show(parts: Iterable[str]) -> None:
    """Write to standard output as it comes."""
    try:
        for part in parts:
            sys.stdout.write(part)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


def clear_progress() -> None:
    """Take a progress line away."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
