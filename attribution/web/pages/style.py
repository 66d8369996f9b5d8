"""The style sheet of the HTML format, which the pages share: its colours and its marks."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response

from attribution.formats.html.page import colours

router = APIRouter()


@cache
def _style() -> str:
    folder = files("attribution.formats.html")
    return "".join((folder / name).read_text(encoding="utf-8") for name in ("tokens.css", "marks.css")) + colours()


@router.get("/static-marks.css")
async def marks_css() -> Response:
    """Colours and marks."""
    return Response(_style(), media_type="text/css", headers={"Cache-Control": "no-cache"})
