"""Markdown: a section an article, with a table of its claims."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from attribution.claims import ArticleClaims, Claim
from attribution.formats.fragments import link, web_address
from attribution.formats.registry import Options
from attribution.formats.rows import kind_of_act, role_of, text_of

_SPECIAL = re.compile(r"([\\|<>*_`~\[\]#&])")
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def as_markdown(articles: Iterable[ArticleClaims], options: Options) -> Iterator[str]:
    """Tables in the form of GitHub; with ``options.where`` a claim is a link to its place in the page."""
    for found in articles:
        article = found.article
        heading = cell(article.title or article.source or article.id)
        address = web_address(article.url) if options.where else None
        yield f"## [{heading}](<{address}>)\n\n" if address else f"## {heading}\n\n"
        if not found.claims:
            yield "No claims found.\n\n"
            continue
        yield "| Speaker | Cue | Claim | Type, act |\n|---|---|---|---|\n"
        for c in found.claims:
            yield f"| {_who(c)} | {cell(text_of(c.cue))} | {_what(found, c, options)} | {cell(kind_of_act(c))} |\n"
        yield "\n"


def _who(claim: Claim) -> str:
    who = claim.speaker.name or "(nobody named)"
    role = role_of(claim.speaker)
    return cell(f"{who} ({role})" if role else who)


def _what(found: ArticleClaims, claim: Claim, options: Options) -> str:
    words = cell(claim.content.text)
    address = link(found.article, claim) if options.where else None
    return f"[{words}](<{address}>)" if address else words


def cell(text: str) -> str:
    """Text safe in a cell of a table, on one line."""
    return re.sub(r"\s+", " ", _SPECIAL.sub(r"\\\1", _UNSAFE.sub("\ufffd", text))).strip()
