"""What is read in an epoch of training."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from attribution.comparison.meaning import opened
from attribution.errors import InputError

OWN = """id: a1
1: speaker=Ann Lee; kind=person; type=indirect; act=statement
-----
<s1>Ann Lee</s1> <c1>said</c1> <q1>the plant would shut</q1>.
"""
OTHER = "Bo Ray thinks rain will come."


def config(repeat: list[int]) -> dict[str, Any]:
    return {
        "seed": 1,
        "data": {
            "claims": "", "versions": "", "excerpts": [0, 0], "own": [{"folder": "own", "repeat": [1, 1]}],
            "auxiliary": [{"file": "other.jsonl", "repeat": repeat}], "names_gold": "names.jsonl", "names_silver": "names.jsonl",
            "names_words": [10, 10], "forenames": "forenames.tsv", "surnames": "surnames.tsv",
        },
        "optimisation": {"pieces_per_step": 100},
    }  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    spans = {"source": [[0, 6]], "cue": [[7, 13]], "content": [[14, 28]]}
    record = {"id": "b1", "text": OTHER, "attributions": [{**spans, "type": "indirect"}]}
    (tmp_path / "own").mkdir()
    for name, text in (
        ("own/a1.gold", OWN), ("other.jsonl", json.dumps(record)), ("names.jsonl", ""), ("forenames.tsv", "Ann\n"), ("surnames.tsv", "Lee\n"),
    ):  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_other_corpora_are_read_as_often_as_they_say(data: Path) -> None:
    pytest.importorskip("torch", reason="training needs claim-attribution[train]")
    from attribution.training.epochs import Corpus

    corpus = Corpus(config([0, 3]), data, data, opened()[0])
    read = [sum(len(batch) for batch in corpus.epoch(n)) for n in (0, 1)]
    assert read == [1, 4]
    missing = config([1, 1])
    missing["data"]["auxiliary"][0]["file"] = "none.jsonl"
    with pytest.raises(InputError, match=r"none\.jsonl"):
        Corpus(missing, data, data, opened()[0])
