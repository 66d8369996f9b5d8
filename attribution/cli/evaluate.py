"""``attribution evaluate``: score claims against gold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attribution.cli.exits import NOTHING_USABLE, SOME_FAILED

if TYPE_CHECKING:
    from attribution.evaluation.gold import Gold
    from attribution.evaluation.report import Report


def evaluate(
    gold: Annotated[list[Path], typer.Argument(metavar="GOLD… [PREDICTED]", help="Gold: JSONL of this project or of GUM's form, .gold files, brat (.ann with .txt, PolNeAR's too), CofeNet's BIO JSONL, and folders of them. One file may be predictions, as `extract --format jsonl` prints them; without it the gold texts are read now.", show_default=False)],
    top: Annotated[bool, typer.Option("--top", help="Leave out nested claims on both sides: for gold that marks none.")] = False,
    compare: Annotated[Path | None, typer.Option("--compare", metavar="OLD", help="Tell what has changed since these predictions: claims gained and lost, differences with intervals.", show_default=False)] = None,
    json_: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write all figures as JSON here; - prints them in the place of tables.", show_default=False)] = None,
    save: Annotated[Path | None, typer.Option("--save", metavar="FILE", help="Write the claims measured as JSONL, to compare with later.", show_default=False)] = None,
    floors: Annotated[Path | None, typer.Option("--floors", metavar="FILE", help="Fail if a figure is below its floor in this file, or the gold is not what the floors hold for.", show_default=False)] = None,
    raise_floors: Annotated[bool, typer.Option("--raise-floors", help="With --floors: set them as high as the figures now allow; never lower.")] = False,
    lower_floors: Annotated[bool, typer.Option("--lower-floors", help="With --raise-floors: let floors go down, and gold change.")] = False,
    speakers: Annotated[bool, typer.Option("--speakers", help="Score speakers alone, on the gold claims' own spans, by class.")] = False,
    errors: Annotated[int, typer.Option("--errors", min=0, help="With --speakers: show so many errors of each class.")] = 0,
    model: Annotated[Path | None, typer.Option("--model", help="A model folder instead of the shipped one.", show_default=False)] = None,
) -> None:  # fmt: skip
    """Score claims against gold: spans, whole attributions, and who said what, with intervals.

    Exit codes: 0 all well, 1 unexpected error, 2 wrong usage, 3 a gold cannot be read or a floor does not hold,
    4 nothing usable.
    """
    if (raise_floors and floors is None) or (lower_floors and not raise_floors):
        raise typer.BadParameter("--raise-floors needs --floors FILE, and --lower-floors needs --raise-floors")
    if speakers:
        _speakers(gold, errors, json_, model)
        return
    from attribution.evaluation.predictions import is_predictions, prediction_lines, read_predictions
    from attribution.evaluation.report import evaluate as evaluated
    from attribution.formats.files import write_lines

    predicted = [p for p in gold if is_predictions(p)]
    if len(predicted) > 1:
        raise typer.BadParameter(
            f"{predicted[0]} and {predicted[1]} are both predictions; one can be measured at a time"
        )
    golds, failed = _read([p for p in gold if p not in predicted])
    if not golds:
        if not failed:
            typer.echo(f"attribution: {predicted[0]}: predictions alone; name the gold too", err=True)
        raise typer.Exit(NOTHING_USABLE)
    report = evaluated(
        golds, predicted=read_predictions(predicted[0]) if predicted else None,
        old=read_predictions(compare) if compare is not None else None, top=top, model=model,
    )  # fmt: skip
    _show(report, json_)
    if save is not None:
        write_lines(prediction_lines(report.predictions), save)
    if floors is not None and not _holds(report, floors, top, raise_floors, lower_floors):
        failed = True
    if failed:
        raise typer.Exit(SOME_FAILED)


def _read(paths: Sequence[Path]) -> tuple[list[Gold], bool]:
    """The golds that can be read, and whether some cannot; a text beside its own .ann is no gold of its own."""
    from attribution.errors import InputError
    from attribution.evaluation.gold import read_gold_set

    golds: list[Gold] = []
    failed = False
    for path in paths:
        if path.suffix == ".txt" and path.with_suffix(".ann") in paths:
            continue
        try:
            golds.append(read_gold_set(path))
        except InputError as error:
            failed = True
            typer.echo(f"attribution: {error}", err=True)
    return golds, failed


def _show(report: Report, json_: Path | None) -> None:
    from attribution.formats.files import write_lines

    if json_ is not None:
        text = json.dumps(report.record, ensure_ascii=False, indent=1)
        if str(json_) == "-":
            typer.echo(text)
            return
        write_lines([text + "\n"], json_)
    typer.echo("\n\n".join(report.texts))


def _holds(report: Report, path: Path, top: bool, raise_: bool, lower: bool) -> bool:
    from attribution.evaluation.floors import missed, raised, read_floors, write_floors

    known = read_floors(path) if path.exists() or not raise_ else {}
    if raise_:
        write_floors(path, raised(known, report.measured, path, top=top, lower=lower))
        return True
    problems = missed(known, report.measured, path, top=top)
    for problem in problems:
        typer.echo(f"attribution: {problem}", err=True)
    return not problems


def _speakers(golds: Sequence[Path], errors: int, json_: Path | None, model: Path | None) -> None:
    from attribution.evaluation.report import evaluate_speakers

    if len(golds) > 1:
        raise typer.BadParameter("--speakers takes one gold")
    if json_ is not None and str(json_) != "-":
        json_.write_text(evaluate_speakers(golds[0], shown=errors, as_json=True, model=model) + "\n", encoding="utf-8")
        return
    typer.echo(evaluate_speakers(golds[0], shown=errors, as_json=json_ is not None, model=model))
