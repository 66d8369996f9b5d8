"""Layouts of the store, in order: each step brings a file from the layout before it to its own.

A step is an SQL file and, where data have to be worked out, a function that runs after it. A step that was released is
never changed; a change is a new step.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import TYPE_CHECKING

from attribution import __version__
from attribution.corpus.connection import one, transaction
from attribution.corpus.families import index_all
from attribution.errors import StoreError

if TYPE_CHECKING:
    import duckdb

_AFTER: dict[int, Callable[[duckdb.DuckDBPyConnection], None]] = {2: index_all}
CURRENT = 3
"""The layout that this version writes and reads."""


def version_of(connection: duckdb.DuckDBPyConnection, where: str) -> int:
    """The layout of an open file.

    Raises:
        StoreError: it is no store, or of a layout that this version does not know.

    """
    tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE table_name = 'schema_version'").fetchall()
    if not tables:
        raise StoreError(where, "is a DuckDB file, but not a store of claims: name another")
    (version,) = one(connection, "SELECT max(version) FROM schema_version")
    if version is None:
        raise StoreError(where, "its layout has no version: it was not made by attribution")
    if version > CURRENT:
        raise StoreError(
            where, f"has layout {version}, and this version of attribution knows layouts up to {CURRENT}: update it"
        )
    return int(version)


def migrate(connection: duckdb.DuckDBPyConnection, where: str, *, version: int = 0) -> None:
    """Bring a file from a layout (0: an empty file) to the current one, all in one transaction.

    Raises:
        StoreError: it cannot be written.

    """
    with transaction(connection, where):
        for step in range(version + 1, CURRENT + 1):
            connection.execute(_sql(f"{step:04}.sql"))
            if step in _AFTER:
                _AFTER[step](connection)
            connection.execute(
                "INSERT INTO schema_version VALUES (?, ?, now() AT TIME ZONE 'UTC')", [step, __version__]
            )
        connection.execute(_sql("views.sql"))


def _sql(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")
