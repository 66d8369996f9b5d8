"""The page: head, index of articles, and each article with its margin.

Everything is in the one file and nothing is fetched: the page's own policy forbids it, and lets only its own few lines
of script run, which light up a claim under the pointer. All else works without them. With several articles the page
is kept until the last has come, as the index stands first.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from attribution.claims import Article, ArticleClaims
from attribution.formats.html.body import heading_of, mark_all, source_line, text_html
from attribution.formats.html.margin import Voice, margin, voices
from attribution.formats.html.marks import Marked, escape
from attribution.formats.registry import Options
from attribution.formats.table import summary

COLOURS = 12
STYLES = ("tokens.css", "marks.css", "page.css")


def as_html(articles: Iterable[ArticleClaims], options: Options) -> Iterator[str]:
    """One page: an article, or an index and the articles."""
    found = [_Entry(i, a) for i, a in enumerate(articles, 1)]
    several = len(found) != 1
    title = "Who said what" if several else f"{heading_of(found[0].found.article)} — who said what"
    language = found[0].found.article.language or "en" if found else "en"
    yield _head(title, language)
    if several:
        yield _index(found)
    for entry in found:
        yield _article(entry, options, several=several)
    yield f"</main><script>{_asset('page.js')}</script></body></html>\n"


@dataclass(frozen=True, slots=True)
class _Entry:
    number: int
    found: ArticleClaims


@cache
def _asset(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8").strip()


def colours() -> str:
    """CSS of the speakers' hues in OKLCH, spread so that neighbours in number lie far apart."""
    order = (250, 55, 150, 350, 300, 100, 205, 25, 275, 125, 325, 180)
    return "".join(f".h{i}{{--h:{hue}}}" for i, hue in enumerate(order))


def _head(title: str, language: str) -> str:
    script = base64.b64encode(hashlib.sha256(_asset("page.js").encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'"
    return (
        f'<!doctype html>\n<html lang="{escape(language)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)}</title><style>{''.join(map(_asset, STYLES))}{colours()}</style></head><body><main>"
    )


def _index(found: Sequence[_Entry]) -> str:
    rows = "".join(
        f'<li><a href="#a{e.number}"><bdi>{escape(heading_of(e.found.article))}</bdi></a> '
        f"<span>{escape(_counted(e.found))}</span></li>"
        for e in found
    )
    total = summary(len(found), [c for e in found for c in e.found.claims])
    return (
        f'<header class="index"><h1>Who said what</h1><p class="sum">{escape(total)}</p>'
        f'<nav aria-label="Articles"><ol>{rows}</ol></nav></header>'
    )


def _counted(found: ArticleClaims) -> str:
    n, outlet = len(found.claims), found.article.outlet
    return f"{f'{outlet} · ' if outlet else ''}{n} claim{'' if n == 1 else 's'}"


def _article(entry: _Entry, options: Options, *, several: bool) -> str:
    article, claims = entry.found.article, entry.found.claims
    heard = voices(claims, colours=COLOURS)
    marked = mark_all(heard, claims, number=entry.number)
    top, below = ("h2", "h3") if several else ("h1", "h2")
    return (
        f'<article id="a{entry.number}">{source_line(article)}<div class="text">{text_html(article, marked, heading=top)}</div>'
        f"{_margin(article, heard, marked, below, options)}</article>"
    )


def _margin(article: Article, heard: Sequence[Voice], marked: Sequence[Marked], heading: str, options: Options) -> str:
    return margin(article, heard, marked, heading=heading, where=options.where)
