"""The people view: who is quoted in the open articles, and everything that one of them said."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from attribution.formats.rows import fullest_role
from attribution.sources.identity import unified
from attribution.web.pages.templates import render
from attribution.web.people import people
from attribution.web.problems import ProblemError
from attribution.web.site import TheSite, own_ids

router = APIRouter()
_ROWS_OF_TIMELINE = 8


@router.get("/people", response_class=HTMLResponse)
async def people_page(request: Request, site: TheSite) -> HTMLResponse:
    """Who is quoted."""
    found = people(own_ids(site.articles()))
    shown = found.counts.speakers[:_ROWS_OF_TIMELINE]
    most = max((p.by_speaker.get(s.speaker.id, 0) for p in found.periods for s in shown), default=0)
    return render(request, "people.html", people=found, timeline=shown, most=most)


@router.get("/people/{speaker}", response_class=HTMLResponse)
async def person_page(speaker: str, request: Request, site: TheSite) -> HTMLResponse:
    """Everything that one speaker said, article by article."""
    opened = site.articles()
    articles = unified(own_ids(opened))
    said = [
        (o, [(i, c) for i, c in enumerate(a.claims, 1) if c.speaker.id == speaker])
        for o, a in zip(opened, articles, strict=True)
    ]
    said = [(o, claims) for o, claims in said if claims]
    if not said:
        raise ProblemError(404, "nobody of this name is quoted in the open articles")
    counted = next((s for s in people(articles).counts.speakers if s.speaker.id == speaker), None)
    claims = [c for _, here in said for _, c in here]
    return render(
        request, "person.html", counted=counted, said=said, role=fullest_role(c.speaker for c in claims),
        name=claims[0].speaker.name,
    )  # fmt: skip
