"""The article view: the text with its claims marked, and beside it who said what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from attribution import formats
from attribution.claims import Act, ArticleClaims, Claim, ClaimType, Kind, Polarity
from attribution.formats.fragments import link
from attribution.formats.html.body import heading_of, mark_all, source_line, text_html
from attribution.formats.html.margin import Voice, voices
from attribution.formats.html.marks import Marked, is_unsure
from attribution.formats.html.page import COLOURS
from attribution.formats.rows import kind_of_act, role_of
from attribution.formats.table import summary
from attribution.pipeline.segmentation import paragraphs
from attribution.web.pages.templates import render
from attribution.web.reasons import Reason, reasons
from attribution.web.site import TheSite

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Line:
    """A claim as a line of the table and as a card."""

    marked: Marked
    role: str
    manner: str
    reasons: list[Reason]
    inside: int | None
    page: str | None
    copied: str
    speaker: int
    unsure: bool
    corrected: bool

    @property
    def claim(self) -> Claim:
        """The claim itself."""
        return self.marked.claim


@router.get("/articles/{key}", response_class=HTMLResponse)
async def article_page(key: str, request: Request, site: TheSite) -> HTMLResponse:
    """The article view."""
    found = site.article(key)
    review = site.reviews.get(site.as_found(key))
    before = {c.id: c for c in site.as_found(key).claims}
    heard = voices(found.claims, colours=COLOURS)
    marked = mark_all(heard, found.claims)
    address = f"{request.base_url}articles/{key}"
    return render(
        request, "article.html", found=found, key=key, title=heading_of(found.article), heard=heard,
        source=Markup(source_line(found.article)),
        text=Markup(text_html(found.article, marked, heading="h1", places=True)),
        lines=lines(found, marked, heard, before, address), summary=_summary(found),
        corrections=len(review.corrections) if review else 0, formats=formats.FORMATS.values(), choices=CHOICES,
        others=[o for o in site.articles() if o.key != key][:9], place=site.settings.corrections,
    )  # fmt: skip


CHOICES = {"type": get_args(ClaimType), "act": get_args(Act), "kind": get_args(Kind), "polarity": get_args(Polarity)}


def lines(
    found: ArticleClaims, marked: Sequence[Marked], heard: Sequence[Voice], before: dict[str, Claim], address: str
) -> list[Line]:
    """The claims of an article as lines.

    Args:
        found: the article.
        marked: its claims as marked.
        heard: its speakers.
        before: its claims by id as the tool found them, to tell which were corrected.
        address: the page's address, for links to copy.

    """
    numbers = {m.claim.id: m.number for m in marked}
    speaker = {c.id: i for i, v in enumerate(heard) for c in v.claims}
    ranges = paragraphs(found.article.text)
    return [
        Line(
            m, role_of(m.claim.speaker), kind_of_act(m.claim).removeprefix(m.claim.type).strip(), reasons(m.claim, ranges),
            numbers.get(m.claim.parent or ""), link(found.article, m.claim),
            copied(found, m.claim, link(found.article, m.claim) or f"{address}#t{m.key}"), speaker[m.claim.id],
            is_unsure(m.claim), before.get(m.claim.id) != m.claim,
        )
        for m in marked
    ]  # fmt: skip


def copied(found: ArticleClaims, claim: Claim, address: str) -> str:
    """A claim for somebody's notes: words, speaker, where it stands, link."""
    words = " ".join(claim.content.text.split())
    who = ", ".join(x for x in (claim.speaker.name or "nobody named", role_of(claim.speaker)) if x)
    article = found.article
    where = ", ".join(x for x in (article.outlet, heading_of(article), (article.published or "")[:10]) if x)
    manner = "" if claim.type == "direct" else f" [{claim.type}]"
    return f"{words}{manner} — {who} ({where}) {address}"


def _summary(found: ArticleClaims) -> str:
    return summary(1, found.claims).replace(" in 1 article", "") if found.claims else "No claims were found."
