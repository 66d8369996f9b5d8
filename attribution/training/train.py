"""Training: configuration → network, checkpoints, a log; see training/config.toml and ``attribution train``."""

from __future__ import annotations

import copy
import json
import random
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F

from attribution.errors import InputError
from attribution.pipeline.encoder import CONVENTIONS, pad
from attribution.pipeline.labels import ADDRESSEE, ANCHORS, ROLES
from attribution.pipeline.relations import OUTSIDE, anchor_constraint
from attribution.training.augmentation import augmented
from attribution.training.corpora import (
    Article,
    NamedText,
    cue_words,
    packed_names,
    read_articles,
    read_corrected,
    read_names,
)
from attribution.training.examples import IGNORE, Example, claim_examples, name_examples
from attribution.training.layout import excerpts
from attribution.training.network import Model, crf_loss, forbidden_first, forbidden_transitions, load_minilm

Config = dict[str, Any]
Report = Callable[[dict[str, Any]], None]


class Corpus:
    """Everything that is trained on, read once; ``epoch(n)`` draws the examples of an epoch."""

    def __init__(
        self, config: Config, data: Path, beside: Path, tokenizer: Tokenizer, gold: Sequence[Path] = ()
    ) -> None:
        d = config["data"]
        self.config, self.tokenizer, self.seed = config, tokenizer, int(config["seed"])
        self.articles: list[Article] = read_articles(data / d["claims"]) if d["claims"] else []
        self.versions = _by_text(read_articles(data / d["versions"])) if d["versions"] else {}
        self.own = [*read_articles(beside / d["articles"]), *read_corrected(gold)]
        self.late = read_articles(beside / d["articles_late"])
        self.more = read_articles(beside / d["articles_more"])
        self.wide = read_articles(beside / d["articles_wide"])
        self.words = cue_words([*self.articles, *self.own])
        self.names: list[list[NamedText]] = [read_names(data / d[k]) for k in ("names_gold", "names_silver")]
        self.forenames = _column(data / d["forenames"])
        self.surnames = _column(data / d["surnames"])

    def epoch(self, n: int) -> list[list[Example]]:
        """Batches of examples, those with names and those with claims mixed, in an order set by seed and epoch."""
        rng = random.Random(self.seed * 1000 + n)
        d = self.config["data"]
        claims: list[Example] = []
        for article, passes in self._drawn(n):
            for k in range(passes):
                # Of an article that several people marked, each pass reads somebody else's marks.
                several = self.versions.get(article.text)
                marked = rng.choice(several) if several else article
                variant = augmented(marked, rng, forenames=self.forenames, surnames=self.surnames)
                claims.extend(claim_examples(variant, self.tokenizer, self.words))
                if k == 0:
                    for short in excerpts(variant, int(d["excerpts"][n]), rng):
                        claims.extend(claim_examples(short, self.tokenizer, self.words))
        names: list[Example] = []
        for records, words in zip(self.names, self.config["data"]["names_words"], strict=True):
            for packed in packed_names(records, int(words), rng):
                names.extend(name_examples(packed, self.tokenizer, rng.choice(CONVENTIONS)))
        budget = int(self.config["optimisation"]["pieces_per_step"])
        out = [*_grouped(claims, budget, rng), *_grouped(names, budget, rng)]
        rng.shuffle(out)
        return out

    def _drawn(self, n: int) -> Iterator[tuple[Article, int]]:
        """Each article of an epoch and how often it is read."""
        d = self.config["data"]
        share = float(d["claims_share"][n])
        drawn = self.articles if share == 1 else random.Random(n).sample(self.articles, int(share * len(self.articles)))
        yield from ((a, 1) for a in drawn)
        for articles, passes in (
            (self.own, d["articles_repeat"]), (self.late, d["articles_late_repeat"]),
            (self.more, d["articles_more_repeat"]), (self.wide, d["articles_wide_repeat"]),
        ):  # fmt: skip
            yield from ((a, int(passes[n])) for a in articles if int(passes[n]))


def _by_text(articles: list[Article]) -> dict[str, list[Article]]:
    found: dict[str, list[Article]] = {}
    for a in articles:
        found.setdefault(a.text, []).append(a)
    return found


def _column(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as file:
        names = [line.split("\t")[0].strip().title() for line in file]
    return [n for n in names if n.isalpha()]


def _grouped(examples: list[Example], budget: int, rng: random.Random) -> Iterator[list[Example]]:
    rng.shuffle(examples)
    examples.sort(key=lambda e: (e.window.end - e.window.start) // 24)
    group: list[Example] = []
    for e in examples:
        size = max(x.window.end - x.window.start for x in [*group, e]) + 2
        if group and size * (len(group) + 1) > budget:
            yield group
            group = []
        group.append(e)
    if group:
        yield group


def batch_loss(
    model: Model, batch: Sequence[Example], weights: dict[str, float], *, hide: float = 0.0, drop: float = 0.0
) -> dict[str, Tensor]:
    """The losses of a batch by head, each already weighted; their sum is what is minimised."""
    ids, types, mask, _ = (torch.from_numpy(x) for x in pad([(e.pieces, e.window) for e in batch]))
    if hide:
        hidden = (torch.rand(ids.shape) < hide) & (ids > 102)
        ids = torch.where(hidden, torch.full_like(ids, 103), ids)
    with torch.autocast("cpu", torch.bfloat16):
        states = F.dropout(model.encoder(ids, types, mask), drop)
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
    tokenizer = plain_tokenizer(base / "tokenizer.json")
    model = Model()
    load_minilm(model, load_file(str(base / "model.safetensors")))
    average = copy.deepcopy(model)
    corpus = Corpus(config, data, config_path.parent, tokenizer, gold)
    opt = optimiser(model, config)
    epochs = sum(int(c) for c in o["cycles"])
    begin = step = cycle_start = 0
    checkpoint = out / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(saved["model"])
        average.load_state_dict(saved["average"])
        opt.load_state_dict(saved["optimiser"])
        begin, step, cycle_start = saved["epoch"], saved["step"], saved["cycle_start"]
    for epoch in range(begin, epochs):
        started = time.monotonic()
        torch.manual_seed(int(config["seed"]) * 1000 + epoch)
        batches = corpus.epoch(epoch)
        first, last, peak = _cycle(epoch, o["cycles"], o["cycle_rates"])
        if epoch == first:
            cycle_start = step
        total = step - cycle_start + len(batches) * (last - epoch)
        model.train()
        sums: dict[str, list[float]] = {}
        for k, batch in enumerate(batches):
            share = peak * _rate_share(step - cycle_start, total, float(o["warmup"]))
            for group in opt.param_groups:
                group["lr"] = group["initial_lr"] * share
            losses = batch_loss(model, batch, config["loss"], hide=float(o["word_dropout"]), drop=float(o["dropout"]))
            torch.stack(list(losses.values())).sum().backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), float(o["clip"]))
            opt.step()
            opt.zero_grad(set_to_none=True)
            step += 1
            _follow(average, model, min(float(o["average"]), step / (step + 10)))
            for name, value in losses.items():
                sums.setdefault(name, []).append(float(value.detach()))
            if k % 50 == 49:
                report({"epoch": epoch, "batch": k + 1, "of": len(batches), "seconds": time.monotonic() - started,
                        **{name: float(np.mean(v[-50:])) for name, v in sums.items()}})  # fmt: skip
        _save(checkpoint, model, average, opt, epoch=epoch + 1, step=step, cycle_start=cycle_start)
        average.eval()
        torch.save(average.state_dict(), out / f"weights-{epoch + 1}.pt")
        report(
            {
                "epoch": epoch,
                "seconds": time.monotonic() - started,
                "dev": evaluate(average, data / config["data"]["dev"]),
            }
        )
    return mean_of([out / f"weights-{epochs - k}.pt" for k in range(int(o["average_epochs"]))], out / "weights.pt")


def mean_of(paths: Sequence[Path], out: Path) -> Path:
    """Write the mean of several weight files, and return where."""
    found = [torch.load(path, weights_only=True) for path in paths]
    torch.save({name: torch.stack([w[name] for w in found]).mean(0) for name in found[0]}, out)
    return out


def _save(path: Path, model: Model, average: Model, opt: torch.optim.Optimizer, **counts: int) -> None:
    state = {"model": model.state_dict(), "average": average.state_dict(), "optimiser": opt.state_dict(), **counts}
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def _cycle(epoch: int, lengths: Sequence[int], peaks: Sequence[float]) -> tuple[int, int, float]:
    """First epoch, epoch after the last and peak of the rate of the cycle that an epoch is in."""
    first = 0
    for length, peak in zip(lengths, peaks, strict=True):
        if epoch < first + int(length):
            return first, first + int(length), float(peak)
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
