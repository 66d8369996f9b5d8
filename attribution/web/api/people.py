"""Who is quoted, over the open articles."""

from __future__ import annotations

from fastapi import APIRouter

from attribution.web.people import People, people
from attribution.web.problems import responses
from attribution.web.site import TheSite, own_ids

router = APIRouter(prefix="/api", tags=["people"])


@router.get("/people", responses=responses())
async def get_people(site: TheSite) -> People:
    """Who is quoted in the open articles: claims, words, direct and unnamed shares, by outlet and over time."""
    return people(own_ids(site.articles()))
