"""Evaluate files: gold against predictions, or against what the pipeline finds now."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from attribution.errors import InputError
from attribution.evaluation.markup import read_gold
from attribution.evaluation.metrics import Scores, gold_items, predicted_items, score


def read_gold_records(path: Path) -> list[dict[str, Any]]:
    """Gold articles of a .jsonl file, a .gold file or a folder of .gold files.

    Raises:
        InputError: the path is missing or holds no gold.

    """
    if path.is_dir():
        files = sorted(path.glob("*.gold"))
        if not files:
            raise InputError(str(path), "no .gold files in this folder")
        return [r for f in files for r in read_gold(f)]
    return list(read_gold(path)) if path.suffix == ".gold" else _jsonl(path)


def _jsonl(path: Path) -> list[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # a text may hold other line separators
    except FileNotFoundError:
        raise InputError(str(path), "no such file") from None
    out = []
    for n, line in enumerate(lines, 1):
        if line.strip():
            try:
                out.append(json.loads(line))
            except ValueError as error:
                raise InputError(f"{path}:{n}", f"not JSON ({error})") from error
    return out


def compare(gold: list[dict[str, Any]], predicted: dict[str, list[dict[str, Any]]], *, top: bool = False) -> Scores:
    """Scores of claims in JSON form by article id; an article without predictions counts as empty."""
    return score([(gold_items(g), predicted_items(predicted.get(g["id"], []), g["text"])) for g in gold], top=top)


def evaluate_speakers(gold: Path, *, shown: int, as_json: bool) -> str:
    """The report on speakers alone: gold spans, with the shipped model's names.

    Args:
        gold: see ``read_gold_records``; articles without named speakers are left out.
        shown: examples of errors to show of each class.
        as_json: accuracy and counts by class as JSON.

    Raises:
        InputError: no article names its speakers.

    """
    from attribution.evaluation.speakers import accuracy, readings_by, report
    from attribution.pipeline.reader import load_reader

    records = [r for r in read_gold_records(gold) if any("speaker" in a for a in r["attributions"])]
    if not records:
        raise InputError(str(gold), "no article of it names speakers")
    scores = accuracy(readings_by(load_reader()), records)
    if as_json:
        classes = {k: {"right": scores.right[k], "all": n} for k, n in scores.total.items()}
        return json.dumps({"classes": classes, "kinds": scores.kinds, "wrong names": scores.wrong})
    return report(scores, shown=shown)


def evaluate_files(gold: Path, predicted: Path | None, *, top: bool, as_json: bool) -> str:
    """The report on a gold file, as text or JSON.

    Args:
        gold: see ``read_gold_records``.
        predicted: JSONL of ``attribution extract``; None reads the gold texts with the shipped model.
        top: leave out nested claims.
        as_json: precision, recall, F1 and counts as JSON.

    """
    records = read_gold_records(gold)
    if predicted is not None:
        claims = {d["id"]: d["claims"] for d in _jsonl(predicted)}
    else:
        from attribution.pipeline.reader import load_reader

        reader = load_reader()
        claims = {r["id"]: reader.read([r["text"]])[0] for r in records}
    scores = compare(records, claims, top=top).by_name
    if as_json:
        return json.dumps(
            {k: {"P": s.precision, "R": s.recall, "F": s.f1, "gold": s.gold} for k, s in scores.items() if s.gold}
        )
    missing = [r["id"] for r in records if r["id"] not in claims]
    lines = [
        f"{name:24} P {s.precision:.3f}  R {s.recall:.3f}  F1 {s.f1:.3f}  ({s.gold} gold)"
        if "matched" not in name
        else f"{name:24} {s.precision:.3f}  ({s.gold})"
        for name, s in scores.items()
        if s.gold
    ]
    if missing:
        lines.append(f"no prediction for {len(missing)} articles: {', '.join(missing[:5])}")
    return "\n".join(lines)
