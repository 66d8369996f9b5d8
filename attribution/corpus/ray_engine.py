"""The engine of many machines: the same shards, workers and results on Ray Data.

An actor holds one supervised worker process and works through one shard after the other, so an article that hangs or
crashes costs itself alone, as on one machine. The inputs and the folder of results must be at the same paths on all
machines, on a shared file system.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from attribution.corpus.job import Job
from attribution.corpus.shard import Shard, Sidecar
from attribution.corpus.supervision import Supervised
from attribution.errors import MissingExtraError


class ShardActor:
    """Works through shards, given as JSON in batches of ``{"shard": …}``; the model is loaded in its worker process.

    >>> import ray
    >>> shards = ray.data.from_items([{"shard": s.model_dump_json()} for s in shards])  # doctest: +SKIP
    >>> shards.map_batches(ShardActor, fn_constructor_args=(job,), batch_size=1, concurrency=8)  # doctest: +SKIP
    """

    def __init__(self, job: str) -> None:
        """Args:
        job: the ``Job``, as JSON.
        """
        self._worker = Supervised(Job.model_validate_json(job), report=lambda counts: None)

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[str]]:
        """The sidecars of a batch of shards, as JSON."""
        done = [self._worker.run(Shard.model_validate_json(str(text))) for text in batch["shard"]]
        return {"sidecar": [sidecar.model_dump_json() for sidecar in done]}

    def __del__(self) -> None:
        if worker := getattr(self, "_worker", None):
            worker.close()


def run_ray(shards: Sequence[Shard], job: Job, *, workers: int) -> Iterator[Sidecar]:
    """Work through shards on the Ray cluster that is configured, or on one that is started here.

    Args:
        shards: what to do.
        job: how.
        workers: actors, each with a worker process. All together they ask for less than all CPUs: the readers and
            writers of Ray Data need one, or everything waits for everything.

    Raises:
        MissingExtraError: ray is not installed.
        RunError: as on one machine.

    """
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise MissingExtraError("ray", "--engine ray") from error
    if not ray.is_initialized():
        ray.init(log_to_driver=False, include_dashboard=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    places = {name: path.resolve() for name in ("out", "model", "people") if (path := getattr(job, name))}
    absolute = job.model_copy(update=places)
    rows = [{"shard": shard.model_dump_json()} for shard in shards]
    found = ray.data.from_items(rows, override_num_blocks=len(rows)).map_batches(
        ShardActor,
        fn_constructor_args=(absolute.model_dump_json(),),
        batch_size=1,
        concurrency=min(workers, len(shards)),
        num_cpus=cpus_of_an_actor(workers, float(ray.cluster_resources().get("CPU", 1))),
    )
    try:
        for row in found.iter_rows():
            yield Sidecar.model_validate_json(row["sidecar"])
    except ray.exceptions.RayTaskError as error:
        raise error.as_instanceof_cause() from error


def cpus_of_an_actor(workers: int, cpus: float) -> float:
    """CPUs that each of so many actors asks Ray for: one, or its share of what is left when one CPU stays free.

    >>> cpus_of_an_actor(4, 16), cpus_of_an_actor(2, 2), cpus_of_an_actor(1, 1)
    (1.0, 0.5, 0.5)
    """
    free = max(cpus - 1, cpus / 2)
    return min(1.0, round(free / workers, 3))
