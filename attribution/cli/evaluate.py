"""``attribution evaluate``: score claims against gold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def evaluate(
    gold: Annotated[Path, typer.Argument(help="Gold: a .jsonl file, a .gold file or a folder of .gold files.", show_default=False)],
    predicted: Annotated[Path | None, typer.Argument(help="Predictions as `extract --format jsonl` prints them; without it the gold texts are read now.", show_default=False)] = None,
    top: Annotated[bool, typer.Option("--top", help="Leave out nested claims on both sides: for gold that marks none.")] = False,
    speakers: Annotated[bool, typer.Option("--speakers", help="Score speakers alone, on the gold claims' own spans, by class.")] = False,
    errors: Annotated[int, typer.Option("--errors", min=0, help="With --speakers: show so many errors of each class.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:  # fmt: skip
    """Score claims against gold: spans, whole attributions, and who said what."""
    from attribution.evaluation.report import evaluate_files, evaluate_speakers

    if speakers:
        typer.echo(evaluate_speakers(gold, shown=errors, as_json=as_json))
        return
    typer.echo(evaluate_files(gold, predicted, top=top, as_json=as_json))
