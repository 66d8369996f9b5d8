"""The store: articles and their claims in one DuckDB file, added in transactions and asked in many ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from attribution.claims import Article, ArticleClaims
from attribution.corpus import migrations, quoting, reading, tallies
from attribution.corpus.answers import (
    Added,
    Filter,
    Info,
    Period,
    Person,
    QuoteMatch,
    StoredClaim,
    Table,
    TimelinePoint,
    VariantGroup,
)
from attribution.corpus.connection import asking, connect, create
from attribution.corpus.insertion import add_rows, article_row, is_known
from attribution.corpus.selection import Selection
from attribution.corpus.words import Stemmer
from attribution.errors import QuestionError, StoreError

if TYPE_CHECKING:
    import duckdb

BATCH = 200
"""Articles a transaction."""


class Store:
    """An open store. Use it as a context manager; ``Store.open`` makes it.

    While a store is open for writing no other process can open it, and while it is open for reading none can write:
    keep it open as briefly as you can. Every ``add`` commits a batch of whole articles at a time, so that a process
    that is killed leaves a store that opens and holds only whole articles.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path, *, read_only: bool) -> None:
        self._connection = connection
        self.path = path
        self.read_only = read_only

    @classmethod
    def open(cls, path: str | Path, *, read_only: bool = False, wait: float = 10.0) -> Store:
        """Open a store; one that does not exist is made, one of an older layout is brought up to date.

        Args:
            path: the store's file.
            read_only: do not change it; several processes can read at the same time.
            wait: seconds to wait while another process has it open.

        Raises:
            StoreError: it is no store, was made by a newer version, is missing (``read_only``), cannot be written, or
                is still in use after ``wait`` seconds.
            MissingExtraError: duckdb is not installed.

        """
        file = Path(path)
        if not read_only and not file.exists():
            create(file, lambda connection: migrations.migrate(connection, str(file)))
        connection = connect(file, read_only=read_only, wait=wait)
        try:
            version = migrations.version_of(connection, str(file))
            if version < migrations.CURRENT and read_only:
                connection.close()
                with cls.open(file, wait=wait):  # brings it up to date
                    pass
                return cls.open(file, read_only=True, wait=wait)
            if version < migrations.CURRENT:
                migrations.migrate(connection, str(file), version=version)
        except BaseException:
            connection.close()
            raise
        return cls(connection, file, read_only=read_only)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the store; another process can open it then."""
        self._connection.close()

    @cached_property
    def _stemmer(self) -> Stemmer:
        return Stemmer()

    def _selected(self, asked: Filter | None) -> Selection:
        return Selection(self._connection, asked or Filter(), self._stemmer)

    def add(
        self, found: Iterable[ArticleClaims], *, batch: int = BATCH, again: bool = False, made_by: str | None = None
    ) -> Added:
        """Store articles with their claims, ``batch`` articles a transaction.

        An article whose text is stored already is passed over; another text of a known article becomes its new version.

        Args:
            found: what ``extract_many`` gave.
            batch: articles a transaction.
            again: replace the claims of a stored text, unless they were found with the same ``made_by``.
            made_by: with what the claims were found, as ``corpus.adding.maker`` says it of a model.

        Raises:
            StoreError: the store is open for reading only, or cannot be written; batches before it are stored.

        """
        if self.read_only:
            raise StoreError(str(self.path), "is open for reading only: open it without read_only")
        total = Added()
        articles = iter(found)
        while rows := [article_row(each, made_by=made_by) for each in islice(articles, batch)]:
            total += add_rows(self._connection, rows, self._stemmer, str(self.path), again=again)
        return total

    def has(self, articles: Sequence[Article], *, made_by: str | None = None) -> list[bool]:
        """For each article whether its text is stored, as the current or an older version.

        With ``made_by`` only if its claims were found with that.
        """
        with asking(str(self.path)):
            return is_known(self._connection, articles, made_by=made_by)

    def claims(
        self, asked: Filter | None = None, *, limit: int | None = None, offset: int = 0
    ) -> Iterator[StoredClaim]:
        """Claims that fit, as rows, in the order in which they were stored.

        Raises:
            QuestionError: ``about`` has no words or an open quotation mark.

        """
        with asking(str(self.path)):
            yield from reading.claims(self._connection, self._selected(asked), limit=limit, offset=offset)

    def count(self, asked: Filter | None = None) -> int:
        """How many claims fit."""
        with asking(str(self.path)):
            return reading.count(self._connection, self._selected(asked))

    def found(self, asked: Filter | None = None, *, limit: int | None = None) -> Iterator[ArticleClaims]:
        """Articles with those of their claims that fit, as ``extract_many`` gave them: for all formats.

        The texts of articles that came without are empty; ``limit`` counts claims.
        """
        with asking(str(self.path)):
            yield from reading.found(self._connection, self._selected(asked), limit=limit)

    def article(self, number: int) -> ArticleClaims:
        """One article with its claims; its text is empty if it was stored without.

        Raises:
            StoreError: there is none of this number.

        """
        with asking(str(self.path)):
            stored = reading.article(self._connection, number)
        if stored is None:
            raise StoreError(str(self.path), f"no article has the number {number}")
        return stored

    def people(self, asked: Filter | None = None, *, limit: int | None = None) -> list[Person]:
        """Speakers with their counts over the claims that fit, the most quoted first; nobody for unknown ones."""
        with asking(str(self.path)):
            return tallies.people(self._connection, self._selected(asked), limit=limit)

    def outlets(self) -> list[str]:
        """Outlets by name."""
        with asking(str(self.path)):
            return tallies.outlets(self._connection)

    def quote(
        self, words: str, *, asked: Filter | None = None, min_score: float = 0.5, limit: int | None = 100
    ) -> list[QuoteMatch]:
        """Claims that carry a quotation, also altered or in part, the nearest first.

        Raises:
            QuestionError: there are no words in it.

        """
        with asking(str(self.path)):
            selected = self._selected(asked)
            return quoting.matches(self._connection, words, selected, self._stemmer, min_score=min_score, limit=limit)

    def timeline(self, asked: Filter, *, by: Period = "day") -> list[TimelinePoint]:
        """How much was said when, of the claims that fit; articles without a date are left out."""
        with asking(str(self.path)):
            return tallies.timeline(self._connection, self._selected(asked), by)

    def variants(self, asked: Filter | None = None, *, limit: int | None = 20) -> list[VariantGroup]:
        """Quotations that stand in several wordings in several outlets, the most carried first."""
        with asking(str(self.path)):
            return quoting.variants(self._connection, self._selected(asked), limit=limit)

    def sql(self, question: str, parameters: Sequence[Any] = ()) -> Table:
        """The answer to a question in SQL over the tables and views; no file can be read or written by it.

        Raises:
            QuestionError: the question is wrong, would change something or read a file.
            StoreError: the store is not open for reading only.

        """
        if not self.read_only:
            raise StoreError(str(self.path), "questions in SQL need a store opened with read_only=True")
        with asking("SQL", raising=QuestionError):
            self._connection.execute("SET enable_external_access = false")
            answer = self._connection.execute(question, list(parameters))
            columns = tuple(column[0] for column in answer.description or ())
            rows = answer.fetchall()
        return Table(columns=columns, rows=tuple(rows))

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows of a statement of this package, without the bounds of ``sql``.

        Raises:
            StoreError: it fails.

        """
        with asking(str(self.path)):
            rows: list[tuple[Any, ...]] = self._connection.execute(statement).fetchall()
        return rows

    def info(self) -> Info:
        """What is in the store."""
        with asking(str(self.path)):
            version = migrations.version_of(self._connection, str(self.path))
            return tallies.info(self._connection, self.path, version)
