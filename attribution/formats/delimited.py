"""CSV (RFC 4180) and TSV: a header, then a claim a row.

Words of an article must not become a formula when a spreadsheet opens the file: a cell that begins with = + - @ (or
their full-width forms), a tab or a carriage return gets an apostrophe in front, and so does one that begins with
apostrophes before such a character, so that ``unguarded`` gives back every cell as it was.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from attribution.claims import ArticleClaims
from attribution.formats.registry import Options
from attribution.formats.rows import columns, linked_row

_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_MARK = "\ufeff"


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """A cell as it was before ``guarded``."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def as_csv(articles: Iterable[ArticleClaims], options: Options) -> Iterator[str]:
    """Commas, quotation marks where needed, CRLF."""
    yield from _delimited(articles, options, ",")


def as_tsv(articles: Iterable[ArticleClaims], options: Options) -> Iterator[str]:
    """Tabs, and otherwise as CSV: cells with tabs or line breaks stand in quotation marks."""
    yield from _delimited(articles, options, "\t")


def _delimited(articles: Iterable[ArticleClaims], options: Options, delimiter: str) -> Iterator[str]:
    buffer = io.StringIO(newline="")
    if options.excel:
        buffer.write(_MARK)
    writer = csv.DictWriter(buffer, columns(where=options.where), delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    for found in articles:
        for claim in found.claims:
            cells = linked_row(found.article, claim, where=options.where)
            writer.writerow({name: guarded(cell) for name, cell in cells.items()})
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()
