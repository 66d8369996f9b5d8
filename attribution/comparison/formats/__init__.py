"""A comparison as a table for a terminal, Markdown, JSON, or a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from attribution.errors import OutputError

if TYPE_CHECKING:  # the command line's --help comes by here
    from attribution.comparison.models import Comparison
    from attribution.formats.registry import Options


class ComparisonFormat(StrEnum):
    """Names of the formats, as ``attribution compare --format`` takes them."""

    table = "table"
    markdown = "markdown"
    json = "json"
    html = "html"


Writer = Callable[["Comparison", "Options"], Iterator[str]]
_WRITERS = {
    "table": "table:as_table",
    "markdown": "markdown:as_markdown",
    "json": "record:as_json",
    "html": "page:as_html",
}
_ENDINGS = {
    ".txt": "table",
    ".md": "markdown",
    ".markdown": "markdown",
    ".json": "json",
    ".html": "html",
    ".htm": "html",
}


def writer_of(name: str) -> Writer:
    """The function that writes a format: ``(comparison, options) -> Iterator[str]``."""
    module, _, function = _WRITERS[name].partition(":")
    return getattr(import_module(f"{__name__}.{module}"), function)  # type: ignore[no-any-return]


def format_for(path: Path) -> ComparisonFormat:
    """The format that a file's name ends in.

    Raises:
        OutputError: no format has such an ending.

    """
    name = _ENDINGS.get(path.suffix.lower())
    if name is None:
        raise OutputError(
            str(path), f"its ending names no format: give --format, or end the name with one of {', '.join(_ENDINGS)}"
        )
    return ComparisonFormat(name)
