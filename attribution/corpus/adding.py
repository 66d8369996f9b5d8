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

from attribution import __version__
from attribution.articles.compression import inner_name
from attribution.articles.read import read_all
from attribution.articles.registry import BY_SUFFIX
from attribution.articles.rows import Fields
from attribution.claims import Article, ArticleClaims
from attribution.corpus.answers import Added
from attribution.corpus.job import model_digest
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


def maker(model: Path | None = None) -> str:
    """With what claims are found, as the store keeps it: this package's version and the digest of the model's files.

    Raises:
        ModelError: a file of the model is missing.

    """
    return f"{__version__} {model_digest(model)}"


def add_inputs(
    path: str | Path, inputs: Iterable[str | Path], *, reading: Reading | None = None, batch: int | None = None,
    seconds: float = 15.0, wait: float = 30.0, again: bool = False,
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
        again: read stored articles anew if their claims were found with another model or version, and replace these;
            claims of files replace those that are stored.

    Raises:
        StoreError: the store cannot be opened or written.
        ModelError: the model is missing.
        MissingExtraError: duckdb is not installed.

    """
    with Store.open(path, wait=wait):  # a store that cannot be written is found out before any work
        pass
    for given in inputs:
        loaded, articles = _parted(given)
        for file in loaded:
            to = _Target(path, None, again, batch or _LOADED, seconds, wait)
            yield from _stored(load(file), to)
        if articles:
            passed, how = _Passed(), reading or Reading()
            to = _Target(path, maker(how.model), again, batch or _EXTRACTED, seconds, wait)
            for each in _stored(_extracted(articles, how, passed, to), to):
                yield each + passed.taken() if isinstance(each, Added) else each
            yield passed.taken()


@dataclass(frozen=True, slots=True)
class _Target:
    """Where claims go and how: see ``add_inputs``."""

    path: str | Path
    made_by: str | None
    again: bool
    batch: int
    seconds: float
    wait: float


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
    inputs: Iterable[str | Path], reading: Reading, passed: _Passed, to: _Target
) -> Iterator[ArticleClaims | InputError]:
    from attribution.extraction import extract_many  # spaCy and the model: not for files of claims

    errors: list[InputError] = []
    new = _new(inputs, reading, errors, passed, to)
    for found in extract_many(
        new, workers=reading.workers, model=reading.model, any_language=True, on_error="yield"
    ):  # fmt: skip
        while errors:
            yield errors.pop(0)
        yield found
    yield from errors


def _new(
    inputs: Iterable[str | Path], reading: Reading, errors: list[InputError], passed: _Passed, to: _Target
) -> Iterator[Article]:
    """Articles that the store does not have, or not as they are read now; errors of others are put into ``errors``."""
    read = read_all(inputs, fields=reading.fields, fetch=reading.fetch, any_language=reading.any_language)
    while some := list(islice(read, _AHEAD)):
        errors.extend(each for each in some if isinstance(each, InputError))
        articles = [each for each in some if isinstance(each, Article)]
        with Store.open(to.path, read_only=True, wait=to.wait) as store:
            known = store.has(articles, made_by=to.made_by if to.again else None)
        passed.known += sum(known)
        yield from (article for article, there in zip(articles, known, strict=True) if not there)


def _stored(found: Iterable[ArticleClaims | InputError], to: _Target) -> Iterator[Added | InputError]:
    waiting: list[ArticleClaims] = []
    since = time.monotonic()
    for each in found:
        if isinstance(each, InputError):
            yield each
            continue
        waiting.append(each)
        if len(waiting) >= to.batch or time.monotonic() - since > to.seconds:
            yield _written(waiting, to)
            waiting, since = [], time.monotonic()
    if waiting:
        yield _written(waiting, to)


def _written(found: list[ArticleClaims], to: _Target) -> Added:
    with Store.open(to.path, wait=to.wait) as store:
        return store.add(found, batch=len(found), again=to.again, made_by=to.made_by)
