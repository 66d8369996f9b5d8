"""The people view: who is quoted in the open articles, and everything that one of them said."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from attribution.web.pages.templates import render
from attribution.web.people import people
from attribution.web.persons import persons
from attribution.web.problems import ProblemError
from attribution.web.site import TheSite

router = APIRouter()
_ROWS_OF_TIMELINE = 8


@router.get("/people", response_class=HTMLResponse)
async def people_page(request: Request, site: TheSite) -> HTMLResponse:
    """Who is quoted."""
    found = people(o.found for o in site.articles())
    shown = [v for v in found.voices if v.name][:_ROWS_OF_TIMELINE]
    most = max((p.by_speaker.get(v.name, 0) for p in found.periods for v in shown), default=0)
    return render(request, "people.html", people=found, timeline=shown, most=most)


@router.get("/people/claims", response_class=HTMLResponse)
async def person_page(request: Request, site: TheSite, name: str = "") -> HTMLResponse:
    """Everything that one speaker said, article by article."""
    opened = site.articles()
    person = persons(c for o in opened for c in o.found.claims)
    said = [
        (o, [(i, c) for i, c in enumerate(o.found.claims, 1) if person[id(c)] == name]) for o in opened
    ]  # fmt: skip
    said = [(o, claims) for o, claims in said if claims]
    if not said:
        raise ProblemError(404, "nobody of this name is quoted in the open articles")
    [voice] = [v for v in people(o.found for o in opened).voices if v.name == name]
    return render(request, "person.html", voice=voice, said=said)
