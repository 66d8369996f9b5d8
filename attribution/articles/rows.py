"""Records of exports → articles: which field holds what, the same for JSONL, CSV, TSV and Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from attribution.articles.article import make_article
from attribution.articles.dates import iso_date
from attribution.claims import Article
from attribution.errors import InputError

_NAMES = {
    "title": ("title", "headline"),
    "outlet": ("outlet", "publisher", "sitename", "site_name", "source"),
    "authors": ("authors", "author", "byline"),
    "published": ("published", "date", "published_at", "date_published", "publication_date", "pubdate", "datetime"),
    "url": ("url", "link", "canonical_url"),
    "language": ("language", "lang"),
}
"""Usual names of fields, in the order in which they are tried."""
_LONGEST = 500  # characters of what can be a title, an outlet, a name


@dataclass(frozen=True, slots=True)
class Fields:
    """Names of the fields that hold the text and the id; dots go into records within records ("article.body")."""

    text: str = "text"
    id: str = "id"


def field(record: Mapping[str, Any], name: str) -> Any:
    """The value of a field; None if there is none. A field whose own name has dots goes first."""
    if name in record:
        return record[name]
    value: Any = record
    for part in name.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return None
        value = value[part]
    return value


def article_of_record(
    record: Mapping[str, Any], where: str, fields: Fields, *, reader: str, encoding: str | None = None,
    source_sha256: str | None = None,
) -> Article:  # fmt: skip
    """The article of one record.

    Raises:
        InputError: no text in its field, or more than an article may have.

    """
    text = field(record, fields.text)
    if not isinstance(text, str):
        known = ", ".join(list(record)[:8]) or "none"
        raise InputError(where, f"no text in field {fields.text!r}; fields there: {known}; name yours with --field")
    if not text.strip():
        raise InputError(where, f"field {fields.text!r} is empty")
    id_ = field(record, fields.id)
    told = {what: _first(record, names, fields.text) for what, names in _NAMES.items()}
    url = _line(told["url"])
    return make_article(
        text, id_=str(id_) if id_ is not None and id_ != "" else None, title=_line(told["title"]), source=where,
        encoding=encoding, outlet=_line(told["outlet"]), authors=_names(told["authors"]),
        published=iso_date(told["published"]), url=url if url and url.startswith(("http://", "https://")) else None,
        language=_line(told["language"]), reader=reader, source_sha256=source_sha256,
    )  # fmt: skip


def _first(record: Mapping[str, Any], names: tuple[str, ...], taken: str) -> Any:
    """The first field of these names that holds anything, whatever the case of its name."""
    lower = {str(key).casefold(): key for key in reversed(list(record))}
    found = (record[lower[name]] for name in names if name in lower and lower[name] != taken)
    return next((value for value in found if value not in (None, "", [])), None)


def _line(value: Any) -> str | None:
    if isinstance(value, Mapping):  # schema.org: {"@type": "Organization", "name": "…"}
        value = value.get("name")
    return value if isinstance(value, str) and value.strip() and len(value) <= _LONGEST else None


def _names(value: Any) -> list[str]:
    if isinstance(value, str):
        return [name.strip() for name in value.split(";") if name.strip()] if len(value) <= _LONGEST else []
    if isinstance(value, list | tuple):
        return [name for name in map(_line, value) if name]
    name = _line(value)
    return [name] if name else []
