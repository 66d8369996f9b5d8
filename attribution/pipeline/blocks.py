"""Blocks: which paragraphs are headlines or captions and which are the article's body."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attribution.pipeline.segmentation import Range

_CREDIT = re.compile(
    r"\((?:[^()]*\b(?:photo|photograph|file|picture|image|credit|getty|courtesy|handout)\b[^()]*"
    r"|(?:photo|picture|image|credit)s?\s*[:/][^()]*|[^()]*/(?:AP|AFP|Reuters|Getty)[^()]*)\)\s*\.?$"
    r"|^(?:photo|picture|image|caption)\s*:",
    re.IGNORECASE,
)
_FINAL = ".!?…\"”’'»:,;"
_HEADLINE_LENGTH = 160
_FIRST_PARAGRAPHS = 6


def blocks(text: str, paragraphs: Sequence[Range]) -> list[str]:
    """The block of each paragraph: "headline", "caption" or "body".

    A headline is one of the first short lines that do not end like a sentence, before the first paragraph that does;
    the same words again are a headline again.
    """
    out: list[str] = []
    headlines: set[str] = set()
    in_head = len(paragraphs) > 1
    for i, p in enumerate(paragraphs):
        line = text[p.start : p.end]
        if _CREDIT.search(line):
            out.append("caption")
            continue
        short = len(line) <= _HEADLINE_LENGTH and (line[-1] not in _FINAL or line.endswith(("’", "'", "”", '"')))
        if in_head and i < _FIRST_PARAGRAPHS and short and len(line.split()) >= 3:
            headlines.add(line.casefold())
            out.append("headline")
            continue
        if not short:
            in_head = False
        out.append("headline" if line.casefold() in headlines else "body")
    return out
