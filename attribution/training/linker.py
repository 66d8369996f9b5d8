"""The linker: vectors by which a mention and its antecedent go together, learnt on states of the trained, frozen encoder.

A mention is the mean of its last pieces (``pipeline.links.pieces_of``) in the states of three layers. One linear map of it
asks as an anaphor, another answers as an antecedent; each mention chooses among those before it by their product and a
prior of distance and kind, which only training needs. The loss is that of Lee et al. (2017): the likelihood of all right
antecedents together.

Learnt from GUM by OntoGUM's rules (Zeldes 2017; Zhu et al. 2021) and LitBank (Bamman et al. 2020) for coreference, from GAP
(Webster et al. 2018) for pronouns between two names, from DocRED (Yao et al. 2019) for variants of names. Training takes a
minute or two, the states a few more.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from attribution.pipeline.encoder import Pieces, pad, piece, windows
from attribution.pipeline.links import pieces_of
from attribution.pipeline.network import FloatArray, OnnxNetwork
from attribution.pipeline.reader import Reader, lay_out
from attribution.pipeline.segmentation import Range
from attribution.training.coreference import Annotated

LAYERS = (2, 4, 6)  # of the encoder, 0 being the embeddings
EPSILON = 1e-5
SIZE = 64  # of what a mention asks for, and of what it answers
_EPOCHS, _RATE, _DECAY, _DROPOUT = 6, 1e-3, 0.1, 0.3
_REACH = 80  # mentions back among which the antecedent is looked for
_TOGETHER = 8  # ambiguous pronouns of one step; of the other texts each is a step
_DISTANCES = 12  # classes, each twice as wide as the one before
_KINDS = 3
_PRONOUN, _NOUN, _NAME = range(_KINDS)
_PRONOUNS = frozenset(
    "he she him her his hers himself herself it itself its they them their theirs themselves who whom whose i me my we us "
    "our you your".split()
)


class Weights(NamedTuple):
    """What a linker has learnt: ``matrix`` (states, 2 · size) and ``bias`` (2 · size,), asking half first."""

    matrix: FloatArray
    bias: FloatArray


@dataclass(slots=True)
class Example:
    """The m mentions of a text in order: their ``states`` (m, width), float16; the ``cluster`` and the ``kind`` (m,) of each.

    ``ambiguous`` is the index of the one pronoun that is asked about, in texts of which nothing else is known; -1 elsewhere.
    """

    states: Tensor
    cluster: Tensor
    kind: Tensor
    ambiguous: int = -1


class Linker(nn.Module):
    """Normalised states (mentions, width) → what each asks and answers, (mentions, size) twice."""

    def __init__(self, width: int, size: int = SIZE) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width, eps=EPSILON, elementwise_affine=False)
        self.asks = nn.Linear(width, size)
        self.answers = nn.Linear(width, size)
        self.near = nn.Parameter(torch.zeros(_KINDS, _DISTANCES))
        self.pairs = nn.Parameter(torch.zeros(_KINDS, _KINDS))

    def forward(self, states: Tensor) -> tuple[Tensor, Tensor]:
        x = self.norm(states.float())
        return self.asks(x), self.answers(x)

    def losses(self, example: Example, dropout: float) -> Tensor:
        """The loss of each mention of a text that has an antecedent."""
        asks, answers = self(F.dropout(example.states.float(), dropout, self.training))
        scores = asks @ answers.T / self.scale
        place = torch.arange(len(scores))
        back = place[:, None] - place[None, :]
        if example.ambiguous >= 0:
            allowed = (place[:, None] == example.ambiguous) & (back != 0)
        else:
            allowed = (back > 0) & (back <= _REACH)
            distance = back.clamp(min=1).float().log2().floor().long().clamp(max=_DISTANCES - 1)
            scores = scores + self.near[example.kind[:, None], distance] + self.pairs[example.kind][:, example.kind]
        right = allowed & (example.cluster[:, None] == example.cluster[None, :])
        asked = right.any(1)
        scores, allowed, right = scores[asked], allowed[asked], right[asked]
        return _likelihood(scores, allowed) - _likelihood(scores, right)

    @property
    def scale(self) -> float:
        """By which products are divided."""
        return float(self.asks.out_features) ** 0.5

    def weights(self) -> Weights:
        """What the network computes after the norm, as one matrix; the scale of the products is in the asking half."""
        asks, answers = self.asks, self.answers
        matrix = torch.cat([asks.weight / self.scale, answers.weight]).T
        bias = torch.cat([asks.bias / self.scale, answers.bias])
        return Weights(*(np.ascontiguousarray(x.detach().numpy(), dtype=np.float32) for x in (matrix, bias)))


def _likelihood(scores: Tensor, which: Tensor) -> Tensor:
    return torch.logsumexp(scores.masked_fill(~which, -1e9), 1)


def states_of(reader: Reader, text: str) -> tuple[Pieces, np.ndarray]:
    """The word pieces of a text, and their states side by side (pieces, width), float16, in the reader's windows."""
    network = reader.network
    if not isinstance(network, OnnxNetwork):
        raise TypeError(f"states come from an exported model, not from {type(network).__name__}")
    paragraphs, marked = lay_out(text)
    pieces = piece(text, reader.tokenizer, paragraphs, marked, convention=reader.settings.convention_of(text))
    parts = []
    for w in windows(pieces):
        ids, types, mask, _ = pad([(pieces, w)])
        states = np.concatenate(network.states(ids, types, mask, layers=LAYERS), axis=1)[1:-1]
        parts.append(states[w.core_start - w.start : w.core_end - w.start].astype(np.float16))
    return pieces, np.concatenate(parts) if parts else np.zeros((0, 0), np.float16)


def example_of(reader: Reader, given: Annotated) -> Example | None:
    """What a text teaches; None where it has less than two mentions."""
    pieces, states = states_of(reader, given.text)
    vectors: list[np.ndarray] = []
    clusters, kinds, ambiguous = [], [], -1
    for mention, cluster in given.mentions():
        at = pieces_of(given.text, pieces.starts, pieces.ends, mention)
        if at is None:
            continue
        if mention == given.pronoun:
            ambiguous = len(vectors)
        vectors.append(states[at].astype(np.float32).mean(0).astype(np.float16))
        clusters.append(cluster)
        kinds.append(_kind(given.text, mention, int(pieces.ends[at.stop - 1])))
    if len(vectors) < 2 or (given.pronoun is not None and ambiguous < 0):
        return None
    return Example(torch.from_numpy(np.stack(vectors)), torch.tensor(clusters), torch.tensor(kinds), ambiguous)


def _kind(text: str, mention: Range, end: int) -> int:
    """Pronoun, name or other noun phrase, by its words up to the last one by which it is known."""
    if text[mention.start : mention.end].casefold() in _PRONOUNS:
        return _PRONOUN
    known = text[mention.start : end].split()
    return _NAME if known and known[-1][0].isupper() else _NOUN


def train_linker(
    examples: Sequence[Example], *, seed: int, report: Callable[[dict[str, Any]], None] | None = None
) -> Weights:
    """Train a linker.

    Args:
        examples: all with states of the same width.
        seed: of the beginning, the order and what dropout hides.
        report: called with the mean loss of each epoch.

    """
    torch.manual_seed(seed)
    rng = random.Random(seed)
    model = Linker(examples[0].states.shape[1]).train()
    alone = [[e] for e in examples if e.ambiguous < 0]
    pronouns = [e for e in examples if e.ambiguous >= 0]
    steps = _EPOCHS * (len(alone) + -(-len(pronouns) // _TOGETHER))
    opt = torch.optim.AdamW(model.parameters(), lr=_RATE, weight_decay=_DECAY)
    plan = torch.optim.lr_scheduler.OneCycleLR(opt, _RATE, total_steps=steps, pct_start=0.1)
    for epoch in range(_EPOCHS):
        rng.shuffle(pronouns)
        groups = [*alone, *(pronouns[i : i + _TOGETHER] for i in range(0, len(pronouns), _TOGETHER))]
        rng.shuffle(groups)
        sums = []
        for group in groups:
            losses = torch.cat([model.losses(e, _DROPOUT) for e in group])
            if len(losses):
                losses.mean().backward()
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                opt.step()
                opt.zero_grad(set_to_none=True)
                plan.step()
                sums.append(float(losses.mean().detach()))
        if report is not None:
            report({"linker epoch": epoch, "loss": float(np.mean(sums)) if sums else 0.0})
    return model.eval().weights()
