"""``attribution compare``: the same claim in several articles."""

from __future__ import annotations

import os
import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attribution.cli.exits import NOTHING_USABLE, SOME_FAILED
from attribution.comparison.formats import ComparisonFormat

if TYPE_CHECKING:
    from attribution.articles.rows import Fields
    from attribution.claims import ArticleClaims


class Only(StrEnum):
    """Which rows are shown."""

    shared = "shared"
    one = "one"


def compare(
    inputs: Annotated[list[str], typer.Argument(metavar="A B … | DIRECTORY | GLOB | URL", help="2 to 50 articles, in all formats that `extract` reads.", show_default=False)],
    format_: Annotated[ComparisonFormat | None, typer.Option("--format", "-f", help="Output format; by default what --output ends in, else a table on a terminal and JSON in a pipe.", show_default=False)] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of to standard output.", show_default=False)] = None,
    speaker: Annotated[list[str] | None, typer.Option("--speaker", help="Only claims of speakers whose name holds this; may be repeated.", show_default=False)] = None,
    only: Annotated[Only | None, typer.Option("--only", help="Only claims that several articles carry, or that one has alone.", show_default=False, case_sensitive=False)] = None,
    field: Annotated[str, typer.Option("--field", help="JSONL, CSV, TSV, Parquet: the field that holds the text; dots go into records within records.")] = "text",
    id_field: Annotated[str, typer.Option("--id-field", help="The same: the field that holds the article's id.")] = "id",
    fetch: Annotated[bool, typer.Option("--fetch", help="Load URLs; without it nothing is ever loaded from the network.")] = False,
    any_language: Annotated[bool, typer.Option("--any-language", help="Read articles, too, that are not in English.")] = False,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes, one thread each; 1 uses all cores in one process.")] = 1,
    model: Annotated[Path | None, typer.Option("--model", help="A model folder instead of the shipped one.", show_default=False)] = None,
) -> None:  # fmt: skip
    """Lay the claims of several articles side by side.

    Shows who carries a claim and in which words, what only one article has, whose attribution differs, and how much
    room each gives a speaker.

    Exit codes: 0 all well, 1 unexpected error, 2 wrong usage, 3 some inputs failed, 4 nothing usable.
    """
    from attribution.articles.rows import Fields
    from attribution.comparison.compare import MOST
    from attribution.comparison.compare import compare as compared
    from attribution.comparison.formats import writer_of
    from attribution.comparison.narrowing import narrowed
    from attribution.formats.files import write_lines
    from attribution.formats.registry import Options

    on_terminal = output is None and sys.stdout.isatty()
    chosen = _chosen(format_, output, on_terminal)
    fields = Fields(text=field, id=id_field)
    read, failed = _read(inputs, workers=workers, model=model, fields=fields, fetch=fetch, any_language=any_language)
    if not 2 <= len(read) <= MOST:
        typer.echo(
            f"attribution: {len(read)} article{'' if len(read) == 1 else 's'} to compare; it takes 2 to {MOST}",
            err=True,
        )
        raise typer.Exit(NOTHING_USABLE if failed else 2)
    found = narrowed(compared(read), speakers=speaker or [], only=only.value if only else None)
    width = shutil.get_terminal_size().columns if on_terminal else int(os.environ.get("COLUMNS") or 100)
    parts = writer_of(chosen)(found, Options(width=width, colour=on_terminal))
    if output is None:
        _print("".join(parts))
    else:
        write_lines(parts, output)
    if failed:
        raise typer.Exit(SOME_FAILED)


def _chosen(name: ComparisonFormat | None, output: Path | None, on_terminal: bool) -> ComparisonFormat:
    """The format, or exit with usage if the output's name tells none; told before any work is done."""
    from attribution.comparison.formats import format_for
    from attribution.errors import OutputError

    if name:
        return name
    if output is None:
        return ComparisonFormat.table if on_terminal else ComparisonFormat.json
    try:
        return format_for(output)
    except OutputError as error:
        typer.echo(f"attribution: {error}", err=True)
        raise typer.Exit(2) from error


def _read(
    inputs: list[str], *, workers: int, model: Path | None, fields: Fields, fetch: bool, any_language: bool
) -> tuple[list[ArticleClaims], int]:
    """What could be read, and how many inputs failed; each failure is told on stderr."""
    from attribution.errors import InputError
    from attribution.extraction import extract_many

    read: list[ArticleClaims] = []
    failed = 0
    results = extract_many(
        inputs, workers=workers, model=model, fields=fields, fetch=fetch, any_language=any_language, on_error="yield"
    )
    for result in results:
        if isinstance(result, InputError):
            failed += 1
            typer.echo(f"attribution: {result}", err=True)
        else:
            read.append(result)
    return read, failed


def _print(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
