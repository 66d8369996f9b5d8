"""Training examples: marked articles and named texts → windows with labels for every head."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from attribution.pipeline.encoder import Pieces, Window, piece, windows
from attribution.pipeline.labels import ACTS, KINDS, NAMES, ROLES
from attribution.pipeline.network import IntArray
from attribution.pipeline.quotation import quotations
from attribution.pipeline.segmentation import paragraphs
from attribution.training.corpora import Article, Marked, NamedText, Spans, cue_head

IGNORE = -100
NEGATIVE_ANCHORS = 1  # of each window, words that look like cues and are none


@dataclass(slots=True)
class Anchor:
    """One anchor of a window: place, labels of its roles (n,) and of the claim as a whole."""

    at: int
    free: bool
    roles: IntArray
    act: int = IGNORE
    kind: int = IGNORE
    addressee: IntArray | None = None


@dataclass(slots=True)
class Example:
    """A window with labels of shape (n,): outermost roles, anchors, names; IGNORE where unknown."""

    pieces: Pieces
    window: Window
    outer: IntArray
    anchors: IntArray
    names: IntArray
    open_names: npt.NDArray[np.bool_]  # name labels that an O of this example may hide
    claims: list[Anchor] = field(default_factory=list)
    annotator: str | None = None


def claim_examples(article: Article, tokenizer: Tokenizer, words: dict[str, float]) -> Iterator[Example]:
    """Windows of an article with the labels of its claims.

    Args:
        article: the marked article.
        tokenizer: word pieces.
        words: how cue-like each word form is, see ``corpora.cue_words``.

    """
    blocks = paragraphs(article.text)
    marked = quotations(article.text, blocks)
    pieces = piece(article.text, tokenizer, blocks, marked, convention=article.convention)
    if not len(pieces):
        return
    n = len(pieces)
    outer = np.zeros(n, dtype=np.int64)
    anchors = np.zeros(n, dtype=np.int64)
    likely = _cue_likeness(article.text, pieces, words)
    if not article.complete:
        starts = {q.start for q in marked}
        anchors[[i for i in range(n) if int(pieces.starts[i]) in starts]] = IGNORE
    for c in article.claims:
        if c.opaque:
            for a, b in _ranges(pieces, c.content):
                inside = np.arange(a, b)
                anchors[inside[likely[a:b] > 0.01]] = IGNORE
    for c in article.claims:
        if c.top:
            _label(outer, pieces, c)
    placed: list[tuple[int, Marked, IntArray]] = []
    for c in article.claims:
        offset = cue_head(article, c, words) if c.cue else c.content[0][0]
        at = int(np.searchsorted(pieces.ends, offset, side="right"))
        if at >= n:
            continue
        anchors[at] = 1 if c.cue else 2
        roles = np.zeros(n, dtype=np.int64)
        _label(roles, pieces, c)
        placed.append((at, c, roles))
    unknown = np.zeros(len(NAMES), dtype=bool)
    for w in windows(pieces):
        part = slice(w.start, w.end)
        own = np.full(w.end - w.start, IGNORE, dtype=np.int64)
        core = slice(w.core_start - w.start, w.core_end - w.start)
        own[core] = anchors[w.core_start : w.core_end]
        outermost = np.full_like(own, IGNORE)
        outermost[core] = outer[w.core_start : w.core_end]
        example = Example(pieces, w, outermost, own, np.full_like(own, IGNORE), unknown, annotator=article.annotator)
        for at, c, roles in placed:
            if w.core_start <= at < w.core_end:
                example.claims.append(_anchor(pieces, w, at, c, roles[part].copy()))
        _add_negatives(example, likely)
        yield example


def _anchor(pieces: Pieces, w: Window, at: int, c: Marked, roles: IntArray) -> Anchor:
    if ROLES[roles[0]].startswith("I-"):
        roles[0] -= 1
    addressee = None
    if c.to is not None:
        addressee = np.zeros(w.end - w.start, dtype=np.int64)
        for a, b in _ranges(pieces, c.to):
            for i in range(max(a, w.start), min(b, w.end)):
                addressee[i - w.start] = 1 if i == a else 2
    return Anchor(
        at - w.start, not c.cue, roles,
        ACTS.index(c.act) if c.act in ACTS else IGNORE, KINDS.index(c.kind) if c.kind in KINDS else IGNORE,
        addressee,
    )  # fmt: skip


def _add_negatives(example: Example, likely: npt.NDArray[np.float64]) -> None:
    w = example.window
    scores = np.where(example.anchors == 0, likely[w.start : w.end], 0.0)
    for i in np.argsort(-scores)[:NEGATIVE_ANCHORS]:
        if scores[i] > 0.05:
            example.claims.append(Anchor(int(i), False, np.zeros(w.end - w.start, dtype=np.int64)))


def _cue_likeness(text: str, pieces: Pieces, words: dict[str, float]) -> npt.NDArray[np.float64]:
    out = np.zeros(len(pieces))
    heads = np.append(np.flatnonzero(pieces.word_start), len(pieces))
    for a, b in zip(heads[:-1].tolist(), heads[1:].tolist(), strict=True):
        out[a] = words.get(text[pieces.starts[a] : pieces.ends[b - 1]].casefold(), 0.0)
    return out


def _ranges(pieces: Pieces, spans: Spans) -> list[tuple[int, int]]:
    """Spans as piece ranges."""
    out = []
    for s, e in spans:
        a = int(np.searchsorted(pieces.ends, s, side="right"))
        b = int(np.searchsorted(pieces.starts, e, side="left"))
        if a < b:
            out.append((a, b))
    return out


def _label(labels: IntArray, pieces: Pieces, claim: Marked) -> None:
    for role, spans in (("content", claim.content), ("source", claim.source), ("cue", claim.cue)):
        begin = ROLES.index(f"B-{role}")
        for a, b in _ranges(pieces, spans):
            labels[a:b] = begin + 1
            labels[a] = begin
    # A span that another one cuts in two goes on with a beginning: nothing else can be decoded.
    cut = (labels[1:] % 2 == 0) & (labels[1:] > 0) & (labels[:-1] != labels[1:]) & (labels[:-1] != labels[1:] - 1)
    labels[1:][cut] -= 1


def name_examples(record: NamedText, tokenizer: Tokenizer, convention: str) -> Iterator[Example]:
    """Windows of a text with the labels of its names, as they look under a convention."""
    blocks = paragraphs(record.text)
    pieces = piece(record.text, tokenizer, blocks, quotations(record.text, blocks), convention=convention)
    names = np.zeros(len(pieces), dtype=np.int64)
    for s, e, label in record.names:
        if f"B-{label}" in NAMES:
            for a, b in _ranges(pieces, [(s, e)]):
                names[a:b] = NAMES.index(f"I-{label}")
                names[a] = NAMES.index(f"B-{label}")
    hidden = np.array([n != "O" and n[2:] not in record.covered for n in NAMES])
    for w in windows(pieces, left=0, right=0):
        n = w.end - w.start
        nothing = np.full(n, IGNORE, dtype=np.int64)
        yield Example(pieces, w, nothing, nothing.copy(), names[w.start : w.end], hidden)
