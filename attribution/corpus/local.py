"""The engine of one machine: so many worker processes, a thread watching over each."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Iterator, Sequence

from attribution.corpus.job import Job
from attribution.corpus.shard import Shard, Sidecar
from attribution.corpus.supervision import Report, Stopped, Supervised


def run_local(shards: Sequence[Shard], job: Job, *, workers: int, report: Report) -> Iterator[Sidecar | None]:
    """Work through shards and give each one's sidecar when it is done, in no order.

    Args:
        shards: what to do; the first are begun first.
        job: how.
        workers: processes.
        report: told of every article, from several threads.

    Yields:
        A sidecar; None when nothing has come for a while, so that progress can be shown. When the iterator is closed
        the processes are ended.

    Raises:
        RunError: results cannot be written, the model is missing, or a process cannot be kept alive.

    """
    waiting = deque(shards)
    done: queue.SimpleQueue[Sidecar | BaseException] = queue.SimpleQueue()
    stop = threading.Event()

    def labour() -> None:
        try:
            with Supervised(job, report=report, stop=stop) as worker:
                while True:
                    try:
                        shard = waiting.popleft()
                    except IndexError:
                        return
                    done.put(worker.run(shard))
        except Stopped:
            return
        except BaseException as error:  # for the thread that iterates
            done.put(error)

    threads = [threading.Thread(target=labour) for _ in range(min(workers, len(shards)))]
    for thread in threads:
        thread.start()
    try:
        left = len(shards)
        while left:
            try:
                came = done.get(timeout=0.25)
            except queue.Empty:
                yield None
                continue
            if isinstance(came, BaseException):
                raise came
            left -= 1
            yield came
    finally:
        stop.set()
        for thread in threads:
            thread.join()
