"""The encoder: text → word pieces → windows → one forward pass → scores for every head.

The network is a small transformer (MiniLM-L6, uncased) fine-tuned by ``attribution.training``. What its vocabulary
cannot see is given as token types: the case of the word, whether the piece stands inside a quotation, and whether
it opens a paragraph. A text of any length is read in windows of whole paragraphs with context on both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from attribution.pipeline.network import FloatArray, IntArray, Network, OnnxNetwork
from attribution.pipeline.quotation import Quotation, depths, normalised
from attribution.pipeline.segmentation import Range

CASES = 4  # lower, Title, UPPER, miXed
QUOTES = 3  # outside, in an outer quotation, in an inner one
LOOKS = CASES * QUOTES * 2  # token types of a convention; the last bit: first piece of a paragraph
CONVENTIONS = ("guide", "polnear")  # by whose rules claims are to be marked, see ``pipeline.conventions``
TOKEN_TYPES = LOOKS * len(CONVENTIONS)

CORE = 256  # word pieces whose claims a window decides
LEFT = 64  # word pieces of context before the core
RIGHT = 40  # word pieces of context after it


@dataclass(frozen=True, slots=True)
class Pieces:
    """Word pieces of a text: ``ids``, ``types`` (token types) and code point offsets ``starts``, ``ends``.

    ``word_start`` marks pieces that begin a word; ``paragraph`` gives the paragraph each stands in. All of shape
    (pieces,).
    """

    ids: IntArray
    types: IntArray
    starts: IntArray
    ends: IntArray
    word_start: npt.NDArray[np.bool_]
    paragraph: IntArray

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces ``start:end`` of a text, of which ``core_start:core_end`` are the window's own."""

    start: int
    end: int
    core_start: int
    core_end: int


@dataclass(frozen=True, slots=True)
class Scores:
    """What the network says of one window of n pieces with a anchors.

    ``anchor`` (n, 3): log-probability of no anchor, a cue, a claim without a cue. ``names`` (n, name labels):
    log-probabilities. For each anchor: its place in the window ``at`` (a,), ``roles`` (a, n, role labels)
    unnormalised, ``act`` (a, acts), ``kind`` (a, kinds) and ``addressee`` (a, n, 3) as log-probabilities. ``parts`` (n,
    parts of speech) and ``starts`` (n, 2; sentence beginnings) as log-probabilities. ``links`` (n, 2 · size) are the
    vectors of ``pipeline.links``, if the model has them.
    """

    anchor: FloatArray
    names: FloatArray
    at: IntArray
    roles: FloatArray
    act: FloatArray
    kind: FloatArray
    addressee: FloatArray
    parts: FloatArray
    starts: FloatArray
    links: FloatArray | None = None


def piece(
    text: str,
    tokenizer: Tokenizer,
    paragraphs: Sequence[Range],
    marked: Sequence[Quotation],
    *,
    convention: str = CONVENTIONS[0],
) -> Pieces:
    """Cut a text into word pieces and compute their token types.

    Raises:
        ValueError: there is no such convention.

    """
    encoding = tokenizer.encode(normalised(text, marked), add_special_tokens=False)
    offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
    starts, ends = offsets[:, 0], offsets[:, 1]
    ids = np.array(encoding.ids, dtype=np.int64)
    words = np.array([-1 if w is None else w for w in encoding.word_ids], dtype=np.int64)
    word_start = np.ones(len(ids), dtype=bool)
    word_start[1:] = words[1:] != words[:-1]
    paragraph_starts = np.array([p.start for p in paragraphs] or [0], dtype=np.int64)
    paragraph = np.maximum(np.searchsorted(paragraph_starts, starts, side="right") - 1, 0)
    first = np.zeros(len(ids), dtype=np.int64)
    if len(ids):
        first[0] = 1
        first[1:] = paragraph[1:] != paragraph[:-1]
    depth = np.frombuffer(bytes(depths(text, marked)), dtype=np.uint8).astype(np.int64)
    quote = np.minimum(depth[starts], QUOTES - 1) if len(ids) else first
    types = (_cases(text, starts, ends, word_start) * QUOTES + quote) * 2 + first
    types += CONVENTIONS.index(convention) * LOOKS
    return Pieces(ids, types, starts, ends, word_start, paragraph)


def _cases(text: str, starts: IntArray, ends: IntArray, word_start: npt.NDArray[np.bool_]) -> IntArray:
    out = np.zeros(len(starts), dtype=np.int64)
    if not len(starts):
        return out
    heads = np.flatnonzero(word_start)
    tails = np.append(heads[1:], len(starts))
    for a, b in zip(heads.tolist(), tails.tolist(), strict=True):
        word = text[starts[a] : ends[b - 1]]
        if word != word.lower():
            if word[0].isupper() and (len(word) == 1 or word[1:] == word[1:].lower()):
                out[a:b] = 1
            else:
                out[a:b] = 2 if word == word.upper() else 3
    return out


def windows(pieces: Pieces, *, core: int = CORE, left: int = LEFT, right: int = RIGHT) -> list[Window]:
    """Pack whole paragraphs into windows of at most ``core`` pieces; a longer paragraph is cut where a word starts.

    Every piece is the core of exactly one window.
    """
    n = len(pieces)
    if not n:
        return []
    edges = [0, *(np.flatnonzero(np.diff(pieces.paragraph)) + 1).tolist(), n]
    cuts = [0]
    for a, b in pairwise(edges):
        if b - cuts[-1] > core and a > cuts[-1]:
            cuts.append(a)
        while b - cuts[-1] > core:
            parts = -(-(b - cuts[-1]) // core)
            cut = cuts[-1] + -(-(b - cuts[-1]) // parts)
            cuts.append(_sentence_cut(pieces, cuts[-1], cut))
    if cuts[-1] != n:
        cuts.append(n)
    return [Window(max(0, a - left), min(n, b + right), a, b) for a, b in pairwise(cuts)]


def _sentence_cut(pieces: Pieces, low: int, cut: int) -> int:
    """The start of a word at or a little before ``cut``; after a full stop if one is near."""
    for i in range(cut, max(low + 1, cut - 64), -1):
        if pieces.word_start[i] and pieces.ids[i - 1] in _SENTENCE_FINAL:
            return i
    for i in range(cut, low + 1, -1):
        if pieces.word_start[i]:
            return i
    return cut


_SENTENCE_FINAL = (1012, 999, 1029, 1524)  # . ! ? ” in the BERT vocabulary
CLS, SEP = 101, 102


BUDGET = 384  # padded pieces of one forward pass


def batches(items: Sequence[tuple[Pieces, Window]], *, budget: int = BUDGET) -> Iterator[list[int]]:
    """Indices of windows grouped by like length, each group within ``budget`` padded pieces.

    An ordinary window is a group of its own. On a CPU larger groups are slower: what attention and the role head hold
    for several windows no longer fits a core's cache, and shorter windows are padded. Short texts go together.
    """
    return of_like_length([w.end - w.start + 2 for _, w in items], budget=budget)


def of_like_length(lengths: Sequence[int], *, budget: int) -> Iterator[list[int]]:
    """Indices grouped by like length, each group within ``budget`` when all are as long as its longest."""
    group: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: (lengths[i], i)):
        if group and lengths[i] * (len(group) + 1) > budget:
            yield group
            group = []
        group.append(i)
    if group:
        yield group


def pad(items: Sequence[tuple[Pieces, Window]]) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Stack windows to ids, types, mask and core of shape (windows, longest + 2); [CLS] and [SEP] at the ends."""
    longest = max(w.end - w.start for _, w in items) + 2
    ids = np.zeros((len(items), longest), dtype=np.int64)
    types, mask, core = np.zeros_like(ids), np.zeros_like(ids), np.zeros_like(ids)
    for row, (pieces, w) in enumerate(items):
        n = w.end - w.start
        ids[row, 0], ids[row, n + 1] = CLS, SEP
        ids[row, 1 : n + 1] = pieces.ids[w.start : w.end]
        types[row, : n + 2] = pieces.types[w.start] // LOOKS * LOOKS
        types[row, 1 : n + 1] = pieces.types[w.start : w.end]
        mask[row, : n + 2] = 1
        core[row, 1 + w.core_start - w.start : 1 + w.core_end - w.start] = 1
    return ids, types, mask, core


def score(items: Sequence[tuple[Pieces, Window]], network: Network, *, threshold: float) -> list[Scores]:
    """Run windows (of one text or of many) through the network, in batches of like length.

    Args:
        items: the windows with the pieces that they point into.
        network: the forward pass.
        threshold: a piece becomes an anchor from this probability on.

    """
    out: list[Scores | None] = [None] * len(items)
    for group in batches(items):
        chosen = [items[i] for i in group]
        o = network(*pad(chosen), threshold)
        for row, i in enumerate(group):
            n = chosen[row][1].end - chosen[row][1].start
            own = o.where[:, 0] == row
            inside = slice(1, n + 1)
            out[i] = Scores(
                o.anchor[row, inside], o.names[row, inside], o.where[own, 1] - 1, o.roles[own][:, inside],
                o.act[own], o.kind[own], o.addressee[own][:, inside],
                o.parts[row, inside], o.starts[row, inside], None if o.links is None else o.links[row, inside],
            )  # fmt: skip
    return [s for s in out if s is not None]


LONGEST = 500  # pieces of a text that is read by itself


def states(
    text: str, tokenizer: Tokenizer, network: OnnxNetwork, *, layers: Sequence[int]
) -> tuple[Pieces, FloatArray]:
    """The pieces of a sentence or two, and what the encoder makes of them when it reads nothing else.

    Args:
        text: one paragraph; pieces behind the first ``LONGEST`` are not read.
        tokenizer: word pieces.
        network: the model.
        layers: 0, the embeddings, to 6, the last.

    Returns:
        The pieces, and the states (layers, pieces + 2, size), those of [CLS] and [SEP] at the ends.

    """
    pieces = piece(text, tokenizer, [Range(0, len(text))], [])
    ids, types, mask, _ = pad([(pieces, Window(0, min(len(pieces), LONGEST), 0, 0))])
    return pieces, network.states(ids, types, mask, layers=layers)


def read_texts(
    texts: Iterable[tuple[str, Sequence[Range], Sequence[Quotation], str]],
    tokenizer: Tokenizer,
    network: Network,
    *,
    threshold: float,
) -> list[tuple[Pieces, list[tuple[Window, Scores]]]]:
    """Pieces, windows and scores of several texts, batched together.

    Args:
        texts: each with its paragraphs, its quotations and the convention that it is read by.
        tokenizer: word pieces.
        network: the forward pass.
        threshold: a piece becomes an anchor from this probability on.

    """
    all_pieces: list[Pieces] = []
    items: list[tuple[Pieces, Window]] = []
    owners: list[int] = []
    for i, (text, paragraphs, marked, convention) in enumerate(texts):
        pieces = piece(text, tokenizer, paragraphs, marked, convention=convention)
        all_pieces.append(pieces)
        if 0 < len(pieces) < SHORT:
            items.append(_in_company(text, tokenizer, paragraphs, marked, convention, len(pieces)))
            owners.append(i)
            continue
        for w in windows(pieces):
            items.append((pieces, w))
            owners.append(i)
    found: list[tuple[Pieces, list[tuple[Window, Scores]]]] = [(p, []) for p in all_pieces]
    for owner, (_, window), scores in zip(owners, items, score(items, network, threshold=threshold), strict=True):
        core = Window(window.start, window.core_end, window.core_start, window.core_end)
        alone = len(all_pieces[owner]) < SHORT
        found[owner][1].append((core, _cut(scores, core.end)) if alone else (window, scores))
    return found


SHORT = 48  # pieces; a text of fewer is read in company
_COMPANY = (
    "The road to the north was closed for most of the day because of snow. The trains ran late and the shops in the old "
    "town opened only after noon."
)


def _in_company(
    text: str,
    tokenizer: Tokenizer,
    paragraphs: Sequence[Range],
    marked: Sequence[Quotation],
    convention: str,
    n: int,
) -> tuple[Pieces, Window]:
    """A short text with a paragraph behind it that claims nothing, in a window whose core is the text.

    The model learnt on windows of whole articles: of a sentence that stands alone it often misses what is claimed.
    """
    start = len(text) + 1
    whole = f"{text}\n{_COMPANY}"
    pieces = piece(whole, tokenizer, [*paragraphs, Range(start, len(whole))], marked, convention=convention)
    return pieces, Window(0, len(pieces), 0, n)


def _cut(s: Scores, n: int) -> Scores:
    """The scores of a window's first n pieces."""
    return Scores(
        s.anchor[:n], s.names[:n], s.at, s.roles[:, :n], s.act, s.kind, s.addressee[:, :n], s.parts[:n], s.starts[:n],
        None if s.links is None else s.links[:n],
    )  # fmt: skip
