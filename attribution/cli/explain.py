"""``attribution explain``: one claim with its paragraph and evidence."""

from __future__ import annotations

import sys
from typing import Annotated

import typer


def explain(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="A file with one article (text, HTML, PDF, Word, mail), or - for standard input.", show_default=False)],
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="The claim's number in the table, its id or the beginning of it.", show_default=False)],
) -> None:  # fmt: skip
    """Show a claim in its paragraph with source, cue and content marked, and why it has its speaker."""
    from rich.console import Console

    from attribution.articles.read import read_all
    from attribution.claims import Article
    from attribution.extraction import extract_many
    from attribution.formats.explanation import explanation

    read = next(iter(read_all([article])))
    if not isinstance(read, Article):
        typer.echo(f"attribution: {read}", err=True)
        raise typer.Exit(4)
    claims = next(iter(extract_many([read]))).claims  # type: ignore[union-attr]
    by_number = claims[int(claim) - 1 : int(claim)] if claim.isdecimal() and int(claim) <= len(claims) else ()
    chosen = by_number or [c for c in claims if c.id.startswith(claim)]
    if len(chosen) != 1:
        what = "several claims" if chosen else "no claim"
        typer.echo(
            f"attribution: {what} {claim!r} in {article}: give a number from 1 to {len(claims)}, or a longer id",
            err=True,
        )
        raise typer.Exit(2)
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 100, highlight=False)
    console.print(explanation(read, chosen[0]))
