"""What ``attribution extract`` wrote, as JSON lines or Parquet, read back as articles with claims."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from attribution.articles.compression import decompressed, inner_name
from attribution.articles.limits import MAX_LINE_BYTES, readable
from attribution.claims import Article, ArticleClaims, ArticleRef, Claim
from attribution.corpus.insertion import speakers_of
from attribution.errors import InputError, MissingExtraError

Loaded = ArticleClaims | InputError
_MARKS = frozenset(["sha256", "claims", "speakers"])


def holds_claims(path: Path) -> bool:
    """True for a file that ``extract`` wrote as ``jsonl`` or ``parquet``, also compressed; False for all others."""
    name = inner_name(path.name).lower()
    try:
        if name.endswith((".parquet", ".pq")):
            return _parquet_columns(path)
        return name.endswith((".jsonl", ".ndjson")) and _first_record(path).keys() >= _MARKS
    except (OSError, ValueError, InputError, MissingExtraError):
        return False  # whoever reads it as articles says what is wrong with it


def _first_record(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        _, stream, _ = decompressed(file, str(path))
        record = json.loads(stream.readline(MAX_LINE_BYTES))
    return record if isinstance(record, dict) else {}


def _parquet_columns(path: Path) -> bool:
    try:
        from pyarrow import parquet
    except ImportError:
        return False
    return b"attribution.schema" in (parquet.read_schema(path).metadata or {})


def load(path: Path) -> Iterator[Loaded]:
    """The articles of a file of claims; an error takes the place of a line or row that is not right.

    The texts of articles are not in such files: they are empty.
    """
    try:
        name = inner_name(path.name).lower()
        yield from _rows(path) if name.endswith((".parquet", ".pq")) else _lines(path)
    except OSError as error:
        yield InputError(str(path), f"cannot be read: {error.strerror or error}")
    except InputError as error:
        yield error


def _lines(path: Path) -> Iterator[Loaded]:
    with path.open("rb") as file:
        _, stream, _ = decompressed(file, str(path))
        number = 0
        while line := stream.readline(MAX_LINE_BYTES + 1):
            number += 1
            where = f"{path}:{number}"
            if len(line) > MAX_LINE_BYTES:
                raise InputError(
                    where, f"a line of more than {readable(MAX_LINE_BYTES)}: it and what follows are left out"
                )
            if not line.strip():
                continue
            try:
                yield _article(json.loads(line))
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                yield InputError(where, f"is not as `attribution extract --format jsonl` writes it ({_short(error)})")


def _article(record: dict[str, Any]) -> ArticleClaims:
    ref = ArticleRef.model_validate({name: record.get(name) for name in ArticleRef.model_fields})
    article = Article(**ref.model_dump(), text="")
    claims = tuple(Claim.model_validate(c) for c in record["claims"])
    return ArticleClaims.model_validate({"article": article, "claims": claims, "speakers": record["speakers"]})


def _rows(path: Path) -> Iterator[Loaded]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise MissingExtraError("corpus", "the store") from error
    names = [field.alias or name for name, field in Claim.model_fields.items()]
    try:
        with parquet.ParquetFile(path) as table:
            rows = (row for batch in table.iter_batches(columns=names) for row in batch.to_pylist())
            for _, group in groupby(rows, key=lambda row: row["article"]):
                yield _of_rows(list(group), path)
    except (pyarrow.ArrowException, KeyError) as error:
        raise InputError(str(path), f"cannot be read as Parquet of claims ({_short(error)})") from error


def _of_rows(rows: list[dict[str, Any]], path: Path) -> Loaded:
    try:
        claims = tuple(
            Claim.model_validate({k: v for k, v in row.items() if v is not None or k in ("cue", "source")})
            for row in rows
        )
    except ValidationError as error:
        return InputError(
            f"{path}: article {rows[0]['article']['id']}", f"is not as attribution writes it ({_short(error)})"
        )
    article = Article(**claims[0].article.model_dump(), text="")
    listed = [s.model_dump() for s in speakers_of(claims)]
    return ArticleClaims.model_validate({"article": article, "claims": claims, "speakers": listed})


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:160]
