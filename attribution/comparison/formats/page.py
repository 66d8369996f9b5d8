"""A self-contained page: shared claims side by side with what differs marked, what one article has alone, and room.

It has the look of the page of ``attribution.formats.html``, fetches nothing and runs no script; its policy forbids both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from attribution.comparison.formats import phrases
from attribution.comparison.models import Column, Comparison, Room, Row, Version
from attribution.formats.fragments import web_address
from attribution.formats.html.marks import escape
from attribution.formats.html.page import COLOURS, colours
from attribution.formats.registry import Options

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def as_html(found: Comparison, options: Options) -> Iterator[str]:
    """One page."""
    hues = {r.speaker.id + r.speaker.name: f"h{i % COLOURS}" for i, r in enumerate(found.rooms)}
    labels = phrases.labels(found)
    yield (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">'
        f"<title>{escape(' / '.join(labels))} — who said what, side by side</title>"
        f'<style>{_style()}</style></head><body><main class="compare">'
    )
    yield _top(found)
    if found.shared:
        yield f"<h2>{'In both' if len(labels) == 2 else 'In several'}</h2>"
        yield from (_row(row, labels, hues.get(row.speaker.id + row.speaker.name, "h")) for row in found.shared)
    yield _onlies(found, labels)
    yield _rooms(found.rooms, labels, hues)
    yield "</main></body></html>\n"


@cache
def _style() -> str:
    page = (files("attribution.formats.html") / "page.css").read_text(encoding="utf-8").strip()
    return page + colours() + (files(__package__) / "page.css").read_text(encoding="utf-8").strip()


def _top(found: Comparison) -> str:
    key = (
        '<ul class="key" aria-label="Key"><li><mark>changed</mark> other words stand there elsewhere</li>'
        "<li><ins>added</ins> only this version has it</li></ul>"
    )
    listed = "".join(_article(c) for c in found.articles)
    return (
        f'<header><h1>Who said what, side by side</h1><p class="sum">{escape(phrases.summary(found))}</p>{key}'
        f'<ul class="articles">{listed}</ul></header>'
    )


def _article(column: Column) -> str:
    article = column.article
    address = web_address(article.url)
    facts = [
        escape(article.title) if article.title else "",
        f"<time>{escape(article.published)}</time>" if article.published else "",
        f'<a href="{escape(address)}" rel="noopener noreferrer">{escape(address)}</a>' if address else "",
        f"{phrases.n(column.claims, 'claim')}, {phrases.n(column.words, 'word')}",
    ]
    return f"<li><b><bdi>{escape(column.label)}</bdi></b>{' · '.join(f for f in facts if f)}</li>"


def _row(row: Row, labels: Sequence[str], hue: str) -> str:
    role = phrases.described(row)
    absent = phrases.missing(row, labels)
    versions = "".join(_version(v, labels) for v in row.versions)
    if row.missing and len(labels) <= 3:
        versions += "".join(
            f'<div class="version none"><h3>{escape(labels[i])}</h3><p>–</p></div>' for i in row.missing
        )
    return (
        f'<section class="row {hue}" id="r{row.id}"><header>'
        f'<span class="name"><bdi>{escape(phrases.speaker(row))}</bdi></span>'
        + (f'<span class="role"><bdi>{escape(role)}</bdi></span>' if role else "")
        + "".join(f'<span class="verdict">{escape(v)}</span>' for v in phrases.verdicts(row))
        + (f'<span class="absent">{escape(absent)}</span>' if absent and len(labels) > 3 else "")
        + f'</header><div class="versions">{versions}</div></section>'
    )


def _version(version: Version, labels: Sequence[str]) -> str:
    again = "".join(f'<span class="facts">also: <bdi>{escape(c.content.text)}</bdi></span>' for c in version.again)
    return (
        f'<div class="version"><h3><bdi>{escape(labels[version.article])}</bdi></h3>'
        f'<p class="said"><bdi>{_words(version)}</bdi></p>{_facts(version)}{again}</div>'
    )


def _facts(version: Version) -> str:
    manner = escape(phrases.manner(version))
    sign = f'<span class="sign {version.type}">{version.type}</span>' if version.type else ""
    shown = manner.replace(str(version.type), sign, 1) if sign else manner
    return f'<span class="facts">{f"<b>≠</b> {shown}" if version.credit.differs else shown}</span>'


def _words(version: Version) -> str:
    tags = {"same": "", "changed": "mark", "added": "ins"}
    parts = []
    for i, s in enumerate(version.stretches):
        if i and s.start != version.stretches[i - 1].end:
            parts.append(" … " if version.stretches[i - 1].state == "same" == s.state else " ")
        tag = tags[s.state]
        parts.append(f"<{tag}>{escape(s.text)}</{tag}>" if tag else escape(s.text))
    return "".join(parts)


def _onlies(found: Comparison, labels: Sequence[str]) -> str:
    lists = [_only(labels[i], rows) for i in range(len(labels)) if (rows := found.only(i))]
    return f'<h2>In one only</h2><div class="onlies">{"".join(lists)}</div>' if lists else ""


def _only(label: str, rows: Sequence[Row]) -> str:
    items = "".join(
        f'<li><p class="name"><bdi>{escape(phrases.speaker(r))}</bdi></p>'
        f'<p class="said"><bdi>{_words(r.versions[0])}</bdi></p>{_facts(r.versions[0])}</li>'
        for r in rows
    )
    return f'<section class="only"><h3><bdi>{escape(label)}</bdi></h3><ol>{items}</ol></section>'


def _rooms(rooms: Sequence[Room], labels: Sequence[str], hues: dict[str, str]) -> str:
    if not rooms:
        return ""
    most = max((s.words for r in rooms for s in r.shares), default=0) or 1
    head = "".join(f'<th scope="col"><bdi>{escape(x)}</bdi></th>' for x in labels)
    body = []
    for room in rooms:
        cells = "".join(
            f'<td>{phrases.n(s.claims, "claim")}, {phrases.n(s.words, "word")}'
            f'<span class="bar" style="width:{100 * s.words / most:.1f}%"></span></td>'
            if s.claims else '<td class="none">–</td>'
            for s in room.shares
        )  # fmt: skip
        hue = hues[room.speaker.id + room.speaker.name]
        body.append(f'<tr class="{hue}"><th scope="row"><bdi>{escape(room.speaker.name)}</bdi></th>{cells}</tr>')
    return (
        f'<h2>Room</h2><div class="rooms"><table><thead><tr><th scope="col">Speaker</th>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )
