"""Other extractors of quotations beside ours: the same articles, the same score.

    python benchmarks/peers/compare.py --parser parser tests/gold polnear.dev.jsonl --out predictions

Takes gold (.gold files, folders of them, .jsonl), runs every system that is installed, writes what each finds as JSONL
that ``attribution evaluate`` reads, and prints a Markdown table for each gold. *Found*: the content overlaps;
*attributed*: cue and source, too; *who said what*: the content, and the speaker's name is the gold one (all as in
``attribution.evaluation.metrics``). *Direct* counts gold claims of type direct alone, against predictions of that type; a
prediction that lies in a claim of another type counts neither for nor against. ``--top`` leaves out nested claims, for
gold that marks none.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from extractors import System, systems
from parsing import Parses
from spacy.tokens import Doc

from attribution.evaluation.metrics import Item, Scores, gold_items, overlaps, predicted_items, score
from attribution.evaluation.report import read_gold_records

_PACKAGES = {"textacy": "textacy", "SaysWho": "sayswho", "BookNLP": "booknlp"}


def direct(gold: Sequence[Item], predicted: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """Direct quotations alone, on both sides; what lies in a claim of another type is nobody's mistake."""
    wanted = [g for g in gold if g.type == "direct"]
    others = [g for g in gold if g.type != "direct"]
    kept = [
        p for p in predicted
        if p.type == "direct"
        and (any(overlaps(g, p) for g in wanted) or not any(g.content & p.content for g in others))
    ]  # fmt: skip
    return wanted, kept


def installed(system: System) -> bool:
    """False for a peer whose package is missing."""
    package = _PACKAGES.get(system.name.split(",")[0])
    return package is None or importlib.util.find_spec(package) is not None


def predictions(
    system: System, records: Sequence[dict[str, Any]], parsed: dict[str, Doc]
) -> tuple[dict[str, Any], int, float]:
    """Claims by article, articles that it could not read, and seconds of processor time, parsing left out."""
    found: dict[str, Any] = {}
    lost = 0
    started = time.process_time()
    for record in records:
        try:
            found[record["id"]] = system.find(parsed[record["id"]] if system.parsed else record["text"])
        except (ValueError, TypeError, IndexError) as error:  # what the peers are known to fail with
            print(f"{system.name}: {record['id']}: {type(error).__name__}: {str(error)[:80]}", file=sys.stderr)
            found[record["id"]] = []
            lost += 1
    return found, lost, time.process_time() - started


HEAD = (
    "| | found, F1 | attributed, F1 | who said what, F1 | direct: found P | R | F1 | attributed, F1 | who said what, F1 "
    "| articles lost |\n|---|---|---|---|---|---|---|---|---|---|"
)


def cells(everything: Scores, direct_only: Scores, lost: int, *, names_speakers: bool) -> str:
    """A row's cells; a dash where a system does not try."""

    def f1(s: Scores, name: str) -> str:
        return f"{s.by_name[name].f1:.2f}" if name in s.by_name else "–"

    found = direct_only.by_name["content overlap"]
    speakers = ["attribution", "who said what"]
    shown = [
        f1(everything, "content overlap"),
        *(f1(everything, n) if names_speakers else "–" for n in speakers),
        *(f"{x:.2f}" for x in (found.precision, found.recall, found.f1)),
        *(f1(direct_only, n) if names_speakers else "–" for n in speakers),
        str(lost),
    ]
    return " | ".join(shown)


def rows(gold: Path, chosen: Sequence[System], parses: Parses, out: Path | None, *, top: bool) -> list[str]:
    """The lines of a table."""
    records = read_gold_records(gold)
    parsed = {r["id"]: parses(r["text"]) for r in records} if any(s.parsed for s in chosen) else {}
    lines = [HEAD]
    for system in chosen:
        found, lost, seconds = predictions(system, records, parsed)
        print(f"{system.name}: {seconds:.1f} s on {gold.name}", file=sys.stderr)
        if out:
            write(out / f"{gold.stem}.{re.sub(r'[^a-zA-Z]+', '-', system.name).strip('-')}.jsonl", found)
        items = [(gold_items(r), predicted_items(found[r["id"]], r["text"])) for r in records]
        both = score(items, top=top), score([direct(g, p) for g, p in items], top=top)
        lines.append(f"| {system.name} | {cells(*both, lost, names_speakers=system.names_speakers)} |")
    return lines


def write(path: Path, found: dict[str, Any]) -> None:
    """Predictions as ``attribution evaluate`` and score.py read them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps({"id": k, "claims": v}, ensure_ascii=False) + "\n" for k, v in found.items())


def main() -> None:
    """Compare and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("gold", nargs="+", type=Path)
    options.add_argument("--parser", type=Path, required=True, help="what train_parser.py wrote")
    options.add_argument("--out", type=Path, help="folder for what each system finds")
    options.add_argument("--top", action="store_true", help="leave out nested claims")
    options.add_argument("--only", nargs="+", help="systems whose names begin so")
    chosen = options.parse_args()
    wanted = [s for s in systems() if not chosen.only or s.name.startswith(tuple(chosen.only))]
    for system in wanted:
        if not installed(system):
            print(f"{system.name}: not installed (pip install -r benchmarks/peers/requirements.txt)", file=sys.stderr)
    wanted = [s for s in wanted if installed(s)]
    parses = Parses.load(chosen.parser)
    for gold in chosen.gold:
        print(f"\n{gold.name}, {len(read_gold_records(gold))} articles\n")
        print("\n".join(rows(gold, wanted, parses, chosen.out, top=chosen.top)))


if __name__ == "__main__":
    main()
