"""Where the time of one run goes: reading, word pieces, the encoder, decoding, names, speakers, output.

    python benchmarks/stages.py polnear.dev.jsonl                    # wall time, one thread, as a worker has it
    python benchmarks/stages.py polnear.dev.jsonl --threads 2        # as one process on two cores
    python benchmarks/stages.py polnear.dev.jsonl --clock processor  # on a busy machine

Timers are put around the stages from outside; each stage counts without the stages inside it. Prints a Markdown table, or
JSON with ``--json``. Loading the model comes before and is not counted. (Not called profile.py, because the profiler of
Python's library, which spaCy imports, would find this file in its place.)
"""

from __future__ import annotations

import argparse
import functools
import importlib
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from attribution.articles.read import read_all
from attribution.claims import Article
from attribution.extraction import extract_article
from attribution.formats.records import as_jsonl
from attribution.formats.registry import Options

T = TypeVar("T")
REST = "the rest"
STAGES = {
    "encoder": ["attribution.pipeline.encoder:OnnxNetwork.__call__"],
    "word pieces and windows": [
        "attribution.pipeline.encoder:piece", "attribution.pipeline.encoder:windows", "attribution.pipeline.encoder:pad",
    ],
    "paragraphs, marks, furniture": [
        "attribution.pipeline.reader:lay_out", "attribution.pipeline.reader:blocks",
        "attribution.pipeline.reader:stretches", "attribution.pipeline.reader:sentences",
        "attribution.pipeline.reader:depths",
    ],
    "decoding": ["attribution.pipeline.reader:relations", "attribution.pipeline.reader:polished"],
    "names": ["attribution.pipeline.reader:names", "attribution.pipeline.reader:in_the_story"],
    "people and institutions": ["attribution.pipeline.reader:assemble_cast"],
    "speakers": ["attribution.pipeline.reader:resolve_all"],
    "acts, ids, confidence": ["attribution.pipeline.reader:assemble"],
    "the spaCy Doc": [
        "attribution.extraction:make_doc", "attribution.pipeline.components:AttributionComponent.set_annotations",
    ],
    "checked claims": ["attribution.extraction:claims_of", "attribution.extraction:speakers_of"],
}  # fmt: skip


@dataclass(slots=True)
class Timer:
    """Seconds by stage, each without the stages inside it."""

    clock: Callable[[], float]
    seconds: dict[str, float] = field(default_factory=dict)
    _running: list[list[Any]] = field(default_factory=list)

    def within(self, stage: str, call: Callable[[], T]) -> T:
        """Run a call as a stage."""
        started = self.clock()
        self._running.append([stage, 0.0])
        try:
            return call()
        finally:
            took = self.clock() - started
            _, inside = self._running.pop()
            self.seconds[stage] = self.seconds.get(stage, 0.0) + took - inside
            if self._running:
                self._running[-1][1] += took

    def watch(self, stage: str, place: str) -> None:
        """Put a timer around a function or method, named as ``module:name``."""
        module, _, path = place.partition(":")
        *owners, name = path.split(".")
        owner = functools.reduce(getattr, owners, importlib.import_module(module))
        function = getattr(owner, name)

        @functools.wraps(function)
        def timed(*args: Any, **named: Any) -> Any:
            return self.within(stage, lambda: function(*args, **named))

        setattr(owner, name, timed)


def processor() -> str:
    """The processor as it names itself."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")


def run(files: Sequence[Path], timer: Timer, *, threads: int) -> tuple[int, int, int]:
    """Read, extract and write; articles, words and bytes of output."""
    articles = timer.within("reading", lambda: [a for a in read_all(files) if isinstance(a, Article)])
    if not articles:
        raise SystemExit("no articles in the files")
    written = 0
    for article in articles:
        found = timer.within(REST, functools.partial(extract_article, article, threads=threads))
        lines = timer.within("output as JSON lines", lambda: list(as_jsonl([found], Options())))  # noqa: B023
        written += sum(len(line.encode()) for line in lines)
    return len(articles), sum(len(a.text.split()) for a in articles), written


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--threads", type=int, default=1, help="threads of the encoder")
    parser.add_argument("--clock", choices=["wall", "processor"], default="wall")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    warm_up = next(a for a in read_all(options.files) if isinstance(a, Article))
    extract_article(warm_up, threads=options.threads)
    timer = Timer(time.process_time if options.clock == "processor" else time.perf_counter)
    for stage, places in STAGES.items():
        for place in places:
            timer.watch(stage, place)
    articles, words, written = run(options.files, timer, threads=options.threads)
    total = sum(timer.seconds.values())
    if options.json:
        about = {
            "articles": articles, "words": words, "bytes_written": written, "clock": options.clock,
            "threads": options.threads, "cores": os.cpu_count(), "processor": processor(),
            "words_a_second": round(words / total), "seconds": {k: round(v, 4) for k, v in timer.seconds.items()},
            "shares": {k: round(v / total, 4) for k, v in timer.seconds.items()},
        }  # fmt: skip
        print(json.dumps(about, indent=1))
        return
    print(f"{articles} articles, {words:,} words, {total:.2f} s {options.clock} time, {options.threads} thread(s), "
          f"{words / total:,.0f} words a second; {processor()}\n")  # fmt: skip
    print("| stage | seconds | share |\n|---|---|---|")
    for stage, seconds in sorted(timer.seconds.items(), key=lambda item: -item[1]):
        print(f"| {stage} | {seconds:.2f} | {seconds / total:.1%} |")


if __name__ == "__main__":
    main()
