"""Large products of matrices in whole numbers: the answers of 32-bit floats to the fourth digit, in less time.

CPUs multiply 8-bit integers several times as fast as 32-bit floats. Weights are 8-bit already; here what they are
multiplied by is rounded too. One digit of 8 bits would not do: a few channels, above all those of the first piece, are
ten times as large as the rest, and what the others lose by its coarse steps costs claims. So every input is written
with two digits of seven bits each, ``x ≈ step · (a − zero) + step / 126 · (b − 64)``, both digits are multiplied by
the weights, and the products are added.

Seven bits because x86 CPUs without VNNI add two products in 16 bits: 2 · 127 · 127 fits, 2 · 255 · 127 does not. So
these sums are exact on every CPU. (Floats before them differ in the sixth digit; that turns a second digit here and there,
and probabilities in the fourth.) How large inputs get is learnt from texts, and fixed: what a window is read with does
not change its answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

from attribution.pipeline.encoder import CONVENTIONS, pad, piece, windows
from attribution.pipeline.reader import lay_out
from attribution.training.fusion import DOMAIN, used

Feed = Mapping[str, npt.NDArray[Any]]

WORTH = 400_000  # values; of smaller matrices the digits take as long to make as they save
DIGIT = 127  # the largest digit
MIDDLE = 64  # the second digit of a rest of zero
MARGIN = 1.5  # inputs may be so many times as large as the largest seen; above, a digit may pass seven bits
_THRESHOLD = 0.2


@dataclass(frozen=True, slots=True)
class Range:
    """The smallest and the largest value of an input, zero among them."""

    low: float
    high: float

    @property
    def step(self) -> np.float32:
        """What one of the first digit is worth."""
        return np.float32(max((self.high - self.low) * MARGIN / DIGIT, 1e-8))

    @property
    def zero(self) -> np.uint8:
        """The first digit of the value zero."""
        return np.uint8(np.clip(round(-self.low * MARGIN / float(self.step)), 0, DIGIT))


def feeds(texts: Iterable[str], tokenizer: Tokenizer) -> Iterator[dict[str, npt.NDArray[Any]]]:
    """The network's inputs for every window of some texts, each text read by every convention."""
    for text in texts:
        paragraphs, marked = lay_out(text)
        for convention in CONVENTIONS:
            pieces = piece(text, tokenizer, paragraphs, marked, convention=convention)
            for window in windows(pieces):
                ids, types, mask, core = pad([(pieces, window)])
                threshold = np.array([_THRESHOLD], dtype=np.float32)
                yield {"ids": ids, "types": types, "mask": mask, "core": core, "threshold": threshold}


def in_integers(model: onnx.ModelProto, seen: Iterable[Feed], *, smallest: int = WORTH) -> onnx.ModelProto:
    """The model with its large products computed in whole numbers, changed in place.

    Args:
        model: with 8-bit weights and fused attention, as ``export.quantised`` and ``fusion.fused`` leave it.
        seen: inputs of the model, from which the ranges are learnt.
        smallest: matrices of fewer values stay as they are.

    Raises:
        ValueError: the model has no such product, or there are no inputs.

    """
    graph = model.graph
    constants = {t.name: t for t in graph.initializer}
    stored = {
        n.output[0]: n for n in graph.node
        if n.op_type == "DequantizeLinear" and np.prod(constants[n.input[0]].dims) >= smallest
    }  # fmt: skip
    products = [n for n in graph.node if n.op_type in ("MatMul", "Attention") and n.input[1] in stored]
    if not products:
        raise ValueError("no large product with 8-bit weights in this graph: was it put into whole numbers before?")
    ranges = _ranges(model, sorted({n.input[0] for n in products}), seen)
    replaced: dict[str, list[NodeProto]] = {}
    for node in products:
        weights, new = stored[node.input[1]], _Digits(node.name, node.input[0], ranges[node.input[0]])
        values, scale = weights.input[:2]
        if node.op_type == "MatMul":
            add = _bias_of(graph, node)
            nodes = new.product(values, scale, bias=next(i for i in add.input if i != node.output[0]))
            del add.input[:]
            add.input.extend(new.parts)  # what added the bias now adds the digits' products
        else:
            nodes = [*new.product(values, scale, bias=node.input[2]), *_attention(node, new.parts)]
            graph.initializer.append(_thirds(node, constants[values].dims[1]))
        graph.initializer.extend(new.constants())
        replaced[node.output[0]] = nodes
    kept = used([m for n in graph.node for m in replaced.get(n.output[0], [n])], [o.name for o in graph.output])
    del graph.node[:]
    graph.node.extend(kept)
    needed = {name for n in kept for name in n.input}
    left = [t for t in graph.initializer if t.name in needed]
    del graph.initializer[:]
    graph.initializer.extend(left)
    onnx.checker.check_model(model)
    return model


@dataclass(frozen=True, slots=True)
class _Digits:
    """The two digits of the input of a product, and what each gives: ``parts``, whose sum is the product."""

    name: str
    source: str
    range: Range

    @property
    def parts(self) -> tuple[str, str]:
        return f"{self.name}.first", f"{self.name}.second"

    def constants(self) -> list[TensorProto]:
        step = self.range.step
        return [
            numpy_helper.from_array(np.asarray(value), f"{self.name}.{what}")
            for what, value in (
                ("step", step), ("zero", self.range.zero),
                ("fine", np.float32(step / (DIGIT - 1))), ("middle", np.uint8(MIDDLE)),
            )
        ]  # fmt: skip

    def product(self, values: str, scale: str, *, bias: str) -> list[NodeProto]:
        """The nodes that make the digits and multiply them; the bias is in the first part."""
        at = self.name
        first, second = [f"{at}.{what}" for what in ("step", "zero")], [f"{at}.{what}" for what in ("fine", "middle")]
        return [
            helper.make_node("QuantizeLinear", [self.source, *first], [f"{at}.a"], name=f"{at}/first_digit"),
            helper.make_node("DequantizeLinear", [f"{at}.a", *first], [f"{at}.coarse"], name=f"{at}/coarse"),
            helper.make_node("Sub", [self.source, f"{at}.coarse"], [f"{at}.rest"], name=f"{at}/rest"),
            helper.make_node("QuantizeLinear", [f"{at}.rest", *second], [f"{at}.b"], name=f"{at}/second_digit"),
            _times(f"{at}/first", f"{at}.a", first, (values, scale, bias), self.parts[0]),
            _times(f"{at}/second", f"{at}.b", second, (values, scale, ""), self.parts[1]),
        ]


def _times(name: str, digit: str, of_digit: Sequence[str], by: tuple[str, str, str], out: str) -> NodeProto:
    """A digit times the weights, in floats again."""
    (step, zero), (values, scale, bias) = of_digit, by
    rest = ["", bias] if bias else []
    return helper.make_node(
        "MatMulIntegerToFloat", [digit, values, step, scale, zero, *rest], [out], name=name, domain=DOMAIN
    )


def _attention(node: NodeProto, parts: Sequence[str]) -> list[NodeProto]:
    """What follows the product inside an ``Attention``: queries, keys and values lie side by side in it."""
    at = node.name
    heads = next(a.i for a in node.attribute if a.name == "num_heads")
    masked = next(a.f for a in node.attribute if a.name == "mask_filter_value")
    qkv = [f"{at}.{which}" for which in ("queries", "keys", "values")]
    return [
        helper.make_node("Add", list(parts), [f"{at}.qkv"], name=f"{at}/sum"),
        helper.make_node("Split", [f"{at}.qkv", f"{at}.thirds"], qkv, name=f"{at}/split", axis=-1),
        helper.make_node(
            "MultiHeadAttention", [*qkv, "", node.input[3]], list(node.output), name=at, domain=DOMAIN,
            num_heads=heads, mask_filter_value=masked,
        ),
    ]  # fmt: skip


def _thirds(node: NodeProto, width: int) -> TensorProto:
    return numpy_helper.from_array(np.full(3, width // 3, dtype=np.int64), f"{node.name}.thirds")


def _bias_of(graph: onnx.GraphProto, node: NodeProto) -> NodeProto:
    """The node that adds a bias to a product."""
    following = [n for n in graph.node if node.output[0] in n.input]
    held = {t.name for t in graph.initializer}
    if len(following) != 1 or following[0].op_type != "Add" or not held & set(following[0].input):
        raise ValueError(f"the product {node.name} is not followed by its bias alone")
    return following[0]


def _ranges(model: onnx.ModelProto, names: Sequence[str], seen: Iterable[Feed]) -> dict[str, Range]:
    """How small and how large some values inside the network get."""
    import onnxruntime as ort

    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    watched.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in names)
    options = ort.SessionOptions()
    options.log_severity_level = 3
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    session = ort.InferenceSession(watched.SerializeToString(), options, providers=["CPUExecutionProvider"])
    low, high = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0)
    for feed in seen:
        for name, value in zip(names, session.run(list(names), dict(feed)), strict=True):
            if value.size:
                low[name], high[name] = min(low[name], float(value.min())), max(high[name], float(value.max()))
    if not any(high.values()):
        raise ValueError("nothing was read: give texts from which the ranges can be learnt")
    return {name: Range(low[name], high[name]) for name in names}
