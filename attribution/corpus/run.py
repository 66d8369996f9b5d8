"""A run: a corpus into a folder of claims, to the end, whatever happens on the way.

The folder holds ``claims/`` (a file a shard), ``shards/`` (a sidecar a shard), ``failures.jsonl``, ``summary.json``, and
``run.json`` (how it is cut); ``work/`` is there while the run is. A shard is done when its sidecar is there and was made with the same fingerprint;
running again does the others.
"""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from attribution.claims import Model
from attribution.corpus.files import locked, whole
from attribution.corpus.job import Job
from attribution.corpus.local import run_local
from attribution.corpus.ray_engine import run_ray
from attribution.corpus.shard import Shard, Sidecar, plan
from attribution.corpus.supervision import Report
from attribution.errors import InputError, MissingExtraError, OutputError, RunError

Engine = Literal["local", "ray"]
SHARD_ARTICLES = 500
_AGAIN = frozenset(["time", "crash", "error"])


class FailedInput(Model):
    """An input that could not be cut into shards, and why."""

    where: str
    reason: str


class Summary(Model):
    """What a run came to; counts are of all its shards, also of those that were done before.

    ``failures`` counts articles by kind, see ``shard.Failure``; those in another language are among them, but are not
    held against the run. ``seconds`` is the wall time of this run, ``bytes`` the size of all claims.
    """

    shards: int
    shards_done_before: int
    shards_removed: int
    articles: int
    words: int
    claims: int
    bytes: int
    failures: dict[str, int]
    failed_inputs: tuple[FailedInput, ...]
    restarts: int
    seconds: float
    engine: Engine
    workers: int
    fingerprint: dict[str, str]

    @property
    def failed(self) -> int:
        """Articles and inputs that failed; not those that are in another language."""
        return sum(n for kind, n in self.failures.items() if kind != "language") + len(self.failed_inputs)


@dataclass(slots=True)
class Progress:
    """Where a run stands, for whoever shows it; written to by several threads."""

    shards: int = 0
    shards_done: int = 0
    records: int = 0
    records_before: int = 0
    articles: int = 0
    claims: int = 0
    words: int = 0
    failures: int = 0
    started: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, counts: dict[str, int]) -> None:
        """Count an article, or several."""
        with self._lock:
            for name in ("articles", "claims", "words", "failures"):
                setattr(self, name, getattr(self, name) + counts.get(name, 0))

    @property
    def rate(self) -> float:
        """Articles a second since the start."""
        return (self.articles + self.failures) / max(time.monotonic() - self.started, 1e-3)

    @property
    def seconds_left(self) -> float | None:
        """Estimated; None while there is nothing to estimate from."""
        left = self.records - self.records_before - self.articles - self.failures
        return max(left, 0) / self.rate if self.articles else None


Show = Callable[[Progress], None]


def run_corpus(
    inputs: Iterable[str | Path],
    job: Job,
    *,
    workers: int = 1,
    engine: Engine = "local",
    shard_articles: int = SHARD_ARTICLES,
    retry_failed: bool = False,
    show: Show | None = None,
) -> Summary:
    """Extract the claims of a corpus into a folder; do what is missing there, and only that.

    Args:
        inputs: files, folders and globs of all kinds that are read.
        job: the folder and the settings.
        workers: worker processes, a thread each.
        engine: "local" for this machine, "ray" for a Ray cluster.
        shard_articles: articles of a shard; what a kill may cost is less than one article, what a lost disk may cost is
            what was not copied.
        retry_failed: do those shards again in which articles took too long, crashed or failed inside.
        show: called now and then, in the thread of the caller.

    Raises:
        OutputError: another run is writing there, or it cannot be written.
        RunError: the run cannot go on (no room, no model); what is done is kept.
        ValueError: an argument has a value that is not allowed.
        MissingExtraError: the engine or the format needs a package that is not installed.
        ModelError: the model is missing.
        InputError: the list of people cannot be read.

    """
    if workers < 1 or shard_articles < 1:
        raise ValueError(f"workers is {workers}, shard_articles {shard_articles}; both take 1 or more")
    _check(job)
    progress = Progress()
    with locked(job.out), _told_where(job.out):
        _prepare(job, shard_articles)
        shards, failed = _planned(inputs, job, shard_articles)
        removed = _remove_stale(shards, job)
        todo = [s for s in shards if not _is_done(s, job, retry_failed=retry_failed)]
        progress.shards, progress.shards_done = len(shards), len(shards) - len(todo)
        progress.records = sum(s.records for s in shards)
        progress.records_before = progress.records - sum(s.records for s in todo)
        progress.started = time.monotonic()
        _work(todo, job, progress, workers=workers, engine=engine, show=show or (lambda _: None))
        seconds = time.monotonic() - progress.started
        shutil.rmtree(job.work_folder, ignore_errors=True)
        return _conclude(
            shards, job, failed=failed, done_before=len(shards) - len(todo), removed=removed, engine=engine,
            workers=workers, seconds=seconds,
        )  # fmt: skip


@contextmanager
def _told_where(folder: Path) -> Iterator[None]:
    """Errors of the system become ours, with the folder."""
    try:
        yield
    except OSError as error:
        raise OutputError(str(folder), f"cannot be written: {error.strerror or error}") from error


def _check(job: Job) -> None:
    """Raise what would stop every worker, before any starts."""
    _ = job.fingerprint, job.listed
    if job.format == "parquet":
        try:
            import pyarrow.parquet  # noqa: F401
        except ImportError as error:
            raise MissingExtraError("parquet", "the format parquet") from error


def _prepare(job: Job, shard_articles: int) -> None:
    """Make the folders, and take away what a killed run left half written."""
    note = job.out / "run.json"
    before = json.loads(note.read_bytes())["shard_articles"] if note.exists() else shard_articles
    if before != shard_articles:
        reason = f"its shards hold {before} articles, not {shard_articles}: say --shard-articles {before}, or name another folder"
        raise OutputError(str(job.out), reason)
    for folder in (job.claims_folder, job.sidecar_folder, job.work_folder):
        folder.mkdir(exist_ok=True)
    for folder in (job.out, job.claims_folder, job.sidecar_folder):
        for partial in folder.glob(".*.partial"):
            partial.unlink()
    if not note.exists():
        with whole(note) as file:
            file.write(json.dumps({"shard_articles": shard_articles}).encode() + b"\n")


def _planned(inputs: Iterable[str | Path], job: Job, records: int) -> tuple[list[Shard], tuple[FailedInput, ...]]:
    shards, failed = [], []
    for found in plan(inputs, job.fields, records=records):
        if isinstance(found, InputError):
            failed.append(FailedInput(where=found.where, reason=found.reason))
        else:
            shards.append(found)
    return shards, tuple(failed)


def _remove_stale(shards: Sequence[Shard], job: Job) -> int:
    """Remove what was found of files of this run as they were before; what is of other inputs stays."""
    paths = {path for shard in shards for path in shard.paths}
    ids = {shard.id for shard in shards}
    removed = 0
    for path in sorted(job.sidecar_folder.glob("*.json")):
        if path.stem in ids:
            continue
        sidecar = _sidecar(path)
        if sidecar is None or paths.isdisjoint(sidecar.shard.paths):
            continue
        path.unlink()
        (job.claims_folder / sidecar.output.file).unlink(missing_ok=True)
        removed += 1
    return removed


def _is_done(shard: Shard, job: Job, *, retry_failed: bool) -> bool:
    path = job.sidecar_folder / f"{shard.id}.json"
    sidecar = _sidecar(path)
    if sidecar is None:
        return False
    output = job.claims_folder / sidecar.output.file
    again = retry_failed and any(failure.kind in _AGAIN for failure in sidecar.failures)
    same = sidecar.fingerprint == job.fingerprint and not again
    if same and output.is_file() and output.stat().st_size == sidecar.output.bytes:
        return True
    path.unlink()  # before its claims are written anew, which may be in another format
    if output.name != f"{shard.id}.{job.format}":
        output.unlink(missing_ok=True)
    return False


def _sidecar(path: Path) -> Sidecar | None:
    """A sidecar; None if there is none, or one that this version cannot read, which is as good as none."""
    try:
        return Sidecar.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def _work(todo: Sequence[Shard], job: Job, progress: Progress, *, workers: int, engine: Engine, show: Show) -> None:
    if not todo:
        return
    with closing(_results(todo, job, workers, engine, progress.add)) as results:
        for sidecar in results:
            if sidecar is not None:
                progress.shards_done += 1
                if engine == "ray":  # its actors are in other processes, and tell at the end of each shard
                    progress.add({name: getattr(sidecar, name) for name in ("articles", "words", "claims")})
                    progress.add({"failures": len(sidecar.failures)})
            show(progress)


def _results(
    todo: Sequence[Shard], job: Job, workers: int, engine: Engine, report: Report
) -> Generator[Sidecar | None]:
    if engine == "ray":
        yield from run_ray(todo, job, workers=workers)
    else:
        yield from run_local(todo, job, workers=workers, report=report)


def _conclude(
    shards: Sequence[Shard], job: Job, *, failed: tuple[FailedInput, ...], done_before: int, removed: int,
    engine: Engine, workers: int, seconds: float,
) -> Summary:  # fmt: skip
    """Gather the sidecars into ``failures.jsonl`` and ``summary.json``."""
    counts: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    with whole(job.out / "failures.jsonl") as file:
        for shard in shards:
            sidecar = _sidecar(job.sidecar_folder / f"{shard.id}.json")
            if sidecar is None:
                raise RunError(f"{job.sidecar_folder / shard.id}.json: gone while the run was on: run again")
            counts.update(
                articles=sidecar.articles, words=sidecar.words, claims=sidecar.claims, bytes=sidecar.output.bytes,
                restarts=sidecar.restarts,
            )  # fmt: skip
            for failure in sidecar.failures:
                kinds[failure.kind] += 1
                file.write(failure.model_dump_json().encode() + b"\n")
        for given in failed:
            file.write(given.model_dump_json().encode() + b"\n")
    totals = {name: counts[name] for name in ("articles", "words", "claims", "bytes", "restarts")}
    summary = Summary(
        shards=len(shards), shards_done_before=done_before, shards_removed=removed, failures=dict(kinds),
        failed_inputs=failed, seconds=round(seconds, 3), engine=engine, workers=workers,
        fingerprint=job.fingerprint, **totals,
    )  # fmt: skip
    with whole(job.out / "summary.json") as out:
        out.write(summary.model_dump_json(indent=1).encode() + b"\n")
    return summary
