"""Shards: the unit of work and of resume. How a corpus is cut into them, and what is kept of each; knows no engine.

A shard's id is a hash of its path, its place in the file and its bytes, so that the same corpus is cut into the same
shards wherever and whenever; what has changed, and only that, has new ids.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field

from attribution.articles.fetch import is_url
from attribution.articles.parts import Part, file_digest, holds_many, parts, read_part
from attribution.articles.read import STDIN, as_input_error, expand, read_all
from attribution.articles.rows import Fields
from attribution.claims import Article, Model
from attribution.errors import InputError, MissingExtraError

FailureKind = Literal["input", "language", "size", "time", "crash", "error"]


class Shard(Model):
    """A part of one file of many articles, or a few files of one article each.

    ``part`` is None for the latter. ``records`` is how many articles there are at most.
    """

    id: str
    paths: tuple[str, ...] = Field(min_length=1)
    part: Part | None = None
    records: int


class Failure(Model):
    """An article that gave no claims, and why.

    ``kind``: "input" it cannot be read, "language" it is not in English, "size" it is too long, "time" it took too long,
    "crash" the process died of it, "error" the pipeline failed. ``number`` counts as ``Part`` does, or the files of a
    shard from 1.
    """

    where: str
    number: int
    kind: FailureKind
    reason: str


class Output(Model):
    """The file that holds a shard's claims: its name in the folder of claims, size, and SHA-256."""

    file: str
    bytes: int
    sha256: str


class Sidecar(Model):
    """What is kept of a finished shard beside its claims; a shard without it is not done.

    ``fingerprint`` tells what it was made with. ``words`` are those of the articles that were read. ``seconds`` is the
    wall time of the articles, ``restarts`` how often its process had to be started again.
    """

    shard: Shard
    fingerprint: dict[str, str]
    output: Output
    articles: int
    words: int
    claims: int
    failures: tuple[Failure, ...] = ()
    seconds: float = 0.0
    restarts: int = 0


def plan(inputs: Iterable[str | Path], fields: Fields, *, records: int) -> Iterator[Shard | InputError]:
    """Cut files, folders and globs into shards, in order; what cannot be read is an error in its place.

    Files of many articles are cut into parts of ``records`` articles. Files of one article are taken together, ``records``
    on average; where a group of them ends is decided by their names alone, so that a new file changes its own group and
    no other.
    """
    seen: set[str] = set()
    for given in inputs:
        group: list[str] = []
        for found in _files(given):
            if isinstance(found, InputError):
                yield found
                continue
            path = str(found)
            if path in seen:
                continue
            seen.add(path)
            try:
                if holds_many(found):
                    yield from (_shard((path,), part) for part in parts(found, fields, records=records))
                    continue
                group.append(path)
                if _ends_group(path, records):
                    yield _of_files(group)
                    group = []
            except (InputError, MissingExtraError, OSError) as error:
                yield as_input_error(path, error)
        if group:
            yield _of_files(group)


def read_shard(
    shard: Shard, fields: Fields, *, wanted: Callable[[int], bool], any_language: bool
) -> Iterator[Article | InputError]:
    """The articles of a shard, in order, errors in their place; ``wanted`` is asked with each number before."""
    if shard.part is not None:
        yield from read_part(Path(shard.paths[0]), shard.part, fields, wanted=wanted, any_language=any_language)
        return
    for number, path in enumerate(shard.paths, 1):
        if wanted(number):
            yield from read_all([path], fields=fields, any_language=any_language)


def place(shard: Shard, number: int) -> str:
    """Where an article stands that was not read, for messages."""
    return shard.paths[number - 1] if shard.part is None else f"{shard.paths[0]}:{number}"


def _files(given: str | Path) -> Iterator[Path | InputError]:
    text = str(given)
    if text == STDIN or is_url(text):
        yield InputError(text, "a run can be taken up again, so it reads files: save it as one")
        return
    try:
        yield from (Path(str(found)) for found in expand(text))
    except InputError as error:
        yield error


def _ends_group(path: str, records: int) -> bool:
    return int.from_bytes(hashlib.sha256(path.encode("utf-8", "surrogateescape")).digest()[:8]) % records == 0


def _of_files(paths: list[str]) -> Shard:
    sha256 = hashlib.sha256()
    for path in paths:
        sha256.update(_digest(path).encode())
    return _shard(tuple(paths), None, sha256.hexdigest())


def _digest(path: str) -> str:
    try:
        return file_digest(Path(path))
    except OSError:
        return "cannot be read"  # the shard's reader says so, in the article's place


def _shard(paths: tuple[str, ...], part: Part | None, digest: str = "") -> Shard:
    parts_of_id = [*paths, part.model_dump_json() if part else "", digest]
    id_ = hashlib.sha256("\0".join(parts_of_id).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    return Shard(id=id_, paths=paths, part=part, records=part.records if part else len(paths))
