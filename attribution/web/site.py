"""What all requests share: the settings, the worker, the open articles, the corrections."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import Depends, Request

from attribution.articles.read import make_article
from attribution.claims import Article, ArticleClaims
from attribution.errors import InputError, LanguageError
from attribution.extraction import extract, extract_many
from attribution.web.desk import Desk
from attribution.web.problems import ProblemError
from attribution.web.reviews import Reviews
from attribution.web.settings import Settings
from attribution.web.work import Work

Found = ArticleClaims | InputError


@dataclass(frozen=True, slots=True)
class Opened:
    """An article on the desk and its key in addresses."""

    key: str
    found: ArticleClaims


class Site:
    """One server's state; its methods are called in the event loop."""

    def __init__(self, settings: Settings) -> None:
        """Args:
        settings: see ``Settings``.
        """
        limits = settings.limits
        self.settings = settings
        self.work = Work(seconds=limits.seconds)
        self.desk = Desk(articles=limits.kept_articles, characters=limits.kept_characters)
        self.reviews = Reviews(settings.corrections)

    async def warm_up(self) -> None:
        """Load the model."""
        await self.work.warm_up(partial(extract, make_article("She said so."), model=self.settings.model))

    def extracted(self, articles: Iterable[Article | InputError], *, any_language: bool) -> AsyncIterator[Found]:
        """The claims of articles, in order, as they come; what could not be read stays in its place."""
        return self.work.each(_extracted(articles, self.settings, any_language=any_language))

    async def open(
        self, articles: Iterable[Article | InputError], *, any_language: bool
    ) -> AsyncIterator[Opened | InputError]:
        """Extract articles and lay them on the desk."""
        async for found in self.extracted(articles, any_language=any_language):
            yield found if isinstance(found, InputError) else Opened(self.desk.put(found), found)

    def as_found(self, key: str) -> ArticleClaims:
        """An open article as the tool found it.

        Raises:
            ProblemError: there is none of this key.

        """
        found = self.desk.get(key)
        if found is None:
            raise ProblemError(404, "no article is open under this address: it was closed, or the server began anew")
        return found

    def article(self, key: str) -> ArticleClaims:
        """An open article as corrected.

        Raises:
            ProblemError: there is none of this key.

        """
        return self.as_corrected(self.as_found(key))

    def as_corrected(self, found: ArticleClaims) -> ArticleClaims:
        """An article with the corrections that were made to its text."""
        review = self.reviews.get(found)
        if review is None:
            return found
        result = review.result
        return result.model_copy(update={"article": found.article})

    def articles(self) -> list[Opened]:
        """All open articles as corrected, the one looked at last first."""
        return [Opened(key, self.as_corrected(found)) for key, found in self.desk]


def _extracted(articles: Iterable[Article | InputError], settings: Settings, *, any_language: bool) -> Iterator[Found]:
    def readable() -> Iterator[Article | InputError]:
        for article in articles:
            other = isinstance(article, Article) and article.language not in (None, "en")
            if isinstance(article, Article) and other and not any_language:
                yield LanguageError(article.source or article.id, str(article.language))
            else:
                yield article

    for item in readable():  # one at a time: each step is short, and others take their turn
        if isinstance(item, InputError):
            yield item
        else:
            yield from extract_many([item], model=settings.model, on_error="yield")


def own_ids(opened: Iterable[Opened]) -> list[ArticleClaims]:
    """Open articles, each with its key as its id: their own ids may be the same."""
    return [o.found.model_copy(update={"article": o.found.article.model_copy(update={"id": o.key})}) for o in opened]


def site_of(request: Request) -> Site:
    """The site that a request is for."""
    site: Site = request.app.state.site
    return site


TheSite = Annotated[Site, Depends(site_of)]
