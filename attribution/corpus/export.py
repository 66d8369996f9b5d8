"""The store's views as files that other programs open: Parquet or CSV, one a view, all of them or none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from attribution.corpus.connection import asking
from attribution.errors import OutputError

if TYPE_CHECKING:
    from attribution.corpus.store import Store

ExportFormat = Literal["parquet", "csv"]
VIEWS = {
    "claims": "SELECT * EXCLUDE (speaker_number, person_number) FROM claims ORDER BY number",
    "articles": "SELECT * FROM articles ORDER BY number",
    "people": (
        "SELECT person, arg_min(kind, number) AS kind, count(*) AS claims, count(DISTINCT article) AS articles, "
        "count(DISTINCT outlet) AS outlets, min(day) AS first, max(day) AS last FROM claims WHERE person <> '' "
        "GROUP BY person_number, person ORDER BY claims DESC, person"
    ),
    "quotations": "SELECT family, wording, text, number AS claim, outlet, day, person FROM quotations ORDER BY family, number",
}
"""What is exported, by the files' names."""
_FORMULA = r"^''*[=+\-@\t\r＝＋－＠]"
_OPTIONS = {"parquet": "FORMAT parquet, COMPRESSION zstd", "csv": "FORMAT csv, HEADER"}


def export(store: Store, folder: str | Path, *, format: ExportFormat = "parquet") -> list[Path]:
    """Write the claims, articles, people and quotations of a store into a new folder, and name the files.

    Cells of CSV that a spreadsheet would take for a formula get an apostrophe in front, as in ``--format csv``.

    Raises:
        OutputError: the folder holds files already, or cannot be written.
        StoreError: the store cannot be read.

    """
    target = Path(folder)
    _check(target)
    partial = target.with_name(target.name + ".partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)  # of an export that was killed
        partial.mkdir()
        names = [_written(store, name, partial, format) for name in VIEWS]
        if target.is_dir():
            target.rmdir()
        partial.rename(target)
    except OSError as error:
        raise OutputError(str(target), f"cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return [target / name for name in names]


def _check(target: Path) -> None:
    if not target.absolute().parent.is_dir():
        raise OutputError(str(target), f"the folder {target.parent} does not exist: make it first")
    if target.exists() and not target.is_dir():
        raise OutputError(str(target), "is a file, and an export is a folder: name a new one")
    if target.is_dir() and any(target.iterdir()):
        raise OutputError(str(target), "this folder holds files already: name a new one")


def _written(store: Store, name: str, folder: Path, format: ExportFormat) -> str:
    file = folder / f"{name}.{format}"
    question = VIEWS[name]
    with asking(str(store.path)):
        if format == "csv":
            question = _guarded(store, question)
        place = str(file).replace("'", "''")
        store.execute(f"COPY ({question}) TO '{place}' ({_OPTIONS[format]})")
    with file.open("rb") as written:
        os.fsync(written.fileno())
    return file.name


def _guarded(store: Store, question: str) -> str:
    """A question whose answer has no cell that a spreadsheet takes for a formula."""
    columns: Sequence[tuple[str, str]] = [(row[0], row[1]) for row in store.execute(f"DESCRIBE {question}")]
    cells = [
        f"CASE WHEN regexp_matches(\"{name}\", '{_FORMULA}') THEN '''' || \"{name}\" ELSE \"{name}\" END AS \"{name}\""
        if type_ == "VARCHAR" else f'"{name}"'
        for name, type_ in columns
    ]  # fmt: skip
    return f"SELECT {', '.join(cells)} FROM ({question})"
