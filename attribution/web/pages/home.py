"""The first page: paste a text, drop files, go on with what is open."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from attribution.articles.registry import FORMATS
from attribution.errors import InputError
from attribution.web.api.articles import entry_of, form_articles, read_form
from attribution.web.pages.templates import render
from attribution.web.problems import ProblemError, problem_of
from attribution.web.site import Opened, TheSite

router = APIRouter()
EXAMPLE = (
    "Bridge to stay shut until spring, mayor says\n\n"
    "By Eva Luz\n\n"
    "LUGO — “We will not open a bridge that I would not walk over myself,” Ana Ruiz, the mayor of Lugo, told reporters "
    "on Monday.\n\n"
    "She said the repairs would cost €4 million, twice what the council had planned. The regional government denied that "
    "it had promised to pay half.\n\n"
    "“Nobody asked us,” said Luis Vega, who runs the bakery at the northern end. Two people familiar with the "
    "inspection said engineers had warned the council “again and again” since 2019.\n\n"
    "The mayor would not say when she had read the report. Opposition leader Marta Pena believes that the town was "
    "told, as La Marea first reported, that “the cables could go at any time”."
)


@router.get("/", response_class=HTMLResponse)
async def home(request: Request, site: TheSite) -> HTMLResponse:
    """The first page."""
    return _home(request, site)


@router.post("/", response_class=HTMLResponse)
async def open_without_script(request: Request, site: TheSite) -> Response:
    """Open what the form holds, for browsers without JavaScript."""
    form = await read_form(request, site)
    try:
        found = [o async for o in site.open(form_articles(form), any_language=form.get("any_language") == "on")]
    finally:
        await form.close()
    opened = [o for o in found if isinstance(o, Opened)]
    problems = [problem_of(o) for o in found if isinstance(o, InputError)]
    if len(opened) == 1 and not problems:
        return RedirectResponse(f"/articles/{opened[0].key}", status_code=303)
    if not found:
        problems = [problem_of(ProblemError(422, "nothing to read: paste a text or choose files"))]
    return _home(request, site, problems=problems, status=200 if opened else 422)


def _home(request: Request, site: TheSite, *, problems: object = (), status: int = 200) -> HTMLResponse:
    suffixes = sorted({s for each in FORMATS for s in each.suffixes} | {".gz", ".zst"})
    return render(
        request, "home.html", status=status, entries=[entry_of(o) for o in site.articles()], problems=problems,
        accept=",".join(suffixes), example=EXAMPLE, ready=site.work.ready, corrections=len(site.reviews),
        place=site.settings.corrections,
    )  # fmt: skip
