"""The command ``attribution``: one command a module; only this layer exits, and it imports the rest on use."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import MutableMapping
from typing import Annotated

import typer

from attribution import __version__
from attribution.cli import corpus, examples
from attribution.cli.compare import compare
from attribution.cli.evaluate import evaluate
from attribution.cli.explain import explain
from attribution.cli.extract import extract
from attribution.cli.import_ import import_
from attribution.cli.run import run
from attribution.cli.serve import serve
from attribution.cli.sources import sources
from attribution.cli.train import train

app = typer.Typer(
    no_args_is_help=True, add_completion=True, pretty_exceptions_enable=False, rich_markup_mode="rich",
    help="Who said what: every claim that an article attributes to somebody. `attribution FILE` is short for "
    "`attribution extract FILE`.",
    epilog=examples.epilog(examples.TOP),
)  # fmt: skip
COMMANDS = (
    "extract", "explain", "sources", "compare", "run", "corpus", "serve", "evaluate", "import", "train",
)  # fmt: skip
app.command("extract", epilog=examples.epilog(examples.EXTRACT))(extract)
app.command("explain", epilog=examples.epilog(examples.EXPLAIN))(explain)
app.command("sources", epilog=examples.epilog(examples.SOURCES))(sources)
app.command("compare", epilog=examples.epilog(examples.COMPARE))(compare)
app.command("run", epilog=examples.epilog(examples.RUN))(run)
app.command("evaluate", epilog=examples.epilog(examples.EVALUATE))(evaluate)
app.command("import", epilog=examples.epilog(examples.IMPORT))(import_)
app.command("serve", epilog=examples.epilog(examples.SERVE))(serve)
app.command("train", epilog=examples.epilog(examples.TRAIN))(train)
app.add_typer(corpus.app, name="corpus", epilog=examples.epilog(examples.CORPUS))


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


def complete_default_command(environment: MutableMapping[str, str]) -> None:
    """Let a shell complete ``attribution FILE --…`` as it completes ``attribution extract FILE --…``.

    Args:
        environment: where the shell says what is typed: bash in COMP_WORDS and COMP_CWORD, the others in
            _TYPER_COMPLETE_ARGS.

    """
    name = "COMP_WORDS" if "COMP_CWORD" in environment else "_TYPER_COMPLETE_ARGS"
    typed = re.match(r"(\s*\S+\s+)(\S+)(\s)?", environment.get(name, ""))
    if typed is None:
        return
    first = typed[2]
    finished = typed[3] and int(environment.get("COMP_CWORD", 2)) > 1
    of_top = first in (*COMMANDS, *_TOP_OPTIONS) or any(option.startswith(first) for option in _TOP_OPTIONS)
    if not of_top and (finished or first.startswith("-")):
        environment[name] = f"{typed[1]}extract {environment[name][typed.end(1) :]}"
        if "COMP_CWORD" in environment:
            environment["COMP_CWORD"] = str(int(environment["COMP_CWORD"]) + 1)


def main() -> None:
    """Run the command line; errors of ours become one line on stderr."""
    from attribution.errors import AttributionError

    if "_ATTRIBUTION_COMPLETE" in os.environ:
        complete_default_command(os.environ)
    try:
        app(with_default_command(sys.argv[1:]), prog_name="attribution")
    except AttributionError as error:
        print(f"attribution: {error}", file=sys.stderr)
        sys.exit(1)
