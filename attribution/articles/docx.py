"""Word documents (.docx) → article, by python-docx."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING

from attribution.articles.article import make_article
from attribution.articles.limits import MAX_ARCHIVE_ENTRIES, MAX_FILE_BYTES, readable
from attribution.articles.source import Source, digest
from attribution.claims import Article, BlockKind
from attribution.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

_KINDS: dict[str, BlockKind] = {"title": "headline", "caption": "caption"}
"""Word's built-in styles that say what a paragraph is; they keep their English names in every language."""
_DEEPEST_TABLE = 20


def read_docx(source: Source) -> Article:
    """Read a Word document: its paragraphs and the cells of its tables, apart by empty lines.

    Raises:
        InputError: no .docx, damaged, empty, or larger inside than an article may be.
        MissingExtraError: python-docx is not installed.

    """
    try:
        import docx
    except ImportError:
        raise MissingExtraError("docx", "reading .docx") from None
    data = source.whole()
    _check_archive(data, source.where)
    try:
        document = docx.Document(io.BytesIO(data))
        paragraphs = [(" ".join(p.text.split()), _kind(p)) for p in _paragraphs(document, 0)]
        properties = document.core_properties
        title, author, language = properties.title, properties.author, properties.language
    except Exception as error:  # whatever lxml, zipfile and python-docx raise on damaged parts
        reason = f"cannot be read as .docx ({type(error).__name__}: {str(error)[:200]})"
        raise InputError(source.where, f"{reason}: save it again") from error
    paragraphs = [(text, kind) for text, kind in paragraphs if text]
    if not paragraphs:
        raise InputError(source.where, "the document holds no text")
    blocks: list[tuple[BlockKind, int, int]] = []
    offset = 0
    for text, kind in paragraphs:
        if kind:
            blocks.append((kind, offset, offset + len(text)))
        offset += len(text) + 2
    headline = next((text for text, kind in paragraphs if kind == "headline"), None)
    return make_article(
        "\n\n".join(text for text, _ in paragraphs), id_=source.id, title=headline or title or None, source=source.where,
        authors=[author] if author and author != "python-docx" else [], language=language or None,
        reader=f"python-docx {version('python-docx')}", source_sha256=digest(data), known_blocks=blocks,
    )  # fmt: skip


def _check_archive(data: bytes, where: str) -> None:
    """Raise InputError for a zip archive that unpacks to too much; zipfile never gives more than the sizes it states."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise InputError(where, f"cannot be read as .docx ({error}): save it again") from error
    size = sum(entry.file_size for entry in entries if not entry.filename.startswith("word/media/"))
    if size > MAX_FILE_BYTES:
        raise InputError(where, f"unpacks to {readable(size)}, more than {readable(MAX_FILE_BYTES)}: not read")
    if len(entries) > MAX_ARCHIVE_ENTRIES:
        raise InputError(where, f"an archive of {len(entries):,} files, more than {MAX_ARCHIVE_ENTRIES:,}: not read")
    if "word/document.xml" not in {entry.filename for entry in entries}:
        raise InputError(where, "a zip archive, but no .docx document: unpack it and give the files in it")


def _paragraphs(part: Document | _Cell, depth: int) -> Iterator[Paragraph]:
    from docx.table import Table

    for item in part.iter_inner_content():
        if isinstance(item, Table):
            yield from _cells(item, depth + 1)
        else:
            yield item


def _cells(table: Table, depth: int) -> Iterator[Paragraph]:
    """The paragraphs of a table's cells; one that spans several is given once."""
    if depth > _DEEPEST_TABLE:
        return
    last = None
    for row in table.rows:
        for cell in row.cells:
            if cell._tc is not last:
                last = cell._tc
                yield from _paragraphs(cell, depth)


def _kind(paragraph: Paragraph) -> BlockKind | None:
    style = paragraph.style
    return _KINDS.get((style.name or "").casefold()) if style is not None else None
