"""JSON and JSON Lines: the claims as they are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from attribution.claims import ArticleClaims
from attribution.formats.registry import Options


def record(found: ArticleClaims) -> dict[str, Any]:
    """One article's claims as a JSON object: id, title, source, sha256, …, claims, speakers."""
    return {
        **found.article.ref.model_dump(mode="json"),
        "claims": [c.model_dump(mode="json", by_alias=True) for c in found.claims],
        "speakers": [s.model_dump(mode="json") for s in found.speakers],
    }


def as_jsonl(articles: Iterable[ArticleClaims], options: Options) -> Iterator[str]:
    """A line an article."""
    for found in articles:
        yield json.dumps(record(found), ensure_ascii=False) + "\n"


def as_json(articles: Iterable[ArticleClaims], options: Options) -> Iterator[str]:
    """One JSON array of articles, written as it grows."""
    opening = "[\n"
    for found in articles:
        yield opening + json.dumps(record(found), ensure_ascii=False, indent=1)
        opening = ",\n"
    yield "[]\n" if opening == "[\n" else "\n]\n"
