"""``attribution sources``: who is quoted, how often and how."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from attribution.cli.exits import NOTHING_USABLE, SOME_FAILED
from attribution.cli.people import listed_people, say_open


class SourcesFormat(StrEnum):
    """Output formats."""

    table = "table"
    csv = "csv"
    json = "json"


class Per(StrEnum):
    """What is counted together."""

    all = "all"
    article = "article"
    both = "both"


def sources(
    inputs: Annotated[list[str], typer.Argument(metavar="FILE… | DIRECTORY | GLOB | -", help="Articles, as for `extract`.", show_default=False)],
    format_: Annotated[SourcesFormat | None, typer.Option("--format", "-f", help="Output format; by default a table on a terminal, CSV in a pipe or file.", show_default=False)] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write here instead of to standard output.", show_default=False)] = None,
    per: Annotated[Per, typer.Option("--per", help="Count over all articles, in each article, or both.")] = Per.all,
    people: Annotated[Path | None, typer.Option("--people", help="Your list of people (CSV or JSONL: id, name, aliases, role); speakers take its ids and names.", show_default=False)] = None,
    most: Annotated[int | None, typer.Option("--most", min=1, help="Show only so many speakers of each table.", show_default=False)] = None,
    field: Annotated[str, typer.Option("--field", help="Rows: the field that holds the text.")] = "text",
    id_field: Annotated[str, typer.Option("--id-field", help="Rows: the field that holds the article's id.")] = "id",
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes, one thread each; 1 uses all cores in one process.")] = 1,
) -> None:  # fmt: skip
    """Count who is quoted: claims, words and direct share by speaker, the same person in several articles as one.

    Exit codes: 0 all well, 1 unexpected error, 2 wrong usage, 3 some inputs failed, 4 nothing usable.
    """
    from attribution.articles.read import Fields
    from attribution.claims import ArticleClaims
    from attribution.extraction import extract_many
    from attribution.formats import sources as form
    from attribution.sources.counts import count
    from attribution.sources.identity import unified

    listed = listed_people(people)
    found: list[ArticleClaims] = []
    failed = 0
    for result in extract_many(inputs, workers=workers, fields=Fields(text=field, id=id_field), on_error="yield"):
        if isinstance(result, ArticleClaims):
            found.append(result)
        else:
            failed += 1
            typer.echo(f"attribution: {result}", err=True)
    found = unified(found)
    if listed is not None:
        found = [listed.resolved(a) for a in found]
        say_open(listed, people)
    counted = [("", count(found))] if per is not Per.article else []
    if per is not Per.all:
        counted += [(a.article.title or a.article.source or a.article.id, count([a])) for a in found]
    chosen = format_ or (SourcesFormat.table if output is None and sys.stdout.isatty() else SourcesFormat.csv)
    to = output.open("w", encoding="utf-8", newline="") if output else sys.stdout
    if chosen is SourcesFormat.table:
        from rich.console import Console

        width = None if to.isatty() else int(os.environ.get("COLUMNS") or 100)
        form.print_sources(Console(file=to, width=width, highlight=False), counted, most=most)
    else:
        to.writelines((form.as_csv if chosen is SourcesFormat.csv else form.as_json)(counted))
    if output:
        to.close()
    if failed:
        typer.echo(f"attribution: {failed} of {failed + len(found)} inputs failed", err=True)
        raise typer.Exit(SOME_FAILED if found else NOTHING_USABLE)
