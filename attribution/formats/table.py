"""The who-said-what table for a terminal."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from attribution.claims import ArticleClaims, Claim
from attribution.formats.fragments import link
from attribution.formats.registry import Options
from attribution.formats.rows import fullest_role, kind_of_act, role_of

_NARROW = 100
_STYLES = {"person": "bold", "organization": "bold cyan", "government": "bold cyan", "document": "italic",
           "group": "", "anonymous": "yellow", "unknown": "dim"}  # fmt: skip
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def printable(text: str) -> str:
    """Text fit for a terminal: white space folded; control, zero-width and direction characters taken out."""
    return re.sub(r"\s+", " ", _UNSAFE.sub("", text.replace("\t", " "))).strip()


def as_table(articles: Iterable[ArticleClaims], options: Options) -> Iterator[str]:
    """A table for each article as it comes (or one by speaker), and a summary line.

    With ``options.where`` a claim's words are a link on a terminal, and elsewhere the links stand under the table.
    """
    buffer = io.StringIO()
    console = Console(
        file=buffer, width=options.width, highlight=False, soft_wrap=False, force_terminal=options.colour or None
    )
    seen: list[Claim] = []
    count = 0
    kept: list[ArticleClaims] = []
    for found in articles:
        count += 1
        seen.extend(found.claims)
        if options.by_speaker:
            kept.append(found)
            continue
        console.print(_article(found, options))
        buffer.write(_links([(found, c) for c in found.claims], options))
        yield _drained(buffer)
    for table, said in _by_speaker(kept, options) if options.by_speaker else ():
        console.print(table)
        buffer.write(_links(said, options))
        yield _drained(buffer)
    console.print(Text(summary(count, seen), style="bold"))
    yield _drained(buffer)


def _drained(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _links(claims: Sequence[tuple[ArticleClaims, Claim]], options: Options) -> str:
    """Lines "3  https://…", never wrapped, so that they can be copied; none on a terminal, where the words are links."""
    if not options.where or options.colour:
        return ""
    links = [(options.numbers.get(c.id, i), link(found.article, c)) for i, (found, c) in enumerate(claims, 1)]
    lines = [f"{i:>3}  {where}\n" for i, where in links if where]
    return "".join([*lines, "\n"]) if lines else ""


def _linked(found: ArticleClaims, claim: Claim, options: Options) -> Text:
    """A claim's words, a link on a terminal."""
    where = link(found.article, claim) if options.where and options.colour else None
    return Text(printable(claim.content.text), style=f"link {where}" if where else "")


def summary(articles: int, claims: Sequence[Claim]) -> str:
    """ "24 claims by 9 speakers in 1 article (8 direct, 12 indirect, 4 mixed; 2 without a speaker)"."""
    types = Counter(c.type for c in claims)
    speakers = len({c.speaker.name for c in claims if c.speaker.name})
    nobody = sum(not c.speaker.name for c in claims)
    parts = ", ".join(f"{types[t]} {t}" for t in ("direct", "indirect", "mixed") if types[t])
    tail = f" ({parts}{f'; {nobody} without a speaker' if nobody else ''})" if claims else ""
    return f"{_n(len(claims), 'claim')} by {_n(speakers, 'speaker')} in {_n(articles, 'article')}{tail}"


def _n(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _article(found: ArticleClaims, options: Options) -> RenderableType:
    a = found.article
    heading = Text(printable(a.title or a.source or a.id), style="bold underline")
    if a.title and a.source:
        heading.append(f"  {printable(a.source)}", style="dim not underline")
    if not found.claims:
        return Group(heading, Text("no claims found\n", style="dim"))
    table = _table(options.width)
    numbers = {c.id: options.numbers.get(c.id, i) for i, c in enumerate(found.claims, 1)}
    for c in found.claims:
        table.add_row(*_cells(c, _linked(found, c, options), str(numbers[c.id]), options.width, numbers))
    return Group(heading, table)


def _by_speaker(
    articles: Sequence[ArticleClaims], options: Options
) -> Iterator[tuple[RenderableType, list[tuple[ArticleClaims, Claim]]]]:
    groups: dict[tuple[str, str], list[tuple[ArticleClaims, Claim]]] = {}
    for found in articles:
        for c in found.claims:
            groups.setdefault((c.speaker.name, c.speaker.kind), []).append((found, c))
    several = len(articles) > 1
    for (name, kind), claims in sorted(groups.items(), key=lambda g: (not g[0][0], -len(g[1]), g[0])):
        described = fullest_role(c.speaker for _, c in claims)
        heading = Text(printable(name) or "nobody named", style=f"underline {_STYLES[kind]}")
        heading.append(
            f"  {kind}{f', {printable(described)}' if described else ''}, {_n(len(claims), 'claim')}",
            style="dim not underline",
        )
        table = Table(box=SIMPLE_HEAD, expand=True, show_header=False, pad_edge=False, padding=(0, 1))
        table.add_column(ratio=1, overflow="fold")
        table.add_column(ratio=4, overflow="fold")
        table.add_column(ratio=2 if several else 1, overflow="fold")
        for found, c in claims:
            where = f"{printable(c.article.id)} ¶{c.paragraph + 1}" if several else f"¶{c.paragraph + 1}"
            table.add_row(Text(_cue(c)), _linked(found, c, options), Text(f"{kind_of_act(c)}\n{where}", style="dim"))
        yield Group(heading, table), claims


def _table(width: int) -> Table:
    table = Table(box=SIMPLE_HEAD, expand=True, pad_edge=False, padding=(0, 1), header_style="dim")
    table.add_column("#", style="dim", justify="right", no_wrap=True)
    table.add_column("who", ratio=5 if width < _NARROW else 3, overflow="fold")
    if width >= _NARROW:
        table.add_column("cue", ratio=2, overflow="fold")
    table.add_column("what", ratio=9 if width < _NARROW else 7, overflow="fold")
    table.add_column("how", ratio=4 if width < _NARROW else 2, overflow="fold", style="dim")
    return table


def _cells(c: Claim, what: Text, number: str, width: int, numbers: dict[str, int]) -> list[Text]:
    who = Text(printable(c.speaker.name) or "nobody named", style=_STYLES[c.speaker.kind])
    if role := role_of(c.speaker):
        who.append(f"\n{printable(role)}", style="not bold dim")
    inside = f" in {numbers[c.parent]}" if c.parent in numbers else ""
    how = Text(
        f"{kind_of_act(c)}{inside}\n¶{c.paragraph + 1}{'' if c.block == 'body' else f' {c.block}'} {c.confidence:.0%}"
    )
    if width >= _NARROW:
        return [Text(number), who, Text(_cue(c)), what, how]
    if c.cue:
        who.append(f"\n{_cue(c)}:", style="not bold italic")
    return [Text(number), who, what, how]


def _cue(c: Claim) -> str:
    return printable(c.cue.text) if c.cue else ""
