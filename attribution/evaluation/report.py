"""The report: golds of any form against claims found now or before, against an older version, and against floors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from attribution.errors import InputError
from attribution.evaluation.bootstrap import differences
from attribution.evaluation.gold import ClaimGold, Gold, read_gold_records
from attribution.evaluation.measure import Measured, changes, measure, over_all
from attribution.evaluation.metrics import Scores, gold_items, predicted_items, score
from attribution.evaluation.predictions import Predictions, found_now
from attribution.evaluation.table import (
    as_record,
    as_text,
    changes_as_text,
    comparison_record,
    differences_as_text,
)

__all__ = ["Report", "compare", "evaluate", "evaluate_speakers", "read_gold_records"]


def compare(gold: list[dict[str, Any]], predicted: dict[str, list[dict[str, Any]]], *, top: bool = False) -> Scores:
    """Scores of claims in JSON form by article id; an article without predictions counts as empty."""
    return score([(gold_items(g), predicted_items(predicted.get(g["id"], []), g["text"])) for g in gold], top=top)


@dataclass(slots=True)
class Report:
    """What ``evaluate`` found: ``measured`` a gold each, with the predictions it was measured on; ``texts`` for a
    terminal, ``record`` for JSON.
    """

    measured: list[Measured] = field(default_factory=list)
    predictions: list[tuple[Gold, Predictions]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    record: dict[str, Any] = field(default_factory=dict)


def evaluate(
    golds: Sequence[Gold],
    *,
    predicted: Predictions | None = None,
    old: Predictions | None = None,
    top: bool = False,
    model: Path | None = None,
) -> Report:
    """Measure golds, each alone and, where there are several, together.

    Args:
        golds: from ``gold.read_gold_set``.
        predicted: claims found before; None reads the golds' texts now.
        old: an older version's predictions, to tell what has changed since.
        top: leave out nested claims on both sides: for gold that marks none.
        model: a model folder for what is read now; the shipped model by default.

    Raises:
        InputError: predictions were made from other texts.
        ModelError: the model is missing.

    """
    report = Report(record={"golds": []})
    compared = []
    for gold in golds:
        now = predicted if predicted is not None else found_now(gold, model=model)
        report.measured.append(measure(gold, now, top=top))
        report.predictions.append((gold, now))
        record = as_record(report.measured[-1])
        report.texts.append(as_text(report.measured[-1]))
        if old is not None:
            text, record["compare"] = _compared(gold, old, now, report.measured[-1], top=top)
            compared.append(text)
        report.record["golds"].append(record)
    together = over_all(report.measured)
    if together is not None:
        report.texts.append(as_text(together))
        report.record["all"] = as_record(together)
    report.texts += compared
    return report


def _compared(
    gold: Gold, old: Predictions, now: Predictions, measured: Measured, *, top: bool
) -> tuple[str, dict[str, Any]]:
    if not any(id_ in old for id_ in gold.texts()):
        raise InputError(old.where, f"has no article of {gold.name}: nothing to compare with")
    found = differences(measure(gold, old, top=top).tally, measured.tally)
    changed = changes(gold, old, now, top=top) if isinstance(gold, ClaimGold) else None
    text = differences_as_text(gold.name, old.where, found)
    if changed is not None:
        text += "\n" + changes_as_text(changed)
    return text, comparison_record(old.where, found, changed)


def evaluate_speakers(gold: Path, *, shown: int, as_json: bool, model: Path | None = None) -> str:
    """The report on speakers alone: gold spans, with the model's names.

    Args:
        gold: see ``read_gold_records``; articles without named speakers are left out.
        shown: examples of errors to show of each class.
        as_json: accuracy and counts by class as JSON.
        model: a model folder; the shipped model by default.

    Raises:
        InputError: no article names its speakers.

    """
    from attribution.evaluation.speakers import accuracy, readings_by, report
    from attribution.pipeline.reader import load_reader

    records = [r for r in read_gold_records(gold) if any("speaker" in a for a in r["attributions"])]
    if not records:
        raise InputError(str(gold), "no article of it names speakers")
    scores = accuracy(readings_by(load_reader(model)), records)
    if as_json:
        classes = {k: {"right": scores.right[k], "all": n} for k, n in scores.total.items()}
        return json.dumps({"classes": classes, "kinds": scores.kinds, "wrong names": scores.wrong})
    return report(scores, shown=shown)
