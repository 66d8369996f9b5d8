"""The corpus view: who is quoted in the store, when, and everything that was said, by person, words and date."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import ValidationError

from attribution.corpus.answers import Filter, Period, TimelinePoint
from attribution.corpus.store import Store
from attribution.web.api.corpus import Claims, ask
from attribution.web.pages.templates import render
from attribution.web.problems import ProblemError
from attribution.web.site import TheSite

router = APIRouter()
_PEOPLE, _CLAIMS, _POINTS = 30, 50, 60


@router.get("/corpus", response_class=HTMLResponse)
async def corpus_page(
    request: Request, site: TheSite, speaker: Annotated[str, Query(max_length=500)] = "",
    about: Annotated[str, Query(max_length=500)] = "", since: str = "", until: str = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> HTMLResponse:  # fmt: skip
    """People, timeline and claims of the store, as far as they fit what is asked."""
    asked = _filter(speaker, about, since, until)

    def question(store: Store) -> dict[str, Any]:
        found = tuple(store.claims(asked, limit=_CLAIMS, offset=(page - 1) * _CLAIMS))
        points, by = _timeline(store, asked)
        return {
            "info": store.info(), "claims": Claims(total=store.count(asked), claims=found),
            "people": store.people(asked, limit=_PEOPLE), "points": points, "by": by,
        }  # fmt: skip

    answers = await ask(site, question)
    given = {"speaker": speaker, "about": about, "since": since, "until": until}
    return render(request, "corpus.html", given=given, page=page, each=_CLAIMS, **answers)


@router.get("/corpus/articles/{number}", response_class=HTMLResponse)
async def stored_article(
    number: Annotated[int, Path(ge=0, le=2**53)], site: TheSite, claim: Annotated[str, Query(max_length=64)] = ""
) -> RedirectResponse:
    """Take an article of the store to the desk, and go to it."""
    found = await ask(site, lambda store: store.article(number))
    if not found.article.text:
        raise ProblemError(404, "this article was stored without its text: there is nothing to show")
    key = site.desk.put(found)
    place = next((i for i, c in enumerate(site.article(key).claims, 1) if c.id == claim), None)
    return RedirectResponse(f"/articles/{key}{f'#t1-{place}' if place else ''}", status_code=303)


def _filter(speaker: str, about: str, since: str, until: str) -> Filter:
    try:
        first, last = (date.fromisoformat(day) if day else None for day in (since, until))
        return Filter(speaker=speaker.strip() or None, about=about.strip() or None, since=first, until=last)
    except ValidationError as error:
        raise ProblemError(422, error.errors()[0]["msg"], where="since") from error
    except ValueError as error:
        raise ProblemError(422, f"a date is written 2024-05-31 ({error})", where="since") from error


def _timeline(store: Store, asked: Filter) -> tuple[list[TimelinePoint], Period]:
    """Claims by day, week or month: the finest that still can be seen."""
    points: list[TimelinePoint] = []
    by: Period = "day"
    for by in ("day", "week", "month"):
        points = store.timeline(asked, by=by)
        if len(points) <= _POINTS:
            break
    return points[-_POINTS * 4 :], by
