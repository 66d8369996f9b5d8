"""What is read in an epoch of training."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from attribution.comparison.meaning import opened
from attribution.errors import InputError

TRAINING = Path(__file__).parent.parent / "training"
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
            "names_words": [10, 10], "names_share": [1, 1], "forenames": "forenames.tsv", "surnames": "surnames.tsv",
        },
        "optimisation": {"pieces_per_step": 100},
    }  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    spans = {"source": [[0, 6]], "cue": [[7, 13]], "content": [[14, 28]]}
    record = {"id": "b1", "text": OTHER, "attributions": [{**spans, "type": "indirect"}], "meta": {"annotator_used": "x"}}
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


def test_who_marked_a_text_is_told_of_a_share_of_it(data: Path) -> None:
    torch = pytest.importorskip("torch", reason="training needs claim-attribution[train]")
    from attribution.training.epochs import Corpus
    from attribution.training.network import Model
    from attribution.training.train import batch_loss

    settings = config([1, 1])
    settings["data"] |= {"claims": "other.jsonl", "claims_share": [1, 1]}
    corpus = Corpus(settings, data, data, opened()[0])
    assert corpus.annotators == ["x"]
    [batch] = corpus.epoch(0)
    assert sorted((e.annotator or "") for e in batch) == ["", "x", "x"]
    model = Model().eval()
    weights = dict.fromkeys(("outer", "anchors", "roles", "names", "act", "kind", "addressee"), 1.0)

    def loss(share: float) -> float:
        model.zero_grad()
        value = torch.stack(list(batch_loss(model, batch, weights, annotators=["x"], told=share).values())).sum()
        value.backward()
        return float(value.detach())

    before = loss(0)
    assert model.annotators.weight.grad is None or not model.annotators.weight.grad.any()
    assert loss(1) == before  # nothing is known of them yet
    assert model.annotators.weight.grad[1].any() and not model.annotators.weight.grad[[0, *range(2, 8)]].any()
    torch.nn.init.ones_(model.annotators.weight)
    assert loss(0) == before  # a text by nobody in particular is read as it stands
    assert loss(1) != before


def test_layers_drop_states_only_while_they_learn() -> None:
    torch = pytest.importorskip("torch", reason="training needs claim-attribution[train]")
    from attribution.training.network import Layer

    torch.manual_seed(1)
    layer, x, bias = Layer(8, 2, 16), torch.randn(1, 5, 8), torch.zeros(1, 1, 1, 5)
    whole = layer(x, bias)
    layer.dropout = 0.5
    assert not torch.equal(layer(x, bias), whole)
    assert torch.equal(layer.eval()(x, bias), whole)


def test_what_looks_like_polnear_is_marked_as_one_annotator_would() -> None:
    torch = pytest.importorskip("torch", reason="training needs claim-attribution[train]")
    from attribution.pipeline.encoder import LOOKS
    from attribution.training.network import Model

    torch.manual_seed(1)
    model = Model().eval()
    torch.nn.init.normal_(model.annotators.weight, std=0.1)
    ids, mask = torch.arange(200, 206)[None], torch.ones(1, 6)
    guide = torch.zeros(1, 6, dtype=torch.long)
    polnear = guide + LOOKS
    told = model.encoder(ids, polnear, mask, model.annotators.weight[[2]])
    before = [model.encoder(ids, types, mask) for types in (guide, polnear)]
    model.follow(2)
    after = [model.encoder(ids, types, mask) for types in (guide, polnear)]
    assert torch.equal(after[0], before[0])
    assert not torch.allclose(after[1], before[1])
    torch.testing.assert_close(after[1], told)


def test_a_fresh_cycle_begins_from_the_average_with_a_new_optimiser() -> None:
    torch = pytest.importorskip("torch", reason="training needs claim-attribution[train]")
    from attribution.training.network import Model
    from attribution.training.train import _State, optimiser

    settings = {"optimisation": {"encoder_rate": 1e-4, "head_rate": 1e-3, "layer_decay": 0.9, "weight_decay": 0.01}}
    model, average = Model(), Model()
    state = _State(model, average, optimiser(model, settings), epoch=3, step=90)
    torch.stack([p.sum() for p in model.parameters() if p.requires_grad]).sum().backward()
    state.opt.step()
    assert state.opt.state_dict()["state"]
    state.begin_again(settings)
    assert all(torch.equal(w, average.state_dict()[k]) for k, w in model.state_dict().items())
    assert not state.opt.state_dict()["state"]
    assert (state.epoch, state.step) == (3, 0)


@pytest.mark.parametrize("name", ["config.toml", "labeller.toml", "free.toml"])
def test_a_configuration_says_for_every_epoch_and_cycle_what_it_reads(name: str) -> None:
    given = tomllib.loads((TRAINING / name).read_text(encoding="utf-8"))
    d, o = given["data"], given["optimisation"]
    cycles = len(o["cycles"])
    assert [len(o[k]) for k in ("cycle_rates", "cycle_dropouts", "cycle_annotators")] == [cycles] * 3
    lists = {k: d[k] for k in ("claims_share", "labelled_share", "names_share", "excerpts") if d.get(k)}
    lists |= {part.get("folder") or part["file"]: part["repeat"] for part in [*d["own"], *d.get("auxiliary", [])]}
    assert {k: len(v) for k, v in lists.items()} == dict.fromkeys(lists, sum(o["cycles"]))
    assert set(o["averaged"]) <= set(range(1, sum(o["cycles"]) + 1))
    assert all((TRAINING / part["folder"]).is_dir() for part in d["own"])


def test_a_run_goes_on_where_it_was_interrupted(data: Path, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="training needs claim-attribution[train]")
    from attribution.training.run import _packaged_base
    from attribution.training.train import train

    settings = """
    seed = 1
    threads = 1
    [data]
    claims = "other.jsonl"
    claims_share = [1, 1]
    dev = "other.jsonl"
    versions = ""
    excerpts = [0, 0]
    names_gold = "names.jsonl"
    names_silver = "names.jsonl"
    names_words = [10, 10]
    names_share = [1, 1]
    forenames = "forenames.tsv"
    surnames = "surnames.tsv"
    [[data.own]]
    folder = "own"
    repeat = [2, 1]
    [optimisation]
    cycles = [1, 1]
    cycle_rates = [1.0, 0.5]
    cycle_dropouts = [0, 0.1]
    cycle_annotators = [1.0, 0.5]
    follow = "FOLLOW"
    fresh = true
    pieces_per_step = 100
    encoder_rate = 1e-4
    head_rate = 1e-3
    layer_decay = 0.9
    warmup = 0.1
    weight_decay = 0.01
    clip = 1.0
    average = 0.9
    averaged = [1, 2]
    word_dropout = 0.1
    dropout = 0.1
    [loss]
    outer = 1.0
    anchors = 1.0
    roles = 1.0
    names = 1.0
    act = 1.0
    kind = 1.0
    addressee = 1.0
    """
    (data / "a.toml").write_text(settings.replace("FOLLOW", "x"), encoding="utf-8")
    (data / "b.toml").write_text(settings.replace("FOLLOW", "y"), encoding="utf-8")
    (data / "c.toml").write_text(settings.replace("FOLLOW", "").replace("averaged = [1, 2]", "averaged = [3]"), encoding="utf-8")
    base, lines = _packaged_base(), []

    def evaluate(model: Any, _: Path) -> float:
        seen.append(model)
        if len(seen) == 1 and stop:
            raise KeyboardInterrupt
        return float(len(seen))

    def weights(out: Path) -> dict[str, Any]:
        return torch.load(train(data / "a.toml", data, out, base, report=lines.append, evaluate=evaluate), weights_only=True)

    seen, stop = [], False
    whole = weights(tmp_path / "whole")
    assert [line["dev"] for line in lines] == [1.0, 2.0]
    assert whole["annotators.weight"][1].any()
    seen, stop = [], True
    with pytest.raises(KeyboardInterrupt):
        weights(tmp_path / "parts")
    stop = False
    parts = weights(tmp_path / "parts")
    assert len(seen) == 2
    assert whole.keys() == parts.keys()
    assert all(torch.equal(whole[k], parts[k]) for k in whole)
    for name, wrong in (("b", "follow: 'y' is not one of x"), ("c", r"averaged: \[3\] are not among the epochs, 1 to 2")):
        with pytest.raises(InputError, match=wrong):
            train(data / f"{name}.toml", data, tmp_path / "none", base, report=lines.append, evaluate=evaluate)
