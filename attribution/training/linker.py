"""The linker: which mention a pronoun or role means, learnt from coreference on states of the frozen encoder.

A mention's head asks and answers by a vector each; a product of the two, with a bias for distance that only training
uses, ranks the mentions before an anaphor (mention ranking with marginal likelihood: Durrett and Klein 2013; Lee et al.
2017). Sources: GUM (OntoGUM clusters) and LitBank, and the speakers of articles.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F

from attribution.errors import InputError
from attribution.evaluation.report import read_gold_records
from attribution.pipeline.encoder import pad, piece, windows
from attribution.pipeline.mentions import PRONOUNS, phrase
from attribution.pipeline.quotation import quotations
from attribution.pipeline.segmentation import Range, paragraphs
from attribution.training.network import Model
from attribution.training.tagged import speakers_as_names

Config = dict[str, Any]
_REACH = 80  # mentions before an anaphor among which its antecedent is sought
_DISTANCES = 12


@dataclass(slots=True)
class Document:
    """Mentions of a text in order, as offset of the head word and number of the cluster; anaphors among them."""

    text: str
    heads: list[int]
    clusters: list[int]
    anaphors: list[bool]


@dataclass(slots=True)
class CachedDocument:
    """The encoder's states of a document's windows and where each mention's head stands in them."""

    states: list[Tensor]
    where: list[tuple[int, int]]  # window, piece
    clusters: Tensor
    anaphors: list[bool]


def read_clusters(path: Path) -> Iterator[Document]:
    """Documents of coreference JSONL: ``{"text", "mentions", "clusters" or "clusters_ontogum"}``."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise InputError(str(path), "no such file") from None
    for line in lines:
        r = json.loads(line)
        clusters = r.get("clusters_ontogum") or r["clusters"]
        singles = r.get("singletons") or []
        heads = {(m["start"], m["end"]): m["head"][0] for m in r.get("mentions") or [] if "head" in m}
        spans = [(s, e, k) for k, cluster in enumerate([*clusters, *([x] for x in singles)]) for s, e in cluster]
        yield _document(r["text"], [(heads.get((s, e), _head(r["text"], s, e)), k) for s, e, k in spans])


def read_speakers(record: dict[str, Any]) -> Document | None:
    """A gold article's speakers as a document: their names wherever they stand, and their claims' sources."""
    named = speakers_as_names(record)
    if named is None:
        return None
    text = record["text"]
    keys: dict[str, int] = {}
    mentions: list[tuple[int, int]] = []
    surnames: dict[str, str] = {}
    for a in record["attributions"]:
        name = a.get("speaker") or ""
        if name and ";" not in name:
            k = keys.setdefault(name, len(keys))
            surnames.setdefault(name.split()[-1], name)
            if a["source"]:
                s, e = a["source"][0]
                mentions.append((_head(text, s, e), k))
    for s, e, _ in named.names:
        name = text[s:e]
        name = name if name in keys else surnames.get(name, name)
        mentions.append((_head(text, s, e), keys.setdefault(name, len(keys))))
    return _document(text, mentions)


def _document(text: str, mentions: Sequence[tuple[int, int]]) -> Document:
    by_head = dict(sorted(mentions))
    heads = sorted(by_head)
    return Document(text, heads, [by_head[h] for h in heads], [_is_anaphor(text, h) for h in heads])


def _head(text: str, s: int, e: int) -> int:
    """The head word of a mention: of a name its last word, of a noun phrase its head noun."""
    p = phrase(text, Range(s, e))
    return min(max(p.head_start, s), e - 1)


_HEAD = re.compile(r"\w+")


def _is_anaphor(text: str, head: int) -> bool:
    """True for a pronoun of the third person and for a noun in small letters."""
    m = _HEAD.match(text, head)
    if not m:
        return False
    kind = PRONOUNS.get(m.group().casefold())
    return kind in ("M", "F", "N", "T") if kind else m.group()[0].islower()


@torch.no_grad()
def cached(model: Model, document: Document, tokenizer: Tokenizer) -> CachedDocument:
    """A document with the encoder's states in bfloat16."""
    blocks = paragraphs(document.text)
    pieces = piece(document.text, tokenizer, blocks, quotations(document.text, blocks))
    cut = windows(pieces)
    states = []
    for w in cut:
        ids, types, mask, _ = (torch.from_numpy(x) for x in pad([(pieces, w)]))
        with torch.autocast("cpu", torch.bfloat16):
            states.append(model.encoder.taps(ids, types, mask)[0].to(torch.bfloat16))
    starts = np.array([w.core_start for w in cut])
    where, keep = [], []
    for i, head in enumerate(document.heads):
        at = int(np.searchsorted(pieces.ends, head, side="right"))
        if at < len(pieces):
            k = int(np.searchsorted(starts, at, side="right")) - 1
            where.append((k, at - cut[k].start + 1))
            keep.append(i)
    clusters = torch.tensor([document.clusters[i] for i in keep])
    return CachedDocument(states, where, clusters, [document.anaphors[i] for i in keep])


def vectors(model: Model, d: CachedDocument, drop: float) -> tuple[Tensor, Tensor]:
    """What each mention asks for and answers, (mentions, LINK) each."""
    n = max(len(s) for s in d.states)
    states = torch.zeros(len(d.states), n, d.states[0].shape[1])
    mask = torch.zeros(len(d.states), n)
    for row, s in enumerate(d.states):
        states[row, : len(s)], mask[row, : len(s)] = s.float(), 1.0
    with torch.autocast("cpu", torch.bfloat16):
        asks, answers = model.linker(F.dropout(states, drop), mask)
    rows, at = torch.tensor(d.where).T
    return asks[rows, at].float(), answers[rows, at].float()


def scores(asks: Tensor, answers: Tensor) -> Tensor:
    """How well each mention answers each: (mentions, mentions), the anaphor first."""
    return asks @ answers.T / asks.shape[1] ** 0.5


def _ranked(d: CachedDocument, product: Tensor, near: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """For every anaphor with an antecedent in reach: scores of the mentions before it, and which are right."""
    for i, is_anaphor in enumerate(d.anaphors):
        low = max(0, i - _REACH)
        right = d.clusters[low:i] == d.clusters[i]
        if is_anaphor and bool(right.any()):
            distance = torch.arange(i - low, 0, -1).float().log2().floor().long().clamp(max=_DISTANCES - 1)
            yield product[i, low:i] + near[distance], right


def train_linker(
    model: Model, config: Config, data: Path, beside: Path, tokenizer: Tokenizer, *,
    report: Callable[[dict[str, Any]], None],
) -> None:  # fmt: skip
    """Train ``model.linker`` in place; everything else of the model stays as it is.

    Args:
        model: the network with trained encoder.
        config: the training configuration, see [linker] in training/config.toml.
        data: folder of the data sets; ``beside`` that of the project's own articles.
        tokenizer: word pieces.
        report: called with the mean loss of each epoch, and the share of anaphors that found a mention of theirs.

    """
    d, t = config["data"], config["linker"]
    torch.manual_seed(int(config["seed"]))
    rng = random.Random(int(config["seed"]))
    model.eval()
    gold = [*([data / d["claims"]] if d["claims"] else []), beside / d["articles"]]
    documents = [x for path in t["clusters"] for x in read_clusters(data / path)]
    documents += [x for path in gold for r in read_gold_records(path) if (x := read_speakers(r)) is not None]
    examples = [cached(model, x, tokenizer) for x in documents if any(x.anaphors)]
    near = torch.nn.Parameter(torch.zeros(_DISTANCES))
    opt = torch.optim.AdamW([*model.linker.parameters(), near], lr=float(t["rate"]), weight_decay=float(t["weight_decay"]))
    plan = torch.optim.lr_scheduler.OneCycleLR(
        opt, float(t["rate"]), total_steps=int(t["epochs"]) * len(examples), pct_start=0.1
    )
    model.linker.train()
    for epoch in range(int(t["epochs"])):
        rng.shuffle(examples)
        sums, hits, count = 0.0, 0, 0
        for example in examples:
            product = scores(*vectors(model, example, float(t["dropout"])))
            ranked = list(_ranked(example, product, near))
            if ranked:
                losses = [torch.logsumexp(s, 0) - torch.logsumexp(s[right], 0) for s, right in ranked]
                value = torch.stack(losses).mean()
                value.backward()
                torch.nn.utils.clip_grad_norm_(model.linker.parameters(), 1.0)
                opt.step()
                opt.zero_grad(set_to_none=True)
                sums += float(value.detach())
                hits += sum(bool(right[int(s.argmax())]) for s, right in ranked)
                count += len(ranked)
            plan.step()
        report({"linker epoch": epoch, "loss": sums / len(examples), "right": hits / count, "anaphors": count})
    model.eval()
