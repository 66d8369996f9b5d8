"""The store: articles and their claims in one DuckDB file, added in transactions and asked in many ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from attribution.claims import ArticleClaims
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

if TYPE_CHECKING:
    import duckdb


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
        raise NotImplementedError

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the store; another process can open it then."""
        self._connection.close()

    def add(self, found: Iterable[ArticleClaims], *, batch: int = 200) -> Added:
        """Store articles with their claims, ``batch`` articles a transaction.

        An article whose text is stored already is passed over; another text of a known article becomes its new version.
        """
        raise NotImplementedError

    def claims(self, asked: Filter | None = None, *, limit: int | None = None, offset: int = 0) -> Iterator[StoredClaim]:
        """Claims that fit, as rows, in the order in which their articles were added."""
        raise NotImplementedError

    def count(self, asked: Filter | None = None) -> int:
        """How many claims fit."""
        raise NotImplementedError

    def found(self, asked: Filter | None = None, *, limit: int | None = None) -> Iterator[ArticleClaims]:
        """Articles with those of their claims that fit, as ``extract_many`` gave them: for all formats."""
        raise NotImplementedError

    def article(self, number: int) -> ArticleClaims:
        """One article with its claims; its text is empty if it was stored without.

        Raises:
            StoreError: there is none of this number.

        """
        raise NotImplementedError

    def people(self, asked: Filter | None = None, *, limit: int | None = None) -> Iterator[Person]:
        """Speakers with their counts over the claims that fit, the most quoted first."""
        raise NotImplementedError

    def outlets(self) -> list[str]:
        """Outlets by name."""
        raise NotImplementedError

    def quote(self, words: str, *, min_score: float = 0.5, limit: int | None = 100) -> list[QuoteMatch]:
        """Claims that carry a quotation, also altered or in part, the nearest first."""
        raise NotImplementedError

    def timeline(self, asked: Filter, *, by: Period = "day") -> list[TimelinePoint]:
        """How much was said when, of the claims that fit; articles without a date are left out."""
        raise NotImplementedError

    def variants(self, asked: Filter | None = None, *, limit: int | None = 20) -> list[VariantGroup]:
        """Quotations that stand in several wordings in several outlets, the most carried first."""
        raise NotImplementedError

    def sql(self, question: str, parameters: Sequence[Any] = (), *, limit: int | None = None) -> Table:
        """The answer to a question in SQL over the tables and views; nothing can be changed and no file be read by it.

        Raises:
            StoreError: the question is wrong, or would change something.

        """
        raise NotImplementedError

    def info(self) -> Info:
        """What is in the store."""
        raise NotImplementedError
