"""Attention as one operator of onnxruntime's: the same answers, less time and a smaller graph.

The traced graph spells attention out: scores are multiplied by the scale, the mask is added, and each step writes the
scores of all heads to memory and reads them again. onnxruntime's ``com.microsoft.Attention`` does all of it in one pass.
Scores differ in the sixth digit from those of the graph that is spelt out: sums are taken in another order.
"""

from __future__ import annotations

from collections.abc import Sequence

import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper

DOMAIN = "com.microsoft"
MASKED = -10_000.0  # what is added to the score of a piece that is padding, as in attribution.training.network


def fused(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with every spelt-out attention replaced, changed in place.

    Raises:
        ValueError: the graph has none that looks as ``attribution.training.export.to_onnx`` writes it.

    """
    graph = model.graph
    parts = [n.name.removesuffix("Softmax") for n in graph.node if n.name.endswith("/attention/Softmax")]
    if not parts:
        raise ValueError("no attention in this graph: is it a model of attribution, and not fused before?")
    made_by = {output: n for n in graph.node for output in n.output}
    replaced: dict[str, NodeProto] = {}
    casts: dict[str, NodeProto] = {}
    for part in parts:
        by_name = {n.name.removeprefix(part): n for n in graph.node if n.name.startswith(part)}
        mask = _mask(by_name["Add"], made_by)
        casts.setdefault(mask, helper.make_node("Cast", [mask], [f"{mask}.int32"], to=TensorProto.INT32))
        node = _attention(part, by_name, graph, f"{mask}.int32")
        replaced[node.output[0]] = node
    nodes = _in_order(graph.node, replaced, casts)
    kept = used(nodes, [o.name for o in graph.output])
    del graph.node[:]
    graph.node.extend(kept)
    if all(o.domain != DOMAIN for o in model.opset_import):
        model.opset_import.append(helper.make_opsetid(DOMAIN, 1))
    onnx.checker.check_model(model)
    return model


def _mask(add: NodeProto, made_by: dict[str, NodeProto]) -> str:
    """The tensor of ones and zeros, (batch, pieces), from which the bias of an attention is made."""
    name = add.input[1]
    while name in made_by and made_by[name].op_type in ("Cast", "Mul", "Sub", "Unsqueeze"):
        node = made_by[name]
        name = node.input[1] if node.op_type == "Sub" else node.input[0]
    return str(name)


def _attention(part: str, by_name: dict[str, NodeProto], graph: onnx.GraphProto, mask: str) -> NodeProto:
    """The operator in place of the nodes of one attention; queries, keys and values lie side by side in its weights."""
    constants = {n.output[0]: n.attribute[0].t for n in graph.node if n.op_type == "Constant"}
    held = {t.name for t in graph.initializer}
    states, weights = by_name["qkv/MatMul"].input
    bias = next(name for name in by_name["qkv/Add"].input if name in held)
    heads = int(numpy_helper.to_array(constants[by_name["Concat"].input[3]]).item())
    return helper.make_node(
        "Attention", [states, weights, bias, mask], [by_name["Reshape_1"].output[0]], name=f"{part}Attention",
        domain=DOMAIN, num_heads=heads, mask_filter_value=MASKED,
    )  # fmt: skip


def _in_order(
    nodes: Sequence[NodeProto], replaced: dict[str, NodeProto], casts: dict[str, NodeProto]
) -> list[NodeProto]:
    """The nodes with the operators in the places of what they replace, each mask's cast before its first use."""
    waiting = {cast.output[0]: cast for cast in casts.values()}
    out: list[NodeProto] = []
    for node in nodes:
        new = replaced.get(node.output[0]) if node.output else None
        if new is None:
            out.append(node)
            continue
        cast = waiting.pop(new.input[3], None)
        out += [cast, new] if cast is not None else [new]
    return out


def used(nodes: list[NodeProto], outputs: Sequence[str]) -> list[NodeProto]:
    """The nodes that something needs."""
    needed = set(outputs)
    kept = []
    for node in reversed(nodes):
        if needed & set(node.output):
            kept.append(node)
            needed.update(node.input)
    return kept[::-1]
