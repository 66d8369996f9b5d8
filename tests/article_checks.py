"""What must hold of whatever the readers make of bytes; shared by the hypothesis tests and the atheris harness."""

from __future__ import annotations

import hashlib

from attribution.articles.limits import MAX_CHARACTERS
from attribution.articles.read import read_bytes
from attribution.claims import Article
from attribution.errors import InputError

NAMES = ("", *(f"a.{x}" for x in "txt html pdf docx eml rss jsonl csv tsv parquet warc".split()))


def check(data: bytes, name: str) -> list[Article | InputError]:
    """Read bytes under a name: articles whose every slice lies in their text, or errors that say where; nothing else."""
    found = list(read_bytes(data, name=name, where="here"))
    assert found, "neither an article nor an error"
    for each in found:
        if isinstance(each, InputError):
            assert str(each).startswith("here") and each.reason, each
            continue
        assert each.text.strip() and len(each.text) <= MAX_CHARACTERS
        assert each.sha256 == hashlib.sha256(each.text.encode()).hexdigest()
        at = 0
        for block in each.blocks:
            assert at <= block.span.start < block.span.end <= len(each.text), (block, each.text)
            assert each.text[block.span.start : block.span.end].strip()
            at = block.span.end
        assert Article.model_validate_json(each.model_dump_json()) == each
    return found
