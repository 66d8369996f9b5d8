"""Blocks: what each paragraph is: headline, caption, body, or a kind of furniture (see ``furniture``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attribution.claims import BlockKind
from attribution.pipeline.bylines import (
    byline_names,
    dateline_length,
    has_colon_label,
    is_names_only,
    is_place_line,
    is_time_stamp,
)
from attribution.pipeline.furniture import (
    credit_at_end,
    is_breadcrumb,
    is_caption,
    is_label,
    is_source_line,
    kind_of_line,
)
from attribution.pipeline.segmentation import Range, paragraphs

FURNITURE: frozenset[str] = frozenset(
    ["byline", "dateline", "credit", "breadcrumb", "share", "newsletter", "related", "copyright"]
)
"""Kinds that are no part of the story; headlines and captions are."""

Known = Iterable[tuple[BlockKind, int, int]]
"""Kinds of stretches that a page itself tells, as (kind, start, end)."""

_FINAL = ".!?…\"”’'»:,;"
_HEADLINE_LENGTH = 160
_FIRST_PARAGRAPHS = 6
_HEAD_LINES = 20  # lines among which an article's head ends
_PROSE = 60  # characters of a sentence that can open a story
_LINK_LENGTH = 140
_MOST_LINKS = 12
_FOOTER_LENGTH = 80


def blocks(text: str, paragraphs: Sequence[Range], known: Known = ()) -> list[BlockKind]:
    """The kind of each paragraph; ``known`` goes before what the text shows.

    A headline is one of the first short lines that do not end like a sentence, before the first paragraph that does;
    the same words again are a headline again.
    """
    lines = [text[p.start : p.end] for p in paragraphs]
    kinds: list[str | None] = [kind_of_line(line) for line in lines]
    story = next((i for i, line in enumerate(lines[:_HEAD_LINES]) if _is_prose(line)), min(len(lines), _HEAD_LINES))
    _mark_head(lines, kinds, story)
    _mark_links(lines, kinds, story)
    _mark_footer(lines, kinds, story)
    for kind, start, end in known:
        for i, p in enumerate(paragraphs):
            if start <= p.start and p.end <= end:
                kinds[i] = kind
    return _with_headlines(lines, kinds)


def article_blocks(text: str, *, known: Known = ()) -> list[tuple[BlockKind, int, int]]:
    """The blocks of a text that are not body, in order; datelines and captions' credits apart from their paragraphs."""
    found = paragraphs(text)
    kinds = blocks(text, found, known)
    out: list[tuple[BlockKind, int, int]] = []
    for kind, start, end in sorted(stretches(text, found, kinds), key=lambda block: block[1]):
        if out and out[-1][2] > start:  # a credit cuts its caption short
            before = out[-1][0], out[-1][1], start
            out[-1:] = [before] if text[before[1] : start].strip() else []
        out.append((kind, start, end))
    return [(kind, start, start + len(text[start:end].rstrip())) for kind, start, end in out]


def stretches(text: str, paragraphs: Sequence[Range], kinds: Sequence[BlockKind]) -> list[tuple[BlockKind, int, int]]:
    """The paragraphs that are not body, and the datelines and credits within paragraphs."""
    out: list[tuple[BlockKind, int, int]] = [
        (kind, p.start, p.end) for kind, p in zip(kinds, paragraphs, strict=True) if kind != "body"
    ]
    for kind, p in zip(kinds, paragraphs, strict=True):
        if kind == "caption" and (credit := credit_at_end(text[p.start : p.end])) is not None and credit:
            out.append(("credit", p.start + credit, p.end))
    if dateline := _dateline(text, paragraphs, kinds):
        out.append(("dateline", *dateline))
    return out


def authors(text: str, found: Iterable[tuple[BlockKind, int, int]]) -> list[str]:
    """The names in an article's bylines, each once; ``found`` are its blocks."""
    names = [name for kind, start, end in found if kind == "byline" for name in byline_names(text[start:end])]
    return list(dict.fromkeys(names))


def _is_prose(line: str) -> bool:
    return len(line) > _HEADLINE_LENGTH or (len(line) >= _PROSE and line[-1] in ".!?…\"”’'»" and " " in line)


def _is_short(line: str) -> bool:
    return len(line) <= _HEADLINE_LENGTH and (line[-1] not in _FINAL or line.endswith(("’", "'", "”", '"')))


def _mark_head(lines: Sequence[str], kinds: list[str | None], story: int) -> None:
    """What only its place above the story tells: breadcrumbs, kickers, bylines of names alone, time stamps, places."""
    seen_headline = False
    for i, line in enumerate(lines[:story]):
        if kinds[i]:
            continue
        before = kinds[i - 1] if i else None
        if is_time_stamp(line):
            kinds[i] = "dateline"
        elif is_breadcrumb(line, first=i <= 1) or (
            i == 0 and len(line.split()) <= 2 and _is_short(line) and any(_is_title(x) for x in lines[1:3])
        ):
            kinds[i] = "breadcrumb"
        elif (before == "byline" and len(line.split()) <= 3 and line.startswith("In ")) or (
            seen_headline and is_names_only(line)
        ):
            kinds[i] = "byline"
        elif seen_headline and i >= story - 2 and is_place_line(line):
            kinds[i] = "dateline"
        elif _is_title(line):
            seen_headline = True


def _is_title(line: str) -> bool:
    return _is_short(line) and len(line.split()) >= 3


def _mark_links(lines: Sequence[str], kinds: list[str | None], story: int) -> None:
    """A label such as "Related stories" and the links under it."""
    links = 0
    for i, line in enumerate(lines):
        if kinds[i] in (None, "related") and is_label(line, late=i > story):
            kinds[i] = "related"
            links = _MOST_LINKS
        elif (
            links and kinds[i] is None and len(line) <= _LINK_LENGTH and line[-1] not in ".:;" and line[0] not in '"“«„'
        ):
            kinds[i] = "related"
            links -= 1
        else:
            links = 0


def _mark_footer(lines: Sequence[str], kinds: list[str | None], story: int) -> None:
    """What stands under a story: the agencies it came from, and under the copyright notice names of sites, logos."""
    last = next((i for i in range(len(lines) - 1, -1, -1) if kinds[i] is None and _is_prose(lines[i])), story)
    after = False
    for i in range(last + 1, len(lines)):
        if kinds[i] is None and is_source_line(lines[i]):
            kinds[i] = "credit"
        after = after or kinds[i] == "copyright"
        if after and kinds[i] is None and len(lines[i]) <= _FOOTER_LENGTH and lines[i][-1] not in _FINAL:
            kinds[i] = "copyright"


def _with_headlines(lines: Sequence[str], kinds: Sequence[str | None]) -> list[BlockKind]:
    out: list[BlockKind] = []
    headlines: set[str] = set()
    in_head = len(lines) > 1
    looked_at = 0
    for line, kind in zip(lines, kinds, strict=True):
        if kind:
            if kind == "headline":  # the page told it
                headlines.add(line.casefold())
                looked_at += 1
            out.append(kind)  # type: ignore[arg-type]
            continue
        if is_caption(line):
            out.append("caption")
            continue
        short = _is_short(line)
        if in_head and looked_at < _FIRST_PARAGRAPHS and short and len(line.split()) >= 3:
            headlines.add(line.casefold())
            out.append("headline")
        else:
            in_head = in_head and short
            out.append("headline" if line.casefold() in headlines else "body")
        looked_at += 1
    return out


def _dateline(text: str, paragraphs: Sequence[Range], kinds: Sequence[BlockKind]) -> tuple[int, int] | None:
    """The place and date that open the story's first paragraph."""
    body = [p for p, kind in zip(paragraphs, kinds, strict=True) if kind == "body"]
    labels = sum(has_colon_label(text[p.start : p.end]) for p in body)  # several are those of an interview's speakers
    for p in body[:2]:
        if length := dateline_length(text[p.start : p.end], colon=labels == 1):
            return p.start, p.start + length
    return None
