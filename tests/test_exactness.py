"""What the shipped file answers against the PyTorch weights that it was made from."""

from __future__ import annotations

import json

import numpy as np
import pytest

from attribution.errors import ModelError
from attribution.pipeline.network import IntArray, Outputs
from attribution.pipeline.reader import Reader, model_folder
from attribution.training.exactness import TOLERANCE, differences, within_tolerance

TEXT = "The mayor said on Monday that the bridge would stay closed. “Nobody is safe there,” she told reporters."


def test_the_shipped_file_was_within_tolerance() -> None:
    meta = json.loads((model_folder() / "meta.json").read_text(encoding="utf-8"))
    assert set(meta["exactness"]) == set(Outputs._fields) - {"where", "links"}
    within_tolerance(meta["exactness"])


def test_a_network_does_not_differ_from_itself(reader: Reader) -> None:
    found = differences(reader, reader.network, [TEXT])
    assert all(value == 0.0 for head in found.values() for value in head.values())


def test_another_network_is_found_out(reader: Reader) -> None:
    def shifted(ids: IntArray, types: IntArray, mask: IntArray, core: IntArray, threshold: float) -> Outputs:
        out = reader.network(ids, types, mask, core, threshold)
        return out._replace(act=np.roll(out.act, 1, axis=1))

    found = differences(reader, shifted, [TEXT])
    assert found["act"]["decisions"] == 1.0 and found["act"]["mean"] > TOLERANCE["mean"]
    assert found["kind"]["decisions"] == found["roles"]["largest"] == 0.0
    with pytest.raises(ModelError, match="head act: mean differs"):
        within_tolerance(found)
