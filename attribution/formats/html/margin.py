"""The table beside an article: speakers with their roles, counts and claims, and the evidence on demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from attribution.claims import Article, Claim, Speaker
from attribution.formats.fragments import link
from attribution.formats.html.marks import Marked, escape
from attribution.formats.rows import kind_of_act, role_of
from attribution.formats.table import summary
from attribution.lexicon.offices import telling

SIGNS = ("direct", "mixed", "indirect")


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker, the claims it makes, and the colour class it has in the page."""

    speaker: Speaker
    claims: tuple[Claim, ...]
    colour: str


def voices(claims: Sequence[Claim], *, colours: int) -> list[Voice]:
    """The speakers of an article, those with most claims first, nobody last; colours go round if there are too many."""
    groups: dict[tuple[str, str], list[Claim]] = {}
    for c in claims:
        groups.setdefault((c.speaker.name, c.speaker.kind), []).append(c)
    ordered = sorted(groups.items(), key=lambda g: (not g[0][0], -len(g[1])))
    return [
        Voice(
            max((c.speaker for c in said), key=lambda s: telling(s.role, s.affiliation)),
            tuple(said),
            f"h{i % colours}" if name else "h",
        )
        for i, ((name, _), said) in enumerate(ordered)
    ]


def margin(article: Article, found: Sequence[Voice], marked: Sequence[Marked], *, heading: str, where: bool) -> str:
    """The table as HTML.

    Args:
        article: the article.
        found: its speakers, see ``voices``.
        marked: its claims as they are marked in the text.
        heading: the heading's tag.
        where: link each claim to the article's page.

    """
    by_id = {m.claim.id: m for m in marked}
    signs = "".join(f'<li><span class="sign {s}">{s}</span></li>' for s in SIGNS)
    claims = [m.claim for m in marked]
    parts = [
        f'<aside class="who" aria-label="Who said what"><{heading}>Who said what</{heading}>',
        f'<p class="sum">{escape(_counted(claims))}</p><ul class="key" aria-label="Key">{signs}</ul>',
    ]
    for voice in found:
        rows = "".join(_row(article, by_id[c.id], by_id, where=where) for c in voice.claims)
        parts.append(f'<section class="{voice.colour}">{_speaker(voice)}<ol>{rows}</ol></section>')
    return "".join([*parts, "</aside>"])


def _counted(claims: Sequence[Claim]) -> str:
    return summary(1, claims).replace(" in 1 article", "") if claims else "No claims found."


def _speaker(voice: Voice) -> str:
    who = voice.speaker
    kind = "" if who.kind in ("person", "unknown") else who.kind
    described = role_of(who)
    under = " · ".join(x for x in (described, kind) if x)
    n = len(voice.claims)
    count = f'<span class="count" title="{n} claim{"s" if n > 1 else ""}">{n}</span>'
    role = f'<p class="role"><bdi>{escape(under)}</bdi></p>' if under else ""
    return f'<p class="name"><bdi>{escape(who.name or "Nobody named")}</bdi> {count}</p>{role}'


def _row(article: Article, m: Marked, by_id: dict[str, Marked], *, where: bool) -> str:
    c = m.claim
    cue = f'<i class="cue">{escape(c.cue.text)}</i> ' if c.cue else ""
    inside = by_id.get(c.parent or "")
    facts = [
        f'<span class="sign {c.type}">{c.type}</span> {escape(kind_of_act(c).removeprefix(c.type).strip())}',
        f'in <a href="#c{inside.key}">{inside.number}</a>' if inside else "",
        f"to <bdi>{escape(c.addressee.text)}</bdi>" if c.addressee else "",
        "" if c.block == "body" else c.block,
        f"{c.confidence:.0%} sure",
        _link(article, c) if where else "",
    ]
    return (
        f'<li id="c{m.key}" data-c="{m.key}"><a class="n {m.colour}" href="#t{m.key}" '
        f'aria-label="claim {m.number} in the article">{m.number}</a>'
        f'<p class="said">{cue}<bdi>{escape(c.content.text)}</bdi></p>'
        f'<p class="facts">{" · ".join(f for f in facts if f)}</p>{_evidence(c)}</li>'
    )


def _link(article: Article, claim: Claim) -> str:
    address = link(article, claim)
    return (
        f'<a href="{escape(address)}" rel="noopener noreferrer" title="Open the page at this claim">page&nbsp;↗</a>'
        if address
        else ""
    )


def _evidence(claim: Claim) -> str:
    if not claim.evidence:
        return ""
    steps = "".join(
        f"<li>{escape(e.step)}: <bdi>“{escape(e.from_)}”</bdi>"
        + (f" → <bdi>{escape(e.to) or 'nobody'}</bdi>" if e.to != e.from_ else "")
        + "</li>"
        for e in claim.evidence
    )
    return f'<div class="why"><details><summary title="Why this speaker">why?</summary><ul>{steps}</ul></details></div>'
