"""``attribution run``: a corpus into a folder of claims, to the end."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from attribution.cli.exits import NOTHING_USABLE, SOME_FAILED

if TYPE_CHECKING:
    from attribution.corpus.run import Progress, Summary

INTERRUPTED = 130
_ON_A_TERMINAL, _ELSEWHERE = 0.25, 60.0  # seconds between lines of progress


class Engine(StrEnum):
    """Where the work is done."""

    local = "local"
    ray = "ray"


class RunFormat(StrEnum):
    """Formats of the files of claims."""

    parquet = "parquet"
    jsonl = "jsonl"


def run(
    inputs: Annotated[list[str], typer.Argument(metavar="FILE… | DIRECTORY | GLOB", help="Articles in files of all kinds that are read; JSONL, CSV, Parquet and WARC are cut into shards.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", help="The folder of results; if it holds some, the run does what is missing.", show_default=False)],
    workers: Annotated[int, typer.Option("--workers", min=1, help="Worker processes, one thread each.")] = 1,
    engine: Annotated[Engine, typer.Option("--engine", help="This machine, or the Ray cluster that is configured.")] = Engine.local,
    format_: Annotated[RunFormat, typer.Option("--format", "-f", help="Parquet, a claim a row; or JSONL, an article a line.")] = RunFormat.parquet,
    timeout: Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds that one article may take; then it is a failure.")] = 120.0,
    max_chars: Annotated[int, typer.Option("--max-chars", min=1, help="Characters that one article may have.")] = 200_000,
    shard_articles: Annotated[int, typer.Option("--shard-articles", min=1, help="Articles of a shard.")] = 500,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Do those shards again in which articles took too long, crashed or failed inside.")] = False,
    people: Annotated[Path | None, typer.Option("--people", help="Your list of people (CSV or JSONL: id, name, aliases, role); speakers take its ids and names. With another list the run does everything anew.", show_default=False)] = None,
    field: Annotated[str, typer.Option("--field", help="JSONL, CSV, TSV, Parquet: the field that holds the text; dots go into records within records.")] = "text",
    id_field: Annotated[str, typer.Option("--id-field", help="The same: the field that holds the article's id.")] = "id",
    any_language: Annotated[bool, typer.Option("--any-language", help="Read articles, too, that are not in English; they are skipped otherwise.")] = False,
    model: Annotated[Path | None, typer.Option("--model", help="A model folder instead of the shipped one.", show_default=False)] = None,
) -> None:  # fmt: skip
    """Extract the claims of many files into a folder, to the end, whatever happens on the way.

    What is finished is whole and is never done again; an article that hangs or crashes costs itself alone. Killed at any
    moment, the same command goes on. Exit codes: 0 all well, 1 unexpected error, 2 wrong usage, 3 some articles failed,
    4 nothing usable, 130 interrupted.
    """
    from attribution.corpus.job import Job
    from attribution.corpus.run import run_corpus

    job = Job(
        out=out, format=format_.value, text_field=field, id_field=id_field, any_language=any_language,
        max_chars=max_chars, timeout=timeout, model=model, people=people,
    )  # fmt: skip
    shown = Shown()
    try:
        with _ended_by_sigterm():
            summary = run_corpus(
                inputs, job, workers=workers, engine=engine.value, shard_articles=shard_articles,
                retry_failed=retry_failed, show=shown,
            )  # fmt: skip
    except KeyboardInterrupt:
        shown.clear()
        typer.echo(f"attribution: interrupted; what is done stays in {out}, the same command goes on", err=True)
        raise typer.Exit(INTERRUPTED) from None
    finally:
        shown.clear()
    _tell(summary, out)
    if summary.failed or not summary.articles:
        raise typer.Exit(SOME_FAILED if summary.articles else NOTHING_USABLE)


class Shown:
    """Progress on stderr: one line that changes on a terminal, a line a minute elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._last = time.monotonic()
        self._line = False

    def __call__(self, progress: Progress) -> None:
        """Show where the run stands, if it is time to."""
        now = time.monotonic()
        if now - self._last < (_ON_A_TERMINAL if self._terminal else _ELSEWHERE):
            return
        self._last = now
        line = line_of(progress)
        sys.stderr.write(f"\r\x1b[K{line}" if self._terminal else f"{line}\n")
        sys.stderr.flush()
        self._line = self._terminal

    def clear(self) -> None:
        """Take the line away."""
        if self._line:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._line = False


def line_of(progress: Progress) -> str:
    """One line: shards, articles, failures, rate, time left."""
    failures = f", {progress.failures:,} failed or skipped" if progress.failures else ""
    left = progress.seconds_left
    until = f", {duration(left)} left" if left is not None else ""
    return (
        f"{progress.shards_done:,} of {progress.shards:,} shards, {progress.articles:,} articles, "
        f"{progress.claims:,} claims{failures}, {progress.rate:.1f} articles a second{until}"
    )


def duration(seconds: float) -> str:
    """Seconds in words: 4210 → "1 h 10 min"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours:,} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """A scheduler's SIGTERM ends a run as Ctrl-C does."""

    def interrupt(signum: int, frame: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _tell(summary: Summary, out: Path) -> None:
    for failed in summary.failed_inputs:
        typer.echo(f"attribution: {failed.where}: {failed.reason}", err=True)
    skipped = summary.failures.get("language", 0)
    if skipped:
        typer.echo(f"attribution: {skipped:,} skipped, not in English (--any-language reads them)", err=True)
    if summary.failed:
        kinds = ", ".join(f"{n:,} {kind}" for kind, n in sorted(summary.failures.items()) if kind != "language")
        inputs = f"{len(summary.failed_inputs):,} inputs" if summary.failed_inputs else ""
        typer.echo(
            f"attribution: failed: {', '.join(filter(None, (kinds, inputs)))}; see {out / 'failures.jsonl'}", err=True
        )
    before = f", {summary.shards_done_before:,} of them done before" if summary.shards_done_before else ""
    counts = [(summary.claims, "claim"), (summary.articles, "article"), (summary.shards, "shard")]
    claims, articles, shards = (f"{n:,} {word}{'' if n == 1 else 's'}" for n, word in counts)
    typer.echo(f"{claims} in {articles}, {shards}{before}: {out / 'claims'}", err=True)
