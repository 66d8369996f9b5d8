"""Parquet: a claim a row, in one Arrow schema.

A row is the claim as its JSON has it (structs and lists kept), and beside it flat columns for the common questions:
``article_id``, ``speaker_name``, ``text``, ``start`` and so on. Without the flat columns a row validates as a
``Claim``. The schema's version stands in the file's metadata under ``attribution.schema``; it goes up when a column
changes or goes, not when one comes. Rows are written in groups as articles come; articles without claims leave none.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from attribution import __version__
from attribution.claims import ArticleClaims, Claim
from attribution.errors import MissingExtraError
from attribution.formats.registry import Options

if TYPE_CHECKING:
    import pyarrow

SCHEMA_VERSION = "1"
FLAT = (
    "article_id", "outlet", "published", "url", "speaker_id", "speaker_name", "speaker_kind", "speaker_role",
    "speaker_affiliation", "text", "start", "end",
)  # fmt: skip
_ROWS = 10_000


def write_parquet(articles: Iterable[ArticleClaims], file: BinaryIO, options: Options) -> None:
    """Write claims as a Parquet file, compressed with zstd.

    Raises:
        MissingExtraError: pyarrow is not installed.

    """
    write_claims((claim for found in articles for claim in found.claims), file)


def write_claims(claims: Iterable[Claim], file: BinaryIO) -> None:
    """Write claims as a Parquet file in groups of ten thousand rows.

    Raises:
        MissingExtraError: pyarrow is not installed.

    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise MissingExtraError("parquet", "the format parquet") from error
    layout = schema()
    rest = iter(claims)
    with parquet.ParquetWriter(file, layout, compression="zstd") as writer:
        while rows := [row(claim) for claim in islice(rest, _ROWS)]:
            writer.write_table(pyarrow.Table.from_pylist(rows, layout))


def row(claim: Claim) -> dict[str, Any]:
    """A claim as a row: its own fields and the flat ones; offsets are code points."""
    article, speaker, spans = claim.article, claim.speaker, claim.content.spans
    flat = dict(zip(FLAT, (
        article.id, article.outlet, article.published, article.url, speaker.id, speaker.name, speaker.kind,
        speaker.role, speaker.affiliation, claim.content.text, spans[0].start, spans[-1].end,
    ), strict=True))  # fmt: skip
    return {**claim.model_dump(mode="json", by_alias=True), **flat}


def schema() -> pyarrow.Schema:
    """The Arrow schema, with its version in the metadata.

    Raises:
        ImportError: pyarrow is not installed.

    """
    import pyarrow as pa

    text, offset = pa.string(), pa.int32()

    def struct(**fields: Any) -> Any:
        return pa.struct([pa.field(name, type_) for name, type_ in fields.items()])

    span = struct(start=offset, end=offset)
    spans = pa.list_(span)
    passage = struct(text=text, spans=spans)
    article = struct(id=text, title=text, source=text, sha256=text, outlet=text, published=text, url=text)
    speaker = struct(id=text, name=text, kind=text, role=text, affiliation=text)
    evidence = struct(**{"step": text, "from": text, "to": text, "spans": spans})
    selector = struct(position=span, quote=struct(exact=text, prefix=text, suffix=text))
    own = {
        "id": text, "article": article, "type": text, "act": text, "content": passage,
        "cue": struct(text=text, spans=spans, lemma=text), "source": passage, "speaker": speaker,
        "addressee": passage, "polarity": text, "parent": text, "paragraph": offset, "block": text,
        "confidence": pa.float64(), "evidence": pa.list_(evidence), "selectors": pa.list_(selector),
    }  # fmt: skip
    flat = {name: offset if name in ("start", "end") else text for name in FLAT}
    metadata = {"attribution.schema": SCHEMA_VERSION, "attribution.version": __version__}
    return pa.schema([pa.field(n, t) for n, t in {**own, **flat}.items()], metadata=metadata)
