"""The page about the API: what there is, with examples, made from the OpenAPI schema."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from attribution.web.pages.templates import render
from attribution.web.site import TheSite

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the API in short."""

    method: str
    path: str
    about: str


@router.get("/api", response_class=HTMLResponse)
async def interface_page(request: Request, site: TheSite) -> HTMLResponse:
    """What the API offers."""
    schema = request.app.openapi()
    operations = [
        Operation(method.upper(), path, about.get("description", "").split("\n\n")[0])
        for path, methods in schema["paths"].items()
        for method, about in methods.items()
    ]
    address = str(request.base_url).rstrip("/")
    return render(request, "interface.html", operations=operations, address=address, limits=site.settings.limits)
