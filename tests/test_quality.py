"""The quality gate: the shipped model on twelve articles that it was never trained on.

Floors go up, never silently down; the fingerprint makes sure that the articles stay what they are.
"""

from __future__ import annotations

import hashlib

import pytest
from conftest import ROOT, SHARED

from attribution.evaluation.metrics import Scores
from attribution.evaluation.report import compare, read_gold_records
from attribution.pipeline.reader import Reader

pytestmark = pytest.mark.model
GOLD = ROOT / "tests" / "gold"
FINGERPRINT = "e169fabf2b1e3dc9ba08e21e7c9fc23a18915eef38a9263f410a376085634df3"
FLOORS = {
    "content exact": 0.87, "content overlap": 0.93, "cue exact": 0.95, "source exact": 0.92, "attribution": 0.90,
    "who said what": 0.86, "type of matched claims": 0.97, "act of matched claims": 0.97,
}  # fmt: skip


@pytest.fixture(scope="module")
def scores(reader: Reader) -> Scores:
    records = read_gold_records(GOLD)
    found = reader.read([r["text"] for r in records])
    return compare(records, {r["id"]: c for r, c in zip(records, found, strict=True)})


def test_the_articles_are_the_same() -> None:
    digest = hashlib.sha256(b"".join(p.read_bytes() for p in sorted(GOLD.glob("*.gold")))).hexdigest()
    assert digest == FINGERPRINT


@pytest.mark.parametrize("figure", FLOORS)
def test_floor(scores: Scores, figure: str) -> None:
    assert scores.by_name[figure].f1 >= FLOORS[figure]


@pytest.mark.skipif(not (SHARED / "gold" / "seeds.jsonl").is_file(), reason="the two inspiring articles are not here")
def test_the_two_inspiring_articles(reader: Reader) -> None:
    records = read_gold_records(SHARED / "gold" / "seeds.jsonl")
    found = compare(records, {r["id"]: reader.read([r["text"]])[0] for r in records})
    assert found.by_name["who said what"].f1 >= 0.78
