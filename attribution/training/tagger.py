"""The tagger: names, parts of speech and sentence beginnings from states of the trained, frozen encoder.

It is trained after the claims' heads, on cached states of several layers, so that it costs them nothing: what marks a
name lives in the lower layers, which training for claims changes least (Tenney, Das and Pavlick 2019).
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F

from attribution.evaluation.report import read_gold_records
from attribution.pipeline.encoder import CONVENTIONS, Pieces, Window, pad, piece, windows
from attribution.pipeline.labels import NAMES, PARTS
from attribution.pipeline.quotation import quotations
from attribution.pipeline.segmentation import paragraphs
from attribution.training.corpora import own_folders, read_names
from attribution.training.examples import IGNORE
from attribution.training.network import Model
from attribution.training.tagged import TaggedText, packed, read_conllu, recased, speakers_as_names

Config = dict[str, Any]
_TEXT_WORDS = 180


@dataclass(slots=True)
class Cached:
    """A window's states (n + 2, layers · size, bfloat16) with labels (n + 2,); IGNORE where unknown.

    ``open_names`` (name labels,) are the labels that an O may hide.
    """

    states: Tensor
    names: np.ndarray
    open_names: np.ndarray
    parts: np.ndarray
    starts: np.ndarray


def texts(config: Config, data: Path, beside: Path, rng: random.Random) -> list[TaggedText]:
    """All texts that the tagger learns from, as the configuration's [data] and [tagger] name them."""
    d, t = config["data"], config["tagger"]
    out: list[TaggedText] = []
    for key, most in zip(("names_gold", "names_silver"), t["names_words"], strict=True):
        drawn = list(packed(read_names(data / d[key]), _TEXT_WORDS, rng))[: int(most) // _TEXT_WORDS]
        out += [recased(x, rng, share=t["recased"]) for x in drawn]
    for path in t["trees"]:
        out += [recased(x, rng, share=t["recased"] / 2) for x in read_conllu(data / path)]
    gold = [*([data / d["claims"]] if d["claims"] else []), *own_folders(config, beside)]
    records = [r for path in gold for r in read_gold_records(path)]
    out += [x for r in records if (x := speakers_as_names(r)) is not None]
    return out


def labelled(given: TaggedText, tokenizer: Tokenizer, convention: str) -> Iterator[tuple[Pieces, Window, Cached]]:
    """The windows of a text, as it is read by a convention, with their labels, states still empty."""
    blocks = paragraphs(given.text)
    pieces = piece(given.text, tokenizer, blocks, quotations(given.text, blocks), convention=convention)
    n = len(pieces)
    names = np.zeros(n, dtype=np.int64)
    parts, starts = np.full(n, IGNORE, dtype=np.int64), np.full(n, IGNORE, dtype=np.int64)
    if given.covered is None:
        capital = np.array([not given.text[s].islower() for s in pieces.starts.tolist()], dtype=bool)
        names[capital] = IGNORE
    for s, e, label in given.names:
        if f"B-{label}" in NAMES:
            for i, (a, b) in enumerate([_range(pieces, s, e)]):
                names[a:b] = NAMES.index(f"I-{label}")
                names[a : a + 1 - i] = NAMES.index(f"B-{label}")
    for s, e, part in given.parts:
        a, b = _range(pieces, s, e)
        if a < b and part in PARTS:
            parts[a] = PARTS.index(part)
            starts[a] = int(s in given.starts)
    covered = given.covered if given.covered is not None else frozenset(n[2:] for n in NAMES)
    if given.parts:
        names[:] = IGNORE
    hidden = np.array([x != "O" and x[2:] not in covered for x in NAMES])
    hidden[0] = True
    for w in windows(pieces, left=0, right=0):
        core = slice(w.core_start, w.core_end)
        yield pieces, w, Cached(
            torch.empty(0), _framed(names, w, core), hidden,
            _framed(parts, w, core), _framed(starts, w, core),
        )  # fmt: skip


def _range(pieces: Pieces, s: int, e: int) -> tuple[int, int]:
    return int(np.searchsorted(pieces.ends, s, side="right")), int(np.searchsorted(pieces.starts, e, side="left"))


def _framed(labels: np.ndarray, w: Window, core: slice) -> np.ndarray:
    out = np.full(w.end - w.start + 2, IGNORE, dtype=np.int64)
    out[1 + core.start - w.start : 1 + core.stop - w.start] = labels[core]
    return out


@torch.no_grad()
def cached(model: Model, given: Sequence[TaggedText], tokenizer: Tokenizer, *, budget: int = 8000) -> list[Cached]:
    """Every window of every text with the encoder's states."""
    conventions = itertools.cycle(CONVENTIONS)
    todo = [x for text in given for x in labelled(text, tokenizer, next(conventions))]
    todo.sort(key=lambda x: x[1].end - x[1].start)
    for group in _groups([len(c.names) for _, _, c in todo], budget):
        ids, types, mask, _ = (torch.from_numpy(x) for x in pad([(todo[i][0], todo[i][1]) for i in group]))
        with torch.autocast("cpu", torch.bfloat16):
            taps = model.encoder.taps(ids, types, mask)
        for row, i in enumerate(group):
            todo[i][2].states = taps[row, : len(todo[i][2].names)].to(torch.bfloat16).clone()
    return [c for _, _, c in todo]


def _groups(sizes: Sequence[int], budget: int) -> Iterator[list[int]]:
    group: list[int] = []
    for i, size in enumerate(sizes):
        if group and size * (len(group) + 1) > budget:
            yield group
            group = []
        group.append(i)
    if group:
        yield group


def _batch(group: Sequence[Cached]) -> tuple[Tensor, Tensor, dict[str, Tensor]]:
    n = max(len(c.names) for c in group)
    states = torch.zeros(len(group), n, group[0].states.shape[1], dtype=torch.bfloat16)
    mask = torch.zeros(len(group), n)
    gold = {k: torch.full((len(group), n), IGNORE) for k in ("names", "parts", "starts")}
    hidden = torch.from_numpy(np.stack([c.open_names for c in group]))[:, None, :]
    for row, c in enumerate(group):
        k = len(c.names)
        states[row, :k], mask[row, :k] = c.states, 1.0
        for key, value in gold.items():
            value[row, :k] = torch.from_numpy(getattr(c, key))
    return states, mask, {**gold, "hidden": hidden}


def loss(model: Model, group: Sequence[Cached]) -> Tensor:
    """Cross-entropy of names (an O may be any label that its text does not cover), parts and sentence beginnings."""
    states, mask, gold = _batch(group)
    with torch.autocast("cpu", torch.bfloat16):
        names, parts, starts = model.tagger(states, mask)
    logp = F.log_softmax(names.float(), -1)
    outside = torch.logsumexp(logp.masked_fill(~gold["hidden"], -1e4), -1)
    picked = logp.gather(2, gold["names"].clamp(min=0)[..., None])[..., 0]
    keep = gold["names"] != IGNORE
    value = -(torch.where(gold["names"] == 0, outside, picked) * keep).sum() / keep.sum().clamp(min=1)
    for logits, key in ((parts, "parts"), (starts, "starts")):
        if (gold[key] != IGNORE).any():
            value = value + F.cross_entropy(logits.float().flatten(0, 1), gold[key].flatten(), ignore_index=IGNORE)
    return value


def train_tagger(
    model: Model, config: Config, data: Path, beside: Path, tokenizer: Tokenizer, *,
    report: Callable[[dict[str, Any]], None],
) -> None:  # fmt: skip
    """Train ``model.tagger`` in place; everything else of the model stays as it is.

    Args:
        model: the network with trained encoder.
        config: the training configuration, see [tagger] in training/config.toml.
        data: folder of the data sets; ``beside`` that of the project's own articles.
        tokenizer: word pieces.
        report: called with the mean loss of each epoch.

    """
    t = config["tagger"]
    torch.manual_seed(int(config["seed"]))
    rng = random.Random(int(config["seed"]))
    model.eval()
    examples = cached(model, texts(config, data, beside, rng), tokenizer)
    rng.shuffle(examples)
    examples.sort(key=lambda c: len(c.names) // 32)
    groups = [[examples[i] for i in g] for g in _groups([len(c.names) for c in examples], int(t["pieces_per_step"]))]
    opt = torch.optim.AdamW(model.tagger.parameters(), lr=float(t["rate"]), weight_decay=float(t["weight_decay"]))
    total = int(t["epochs"]) * len(groups)
    plan = torch.optim.lr_scheduler.OneCycleLR(opt, float(t["rate"]), total_steps=total, pct_start=0.1)
    model.tagger.train()
    for epoch in range(int(t["epochs"])):
        rng.shuffle(groups)
        sums = []
        for group in groups:
            value = loss(model, group)
            value.backward()
            torch.nn.utils.clip_grad_norm_(model.tagger.parameters(), 1.0)
            opt.step()
            plan.step()
            opt.zero_grad(set_to_none=True)
            sums.append(float(value.detach()))
        report({"tagger epoch": epoch, "loss": float(np.mean(sums)), "steps": len(groups)})
    model.eval()
