"""Corrections: kept as gold, the last one taken back on request."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from attribution.claims import ArticleClaims
from attribution.web.api.extraction import NDJSON
from attribution.web.corrections import Correction
from attribution.web.problems import responses
from attribution.web.site import TheSite

router = APIRouter(prefix="/api", tags=["corrections"])


@router.get("/articles/{key}/corrections", responses=responses(404))
async def list_corrections(key: str, site: TheSite) -> list[Correction]:
    """The corrections of an article in the order in which they were made."""
    review = site.reviews.get(site.as_found(key))
    return list(review.corrections) if review else []


@router.post("/articles/{key}/corrections", responses=responses(404, 409))
async def correct(key: str, correction: Annotated[Correction, Body()], site: TheSite) -> ArticleClaims:
    """Correct a claim, reject it, or add one that was missed; the answer is the article as corrected.

    Offsets are code points into `article.text`, half-open.
    """
    found = site.as_found(key)
    await run_in_threadpool(site.reviews.add, found, correction)
    return site.article(key)


@router.delete("/articles/{key}/corrections/last", responses=responses(404, 409))
async def undo(key: str, site: TheSite) -> ArticleClaims:
    """Take the last correction of an article back; the answer is the article without it."""
    await run_in_threadpool(site.reviews.undo, site.as_found(key))
    return site.article(key)


@router.get(
    "/corrections", response_class=StreamingResponse,
    responses={**responses(), 200: {
        "description": "Gold, a line an article, as `attribution evaluate` and `attribution train --gold` read it.",
        "content": {NDJSON: {"schema": {"type": "string"}}},
    }},
)  # fmt: skip
async def gold(site: TheSite) -> StreamingResponse:
    """All corrected articles as gold."""
    headers = {"Content-Disposition": 'attachment; filename="corrections.jsonl"'}
    return StreamingResponse(site.reviews.lines(), media_type=NDJSON, headers=headers)
