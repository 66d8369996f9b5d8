"""Opening the store's file: making it, waiting for other processes, and errors that say what to do."""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attribution.errors import MissingExtraError, StoreError

if TYPE_CHECKING:
    import duckdb

_PAUSE = 0.05


def connect(path: Path, *, read_only: bool, wait: float) -> duckdb.DuckDBPyConnection:
    """A connection to a file that exists; while another process has it open, for at most ``wait`` seconds, again.

    Raises:
        StoreError: it is missing, no DuckDB file, cannot be opened, or is still in use.
        MissingExtraError: duckdb is not installed.

    """
    try:
        import duckdb
    except ImportError as error:
        raise MissingExtraError("corpus", "the store") from error
    if not path.exists():
        raise StoreError(str(path), "no such store: `attribution corpus add` makes one")
    if path.is_dir():
        raise StoreError(str(path), "is a folder, and a store is a file")
    until = time.monotonic() + wait
    while True:
        try:
            return duckdb.connect(str(path), read_only=read_only)
        except duckdb.Error as error:
            if not _is_in_use(error):
                raise StoreError(str(path), _reason(error)) from error
            if time.monotonic() >= until:
                raise StoreError(str(path), _in_use(error, wait)) from error
        time.sleep(_PAUSE)


def _is_in_use(error: Exception) -> bool:
    text = str(error)
    return "Could not set lock" in text or "different configuration" in text or "being used by another" in text


def _in_use(error: Exception, wait: float) -> str:
    holder = re.search(r"\(PID (\d+)\)", str(error))
    who = f"process {holder[1]}" if holder else "this or another process"
    return f"in use by {who}, still after {wait:g} seconds: try again, or wait longer (--wait SECONDS)"


def _reason(error: Exception) -> str:
    text = str(error)
    if "not a valid DuckDB" in text:
        return "is not a store: a store is a DuckDB file; name another"
    if "version number" in text:
        return f"was written by another version of DuckDB than is installed: install that one ({_line(error)})"
    return f"cannot be opened: {_line(error)}"


def _line(error: Exception) -> str:
    """The first line of DuckDB's message, without its kind."""
    first = str(error).strip().splitlines()[0]
    return re.sub(r"^[A-Z][\w ]* Error: ", "", first)


def create(path: Path, fill: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
    """Make a store beside its place and put it there whole; one that another process has put there meanwhile stays.

    Raises:
        StoreError: the folder is missing or cannot be written to.
        MissingExtraError: duckdb is not installed.

    """
    try:
        import duckdb
    except ImportError as error:
        raise MissingExtraError("corpus", "the store") from error
    if not path.parent.is_dir():
        raise StoreError(str(path), f"the folder {path.parent} does not exist: make it first")
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    partial.unlink(missing_ok=True)
    try:
        with duckdb.connect(str(partial)) as connection:
            fill(connection)
        _place(partial, path)
    except duckdb.Error as error:
        raise StoreError(str(path), f"cannot be made: {_line(error)}") from error
    except OSError as error:
        raise StoreError(str(path), f"cannot be made: {error.strerror or error}") from error
    finally:
        for left in (partial, partial.with_name(f"{partial.name}.wal")):
            left.unlink(missing_ok=True)


def _place(partial: Path, path: Path) -> None:
    try:
        os.link(partial, path)  # unlike a renaming it replaces nothing
    except FileExistsError:
        return
    except OSError:  # a file system without links
        if not path.exists():
            partial.rename(path)


def one(connection: duckdb.DuckDBPyConnection, question: str) -> tuple[Any, ...]:
    """The only row of an answer; fetched to its end, as DuckDB wants it before the next question."""
    rows: list[tuple[Any, ...]] = connection.execute(question).fetchall()
    return rows[0]


@contextlib.contextmanager
def transaction(connection: duckdb.DuckDBPyConnection, where: str) -> Iterator[None]:
    """All that is done within becomes part of the store at once, or nothing of it does.

    Raises:
        StoreError: DuckDB cannot write it (a full disk, a read-only store).

    """
    import duckdb

    try:
        connection.begin()
        try:
            yield
        except BaseException:
            with contextlib.suppress(duckdb.Error):  # after a fatal error there is nothing to roll back
                connection.rollback()
            raise
        connection.commit()
    except duckdb.Error as error:
        raise StoreError(where, f"cannot be written: {_line(error)}") from error


@contextlib.contextmanager
def asking(where: str, *, raising: type[StoreError] = StoreError) -> Iterator[None]:
    """Errors of DuckDB within become ours, which name the store or the question."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        raise raising(where, _line(error)) from error
