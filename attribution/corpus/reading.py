"""Claims out of the store: as rows, and as the articles and claims that went in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from attribution.claims import Article, ArticleClaims, Claim
from attribution.corpus.answers import StoredClaim
from attribution.corpus.insertion import selectors, speakers_of
from attribution.corpus.selection import Selection

if TYPE_CHECKING:
    import duckdb

COLUMNS = {
    "number": "number", "article_number": "article", "version": "version", "id": "id", "article_id": "article_id", "title": "title",
    "outlet": "outlet", "published": "published", "url": "url", "file": "file", "speaker": "speaker", "person": "person",
    "kind": "kind", "role": "role", "affiliation": "affiliation", "cue": "cue", "text": "text", "type": "type", "act": "act",
    "polarity": "polarity", "block": "block", "paragraph": "paragraph", "start": '"start"', "end": '"end"',
    "confidence": "confidence", "parent": "parent",
}  # fmt: skip
"""Fields of ``StoredClaim`` and where the view of claims has them."""
_SELECT = ", ".join(COLUMNS.values())
_CHUNK = 2_000
_ARTICLE = "id, title, file, sha256, outlet, published, url, text, record"


def claims(
    connection: duckdb.DuckDBPyConnection, selected: Selection, *, limit: int | None, offset: int
) -> Iterator[StoredClaim]:
    """The claims of a selection as rows."""
    rows = connection.cursor()  # of its own: the caller may ask other questions between two rows
    if limit is not None and limit <= _CHUNK:  # few: found first by their numbers, which is much quicker
        numbers = _numbers(connection, selected, limit, offset)
        rows.execute(
            f"SELECT {_SELECT} FROM all_claims WHERE number IN (SELECT unnest(?)) ORDER BY number",
            [[n for _, n in numbers]],
        )
    else:
        rows.execute(
            f"SELECT {_SELECT} FROM {selected.view} {selected.where} ORDER BY number {_limited(limit, offset)}",
            selected.parameters,
        )
    while chunk := rows.fetchmany(_CHUNK):
        yield from map(stored_claim, chunk)


def _numbers(
    connection: duckdb.DuckDBPyConnection, selected: Selection, limit: int | None, offset: int = 0
) -> list[tuple[int, int]]:
    """Numbers of the articles and claims of a selection."""
    rows: list[tuple[int, int]] = connection.execute(
        f"SELECT article, number FROM {selected.view} {selected.where} ORDER BY number {_limited(limit, offset)}",
        selected.parameters,
    ).fetchall()
    return rows


def _limited(limit: int | None, offset: int = 0) -> str:
    return (f"LIMIT {int(limit)} " if limit is not None else "") + (f"OFFSET {int(offset)}" if offset else "")


def stored_claim(row: tuple[Any, ...]) -> StoredClaim:
    """A row of the columns of ``COLUMNS``, in their order."""
    return StoredClaim(**dict(zip(COLUMNS, row, strict=True)))


def count(connection: duckdb.DuckDBPyConnection, selected: Selection) -> int:
    """How many claims are selected."""
    rows = connection.execute(f"SELECT count(*) FROM {selected.view} {selected.where}", selected.parameters).fetchall()
    return int(rows[0][0])


def found(connection: duckdb.DuckDBPyConnection, selected: Selection, *, limit: int | None) -> Iterator[ArticleClaims]:
    """Articles with their selected claims."""
    numbers = _numbers(connection, selected, limit)
    for low in range(0, len(numbers), _CHUNK):
        yield from _articles(connection, numbers[low : low + _CHUNK])


def article(connection: duckdb.DuckDBPyConnection, number: int) -> ArticleClaims | None:
    """An article with all its claims; None if there is none of this number."""
    there = connection.execute(f"SELECT {_ARTICLE} FROM article WHERE number = ?", [number]).fetchall()
    if not there:
        return None
    records = connection.execute("SELECT record FROM claim WHERE article = ? ORDER BY number", [number]).fetchall()
    return _rebuilt(there[0], [record for (record,) in records], whole=True)


def _articles(connection: duckdb.DuckDBPyConnection, numbers: list[tuple[int, int]]) -> Iterator[ArticleClaims]:
    rows = connection.execute(
        "SELECT article, record FROM claim WHERE number IN (SELECT unnest(?)) ORDER BY number",
        [[n for _, n in numbers]],
    ).fetchall()
    wanted = sorted({a for a, _ in numbers})
    articles = connection.execute(
        f"SELECT number, {_ARTICLE} FROM article WHERE number IN (SELECT unnest(?))", [wanted]
    ).fetchall()
    by_number = {number: values for number, *values in articles}
    for number, group in groupby(rows, key=lambda row: row[0]):
        yield _rebuilt(by_number[number], [record for _, record in group], whole=False)


def _rebuilt(values: Any, records: list[str], *, whole: bool) -> ArticleClaims:
    id_, title, source, sha256, outlet, published, url, text, record = values
    rest = json.loads(record)
    speakers = rest.pop("speakers", None)
    there = Article(
        id=id_,
        title=title,
        source=source,
        sha256=sha256,
        outlet=outlet,
        published=published,
        url=url,
        text=text or "",
        **rest,
    )
    made = tuple(_claim(there, json.loads(r)) for r in records)
    listed = speakers if speakers and whole else [s.model_dump() for s in speakers_of(made)]
    return ArticleClaims.model_validate({"article": there, "claims": made, "speakers": listed})


def _claim(there: Article, record: dict[str, Any]) -> Claim:
    record.setdefault("selectors", selectors(there.text, record) if there.text else [])
    return Claim.model_validate({**record, "article": there.ref})
