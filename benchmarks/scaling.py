"""How a run scales from one worker to two, what an article costs, and how much memory a corpus takes.

    python benchmarks/scaling.py polnear.dev.jsonl --count 400 --words 300

Runs ``attribution run`` over made articles (see articles.py) with each number of workers, several times in turn, and prints
one JSON line: wall seconds, CPU-seconds (of all processes), articles and words a CPU-second, the largest process's memory.
A run over a single article is taken off, which is what starting and loading cost. On a machine that others use, too,
CPU-seconds are the figure to trust.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from articles import made, paragraphs, write


def measure(corpus: Path, workers: int, shard_articles: int) -> dict[str, float]:
    """Wall and CPU seconds of one run, and the largest resident set of any of its processes (MiB)."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        command = [
            sys.executable, "-m", "attribution", "run", str(corpus), "--out", str(out), "--workers", str(workers),
            "--shard-articles", str(shard_articles),
        ]  # fmt: skip
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        summary = json.loads((out / "summary.json").read_bytes())
        return {
            "wall": time.monotonic() - started,
            "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
            "memory_mib": after.ru_maxrss / 1024,
            **{name: summary[name] for name in ("articles", "words", "claims", "bytes")},
        }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--words", type=int, default=300)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--shard-articles", type=int, default=20)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    o = parser.parse_args()
    sources = paragraphs(o.source)
    with tempfile.TemporaryDirectory() as folder:
        one, all_ = Path(folder) / "one.jsonl", Path(folder) / "all.jsonl"
        write(one, made(sources, count=1, words=o.words))
        write(all_, made(sources, count=o.count, words=o.words))
        loading = [measure(one, 1, o.shard_articles) for _ in range(o.times)]
        runs = {w: [] for w in o.workers}  # type: dict[int, list[dict[str, float]]]
        for _ in range(o.times):
            for workers in o.workers:
                runs[workers].append(measure(all_, workers, o.shard_articles))
    start_wall, start_cpu = (median(r[k] for r in loading) for k in ("wall", "cpu"))
    wall = {w: median(r["wall"] for r in found) - start_wall for w, found in runs.items()}
    cpu = {w: median(r["cpu"] for r in found) - w * start_cpu for w, found in runs.items()}
    some = runs[o.workers[0]][0]
    print(
        json.dumps(
            {
                "articles": some["articles"], "words": some["words"], "claims": some["claims"],
                "bytes_a_claim": round(some["bytes"] / max(some["claims"], 1)),
                "start_wall": round(start_wall, 2), "start_cpu": round(start_cpu, 2),
                "wall": {w: round(s, 2) for w, s in wall.items()}, "cpu": {w: round(s, 2) for w, s in cpu.items()},
                "words_a_cpu_second": {w: round(some["words"] / s) for w, s in cpu.items()},
                "speedup_wall": round(wall[o.workers[0]] / wall[o.workers[-1]], 2),
                "speedup_by_cpu_seconds": round(o.workers[-1] / o.workers[0] * cpu[o.workers[0]] / cpu[o.workers[-1]], 2),
                "memory_of_largest_process_mib": round(max(r["memory_mib"] for found in runs.values() for r in found)),
                "load_average": [round(x, 1) for x in os.getloadavg()], "cores": os.cpu_count(),
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
