"""A night in which everything goes wrong: a run that is killed again and again must end as one that is left alone.

    python benchmarks/night.py polnear.dev.jsonl --count 20000 --folder night --kills 5

Makes articles (see articles.py), runs ``attribution run`` over them undisturbed into one folder, then into another while
it kills the run, kills a worker, or fills the disk, at seeded moments; each time the same command is given again. Then
compares the two folders and prints one JSON line. The second folder is a small tmpfs where mounting is allowed (root, on
Linux), and its room is taken up to the last byte; where it is not, no disk is filled, and the JSON says so.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from articles import made, paragraphs, write

KILLS = ("run", "worker", "disk")
"""What is done to a run: SIGKILL to it, SIGKILL to one of its workers, no room on the disk."""


@dataclass(slots=True)
class Night:
    """One corpus, one command, two folders."""

    corpus: Path
    folder: Path
    workers: int
    shard_articles: int
    form: str
    rng: random.Random
    told: list[str] = field(default_factory=list)

    def command(self, out: Path) -> list[str]:
        """The command that is given again and again."""
        return [
            sys.executable, "-m", "attribution", "run", str(self.corpus), "--out", str(out), "--format", self.form,
            "--workers", str(self.workers), "--shard-articles", str(self.shard_articles),
        ]  # fmt: skip

    def start(self, out: Path) -> subprocess.Popen[bytes]:
        """Begin, or go on."""
        return subprocess.Popen(self.command(out), stderr=subprocess.PIPE)

    def undisturbed(self, out: Path) -> float:
        """Run to the end and give the seconds that it took."""
        started = time.monotonic()
        process = self.start(out)
        _, errors = process.communicate()
        if process.returncode != 0:
            raise RuntimeError(f"the undisturbed run ended with {process.returncode}: {errors.decode()}")
        return time.monotonic() - started

    def disturbed(self, out: Path, kills: Sequence[str]) -> None:
        """Run to the end, disturbed at random moments that lie apart."""
        shards = -(-self.corpus.read_bytes().count(b"\n") // self.shard_articles)
        moments = sorted(self.rng.sample(range(1, shards - 1), len(kills)))
        process = self.start(out)
        for kind, moment in zip(kills, moments, strict=True):
            while process.poll() is None and len(list((out / "shards").glob("*.json"))) < moment:
                time.sleep(0.05)
            time.sleep(self.rng.uniform(0, 0.7))
            if process.poll() is not None:
                raise RuntimeError(f"the run was over before it could be disturbed: {process.communicate()[1].decode()}")
            process = self.disturb(kind, process, out)
            self.told.append(f"{kind} after {moment} of {shards} shards")
        _, errors = process.communicate()
        if process.returncode != 0:
            raise RuntimeError(f"the last run ended with {process.returncode}: {errors.decode()}")

    def disturb(self, kind: str, process: subprocess.Popen[bytes], out: Path) -> subprocess.Popen[bytes]:
        """Do one thing to a run and give the run that goes on."""
        if kind == "worker":
            victims = children(process.pid)
            if victims:
                os.kill(self.rng.choice(victims), signal.SIGKILL)
            return process
        if kind == "run":
            process.kill()
            process.communicate()
            return self.start(out)
        ballast = out / "ballast"
        fill(ballast)
        _, errors = process.communicate()
        ballast.unlink()
        if process.returncode != 1 or b"No space left" not in errors:
            raise RuntimeError(f"a full disk ended the run with {process.returncode}: {errors.decode()}")
        return self.start(out)


def children(pid: int) -> list[int]:
    """Processes that a process has started (Linux)."""
    tasks = Path(f"/proc/{pid}/task")
    return [int(c) for t in tasks.glob("*/children") for c in t.read_text().split()]


def fill(ballast: Path) -> None:
    """Take all room that is left."""
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue


def small_disk(folder: Path, mib: int) -> bool:
    """Mount a tmpfs of so many MiB; False where that is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", str(folder)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def found(out: Path) -> dict[str, object]:
    """What a folder of results holds: the hash of every file of claims, of all claims sorted, and what is there twice."""
    files = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in results(out)}
    sidecars = [json.loads(p.read_bytes()) for p in sorted((out / "shards").iterdir())]
    articles, claims = rows(out)
    return {
        "files": files,
        "sidecars_agree": {s["output"]["file"]: s["output"]["sha256"] for s in sidecars} == files,
        "articles": len(articles), "articles_twice": sum(n > 1 for n in Counter(articles).values()),
        "claims": len(claims), "claims_twice": sum(n > 1 for n in Counter(claims).values()),
        "claims_sha256": hashlib.sha256("\n".join(sorted(claims)).encode()).hexdigest(),
        "failures": sum(len(s["failures"]) for s in sidecars), "restarts": sum(s["restarts"] for s in sidecars),
    }  # fmt: skip


def results(out: Path) -> list[Path]:
    """The files of claims. A worker that outlives its killed run for a moment may leave a hidden one half written: no result."""
    return sorted(p for p in (out / "claims").iterdir() if not p.name.startswith("."))


def rows(out: Path) -> tuple[list[str], list[str]]:
    """The articles' ids, and every claim as JSON, of all files."""
    articles, claims = [], []
    for path in results(out):
        if path.suffix == ".jsonl":
            for line in path.read_text(encoding="utf-8").splitlines():
                record = json.loads(line)
                articles.append(record["id"])
                claims += [json.dumps(c, sort_keys=True) for c in record["claims"]]
        else:
            import pyarrow.parquet

            claims += [json.dumps(c, sort_keys=True) for c in pyarrow.parquet.read_table(path).to_pylist()]
    return articles, claims


def night(
    records: list[dict[str, str]], folder: Path, *, kills: int, workers: int, shard_articles: int, form: str, seed: int,
    disk_mib: int,
) -> dict[str, object]:  # fmt: skip
    """Both runs, and whether they agree."""
    folder.mkdir(parents=True, exist_ok=True)
    corpus = folder / "articles.jsonl"
    write(corpus, iter(records))
    rng = random.Random(seed)
    it = Night(corpus, folder, workers, shard_articles, form, rng)
    seconds = it.undisturbed(folder / "quiet")
    disk = small_disk(folder / "disturbed", disk_mib)
    kinds = [KILLS[i % 3] if disk else KILLS[i % 2] for i in range(kills)]
    rng.shuffle(kinds)
    try:
        it.disturbed(folder / "disturbed", kinds)
        quiet, disturbed = found(folder / "quiet"), found(folder / "disturbed")
    finally:
        if disk:
            subprocess.run(["umount", str(folder / "disturbed")], check=True)
    summary = json.loads((folder / "quiet" / "summary.json").read_bytes())
    differing = [name for name in {**quiet["files"], **disturbed["files"]} if quiet["files"].get(name) != disturbed["files"].get(name)]  # type: ignore[attr-defined, dict-item]  # fmt: skip
    return {
        "equal": quiet["files"] == disturbed["files"] and quiet["claims_sha256"] == disturbed["claims_sha256"],
        "disturbances": it.told, "disk_was_filled": disk, "articles_given": len(records),
        "words": summary["words"], "bytes": summary["bytes"], "shards": summary["shards"], "workers": workers,
        "undisturbed_seconds": round(seconds, 1), "files_that_differ": len(differing),
        "quiet": {k: v for k, v in quiet.items() if k != "files"},
        "disturbed": {k: v for k, v in disturbed.items() if k != "files"},
        "cores": os.cpu_count(), "machine": platform.processor() or platform.machine(), "python": platform.python_version(),
    }  # fmt: skip


def main() -> None:
    """Make, run, disturb, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--words", type=int, default=25, help="least words of an article")
    parser.add_argument("--longest", type=int, default=60, help="most words of a paragraph")
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--shard-articles", type=int, default=250)
    parser.add_argument("--format", default="jsonl", choices=["jsonl", "parquet"])
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--disk", type=int, default=1024, help="MiB of the small disk")
    o = parser.parse_args()
    sources = paragraphs(o.source, longest=o.longest)
    records = list(made(sources, count=o.count, words=o.words, seed=o.seed))
    result = night(
        records, o.folder, kills=o.kills, workers=o.workers, shard_articles=o.shard_articles, form=o.format,
        seed=o.seed, disk_mib=o.disk,
    )  # fmt: skip
    print(json.dumps(result))
    sys.exit(0 if result["equal"] else 1)


if __name__ == "__main__":
    main()
