"""A run on many machines that are not at hand: shards, machines that are taken away, stragglers, retries.

    python benchmarks/simulate.py --articles 100000000 --words 500 --rate 1000 --cores 4096

An event simulation, seeded. Every worker takes the next shard when it is free. A machine's cores are taken away together
(preempted) at exponential times; its shards go to the next free workers, and it comes back after a while. Machines differ
by a log-normal factor, some are slow by a large one. An article that hangs costs its time limit. What was found of a shard
is lost with its machine, unless ``--journal`` says that journals are on a shared disk, where the next worker takes them
up. Prints one JSON line: hours to the last shard, core-hours of work and of work lost, minutes in which the last hundredth
of the shards is waited for, and what it costs if every core is paid until the last shard is done.
"""

from __future__ import annotations

import argparse
import heapq
import json
import random
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Cluster:
    """What is simulated; times in seconds, ``price`` a core-hour in any currency."""

    articles: int = 100_000_000
    words: int = 500
    rate: float = 1000.0
    cores: int = 4096
    cores_a_machine: int = 32
    shard_articles: int = 500
    start: float = 20.0
    preempted_a_day: float = 1.0
    away: float = 300.0
    spread: float = 0.15
    slow_machines: float = 0.02
    slowness: float = 4.0
    hangs_a_million: float = 5.0
    timeout: float = 120.0
    price: float = 0.02
    journal: bool = False
    seed: int = 1


class Machines:
    """How fast each machine is, and when it is taken away."""

    def __init__(self, c: Cluster) -> None:
        self._c = c
        self._rng = random.Random(c.seed)
        count = -(-c.cores // c.cores_a_machine)
        self.slowness = [self._slowness() for _ in range(count)]
        self.ends = [self._life() for _ in range(count)]
        self.taken = 0

    def _slowness(self) -> float:
        slow = self._c.slowness if self._rng.random() < self._c.slow_machines else 1
        return self._rng.lognormvariate(0, self._c.spread) * slow

    def _life(self) -> float:
        return self._rng.expovariate(self._c.preempted_a_day / 86_400) if self._c.preempted_a_day else float("inf")

    def up(self, machine: int, now: float) -> float:
        """When a machine can work from ``now`` on: later, if it has been taken away."""
        while self.ends[machine] <= now:
            back = self.ends[machine] + self._c.away + self._c.start
            self.ends[machine] = back + self._life()
            self.taken += 1
            now = max(now, back)
        return now

    def hangs(self) -> float:
        """Seconds that a shard loses to articles that hang."""
        chance = self._c.hangs_a_million / 1e6 * self._c.shard_articles
        return self._c.timeout if self._rng.random() < chance else 0.0


def simulate(c: Cluster) -> dict[str, float]:
    """Run the cluster to its last shard."""
    machines = Machines(c)
    shards = waiting = -(-c.articles // c.shard_articles)
    whole = c.shard_articles * c.words / c.rate
    free = [(c.start, core // c.cores_a_machine) for core in range(c.cores)]
    heapq.heapify(free)
    again: list[tuple[float, float]] = []  # shards to begin or take up again: from when, seconds of work
    ends: list[float] = []
    useful = lost = 0.0
    while waiting or again:
        now, machine = heapq.heappop(free)
        now = machines.up(machine, now)
        work = whole
        if again and (again[0][0] <= now or not waiting):
            since, work = heapq.heappop(again)
            now = machines.up(machine, max(now, since))
        else:
            waiting -= 1
        takes = work * machines.slowness[machine] + machines.hangs()
        end = machines.ends[machine]
        if now + takes > end:  # taken away in the middle of it
            done = end - now
            useful, lost = (useful + done, lost) if c.journal else (useful, lost + done)
            left = max(work - done / machines.slowness[machine], 0.1) if c.journal else whole
            heapq.heappush(again, (end, left))
            heapq.heappush(free, (end, machine))
            continue
        useful += takes
        ends.append(now + takes)
        heapq.heappush(free, (now + takes, machine))
    last = max(ends)
    ends.sort()
    return {
        "shards": shards, "ended": len(ends), "hours": round(last / 3600, 2), "machines_taken": machines.taken,
        "core_hours": round(useful / 3600), "lost_core_hours": round(lost / 3600, 1),
        "tail_minutes": round((last - ends[int(0.99 * len(ends))]) / 60, 1),
        "paid_core_hours": round(last * c.cores / 3600), "cost": round(last * c.cores / 3600 * c.price),
    }  # fmt: skip


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    for field in fields(Cluster):
        name = "--" + field.name.replace("_", "-")
        if isinstance(field.default, bool):
            parser.add_argument(name, action="store_true")
        else:
            parser.add_argument(name, type=type(field.default), default=field.default)
    print(json.dumps(simulate(Cluster(**vars(parser.parse_args())))))


if __name__ == "__main__":
    main()
