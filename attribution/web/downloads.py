"""Claims as files: every format that the command line writes, made in a folder of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from fastapi.responses import Response

from attribution import formats
from attribution.claims import ArticleClaims
from attribution.formats import FormatName, Options

_TYPES = {
    "table": "text/plain; charset=utf-8", "markdown": "text/markdown; charset=utf-8", "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8", "json": "application/json", "jsonl": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "webannotation": "application/ld+json",
    "schemaorg": "application/ld+json", "conll": "text/plain; charset=utf-8",
    "parquet": "application/vnd.apache.parquet", "prodigy": "application/x-ndjson",
}  # fmt: skip
_UNFIT = re.compile(r"[^\w.-]+")


def download(articles: Sequence[ArticleClaims], name: FormatName, title: str) -> Response:
    """Articles' claims as a file to save.

    Args:
        articles: the articles.
        name: the format.
        title: what the file is called, without its ending.

    Raises:
        MissingExtraError: the format needs a package that is not installed.

    """
    chosen = formats.FORMATS[name]
    suffix = ".zip" if chosen.kind == "folder" else chosen.suffixes[0]
    options = Options(where="where" in chosen.takes, excel="excel" in chosen.takes)
    with TemporaryDirectory(prefix="attribution-") as folder:
        target = Path(folder) / f"claims{suffix}"
        formats.write(articles, target, format=name, options=options)
        data = target.read_bytes()
    stem = _UNFIT.sub("-", title).strip("-.")[:80] or "claims"
    plain = stem.encode("ascii", "ignore").decode() or "claims"
    disposition = f"attachment; filename=\"{plain}{suffix}\"; filename*=UTF-8''{quote(stem + suffix)}"
    return Response(
        data, media_type=_TYPES.get(name, "application/octet-stream"), headers={"Content-Disposition": disposition}
    )
