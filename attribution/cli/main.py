"""The command ``attribution``: one command a module; only this layer exits, and it imports the rest on use."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from attribution import __version__
from attribution.cli.evaluate import evaluate
from attribution.cli.explain import explain
from attribution.cli.extract import extract
from attribution.cli.import_ import import_
from attribution.cli.train import train

app = typer.Typer(
    no_args_is_help=True, add_completion=True, pretty_exceptions_enable=False,
    help="Who said what: every claim that an article attributes to somebody. `attribution FILE` is short for "
    "`attribution extract FILE`.",
)  # fmt: skip
COMMANDS = ("extract", "explain", "evaluate", "import", "train")
app.command("extract")(extract)
app.command("explain")(explain)
app.command("evaluate")(evaluate)
app.command("import")(import_)
app.command("train")(train)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"attribution {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


def with_default_command(arguments: list[str]) -> list[str]:
    """Put "extract" before arguments that name no command: ``attribution FILE``, ``attribution -``."""
    if not arguments or arguments[0] in COMMANDS or arguments[0] in _TOP_OPTIONS:
        return arguments
    return ["extract", *arguments]


_TOP_OPTIONS = ("--help", "--version", "--install-completion", "--show-completion")


def main() -> None:
    """Run the command line; errors of ours become one line on stderr."""
    from attribution.errors import AttributionError

    try:
        app(with_default_command(sys.argv[1:]))
    except AttributionError as error:
        print(f"attribution: {error}", file=sys.stderr)
        sys.exit(1)
