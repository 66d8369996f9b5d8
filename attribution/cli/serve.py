"""``attribution serve``: who said what on a page in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def serve(
    inputs: Annotated[list[Path] | None, typer.Argument(metavar="[STORE | FILE… | DIRECTORY…]", help="A corpus store to look at, or articles to open; without any the page asks.", show_default=False)] = None,
    host: Annotated[str, typer.Option("--host", help="Listen at this address; any other than this machine's own asks clients for a token.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Listen at this port; 0 takes a free one.")] = 8765,
    token: Annotated[str | None, typer.Option("--token", envvar="ATTRIBUTION_TOKEN", help="Ask clients for this token; with a --host that others reach, one is made up if none is given.", show_default=False)] = None,
    corrections: Annotated[Path | None, typer.Option("--corrections", help="Keep corrections in this gold file; by default beside the store, else in your folder for data of programs.", show_default=False)] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open the browser.")] = False,
    model: Annotated[Path | None, typer.Option("--model", help="A model folder instead of the shipped one.", show_default=False)] = None,
) -> None:  # fmt: skip
    """Open a page in the browser: paste or drop articles, see who said what, compare, correct.

    Nothing leaves this machine. Exit codes: 0 ended by Ctrl-C, 1 unexpected error, 2 wrong usage.
    """
    from attribution.errors import MissingExtraError, OutputError

    try:
        from attribution.web.server import Address
        from attribution.web.server import serve as run
        from attribution.web.settings import Settings
    except ImportError as error:
        raise MissingExtraError("web", f"attribution serve ({error.name})") from error
    missing = [p for p in inputs or [] if not p.exists()]
    if missing:
        typer.echo(f"attribution: {missing[0]}: no such file or folder", err=True)
        raise typer.Exit(2)
    if token is not None and not (token.isascii() and token.isprintable() and len(token) >= 8 and " " not in token):
        typer.echo("attribution: --token takes 8 or more ASCII characters without spaces", err=True)
        raise typer.Exit(2)
    stores = [p for p in inputs or [] if _is_store(p)]
    if len(stores) > 1:
        typer.echo(f"attribution: {stores[1]}: a second store; one is looked at at a time", err=True)
        raise typer.Exit(2)
    store = stores[0] if stores else None
    home = store.with_suffix("") if store else Path(typer.get_app_dir("attribution")) / "articles"
    kept = corrections or home.with_name(f"{home.name}.corrections.jsonl")
    settings = Settings(corrections=kept, store=store, token=token, model=model)
    articles = [p for p in inputs or [] if p != store]
    try:
        run(settings, Address(host, port), articles=articles, browser=not no_browser, say=typer.echo)
    except OutputError as error:
        typer.echo(f"attribution: {error}", err=True)
        raise typer.Exit(2) from error


def _is_store(path: Path) -> bool:
    """True for a DuckDB file, whatever it is called."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"
