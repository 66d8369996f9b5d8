"""``attribution corpus``: a store of many articles' claims, and what can be asked of it."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from attribution.cli.asking import (
    About,
    As,
    By,
    ExportAs,
    Format,
    Limit,
    OfAct,
    OfKind,
    OfType,
    Outlet,
    Since,
    Speaker,
    StoreFile,
    Sure,
    Until,
    Wait,
    asked_of,
    chosen_of,
    clear_progress,
    errors,
    reading,
    show,
    show_rows,
    terminal,
)
from attribution.cli.exits import NOTHING_USABLE, SOME_FAILED

app = typer.Typer(
    no_args_is_help=True, help="A store of many articles' claims, in one file: add to it, and ask it.", rich_markup_mode="rich"
)  # fmt: skip
_SHOWN = 200


@app.command()
def add(
    store: StoreFile,
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT…", help="What `extract` reads; files of `extract --format jsonl` or `parquet` are not extracted again.", show_default=False)],
    again: Annotated[bool, typer.Option("--again", help="Read stored articles anew that another model or version has read, and replace their claims; those of files replace stored ones.")] = False,
    field: Annotated[str, typer.Option("--field", help="JSONL, CSV, TSV, Parquet: the field that holds the text.")] = "text",
    id_field: Annotated[str, typer.Option("--id-field", help="The same: the field that holds the article's id.")] = "id",
    fetch: Annotated[bool, typer.Option("--fetch", help="Load URLs; without it nothing is ever loaded from the network.")] = False,
    any_language: Annotated[bool, typer.Option("--any-language", help="Read articles, too, that are not in English.")] = False,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes, one thread each; 1 uses all cores in one process.")] = 1,
    model: Annotated[Path | None, typer.Option("--model", help="A model folder instead of the shipped one.", show_default=False)] = None,
    wait: Wait = 30,
) -> None:  # fmt: skip
    """Extract articles and store their claims; what is there already is passed over.

    A changed article becomes a new version, and the old one is kept. After an update --again brings all claims up to date. A run that was stopped goes on when it is started again.
    """
    from attribution.articles.rows import Fields
    from attribution.corpus.adding import Reading, add_inputs
    from attribution.corpus.answers import Added
    from attribution.errors import LanguageError

    settings = Reading(
        workers=workers, model=model, fields=Fields(text=field, id=id_field), fetch=fetch, any_language=any_language
    )  # fmt: skip
    total, failed, skipped = Added(), 0, 0
    started = time.monotonic()
    with errors():
        for each in add_inputs(store, inputs, reading=settings, wait=wait, again=again):
            if isinstance(each, Added):
                total += each
                _progress(total, started)
                continue
            skipped += isinstance(each, LanguageError)
            failed += not isinstance(each, LanguageError)
            clear_progress()
            typer.echo(f"attribution: {each}", err=True)
    clear_progress()
    tail = "".join(
        f"; {_n(n, 'input')} {what}" for n, what in ((failed, "failed"), (skipped, "skipped, not in English")) if n
    )
    anew = f"{total.replaced} read anew, " if again else ""
    done = (
        f"{_n(total.new, 'new article')}, {_n(total.versions, 'new version')}, {anew}{total.known} known; "
        f"{_n(total.claims, 'claim')}{tail}"
    )
    typer.echo(done, err=True)
    usable = total.new + total.versions + total.replaced + total.known
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

    asked = asked_of(
        speaker=speaker, about=about, since=since, until=until, outlets=outlet, acts=act, types=type_, kinds=kind,
        min_confidence=min_confidence, old_versions=old_versions,
    )  # fmt: skip
    chosen = chosen_of(format_)
    width, colour = terminal()
    with reading(store, wait) as opened:
        most = limit or (_SHOWN if chosen is As.table else None)
        found = opened.found(asked, limit=most)
        show(format_of(chosen.value).writer(found, Options(width=width, colour=colour)))
        if most and not limit and (all_ := opened.count(asked)) > most:
            typer.echo(f"attribution: {most} of {all_:,} claims shown; --limit shows more", err=True)


@app.command()
def people(
    store: StoreFile, speaker: Speaker = None, about: About = None, since: Since = None, until: Until = None,
    outlet: Outlet = None, kind: OfKind = None, limit: Limit = None, format_: Format = None, wait: Wait = 10,
) -> None:  # fmt: skip
    """Who is quoted, how much, where and when; all forms of a name count together."""
    from attribution.corpus.answers import Person

    asked = asked_of(speaker=speaker, about=about, since=since, until=until, outlets=outlet, kinds=kind)
    chosen = chosen_of(format_)
    columns = list(Person.model_fields)
    with reading(store, wait) as opened:
        rows = [p.model_dump() for p in opened.people(asked, limit=limit or (_SHOWN if chosen is As.table else None))]
    if chosen is As.table:
        columns = ["name", "kind", "claims", "direct", "articles", "outlets", "first", "last"]
    show_rows(rows, columns, chosen)


@app.command()
def quote(
    store: StoreFile,
    words: Annotated[str, typer.Argument(metavar="WORDS", help="The quotation, or a piece of it.", show_default=False)],
    speaker: Speaker = None, since: Since = None, until: Until = None, outlet: Outlet = None,
    min_score: Annotated[float, typer.Option("--min-score", min=0, max=1, help="Only claims at least this near; 1 is the same words.")] = 0.5,
    limit: Limit = 50, format_: Format = None, wait: Wait = 10,
) -> None:  # fmt: skip
    """Find a quotation in all articles, also altered or in part, with what was changed."""
    asked = asked_of(speaker=speaker, since=since, until=until, outlets=outlet)
    chosen = chosen_of(format_)
    with reading(store, wait) as opened:
        found = opened.quote(words, asked=asked, min_score=min_score, limit=limit)
    if chosen in (As.jsonl, As.json):
        show_rows([m.model_dump(mode="json") for m in found], ["score", "carried", "differences", "claim"], chosen)
        return
    rows = [
        {
            "score": m.score, "how": m.carried, "changes": [_change(d) for d in m.differences], "outlet": m.claim.outlet,
            "published": (m.claim.published or "")[:10], "speaker": m.claim.speaker, "claim": m.claim.text, "article": m.claim.article_id,
        }
        for m in found
    ]  # fmt: skip
    show_rows(
        rows,
        ["score", "how", "changes", "outlet", "published", "speaker", "claim", "article"][
            : 7 if chosen is As.table else 8
        ],
        chosen,
    )


@app.command()
def timeline(
    store: StoreFile, speaker: Speaker = None, about: About = None, since: Since = None, until: Until = None,
    outlet: Outlet = None, act: OfAct = None,
    by: Annotated[By, typer.Option("--by", help="Count by day, week or month.")] = By.day,
    format_: Format = None, wait: Wait = 10,
) -> None:  # fmt: skip
    """How much a speaker said when; times in which nothing was said are left out."""
    asked = asked_of(speaker=speaker, about=about, since=since, until=until, outlets=outlet, acts=act)
    chosen = chosen_of(format_)
    with reading(store, wait) as opened:
        rows: list[dict[str, Any]] = [p.model_dump() for p in opened.timeline(asked, by=by.value)]
    columns = ["start", "claims", "direct", "articles", "outlets"]
    if chosen is As.table and rows:
        most = max(row["claims"] for row in rows)
        rows = [{**row, "": "█" * max(1, round(24 * row["claims"] / most))} for row in rows]
        columns.append("")
    show_rows(rows, columns, chosen)


@app.command()
def variants(
    store: StoreFile, speaker: Speaker = None, about: About = None, since: Since = None, until: Until = None,
    outlet: Outlet = None, limit: Limit = 20, format_: Format = None, wait: Wait = 10,
) -> None:  # fmt: skip
    """Quotations that stand in several wordings in several outlets, and where they differ."""
    asked = asked_of(speaker=speaker, about=about, since=since, until=until, outlets=outlet)
    chosen = chosen_of(format_)
    with reading(store, wait) as opened:
        groups = opened.variants(asked, limit=limit)
    if chosen in (As.jsonl, As.json):
        show_rows([g.model_dump(mode="json") for g in groups], ["speakers", "claims", "outlets", "wordings"], chosen)
        return
    rows = [
        {
            "quotation": number if not i or chosen is As.csv else "", "speaker": group.speakers, "claims": v.claims, "outlets": v.outlets,
            "first": v.first, "changes": [_change(d) for d in v.differences], "wording": v.text,
        }
        for number, group in enumerate(groups, 1)
        for i, v in enumerate(group.wordings)
    ]  # fmt: skip
    show_rows(rows, ["quotation", "speaker", "claims", "outlets", "first", "changes", "wording"], chosen)


@app.command("export")
def export_(
    store: StoreFile,
    output: Annotated[Path, typer.Option("--output", "-o", help="A new folder for the files.", show_default=False)],
    format_: Annotated[ExportAs, typer.Option("--format", "-f", help="Files for data frames, or for everything.")] = ExportAs.parquet,
    wait: Wait = 10,
) -> None:  # fmt: skip
    """Write claims, articles, people and quotations as files, one a table."""
    from attribution.corpus.export import export

    with reading(store, wait) as opened:
        for path in export(opened, output, format=format_.value):
            typer.echo(str(path))


@app.command()
def sql(
    store: StoreFile,
    question: Annotated[str, typer.Argument(metavar="SQL", help="A question over the views claims, articles, quotations and who.", show_default=False)],
    format_: Format = None, wait: Wait = 10,
) -> None:  # fmt: skip
    """Ask a question in SQL; nothing can be changed by it, and no file be read."""
    chosen = chosen_of(format_)
    with reading(store, wait) as opened:
        answer = opened.sql(question)
    columns = [c if answer.columns.count(c) == 1 else f"{c} {i}" for i, c in enumerate(answer.columns, 1)]
    show_rows([dict(zip(columns, row, strict=True)) for row in answer.rows], columns, chosen)


@app.command()
def info(store: StoreFile, format_: Format = None, wait: Wait = 10) -> None:
    """What is in a store: articles, versions, claims, speakers, outlets, days, bytes."""
    with reading(store, wait) as opened:
        row = opened.info().model_dump(mode="json")
    chosen = chosen_of(format_)
    if chosen is As.table:
        show_rows(
            [
                {"": name.replace("_", " "), "value": str(value if value is not None else "–")}
                for name, value in row.items()
            ],
            ["", "value"],
            chosen,
        )
    else:
        show_rows([row], list(row), chosen)


def _change(difference: Any) -> str:
    """ "the war" → "the situation"; + words that were added; − words that were left out."""
    if difference.change == "changed":
        return f"{difference.before} → {difference.after}"
    return f"+ {difference.after}" if difference.change == "added" else f"− {difference.before}"


def _progress(total: Any, started: float) -> None:
    if sys.stderr.isatty() and time.monotonic() - started > 2:
        articles = total.new + total.versions + total.replaced
        rate = articles / (time.monotonic() - started)
        sys.stderr.write(
            f"\r\x1b[K{articles} articles, {total.claims} claims stored, {total.known} known, {rate:.1f} articles a second"
        )
        sys.stderr.flush()


def _n(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
