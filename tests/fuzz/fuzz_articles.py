"""Coverage-guided fuzzing of bytes → article with atheris; no part of the test command.

    pip install atheris
    python tests/fuzz/fuzz_articles.py -max_total_time=300 CORPUS_FOLDER

The first byte chooses the file's ending, the rest is the file. The corpus folder keeps what found new code; start it with
good files, each with a byte before it. libFuzzer's options apply (``-help=1``); a crash is written beside the harness.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

with atheris.instrument_imports(include=["attribution", "feedparser", "pypdf", "trafilatura", "docx"]):
    from article_checks import NAMES, check

    from attribution.articles import read, registry  # noqa: F401  (instrumented here, used by check)


def one_input(data: bytes) -> None:
    """Check one input."""
    if data:
        check(data[1:], NAMES[data[0] % len(NAMES)])


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
