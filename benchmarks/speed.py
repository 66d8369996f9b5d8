"""Words a second and memory of the whole way from text to claims, after loading.

    python benchmarks/speed.py [FILE.jsonl | FILE.txt …] [--workers N] [--repeat N] [--model FOLDER]

Without files the sample articles of seeds/ are read again and again. Prints one JSON line.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import time
from pathlib import Path

from attribution import ArticleClaims, extract_many
from attribution.articles.read import read_all
from attribution.claims import Article


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--model", type=Path, help="a model folder; the shipped model by default")
    options = parser.parse_args()
    seeds = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt")) * 100
    articles = [a for a in read_all(options.files or seeds) if isinstance(a, Article)] * options.repeat
    started = time.perf_counter()
    list(extract_many(articles[:1], model=options.model))
    loading = time.perf_counter() - started
    words = sum(len(a.text.split()) for a in articles)
    started = time.perf_counter()
    results = extract_many(articles, workers=options.workers, model=options.model)
    found = [r for r in results if isinstance(r, ArticleClaims)]
    seconds = time.perf_counter() - started
    own, workers = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(
        json.dumps(
            {
                "articles": len(articles), "words": words, "claims": sum(len(r.claims) for r in found),
                "workers": options.workers, "cores": cores(), "seconds": round(seconds, 2),
                "words_a_second": round(words / seconds), "loading_seconds": round(loading, 2),
                "peak_memory_mib": round(own), "peak_memory_of_largest_worker_mib": round(workers),
                "python": platform.python_version(), "machine": platform.machine(),
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
