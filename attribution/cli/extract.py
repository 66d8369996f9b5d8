"""``attribution extract``: articles in, who said what out."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attribution.cli.exits import NOTHING_USABLE, SOME_FAILED
from attribution.cli.people import listed_people, say_open
from attribution.formats.registry import FormatName

if TYPE_CHECKING:
    from attribution.claims import ArticleClaims, Claim
    from attribution.formats import Format, Options
    from attribution.sources.people_list import PeopleList


class By(StrEnum):
    """What a table is grouped by."""

    article = "article"
    speaker = "speaker"


class Type(StrEnum):
    """Types of claims."""

    direct = "direct"
    indirect = "indirect"
    mixed = "mixed"


class Act(StrEnum):
    """Speech acts."""

    statement = "statement"
    belief = "belief"
    request = "request"
    promise = "promise"
    denial = "denial"
    question = "question"
    prediction = "prediction"
    other = "other"


def extract(
    inputs: Annotated[list[str], typer.Argument(metavar="FILE… | DIRECTORY | GLOB | URL | -", help="Articles: text, HTML, PDF, Word, mail, feeds, JSONL, CSV, Parquet, WARC, also gzip or zstd; folders of them; - for standard input; URLs with --fetch.", show_default=False)],
    format_: Annotated[FormatName | None, typer.Option("--format", "-f", help="Output format; by default what --output ends in, else a table on a terminal and JSONL in a pipe.", show_default=False)] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file or, for brat and cas, folder or .zip, instead of to standard output.", show_default=False)] = None,
    where: Annotated[bool, typer.Option("--where", help="Add links that open the article's page at the claim, where the article has a URL.")] = False,
    excel: Annotated[bool, typer.Option("--excel", help="CSV, TSV: begin with the mark by which Excel knows UTF-8.")] = False,
    by: Annotated[By, typer.Option("--by", help="Group the table by article or by speaker.")] = By.article,
    speaker: Annotated[list[str] | None, typer.Option("--speaker", help="Only claims of speakers whose name holds this; may be repeated.", show_default=False)] = None,
    type_: Annotated[list[Type] | None, typer.Option("--type", help="Only claims of this type; may be repeated.", show_default=False)] = None,
    act: Annotated[list[Act] | None, typer.Option("--act", help="Only this speech act; may be repeated.", show_default=False)] = None,
    min_confidence: Annotated[float, typer.Option("--min-confidence", min=0, max=1, help="Only claims at least this sure.")] = 0.0,
    people: Annotated[Path | None, typer.Option("--people", help="Your list of people (CSV or JSONL: id, name, aliases, role); speakers take its ids and names.", show_default=False)] = None,
    across: Annotated[bool, typer.Option("--across", help="Give the same speaker of several articles one id and one name; everything is read before anything is written.")] = False,
    field: Annotated[str, typer.Option("--field", help="JSONL, CSV, TSV, Parquet: the field that holds the text; dots go into records within records.")] = "text",
    id_field: Annotated[str, typer.Option("--id-field", help="The same: the field that holds the article's id.")] = "id",
    fetch: Annotated[bool, typer.Option("--fetch", help="Load URLs; without it nothing is ever loaded from the network.")] = False,
    any_language: Annotated[bool, typer.Option("--any-language", help="Read articles, too, that are not in English; they are skipped otherwise.")] = False,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes, one thread each; 1 uses all cores in one process.")] = 1,
    model: Annotated[Path | None, typer.Option("--model", help="A model folder instead of the shipped one.", show_default=False)] = None,
) -> None:  # fmt: skip
    """Print who said what in articles.

    Exit codes: 0 all well, 1 unexpected error, 2 wrong usage, 3 some inputs failed, 4 nothing usable.
    """
    from attribution import formats
    from attribution.articles.read import Fields
    from attribution.extraction import extract_many

    numbers: dict[str, int] = {}
    chosen, options = _chosen(format_, output, where=where, excel=excel, by=by, numbers=numbers)
    keep = _filter(speaker or [], [t.value for t in type_ or []], [a.value for a in act or []], min_confidence, numbers)
    tally = Tally()
    results = extract_many(
        inputs, workers=workers, model=model, fields=Fields(text=field, id=id_field), fetch=fetch,
        any_language=any_language, on_error="yield",
    )  # fmt: skip
    listed = listed_people(people)
    found = _as_same(_reported(results, tally), listed, across=across, keep=keep)
    if output is None:
        _print(chosen, found, options)
    else:
        formats.write(found, output, format=chosen.name, options=options)
    if listed is not None:
        say_open(listed, people)
    if tally.skipped:
        typer.echo(f"attribution: {tally.skipped} skipped, not in English (--any-language reads them)", err=True)
    if tally.failed:
        typer.echo(
            f"attribution: {tally.failed} of {tally.failed + tally.skipped + tally.read} inputs failed", err=True
        )
    if tally.failed or (tally.skipped and not tally.read):
        raise typer.Exit(SOME_FAILED if tally.read else NOTHING_USABLE)


def _as_same(
    found: Iterator[ArticleClaims], listed: PeopleList | None, *, across: bool,
    keep: Callable[[ArticleClaims], ArticleClaims],
) -> Iterator[ArticleClaims]:  # fmt: skip
    """Speakers under the ids of the user's list, or of one another; then the filter."""
    if across:
        from attribution.sources.identity import unified

        found = iter(unified(found))
    for one in found:
        yield keep(listed.resolved(one) if listed is not None else one)


class Tally:
    """How many inputs were read and how many failed, shown on stderr while the work is long."""

    def __init__(self) -> None:
        self.read = self.failed = self.skipped = self.claims = 0
        self._started = time.monotonic()
        self._shown = 0.0
        self.visible = sys.stderr.isatty()

    def show(self) -> None:
        """Progress, at most four times a second, after two seconds of work."""
        now = time.monotonic()
        if self.visible and now - self._started > 2 and now - self._shown > 0.25:
            self._shown = now
            rate = self.read / (now - self._started)
            sys.stderr.write(f"\r\x1b[K{self.read} articles, {self.claims} claims, {rate:.1f} articles a second")
            sys.stderr.flush()

    def clear(self) -> None:
        """Take the progress line away."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = 0.0


def _reported(results: Iterator[ArticleClaims | Exception], tally: Tally) -> Iterator[ArticleClaims]:
    from attribution.errors import LanguageError

    for result in results:
        if isinstance(result, Exception):
            tally.skipped += isinstance(result, LanguageError)
            tally.failed += not isinstance(result, LanguageError)
            tally.clear()
            typer.echo(f"attribution: {result}", err=True)
            continue
        tally.read += 1
        tally.claims += len(result.claims)
        tally.show()
        yield result
    tally.clear()


def _filter(
    speakers: list[str], types: list[str], acts: list[str], sure: float, numbers: dict[str, int]
) -> Callable[[ArticleClaims], ArticleClaims]:
    """What drops other claims; what stays keeps the number in its article that ``explain`` knows it by, in ``numbers``."""
    wanted = [s.casefold() for s in speakers]

    def fits(c: Claim) -> bool:
        return (
            (not wanted or any(w in c.speaker.name.casefold() for w in wanted))
            and (not types or c.type in types)
            and (not acts or c.act in acts)
            and c.confidence >= sure
        )

    def keep(found: ArticleClaims) -> ArticleClaims:
        claims = tuple(c for c in found.claims if fits(c))
        if len(claims) == len(found.claims):
            return found
        ids = {c.speaker.id for c in claims}
        numbers.update({c.id: n for n, c in enumerate(found.claims, 1) if fits(c)})
        return found.model_copy(update={"claims": claims, "speakers": tuple(s for s in found.speakers if s.id in ids)})

    return keep


def _chosen(
    name: FormatName | None, output: Path | None, *, where: bool, excel: bool, by: By, numbers: Mapping[str, int]
) -> tuple[Format, Options]:
    """The format and its options, or exit with usage if they do not go together; told before any work is done."""
    from attribution import formats
    from attribution.errors import OutputError
    from attribution.formats.files import check_target
    from attribution.formats.registry import check_options

    on_terminal = output is None and sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if on_terminal else int(os.environ.get("COLUMNS") or 100)
    options = formats.Options(
        where=where, excel=excel, by_speaker=by is By.speaker, width=width, colour=on_terminal, numbers=numbers
    )  # fmt: skip
    try:
        if name:
            chosen = formats.format_of(name)
        elif output is not None:
            chosen = formats.format_for(output)
        else:
            chosen = formats.format_of("table" if on_terminal else "jsonl")
        check_options(chosen, options)
        if output is not None:
            check_target(output, chosen)
        elif chosen.kind != "text":
            what = "a folder" if chosen.kind == "folder" else "a binary file"
            raise OutputError(chosen.name, f"this format is {what}, not for standard output: name a target with -o")
    except OutputError as error:
        typer.echo(f"attribution: {error}", err=True)
        raise typer.Exit(2) from error
    return chosen, options


def _print(chosen: Format, found: Iterator[ArticleClaims], options: Options) -> None:
    """Write to standard output as articles come."""
    try:
        for part in chosen.writer(found, options):
            sys.stdout.write(part)
            sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
