"""What the comparison with other extractors rests on, and the timers of the profile. The peers themselves are no part of
the tests: they are installed for the comparison alone.
"""

from __future__ import annotations

import itertools
import sys

import pytest
from conftest import ROOT

from attribution.evaluation.metrics import Item, predicted_items, score


@pytest.fixture(autouse=True)
def benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("benchmarks", "benchmarks/peers"):
        monkeypatch.syspath_prepend(str(ROOT / folder))


def texts(text: str, claim: dict, role: str) -> list[str]:
    return [text[s["start"] : s["end"]] for s in (claim[role] or {"spans": []})["spans"]]


def test_floor_takes_the_nearest_name_beside_a_verb_of_saying() -> None:
    from extractors import regular_expressions

    text = (
        "Mayor Ana Ruiz said on Monday: “We never saw that report at all.”\n"
        "“It was sent in May,” said Tom Park. They call it a “grey zone”.\n"
        "“Nobody here says who spoke, and this runs to the end of its line"
    )
    first, second, third = regular_expressions(text)
    assert texts(text, first, "content") == ["“We never saw that report at all.”"]
    assert (texts(text, first, "source"), texts(text, first, "cue")) == (["Mayor Ana Ruiz"], ["said"])
    assert (texts(text, second, "source"), second["speaker"]["name"]) == (["Tom Park"], "Tom Park")
    assert texts(text, third, "content") == [text.split("\n")[2]]
    assert third["source"] is third["cue"] is third["speaker"] is None


def item(content: set[int], kind: str) -> Item:
    return Item(frozenset(content), frozenset(), frozenset(), None, False, kind)


def test_direct_leaves_out_what_lies_in_other_claims_but_not_what_is_made_up() -> None:
    from compare import direct

    gold = [item(set(range(10)), "direct"), item(set(range(20, 40)), "mixed")]
    right, inside_mixed, invented = item(set(range(9)), "direct"), item({25, 26}, "direct"), item({90}, "direct")
    indirect = item(set(range(20, 40)), "indirect")
    wanted, kept = direct(gold, [right, inside_mixed, invented, indirect])
    assert (wanted, kept) == (gold[:1], [right, invented])


def test_predictions_are_read_by_the_measure() -> None:
    from extractors import claim

    text = "“No,” she said."
    items = predicted_items([claim((0, 5), [(10, 14)], [(6, 9)], "she")], text)
    assert score([(items, items)]).by_name["attribution exact"].f1 == 1


def test_trees_get_the_labels_and_name_heads_of_spacys_models() -> None:
    from train_parser import Word, rewritten

    words = [
        Word("Ana", "Ana", "PROPN", 4, "nsubj:pass", True), Word("Ruiz", "Ruiz", "PROPN", 0, "flat", True),
        Word("was", "be", "AUX", 4, "aux:pass", True), Word("not", "not", "PART", 4, "advmod", True),
        Word("asked", "ask", "VERB", 4, "root", False),
    ]  # fmt: skip
    assert [(w.head, w.label) for w in rewritten(words)] == [
        (1, "compound"), (4, "nsubjpass"), (4, "auxpass"), (4, "neg"), (4, "ROOT"),
    ]  # fmt: skip


def test_name_that_is_a_whole_sentence_keeps_one_root() -> None:
    from train_parser import Word, rewritten

    words = [
        Word("Ana", "Ana", "PROPN", 0, "root", True),
        Word("Maria", "Maria", "PROPN", 0, "flat", True),
        Word("Ruiz", "Ruiz", "PROPN", 0, "flat", False),
        Word(".", ".", "PUNCT", 0, "punct", False),
    ]
    assert [(w.head, w.label) for w in rewritten(words)] == [(2, "compound"), (2, "compound"), (2, "ROOT"), (2, "punct")]


def test_stage_counts_without_the_stages_inside_it() -> None:
    from stages import Timer

    ticks = itertools.count(step=10)
    timer = Timer(lambda: float(next(ticks)))
    timer.within("outer", lambda: timer.within("inner", lambda: None))
    assert timer.seconds == {"inner": 10, "outer": 20}


def test_stages_are_places_that_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    import functools
    import importlib

    import stages

    for place in itertools.chain.from_iterable(stages.STAGES.values()):
        module, _, path = place.partition(":")
        assert callable(functools.reduce(getattr, path.split("."), importlib.import_module(module)))


def test_no_benchmark_hides_a_module_of_pythons_library() -> None:
    names = {p.stem for p in (ROOT / "benchmarks").rglob("*.py")}
    assert not names & sys.stdlib_module_names
