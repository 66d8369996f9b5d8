"""Comparison: the same claims in two to ten articles, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from attribution.claims import ArticleClaims
from attribution.comparison.compare import compare
from attribution.comparison.models import Comparison
from attribution.web.api.extraction import ExtractRequest, Text, extracted
from attribution.web.problems import ProblemError, responses
from attribution.web.site import Site, TheSite

router = APIRouter(prefix="/api", tags=["compare"])
FEWEST, MOST = 2, 10


class CompareRequest(BaseModel):
    """Articles to lay side by side: texts, open articles by their keys, or both."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    articles: tuple[Text, ...] = Field((), max_length=MOST)
    open: tuple[str, ...] = Field((), max_length=MOST, description="Keys of open articles; they go first.")

    @model_validator(mode="after")
    def _some(self) -> CompareRequest:
        if not FEWEST <= len(self.articles) + len(self.open) <= MOST:
            raise ValueError(f"name {FEWEST} to {MOST} articles")
        return self


@router.post("/compare", responses=responses(404))
async def compare_articles(wanted: CompareRequest, site: TheSite) -> Comparison:
    """The aligned claims of two to ten articles: who carries what, in which words."""
    found = [site.article(key) for key in wanted.open]
    if wanted.articles:
        async for each in extracted(ExtractRequest(articles=wanted.articles, any_language=False), site):
            if not isinstance(each, ArticleClaims):
                raise each
            found.append(each)
    return await compared(site, found)


async def compared(site: Site, found: Sequence[ArticleClaims]) -> Comparison:
    """Articles side by side.

    Raises:
        ProblemError: too few or too many, or twice the same.

    """
    if not FEWEST <= len(found) <= MOST:
        raise ProblemError(422, f"choose {FEWEST} to {MOST} articles to compare", where="articles")
    return await site.work.call(lambda: compare(list(found), model=site.settings.model))
