"""Two claims read together: what the network is fed, what it answers, and how it learns."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

from attribution.comparison.cross_encoder import LONGEST, SECOND, batches, feed, in_order, log_odds
from attribution.comparison.meaning import opened
from attribution.errors import InputError
from attribution.pipeline.network import ASKED
from attribution.training.claim_groups import Example, drawn, read_groups
from attribution.training.versions import read_versions

QUOTED, TOLD = "“We will close the plant in May.”", "the plant in Lorn would be closed in May"
GROUP = """#\tplant
=\td\t“We will close the plant in May.”
=\ti\tthe plant was to shut in May
~\ti\tthey would close the plant in May
<\td\t“close the plant”
!polarity\ti\tthe plant would stay open
!date\td\t“We will close the plant in June.”
"""


def test_claims_lie_side_by_side_without_quotation_marks() -> None:
    tokenizer, _ = opened()
    ids, types, mask, marks = feed([(QUOTED, TOLD), ("a", "b")], tokenizer)
    first = [tokenizer.id_to_token(i) for i in ids[0, : mask[0].sum()]]
    middle = first.index("[SEP]")
    assert first[1:4] == ["we", "will", "close"] and first[-1] == "[SEP]" and first[middle - 1] == "."
    assert ids.shape == types.shape == mask.shape == marks.shape and mask[1].sum() == 5
    assert {first[i] for i in np.flatnonzero(marks[0] == 1)} == {"plant", "the", "in", "may"}
    assert {first[i] for i in np.flatnonzero(marks[0] == SECOND + 1)} == {"plant", "the", "in", "may"}
    assert (types[0] != 0).any()  # names and what begins a sentence


def test_a_long_claim_is_cut() -> None:
    tokenizer, _ = opened()
    assert feed([("word " * 300, "word")], tokenizer).ids.shape == (1, LONGEST + 4)


def test_which_claim_comes_first_and_what_is_read_beside_changes_nothing() -> None:
    pairs = [(QUOTED, TOLD), (TOLD, QUOTED), ("rain", "sun"), ("x " * 90, "y " * 90)]
    together = log_odds(pairs)
    assert together[0] == together[1]
    tokenizer, network = opened()
    alone = [float(network.pairs(*feed([in_order(*p)], tokenizer))[0]) for p in pairs]
    assert together == pytest.approx(alone, abs=2e-3)
    assert log_odds([]) == []


def test_every_pair_is_in_one_batch() -> None:
    tokenizer, _ = opened()
    pairs = [("word " * n, "word") for n in range(1, 60)]
    found = list(batches(pairs, tokenizer, budget=200))
    assert sorted(i for batch in found for i in batch) == list(range(len(pairs)))
    assert all(len(b) == 1 or feed([pairs[i] for i in b], tokenizer).ids.size <= 200 for b in found)


def test_it_tells_the_same_from_the_opposite() -> None:
    opposite = "the plant in Lorn would stay open"
    same, other = log_odds([(QUOTED, TOLD), (QUOTED, opposite)])
    assert same > 0 > other


def test_groups_are_read_and_drawn_from(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text(GROUP * 2, encoding="utf-8")
    groups = read_groups(tmp_path)
    assert len(groups) == 2 and groups[0].another == [
        ("polarity", "the plant would stay open"), ("date", "“We will close the plant in June.”")
    ]  # fmt: skip
    found = list(groups[0].drawn(random.Random(0)))
    assert {e.same for e in found} == {True, False} and Example(groups[0].full[0], groups[0].full[1], same=True) in found
    assert not {e.other for e in found if e.same} & {text for _, text in groups[0].another}
    assert drawn(groups, random.Random(1)) == drawn(groups, random.Random(1))


ARTICLE = """id: a1
1: speaker=Ann Lee; kind=person; type=indirect; act=statement
2: speaker=Ann Lee; kind=person; type=indirect; act=statement
3: speaker=Ann Lee; kind=person; type=indirect; act=statement
4: speaker=Bo Ray; kind=person; type=indirect; act=statement
-----
<s1>Ann Lee</s1> <c1>said</c1> <q1>the plant would shut</q1>. <s2>She</s2> <c2>said</c2> <q2>the owners were bankrupt</q2>.
<s3>Lee</s3> <c3>added</c3> that <q3>it would be closed</q3>. <s4>Bo Ray</s4> <c4>said</c4> <q4>the plant would stay</q4>.
"""
VERSIONS = "#\ta1:1+a1:3\n=\ti\tthe works were to close\n<\ti\tshut\n!date\ti\tthe plant would shut in May\n"


def test_versions_of_an_articles_claims_and_what_its_speaker_says_besides(tmp_path: Path) -> None:
    for folder, name, text in (("gold", "a1.gold", ARTICLE), ("versions", "v.tsv", VERSIONS)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(text, encoding="utf-8")
    (group,) = read_versions(tmp_path / "versions", [tmp_path / "gold"])
    assert group.full == ["the plant would shut", "it would be closed", "the works were to close"]
    assert group.beside == ["the owners were bankrupt"] and set(group.how) >= {*group.same, *group.beside}
    apart = [e for e in group.drawn(random.Random(0)) if e.other in group.beside]
    assert len(apart) == 4 and not any(e.same for e in apart)
    (tmp_path / "versions" / "w.tsv").write_text("#\ta1:9\n", encoding="utf-8")
    with pytest.raises(InputError, match="no such claim in the training articles: 'a1:9'"):
        read_versions(tmp_path / "versions", [tmp_path / "gold"])


@pytest.mark.parametrize("line", ["!colour\ti\tthe plant was red", "=\tthe plant", "?\ti\tthe plant"])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.tsv").write_text(GROUP + line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.tsv, line 8"):
        read_groups(tmp_path)
    with pytest.raises(InputError, match=r"no \.tsv file"):
        read_groups(tmp_path / "none")


def test_the_shipped_groups_can_be_read() -> None:
    groups = read_groups(ROOT / "training" / "claims")
    assert len(groups) > 1800 and all(len(g.full) >= 2 for g in groups)
    versions = read_versions(ROOT / "training" / "versions", sorted((ROOT / "training").glob("articles*")))
    assert len(versions) > 1500 and sum(bool(g.beside) for g in versions) > 800


def test_a_difference_in_few_bits_is_near_and_exported_as_it_was_trained() -> None:
    torch = pytest.importorskip("torch", reason="training needs claim-attribution[train]")
    onnx = pytest.importorskip("onnx")
    import onnxruntime as ort

    from attribution.pipeline.reader import model_folder
    from attribution.training.cross_encoder import CrossEncoder, rounded, with_rounded_products
    from attribution.training.cross_graph import base_of, with_cross_encoder, without_cross_encoder

    torch.manual_seed(0)
    values = torch.randn(40, 4000)
    for bits, lost in ((2, 0.13), (4, 0.02)):
        digits, step = rounded(values, bits)
        near = (digits + 0.5 - 2 ** (bits - 1)) * step[:, None]
        assert digits.min() == 0 and digits.max() == 2**bits - 1
        assert float(((near - values) ** 2).mean() / (values**2).mean()) < lost
    model = onnx.load(str(model_folder() / "model.onnx"))
    base = base_of(model)
    network = CrossEncoder(base)
    with_rounded_products(network, base, {"attention.qkv": 4, "attention.out": 2, "up": 2, "down": 4})
    session = ort.InferenceSession(with_cross_encoder(without_cross_encoder(model), network.eval()).SerializeToString())
    inputs = feed([(QUOTED, TOLD), ("rain", "sun")], opened()[0])
    given = dict(zip(("ids", "types", "mask", "core"), inputs, strict=True))
    [found] = session.run(["pairs"], {**given, "threshold": np.array([ASKED], dtype=np.float32)})
    with torch.no_grad():
        expected = network(*(torch.from_numpy(x) for x in inputs)).numpy()
    assert found == pytest.approx(expected, abs=1e-4)
    for threshold, read in ((0.5, inputs.ids.shape[1]), (ASKED, 1)):  # nobody wants the encoder's own outputs then
        [states] = session.run(["states_6"], {**given, "threshold": np.array([threshold], dtype=np.float32)})
        assert states.shape[:2] == (2, read)
    before = without_cross_encoder(onnx.load(str(model_folder() / "model.onnx")))
    assert not any("pairs" in name for node in before.graph.node for name in (*node.input, *node.output))


def test_it_learns_from_groups_and_pairs(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="training needs claim-attribution[train]")
    pytest.importorskip("onnx")
    import onnx

    from attribution.pipeline.reader import model_folder
    from attribution.training.cross_encoder import log_odds as asked
    from attribution.training.cross_encoder import train_cross_encoder, tune_cross_encoder
    from attribution.training.cross_graph import base_of

    (tmp_path / "a.tsv").write_text(GROUP * 2, encoding="utf-8")
    groups, tokenizer = read_groups(tmp_path), opened()[0]
    base = base_of(onnx.load(str(model_folder() / "model.onnx")))
    settings = {
        "passes": 3, "rate": 1e-3, "pairs_per_step": 4, "tuning_passes": 2, "tuning_rate": 1e-4, "tuning_groups": 1,
        "bits": {"attention.qkv": 4, "attention.out": 4, "up": 2, "down": 4},
    }  # fmt: skip
    told: list[dict[str, object]] = []
    made = [train_cross_encoder(groups, base, {}, tokenizer, settings, seed=1, report=told.append) for _ in range(2)]
    assert all((a == b).all() for a, b in zip(made[0].parameters(), made[1].parameters(), strict=True))
    pairs = [Example(QUOTED, TOLD, same=True), Example(QUOTED, "it would rain", same=False)]
    tuned = tune_cross_encoder(
        made[0].state_dict(), pairs, groups, base, tokenizer, settings, seed=1, report=told.append
    )
    assert [line["pass"] for line in told] == [1, 2, 3, 1, 2, 3, 1, 2]
    assert asked(tuned, [(QUOTED, TOLD)], tokenizer) == asked(tuned, [(TOLD, QUOTED)], tokenizer)
