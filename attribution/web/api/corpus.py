"""The corpus store: what is in it, asked with the same models as in Python. It is opened for each question alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from attribution.claims import ArticleClaims
from attribution.corpus.answers import Filter, Info, Period, Person, QuoteMatch, StoredClaim, TimelinePoint
from attribution.corpus.store import Store
from attribution.errors import QuestionError, StoreError
from attribution.web.problems import ProblemError, responses
from attribution.web.site import Site, TheSite

router = APIRouter(prefix="/api/corpus", tags=["corpus"])
T = TypeVar("T")
MOST = 1000
_WAIT = 2.0  # seconds for another process that writes


class Asked(BaseModel):
    """Which claims, and how many of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    filter: Filter = Filter()
    limit: int = Field(100, ge=1, le=MOST)
    offset: int = Field(0, ge=0, le=10_000_000)


class Claims(BaseModel):
    """Claims that fit, and how many there are in all."""

    total: int
    claims: tuple[StoredClaim, ...]


class Timeline(BaseModel):
    """Which claims, and by which period."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    filter: Filter = Filter()
    by: Period = "day"


class Quotation(BaseModel):
    """Words that somebody may have quoted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: str = Field(min_length=1, max_length=5000)
    limit: int = Field(100, ge=1, le=MOST)


async def ask(site: Site, question: Callable[[Store], T]) -> T:
    """The answer of the store that the server was started with.

    Raises:
        ProblemError: there is none, it is in use, or the question is wrong.

    """
    path = site.settings.store
    if path is None:
        raise ProblemError(404, "no corpus store is open: start the server with attribution serve STORE")

    def answer() -> T:
        with Store.open(path, read_only=True, wait=_WAIT) as store:
            return question(store)

    try:
        return await site.work.call(answer)
    except QuestionError as error:
        raise ProblemError(422, error.reason, where=error.where) from error
    except StoreError as error:
        missing = "no article has the number" in error.reason
        raise ProblemError(404 if missing else 503, error.reason, where="store") from error


@router.get("", responses=responses(404))
async def info(site: TheSite) -> Info:
    """What is in the store."""
    return await ask(site, lambda store: store.info())


@router.post("/claims", responses=responses(404))
async def claims(asked: Asked, site: TheSite) -> Claims:
    """Claims that fit, in the order in which their articles were added."""

    def question(store: Store) -> Claims:
        found = tuple(store.claims(asked.filter, limit=asked.limit, offset=asked.offset))
        return Claims(total=store.count(asked.filter), claims=found)

    return await ask(site, question)


@router.post("/people", responses=responses(404))
async def people(asked: Asked, site: TheSite) -> list[Person]:
    """Speakers with their counts over the claims that fit, the most quoted first."""
    return await ask(
        site, lambda store: list(store.people(asked.filter, limit=asked.limit + asked.offset))[asked.offset :]
    )


@router.post("/timeline", responses=responses(404))
async def timeline(asked: Timeline, site: TheSite) -> list[TimelinePoint]:
    """How much was said when; articles without a date are left out."""
    return await ask(site, lambda store: store.timeline(asked.filter, by=asked.by))


@router.post("/quote", responses=responses(404))
async def quote(asked: Quotation, site: TheSite) -> list[QuoteMatch]:
    """Claims that carry a quotation, also altered or in part, the nearest first."""
    return await ask(site, lambda store: store.quote(asked.words, limit=asked.limit))


@router.get("/articles/{number}", responses=responses(404))
async def article(number: Annotated[int, Path(ge=0, le=2**53)], site: TheSite) -> ArticleClaims:
    """An article of the store with its claims; offsets are code points into `article.text`, half-open."""
    return await ask(site, lambda store: store.article(number))
