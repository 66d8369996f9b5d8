"""The cross-encoder: two claims in, the log-odds that they are the same out; learnt from groups of claims.

A transformer like the shipped encoder, from the same checkpoint, with the shipped model's embeddings, which stay as they
are. What it ships is the difference of its weights from the encoder's: both come from one checkpoint and lie near each
other, so that the difference, rounded to a few bits, takes a fraction of the room of the weights. The last part of training
is done with the rounded weights, the gradient passed through the rounding as if there were none (Bengio et al. 2013).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import parametrize

from attribution.comparison.cross_encoder import MARKS, batches, feed, in_order
from attribution.training.claim_groups import Example, Group, drawn
from attribution.training.network import Layer

Array = npt.NDArray[np.float32]
Report = Callable[[dict[str, Any]], None]

LAYERS, SIZE, HEADS, INNER = 6, 384, 12, 1536
PRODUCTS = ("attention.qkv", "attention.out", "up", "down")
_OWN, _DROPOUT = 64, 0.1
_POOL = 24  # batches from which pairs of like length are put together
_WARMUP, _LEAST = 0.08, 0.02  # share of the steps, of the rate
_CLIP = 1.0
# bits: the step in standard deviations that loses least of a normal distribution (Max 1960)
_STEPS = {2: 0.9957, 4: 0.3352}


class Base(NamedTuple):
    """What of the shipped model the cross-encoder stands on, as the model file computes it.

    ``words``, ``positions`` and ``types`` (rows, size); ``norm``: weight and bias; ``products``: the encoder's matrices
    by layer and name, (outputs, inputs).
    """

    words: Array
    positions: Array
    types: Array
    norm: tuple[Array, Array]
    products: dict[tuple[int, str], Array]


class CrossEncoder(nn.Module):
    """Inputs as ``comparison.cross_encoder.feed`` gives them, (pairs, pieces) each, to log-odds (pairs,)."""

    def __init__(self, base: Base) -> None:
        super().__init__()
        for name in ("words", "positions", "types"):
            self.register_buffer(name, torch.from_numpy(getattr(base, name)), persistent=False)
        self.marks = nn.Parameter(torch.zeros(MARKS, SIZE))
        self.norm = nn.LayerNorm(SIZE, eps=1e-12)
        for own, given in zip((self.norm.weight, self.norm.bias), base.norm, strict=True):
            own.data = torch.from_numpy(np.array(given))
        self.layers = nn.ModuleList([Layer(SIZE, HEADS, INNER) for _ in range(LAYERS)])
        self.hidden = nn.Linear(2 * SIZE, _OWN)
        self.drop = nn.Dropout(_DROPOUT)
        self.out = nn.Linear(_OWN, 1)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor, marks: Tensor) -> Tensor:
        words, positions, kinds = (self.get_buffer(name) for name in ("words", "positions", "types"))
        x = self.norm(words[ids] + positions[: ids.shape[1]] + kinds[types] + self.marks[marks])
        bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * -10000.0
        for layer in self.layers:
            x = layer(x, bias)
        inside = mask[..., None].float()
        mean = (x.float() * inside).sum(1) / inside.sum(1)
        both = torch.cat([x[:, 0].float(), mean], -1)
        return self.out(self.drop(F.gelu(self.hidden(both))))[:, 0]


class Rounded(nn.Module):
    """A matrix (outputs, inputs) as its base and the difference from it in a few bits, with a step for each output."""

    def __init__(self, base: Tensor, bits: int) -> None:
        super().__init__()
        self.register_buffer("base", base, persistent=False)
        self.bits = bits

    def forward(self, weight: Tensor) -> Tensor:
        base = self.get_buffer("base")
        digits, step = rounded(weight.detach() - base, self.bits)
        near = base + (digits + 0.5 - 2 ** (self.bits - 1)) * step[:, None]
        return near + weight - weight.detach()


def rounded(difference: Tensor, bits: int) -> tuple[Tensor, Tensor]:
    """Digits (outputs, inputs) from 0 to 2 ** bits - 1, and steps (outputs,): (digit + 0.5 - 2 ** (bits - 1)) · step."""
    step = difference.std(1).clamp_min(1e-8) * _STEPS[bits]
    middle = 2 ** (bits - 1)
    return (torch.floor(difference / step[:, None]) + middle).clamp(0, 2 * middle - 1), step


def train_cross_encoder(
    groups: Sequence[Group], base: Base, start: dict[str, Tensor], tokenizer: Tokenizer, settings: dict[str, Any], *,
    seed: int, report: Report,
) -> CrossEncoder:  # fmt: skip
    """Learn from groups of claims.

    Args:
        groups: what is learnt from, drawn from anew in each pass.
        base: of the shipped model.
        start: the encoder's weights to begin with, as ``network.Encoder`` names them.
        tokenizer: of the shipped model.
        settings: [cross_encoder] of the training configuration.
        seed: of the draws and of what is not taken from a checkpoint.
        report: is told each pass's mean loss.

    """
    torch.manual_seed(seed)
    rng = random.Random(seed)
    model = CrossEncoder(base)
    own = {name for name in model.state_dict() if name.startswith("layers.")}
    model.load_state_dict({k: v for k, v in start.items() if k in own}, strict=False)
    passes = [drawn(groups, rng) for _ in range(settings["passes"])]
    return _learnt(model, passes, tokenizer, settings["rate"], settings["pairs_per_step"], rng, report)


def tune_cross_encoder(
    trained: dict[str, Tensor], pairs: Sequence[Example], groups: Sequence[Group], base: Base, tokenizer: Tokenizer,
    settings: dict[str, Any], *, seed: int, report: Report,
) -> CrossEncoder:  # fmt: skip
    """Round what was learnt from groups, and learn from labelled pairs, which are as pairs of news articles are.

    Args:
        trained: the state of ``train_cross_encoder``'s network.
        pairs: what is learnt from, all of them in each pass.
        groups: some of them are drawn from besides, so that what they taught is kept.
        base: of the shipped model.
        tokenizer: of the shipped model.
        settings: [cross_encoder] of the training configuration.
        seed: of the draws.
        report: is told each pass's mean loss.

    """
    torch.manual_seed(seed)
    rng = random.Random(seed)
    model = CrossEncoder(base)
    model.load_state_dict(trained)
    with_rounded_products(model, base, settings["bits"])
    some = [rng.sample(groups, min(len(groups), settings["tuning_groups"])) for _ in range(settings["tuning_passes"])]
    passes = [[*pairs, *drawn(chosen, rng)] for chosen in some]
    return _learnt(model, passes, tokenizer, settings["tuning_rate"], settings["pairs_per_step"], rng, report)


def with_rounded_products(model: CrossEncoder, base: Base, bits: dict[str, int]) -> None:
    """Let a network compute with matrices as they are shipped: the encoder's, and the difference in so many bits."""
    for i, layer in enumerate(model.layers):
        for name in PRODUCTS:
            own = torch.from_numpy(base.products[i, name])
            parametrize.register_parametrization(layer.get_submodule(name), "weight", Rounded(own, bits[name]))


@torch.no_grad()
def log_odds(model: CrossEncoder, pairs: Sequence[tuple[str, str]], tokenizer: Tokenizer) -> list[float]:
    """What a network says of pairs of claims, read as ``comparison.cross_encoder.log_odds`` reads them."""
    asked = [in_order(*pair) for pair in pairs]
    found = [0.0] * len(asked)
    for batch in batches(asked, tokenizer):
        with torch.autocast("cpu", torch.bfloat16):
            answers = model(*(torch.from_numpy(x) for x in feed([asked[i] for i in batch], tokenizer)))
        for i, answer in zip(batch, answers.tolist(), strict=True):
            found[i] = answer
    return found


def _learnt(
    model: CrossEncoder, passes: Sequence[list[Example]], tokenizer: Tokenizer, rate: float, size: int,
    rng: random.Random, report: Report,
) -> CrossEncoder:  # fmt: skip
    """The network after some passes; the rate rises, and falls in a line."""
    weights = list(model.parameters())
    decayed, others = [w for w in weights if w.ndim > 1], [w for w in weights if w.ndim < 2]
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}], lr=rate, betas=(0.9, 0.98)
    )
    planned = [_batches(examples, size, rng) for examples in passes]
    total = sum(map(len, planned))
    warm = max(int(total * _WARMUP), 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, max(_LEAST, (total - step) / max(total - warm, 1)))
    )
    model.train()
    for n, batches_ in enumerate(planned):
        began, losses = time.monotonic(), []
        for batch in batches_:
            with torch.autocast("cpu", torch.bfloat16):
                found = model(*_inputs(batch, tokenizer))
            loss = F.binary_cross_entropy_with_logits(found.float(), torch.tensor([float(e.same) for e in batch]))
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(weights, _CLIP)
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
            losses.append(float(loss.detach()))
        report(
            {
                "pass": n + 1,
                "steps": len(losses),
                "loss": round(float(np.mean(losses)), 4),
                "seconds": round(time.monotonic() - began),
            }
        )
    return model.eval()


def _batches(given: list[Example], size: int, rng: random.Random) -> list[list[Example]]:
    """Pairs of like length together, in either order, the batches in any order."""
    given = [Example(b, a, s) if rng.random() < 0.5 else Example(a, b, s) for a, b, s in given]
    rng.shuffle(given)
    found = []
    for k in range(0, len(given), size * _POOL):
        pool = sorted(given[k : k + size * _POOL], key=lambda e: len(e.one) + len(e.other))
        found += [pool[i : i + size] for i in range(0, len(pool), size)]
    rng.shuffle(found)
    return found


def _inputs(batch: Sequence[Example], tokenizer: Tokenizer) -> list[Tensor]:
    return [torch.from_numpy(x) for x in feed([(e.one, e.other) for e in batch], tokenizer)]
