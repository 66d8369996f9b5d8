"""Excel workbook: a sheet of claims, a sheet of speakers.

The header row stays in sight and filters; long words wrap. A cell never becomes a formula, whatever it begins with.
Characters that XML forbids become U+FFFD, and a cell of more than 32,767 characters is cut with an ellipsis, as Excel
holds no more. Rows beyond a sheet's 1,048,576 go on in the next sheet.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from attribution.claims import ArticleClaims, Claim
from attribution.errors import MissingExtraError
from attribution.formats.registry import Options
from attribution.formats.rows import columns, linked_row

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

MAX_ROWS = 1_048_576
MAX_CELL = 32_767
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x0041_ as A
_FORMULA = re.compile(r"['=+\-@\t＝＋－＠]")
_NUMBERS = frozenset("start end paragraph confidence claims direct indirect mixed articles".split())
_WIDTHS = {
    "claim": 70, "speaker": 26, "role": 28, "affiliation": 24, "source": 30, "cue": 18, "title": 36, "file": 24,
    "url": 30, "where": 30, "addressee": 18, "outlet": 18, "published": 20, "article": 20, "claim_id": 18, "parent": 18,
}  # fmt: skip
_SPEAKERS = ("speaker", "kind", "role", "affiliation", "claims", "direct", "indirect", "mixed", "articles")
_LINKS = frozenset(["where", "url"])
_MAX_LINKS, _MAX_LINK = 65_530, 2_079  # Excel's own limits


def write_xlsx(articles: Iterable[ArticleClaims], file: BinaryIO, options: Options) -> None:
    """Write claims as an Excel workbook, a row as its article comes.

    Raises:
        MissingExtraError: openpyxl is not installed.

    """
    try:
        from openpyxl import Workbook
    except ImportError as error:
        raise MissingExtraError("xlsx", "the format xlsx") from error
    book = Workbook(write_only=True)
    try:
        _fill(book, articles, options)
        book.save(file)
    except BaseException:
        for sheet in book.worksheets:
            if not sheet.closed:
                sheet.close()  # else its half-written file complains when it is thrown away
        raise


def _fill(book: Workbook, articles: Iterable[ArticleClaims], options: Options) -> None:
    claims = _Sheets(book, "Claims", columns(where=options.where))
    speakers = _Speakers()
    for found in articles:
        for claim in found.claims:
            claims.append(linked_row(found.article, claim, where=options.where))
            speakers.add(claim)
    claims.close()
    listed = _Sheets(book, "Speakers", _SPEAKERS)
    for cells in speakers.rows():
        listed.append(cells)
    listed.close()


def shown(text: str) -> str:
    """Text as a cell holds it: one kind of line break, no character that XML forbids, no escape but our own."""
    text = _FORBIDDEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _ESCAPE.sub("_x005F_", text)
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + "…"


class _Speakers:
    """Counts of each speaker's claims; all that a workbook keeps in memory of its articles."""

    def __init__(self) -> None:
        self._types: dict[tuple[str, str], Counter[str]] = {}
        self._articles: dict[tuple[str, str], set[str]] = {}
        self._described: dict[tuple[str, str], tuple[str, str]] = {}

    def add(self, claim: Claim) -> None:
        who = claim.speaker
        key = (who.name, who.kind)
        self._types.setdefault(key, Counter())[claim.type] += 1
        self._articles.setdefault(key, set()).add(claim.article.id)
        described = (who.role or "", who.affiliation or "")
        self._described[key] = max(self._described.get(key, ("", "")), described, key=lambda d: (bool(d[1]), len(d[0])))

    def rows(self) -> Iterable[dict[str, str]]:
        for key in sorted(self._types, key=lambda k: (not k[0], -self._types[k].total(), k)):
            types = self._types[key]
            counts = (str(n) for n in (types.total(), types["direct"], types["indirect"], types["mixed"]))
            cells = (*key, *self._described[key], *counts, str(len(self._articles[key])))
            yield dict(zip(_SPEAKERS, cells, strict=True))


class _Sheets:
    """Rows with a header, over as many sheets as they need."""

    def __init__(self, book: Workbook, title: str, names: Sequence[str]) -> None:
        self._book, self._title, self._names = book, title, names
        self._count = self._links = 0
        self._sheet = self._begin()

    def _begin(self) -> WriteOnlyWorksheet:
        from openpyxl.styles import Alignment, Font, PatternFill
        from openpyxl.utils import get_column_letter

        self._count += 1
        self._rows = 1
        self._links = 0
        sheet = self._book.create_sheet(self._title if self._count == 1 else f"{self._title} {self._count}")
        sheet.freeze_panes = "A2"
        for i, name in enumerate(self._names, 1):
            sheet.column_dimensions[get_column_letter(i)].width = _WIDTHS.get(name, 11)
        self._wrap = Alignment(wrap_text=True, vertical="top")
        self._link = Font(color="0563C1", underline="single")
        bold, grey = Font(bold=True), PatternFill("solid", fgColor="E7E6E6")
        header = []
        for name in self._names:
            cell = self._cell(sheet, name, "")
            cell.font, cell.fill = bold, grey
            header.append(cell)
        sheet.append(header)
        return sheet

    def append(self, cells: dict[str, str]) -> None:
        if self._rows >= MAX_ROWS:
            self.close()
            self._sheet = self._begin()
        self._sheet.append([self._cell(self._sheet, cells[name], name) for name in self._names])
        self._rows += 1

    def close(self) -> None:
        """Set the filter over all rows; a sheet is written when its last row is known."""
        from openpyxl.utils import get_column_letter

        self._sheet.auto_filter.ref = f"A1:{get_column_letter(len(self._names))}{self._rows}"

    def _cell(self, sheet: WriteOnlyWorksheet, text: str, name: str) -> Any:
        from openpyxl.cell import WriteOnlyCell

        if name in _NUMBERS and text:
            cell = WriteOnlyCell(sheet, float(text) if "." in text else int(text))
        else:
            cell = WriteOnlyCell(sheet, shown(text))
            cell.data_type = "s"
            cell.quotePrefix = bool(_FORMULA.match(text))
        cell.alignment = self._wrap
        if name in _LINKS and text.startswith(("http://", "https://")) and self._linkable(text):
            cell.hyperlink, cell.font = text, self._link
        return cell

    def _linkable(self, url: str) -> bool:
        self._links += 1
        return self._links <= _MAX_LINKS and len(url) <= _MAX_LINK
