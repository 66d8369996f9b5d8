"""Products in whole numbers: as exact as floats, whatever the inputs' outliers, and never past what CPUs add in 16 bits."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

from attribution.pipeline.encoder import CONVENTIONS
from attribution.pipeline.network import OnnxNetwork
from attribution.pipeline.reader import model_folder
from attribution.training.integers import DIGIT, MARGIN, Range, feeds, in_integers

Array = npt.NDArray[np.float32]
SIZE, HEADS, PIECES = 32, 4, 9


def stored(name: str, value: Array) -> tuple[list[Any], Any]:
    """A matrix as the export stores it: 8-bit values, scales of its columns, and the node that unpacks it."""
    scale = (np.abs(value).max(0) / 127).astype(np.float32)
    tensors = [np.round(value / scale).astype(np.int8), scale, np.zeros(len(scale), np.int8)]
    names = [f"{name}.int8", f"{name}.scale", f"{name}.zero"]
    held = [numpy_helper.from_array(t, n) for t, n in zip(tensors, names, strict=True)]
    return held, helper.make_node("DequantizeLinear", names, [name], axis=1)


def small_model(random: np.random.Generator) -> Any:
    """An attention and a product with its bias, as the export writes them."""
    qkv, unpack_qkv = stored("qkv", random.normal(size=(SIZE, 3 * SIZE)).astype(np.float32) * 0.2)
    up, unpack_up = stored("up", random.normal(size=(SIZE, 2 * SIZE)).astype(np.float32) * 0.2)
    biases = [
        numpy_helper.from_array(random.normal(size=n).astype(np.float32), name)
        for name, n in (("qkv.bias", 3 * SIZE), ("up.bias", 2 * SIZE))
    ]
    nodes = [
        unpack_qkv, unpack_up,
        helper.make_node(
            "Attention", ["x", "qkv", "qkv.bias", "mask"], ["read"], name="/attention", domain="com.microsoft",
            num_heads=HEADS, mask_filter_value=-10_000.0,
        ),
        helper.make_node("MatMul", ["read", "up"], ["wide"], name="/up"),
        helper.make_node("Add", ["up.bias", "wide"], ["y"]),
    ]  # fmt: skip
    graph = helper.make_graph(
        nodes, "small",
        [
            helper.make_tensor_value_info("x", TensorProto.FLOAT, ["windows", "pieces", SIZE]),
            helper.make_tensor_value_info("mask", TensorProto.INT32, ["windows", "pieces"]),
        ],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["windows", "pieces", 2 * SIZE])],
        [*qkv, *up, *biases],
    )  # fmt: skip
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def inputs(random: np.random.Generator) -> dict[str, Any]:
    """Two windows, the second padded; one channel of the first piece is thirty times as large as the rest."""
    x = random.normal(size=(2, PIECES, SIZE)).astype(np.float32)
    x[:, 0, 5] = 30.0
    mask = np.ones((2, PIECES), dtype=np.int32)
    mask[1, -3:] = 0
    return {"x": x, "mask": mask}


def run(model: Any, feed: dict[str, Any]) -> Array:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, feed)[0])


def test_whole_numbers_give_what_floats_give_beside_outliers_and_padding() -> None:
    random = np.random.default_rng(1)
    model, feed = small_model(random), inputs(random)
    exact = run(model, feed)
    changed = in_integers(model, [inputs(np.random.default_rng(2))], smallest=1)
    found = run(changed, feed)
    inside = feed["mask"].astype(bool)
    assert np.abs(found - exact)[inside].max() < 0.01 * exact.std()
    kinds = [n.op_type for n in changed.graph.node]
    assert kinds.count("MatMulIntegerToFloat") == 4 and kinds.count("MultiHeadAttention") == 1
    assert not {"MatMul", "Attention"} & set(kinds)
    assert not [t.name for t in changed.graph.initializer if t.name.endswith("int8.zero")]


def test_what_a_window_is_read_with_changes_nothing() -> None:
    random = np.random.default_rng(1)
    model = in_integers(small_model(random), [inputs(random)], smallest=1)
    feed = inputs(random)
    louder = {**feed, "x": feed["x"] * np.array([1, 2], dtype=np.float32)[:, None, None]}
    assert (run(model, feed)[0] == run(model, louder)[0]).all()


def test_digits_fit_seven_bits_in_the_range_that_was_seen() -> None:
    for low, high in ((-11.2, 30.1), (-0.17, 25.7), (-3.0, 3.0), (0.0, 8.0)):
        r = Range(low, high)
        digits = np.round(np.array([low, 0.0, high]) * MARGIN / r.step) + r.zero
        assert digits.min() >= -1 and digits.max() <= DIGIT + 1, (low, high)
        assert digits[1] == r.zero


def test_small_products_stay_in_floats() -> None:
    with pytest.raises(ValueError, match="no large product"):
        in_integers(small_model(np.random.default_rng(1)), [])


def test_without_texts_nothing_is_known_of_ranges() -> None:
    with pytest.raises(ValueError, match="nothing was read"):
        in_integers(small_model(np.random.default_rng(1)), [], smallest=1)


def test_a_product_without_bias_is_named() -> None:
    model = small_model(np.random.default_rng(1))
    model.graph.node[-1].op_type = "Sub"
    with pytest.raises(ValueError, match="/up is not followed by its bias"):
        in_integers(model, [inputs(np.random.default_rng(1))], smallest=1)


def test_texts_are_read_by_every_convention() -> None:
    tokenizer = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
    read = list(feeds(["The mayor said on Monday that the bridge would stay closed."], tokenizer))
    assert len(read) == len(CONVENTIONS)
    assert (read[0]["ids"] == read[1]["ids"]).all() and (read[0]["types"] != read[1]["types"]).any()
    outputs = OnnxNetwork(model_folder() / "model.onnx")(
        read[0]["ids"], read[0]["types"], read[0]["mask"], read[0]["core"], 0.2
    )
    assert outputs.where.shape[1] == 2
