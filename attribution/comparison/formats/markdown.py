"""Markdown: shared claims as tables, changed words in bold; then what one article has alone; then room."""

from __future__ import annotations

from collections.abc import Iterator

from attribution.comparison.formats import phrases
from attribution.comparison.models import Comparison, Row, Version
from attribution.formats.markdown import cell
from attribution.formats.registry import Options


def as_markdown(found: Comparison, options: Options) -> Iterator[str]:
    """Tables in the form of GitHub."""
    labels = [cell(x) for x in phrases.labels(found)]
    yield f"# Who said what, side by side\n\n{cell(phrases.summary(found))}\n\n"
    if found.shared:
        yield "## In several articles\n\n"
    for row in found.shared:
        yield _shared(row, labels)
    for i, label in enumerate(labels):
        if alone := found.only(i):
            yield f"## Only in {label}\n\n| Speaker | Claim | How |\n|---|---|---|\n"
            yield "".join(f"| {_who(r)} | {_words(r.versions[0])} | {_how(r.versions[0])} |\n" for r in alone)
            yield "\n"
    yield from _rooms(found, labels)


def _shared(row: Row, labels: list[str]) -> str:
    absent = phrases.missing(row, labels)
    lines = [f"**{_who(row)}** — {', '.join([*phrases.verdicts(row), *([absent] if absent else [])])}\n"]
    lines += ["| Article | Claim | How |", "|---|---|---|"]
    lines += [f"| {labels[v.article]} | {_words(v)} | {_how(v)} |" for v in row.versions]
    return "\n".join(lines) + "\n\n"


def _who(row: Row) -> str:
    role = phrases.described(row)
    return cell(f"{phrases.speaker(row)} ({role})" if role else phrases.speaker(row))


def _words(version: Version) -> str:
    parts = []
    for i, s in enumerate(version.stretches):
        apart = i > 0 and s.start != version.stretches[i - 1].end
        lead, tail = s.text[: len(s.text) - len(s.text.lstrip())], s.text[len(s.text.rstrip()) :]
        words = cell(s.text)
        marked = words if s.state == "same" or not words else f"**{words}**"
        parts.append(
            f"{' … ' if apart and s.state == 'same' else ' ' if apart or lead else ''}{marked}{' ' if tail else ''}"
        )
    return "".join(parts).strip()


def _how(version: Version) -> str:
    return cell(phrases.manner(version))


def _rooms(found: Comparison, labels: list[str]) -> Iterator[str]:
    if not found.rooms:
        return
    yield "## Room\n\nClaims and words that each article gives a speaker.\n\n"
    yield f"| Speaker | {' | '.join(labels)} |\n|---|{'---|' * len(labels)}\n"
    for room in found.rooms:
        shares = [f"{s.claims} / {s.words}" if s.claims else "–" for s in room.shares]
        yield f"| {cell(room.speaker.name)} | {' | '.join(shares)} |\n"
