"""``attribution corpus``: a store of many articles' claims, and what can be asked of it."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from attribution.cli.extract import NOTHING_USABLE, SOME_FAILED, Act, Type

if TYPE_CHECKING:
    from attribution.corpus.answers import Filter
    from attribution.corpus.store import Store

app = typer.Typer(
    no_args_is_help=True, help="A store of many articles' claims, in one file: add to it, and ask it.", rich_markup_mode="rich"
)  # fmt: skip
_SHOWN = 200


class As(StrEnum):
    """How answers are written."""

    table = "table"
    csv = "csv"
    jsonl = "jsonl"
    json = "json"


class ExportAs(StrEnum):
    """Files of an export."""

    parquet = "parquet"
    csv = "csv"


class By(StrEnum):
    """Steps of a timeline."""

    day = "day"
    week = "week"
    month = "month"


class Kind(StrEnum):
    """Kinds of speakers."""

    person = "person"
    organization = "organization"
    government = "government"
    group = "group"
    anonymous = "anonymous"
    document = "document"
    unknown = "unknown"


StoreFile = Annotated[Path, typer.Argument(metavar="STORE", help="The store's file.", show_default=False)]
Speaker = Annotated[str | None, typer.Option("--speaker", help="Only claims of speakers with these words in their name; all forms of the name are found.", show_default=False)]  # fmt: skip
About = Annotated[str | None, typer.Option("--about", help="Only claims with all these words, in any form; phrases in double quotation marks.", show_default=False)]  # fmt: skip
Since = Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="Only from articles published on this day or later.", show_default=False)]  # fmt: skip
Until = Annotated[datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Only from articles published on this day or before.", show_default=False)]  # fmt: skip
Outlet = Annotated[list[str] | None, typer.Option("--outlet", help="Only from this outlet, in any case; may be repeated.", show_default=False)]  # fmt: skip
OfAct = Annotated[list[Act] | None, typer.Option("--act", help="Only this speech act; may be repeated.", show_default=False)]
OfType = Annotated[list[Type] | None, typer.Option("--type", help="Only claims of this type; may be repeated.", show_default=False)]  # fmt: skip
OfKind = Annotated[list[Kind] | None, typer.Option("--kind", help="Only speakers of this kind; may be repeated.", show_default=False)]  # fmt: skip
Sure = Annotated[float, typer.Option("--min-confidence", min=0, max=1, help="Only claims at least this sure.")]
Format = Annotated[As | None, typer.Option("--format", "-f", help="Output format; by default a table on a terminal and JSONL in a pipe.", show_default=False)]  # fmt: skip
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many; a table shows 200 by default.", show_default=False)]  # fmt: skip
Wait = Annotated[float, typer.Option("--wait", min=0, help="Seconds to wait while another process has the store open.")]


@app.command()
def add(
    store: StoreFile,
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT…", help="What `extract` reads; files of `extract --format jsonl` or `parquet` are not extracted again.", show_default=False)],
    field: Annotated[str, typer.Option("--field", help="JSONL, CSV, TSV, Parquet: the field that holds the text.")] = "text",
    id_field: Annotated[str, typer.Option("--id-field", help="The same: the field that holds the article's id.")] = "id",
    fetch: Annotated[bool, typer.Option("--fetch", help="Load URLs; without it nothing is ever loaded from the network.")] = False,
    any_language: Annotated[bool, typer.Option("--any-language", help="Read articles, too, that are not in English.")] = False,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes, one thread each; 1 uses all cores in one process.")] = 1,
    model: Annotated[Path | None, typer.Option("--model", help="A model folder instead of the shipped one.", show_default=False)] = None,
    wait: Wait = 30,
) -> None:  # fmt: skip
    """Extract articles and store their claims; what is there already is passed over.

    A changed article becomes a new version, and the old one is kept. A run that was stopped goes on when it is started again.
    """
    from attribution.articles.rows import Fields
    from attribution.corpus.adding import Reading, add_inputs
    from attribution.corpus.answers import Added
    from attribution.errors import LanguageError

    reading = Reading(
        workers=workers, model=model, fields=Fields(text=field, id=id_field), fetch=fetch, any_language=any_language
    )  # fmt: skip
    total, failed, skipped = Added(), 0, 0
    started = time.monotonic()
    with _errors():
        for each in add_inputs(store, inputs, reading=reading, wait=wait):
            if isinstance(each, Added):
                total += each
                _progress(total, started)
                continue
            skipped += isinstance(each, LanguageError)
            failed += not isinstance(each, LanguageError)
            _clear()
            typer.echo(f"attribution: {each}", err=True)
    _clear()
    tail = "".join(f"; {_n(n, 'input')} {what}" for n, what in ((failed, "failed"), (skipped, "skipped, not in English")) if n)
    done = f"{_n(total.new, 'new article')}, {_n(total.versions, 'new version')}, {total.known} known; {_n(total.claims, 'claim')}{tail}"
    typer.echo(done, err=True)
    usable = total.new + total.versions + total.known
    if failed or (skipped and not usable):
        raise typer.Exit(SOME_FAILED if usable else NOTHING_USABLE)


@app.command()
def claims(
    store: StoreFile, speaker: Speaker = None, about: About = None, since: Since = None, until: Until = None,
    outlet: Outlet = None, act: OfAct = None, type_: OfType = None, kind: OfKind = None, min_confidence: Sure = 0.0,
    old_versions: Annotated[bool, typer.Option("--old-versions", help="Also claims of older versions of changed articles.")] = False,
    limit: Limit = None, format_: Format = None, wait: Wait = 10,
) -> None:  # fmt: skip
    """Who said what: the claims that fit all filters, in the formats of `extract`."""
    from attribution.formats import Options, format_of

    asked = _asked(
        speaker=speaker, about=about, since=since, until=until, outlets=outlet, acts=act, types=type_, kinds=kind,
        min_confidence=min_confidence, old_versions=old_versions,
    )  # fmt: skip
    chosen = _chosen(format_)
    width, colour = _terminal()
    with _reading(store, wait) as opened:
        most = limit or (_SHOWN if chosen is As.table else None)
        found = opened.found(asked, limit=most)
        _print(format_of(chosen.value).writer(found, Options(width=width, colour=colour)))
        if most and not limit and (all_ := opened.count(asked)) > most:
            typer.echo(f"attribution: {most} of {all_:,} claims shown; --limit shows more", err=True)


@app.command()
def people(
    store: StoreFile, speaker: Speaker = None, about: About = None, since: Since = None, until: Until = None,
    outlet: Outlet = None, kind: OfKind = None, limit: Limit = None, format_: Format = None, wait: Wait = 10,
) -> None:  # fmt: skip
    """Who is quoted, how much, where and when; all forms of a name count together."""
    asked = _asked(speaker=speaker, about=about, since=since, until=until, outlets=outlet, kinds=kind)
    chosen = _chosen(format_)
    columns = ["name", "kind", "role", "affiliation", "claims", "direct", "articles", "outlets", "first", "last", "names"]
    with _reading(store, wait) as opened:
        rows = [p.model_dump() for p in opened.people(asked, limit=limit or (_SHOWN if chosen is As.table else None))]
    if chosen is As.table:
        columns = ["name", "kind", "claims", "direct", "articles", "outlets", "first", "last"]
    _rows(rows, columns, chosen)


@app.command()
def quote(
    store: StoreFile,
    words: Annotated[str, typer.Argument(metavar="WORDS", help="The quotation, or a piece of it.", show_default=False)],
    speaker: Speaker = None, since: Since = None, until: Until = None, outlet: Outlet = None,
    min_score: Annotated[float, typer.Option("--min-score", min=0, max=1, help="Only claims at least this near; 1 is the same words.")] = 0.5,
    limit: Limit = 50, format_: Format = None, wait: Wait = 10,
) -> None:  # fmt: skip
    """Find a quotation in all articles, also altered or in part, with what was changed."""
    asked = _asked(speaker=speaker, since=since, until=until, outlets=outlet)
    chosen = _chosen(format_)
    with _reading(store, wait) as opened:
        found = opened.quote(words, asked=asked, min_score=min_score, limit=limit)
    if chosen in (As.jsonl, As.json):
        _rows([m.model_dump(mode="json") for m in found], ["score", "carried", "differences", "claim"], chosen)
        return
    rows = [
        {
            "score": m.score, "how": m.carried, "changes": [_change(d) for d in m.differences], "outlet": m.claim.outlet,
            "published": (m.claim.published or "")[:10], "speaker": m.claim.speaker, "claim": m.claim.text, "article": m.claim.article_id,
        }
        for m in found
    ]  # fmt: skip
    _rows(rows, ["score", "how", "changes", "outlet", "published", "speaker", "claim", "article"][: 7 if chosen is As.table else 8], chosen)


@app.command()
def timeline(
    store: StoreFile, speaker: Speaker = None, about: About = None, since: Since = None, until: Until = None,
    outlet: Outlet = None, act: OfAct = None,
    by: Annotated[By, typer.Option("--by", help="Count by day, week or month.")] = By.day,
    format_: Format = None, wait: Wait = 10,
) -> None:  # fmt: skip
    """How much a speaker said when; times in which nothing was said are left out."""
    asked = _asked(speaker=speaker, about=about, since=since, until=until, outlets=outlet, acts=act)
    chosen = _chosen(format_)
    with _reading(store, wait) as opened:
        rows: list[dict[str, Any]] = [p.model_dump() for p in opened.timeline(asked, by=by.value)]
    columns = ["start", "claims", "direct", "articles", "outlets"]
    if chosen is As.table and rows:
        most = max(row["claims"] for row in rows)
        rows = [{**row, "": "█" * max(1, round(30 * row["claims"] / most))} for row in rows]
        columns.append("")
    _rows(rows, columns, chosen)


@app.command()
def variants(
    store: StoreFile, speaker: Speaker = None, about: About = None, since: Since = None, until: Until = None,
    outlet: Outlet = None, limit: Limit = 20, format_: Format = None, wait: Wait = 10,
) -> None:  # fmt: skip
    """Quotations that stand in several wordings in several outlets, and where they differ."""
    asked = _asked(speaker=speaker, about=about, since=since, until=until, outlets=outlet)
    chosen = _chosen(format_)
    with _reading(store, wait) as opened:
        groups = opened.variants(asked, limit=limit)
    if chosen in (As.jsonl, As.json):
        _rows([g.model_dump(mode="json") for g in groups], ["speakers", "claims", "outlets", "wordings"], chosen)
        return
    rows = [
        {
            "quotation": number if not i or chosen is As.csv else "", "speaker": group.speakers, "claims": v.claims, "outlets": v.outlets,
            "first": v.first, "changes": [_change(d) for d in v.differences], "wording": v.text,
        }
        for number, group in enumerate(groups, 1)
        for i, v in enumerate(group.wordings)
    ]  # fmt: skip
    _rows(rows, ["quotation", "speaker", "claims", "outlets", "first", "changes", "wording"], chosen)


@app.command("export")
def export_(
    store: StoreFile,
    output: Annotated[Path, typer.Option("--output", "-o", help="A new folder for the files.", show_default=False)],
    format_: Annotated[ExportAs, typer.Option("--format", "-f", help="Files for data frames, or for everything.")] = ExportAs.parquet,
    wait: Wait = 10,
) -> None:  # fmt: skip
    """Write claims, articles, people and quotations as files, one a table."""
    from attribution.corpus.export import export

    with _reading(store, wait) as opened:
        for path in export(opened, output, format=format_.value):
            typer.echo(str(path))


@app.command()
def sql(
    store: StoreFile,
    question: Annotated[str, typer.Argument(metavar="SQL", help="A question over the views claims, articles, quotations and who.", show_default=False)],
    format_: Format = None, wait: Wait = 10,
) -> None:  # fmt: skip
    """Ask a question in SQL; nothing can be changed by it, and no file be read."""
    chosen = _chosen(format_)
    with _reading(store, wait) as opened:
        answer = opened.sql(question)
    columns = [c if answer.columns.count(c) == 1 else f"{c} {i}" for i, c in enumerate(answer.columns, 1)]
    _rows([dict(zip(columns, row, strict=True)) for row in answer.rows], columns, chosen)


@app.command()
def info(store: StoreFile, format_: Format = None, wait: Wait = 10) -> None:
    """What is in a store: articles, versions, claims, speakers, outlets, days, bytes."""
    with _reading(store, wait) as opened:
        row = opened.info().model_dump(mode="json")
    chosen = _chosen(format_)
    if chosen is As.table:
        _rows([{"": name.replace("_", " "), "value": str(value if value is not None else "–")} for name, value in row.items()], ["", "value"], chosen)
    else:
        _rows([row], list(row), chosen)


def _asked(**given: Any) -> Filter:
    """The filter of the options, or exit with usage."""
    from attribution.corpus.answers import Filter

    values = {name: _plain(value) for name, value in given.items() if value is not None}
    since, until = values.get("since"), values.get("until")
    if since and until and until < since:
        raise typer.BadParameter(f"--until {until} is before --since {since}")
    return Filter(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return date(value.year, value.month, value.day)
    if isinstance(value, list):
        return tuple(str(each) for each in value)
    return value


@contextmanager
def _reading(path: Path, wait: float) -> Iterator[Store]:
    from attribution.corpus.store import Store

    with _errors(), Store.open(path, read_only=True, wait=wait) as opened:
        yield opened


@contextmanager
def _errors() -> Iterator[None]:
    """A wrong question or target ends with the code for usage, a store that cannot be used with that for nothing usable."""
    from attribution.errors import OutputError, QuestionError, StoreError

    try:
        yield
    except (StoreError, OutputError) as error:
        _clear()
        typer.echo(f"attribution: {error}", err=True)
        raise typer.Exit(2 if isinstance(error, QuestionError | OutputError) else NOTHING_USABLE) from error


def _chosen(name: As | None) -> As:
    return name or (As.table if sys.stdout.isatty() else As.jsonl)


def _terminal() -> tuple[int, bool]:
    on_terminal = sys.stdout.isatty()
    return (shutil.get_terminal_size().columns if on_terminal else int(os.environ.get("COLUMNS") or 100)), on_terminal


def _rows(rows: Iterable[dict[str, Any]], columns: Sequence[str], chosen: As) -> None:
    from attribution.formats.answers import AnswerFormat, as_rows

    width, colour = _terminal()
    _print(as_rows(rows, columns, AnswerFormat(chosen.value), width=width, colour=colour))


def _print(parts: Iterable[str]) -> None:
    try:
        for part in parts:
            sys.stdout.write(part)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


def _change(difference: Any) -> str:
    """ "the war" → "the situation"; + words that were added; − words that were left out."""
    if difference.change == "changed":
        return f"{difference.before} → {difference.after}"
    return f"+ {difference.after}" if difference.change == "added" else f"− {difference.before}"


def _progress(total: Any, started: float) -> None:
    if sys.stderr.isatty() and time.monotonic() - started > 2:
        articles = total.new + total.versions
        rate = articles / (time.monotonic() - started)
        sys.stderr.write(f"\r\x1b[K{articles} articles, {total.claims} claims stored, {total.known} known, {rate:.1f} articles a second")
        sys.stderr.flush()


def _clear() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _n(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
