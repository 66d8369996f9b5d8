"""Extraction for programs: texts in, claims out, at once or line by line; nothing is kept."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from attribution.articles.dates import iso_date
from attribution.articles.read import make_article
from attribution.claims import Article, ArticleClaims
from attribution.errors import AttributionError, InputError
from attribution.formats.fragments import web_address
from attribution.web.problems import Problem, ProblemError, problem_of, responses
from attribution.web.site import Site, TheSite

router = APIRouter(prefix="/api", tags=["extract"])
NDJSON = "application/x-ndjson"
_EXAMPLE = '"We will not pay," Ana Ruiz, the mayor of Lugo, told reporters on Monday. She said the road was closed.'


class Text(BaseModel):
    """An article to read, and what is known of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(min_length=1, max_length=1_000_000, examples=[_EXAMPLE])
    id: str | None = Field(None, max_length=500)
    title: str | None = Field(None, max_length=500)
    outlet: str | None = Field(None, max_length=500)
    published: str | None = Field(None, max_length=100, description="Date or time, ISO 8601 or as newspapers write it.")
    url: str | None = Field(None, max_length=2000, description="The page's address; it is never loaded.")
    language: str | None = Field(None, max_length=35)

    @property
    def article(self) -> Article | InputError:
        """The article, or why it is none."""
        where = self.id or "text"
        if not self.text.strip():
            return InputError(where, "the text is empty")
        try:
            return make_article(
                self.text, id_=self.id, title=self.title, outlet=self.outlet, published=iso_date(self.published),
                url=self.url if web_address(self.url) else None, language=self.language,
            )  # fmt: skip
        except InputError as error:
            return error


class ExtractRequest(BaseModel):
    """Articles to read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    articles: tuple[Text, ...] = Field(min_length=1, max_length=2000)
    any_language: bool = Field(False, description="Read articles, too, that are not in English.")


class Extracted(BaseModel):
    """What was found: the articles that could be read, in order, and a problem for each other one."""

    articles: tuple[ArticleClaims, ...]
    problems: tuple[Problem, ...] = ()


@router.post("/extract", responses=responses())
async def extract(wanted: ExtractRequest, site: TheSite) -> Extracted:
    """The claims of articles, all in one answer.

    Offsets are code points into `article.text`, half-open.
    """
    most = site.settings.limits.articles
    if len(wanted.articles) > most:
        raise ProblemError(
            422, f"more than {most} articles: send them in parts, or to /api/extract/stream", where="articles"
        )
    found = [f async for f in extracted(wanted, site)]
    return Extracted(
        articles=tuple(f for f in found if isinstance(f, ArticleClaims)),
        problems=tuple(problem_of(f) for f in found if isinstance(f, InputError)),
    )


@router.post(
    "/extract/stream", response_class=StreamingResponse,
    responses={**responses(), 200: {
        "description": "A line an article, as it is ready: an ArticleClaims, or a Problem in its place.",
        "content": {NDJSON: {"schema": {"type": "string"}}},
    }},
)  # fmt: skip
async def extract_stream(wanted: ExtractRequest, site: TheSite) -> StreamingResponse:
    """The claims of many articles, a line of JSON an article, each as soon as it is ready."""
    most = site.settings.limits.streamed_articles
    if len(wanted.articles) > most:
        raise ProblemError(422, f"more than {most} articles: send them in parts", where="articles")
    return StreamingResponse(_lines(wanted, site), media_type=NDJSON)


def extracted(wanted: ExtractRequest, site: Site) -> AsyncIterator[ArticleClaims | InputError]:
    """The claims of the articles asked for, in order."""

    def articles() -> Iterator[Article | InputError]:
        for text in wanted.articles:
            yield text.article

    return site.extracted(articles(), any_language=wanted.any_language)


async def _lines(wanted: ExtractRequest, site: Site) -> AsyncIterator[str]:
    try:
        async for found in extracted(wanted, site):
            if isinstance(found, InputError):
                yield line_of(problem_of(found))
            else:
                yield found.model_dump_json(by_alias=True) + "\n"
    except AttributionError as error:  # the answer has begun: its last line says how it ended
        yield line_of(problem_of(error))


def line_of(problem: Problem) -> str:
    """A problem as a line of a stream."""
    return json.dumps(problem.model_dump(exclude_none=True)) + "\n"
