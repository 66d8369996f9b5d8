"""Templates: everything that is put into them is escaped; what is HTML already says so by its type."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

import attribution
from attribution.web.problems import Problem


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("attribution.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {"percent": percent, "counted": counted}
    environment.globals["version"] = attribution.__version__
    return environment


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page made of a template."""
    site = request.app.state.site
    shared = {"path": request.url.path, "store": site.settings.store}
    return HTMLResponse(_environment().get_template(template).render({**shared, **values}), status_code=status)


def error_page(request: Request, problem: Problem, headers: Mapping[str, str]) -> HTMLResponse:
    """A problem as a page."""
    page = render(request, "problem.html", status=problem.status, problem=problem)
    page.headers.update(headers)
    return page


def percent(share: float) -> str:
    """0.934 → "93%"."""
    return f"{share:.0%}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """1, "claim" → "1 claim"; 1200, "claim" → "1,200 claims"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
