"""Counts over claims: people, outlets, timelines, and what is in a store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attribution.corpus.answers import Info, Period, Person, TimelinePoint
from attribution.corpus.connection import one
from attribution.corpus.selection import Selection

if TYPE_CHECKING:
    import duckdb


def people(connection: duckdb.DuckDBPyConnection, selected: Selection, *, limit: int | None) -> list[Person]:
    """Everybody who makes a selected claim, the most quoted first."""
    # distinct articles and outlets, forms of names and roles are counted only for those who are shown
    rows = connection.execute(
        f"""
        WITH most AS (
            SELECT person_number, count(*) AS claims, any_value(person) AS person FROM {selected.view}
            {selected.where} {"AND" if selected.where else "WHERE"} person <> ''
            GROUP BY person_number ORDER BY claims DESC, person, person_number {f"LIMIT {int(limit)}" if limit is not None else ""}
        ), chosen AS MATERIALIZED (
            SELECT person_number, kind, speaker, role, affiliation, type, article, outlet, day
            FROM {selected.view} SEMI JOIN most USING (person_number) {selected.where}
        ), tally AS (
            SELECT person_number, count(*) FILTER (type = 'direct') AS direct, count(DISTINCT article) AS articles,
                count(DISTINCT outlet) AS outlets, min(day) AS first, max(day) AS last FROM chosen GROUP BY person_number
        ), form AS (
            SELECT person_number, list(speaker ORDER BY n DESC, speaker) AS names
            FROM (SELECT person_number, speaker, count(*) AS n FROM chosen GROUP BY ALL) GROUP BY person_number
        ), usual AS (
            SELECT person_number, arg_min(kind, (-n, kind)) AS kind, arg_min(role, (-n, role)) AS role,
                arg_min(affiliation, (-n, affiliation)) AS affiliation
            FROM (SELECT person_number, kind, role, affiliation, count(*) AS n FROM chosen GROUP BY ALL) GROUP BY person_number
        )
        SELECT person, kind, role, affiliation, claims, direct, articles, outlets, first, last, names
        FROM most JOIN tally USING (person_number) JOIN form USING (person_number) JOIN usual USING (person_number)
        ORDER BY claims DESC, person, person_number
        """,
        [*selected.parameters, *selected.parameters],
    ).fetchall()
    return [Person(**dict(zip(Person.model_fields, row, strict=True))) for row in rows]


def outlets(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Outlets of current articles, by name."""
    rows = connection.execute(
        "SELECT DISTINCT outlet FROM articles WHERE outlet IS NOT NULL ORDER BY outlet"
    ).fetchall()
    return [name for (name,) in rows]


def timeline(connection: duckdb.DuckDBPyConnection, selected: Selection, by: Period) -> list[TimelinePoint]:
    """Counts by day, week or month; times in which nothing was said have no point."""
    dated = f"{selected.where} {'AND' if selected.where else 'WHERE'} day IS NOT NULL"
    rows = connection.execute(
        f"""
        SELECT date_trunc('{by}', day)::DATE AS period, count(*), count(*) FILTER (type = 'direct'),
            count(DISTINCT article), count(DISTINCT outlet)
        FROM {selected.view} {dated} GROUP BY period ORDER BY period
        """,
        selected.parameters,
    ).fetchall()
    return [TimelinePoint(start=s, claims=c, direct=d, articles=a, outlets=o) for s, c, d, a, o in rows]


def info(connection: duckdb.DuckDBPyConnection, path: Path, version: int) -> Info:
    """What is in a store, and how large it is."""
    articles, old, outlets_, first, last = one(
        connection,
        """
        SELECT count(*) FILTER (current), count(*) FILTER (NOT current), count(DISTINCT outlet) FILTER (current),
            min(day) FILTER (current), max(day) FILTER (current) FROM article
        """,
    )
    claims, speakers = one(
        connection, "SELECT count(*), count(DISTINCT person_number) FILTER (person <> '') FROM claims"
    )
    return Info(
        path=str(path), schema_version=version, articles=articles, versions=old, claims=claims, speakers=speakers,
        outlets=outlets_, first=first, last=last, bytes=path.stat().st_size,
    )  # fmt: skip
