"""How long ``attribution compare`` takes over n articles, extraction apart, and how many claims it reads together.

    python benchmarks/compare_speed.py ARTICLES.jsonl [--counts 2 10 40]

Articles of one outlet on many subjects are the hard case: politicians say much in them and little twice. Times hang on the
machine; the growth with n does not.
"""

from __future__ import annotations

import argparse
import platform
import time
from itertools import islice
from pathlib import Path

from attribution import extract_many
from attribution.claims import ArticleClaims
from attribution.comparison import cross_encoder, scoring
from attribution.comparison.compare import compare


def main() -> None:
    """Read, compare, print a line for each number of articles."""
    parser = argparse.ArgumentParser()
    parser.add_argument("articles", type=Path)
    parser.add_argument("--counts", type=int, nargs="+", default=[2, 10, 40])
    options = parser.parse_args()
    found = [c for c in islice(extract_many([options.articles]), max(options.counts)) if isinstance(c, ArticleClaims)]
    print(f"machine: {platform.machine()}, {platform.processor() or 'processor not named'}")
    read: list[int] = []
    look = scoring.log_odds
    scoring.log_odds = lambda pairs: read.append(len(pairs)) or look(pairs)
    compare(found[:2])  # the model is opened
    for n in options.counts:
        read.clear()
        cross_encoder.forget()
        began = time.perf_counter()
        result = compare(found[:n])
        seconds = time.perf_counter() - began
        claims = sum(len(f.claims) for f in found[:n])
        print(f"{n} articles, {claims} claims: {seconds:.2f} s, {sum(read)} pairs read together, {len(result.shared)} rows shared")


if __name__ == "__main__":
    main()
