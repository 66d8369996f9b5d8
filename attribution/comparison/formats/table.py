"""The comparison for a terminal: changed words first, side by side where there is room.

A changed word stands in ⟦ ⟧, one that only this version has in ⟦+ ⟧: colour alone tells nothing.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from attribution.comparison.formats import phrases
from attribution.comparison.models import Comparison, Room, Row, Version
from attribution.formats.registry import Options
from attribution.formats.table import printable

_LEAST = 36  # columns below which versions stand one under the other
_BAR = 12
_STYLES = {"same": "", "changed": "bold yellow", "added": "bold green"}


def as_table(found: Comparison, options: Options) -> Iterator[str]:
    """Shared claims, then those of one article alone, then room."""
    buffer = io.StringIO()
    console = Console(file=buffer, width=options.width, highlight=False, force_terminal=options.colour or None)
    labels = [printable(x) for x in phrases.labels(found)]
    for part in _parts(found, labels, options.width):
        console.print(part)
    yield buffer.getvalue()


def _parts(found: Comparison, labels: Sequence[str], width: int) -> Iterator[RenderableType]:
    yield Text(phrases.summary(found), style="bold")
    if any(r.drifts for r in found.shared):
        yield Text.assemble(("⟦changed⟧", _STYLES["changed"]), "  ", ("⟦+only here⟧", _STYLES["added"]), style="dim")
    yield ""
    beside = len(labels) <= 3 and width // len(labels) >= _LEAST
    if beside and found.shared:
        yield _heads(labels, width)
    for row in found.shared:
        yield _title(row, labels)
        yield _beside(row, len(labels), width) if beside else _stacked(row, labels)
        yield ""
    for i, label in enumerate(labels):
        if alone := found.only(i):
            yield Text(f"Only in {label}", style="bold underline")
            yield _alone(alone)
    if found.rooms:
        yield Text("Room: claims, words", style="bold underline")
        yield _rooms(found.rooms, labels)


def _grid(columns: int) -> Table:
    grid = Table.grid(expand=True, padding=(0, 2, 0, 0))
    for _ in range(columns):
        grid.add_column(ratio=1, overflow="fold")
    return grid


def _heads(labels: Sequence[str], width: int) -> Table:
    grid = _grid(len(labels))
    grid.add_row(*(Text(x, style="bold underline") for x in labels))
    return grid


def _title(row: Row, labels: Sequence[str]) -> Text:
    """ "Qin Gang, foreign minister — changed words"."""
    title = Text(printable(phrases.speaker(row)), style="bold cyan" if row.speaker.name else "bold dim")
    if role := phrases.described(row):
        title.append(f", {printable(role)}", style="not bold dim")
    absent = phrases.missing(row, labels)
    title.append(f" — {', '.join([*phrases.verdicts(row), *([absent] if absent else [])])}", style="not bold italic")
    return title


def _beside(row: Row, columns: int, width: int) -> Table:
    grid = _grid(columns)
    cells = []
    for article in range(columns):
        version = row.version(article)
        cells.append(_version(version) if version else Text("–", style="dim"))
    grid.add_row(*cells)
    return grid


def _stacked(row: Row, labels: Sequence[str]) -> Table:
    grid = Table.grid(expand=True, padding=(0, 2, 0, 0))
    grid.add_column(ratio=1, overflow="fold")
    grid.add_column(ratio=4, overflow="fold")
    for version in sorted(row.versions, key=lambda v: v.article != row.fullest):
        grid.add_row(Text(labels[version.article], style="bold"), _version(version))
    return grid


def _version(version: Version) -> Text:
    text = words(version)
    text.append(f"\n{printable(phrases.manner(version))}", style="dim")
    for claim in version.again:
        text.append(f"\nalso: {printable(claim.content.text)}", style="dim italic")
    return text


def words(version: Version) -> Text:
    """A version's words with what differs marked."""
    text = Text()
    for i, s in enumerate(version.stretches):
        if i and s.start != version.stretches[i - 1].end:
            text.append(" … " if version.stretches[i - 1].state == "same" == s.state else " ")
        shown = printable(s.text)
        if not shown:
            text.append(" ")
            continue
        lead, tail = " " * (s.text[:1].isspace()), " " * (s.text[-1:].isspace())
        sign = {"same": ("", ""), "changed": ("⟦", "⟧"), "added": ("⟦+", "⟧")}[s.state]
        text.append(lead).append(f"{sign[0]}{shown}{sign[1]}", style=_STYLES[s.state]).append(tail)
    return text


def _alone(rows: Sequence[Row]) -> Table:
    table = Table(box=SIMPLE_HEAD, expand=True, show_header=False, pad_edge=False, padding=(0, 1))
    table.add_column(ratio=3, overflow="fold")
    table.add_column(ratio=8, overflow="fold")
    for row in rows:
        version = row.versions[0]
        what = words(version)
        what.append(f"  {printable(phrases.manner(version))}", style="dim")
        table.add_row(Text(printable(phrases.speaker(row)), style="bold" if row.speaker.name else "dim"), what)
    return table


def _rooms(rooms: Sequence[Room], labels: Sequence[str]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1), header_style="dim")
    table.add_column("who", overflow="fold", max_width=34)
    for label in labels:
        table.add_column(label, overflow="fold")
    most = max((s.words for r in rooms for s in r.shares), default=0) or 1
    bars = len(labels) <= 3
    for room in rooms:
        cells = []
        for s in room.shares:
            bar = "█" * round(_BAR * s.words / most) if bars else ""
            cells.append(
                Text(f"{s.claims:>2} {s.words:>4}  {bar}" if s.claims else " –", style="" if s.claims else "dim")
            )
        table.add_row(Text(printable(room.speaker.name), style="bold"), *cells)
    return table
