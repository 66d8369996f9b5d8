"""Who is quoted: counts as a table with bars, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from attribution.formats.rows import role_of
from attribution.formats.table import printable
from attribution.sources.counts import Place, SourceCounts, SpeakerCount

COLUMNS = (
    "article", "speaker_id", "speaker", "kind", "role", "affiliation", "claims", "words", "direct_share", "articles",
    "first_article", "first_published", "first_start", "last_article", "last_published", "last_start",
)  # fmt: skip
_BAR = 24
_EIGHTHS = " ▏▎▍▌▋▊▉█"
Titled = tuple[str, SourceCounts]  # "" over all articles, else the article's title, source or id


def print_sources(console: Console, counted: Iterable[Titled], *, most: int | None = None) -> None:
    """Print a table with a bar a speaker for each count, and a line that sums it up."""
    for title, counts in counted:
        shown = counts.speakers[:most]
        table = Table(
            box=SIMPLE_HEAD, title=printable(title) or None, title_justify="left", title_style="bold", pad_edge=False
        )
        table.add_column("who", overflow="fold", ratio=3)
        table.add_column("kind", overflow="fold")
        for name in ("claims", "words", "direct"):
            table.add_column(name, justify="right", no_wrap=True)
        table.add_column("", no_wrap=True, min_width=8)
        longest = max((s.claims for s in shown), default=1)
        width = _BAR if console.width >= 90 else 10
        for s in shown:
            who = Text(printable(s.speaker.name), style="bold" if s.speaker.kind == "person" else "")
            role = role_of(s.speaker)
            if role:
                who.append(f"\n{printable(role)}", style="dim not bold")
            table.add_row(
                who, s.speaker.kind, str(s.claims), str(s.words), f"{s.direct:.0%}",
                Text(bar(s.claims / longest, width), style="cyan"),
            )  # fmt: skip
        console.print(table)
        console.print(Text(_summary(counts, len(shown)), style="bold"))
        console.print()


def bar(share: float, width: int) -> str:
    """A bar of block characters, exact to an eighth of a character; anything above nothing shows."""
    eighths = max(round(share * width * 8), 1 if share > 0 else 0)
    return "█" * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")


def _summary(counts: SourceCounts, shown: int) -> str:
    more = len(counts.speakers) - shown
    rest = f", {more} more not shown" if more else ""
    return (
        f"{counts.claims} claims by {len(counts.speakers)} speakers in {counts.articles} "
        f"article{'' if counts.articles == 1 else 's'}{rest}: {counts.direct:.0%} direct, {counts.anonymous:.0%} by sources "
        f"without a name, {counts.unattributed:.0%} by nobody"
    )


def as_csv(counted: Iterable[Titled]) -> Iterator[str]:
    """CSV with a header, a speaker a row; ``article`` is empty over all."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for title, counts in counted:
        writer.writerows(_row(title, s) for s in counts.speakers)
    yield buffer.getvalue()


def as_json(counted: Iterable[Titled]) -> Iterator[str]:
    """One JSON array: ``{"article": title or null, …counts}`` for each."""
    records = [{"article": title or None, **counts.model_dump(mode="json")} for title, counts in counted]
    yield json.dumps(records, ensure_ascii=False, indent=1) + "\n"


def _row(title: str, s: SpeakerCount) -> dict[str, object]:
    who = s.speaker
    return {
        "article": title, "speaker_id": who.id, "speaker": who.name, "kind": who.kind, "role": who.role or "",
        "affiliation": who.affiliation or "", "claims": s.claims, "words": s.words, "direct_share": f"{s.direct:.2f}",
        "articles": s.articles, **_placed("first", s.first), **_placed("last", s.last),
    }  # fmt: skip


def _placed(which: str, place: Place) -> dict[str, object]:
    return {
        f"{which}_article": place.article,
        f"{which}_published": place.published or "",
        f"{which}_start": place.start,
    }
