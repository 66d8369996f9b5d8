from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from attribution.pipeline.labels import ACTS, KINDS, ROLES
from attribution.pipeline.relations import Crf, Relation, anchor_constraint, covers, set_parents, viterbi
from attribution.pipeline.segmentation import Range


def relation(content: list[tuple[int, int]], cue: list[tuple[int, int]], source: list[tuple[int, int]] = []) -> Relation:  # noqa: B006
    ranges = ([Range(*x) for x in r] for r in (source, cue, content))
    return Relation(*ranges, [], (cue or content)[0][0], not cue, 0.9, 0.9, np.zeros(len(ACTS)), np.zeros(len(KINDS)))


def random_crf(rng: np.random.Generator) -> Crf:
    n = len(ROLES)
    return Crf.constrained(rng.normal(size=(n, n)).astype(np.float32), rng.normal(size=n).astype(np.float32))


def test_viterbi_is_the_best_of_all_paths() -> None:
    rng = np.random.default_rng(0)
    crf = random_crf(rng)
    emissions = rng.normal(size=(2, 4, len(ROLES))).astype(np.float32) * 2
    paths, log_p = viterbi(emissions, np.array([4, 3]), crf)
    for row, n in enumerate((4, 3)):
        scores = {}
        for path in product(range(len(ROLES)), repeat=n):
            s = crf.first[path[0]] + sum(emissions[row, t, k] for t, k in enumerate(path))
            scores[path] = s + sum(crf.transitions[a, b] for a, b in pairwise(path))
        best = max(scores, key=scores.__getitem__)
        values = np.array(list(scores.values()))
        log_z = np.log(np.exp(values - values.max()).sum()) + values.max()
        assert tuple(paths[row, :n]) == best
        assert log_p[row] == pytest.approx(scores[best] - log_z, abs=1e-3)


def test_paths_are_well_formed() -> None:
    rng = np.random.default_rng(1)
    paths, _ = viterbi(rng.normal(size=(8, 30, len(ROLES))).astype(np.float32) * 3, np.full(8, 30), random_crf(rng))
    for path in paths:
        for a, b in zip([0, *path[:-1]], path, strict=True):
            if ROLES[b].startswith("I-"):
                assert ROLES[a][2:] == ROLES[b][2:]


def test_an_anchor_is_in_its_cue_and_a_free_one_in_its_content() -> None:
    rng = np.random.default_rng(2)
    emissions = rng.normal(size=(2, 10, len(ROLES))).astype(np.float32) * 5
    emissions[:, 4, 0] = -50
    at, free = np.array([4, 4]), np.array([False, True])
    paths, _ = viterbi(anchor_constraint(emissions, at, free), np.array([10, 10]), random_crf(rng))
    assert ROLES[paths[0, 4]].endswith("cue")
    assert ROLES[paths[1, 4]].endswith("content")
    assert not any(ROLES[k].endswith("cue") for k in paths[1])


def test_parent_is_the_smallest_claim_around() -> None:
    outer, middle, inner = relation([(10, 90)], [(0, 4)]), relation([(30, 90)], [(20, 24)]), relation([(50, 90)], [(40, 44)])
    apart = relation([(100, 110)], [(95, 99)])
    found = [outer, middle, inner, apart]
    set_parents(found)
    assert [r.parent for r in found] == [None, 0, 1, None]


def test_two_claims_of_one_content_do_not_hold_each_other() -> None:
    found = [relation([(10, 90)], [(0, 4)]), relation([(10, 90)], [(5, 8)])]
    set_parents(found)
    assert [r.parent for r in found] == [None, None]


def test_covers_needs_every_piece_inside() -> None:
    assert covers([Range(0, 10), Range(20, 30)], [Range(2, 5), Range(20, 30)])
    assert not covers([Range(0, 10), Range(20, 30)], [Range(8, 12)])


def test_what_labels_have_in_common_changes_nothing() -> None:
    rng = np.random.default_rng(0)
    emissions = rng.normal(size=(2, 300, len(ROLES))).astype(np.float32)
    crf = Crf.constrained(np.zeros((len(ROLES), len(ROLES)), dtype=np.float32), np.zeros(len(ROLES), dtype=np.float32))
    paths, likely = viterbi(emissions, np.array([300, 200]), crf)
    shifted, likely_too = viterbi(emissions - 170, np.array([300, 200]), crf)
    assert (paths == shifted).all()
    np.testing.assert_allclose(likely, likely_too, atol=0.05)
