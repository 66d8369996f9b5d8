"""Articles in, a comparison out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from attribution.claims import Article, ArticleClaims
from attribution.comparison.models import Comparison

MOST = 50


def compare(
    articles: Iterable[str | Path | Article | ArticleClaims], *, model: Path | None = None, workers: int = 1
) -> Comparison:
    """Lay the claims of 2 to 50 articles side by side.

    Args:
        articles: files, folders, globs; articles; or what ``attribution.extract_many`` gave.
        model: a model folder; the shipped model by default.
        workers: processes for those that have not been read yet.

    Raises:
        ValueError: fewer than 2 articles, or more than 50.
        InputError: an input cannot be read.

    """
    raise NotImplementedError
