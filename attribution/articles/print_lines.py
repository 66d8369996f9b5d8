"""Printed lines → paragraphs: joined over line and page ends, hyphens at line ends taken out where they part a word.

A paragraph ends where the gap to the next line is wider than usual, the next line is indented or of another size, or a
line that ends a sentence stops short of the margin.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

_PAGE_NUMBER = re.compile(r"^\W*(?:page|p\.)?\s*\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?\W*$", re.IGNORECASE)
_END = re.compile(r"[.!?:…][\"'”’»)\]]*$")
_HYPHENS = "-\u2010\u00ad"
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_EDGE_LINES = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: its text, the place of its beginning in points from the lower left, the height of its letters."""

    text: str
    x: float
    y: float
    size: float


def join_lines(pages: Sequence[Sequence[Line]]) -> tuple[str, tuple[int, int] | None]:
    """The text of the pages, paragraphs apart by an empty line, and the place of the headline: the largest letters of
    the first page, if they are larger than the body's.
    """
    kept = _without_running_lines(pages)
    lines = [line for page in kept for line in page]
    if not lines:
        return "", None
    breaks = _breaks(kept)
    words = Counter(w.casefold() for line in lines for w in _WORD.findall(line.text))
    paragraphs: list[str] = []
    sizes: list[float] = []
    for line, starts in zip(lines, breaks, strict=True):
        piece = " ".join(line.text.split())
        if starts or not paragraphs:
            paragraphs.append(piece)
            sizes.append(line.size)
        else:
            paragraphs[-1] = _joined(paragraphs[-1], piece, words)
    paragraphs = [p.replace("\u00ad", "") for p in paragraphs]
    return "\n\n".join(paragraphs), _headline(paragraphs, sizes, _body_size(lines))


def _without_running_lines(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Pages without heads and feet that repeat, but for their numbers, on half of the pages, and without page numbers."""
    edges = [_edges(page) for page in pages]
    counts = Counter(key for page in edges for key in {_key(line) for line in page})
    often = max(2, len(pages) / 2)
    return [
        [x for x in page if x not in edge or not (counts[_key(x)] >= often or _PAGE_NUMBER.match(x.text.strip()))]
        for page, edge in zip(pages, edges, strict=True)
    ]


def _edges(page: Sequence[Line]) -> list[Line]:
    down = sorted(page, key=lambda line: -line.y)
    return down[:_EDGE_LINES] + down[_EDGE_LINES:][-_EDGE_LINES:]


def _key(line: Line) -> str:
    return re.sub(r"\d+", "0", " ".join(line.text.split()).casefold())


def _body_size(lines: Sequence[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0]


def _breaks(pages: Sequence[Sequence[Line]]) -> list[bool]:
    """For each line whether a paragraph starts there. Distances are told in sizes of letters."""
    body = _body_size([line for page in pages for line in page])
    gaps = [
        (a.y - b.y) / (b.size or 10) for page in pages for a, b in pairwise(page)
        if 0 < a.y - b.y < 4 * body and abs(a.size - b.size) < 0.1 * body
    ]  # fmt: skip
    leading = _leading(gaps)
    lengths = sorted(len(line.text) for page in pages for line in page if abs(line.size - body) < 0.1 * body)
    full = lengths[int(0.8 * (len(lengths) - 1))] if lengths else 0
    out: list[bool] = []
    before: Line | None = None
    for page in pages:
        for n, line in enumerate(page):
            after = page[n + 1] if n + 1 < len(page) else None
            out.append(before is None or _starts(before, line, after, leading, full, new_page=n == 0))
            before = line
    return out


def _leading(gaps: Sequence[float]) -> float:
    """The usual distance of two lines: the median of the smaller half of the gaps, as paragraphs are farther apart."""
    ordered = sorted(gaps)
    return median(ordered[: max(1, (len(ordered) + 1) // 2)]) if ordered else 0.0


def _starts(a: Line, b: Line, after: Line | None, leading: float, full: int, *, new_page: bool) -> bool:
    if abs(a.size - b.size) > 0.08 * max(a.size, b.size):
        return True
    ended = bool(_END.search(a.text.rstrip()))
    opens = not b.text.lstrip()[:1].islower()
    em = b.size or 10
    indented = b.text.startswith("  ") or (
        0.8 * em < b.x - (after.x if after else a.x) < 6 * em and b.x - a.x > -0.5 * em and ended
    )
    if new_page or b.y > a.y + 0.5 * em:  # a new page or column
        return ended and opens and (indented or len(a.text) < 0.8 * full)
    if leading and a.y - b.y > 1.3 * leading * em:
        return True
    if a.y - b.y < 0.2 * em:  # the same line, in pieces
        return False
    return indented or (ended and opens and len(a.text) < 0.75 * full)


def _joined(before: str, after: str, words: Counter[str]) -> str:
    """Two lines as one; a hyphen between them goes unless the text writes the word with it elsewhere."""
    if (
        not before
        or before[-1] not in _HYPHENS
        or len(before) < 2
        or not before[-2].isalpha()
        or not after[:1].islower()
    ):
        return f"{before} {after}"
    first, second = _WORD.findall(before[:-1]), _WORD.findall(after)
    whole = f"{first[-1]}{second[0]}".casefold() if first and second else ""
    parted = f"{first[-1]}-{second[0]}".casefold() if first and second else ""
    if before[-1] != "\u00ad" and words[parted] > words[whole]:
        return before + after
    return before[:-1] + after


def _headline(paragraphs: Sequence[str], sizes: Sequence[float], body: float) -> tuple[int, int] | None:
    first = 8  # paragraphs among which a headline is looked for
    best = max(range(min(first, len(paragraphs))), key=lambda n: (sizes[n], -n))
    if sizes[best] < 1.25 * body or len(paragraphs[best]) > 300 or len(paragraphs) == 1:
        return None
    start = sum(len(p) + 2 for p in paragraphs[:best])
    return start, start + len(paragraphs[best])
