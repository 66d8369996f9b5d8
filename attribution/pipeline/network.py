"""The network: what it gives for a batch of padded windows, and the shipped model file under onnxruntime."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from attribution.errors import ModelError

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float32]
ASKED = 2.0  # a threshold that no anchor reaches, and from which the model file reads two claims together


class Outputs(NamedTuple):
    """What the network gives for a batch of padded windows, in the order of the model file's outputs.

    For w windows of n pieces with a anchors: ``anchor`` (w, n, 3), ``names`` (w, n, labels), ``where`` (a, 2): window
    and piece; ``roles`` (a, n, labels), ``act`` (a, acts), ``kind`` (a, kinds), ``addressee`` (a, n, 3); ``parts`` (w, n,
    parts of speech), ``starts`` (w, n, 2), ``links`` (w, n, 2 · size), where the model has them.
    """

    anchor: FloatArray
    names: FloatArray
    where: IntArray
    roles: FloatArray
    act: FloatArray
    kind: FloatArray
    addressee: FloatArray
    parts: FloatArray
    starts: FloatArray
    links: FloatArray | None = None


class Network(Protocol):
    """Anything that runs the forward pass: the shipped ONNX file, or PyTorch while training."""

    def __call__(self, ids: IntArray, types: IntArray, mask: IntArray, core: IntArray, threshold: float) -> Outputs:
        """Scores of a batch of padded windows, shape (windows, pieces) each; ``core`` is 1 where an anchor may stand."""
        ...


class OnnxNetwork:
    """The shipped model under onnxruntime; the session is made on first use, once in each process."""

    def __init__(self, path: Path, *, threads: int | None = None) -> None:
        """Args:
        path: the .onnx file.
        threads: intra-op threads; all cores by default.
        """
        self.path = path
        self.threads = threads
        self._session: Any = None
        self._process = -1
        self._given: frozenset[str] = frozenset()

    def _ready(self) -> Any:
        if self._session is None or self._process != os.getpid():
            import onnxruntime as ort

            if not self.path.is_file():
                raise ModelError(f"no model file at {self.path}: reinstall the package or give another model folder")
            options = ort.SessionOptions()
            options.intra_op_num_threads = self.threads or os.cpu_count() or 1
            options.inter_op_num_threads = 1
            options.log_severity_level = 3
            # The file says itself which products are of whole numbers. For the others unpack the 8-bit weights once,
            # and do not round their inputs: products in 32-bit floats.
            options.add_session_config_entry("session.disable_quant_qdq", "1")
            self._session = ort.InferenceSession(str(self.path), options, providers=["CPUExecutionProvider"])
            self._process = os.getpid()
            self._given = frozenset(o.name for o in self._session.get_outputs())
        return self._session

    def __call__(self, ids: IntArray, types: IntArray, mask: IntArray, core: IntArray, threshold: float) -> Outputs:
        feed = {
            "ids": ids, "types": types, "mask": mask, "core": core,
            "threshold": np.array([threshold], dtype=np.float32),
        }  # fmt: skip
        session = self._ready()
        return Outputs(*session.run([name for name in Outputs._fields if name in self._given], feed))

    def states(self, ids: IntArray, types: IntArray, mask: IntArray, *, layers: Sequence[int]) -> FloatArray:
        """The states of some of the encoder's layers for one window, (layers, pieces, size); 0 is the embeddings.

        Raises:
            ModelError: the model does not give them out.

        """
        feed = {
            "ids": ids, "types": types, "mask": mask, "core": np.zeros_like(ids),
            "threshold": np.array([1.0], dtype=np.float32),
        }  # fmt: skip
        session, names = self._ready(), [f"states_{layer}" for layer in layers]
        if missing := sorted(set(names) - self._given):
            raise ModelError(f"{self.path} gives out no {', '.join(missing)}: it was made by an older version")
        return np.concatenate(session.run(names, feed))

    def pairs(self, ids: IntArray, types: IntArray, mask: IntArray, marks: IntArray) -> FloatArray:
        """The log-odds that the two claims of each window say the same, (windows,), see ``comparison.cross_encoder``.

        Raises:
            ModelError: the model does not read claims together.

        """
        feed = {
            "ids": ids,
            "types": types,
            "mask": mask,
            "core": marks,
            "threshold": np.array([ASKED], dtype=np.float32),
        }
        session = self._ready()
        if "pairs" not in self._given:
            raise ModelError(f"{self.path} does not read claims together: it was made by an older version")
        return np.asarray(session.run(["pairs"], feed)[0], dtype=np.float32)

    def __reduce__(self) -> tuple[type, tuple[Path], dict[str, object]]:
        return (
            OnnxNetwork,
            (self.path,),
            {"threads": self.threads, "_session": None, "_process": -1, "_given": frozenset()},
        )

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
