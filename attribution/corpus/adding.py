"""Files into a store: articles are extracted and stored, files of claims are stored as they are.

The store is open only while a batch is written or looked up in, not while articles are read, so that others can ask it,
and add to it, in between. Every batch is looked up again when it is written: what another process has stored meanwhile is
passed over.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from attribution.articles.compression import inner_name
from attribution.articles.read import read_all
from attribution.articles.registry import BY_SUFFIX
from attribution.articles.rows import Fields
from attribution.claims import Article, ArticleClaims
from attribution.corpus.answers import Added
from attribution.corpus.loading import holds_claims, load
from attribution.corpus.store import Store
from attribution.errors import InputError

_AHEAD = 32
_LOADED, _EXTRACTED = 500, 50


@dataclass(frozen=True, slots=True)
class Reading:
    """How inputs are read; see ``attribution.extract_many``."""

    workers: int = 1
    model: Path | None = None
    fields: Fields | None = None
    fetch: bool = False
    any_language: bool = False


def add_inputs(
    path: str | Path, inputs: Iterable[str | Path], *, reading: Reading | None = None, batch: int | None = None,
    seconds: float = 15.0, wait: float = 30.0,
) -> Iterator[Added | InputError]:  # fmt: skip
    """Add articles and files of claims to a store, and tell after each batch what it did; errors come as they are met.

    What was told is stored. If the process ends before the end, the same call goes on where it stopped.

    Args:
        path: the store's file; made if it is missing.
        inputs: files of all formats that are read, folders, globs, "-", URLs; files of ``extract --format jsonl`` or
            ``parquet`` are stored without being extracted again.
        reading: how articles are read and extracted.
        batch: articles a transaction; by default 50 that are extracted, 500 that are loaded.
        seconds: a batch is also written when it is this old.
        wait: seconds to wait for another process that has the store open.

    Raises:
        StoreError: the store cannot be opened or written.
        MissingExtraError: duckdb is not installed.

    """
    with Store.open(path, wait=wait):  # a store that cannot be written is found out before any work
        pass
    for given in inputs:
        loaded, articles = _parted(given)
        for file in loaded:
            yield from _stored(path, load(file), batch or _LOADED, seconds, wait)
        if articles:
            passed = _Passed()
            found = _extracted(path, articles, reading or Reading(), passed, wait)
            for each in _stored(path, found, batch or _EXTRACTED, seconds, wait):
                yield each + passed.taken() if isinstance(each, Added) else each
            yield passed.taken()


class _Passed:
    """How many articles were passed over before they were extracted."""

    def __init__(self) -> None:
        self.known = 0

    def taken(self) -> Added:
        known, self.known = self.known, 0
        return Added(known=known)


def _parted(given: str | Path) -> tuple[list[Path], list[str | Path]]:
    """The files of claims that an input means, and the inputs to extract."""
    path = Path(given)
    if path.is_file():
        return ([path], []) if holds_claims(path) else ([], [given])
    if not path.is_dir():
        return [], [given]
    files = sorted(p for p in path.rglob("*") if p.is_file() and Path(inner_name(p.name)).suffix.lower() in BY_SUFFIX)
    loaded = [p for p in files if holds_claims(p)]
    return loaded, [p for p in files if p not in set(loaded)] if loaded else [given]


def _extracted(
    path: str | Path, inputs: Iterable[str | Path], reading: Reading, passed: _Passed, wait: float
) -> Iterator[ArticleClaims | InputError]:
    from attribution.extraction import extract_many  # spaCy and the model: not for files of claims

    errors: list[InputError] = []
    new = _new(path, inputs, reading, errors, passed, wait)
    for found in extract_many(
        new, workers=reading.workers, model=reading.model, any_language=True, on_error="yield"
    ):  # fmt: skip
        while errors:
            yield errors.pop(0)
        yield found
    yield from errors


def _new(
    path: str | Path,
    inputs: Iterable[str | Path],
    reading: Reading,
    errors: list[InputError],
    passed: _Passed,
    wait: float,
) -> Iterator[Article]:
    """Articles that the store does not have; the errors of others are put into ``errors``."""
    read = read_all(inputs, fields=reading.fields, fetch=reading.fetch, any_language=reading.any_language)
    while some := list(islice(read, _AHEAD)):
        errors.extend(each for each in some if isinstance(each, InputError))
        articles = [each for each in some if isinstance(each, Article)]
        with Store.open(path, read_only=True, wait=wait) as store:
            known = store.has(articles)
        passed.known += sum(known)
        yield from (article for article, there in zip(articles, known, strict=True) if not there)


def _stored(
    path: str | Path, found: Iterable[ArticleClaims | InputError], batch: int, seconds: float, wait: float
) -> Iterator[Added | InputError]:
    waiting: list[ArticleClaims] = []
    since = time.monotonic()
    for each in found:
        if isinstance(each, InputError):
            yield each
            continue
        waiting.append(each)
        if len(waiting) >= batch or time.monotonic() - since > seconds:
            yield _written(path, waiting, wait)
            waiting, since = [], time.monotonic()
    if waiting:
        yield _written(path, waiting, wait)


def _written(path: str | Path, found: list[ArticleClaims], wait: float) -> Added:
    with Store.open(path, wait=wait) as store:
        return store.add(found, batch=len(found))
