"""PDF → article: text by pypdf, lines joined to paragraphs, running heads and page numbers left out."""

from __future__ import annotations

import io
import logging
import re
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from attribution.articles.article import make_article
from attribution.articles.limits import MAX_CHARACTERS, MAX_PDF_PAGE_BYTES, MAX_PDF_PAGES, readable
from attribution.articles.print_lines import Line, join_lines
from attribution.articles.source import Source, digest
from attribution.claims import Article
from attribution.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_NO_TITLE = re.compile(
    r"^(?:microsoft word|untitled|document\d*$|slide \d)|\.(?:docx?|indd|qxd|rtf|odt|tex|pdf)$", re.IGNORECASE
)


def read_pdf(source: Source) -> Article:
    """Read a PDF that holds text.

    Raises:
        InputError: damaged, locked with a password, too large, or without text (a scan).
        MissingExtraError: pypdf is not installed.

    """
    try:
        import pypdf
    except ImportError:
        raise MissingExtraError("pdf", "reading PDF") from None
    logging.getLogger("pypdf").addHandler(logging.NullHandler())  # what matters of its warnings becomes our error
    data = source.whole()
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = [] if locked else _pages(reader, source.where)
        facts = {} if locked else _facts(reader)
    except InputError:
        raise
    except pypdf.errors.DependencyError:
        raise MissingExtraError("pdf", "reading a PDF with protection") from None
    except Exception as error:  # pypdf: "broken PDF files might cause other exceptions"
        reason = f"cannot be read as PDF ({type(error).__name__}: {str(error)[:200]})"
        raise InputError(source.where, f"{reason}: print or export it again") from error
    if locked:
        raise InputError(source.where, "the PDF is locked with a password: save it without one")
    text, headline = join_lines(pages)
    if not text:
        raise InputError(source.where, "the PDF holds no text, only pictures of it: run text recognition (OCR) first")
    return make_article(
        text, id_=source.id, source=source.where, reader=f"pypdf {version('pypdf')}", source_sha256=digest(data),
        title=facts.get("title") or (text[slice(*headline)].replace("\n", " ") if headline else None),
        authors=[facts["author"]] if facts.get("author") else [], language=facts.get("language"),
        known_blocks=[("headline", *headline)] if headline else [],
    )  # fmt: skip


def _pages(reader: PdfReader, where: str) -> list[list[Line]]:
    count = len(reader.pages)
    if count > MAX_PDF_PAGES:
        raise InputError(where, f"a PDF of {count:,} pages, more than {MAX_PDF_PAGES:,}: split it into articles")
    pages = []
    length = 0
    for number, page in enumerate(reader.pages, 1):
        lines = _lines(page, f"{where}, page {number}")
        length += sum(len(line.text) for line in lines)
        if length > MAX_CHARACTERS:
            raise InputError(where, f"more than {MAX_CHARACTERS:,} characters by page {number}: split it into articles")
        pages.append(lines)
    return pages


def _lines(page: PageObject, where: str) -> list[Line]:
    """The lines of a page in the order in which they are drawn, with place and size of their first letters."""
    contents = page.get_contents()
    size = len(contents.get_data()) if contents is not None else 0
    if size > MAX_PDF_PAGE_BYTES:
        raise InputError(where, f"{readable(size)} of drawing commands, more than {readable(MAX_PDF_PAGE_BYTES)}")
    lines: list[Line] = []
    parts: list[str] = []
    place = (0.0, 0.0, 0.0)

    def visit(text: str, cm: list[float], tm: list[float], _font: dict[str, Any] | None, size: float) -> None:
        nonlocal place
        for n, part in enumerate(text.split("\n")):
            if n:
                lines.append(Line("".join(parts), *place))
                parts.clear()
            if part.strip() and not any(p.strip() for p in parts):
                x, y = tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
                place = (x, y, abs(size * (tm[3] or tm[1]) * (cm[3] or cm[1])))
            parts.append(part)

    page.extract_text(visitor_text=visit)
    lines.append(Line("".join(parts), *place))
    return [line for line in lines if line.text.strip()]


def _facts(reader: PdfReader) -> dict[str, str]:
    """What the file says about itself. Its dates are those of the file, not of the article, and are left out."""
    meta = reader.metadata
    facts = {"title": meta.title if meta else None, "author": meta.author if meta else None}
    language = reader.root_object.get("/Lang")
    found = {name: " ".join(str(value).split()) for name, value in facts.items() if value}
    if _NO_TITLE.search(found.get("title", "untitled")):
        found.pop("title", None)
    return {**found, "language": str(language)} if language else found
