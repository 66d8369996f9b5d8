"""JSON lines → one article for each record."""

from __future__ import annotations

import json
from collections.abc import Iterator

from attribution import __version__
from attribution.articles.limits import MAX_LINE_BYTES, readable
from attribution.articles.rows import Fields, article_of_record
from attribution.articles.source import Source, digest
from attribution.claims import Article
from attribution.errors import InputError


def read_jsonl(source: Source, fields: Fields) -> Iterator[Article | InputError]:
    """Read records, one a line; an error takes its line's place."""
    seen = False
    for n, line in enumerate(source.lines(MAX_LINE_BYTES), source.first):
        where = f"{source.where}:{n}"
        if isinstance(line, int):
            seen = True
            if not source.wanted(n):
                continue
            yield InputError(where, f"a line of {line:,} bytes, more than {readable(MAX_LINE_BYTES)}: skipped")
            continue
        if not line.strip(b"\xef\xbb\xbf \t\r\n"):
            continue
        seen = True
        if not source.wanted(n):
            continue
        try:
            yield _record(line, where, fields)
        except InputError as error:
            yield error
    if not seen:
        yield InputError(source.where, "the file is empty")


def _record(line: bytes, where: str, fields: Fields) -> Article:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(where, f"not UTF-8 at byte {error.start} of the line") from error
    except (ValueError, RecursionError) as error:
        raise InputError(where, f"not JSON ({error})") from error
    if not isinstance(record, dict):
        raise InputError(where, "not a JSON object: every line is one record with its text")
    return article_of_record(
        record, where, fields, reader=f"jsonl {__version__}", encoding="utf-8", source_sha256=digest(line)
    )
