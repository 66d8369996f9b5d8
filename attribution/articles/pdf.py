"""PDF → article: text by pypdf, lines joined to paragraphs, running heads and page numbers left out."""

from __future__ import annotations

import io
import logging
import re
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from attribution.articles.article import make_article
from attribution.articles.limits import MAX_CHARACTERS, MAX_PDF_OPERATIONS, MAX_PDF_PAGE_BYTES, MAX_PDF_PAGES, readable
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
    operations = 0
    for number, page in enumerate(reader.pages, 1):
        drawn = _Page(f"{where}, page {number}", operations)
        pages.append(drawn.lines_of(page))
        operations = drawn.operations
        length += sum(len(line.text) for line in pages[-1])
        if length > MAX_CHARACTERS:
            raise InputError(where, f"more than {MAX_CHARACTERS:,} characters by page {number}: split it into articles")
    return pages


class _Page:
    """The lines of one page, in the order in which they are drawn, with place and size of their first letters."""

    def __init__(self, where: str, operations: int) -> None:
        self._where = where
        self._lines: list[Line] = []
        self._parts: list[str] = []
        self._place = (0.0, 0.0, 0.0)
        self.operations = operations

    def lines_of(self, page: PageObject) -> list[Line]:
        """Draw a page.

        Raises:
            InputError: it has more drawing commands than are read.

        """
        contents = page.get_contents()
        size = len(contents.get_data()) if contents is not None else 0
        if size > MAX_PDF_PAGE_BYTES:
            limit = readable(MAX_PDF_PAGE_BYTES)
            raise InputError(self._where, f"{readable(size)} of drawing commands, more than {limit}")
        page.extract_text(visitor_text=self._text, visitor_operand_before=self._operation)
        if self.operations > MAX_PDF_OPERATIONS:  # asked again, as pypdf passes over what a form raises
            self._too_many()
        self._end_line()
        return [line for line in self._lines if line.text.strip()]

    def _operation(self, *_: Any) -> None:
        self.operations += 1
        if self.operations > MAX_PDF_OPERATIONS:
            self._too_many()

    def _too_many(self) -> None:
        raise InputError(self._where, f"more than {MAX_PDF_OPERATIONS:,} drawing commands: print or export it again")

    def _text(self, text: str, cm: list[float], tm: list[float], _font: dict[str, Any] | None, size: float) -> None:
        for n, part in enumerate(text.split("\n")):
            if n:
                self._end_line()
            if part.strip() and not any(p.strip() for p in self._parts):
                x, y = tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
                self._place = (x, y, abs(size * (tm[3] or tm[1]) * (cm[3] or cm[1])))
            self._parts.append(part)

    def _end_line(self) -> None:
        self._lines.append(Line("".join(self._parts), *self._place))
        self._parts.clear()


def _facts(reader: PdfReader) -> dict[str, str]:
    """What the file says about itself. Its dates are those of the file, not of the article, and are left out."""
    meta = reader.metadata
    facts = {"title": meta.title if meta else None, "author": meta.author if meta else None}
    language = reader.root_object.get("/Lang")
    found = {name: " ".join(str(value).split()) for name, value in facts.items() if value}
    if _NO_TITLE.search(found.get("title", "untitled")):
        found.pop("title", None)
    return {**found, "language": str(language)} if language else found
