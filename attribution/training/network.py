"""The network in PyTorch: MiniLM with heads for anchors, roles, names, acts, kinds and addressees.

A claim is found in two steps on one encoder pass. The anchor head marks the word that carries a claim: the head
word of its cue, or the first piece of a claim that has no cue. For every anchor a light conditional head (two small
transformer layers over the window's cached states, told where the anchor is) labels source, cue and content, so that
claims may nest, overlap and share a source. This is the predicate-conditioned tagging of semantic role labelling
(He et al. 2017; Shi and Lin 2019) with a linear-chain CRF on top.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from attribution.pipeline.encoder import CONVENTIONS, LOOKS, TOKEN_TYPES
from attribution.pipeline.labels import ACTS, ADDRESSEE, ANCHORS, KINDS, NAMES, PARTS, ROLES
from attribution.pipeline.relations import Crf

ANNOTATORS = 8  # at most, with nobody in particular
FAR = 128  # distances to the anchor are told apart up to here


class Attention(nn.Module):
    def __init__(self, size: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(size, 3 * size)
        self.out = nn.Linear(size, size)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        b, n, d = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        # Spelt out: on CPUs with bfloat16 units this trains twice as fast as the fused kernel.
        scale = (d // self.heads) ** -0.5
        y = torch.softmax(q @ k.transpose(-1, -2) * scale + bias.to(q.dtype), -1).to(v.dtype) @ v
        return self.out(y.transpose(1, 2).reshape(b, n, d))


class Layer(nn.Module):
    """A transformer layer with the norm after each block, as in BERT."""

    def __init__(self, size: int, heads: int, inner: int, eps: float = 1e-12) -> None:
        super().__init__()
        self.dropout = 0.0
        self.attention = Attention(size, heads)
        self.norm1 = nn.LayerNorm(size, eps=eps)
        self.up = nn.Linear(size, inner)
        self.down = nn.Linear(inner, size)
        self.norm2 = nn.LayerNorm(size, eps=eps)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        x = self.norm1(x + self._dropped(self.attention(x, bias)))
        return self.norm2(x + self._dropped(self.down(F.gelu(self.up(x)))))

    def _dropped(self, x: Tensor) -> Tensor:
        return F.dropout(x, self.dropout) if self.training and self.dropout else x


class Encoder(nn.Module):
    def __init__(
        self, vocabulary: int = 30522, size: int = 384, layers: int = 6, heads: int = 12, inner: int = 1536,
        positions: int = 512,
    ) -> None:  # fmt: skip
        super().__init__()
        self.words = nn.Embedding(vocabulary, size)
        self.positions = nn.Embedding(positions, size)
        self.types = nn.Embedding(TOKEN_TYPES, size)
        self.norm = nn.LayerNorm(size, eps=1e-12)
        self.layers = nn.ModuleList([Layer(size, heads, inner) for _ in range(layers)])

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor, annotator: Tensor | None = None) -> Tensor:
        """The last layer's states (windows, n, size); ``annotator`` (windows, size) is added to the embeddings."""
        return self.all_layers(ids, types, mask, annotator)[-1]

    def taps(self, ids: Tensor, types: Tensor, mask: Tensor) -> Tensor:
        """The states of the layers that the tagger reads, side by side: (windows, n, layers · size)."""
        return tapped(self.all_layers(ids, types, mask))

    def all_layers(self, ids: Tensor, types: Tensor, mask: Tensor, annotator: Tensor | None = None) -> list[Tensor]:
        """The embeddings and the states of every layer."""
        where = torch.arange(ids.shape[1], device=ids.device)
        x = self.words(ids) + self.positions(where)[None] + self.types(types)
        if annotator is not None:
            x = x + annotator[:, None]
        found = [self.norm(x)]
        bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * -10000.0
        for layer in self.layers:
            found.append(layer(found[-1], bias))
        return found


TAPS = (2, 4, 6)


def tapped(states: list[Tensor]) -> Tensor:
    """The tapped layers' states side by side; 0 is the embeddings."""
    return torch.cat([states[i] for i in TAPS], -1)


class Tagger(nn.Module):
    """Names, parts of speech and sentence beginnings from states of several layers."""

    def __init__(self, size: int = 384, own: int = 192, heads: int = 3) -> None:
        super().__init__()
        self.mix = nn.Linear(len(TAPS) * size, own)
        self.norm = nn.LayerNorm(own)
        self.layer = Layer(own, heads, 2 * own, eps=1e-5)
        self.names = nn.Linear(own, len(NAMES))
        self.parts = nn.Linear(own, len(PARTS))
        self.starts = nn.Linear(own, 2)

    def forward(self, taps: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits of names, parts and starts, (windows, n, labels) each."""
        x = self.norm(F.gelu(self.mix(taps)))
        bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * -10000.0
        x = self.layer(x, bias)
        return self.names(x), self.parts(x), self.starts(x)


class RoleHead(nn.Module):
    """Source, cue and content (and addressee, act, kind) of the claim at each anchor."""

    def __init__(self, size: int = 384, own: int = 160, layers: int = 2, heads: int = 2) -> None:
        super().__init__()
        self.token = nn.Linear(size, own)
        self.anchor = nn.Linear(size, own)
        self.gate = nn.Linear(size, own)
        self.distance = nn.Embedding(2 * FAR + 1, own)
        self.free = nn.Embedding(2, own)
        self.norm = nn.LayerNorm(own)
        self.layers = nn.ModuleList([Layer(own, heads, 2 * own, eps=1e-5) for _ in range(layers)])
        self.roles = nn.Linear(own, len(ROLES))
        self.addressee = nn.Linear(own, len(ADDRESSEE))
        self.act = nn.Linear(own + size, len(ACTS))
        self.kind = nn.Linear(own + size, len(KINDS))

    def forward(self, states: Tensor, mask: Tensor, where: Tensor, free: Tensor) -> tuple[Tensor, ...]:
        """States (windows, n, size); where (anchors, 2): window, piece; free (anchors,): claim without a cue."""
        row, at = where[:, 0], where[:, 1]
        n = states.shape[1]
        tokens = self.token(states)[row]
        anchor = states[row, at]
        distance = (torch.arange(n, device=states.device)[None] - at[:, None]).clamp(-FAR, FAR) + FAR
        x = tokens * torch.sigmoid(self.gate(anchor))[:, None] + self.anchor(anchor)[:, None]
        x = self.norm(x + self.distance(distance) + self.free(free)[:, None])
        bias = (1.0 - mask[row][:, None, None, :].to(x.dtype)) * -10000.0
        for layer in self.layers:
            x = layer(x, bias)
        own = x[torch.arange(at.shape[0], device=x.device), at]
        both = torch.cat([own, anchor], -1)
        return self.roles(x), self.act(both), self.kind(both), self.addressee(x)


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.outer = nn.Linear(384, len(ROLES))  # auxiliary: roles of the outermost claims, token by token
        self.anchors = nn.Linear(384, len(ANCHORS))
        self.names = nn.Linear(384, len(NAMES))  # auxiliary: names, so that the encoder keeps what marks them
        self.tagger = Tagger()
        self.role_head = RoleHead()
        self.annotators = nn.Embedding(ANNOTATORS, 384)  # auxiliary: who marked the text; 0 is anybody, and stays zero
        nn.init.zeros_(self.annotators.weight)
        self.transitions = nn.Parameter(torch.zeros(len(ROLES), len(ROLES)))
        self.first = nn.Parameter(torch.zeros(len(ROLES)))

    @torch.no_grad()
    def follow(self, annotator: int) -> None:
        """From here on mark what looks like PolNeAR as this one of its annotators would; 0 is anybody."""
        polnear = CONVENTIONS.index("polnear") * LOOKS
        self.encoder.types.weight[polnear : polnear + LOOKS] += self.annotators.weight[annotator]

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor, core: Tensor, threshold: Tensor) -> tuple[Tensor, ...]:
        """Inference: see ``attribution.pipeline.network.Network``. Exported as it stands."""
        layers = self.encoder.all_layers(ids, types, mask)
        states = layers[-1]
        anchor = F.log_softmax(self.anchors(states), -1)
        names, parts, starts = (F.log_softmax(x, -1) for x in self.tagger(tapped(layers), mask))
        chosen = (anchor[:, :, 0].exp() < 1.0 - threshold) & (core > 0)
        where = chosen.nonzero()
        free = (anchor[where[:, 0], where[:, 1], 2] > anchor[where[:, 0], where[:, 1], 1]).long()
        roles, act, kind, addressee = self.role_head(states, mask, where, free)
        return (
            anchor, names, where, roles, F.log_softmax(act, -1), F.log_softmax(kind, -1),
            F.log_softmax(addressee, -1), parts, starts,
        )  # fmt: skip


def forbidden_transitions() -> Tensor:
    """(labels, labels) additive mask, as the pipeline decodes: an inside label follows only its own kind."""
    return torch.from_numpy(_NOTHING_LEARNT.transitions)


def forbidden_first() -> Tensor:
    """(labels,) additive mask: no sequence starts with an inside label."""
    return torch.from_numpy(_NOTHING_LEARNT.first)


_NOTHING_LEARNT = Crf.constrained(
    np.zeros((len(ROLES), len(ROLES)), dtype=np.float32), np.zeros(len(ROLES), dtype=np.float32)
)


def crf_loss(emissions: Tensor, gold: Tensor, lengths_mask: Tensor, transitions: Tensor, first: Tensor) -> Tensor:
    """Negative log-likelihood of each label sequence under a linear-chain CRF, shape (anchors,).

    emissions (a, n, labels), gold (a, n), lengths_mask (a, n) with the first piece always in.
    """
    n = emissions.shape[1]
    # Only differences between labels mean anything; what they have in common drifts, and would cost the sums precision.
    emissions = emissions - emissions.detach().amax(-1, keepdim=True)
    inside = lengths_mask.to(emissions.dtype)
    score = first[gold[:, 0]] + emissions[:, 0].gather(1, gold[:, :1])[:, 0]
    steps = transitions[gold[:, :-1], gold[:, 1:]] + emissions[:, 1:].gather(2, gold[:, 1:, None])[..., 0]
    score = score + (steps * inside[:, 1:]).sum(1)
    alpha = first[None] + emissions[:, 0]
    for t in range(1, n):
        new = torch.logsumexp(alpha[:, :, None] + transitions[None], 1) + emissions[:, t]
        keep = inside[:, t, None]
        alpha = new * keep + alpha * (1 - keep)
    return torch.logsumexp(alpha, 1) - score


def load_minilm(model: Model, weights: dict[str, Tensor]) -> None:
    """Copy the weights of a BERT checkpoint (keys as Hugging Face names them) into the encoder.

    The token types beyond the checkpoint's two start as copies of its first.
    """
    w = {k.removeprefix("bert."): v for k, v in weights.items()}
    e = model.encoder
    with torch.no_grad():
        e.words.weight.copy_(w["embeddings.word_embeddings.weight"])
        e.positions.weight.copy_(w["embeddings.position_embeddings.weight"])
        e.types.weight.copy_(w["embeddings.token_type_embeddings.weight"][:1].expand(TOKEN_TYPES, -1))
        e.types.weight[1:] += 0.005 * torch.randn_like(e.types.weight[1:])
        _copy(e.norm, w, "embeddings.LayerNorm")
        for i, layer in enumerate(e.layers):
            at = f"encoder.layer.{i}."
            parts = [f"{at}attention.self.{name}" for name in ("query", "key", "value")]
            layer.attention.qkv.weight.copy_(torch.cat([w[f"{p}.weight"] for p in parts]))
            layer.attention.qkv.bias.copy_(torch.cat([w[f"{p}.bias"] for p in parts]))
            _copy(layer.attention.out, w, f"{at}attention.output.dense")
            _copy(layer.norm1, w, f"{at}attention.output.LayerNorm")
            _copy(layer.up, w, f"{at}intermediate.dense")
            _copy(layer.down, w, f"{at}output.dense")
            _copy(layer.norm2, w, f"{at}output.LayerNorm")


def _copy(to: nn.Linear | nn.LayerNorm, weights: dict[str, Tensor], name: str) -> None:
    to.weight.copy_(weights[f"{name}.weight"])
    to.bias.copy_(weights[f"{name}.bias"])
