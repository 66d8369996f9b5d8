"""Which words tell PolNeAR's articles from others: the weights in ``lexicon/conventions.json``.

A logistic function of the words that a text has, divided by the root of their number, learnt from PolNeAR's training
articles against our own and other texts (GUM, English Web Treebank, Voice of America), whole and in stretches of a few
sentences. Only words that are much commoner there are looked at.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional as F

from attribution.evaluation.report import read_gold_records
from attribution.pipeline.conventions import Looks, words
from attribution.pipeline.segmentation import paragraphs, sentences
from attribution.training.corpora import own_folders, read_names

STEPS, RATE, DECAY = 400, 0.3, 1e-4
OFTENER = 5.0  # what a text is about is asked, not how it is written: words in so many times as great a share of texts
SHARE = 0.02  # and in this share at least


def fit(like: Sequence[str], unlike: Sequence[str], *, seed: int = 1) -> Looks:
    """Fit the weights.

    Args:
        like: texts of PolNeAR.
        unlike: other texts; both sides count the same, whatever their number.
        seed: for the stretches that are drawn.

    """
    rng = random.Random(seed)
    texts = [(t, 1.0) for t in like] + [(t, 0.0) for t in unlike]
    texts += [(s, y) for t, y in texts for s in _stretches(t, rng)]
    found = [words(t) for t, _ in texts]
    here, there = (
        Counter(w for ws, (_, y) in zip(found, texts, strict=True) if y == side for w in ws) for side in (1.0, 0.0)
    )
    n = sum(y == 1.0 for _, y in texts)
    ratio = OFTENER * n / (len(texts) - n)
    telling = sorted(w for w, count in here.items() if count >= SHARE * n and count >= ratio * (there[w] + 1))
    weights, bias = _logistic(found, [y for _, y in texts], telling)
    return Looks(round(bias, 3), {w: round(v, 2) for w, v in weights.items()})


def fit_all(settings: dict[str, Any], data: Path, beside: Path) -> Looks:
    """Fit the weights on the sets of a training configuration.

    Args:
        settings: the configuration.
        data: folder of the data sets.
        beside: folder of our own articles.

    Raises:
        InputError: a set is missing.

    """
    d = settings["data"]
    own = [r["text"] for folder in own_folders(settings, beside) for r in read_gold_records(folder)]
    news = [r.text for r in read_names(data / d["names_silver"])]
    joined = ["\n".join(news[i : i + 12]) for i in range(0, len(news), 48)]
    elsewhere = [r["text"] for path in d["elsewhere"] for r in read_gold_records(data / path)]
    like = [r["text"] for r in read_gold_records(data / d["claims"])]
    return fit(like, [*own, *own, *joined, *elsewhere], seed=int(settings["seed"]))


def write(looks: Looks, path: Path) -> None:
    """Write the weights as JSON."""
    data = {"bias": looks.bias, "weights": looks.weights}
    path.write_text(json.dumps(data, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def _stretches(text: str, rng: random.Random) -> list[str]:
    units = [s for p in paragraphs(text) for s in sentences(text, p)]
    firsts = rng.sample(range(len(units)), min(3, len(units)))
    return [text[units[i].start : units[min(len(units) - 1, i + rng.randint(1, 8))].end] for i in firsts]


def _logistic(
    found: Sequence[set[str]], right: Sequence[float], vocabulary: Sequence[str]
) -> tuple[dict[str, float], float]:
    place = {w: i for i, w in enumerate(vocabulary)}
    rows = [(r, place[w], len(ws) ** -0.5) for r, ws in enumerate(found) for w in sorted(ws) if w in place]
    where = torch.tensor([[r, c] for r, c, _ in rows]).T
    values = torch.tensor([v for *_, v in rows])
    x = torch.sparse_coo_tensor(where, values, (len(found), len(vocabulary)), check_invariants=True).coalesce()
    y = torch.tensor(right)
    each = torch.where(y > 0, 0.5 / y.mean(), 0.5 / (1 - y.mean()))
    w = torch.zeros(len(vocabulary), 1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.Adam([w, b], lr=RATE)
    for _ in range(STEPS):
        score = torch.sparse.mm(x, w)[:, 0] + b
        loss = F.binary_cross_entropy_with_logits(score, y, weight=each) + DECAY * (w**2).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return dict(zip(vocabulary, w[:, 0].tolist(), strict=True)), float(b.detach())
