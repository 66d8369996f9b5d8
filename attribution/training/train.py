"""Training: configuration → network, checkpoints, a log; see training/config.toml and ``attribution train``."""

from __future__ import annotations

import copy
import json
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F

from attribution.errors import InputError
from attribution.pipeline.encoder import pad
from attribution.pipeline.labels import ADDRESSEE, ANCHORS, ROLES
from attribution.pipeline.relations import OUTSIDE, anchor_constraint
from attribution.training.epochs import Corpus
from attribution.training.examples import IGNORE, Example
from attribution.training.network import Model, crf_loss, forbidden_first, forbidden_transitions, load_minilm

Config = dict[str, Any]
Report = Callable[[dict[str, Any]], None]


def batch_loss(
    model: Model,
    batch: Sequence[Example],
    weights: dict[str, float],
    *,
    hide: float = 0.0,
    drop: float = 0.0,
    annotators: Sequence[str] = (),
    told: float = 0.0,
) -> dict[str, Tensor]:
    """The losses of a batch by head, each already weighted; their sum is what is minimised.

    Of the share ``told`` of the windows that one of ``annotators`` marked the network is told who it was.
    """
    ids, types, mask, _ = (torch.from_numpy(x) for x in pad([(e.pieces, e.window) for e in batch]))
    if hide:
        hidden = (torch.rand(ids.shape) < hide) & (ids > 102)
        ids = torch.where(hidden, torch.full_like(ids, 103), ids)
    with torch.autocast("cpu", torch.bfloat16):
        states = F.dropout(model.encoder(ids, types, mask, _annotator(model, batch, annotators, told)), drop)
    losses: dict[str, Tensor] = {}
    n = ids.shape[1]
    if batch[0].claims or (batch[0].anchors != IGNORE).any():
        with torch.autocast("cpu", torch.bfloat16):
            outer, anchors = model.outer(states), model.anchors(states)
        losses["outer"] = _token_loss(outer, [e.outer for e in batch], n) * weights["outer"]
        losses["anchors"] = _token_loss(anchors, [e.anchors for e in batch], n) * weights["anchors"]
        losses.update(_claim_losses(model, states, mask, batch, weights))
    else:
        losses["names"] = _name_loss(model.names(states.float()), batch, n) * weights["names"]
    return losses


def _annotator(model: Model, batch: Sequence[Example], annotators: Sequence[str], told: float) -> Tensor | None:
    """What is added to each window's embeddings for who marked it, (windows, size)."""
    known = [1 + annotators.index(e.annotator) if e.annotator in annotators else 0 for e in batch]
    if not any(known):
        return None
    which = torch.tensor(known) * (torch.rand(len(known)) < told)
    return model.annotators(which) * (which > 0)[:, None]


def _stack(rows: Sequence[np.ndarray], n: int, fill: int) -> Tensor:
    out = np.full((len(rows), n), fill, dtype=np.int64)
    for i, row in enumerate(rows):
        out[i, 1 : 1 + len(row)] = row
    return torch.from_numpy(out)


def _token_loss(logits: Tensor, rows: Sequence[np.ndarray], n: int) -> Tensor:
    gold = _stack(rows, n, IGNORE)
    return F.cross_entropy(logits.float().flatten(0, 1), gold.flatten(), ignore_index=IGNORE)


def _name_loss(logits: Tensor, batch: Sequence[Example], n: int) -> Tensor:
    """Cross-entropy in which an O may be any label that the record does not cover."""
    gold = _stack([e.names for e in batch], n, IGNORE)
    hidden = torch.from_numpy(np.stack([e.open_names for e in batch]))
    hidden = hidden.clone()
    hidden[:, 0] = True
    logp = F.log_softmax(logits, -1)
    outside = torch.logsumexp(logp.masked_fill(~hidden[:, None, :], -1e4), -1)
    picked = logp.gather(2, gold.clamp(min=0)[..., None])[..., 0]
    value = torch.where(gold == 0, outside, picked)
    keep = gold != IGNORE
    return -(value * keep).sum() / keep.sum().clamp(min=1)


def _claim_losses(
    model: Model, states: Tensor, mask: Tensor, batch: Sequence[Example], weights: dict[str, float]
) -> dict[str, Tensor]:
    anchors = [(row, a) for row, e in enumerate(batch) for a in e.claims]
    if not anchors:
        return {}
    n = states.shape[1]
    where = torch.tensor([[row, a.at + 1] for row, a in anchors])
    free = torch.tensor([int(a.free) for _, a in anchors])
    with torch.autocast("cpu", torch.bfloat16):
        roles, act, kind, addressee = model.role_head(states, mask, where, free)
    gold = _stack([a.roles for _, a in anchors], n, OUTSIDE)
    emissions = roles.float() + _constraint(where[:, 1], free, n)
    inside = mask[where[:, 0]].clone()
    last = inside.sum(1) - 1
    inside[torch.arange(len(last)), last] = 0  # [SEP]
    nll = crf_loss(
        emissions[:, 1:], gold[:, 1:], inside[:, 1:],
        model.transitions + forbidden_transitions(), model.first + forbidden_first(),
    )  # fmt: skip
    losses = {"roles": nll.mean() * weights["roles"]}
    for name, logits, values in (
        ("act", act, [a.act for _, a in anchors]),
        ("kind", kind, [a.kind for _, a in anchors]),
    ):
        target = torch.tensor(values)
        if (target != IGNORE).any():
            losses[name] = F.cross_entropy(logits.float(), target, ignore_index=IGNORE) * weights[name]
    marked = [i for i, (_, a) in enumerate(anchors) if a.addressee is not None]
    if marked:
        to = _stack([anchors[i][1].addressee for i in marked], n, IGNORE)  # type: ignore[misc]
        picked = addressee[marked].float().reshape(-1, len(ADDRESSEE))
        losses["addressee"] = F.cross_entropy(picked, to.flatten(), ignore_index=IGNORE) * weights["addressee"]
    return losses


def _constraint(at: Tensor, free: Tensor, n: int) -> Tensor:
    """The pipeline's constraint on anchors as an additive mask, (anchors, n, labels)."""
    nothing = np.zeros((len(at), n, len(ROLES)), dtype=np.float32)
    return torch.from_numpy(anchor_constraint(nothing, at.numpy(), free.numpy().astype(bool)))


def optimiser(model: Model, config: Config) -> torch.optim.AdamW:
    """AdamW with a lower rate for lower encoder layers; word embeddings stay as they came."""
    o = config["optimisation"]
    model.encoder.words.weight.requires_grad_(False)
    groups = []
    layers = len(model.encoder.layers)
    for name, p in model.named_parameters():
        if not p.requires_grad:
            continue
        rate = float(o["head_rate"])
        if name.startswith("encoder."):
            depth = int(name.split(".")[2]) + 1 if name.startswith("encoder.layers.") else 0
            rate = float(o["encoder_rate"]) * float(o["layer_decay"]) ** (layers - depth)
            if name == "encoder.types.weight":
                rate = float(o["head_rate"]) / 2
        elif name in ("transitions", "first"):
            rate *= 10
        decay = float(o["weight_decay"]) if p.ndim > 1 else 0.0
        groups.append({"params": [p], "lr": rate, "initial_lr": rate, "weight_decay": decay})
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)


def train(
    config_path: Path,
    data: Path,
    out: Path,
    base: Path,
    *,
    report: Report,
    evaluate: Callable[[Model, Path], Any],
    gold: Sequence[Path] = (),
) -> Path:
    """Train the network and return the path of its averaged weights.

    A checkpoint is written after every epoch; called again with the same ``out`` it goes on from there. What is returned
    is the mean of the last epochs' averages.

    Args:
        config_path: the configuration, see training/config.toml.
        data: folder of the data sets.
        out: folder for checkpoints, log.jsonl, weights-N.pt of each epoch and weights.pt.
        base: folder of the MiniLM checkpoint (model.safetensors, tokenizer.json).
        report: called with each line of the log.
        evaluate: called with the averaged model and the dev set; what it returns goes into the log.
        gold: more articles, see ``corpora.read_corrected``; they count as our own.

    """
    from safetensors.torch import load_file

    config = tomllib.loads(config_path.read_text(encoding="utf-8"))
    o = config["optimisation"]
    for path in (base / "model.safetensors", base / "tokenizer.json"):
        if not path.is_file():
            raise InputError(str(path), "missing: the base model is part of the extra [train]")
    torch.manual_seed(int(config["seed"]))
    torch.set_num_threads(int(config["threads"]))
    out.mkdir(parents=True, exist_ok=True)
    model = Model()
    load_minilm(model, load_file(str(base / "model.safetensors")))
    corpus = Corpus(config, data, config_path.parent, plain_tokenizer(base / "tokenizer.json"), gold)
    if o["follow"] and o["follow"] not in corpus.annotators:
        raise InputError(str(config_path), f"follow: {o['follow']!r} is not one of {', '.join(corpus.annotators)}")
    epochs = sum(int(c) for c in o["cycles"])
    if not o["averaged"] or not set(o["averaged"]) <= set(range(1, epochs + 1)):
        raise InputError(str(config_path), f"averaged: {o['averaged']} are not among the epochs, 1 to {epochs}")
    state = _State(model, copy.deepcopy(model), optimiser(model, config))
    state.resume(out / "checkpoint.pt")
    for epoch in range(state.epoch, epochs):
        started = time.monotonic()
        _read_epoch(state, corpus, config, report)
        state.save(out / "checkpoint.pt")
        torch.save(state.average.eval().state_dict(), out / f"weights-{epoch + 1}.pt")
        scores = evaluate(state.average, data / config["data"]["dev"])
        report({"epoch": epoch, "seconds": time.monotonic() - started, "dev": scores})
    weights = mean_of([out / f"weights-{n}.pt" for n in o["averaged"]], out / "weights.pt")
    if o["follow"]:
        model.load_state_dict(torch.load(weights, weights_only=True))
        model.follow(1 + corpus.annotators.index(o["follow"]))
        torch.save(model.state_dict(), weights)
    return weights


@dataclass(slots=True)
class _State:
    """Where a run stands: ``step`` counts all batches, ``cycle_start`` those before the cycle."""

    model: Model
    average: Model
    opt: torch.optim.Optimizer
    epoch: int = 0
    step: int = 0
    cycle_start: int = 0

    def save(self, path: Path) -> None:
        state = {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.opt.state_dict(),
        }
        counts = {"epoch": self.epoch, "step": self.step, "cycle_start": self.cycle_start}
        torch.save({**state, **counts}, path.with_suffix(".new"))
        path.with_suffix(".new").replace(path)

    def begin_again(self, config: Config) -> None:
        """From the averaged weights, with a new optimiser and a new average."""
        self.model.load_state_dict(self.average.state_dict())
        self.opt, self.step = optimiser(self.model, config), 0

    def resume(self, path: Path) -> None:
        """Go on from a checkpoint, if there is one."""
        if not path.exists():
            return
        saved = torch.load(path, weights_only=True)
        self.model.load_state_dict(saved["model"])
        self.average.load_state_dict(saved["average"])
        self.opt.load_state_dict(saved["optimiser"])
        self.epoch, self.step, self.cycle_start = saved["epoch"], saved["step"], saved["cycle_start"]


def _read_epoch(state: _State, corpus: Corpus, config: Config, report: Report) -> None:
    """One epoch of steps; the rates rise and fall over the whole cycle that it is in."""
    o, epoch, model = config["optimisation"], state.epoch, state.model
    torch.manual_seed(int(config["seed"]) * 1000 + epoch)
    batches = corpus.epoch(epoch)
    cycle, first, last = _cycle(epoch, o["cycles"])
    peak, told = float(o["cycle_rates"][cycle]), float(o["cycle_annotators"][cycle])
    for layer in (*model.encoder.layers, *model.role_head.layers):
        layer.dropout = float(o["cycle_dropouts"][cycle])
    if epoch == first:
        if epoch and o["fresh"]:
            state.begin_again(config)
        state.cycle_start = state.step
    total = state.step - state.cycle_start + len(batches) * (last - epoch)
    started = time.monotonic()
    model.train()
    sums: dict[str, list[float]] = {}
    for k, batch in enumerate(batches):
        share = peak * _rate_share(state.step - state.cycle_start, total, float(o["warmup"]))
        for group in state.opt.param_groups:
            group["lr"] = group["initial_lr"] * share
        losses = batch_loss(
            model, batch, config["loss"], hide=float(o["word_dropout"]), drop=float(o["dropout"]),
            annotators=corpus.annotators, told=told,
        )  # fmt: skip
        torch.stack(list(losses.values())).sum().backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), float(o["clip"]))
        state.opt.step()
        state.opt.zero_grad(set_to_none=True)
        state.step += 1
        _follow(state.average, model, min(float(o["average"]), state.step / (state.step + 10)))
        for name, value in losses.items():
            sums.setdefault(name, []).append(float(value.detach()))
        if k % 50 == 49:
            recent = {name: float(np.mean(v[-50:])) for name, v in sums.items()}
            seconds = time.monotonic() - started
            report({"epoch": epoch, "batch": k + 1, "of": len(batches), "seconds": seconds, **recent})
    state.epoch += 1


def mean_of(paths: Sequence[Path], out: Path) -> Path:
    """Write the mean of several weight files, and return where."""
    found = [torch.load(path, weights_only=True) for path in paths]
    torch.save({name: torch.stack([w[name] for w in found]).mean(0) for name in found[0]}, out)
    return out


def _cycle(epoch: int, lengths: Sequence[int]) -> tuple[int, int, int]:
    """The cycle that an epoch is in, its first epoch and the epoch after its last."""
    first = 0
    for cycle, length in enumerate(lengths):
        if epoch < first + int(length):
            return cycle, first, first + int(length)
        first += int(length)
    raise IndexError(epoch)


def _rate_share(step: int, total: int, warmup: float) -> float:
    first = max(1, int(total * warmup))
    if step < first:
        return (step + 1) / first
    return max(0.02, (total - step) / max(1, total - first))


@torch.no_grad()
def _follow(average: Model, model: Model, decay: float) -> None:
    for a, m in zip(average.parameters(), model.parameters(), strict=True):
        if m.requires_grad:
            a.lerp_(m, 1 - decay)


def plain_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer of a checkpoint, without the truncation and padding that it came with."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def write_log(path: Path) -> Report:
    """A report function that appends JSON lines to a file."""

    def report(line: dict[str, Any]) -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    return report


__all__ = ["ANCHORS", "batch_loss", "plain_tokenizer", "train", "write_log"]
