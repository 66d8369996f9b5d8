"""The application: the guard, the API and the pages put together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

import attribution
from attribution.articles.read import read_all
from attribution.errors import InputError
from attribution.web.api import articles as articles_api
from attribution.web.api import comparison as comparison_api
from attribution.web.api import corpus as corpus_api
from attribution.web.api import corrections as corrections_api
from attribution.web.api import extraction as extraction_api
from attribution.web.api import health
from attribution.web.api import people as people_api
from attribution.web.pages import article as article_page
from attribution.web.pages import comparison as comparison_page
from attribution.web.pages import corpus as corpus_page
from attribution.web.pages import home as home_page
from attribution.web.pages import interface, style
from attribution.web.pages import people as people_page
from attribution.web.problems import Problem, add_handlers
from attribution.web.safety import Guard
from attribution.web.settings import Settings
from attribution.web.site import Site

_log = logging.getLogger("attribution.web")

ABOUT = """Who said what: every claim that an article attributes to somebody.

**Offsets count code points** of `article.text`, from 0, half-open: `text[start:end]` in Python is the claim's text.
JavaScript, Java and C# count UTF-16 units: in JavaScript take `Array.from(text).slice(start, end).join("")`.

Errors are problem details, `application/problem+json` (RFC 9457). Beyond the server's limits a request is answered 413,
422 or 503, the last with `Retry-After`. Where the server asks for a token, send it as `Authorization: Bearer …`.
"""


def create_app(settings: Settings, *, articles: Sequence[Path] = ()) -> FastAPI:
    """The ASGI application.

    >>> app = create_app(Settings(corrections=Path("corrections.jsonl")))  # doctest: +SKIP

    Args:
        settings: see ``Settings``; each application has its own open articles.
        articles: files and folders to open at the start.

    """
    site = Site(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        warming = asyncio.create_task(_warm_up(site, articles))
        yield
        warming.cancel()
        with suppress(asyncio.CancelledError):
            await warming
        site.work.close()

    app = FastAPI(
        title="attribution", version=attribution.__version__, description=ABOUT, lifespan=lifespan,
        docs_url=None, redoc_url=None, openapi_url="/api/openapi.json",
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )  # fmt: skip
    app.state.site = site
    add_handlers(app)
    app.add_middleware(Guard, settings=settings)
    for api in (health, extraction_api, articles_api, corrections_api, comparison_api, people_api, corpus_api):
        app.include_router(api.router)
    for page in (home_page, article_page, comparison_page, people_page, corpus_page, interface, style):
        app.include_router(page.router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=str(files("attribution.web") / "static")))
    app.openapi = lambda: _schema(app)  # type: ignore[method-assign]
    return app


async def _warm_up(site: Site, articles: Sequence[Path]) -> None:
    """Load the model, then open the articles that the command line named."""
    try:
        await site.warm_up()
        async for opened in site.open(read_all(articles), any_language=False):
            if isinstance(opened, InputError):
                _log.warning("%s", opened)
    except Exception:
        _log.exception("the model could not be loaded, or an article of the command line not be read")


def _schema(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI schema, with the one form that every problem has."""
    if app.openapi_schema is None:
        schema = FastAPI.openapi(app)
        parts = schema.setdefault("components", {}).setdefault("schemas", {})
        parts["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        for name in ("HTTPValidationError", "ValidationError"):
            parts.pop(name, None)
    return app.openapi_schema or {}
