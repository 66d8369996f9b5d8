"""``attribution import``: corrections of annotation tools back as gold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from attribution.cli.exits import NOTHING_USABLE, SOME_FAILED


def import_(
    inputs: Annotated[list[Path], typer.Argument(metavar="FILE… | DIRECTORY…", help="Exports: .json of Label Studio, .jsonl of Prodigy, folders or .ann files of brat, .xmi or .zip of INCEpTION.", show_default=False)],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write gold JSONL here instead of to standard output.", show_default=False)] = None,
) -> None:  # fmt: skip
    """Read what people corrected in an annotation tool as gold, for `evaluate` and `train --gold`.

    Exit codes: 0 all well, 1 unexpected error, 2 wrong usage, 3 some articles failed, 4 nothing usable.
    """
    from attribution.errors import InputError, OutputError
    from attribution.formats.annotation.corrections import read_corrections
    from attribution.formats.annotation.gold import gold_line
    from attribution.formats.files import write_lines

    read = claims = failed = 0

    def lines() -> Iterator[str]:
        nonlocal read, claims, failed
        for found in read_corrections(inputs):
            if isinstance(found, InputError):
                failed += 1
                typer.echo(f"attribution: {found}", err=True)
                continue
            read += 1
            claims += len(found["attributions"])
            yield gold_line(found)

    try:
        if output is not None:
            write_lines(lines(), output)
        else:
            for line in lines():
                typer.echo(line, nl=False)
    except OutputError as error:
        typer.echo(f"attribution: {error}", err=True)
        raise typer.Exit(2) from error
    tail = f"; {_n(failed, 'article')} failed" if failed else ""
    typer.echo(f"{_n(claims, 'claim')} in {_n(read, 'article')}{tail}", err=True)
    if failed or not read:
        raise typer.Exit(SOME_FAILED if read else NOTHING_USABLE)


def _n(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
