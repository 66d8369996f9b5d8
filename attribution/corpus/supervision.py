"""A worker process under supervision: the article that hangs or crashes it costs itself alone.

The worker says before each article which one it is. If an article takes longer than its time, the process is killed,
started again, and told to pass it over. If the process dies, the article that it was at is tried once more in a new one,
since the death may have had nothing to do with it (the system was short of memory, somebody killed the wrong process);
if it dies there again, it is passed over, too. What was found before stands in the shard's journal.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import attribution
from attribution.corpus.job import Job
from attribution.corpus.shard import Failure, FailureKind, Shard, Sidecar, place
from attribution.errors import RunError

Report = Callable[[dict[str, int]], None]
"""Told after every article: how many articles, words, claims and failures it was."""

_DEATHS = 2
"""So often a process may die at the same article until the article is passed over."""

_DEATHS_BETWEEN = 3
"""So often in a row it may die between articles until the rest of the shard is passed over."""

_BETWEEN = 20
"""How many times the time of an article may pass between articles: loading the model, unpacking what lies before."""

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS", "BLIS_NUM_THREADS")


class Stopped(Exception):  # noqa: N818 - no error: somebody asked for it
    """The run was asked to stop."""


class Supervised:
    """One worker process; started on first use, and again whenever it had to be killed."""

    def __init__(self, job: Job, *, report: Report, stop: threading.Event | None = None) -> None:
        """Args:
        job: what to do.
        report: told of every article.
        stop: when set, ``run`` kills the process and raises ``Stopped``.
        """
        self._job = job
        self._report = report
        self._stop = stop or threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self._messages: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()

    def run(self, shard: Shard) -> Sidecar:
        """Work through a shard.

        Raises:
            RunError: results cannot be written, the model is missing, or the process cannot be kept alive.
            Stopped: ``stop`` was set.

        """
        order = _Order(shard)
        while True:
            end = self._attempt(order)
            if isinstance(end, Sidecar):
                return end
            self.close()
            order.learn(end, self._job.timeout)

    def close(self) -> None:
        """End the process at once; what it has found stands in the journal."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        if process.stdin is not None:
            with suppress(OSError):  # what was still to be written has no reader any more
                process.stdin.close()
        process.wait()
        self._listener.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _attempt(self, order: _Order) -> Sidecar | _End:
        if self._process is None:
            self._start()
        self._tell(order.message())
        number: int | None = None
        progressed = False
        since = time.monotonic()
        while True:
            limit = self._job.timeout * (1 if number is not None else _BETWEEN)
            message = self._next(since + limit)
            if message is None:
                return _End(number, self._how(), progressed=progressed)
            since = time.monotonic()
            if "hung" in message:
                return _End(
                    number, f"did nothing for {limit:g} seconds", hung=number is not None, progressed=progressed
                )
            if "at" in message:
                number = message["at"]
            elif "read" in message:
                number, progressed = None, True
                self._report(message["read"])
            elif "resumed" in message and not order.attempts:
                self._report(message["resumed"])
            elif "done" in message:
                return Sidecar.model_validate(message["done"])
            elif "failed" in message:
                self.close()
                raise RunError(f"{message.get('where') or self._job.out}: {message['failed']}")

    def _start(self) -> None:
        command = [sys.executable, "-P", "-m", "attribution.corpus.worker"]
        home = str(Path(attribution.__file__).resolve().parent.parent)
        paths = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
        environment = {**os.environ, **dict.fromkeys(_THREADS, "1"), "TOKENIZERS_PARALLELISM": "false"}
        self._messages = queue.SimpleQueue()
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
            env=environment | {"PYTHONPATH": paths},
        )  # fmt: skip
        self._listener = threading.Thread(target=_listen, args=(self._process.stdout, self._messages), daemon=True)
        self._listener.start()
        self._tell({"job": self._job.model_dump(mode="json")})

    def _tell(self, order: dict[str, Any]) -> None:
        if self._process is None or self._process.stdin is None:
            raise RuntimeError("the worker process is not running")
        with suppress(OSError):  # it has died; the end of its messages says so
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()

    def _next(self, deadline: float) -> dict[str, Any] | None:
        """The next message; None if the process has died, {"hung"} if the deadline has passed."""
        while True:
            if self._stop.is_set():
                self.close()
                raise Stopped
            left = deadline - time.monotonic()
            try:
                return self._messages.get(timeout=max(min(0.25, left), 0.001))
            except queue.Empty:
                if left <= 0:
                    return {"hung": True}

    def _how(self) -> str:
        code = self._process.wait() if self._process else 0
        if code < 0:
            return f"was killed by {signal.Signals(-code).name}"
        return f"ended with code {code}"


@dataclass(slots=True)
class _End:
    """How an attempt ended short of its shard: at which article (None: between two), and whether any was done."""

    number: int | None
    how: str
    hung: bool = False
    progressed: bool = False


@dataclass(slots=True)
class _Order:
    """A shard, and what was learnt about its articles in attempts that failed."""

    shard: Shard
    attempts: int = 0
    poisoned: dict[int, Failure] = field(default_factory=dict)
    rest: Failure | None = None
    _deaths: Counter[int | None] = field(default_factory=Counter)

    def message(self) -> dict[str, Any]:
        """The order as the worker takes it."""
        poisoned = {n: f.model_dump() for n, f in self.poisoned.items()}
        rest = self.rest.model_dump() if self.rest else None
        return {"shard": self.shard.model_dump(), "poisoned": poisoned, "rest": rest, "restarts": self.attempts}

    def learn(self, end: _End, timeout: float) -> None:
        """Decide what the next attempt passes over.

        Raises:
            RunError: the process dies whatever is passed over.

        """
        self.attempts += 1
        if end.progressed:
            self._deaths[None] = 0
        if end.hung and end.number is not None:
            reason = f"took more than {timeout:g} seconds: --timeout allows more"
            self.poisoned[end.number] = self._failure(end.number, "time", reason)
            return
        self._deaths[end.number] += 1
        if end.number is not None:
            if self._deaths[end.number] >= _DEATHS:
                self.poisoned[end.number] = self._failure(
                    end.number, "crash", f"the process that read it {end.how}, twice"
                )
        elif self._deaths[None] >= 2 * _DEATHS_BETWEEN:
            raise RunError(f"the worker process {end.how}, again and again: its messages stand above")
        elif self._deaths[None] >= _DEATHS_BETWEEN:
            last = self.shard.part.last if self.shard.part else None
            reason = f"the process that was to read the rest of this part {end.how}, {_DEATHS_BETWEEN} times"
            self.rest = self._failure(last or self.shard.records, "crash", reason)

    def _failure(self, number: int, kind: FailureKind, reason: str) -> Failure:
        return Failure(where=place(self.shard, number), number=number, kind=kind, reason=reason)


def _listen(stream: IO[str] | None, messages: queue.SimpleQueue[dict[str, Any] | None]) -> None:
    if stream is not None:
        with stream:
            for line in stream:
                if line.endswith("\n"):  # a last line may be cut off by the death of the process
                    messages.put(json.loads(line))
    messages.put(None)
