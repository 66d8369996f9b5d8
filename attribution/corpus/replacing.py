"""Claims of stored articles that are replaced by those of a newer reading: the old ones go with all that hangs on them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attribution.corpus import families
from attribution.corpus.arrow import registered

if TYPE_CHECKING:
    import duckdb

    from attribution.corpus.insertion import ArticleRow


def remove_claims(connection: duckdb.DuckDBPyConnection, articles: Sequence[int]) -> list[int]:
    """Remove the claims of articles, with their words and quotations; give the wordings that they quoted.

    Call ``tidy`` with these when the new claims are in.
    """
    with registered(connection, {"article": "int32"}, [articles]) as view:
        of_these = f"SELECT number FROM claim WHERE article IN (SELECT article FROM {view})"
        wordings = connection.execute(f"SELECT DISTINCT quotation FROM quoted WHERE claim IN ({of_these})").fetchall()
        for table in ("word", "quoted"):
            connection.execute(f"DELETE FROM {table} WHERE claim IN ({of_these})")
        connection.execute(f"DELETE FROM claim WHERE article IN (SELECT article FROM {view})")
    return [wording for (wording,) in wordings]


def differing(connection: duckdb.DuckDBPyConnection, rows: Mapping[int, ArticleRow]) -> dict[int, ArticleRow]:
    """Of rows by the number of their stored article those that are to replace it.

    Whose maker is known replaces what another made; of a file nobody knows with what it was made, and it replaces only
    claims that are not its own.
    """
    asked = [number for number, row in rows.items() if row.made_by is None]
    with registered(connection, {"article": "int32"}, [asked]) as view:
        stored = connection.execute(
            f"SELECT article, record FROM claim SEMI JOIN {view} USING (article) ORDER BY number"
        ).fetchall()
    there: dict[int, list[str]] = {number: [] for number in asked}
    for number, record in stored:
        there[number].append(record)
    return {
        number: row
        for number, row in rows.items()
        if row.made_by is not None or there[number] != [claim.values[-1] for claim in row.claims]
    }


def update_articles(
    connection: duckdb.DuckDBPyConnection, rows: Sequence[tuple[int, str | None, str, str | None]]
) -> None:
    """Give articles (number, text, record, made_by) of another reading; what only the stored ones tell is kept."""
    columns = {"number": "int32", "text": "string", "record": "string", "made_by": "string"}
    numbers = [number for number, *_ in rows]
    with registered(connection, {"number": "int32"}, [numbers]) as view:
        stored = dict(
            connection.execute(f"SELECT number, record FROM article SEMI JOIN {view} USING (number)").fetchall()
        )
    records = [_joined(stored[number], record) for number, _, record, _ in rows]
    values: list[list[Any]] = [numbers, [text for _, text, _, _ in rows], records, [made_by for *_, made_by in rows]]
    with registered(connection, columns, values) as view:
        connection.execute(
            f"""
            UPDATE article SET text = coalesce(v.text, article.text), record = v.record, made_by = v.made_by
            FROM {view} v WHERE article.number = v.number
            """
        )


def _joined(stored: str, new: str) -> str:
    """The record of an article: what the new one tells, else the stored one; speakers are those of the new claims."""
    kept = {name: value for name, value in json.loads(stored).items() if name != "speakers"}
    return json.dumps(kept | json.loads(new), ensure_ascii=False)


def tidy(connection: duckdb.DuckDBPyConnection, wordings: Sequence[int]) -> None:
    """Remove what no claim refers to any more: forms of names, and those of the wordings that are quoted nowhere."""
    connection.execute("DELETE FROM speaker WHERE number NOT IN (SELECT speaker FROM claim)")
    families.remove_unquoted(connection, wordings)
