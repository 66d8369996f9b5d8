"""The option --people of several commands: reading the list, and saying what it left open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from attribution.sources.people_list import PeopleList


def listed_people(path: Path | None) -> PeopleList | None:
    """The user's list of people, or None where none is given."""
    from attribution.sources.people_list import read_people

    return read_people(path) if path else None


def say_open(listed: PeopleList, path: Path | None) -> None:
    """Name on standard error who fits several entries of the list alike."""
    for (name, entries), claims in sorted(listed.open.items()):
        typer.echo(f"attribution: {path}: {name!r} may be {entries}: left open ({claims} claims)", err=True)
