"""Many short articles, cut and recombined from the paragraphs of a few: seeded, the same on every machine.

    python benchmarks/articles.py polnear.dev.jsonl --count 20000 --words 25 --out articles.jsonl

An article is as many paragraphs, drawn at random, as it takes to come to so many words. It is not news, but it has
what costs time: quotations, names, sentences of all lengths. Records have an id, a text and a title.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path


def paragraphs(path: Path, *, longest: int = 60) -> list[str]:
    """The paragraphs of a JSONL file's texts that are sentences of 5 to ``longest`` words, in order."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        for paragraph in re.split(r"\n+", json.loads(line)["text"]):
            words = paragraph.split()
            if 5 <= len(words) <= longest and paragraph.strip()[-1] in ".!?”\"":
                found.append(paragraph.strip())
    return found


def made(sources: list[str], *, count: int, words: int, seed: int = 6) -> Iterator[dict[str, str]]:
    """Records of articles of at least so many words (the last paragraph is left whole)."""
    rng = random.Random(seed)
    for n in range(count):
        text: list[str] = []
        while sum(len(p.split()) for p in text) < words:
            text.append(rng.choice(sources))
        yield {"id": f"made-{n:06}", "title": f"Made {n}", "text": "\n\n".join(text)}


def write(target: Path, records: Iterator[dict[str, str]]) -> None:
    """Write records as JSONL."""
    with target.open("w", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def main() -> None:
    """Make and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--words", type=int, default=25)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    write(options.out, made(paragraphs(options.source), count=options.count, words=options.words, seed=options.seed))


if __name__ == "__main__":
    main()
