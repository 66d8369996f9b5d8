"""Augmentation of layout: paragraphs, headlines, quotation marks, boilerplate, excerpts.

As in ``attribution.training.augmentation``, each function gives a changed copy in which every span still marks the
same words.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from attribution.pipeline.quotation import quotations
from attribution.pipeline.segmentation import Range, paragraphs, sentences
from attribution.training.corpora import Article, Marked, Spans
from attribution.training.rewriting import Edit, rewrite


def join_paragraphs(article: Article, glue: str) -> Article:
    """Replace every paragraph break by ``glue``: a space makes one paragraph of the article."""
    edits = [(m.start(), m.end(), glue) for m in re.finditer(r"\s*\n\s*", article.text)]
    text, claims = rewrite(article, edits)
    return Article(article.id, text, claims, article.complete, article.annotator)


def recase_headline(article: Article, rng: random.Random) -> Article:
    """Put a short first paragraph into Title Case, UPPER CASE or sentence case."""
    first = paragraphs(article.text)[0]
    head = article.text[first.start : first.end]
    if len(head) > 120:
        return article
    style = rng.choice(("title", "upper", "sentence"))
    if style == "title":
        new = re.sub(r"(?<![\w'’])[a-z]", lambda m: m.group().upper(), head)
    else:
        new = head.upper() if style == "upper" else head[:1] + head[1:].lower()
    if len(new) != len(head):
        return article
    text = article.text[: first.start] + new + article.text[first.end :]
    return Article(article.id, text, article.claims, article.complete, article.annotator)


def split_quotations(article: Article, share: float, rng: random.Random) -> Article:
    """Break some quotations of several sentences into paragraphs, each opened by a mark, the last one alone closed.

    The stretches become spans of their own, as our guide has it.
    """
    text = article.text
    blocks = paragraphs(text)
    breaks: list[tuple[Range, str]] = []
    for q in quotations(text, blocks):
        if q.depth > 1 or not q.closed or rng.random() >= share:
            continue
        inside = sentences(text, Range(q.start + 1, q.end - 1))
        gaps = [Range(a.end, b.start) for a, b in pairwise(inside)]
        gaps = [g for g in gaps if _only_contents_cross(article, g)]
        if gaps:
            breaks.append((rng.choice(gaps), text[q.start]))
    if not breaks:
        return article
    parted = [replace(c, content=_parted(c.content, [g for g, _ in breaks])) for c in article.claims]
    edits: list[Edit] = []
    for gap, mark in breaks:
        edits += [(gap.start, gap.end, "\n\n"), (gap.end, gap.end, mark)]
    new_text, claims = rewrite(Article(article.id, text, parted, article.complete, article.annotator), edits)
    # An insertion at a span's start stays outside it: take the new marks in.
    shift = 0
    opened = set()
    for gap, mark in breaks:
        shift += 2 - (gap.end - gap.start) + len(mark)
        opened.add(gap.end + shift)
    for c in claims:
        c.content = [(s - 1 if s in opened else s, e) for s, e in c.content]
    return Article(article.id, new_text, claims, article.complete, article.annotator)


def _only_contents_cross(article: Article, gap: Range) -> bool:
    """True if some content reaches over the gap and no source, cue or addressee does."""
    others = [x for c in article.claims for role in (c.source, c.cue, c.to or []) for x in role]
    crossed = any(a < gap.start and gap.end < b for c in article.claims for a, b in c.content)
    return crossed and not any(a < gap.end and gap.start < b for a, b in others)


def _parted(spans: Spans, breaks: list[Range]) -> Spans:
    out: Spans = []
    for start, end in spans:
        low = start
        for g in breaks:
            if low < g.start and g.end < end:
                out.append((low, g.start))
                low = g.end
        out.append((low, end))
    return out


def single_marks(article: Article) -> Article:
    """Outer double marks become single ones and inner single ones double, as British papers set them."""
    text = list(article.text)
    for q in quotations(article.text, paragraphs(article.text)):
        opening, closing = ("‘", "’") if q.depth % 2 else ("“", "”")
        if article.text[q.start] not in "\"“‘'":
            continue
        text[q.start] = opening
        if q.closed and article.text[q.end - 1] in "\"”’'":
            text[q.end - 1] = closing
    return Article(article.id, "".join(text), article.claims, article.complete, article.annotator)


def unclose(article: Article, share: float, rng: random.Random) -> Article:
    """Leave out the closing mark of some quotations that end their paragraph, as careless copy does."""
    blocks = paragraphs(article.text)
    ends = {b.end for b in blocks}
    edits = [
        (q.end - 1, q.end, "")
        for q in quotations(article.text, blocks)
        if q.depth == 1 and q.closed and q.end in ends and rng.random() < share
    ]
    text, claims = rewrite(article, edits)
    return Article(article.id, text, claims, article.complete, article.annotator)


_ABOVE = (
    "Skip to main content", "Home | News | Politics | Sport | Opinion", "Share this article", "Advertisement",
    "Breaking news", "Sign up for our daily newsletter", "Listen to this article · 4 min", "LIVE",
    "By Staff Reporter", "Published 14 March 2019", "Updated 3 hours ago", "Photo: Getty Images",
)  # fmt: skip
_BETWEEN = (
    "Advertisement", "Story continues below", "Read more: What we know so far", "RELATED: The week in pictures",
    "Sign up to our morning briefing", "(Photo by Staff/Getty Images)", "Watch: The moment the roof came down",
    "* * *", "Scroll down for video", "Image source, Reuters", "ALSO READ | Ten things to do this weekend",
)  # fmt: skip
_BELOW = (
    "© 2021 All rights reserved.", "Follow us on Twitter and Facebook.", "Get the latest news in your inbox.",
    "Reporting by our staff; editing by the desk", "This article was updated to correct a date.",
    "Have a story for us? Write to the news desk.", "Subscribe now for unlimited access", "Most read",
    "The writer is a columnist.", "More on this story", "Terms of use | Privacy | Contact",
)  # fmt: skip


def add_boilerplate(article: Article, rng: random.Random) -> Article:
    """Put lines that belong to the site, not to the article, above, between and below its paragraphs."""
    blocks = paragraphs(article.text)
    edits: list[Edit] = []
    if rng.random() < 0.6:
        edits.append((0, 0, "".join(line + "\n" for line in rng.sample(_ABOVE, rng.randint(1, 3)))))
    if len(blocks) > 2:
        edits += [
            (blocks[i].start, blocks[i].start, rng.choice(_BETWEEN) + "\n\n")
            for i in sorted(rng.sample(range(1, len(blocks)), 1 + (len(blocks) > 8)))
        ]
    if rng.random() < 0.6:
        end = len(article.text)
        edits.append((end, end, "".join("\n\n" + line for line in rng.sample(_BELOW, rng.randint(1, 3)))))
    text, claims = rewrite(article, edits)
    return Article(article.id, text, claims, article.complete, article.annotator)


def excerpts(article: Article, count: int, rng: random.Random) -> Iterator[Article]:
    """Draw up to ``count`` texts of one to three sentences out of an article, with the claims that stand in them.

    A stretch that a claim reaches across is not drawn.
    """
    text = article.text
    units = [s for p in paragraphs(text) for s in sentences(text, p)]
    for _ in range(count):
        if not units:
            return
        first = rng.randrange(len(units))
        last = min(len(units) - 1, first + rng.randint(0, 2))
        start, end = units[first].start, units[last].end
        kept = []
        for c in article.claims:
            spans = [x for role in (c.source, c.cue, c.content) for x in role]
            inside = [start <= a and b <= end for a, b in spans]
            if all(inside):
                kept.append(c)
            elif any(a < end and start < b for a, b in spans):
                break
        else:
            yield _cut(article, kept, start, end)


def _cut(article: Article, claims: list[Marked], start: int, end: int) -> Article:
    def move(spans: Spans) -> Spans:
        return [(a - start, b - start) for a, b in spans]

    moved = [
        replace(
            c, source=move(c.source), cue=move(c.cue), content=move(c.content),
            to=None if c.to is None else move([x for x in c.to if start <= x[0] and x[1] <= end]),
        )
        for c in claims
    ]  # fmt: skip
    return Article(article.id, article.text[start:end], moved, article.complete, article.annotator)
