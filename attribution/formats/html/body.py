"""An article as HTML: the line above it, and its paragraphs, each by its kind, with the claims marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from attribution.claims import Article, Claim
from attribution.formats.fragments import web_address
from attribution.formats.html.margin import Voice
from attribution.formats.html.marks import Marked, Marker, escape, levels
from attribution.pipeline.blocks import blocks
from attribution.pipeline.segmentation import Range, paragraphs


def heading_of(article: Article) -> str:
    """What the article is called: by its title, its first headline, or where it is from."""
    if article.title:
        return article.title
    found = paragraphs(article.text)
    kinds = _kinds(article, found)
    if "headline" not in kinds:
        return article.source or article.id
    first = found[kinds.index("headline")]
    return " ".join(article.text[first.start : first.end].split())


def source_line(article: Article) -> str:
    """The line above the article: outlet, date, and where it is from."""
    address = web_address(article.url)
    facts = [
        f"<b>{escape(article.outlet)}</b>" if article.outlet else "",
        f"<time>{escape(article.published)}</time>" if article.published else "",
        f'<a href="{escape(address)}" rel="noopener noreferrer">{escape(address)}</a>' if address else "",
        "" if address else f"<span>{escape(article.source or article.id)}</span>",
    ]
    return f'<p class="from">{" ".join(f for f in facts if f)}</p>'


def mark_all(heard: Sequence[Voice], claims: Sequence[Claim], *, number: int = 1) -> list[Marked]:
    """The claims of an article as they are marked in its text.

    Args:
        heard: its speakers, see ``voices``, whose colours the claims take.
        claims: its claims, in the order in which they are numbered.
        number: the article's number in the page; its claims' names there are "1-1", "1-2", ….

    """
    colour = {c.id: v.colour for v in heard for c in v.claims}
    return [
        Marked(c, f"{number}-{i}", i, colour[c.id], level)
        for i, (c, level) in enumerate(zip(claims, levels(claims), strict=True), 1)
    ]


def text_html(article: Article, marked: Sequence[Marked], *, heading: str, places: bool = False) -> str:
    """The article's paragraphs, each by its kind; the first headline is the page's heading.

    Args:
        article: the article.
        marked: its claims, see ``mark_all``.
        heading: the heading's tag.
        places: say of each paragraph at which code point of the text it starts (``data-s``), for scripts.

    """
    text = article.text
    found = paragraphs(text)
    kinds = _kinds(article, found)
    marker = Marker(text, marked)
    parts = []
    if "headline" not in kinds:
        parts.append(f'<{heading} class="headline given" dir="auto">{escape(heading_of(article))}</{heading}>')
    seen_headline = False
    for p, kind in zip(found, kinds, strict=True):
        first = kind == "headline" and not seen_headline
        seen_headline = seen_headline or first
        tag = heading if first else "p"
        classes = {"body": "", "headline": ' class="headline"' if first else ' class="again"'}
        style = classes.get(kind, f' class="{kind}"')
        place = f' data-s="{p.start}"' if places else ""
        parts.append(f'<{tag}{style} dir="auto"{place}>{marker.html(p.start, p.end)}</{tag}>')
    return "".join(parts)


def _kinds(article: Article, found: Sequence[Range]) -> list[str]:
    """What each paragraph is: as the article's reader says of most of it, or as its form suggests."""
    if not article.blocks:
        return list(blocks(article.text, found))
    return [_kind(article, p) for p in found]


def _kind(article: Article, p: Range) -> str:
    shares = Counter({"body": p.end - p.start})
    for b in article.blocks:
        if (shared := min(b.span.end, p.end) - max(b.span.start, p.start)) > 0:
            shares[b.kind] += shared
            shares["body"] -= shared
    return shares.most_common(1)[0][0]
