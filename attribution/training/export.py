"""Export: PyTorch weights → one ONNX file with 8-bit weights.

Every matrix is stored as int8 with a scale for each output channel (each row of an embedding). The encoder's large
products are computed in whole numbers, see ``attribution.training.integers``; the other matrices are unpacked once,
when onnxruntime loads the file, and computed in 32-bit floats. From one CPU to another probabilities differ in the
fourth digit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from tokenizers import Tokenizer

from attribution.pipeline.network import Outputs
from attribution.pipeline.reader import LABELS
from attribution.training.fusion import fused
from attribution.training.integers import feeds, in_integers
from attribution.training.linker import EPSILON, LAYERS, Weights
from attribution.training.network import Model

INPUTS = ("ids", "types", "mask", "core", "threshold")
OUTPUTS = tuple(name for name in Outputs._fields if name != "links")  # links are grafted on, see ``with_links``
STATES = re.compile(
    r"/(?:layers\.(?P<layer>\d+)/norm2|norm)/LayerNormalization"
)  # the encoder's nodes that end a layer
SMALLEST = 4096  # matrices of fewer values stay floats


def export(model: Model, tokenizer: Path, out: Path, meta: dict[str, Any], *, texts: Iterable[str]) -> Path:
    """Write model.onnx, tokenizer.json, labels.json and meta.json to a folder.

    Args:
        model: the trained network.
        tokenizer: the base model's tokenizer.json.
        out: the folder.
        meta: threshold, calibration, version and how the model was made.
        texts: some dozens of articles, from which is learnt how large the values inside the network get.

    """
    out.mkdir(parents=True, exist_ok=True)
    path = out / "model.onnx"
    to_onnx(model, path)
    settings = json.loads(tokenizer.read_text(encoding="utf-8"))
    settings["truncation"] = settings["padding"] = None
    (out / "tokenizer.json").write_text(json.dumps(settings, ensure_ascii=False), encoding="utf-8")
    read = feeds(texts, Tokenizer.from_file(str(out / "tokenizer.json")))
    onnx.save(with_states(in_integers(fused(quantised(onnx.load(str(path)))), read)), str(path))
    labels: dict[str, Any] = {k: list(v) for k, v in LABELS.items()}
    labels["transitions"] = np.round(model.transitions.detach().numpy().astype(float), 5).tolist()
    labels["first"] = np.round(model.first.detach().numpy().astype(float), 5).tolist()
    (out / "labels.json").write_text(json.dumps(labels, indent=1) + "\n", encoding="utf-8")
    (out / "meta.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")
    return path


def to_onnx(model: Model, path: Path) -> None:
    """Trace the network with free batch, length and number of anchors."""
    ids = torch.randint(1000, 2000, (2, 12))
    ones = torch.ones_like(ids)
    axes = {0: "windows", 1: "pieces"}
    torch.onnx.export(
        model.eval(),
        (ids, torch.zeros_like(ids), ones, ones, torch.tensor([0.01])),
        str(path),
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        dynamic_axes={
            **dict.fromkeys((*INPUTS[:-1], "anchor", "names", "parts", "starts"), axes),
            "where": {0: "anchors"}, "act": {0: "anchors"}, "kind": {0: "anchors"},
            "roles": {0: "anchors", 1: "pieces"}, "addressee": {0: "anchors", 1: "pieces"},
        },
        opset_version=17,
        dynamo=False,
    )  # fmt: skip


def quantised(model: onnx.ModelProto) -> onnx.ModelProto:
    """Replace large float matrices by int8 values, a scale for each channel and a DequantizeLinear node."""
    graph = model.graph
    kept, nodes = [], []
    gathered = {n.input[0] for n in graph.node if n.op_type == "Gather"}
    for tensor in graph.initializer:
        value = numpy_helper.to_array(tensor)
        if value.dtype != np.float32 or value.ndim != 2 or value.size < SMALLEST:
            kept.append(tensor)
            continue
        axis = 0 if tensor.name in gathered or _is_transposed(graph, tensor.name) else 1
        scale = np.maximum(np.abs(value).max(1 - axis), 1e-8).astype(np.float32) / 127
        rounded = np.round(value / np.expand_dims(scale, 1 - axis)).clip(-127, 127).astype(np.int8)
        name = tensor.name
        kept += [
            numpy_helper.from_array(rounded, f"{name}.int8"),
            numpy_helper.from_array(scale, f"{name}.scale"),
            numpy_helper.from_array(np.zeros(len(scale), dtype=np.int8), f"{name}.zero"),
        ]
        nodes.append(
            helper.make_node("DequantizeLinear", [f"{name}.int8", f"{name}.scale", f"{name}.zero"], [name], axis=axis)
        )
    del graph.initializer[:]
    graph.initializer.extend(kept)
    rest = list(graph.node)
    del graph.node[:]
    graph.node.extend([*nodes, *rest])
    onnx.checker.check_model(model)
    return model


def with_states(model: onnx.ModelProto) -> onnx.ModelProto:
    """Give out the states of the encoder's layers, too: ``states_0`` (embeddings) to ``states_6``, (windows, pieces, size).

    ``attribution.compare`` reads the meaning of claims from them. They are values that the network has anyway, given out
    by nodes of their own: as an output itself a layer would be computed by other operators, with other last digits.
    """
    layers = {int(m["layer"] or -1) + 1: n.output[0] for n in model.graph.node if (m := STATES.fullmatch(n.name))}
    for layer, name in layers.items():
        model.graph.node.append(helper.make_node("Identity", [name], [f"states_{layer}"]))
        model.graph.output.append(
            helper.make_tensor_value_info(f"states_{layer}", onnx.TensorProto.FLOAT, ["windows", "pieces", None])
        )
    return model


def with_links(model: onnx.ModelProto, weights: Weights) -> onnx.ModelProto:
    """Give out ``links``, too, (windows, pieces, 2 · size): what ``attribution.training.linker`` has learnt on the states.

    Nodes on the states that are given out anyway; whatever else the file computes stays as it is, to the last bit.

    Args:
        model: with states, see ``with_states``.
        weights: of the linker.

    """
    names = [f"states_{layer}" for layer in LAYERS]
    given = {"matrix": weights.matrix, "bias": weights.bias, "one": np.ones(len(weights.matrix), np.float32)}
    model.graph.initializer.extend(numpy_helper.from_array(v, f"links.{k}") for k, v in given.items())
    model.graph.node.extend(
        [
            helper.make_node("Concat", names, ["links.states"], axis=-1),
            helper.make_node("LayerNormalization", ["links.states", "links.one"], ["links.normal"], epsilon=EPSILON),
            helper.make_node("MatMul", ["links.normal", "links.matrix"], ["links.product"]),
            helper.make_node("Add", ["links.product", "links.bias"], ["links"]),
        ]
    )
    model.graph.output.append(
        helper.make_tensor_value_info("links", onnx.TensorProto.FLOAT, ["windows", "pieces", len(weights.bias)])
    )
    onnx.checker.check_model(model)
    return model


def _is_transposed(graph: onnx.GraphProto, name: str) -> bool:
    """True if a matrix is used with its output channels as rows (Gemm with transB)."""
    return any(
        n.op_type == "Gemm" and n.input[1] == name and any(a.name == "transB" and a.i for a in n.attribute)
        for n in graph.node
    )
