"""The compare view: a matrix of outlets by claims, and each claim in the words of every outlet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from attribution.claims import ArticleClaims
from attribution.comparison.models import Comparison, Row, Version
from attribution.web.api.articles import entry_of
from attribution.web.api.comparison import FEWEST, MOST, compared
from attribution.web.pages.templates import render
from attribution.web.site import TheSite

router = APIRouter()

RELATIONS = {
    "same": ("●", "in the same words"),
    "part": ("◐", "in part"),
    "altered": ("◆", "with other words in it"),
    "paraphrase": ("○", "said otherwise"),
    "text": ("□", "in the text, no claim found"),
}
"""Signs of the matrix and what they mean: shapes, so that nobody needs colours to tell them apart."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A version as it is shown: with the number that its claim has in its article."""

    version: Version | None
    href: str | None
    fullest: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as it is shown: its number and colour, and a cell for each article."""

    number: int
    colour: str
    row: Row
    cells: tuple[Cell, ...]


@router.get("/compare", response_class=HTMLResponse)
async def compare_page(
    request: Request, site: TheSite, article: Annotated[tuple[str, ...], Query(max_length=MOST)] = ()
) -> HTMLResponse:
    """The compare view; without articles the choice of them."""
    keys = list(dict.fromkeys(article))
    if len(keys) < FEWEST:
        entries = [entry_of(o) for o in site.articles()]
        return render(request, "choose.html", entries=entries, chosen=keys)
    found = [site.article(key) for key in keys]
    comparison = await compared(site, found)
    rows = shown(comparison, keys, found)
    return render(
        request, "compare.html", comparison=comparison, rows=rows, keys=keys, relations=RELATIONS,
        shared=[r for r in rows if r.row.shared], alone=[r for r in rows if not r.row.shared],
        most=max((room.words for room in comparison.rooms), default=0),
    )  # fmt: skip


def shown(comparison: Comparison, keys: list[str], found: list[ArticleClaims]) -> list[Shown]:
    """The rows of a comparison, numbered, in the colours of their speakers."""
    hues: dict[str, str] = {}
    for row in comparison.rows:
        if row.speaker.name and row.speaker.name not in hues:
            hues[row.speaker.name] = f"h{len(hues) % 12}"
    numbers = [{c.id: i for i, c in enumerate(f.claims, 1)} for f in found]
    return [
        Shown(
            number, hues.get(row.speaker.name, "h"), row, tuple(_cell(row, i, keys, numbers) for i in range(len(keys)))
        )
        for number, row in enumerate(comparison.rows, 1)
    ]


def _cell(row: Row, article: int, keys: list[str], numbers: list[dict[str, int]]) -> Cell:
    version = row.version(article)
    number = numbers[article].get(version.claim.id) if version and version.claim else None
    href = f"/articles/{keys[article]}{f'#t1-{number}' if number else ''}"
    return Cell(version, href if version else None, row.fullest == article)
