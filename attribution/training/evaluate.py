"""Evaluate a network in training with the project's own pipeline and measure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from attribution.pipeline.network import IntArray, Outputs
from attribution.pipeline.reader import Reader, Settings
from attribution.pipeline.relations import Crf
from attribution.training.network import Model


class TorchNetwork:
    """A PyTorch model as the pipeline's network."""

    def __init__(self, model: Model) -> None:
        self.model = model.eval()

    def __call__(self, ids: IntArray, types: IntArray, mask: IntArray, core: IntArray, threshold: float) -> Outputs:
        with torch.no_grad():
            out = self.model(*(torch.from_numpy(x) for x in (ids, types, mask, core)), torch.tensor(threshold))
        return Outputs(*(o.float().numpy() if o.is_floating_point() else o.numpy() for o in out))


def torch_reader(model: Model, tokenizer: Tokenizer, settings: Settings | None = None) -> Reader:
    """A reader that runs a PyTorch model."""
    crf = Crf.constrained(
        model.transitions.detach().numpy().astype(np.float32), model.first.detach().numpy().astype(np.float32)
    )
    return Reader(tokenizer, TorchNetwork(model), crf, settings or Settings())


def predict(reader: Reader, gold: Path, *, batch: int = 8) -> list[dict[str, Any]]:
    """Predictions for the articles of a gold file, one record each: ``{"id", "claims"}``."""
    records = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines() if line.strip()]
    out = []
    for i in range(0, len(records), batch):
        part = records[i : i + batch]
        for record, claims in zip(part, reader.read([r["text"] for r in part]), strict=True):
            out.append({"id": record["id"], "claims": claims})
    return out
