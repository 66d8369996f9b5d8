"""The quality gate: the shipped model on articles that it was never trained on, against the floors in floors.json.

Floors go up, never silently down; the fingerprint makes sure that the articles stay what they are. After a better model:
``attribution evaluate tests/gold tests/varied tests/blind training/articles_apart --floors tests/floors.json --raise-floors``.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT, SHARED

from attribution.evaluation.floors import Floors, figures, key, missed, read_floors
from attribution.evaluation.gold import read_gold_set
from attribution.evaluation.measure import Measured, measure
from attribution.evaluation.predictions import Predictions
from attribution.pipeline.reader import Reader

pytestmark = pytest.mark.model
PATH = ROOT / "tests" / "floors.json"
GOLDS = {
    "ours": ROOT / "tests" / "gold",
    "varied": ROOT / "tests" / "varied",
    "apart": ROOT / "training" / "articles_apart",
    "blind": ROOT / "tests" / "blind",
    "seeds": SHARED / "gold" / "seeds.jsonl",
}


@pytest.fixture(scope="module")
def floors() -> Floors:
    return read_floors(PATH)


def measured(reader: Reader, path: Path) -> Measured:
    gold = read_gold_set(path)
    return measure(gold, Predictions("the model", dict(zip(gold.texts(), reader.read(list(gold.texts().values())), strict=True))))


@pytest.mark.parametrize("which", GOLDS)
def test_floors_hold(which: str, reader: Reader, floors: Floors) -> None:
    path = GOLDS[which]
    if not path.exists():
        pytest.skip("the two inspiring articles are not here")
    name = key(str(path), PATH)
    found = measured(reader, path)
    assert missed({name: floors[name]}, [found], PATH) == []
    assert set(floors[name]["floors"]) == set(figures(found)), "every figure has its floor"
