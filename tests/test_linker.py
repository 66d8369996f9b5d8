"""Coreference texts, and what is learnt from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from attribution.errors import InputError
from attribution.pipeline.antecedents import FEATURES
from attribution.pipeline.reader import Reader
from attribution.pipeline.segmentation import Range
from attribution.training.antecedents import Lessons, fit_layered
from attribution.training.coreference import Annotated, decisions, read_annotated

TEXT = "Ana Ruiz met Luis Vega, the mayor of Lugo. He praised her. Then he left, and she stayed."


def spans(*words: str, text: str = TEXT) -> list[list[int]]:
    return [[text.index(w), text.index(w) + len(w)] for w in words]


CLUSTERS = {
    "id": "a", "text": TEXT, "clusters": [spans("Ana Ruiz", "her"), spans("Luis Vega, the mayor of Lugo", "He")],
    "singletons": spans("Lugo"),
}  # fmt: skip
AMBIGUOUS = {
    "id": "b", "text": TEXT, "pronoun": [*spans("he left")[0][:1], TEXT.index("he left") + 2],
    "a": spans("Ana Ruiz")[0], "b": spans("Luis Vega")[0], "a_coref": False, "b_coref": True, "clusters": [],
}  # fmt: skip


def written(folder: Path, *records: dict[str, Any]) -> list[Annotated]:
    path = folder / "texts.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return list(read_annotated(path))


def test_clusters_are_read(tmp_path: Path) -> None:
    [found] = written(tmp_path, CLUSTERS)
    assert [(TEXT[m.start : m.end], k) for m, k in found.mentions()] == [
        ("Ana Ruiz", 0), ("Luis Vega, the mayor of Lugo", 1), ("Lugo", 2), ("He", 1), ("her", 0)
    ]  # fmt: skip
    assert {TEXT[at:][:3].strip(): [TEXT[m.start : m.end][:9] for m in ms] for at, ms in found.meant().items()} == {
        "her": ["Ana Ruiz"], "He": ["Luis Vega"]
    }  # fmt: skip


def test_ontogums_clusters_go_first(tmp_path: Path) -> None:
    [found] = written(tmp_path, {**CLUSTERS, "clusters_ontogum": CLUSTERS["clusters"][:1]})
    assert len(found.clusters) == 1


def test_an_ambiguous_pronoun_is_read_and_one_that_means_neither_is_left_out(tmp_path: Path) -> None:
    [found] = written(tmp_path, AMBIGUOUS, {**AMBIGUOUS, "b_coref": False})
    assert found.pronoun is not None and TEXT[found.pronoun.start : found.pronoun.end] == "he"
    assert found.meant() == {found.pronoun.start: [Range(*AMBIGUOUS["b"])]}
    assert [(TEXT[m.start : m.end], k) for m, k in found.mentions()] == [("Ana Ruiz", 1), ("Luis Vega", 0), ("he", 0)]


def test_what_is_no_annotated_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 2"):
        written(tmp_path, CLUSTERS, {"id": "c", "text": "No."})
    with pytest.raises(InputError, match="no such data set"):
        list(read_annotated(tmp_path / "none.jsonl"))


@pytest.mark.model
def test_the_storys_pronouns_become_decisions(reader: Reader, tmp_path: Path) -> None:
    text = "Petra Lomm met Luis Vega in Velna on Monday. He praised the port. “It is late,” she said."
    he, she = spans("He", text=text)[0], [text.index("she"), text.index("she") + 3]
    record = {"id": "d", "text": text, "clusters": [[*spans("Luis Vega", text=text), he], [*spans("Petra Lomm", text=text), she]]}
    found = list(decisions(reader, written(tmp_path, record)))
    assert len(found) == 2
    for rows, right in found:
        assert rows.shape[1] == len(FEATURES) and len(right) == 1 and right[0] < len(rows)


def test_lessons_count_by_their_weight() -> None:
    rows = np.eye(2)
    first, second = (rows, [0]), (rows, [1])
    alike = fit_layered([Lessons(1.0, [first]), Lessons(1.0, [second])]).scores(rows)
    assert alike[0] == pytest.approx(alike[1], abs=1e-3)
    for weight, best in ((0.1, 0), (10.0, 1)):
        assert int(fit_layered([Lessons(1.0, [first]), Lessons(weight, [second])]).scores(rows).argmax()) == best


def test_all_right_candidates_of_a_decision_are_likely_together() -> None:
    rows = np.eye(3)
    scores = fit_layered([Lessons(1.0, [(rows, [0, 1])] * 4)]).scores(rows)
    assert min(scores[0], scores[1]) > scores[2] + 1


def test_a_linker_learns_who_goes_with_whom() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    from attribution.training.linker import Example, train_linker

    def example(random: np.random.Generator) -> Example:
        """Two people; what tells them apart is one of sixteen values."""
        who = random.permutation([0, 0, 0, 1, 1, 1])
        kind = np.array([2, 2, 0, 2, 0, 0])
        states = random.normal(size=(6, 16)) * 0.1
        states[:, 3] += (who * 2 - 1) * 3
        return Example(torch.from_numpy(states.astype(np.float16)), torch.tensor(who), torch.tensor(kind))

    random = np.random.default_rng(1)
    lines: list[dict[str, Any]] = []
    weights = train_linker([example(random) for _ in range(60)], seed=1, report=lines.append)
    assert lines[-1]["loss"] < lines[0]["loss"]
    right = asked = 0
    for given in [example(random) for _ in range(30)]:
        x = given.states.float().numpy()
        x = (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-5)
        asks, answers = np.split(x @ weights.matrix + weights.bias, 2, axis=1)
        for i in range(2, 6):
            same = (given.cluster[:i] == given.cluster[i]).numpy()
            if same.any() and not same.all():
                asked, right = asked + 1, right + bool(same[(answers[:i] @ asks[i]).argmax()])
    assert right >= 0.9 * asked > 0


def test_links_are_grafted_onto_a_file_and_change_nothing_else(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    ort = pytest.importorskip("onnxruntime")
    from onnx import TensorProto, helper

    from attribution.training.export import with_links
    from attribution.training.linker import LAYERS, Linker

    names = [f"states_{layer}" for layer in LAYERS]
    shape = ["windows", "pieces", 8]
    nodes = [helper.make_node("Mul", ["x", "x"], [name]) for name in names]
    outputs = [helper.make_tensor_value_info(n, TensorProto.FLOAT, shape) for n in names]
    graph = helper.make_graph(nodes, "small", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)], outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    torch.manual_seed(1)
    linker = Linker(24, size=4)
    x = np.random.default_rng(1).normal(size=(2, 5, 8)).astype(np.float32)
    before = ort.InferenceSession(model.SerializeToString()).run(names, {"x": x})
    grafted = ort.InferenceSession(with_links(model, linker.weights()).SerializeToString())
    *after, links = grafted.run([*names, "links"], {"x": x})
    assert all((a == b).all() for a, b in zip(before, after, strict=True))
    with torch.no_grad():
        asks, answers = linker(torch.from_numpy(np.concatenate(before, axis=-1)))
    np.testing.assert_allclose(links, torch.cat([asks / 2, answers], -1).numpy(), atol=1e-5)


def test_without_coreference_texts_nothing_is_linked(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed")
    from attribution.training.linking import link

    assert link(tmp_path, {"seed": 1}, tmp_path, say=print) == []
