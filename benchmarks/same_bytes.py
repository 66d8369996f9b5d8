"""A fingerprint of everything that is found in some articles: what changes no byte of the output changes no line of it.

    python benchmarks/same_bytes.py polnear.dev.jsonl seeds tests/gold > before.txt
    python benchmarks/same_bytes.py polnear.dev.jsonl seeds tests/gold | diff before.txt - && echo the same

Takes files and folders of all formats that are read, and gold (.gold files, or folders of them). One line an article:
its id and the SHA-256 of its claims and speakers as JSON.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from attribution import ArticleClaims, extract_many
from attribution.articles.read import make_article, read_all
from attribution.claims import Article
from attribution.evaluation.report import read_gold_records


def articles(path: Path) -> Iterator[Article]:
    """The articles of a file or folder, gold included."""
    if path.suffix == ".gold" or (path.is_dir() and any(path.glob("*.gold"))):
        yield from (make_article(record["text"]) for record in read_gold_records(path))
    else:
        yield from (a for a in read_all([path]) if isinstance(a, Article))


def main() -> None:
    """Print the lines."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--model", type=Path, help="a model folder; the shipped model by default")
    options = parser.parse_args()
    for path in options.files:
        for found in extract_many(articles(path), workers=options.workers, model=options.model):
            if isinstance(found, ArticleClaims):
                record = found.model_dump(mode="json")
                text = json.dumps(record, ensure_ascii=True, sort_keys=True)
                print(found.article.id, hashlib.sha256(text.encode()).hexdigest())


if __name__ == "__main__":
    main()
