"""Open articles: uploads and pasted texts, what was found in them, and their downloads in every format."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import PurePosixPath
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel
from starlette.datastructures import FormData, UploadFile

from attribution.articles.read import make_article, read_stream
from attribution.claims import Article, ArticleClaims
from attribution.errors import AttributionError, InputError
from attribution.formats.html.body import heading_of
from attribution.formats.registry import FormatName
from attribution.web.api.extraction import NDJSON, line_of
from attribution.web.downloads import download
from attribution.web.problems import ProblemError, problem_of, responses
from attribution.web.site import Opened, Site, TheSite

router = APIRouter(prefix="/api/articles", tags=["articles"])
_MOST_ARTICLES = 2000  # of one upload


class Entry(BaseModel):
    """An open article in short."""

    key: str
    title: str
    outlet: str | None
    published: str | None
    claims: int
    speakers: int
    href: str


FORM: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "text": {"type": "string", "description": "A pasted text."},
                    "title": {"type": "string", "description": "Its title."},
                    "outlet": {"type": "string", "description": "Who published it."},
                    "files": {"type": "array", "items": {"type": "string", "format": "binary"},
                              "description": "Files of every kind that `attribution extract` reads."},
                    "any_language": {"type": "string", "enum": ["", "on"]},
                },
            }
        }
    },
}  # fmt: skip


@router.get("", responses=responses())
async def list_articles(site: TheSite) -> list[Entry]:
    """The open articles, the one looked at last first."""
    return [entry_of(opened) for opened in site.articles()]


@router.post(
    "", openapi_extra={"requestBody": FORM}, response_class=StreamingResponse,
    responses={**responses(415), 200: {
        "description": "A line an article, as it is ready: an Entry, or a Problem in its place.",
        "content": {NDJSON: {"schema": {"type": "string"}}},
    }},
)  # fmt: skip
async def open_articles(request: Request, site: TheSite) -> StreamingResponse:
    """Open files and pasted text: extract their claims and keep them to look at, a line of JSON an article."""
    form = await read_form(request, site)
    return StreamingResponse(_entries(form, site), media_type=NDJSON)


@router.get("/{key}", responses=responses(404))
async def get_article(key: str, site: TheSite) -> ArticleClaims:
    """An open article with its claims, as corrected; offsets are code points into `article.text`, half-open."""
    return site.article(key)


@router.delete("/{key}", status_code=204, responses=responses(404))
async def close_article(key: str, site: TheSite) -> None:
    """Close an article; its corrections are kept."""
    if not site.desk.remove(key):
        raise ProblemError(404, "no article is open under this address")


@router.get(
    "/{key}/download/{format_name}", response_class=Response,
    responses={**responses(404, 501), 200: {
        "description": "The file.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }},
)  # fmt: skip
async def download_article(key: str, format_name: FormatName, site: TheSite) -> Response:
    """An open article's claims as a file of any format that `attribution extract` writes; folders come as .zip."""
    found = site.article(key)
    return await run_in_threadpool(download, [found], format_name, heading_of(found.article))


def entry_of(opened: Opened) -> Entry:
    """An open article in short."""
    article, claims = opened.found.article, opened.found.claims
    return Entry(
        key=opened.key, title=heading_of(article), outlet=article.outlet, published=article.published,
        claims=len(claims), speakers=len({c.speaker.name for c in claims if c.speaker.name}),
        href=f"/articles/{opened.key}",
    )  # fmt: skip


async def read_form(request: Request, site: Site) -> FormData:
    """The form of an upload.

    Raises:
        ProblemError: it is no form, or has too many files.

    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise ProblemError(415, "send a form as multipart/form-data")
    limits = site.settings.limits
    return await request.form(max_files=limits.files, max_fields=20, max_part_size=limits.body_bytes)


def form_articles(form: FormData) -> Iterator[Article | InputError]:
    """The articles of an upload, read as they are asked for.

    A file's name tells its format and is shown in messages; no file is ever opened by it.
    """
    text, title, outlet = (str(form.get(name) or "") for name in ("text", "title", "outlet"))
    if text.strip():
        try:
            yield make_article(
                text, id_="pasted", title=title.strip()[:500] or None, outlet=outlet.strip()[:500] or None
            )
        except InputError as error:
            yield error
    seen = 0
    for part in form.getlist("files"):
        if not isinstance(part, UploadFile) or not (part.filename or part.size):
            continue
        for found in read_stream(part.file, base_name(part.filename or "")):
            seen += 1
            if seen > _MOST_ARTICLES:
                yield InputError(
                    part.filename or "upload", f"more than {_MOST_ARTICLES} articles at once: use the command line"
                )
                return
            yield found


def base_name(name: str) -> str:
    """A file's name without folders, whichever system it comes from."""
    return PurePosixPath(name.replace("\\", "/")).name.replace("\x00", "")[:255]


async def _entries(form: FormData, site: Site) -> AsyncIterator[str]:
    any_language = form.get("any_language") == "on"
    seen = False
    try:
        async for opened in site.open(form_articles(form), any_language=any_language):
            seen = True
            if isinstance(opened, InputError):
                yield line_of(problem_of(opened))
            else:
                yield json.dumps(entry_of(opened).model_dump()) + "\n"
        if not seen:
            yield line_of(problem_of(ProblemError(422, "nothing to read: paste a text or choose files")))
    except AttributionError as error:
        yield line_of(problem_of(error))
    finally:
        await form.close()
