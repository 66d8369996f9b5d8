"""Texts that our own model labels, for a run without PolNeAR."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from attribution.errors import ModelError
from attribution.training.corpora import NamedText
from attribution.training.labelling import labelled, main, texts_of


def claim(confidence: float, parent: str | None = None) -> dict[str, Any]:
    spans = {r: {"spans": [{"start": n, "end": n + 1}]} for n, r in enumerate(("source", "cue", "content"))}
    return {**spans, "addressee": None, "act": "statement", "speaker": {"kind": "person"}, "confidence": confidence, "parent": parent}


class Reader:
    """Finds in each text the claims of ``found``."""

    def __init__(self, convention: str, found: dict[str, list[dict[str, Any]]]) -> None:
        self.settings = SimpleNamespace(convention=convention)
        self.found = found

    def read(self, texts: list[str]) -> list[list[dict[str, Any]]]:
        return [self.found[t] for t in texts]


FOUND = {"sure": [claim(0.9), claim(0.8, "c1")], "unsure": [claim(0.9), claim(0.4)], "none": []}


@pytest.mark.parametrize(
    ("convention", "expected"),
    [
        ("guide", {"v-0": [None, "c1"], "v-2": []}),  # sure of all or left out, with claims inside others
        ("polnear", {"v-0": [None], "v-1": [None, None], "v-2": []}),  # every text, without claims inside others
    ],
)
def test_each_convention_is_labelled_by_its_own_rules(convention: str, expected: dict[str, list[str | None]]) -> None:
    made = list(labelled(Reader(convention, FOUND), list(FOUND), "v"))  # type: ignore[arg-type]
    assert {r["id"]: [a["parent"] for a in r["attributions"]] for r in made} == expected
    first = made[0]["attributions"][0]
    assert (first["source"], first["cue"], first["content"], first["addressee"]) == ([[0, 1]], [[1, 2]], [[2, 3]], [])


def test_sentences_that_follow_one_another_make_a_text() -> None:
    made = list(texts_of(NamedText(f"{n}. ", [], frozenset()) for n in range(8)))
    assert made == ["0. 1.\n\n2. 3.\n\n4. 5.", "6. 7."]


def test_an_unknown_convention_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["in.jsonl", "out.jsonl", "--convention", "other"])
    assert stopped.value.code == 2
    assert "polnear" in capsys.readouterr().err


def test_another_model_can_label(tmp_path: Path) -> None:
    names = tmp_path / "names.jsonl"
    names.write_text("", encoding="utf-8")
    with pytest.raises(ModelError, match="elsewhere"):
        main([str(names), str(tmp_path / "out.jsonl"), "--model", str(tmp_path / "elsewhere")])
