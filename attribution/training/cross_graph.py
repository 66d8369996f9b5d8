"""The cross-encoder in the model file: nodes of its own on the shipped encoder's tables and matrices.

Of each matrix the file holds the difference from the encoder's, a few bits a value. It is unpacked when claims are read
together and not when the file is loaded: the first digit is shifted by a number that comes from the inputs, so that
onnxruntime does not work the matrices out beforehand. And the nodes stand under a condition, a threshold that no probability
reaches: who compares nothing pays nothing, in time or memory. Where it is asked for, the encoder reads one piece of each
window: it has the same inputs, and nobody wants its outputs then.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper

from attribution.pipeline.network import ASKED
from attribution.training.cross_encoder import HEADS, LAYERS, PRODUCTS, Base, CrossEncoder, Rounded, rounded
from attribution.training.fusion import DOMAIN, MASKED

OUTPUT = "pairs"
_PLACES = {
    "attention.qkv": "attention/Attention/first", "attention.out": "attention/out/MatMul",
    "up": "up/MatMul/first", "down": "down/MatMul/first",
}  # fmt: skip
_BYTE = 8
_EPSILON = 1e-12


def base_of(model: onnx.ModelProto) -> Base:
    """The tables and matrices of an exported model, as it computes them.

    Raises:
        ValueError: the graph does not look as ``export.export`` writes it.

    """
    held = {t.name: t for t in model.graph.initializer}

    def table(name: str) -> npt.NDArray[np.float32]:
        return _array(held, f"{name}.int8") * _array(held, f"{name}.scale")[:, None]

    products = {}
    for place in _PLACES_OF_ALL:
        values, scale = _stored(model.graph, *place)
        products[place] = np.ascontiguousarray((_array(held, values) * _array(held, scale)).T)
    words, positions, types = (table(f"encoder.{name}.weight") for name in ("words", "positions", "types"))
    norm = _array(held, "encoder.norm.weight"), _array(held, "encoder.norm.bias")
    return Base(words, positions, types, norm, products)


_PLACES_OF_ALL = tuple((layer, name) for layer in range(LAYERS) for name in PRODUCTS)


def with_cross_encoder(model: onnx.ModelProto, network: CrossEncoder) -> onnx.ModelProto:
    """Give out ``pairs``, too, (windows,): the log-odds that the two claims of a window say the same.

    ``core`` is where the marks of ``comparison.cross_encoder.Inputs`` go in. Nodes of its own: whatever else the file
    computes stays as it is, to the last bit.

    Args:
        model: as ``export.export`` writes it.
        network: trained on ``base_of`` this model.

    """
    graph = _Graph(model.graph)
    norm = graph.layer_norm(graph.embedded(network.marks), network.norm, "norm")
    state = norm
    for i, layer in enumerate(network.layers):
        state = graph.layer(i, layer, state)
    graph.answer(network, state)
    only_if_asked(model.graph)
    cut_if_asked(model.graph)
    model.graph.output.append(helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["windows"]))
    onnx.checker.check_model(model)
    return model


def only_if_asked(graph: GraphProto) -> None:
    """Put the cross-encoder's nodes under a condition: onnxruntime runs all of a graph, whichever outputs are asked for."""
    inner = [n for n in graph.node if _of_pairs(n)]
    kept = [n for n in graph.node if not _of_pairs(n)]
    del graph.node[:]
    graph.node.extend(kept)
    found = helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["windows"])
    nothing = numpy_helper.from_array(np.zeros(0, dtype=np.float32))
    empty = helper.make_node("Constant", [], [f"{OUTPUT}.nothing"], value=nothing)
    none = helper.make_tensor_value_info(f"{OUTPUT}.nothing", TensorProto.FLOAT, ["none"])
    renamed = [n for n in inner if n.output[0] == OUTPUT]
    renamed[0].output[0] = found.name = f"{OUTPUT}.answer"
    graph.initializer.append(numpy_helper.from_array(np.array([ASKED - 0.5], dtype=np.float32), f"{OUTPUT}.from"))
    graph.node.append(helper.make_node("Greater", ["threshold", f"{OUTPUT}.from"], [f"{OUTPUT}.asked"]))
    graph.node.append(
        helper.make_node(
            "If", [f"{OUTPUT}.asked"], [OUTPUT], name=f"/{OUTPUT}",
            then_branch=helper.make_graph(inner, OUTPUT, [], [found]),
            else_branch=helper.make_graph([empty], f"no {OUTPUT}", [], [none]),
        )
    )  # fmt: skip


def cut_if_asked(graph: GraphProto) -> None:
    """Let all but the cross-encoder see only the first piece of each window where claims are read together."""
    total = _first_norm(graph).input[0]
    length, end, begin, one = (f"{OUTPUT}.cut_{name}" for name in ("length", "end", "begin", "one"))
    for name, value in ((begin, 0), (one, 1)):
        graph.initializer.append(numpy_helper.from_array(np.array([value], dtype=np.int64), name))
    asked = next(n for n in graph.node if n.output[0] == f"{OUTPUT}.asked")
    first = [
        asked,
        helper.make_node("Shape", ["ids"], [length], start=1, end=2),
        helper.make_node("Where", [asked.output[0], one, length], [end]),
    ]
    cut = {name: helper.make_node("Slice", [name, begin, end, one], [_CUT + name]) for name in ("mask", "core", total)}
    ordered = [*first, cut["mask"], cut["core"]]
    for node in graph.node:
        if node is asked:
            continue
        if not _of_pairs(node):
            names = {"mask", "core"}
            if total in node.input:
                ordered.append(cut[total])
                names.add(total)
            node.input[:] = [_CUT + name if name in names else name for name in node.input]
        ordered.append(node)
    kept = [NodeProto.FromString(n.SerializeToString()) for n in ordered]
    del graph.node[:]
    graph.node.extend(kept)


_CUT = f"{OUTPUT}.cut."


def _first_norm(graph: GraphProto) -> NodeProto:
    """What reads the sum of the embeddings."""
    return next(n for n in graph.node if n.name == "/norm/LayerNormalization")


def without_cross_encoder(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model as it was before ``with_cross_encoder``, changed in place."""
    graph = model.graph
    for of in (graph.node, graph.initializer, graph.output):
        kept = [x for x in of if not _of_pairs(x)]
        del of[:]
        of.extend(kept)
    for node in graph.node:
        node.input[:] = [name.removeprefix(_CUT) for name in node.input]
    return model


def _of_pairs(part: NodeProto | TensorProto | onnx.ValueInfoProto) -> bool:
    """True for what ``with_cross_encoder`` has put into a graph."""
    name = part.output[0] if isinstance(part, NodeProto) else part.name
    return name == OUTPUT or str(name).startswith(f"{OUTPUT}.")


class _Graph:
    """Adds nodes and constants under names of their own."""

    def __init__(self, graph: GraphProto) -> None:
        self.graph = graph
        self.shifts: dict[int, str] = {}
        self.node("Cast", ["mask"], "mask.whole", to=TensorProto.INT32)
        # 1, from the inputs: nothing that hangs on it is worked out beforehand
        self.node("ReduceMax", ["mask"], "one.whole", keepdims=0)
        self.node("Cast", [self.at("one.whole")], "one", to=TensorProto.FLOAT)
        self.node("Cast", [self.at("one.whole")], "one.byte", to=TensorProto.UINT8)

    def shift(self, by: int) -> str:
        """A number of bits, which hangs on the inputs."""
        if by not in self.shifts:
            given = self.constant(f"by{by}", np.asarray(np.uint8(by)))
            self.shifts[by] = self.node("Mul", [given, self.at("one.byte")], f"shift{by}")
        return self.shifts[by]

    def at(self, name: str) -> str:
        return f"{OUTPUT}.{name}"

    def constant(self, name: str, value: npt.NDArray[np.generic] | torch.Tensor) -> str:
        array = value.detach().float().numpy() if isinstance(value, torch.Tensor) else value
        self.graph.initializer.append(numpy_helper.from_array(np.asarray(array, order="C"), self.at(name)))
        return self.at(name)

    def node(self, op: str, inputs: list[str], name: str, **attributes: object) -> str:
        self.graph.node.append(helper.make_node(op, inputs, [self.at(name)], name=f"/{OUTPUT}/{name}", **attributes))
        return self.at(name)

    def embedded(self, marks: torch.Tensor) -> str:
        """The encoder's own sum of words, places and types, with the marks."""
        norm = _first_norm(self.graph)
        table = self.node("Gather", [self.constant("marks.table", marks), "core"], "marks")
        return self.node("Add", [norm.input[0], table], "embedded")

    def layer_norm(self, x: str, norm: torch.nn.LayerNorm, name: str) -> str:
        given = [self.constant(f"{name}.{what}", getattr(norm, what)) for what in ("weight", "bias")]
        return self.node("LayerNormalization", [x, *given], f"{name}.normal", epsilon=_EPSILON)

    def layer(self, i: int, layer: torch.nn.Module, state: str) -> str:
        """One transformer layer, as ``network.Layer``."""
        at = f"{i}."
        get = layer.get_submodule
        qkv = self.product(i, "attention.qkv", get("attention.qkv"), state)
        thirds = self.constant(f"{at}thirds", np.full(3, get("attention.qkv").weight.shape[0] // 3, dtype=np.int64))
        names = [self.at(f"{at}{which}") for which in ("queries", "keys", "values")]
        self.graph.node.append(helper.make_node("Split", [qkv, thirds], names, name=f"/{OUTPUT}/{at}split", axis=-1))
        mixed = self.node(
            "MultiHeadAttention", [*names, "", self.at("mask.whole")], f"{at}mixed", domain=DOMAIN, num_heads=HEADS,
            mask_filter_value=MASKED,
        )  # fmt: skip
        out = self.product(i, "attention.out", get("attention.out"), mixed)
        state = self.layer_norm(self.node("Add", [state, out], f"{at}first"), get("norm1"), f"{at}norm1")
        up = self.node("Gelu", [self.product(i, "up", get("up"), state)], f"{at}gelu", domain=DOMAIN)
        down = self.product(i, "down", get("down"), up)
        return self.layer_norm(self.node("Add", [state, down], f"{at}second"), get("norm2"), f"{at}norm2")

    def product(self, i: int, name: str, linear: torch.nn.Module, x: str) -> str:
        """What a linear map gives, its matrix put together from the encoder's and the difference."""
        at = f"{i}.{name}"
        values, scale = _stored(self.graph, i, name)
        one = self.at("one")
        own = self.node(
            "DequantizeLinear", [values, self.node("Mul", [scale, one], f"{at}.scale")], f"{at}.base", axis=1
        )
        parts = linear.parametrizations.weight
        rounding = parts[0]
        if not isinstance(rounding, Rounded):
            raise TypeError(f"the weight of {at} is not rounded: train it by attribution.training.cross_encoder")
        digits, step = rounded(parts.original.detach() - rounding.get_buffer("base"), rounding.bits)
        matrix = self.node("Add", [own, self.difference(at, digits.T.numpy(), step, rounding.bits)], f"{at}.matrix")
        product = self.node("MatMul", [x, matrix], f"{at}.product")
        return self.node("Add", [product, self.constant(f"{at}.bias", linear.bias)], f"{at}.out")

    def difference(self, at: str, digits: npt.NDArray[np.float32], step: torch.Tensor, bits: int) -> str:
        """Digits (inputs, outputs), several to a byte, rows a part of the matrix apart; unpacked and multiplied by the step."""
        parts = _BYTE // bits
        rows = digits.astype(np.uint8).reshape(parts, -1, digits.shape[1])
        packed = np.zeros(rows.shape[1:], dtype=np.uint8)
        for part in rows:
            packed = (packed << bits) | part
        byte = self.constant(f"{at}.digits", packed)
        each = []
        for k in range(parts):
            left = self.node("BitShift", [byte, self.shift(bits * k)], f"{at}.left{k}", direction="LEFT")
            each.append(self.node("BitShift", [left, self.shift(_BYTE - bits)], f"{at}.digit{k}", direction="RIGHT"))
        whole = self.node("Concat", each, f"{at}.whole", axis=0)
        middle = self.constant(f"{at}.middle", np.full(len(step), 2 ** (bits - 1), dtype=np.uint8))
        steps = self.node("Mul", [self.constant(f"{at}.step", step), self.at("one")], f"{at}.steps")
        lower = self.node("DequantizeLinear", [whole, steps, middle], f"{at}.lower", axis=1)
        return self.node("Add", [lower, self.constant(f"{at}.half", step / 2)], f"{at}.difference")

    def answer(self, network: CrossEncoder, state: str) -> None:
        """Of the first piece and the mean of all."""
        first = self.node("Gather", [state, self.constant("first.at", np.asarray(np.int64(0)))], "first", axis=1)
        last = self.constant("last.axis", np.asarray([2], dtype=np.int64))
        inside = self.node("Unsqueeze", [self.node("Cast", ["mask"], "mask", to=TensorProto.FLOAT), last], "inside")
        axis = self.constant("sum.axis", np.asarray([1], dtype=np.int64))
        total = self.node("ReduceSum", [self.node("Mul", [state, inside], "kept"), axis], "total", keepdims=0)
        count = self.node("ReduceSum", [inside, axis], "count", keepdims=0)
        both = self.node("Concat", [first, self.node("Div", [total, count], "mean")], "both", axis=-1)
        x = self.node("MatMul", [both, self.constant("hidden.weight", network.hidden.weight.T)], "hidden.product")
        x = self.node("Add", [x, self.constant("hidden.bias", network.hidden.bias)], "hidden")
        x = self.node("Gelu", [x], "hidden.gelu", domain=DOMAIN)
        x = self.node("MatMul", [x, self.constant("out.weight", network.out.weight[0])], "out")
        self.graph.node.append(helper.make_node("Add", [x, self.constant("out.bias", network.out.bias)], [OUTPUT]))


def _stored(graph: GraphProto, layer: int, name: str) -> tuple[str, str]:
    """The names of the whole numbers and of the scale of one of the encoder's matrices."""
    place = f"/layers.{layer}/{_PLACES[name]}"
    node: NodeProto | None = next((n for n in graph.node if n.name == place), None)
    if node is None:
        raise ValueError(f"no node {place} in this graph: is it a model of attribution, exported?")
    if node.op_type == "MatMul":
        made = next(n for n in graph.node if node.input[1] in n.output)
        return made.input[0], made.input[1]
    return node.input[1], node.input[3]


def _array(held: dict[str, TensorProto], name: str) -> npt.NDArray[np.float32]:
    return np.asarray(numpy_helper.to_array(held[name]), dtype=np.float32)
