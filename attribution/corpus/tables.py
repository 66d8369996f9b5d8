"""Arrow tables of articles in, Arrow tables of claims out: the whole tool as one function, for engines of others.

``extract_table`` is a pure function of a table, ``extract_batches`` the same over an iterator of record batches, and
``TableExtractor`` a class that Ray makes actors of. The schema of what comes out is that of the Parquet files, see
``formats.parquet``: a claim a row.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from attribution.articles.read import in_english
from attribution.articles.rows import Fields, article_of_record
from attribution.claims import Claim
from attribution.errors import InputError, LanguageError, MissingExtraError
from attribution.extraction import extract_article
from attribution.formats.parquet import row, schema

if TYPE_CHECKING:
    import pyarrow

OnError = Literal["raise", "warn"]


class ArticleWarning(UserWarning):
    """An article of a table gave no claims; the message says where it stands and why."""


def extract_table(
    table: pyarrow.Table, *, text: str = "text", id: str = "id", model: Path | None = None, threads: int | None = None,
    any_language: bool = False, on_error: OnError = "raise",
) -> pyarrow.Table:  # fmt: skip
    """The claims of a table of articles, a claim a row.

    Columns of usual names (title, outlet, published, url, …) fill the claims' article, as they do when a Parquet file
    is read. Offsets are code points into the text. Every article is read alone: the result of a row does not depend on
    its neighbours.

    Args:
        table: an article a row.
        text: the column of texts.
        id: the column of ids; without it the text's hash serves.
        model: a model folder; the shipped model by default.
        threads: threads of the forward pass; all cores by default. Give 1 where an engine runs many processes.
        any_language: read articles, too, that are surely not in English.
        on_error: "raise" the error of an article that cannot be read, or "warn" and leave its claims out.

    Raises:
        InputError: an article cannot be read (empty, too long, another language) and ``on_error`` is "raise".
        MissingExtraError: pyarrow is not installed.

    """
    if on_error not in ("raise", "warn"):
        raise ValueError(f"on_error is {on_error!r}; it takes 'raise' or 'warn'")
    try:
        import pyarrow
    except ImportError as error:
        raise MissingExtraError("parquet", "attribution.extract_table") from error
    fields = Fields(text=text, id=id)
    rows: list[dict[str, Any]] = []
    for number, record in enumerate(_records(table), 1):
        try:
            rows.extend(map(row, _claims(record, f"row {number}", fields, model, threads, any_language)))
        except InputError as error:
            if on_error == "raise":
                raise
            warnings.warn(str(error), ArticleWarning, stacklevel=2)
    return pyarrow.Table.from_pylist(rows, schema())


def extract_batches(batches: Iterable[pyarrow.RecordBatch], **options: Any) -> Iterator[pyarrow.RecordBatch]:
    """Record batches of articles in, record batches of claims out; what Spark's ``mapInArrow`` asks for.

    Args:
        batches: an article a row.
        options: those of ``extract_table``; ``threads`` is 1 unless said otherwise.

    """
    import pyarrow

    for batch in batches:
        found = extract_table(pyarrow.Table.from_batches([batch]), **{"threads": 1, **options})
        yield from found.to_batches()


class TableExtractor:
    """``extract_table`` with its options, as a class whose objects are called: an actor for Ray Data.

    >>> articles.map_batches(TableExtractor, batch_format="pyarrow", batch_size=64, concurrency=3)  # doctest: +SKIP
    """

    def __init__(self, **options: Any) -> None:
        """Args:
        options: those of ``extract_table``; ``threads`` is 1 unless said otherwise.
        """
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        self.options = {"threads": 1, **options}

    def __call__(self, table: pyarrow.Table) -> pyarrow.Table:
        """The claims of a table of articles; the model is loaded with the first, in the process that is called."""
        return extract_table(table, **self.options)


def _records(table: pyarrow.Table) -> Iterator[dict[str, Any]]:
    """Rows, a few in memory at a time."""
    for batch in table.to_batches(max_chunksize=64):
        yield from batch.to_pylist()


def _claims(
    record: dict[str, Any], where: str, fields: Fields, model: Path | None, threads: int | None, any_language: bool
) -> tuple[Claim, ...]:
    article = article_of_record(record, where, fields, reader="arrow")
    article = article.model_copy(update={"source": None})  # its row is one of the engine's making
    if not any_language and isinstance(in_english(article), InputError):
        raise LanguageError(where, str(article.language))
    return extract_article(article, model=model, threads=threads).claims
