"""The work: one thread reads and extracts, a step at a time, so that requests take turns.

The pipeline uses all cores for one batch of articles; more threads would only make each of them slower and take more
memory. A job is an iterator whose steps are short: a request of a thousand articles lets others through between them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

from attribution.web.problems import ProblemError

T = TypeVar("T")
_END = object()


class Work:
    """The thread that does the heavy work, and whether it is ready for it."""

    def __init__(self, *, seconds: float) -> None:
        """Args:
        seconds: how long one job may take, waiting included.
        """
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="attribution")
        self._seconds = seconds
        self.ready = False
        self.failure: str | None = None

    async def warm_up(self, load: Callable[[], object]) -> None:
        """Load what the first request would have to wait for."""
        try:
            await self.call(load)
        except Exception as error:
            self.failure = f"{type(error).__name__}: {error}"
            raise
        self.ready = True

    async def call(self, task: Callable[[], T]) -> T:
        """The result of a task of one step.

        Raises:
            ProblemError: it took longer than it may.

        """
        deadline = asyncio.get_running_loop().time() + self._seconds
        return await self._step(task, deadline)

    async def each(self, job: Iterator[T]) -> AsyncIterator[T]:
        """What a job yields, as it comes; if nobody listens any longer, the job ends after its step.

        Raises:
            ProblemError: it took longer than it may.

        """
        deadline = asyncio.get_running_loop().time() + self._seconds
        try:
            while True:
                found: Any = await self._step(lambda: next(job, cast(T, _END)), deadline)
                if found is _END:
                    return
                yield found
        finally:
            close = getattr(job, "close", None)
            if close is not None:
                self._pool.submit(close)

    async def _step(self, task: Callable[[], T], deadline: float) -> T:
        loop = asyncio.get_running_loop()
        step = loop.run_in_executor(self._pool, task)
        try:
            return await asyncio.wait_for(asyncio.shield(step), max(0.0, deadline - loop.time()))
        except TimeoutError:
            raise ProblemError(
                503, f"this took longer than {self._seconds:g} seconds: send fewer or shorter articles"
            ) from None
        finally:
            if not step.done():
                step.add_done_callback(_taken)
                step.cancel()

    def close(self) -> None:
        """End the thread after the step that it is in."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _taken(step: asyncio.Future[Any]) -> None:
    """Nobody waits for this step any longer: its error is nobody's."""
    if not step.cancelled():
        step.exception()
