"""Parts of speech and sentence beginnings: from the tagger's scores of word pieces to tokens, whoever cut them.

A token's pieces are those that it shares a letter with; a piece that two tokens share ("cannot") counts for both. The
head learnt one part of speech for each word as it is printed, so what is glued to a word ("n't", "'s") is decided here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attribution.pipeline.encoder import Pieces, Scores, Window
from attribution.pipeline.labels import PARTS
from attribution.pipeline.network import FloatArray, IntArray
from attribution.pipeline.quotation import Quotation, normalised
from attribution.pipeline.segmentation import Range, sentences

# From which probability on a token begins a sentence: where punctuation says so, and elsewhere. Best on the dev parts of
# the English Web Treebank and GUM.
_BEGINS_AFTER_STOP, _BEGINS = 0.2, 0.7
_AUXILIARIES = frozenset(["'m", "'re", "'ve", "'ll", "'d"])
_BARE_AUXILIARIES = frozenset(["m", "re", "ve", "ll"])  # "Im", "youre", as spaCy's tokenizer cuts them too
_BEFORE_BARE = frozenset("i you he she it we they that who there".split())
_PARTICLES = frozenset(["n't", "nt", "not", "na", "ta", "'"])
_IS_AFTER = frozenset("he she it that this there here who what where how when why".split())
_BEHIND_OWNER = frozenset(["NOUN", "PROPN", "ADJ", "NUM", "PUNCT", "SYM", "CCONJ"])


@dataclass(frozen=True, slots=True)
class ScoredText:
    """A text laid out, with the scores of its windows."""

    text: str
    paragraphs: list[Range]
    marked: list[Quotation]
    pieces: Pieces
    windows: list[tuple[Window, Scores]]


@dataclass(frozen=True, slots=True)
class Tags:
    """What the tagger says of a text of which ``plain`` is the text with plain apostrophes, code point for code point.

    ``starts``, ``ends`` (n,) are the pieces' places, ``parts`` (n, parts of speech) log-probabilities, ``begins`` (n,)
    the probability that a sentence begins there. ``stops`` are the beginnings of sentences by punctuation, ``lines``
    those of paragraphs.
    """

    plain: str
    starts: IntArray
    ends: IntArray
    parts: FloatArray
    begins: FloatArray
    stops: frozenset[int]
    lines: frozenset[int]


def tags(scored: ScoredText) -> Tags:
    """The tagger's scores of a whole text, put together from its windows' own pieces."""
    text, pieces = scored.text, scored.pieces
    parts = np.zeros((len(pieces), len(PARTS)), dtype=np.float32)
    begins = np.zeros(len(pieces), dtype=np.float32)
    for w, s in scored.windows:
        own = slice(w.core_start - w.start, w.core_end - w.start)
        parts[w.core_start : w.core_end] = s.parts[own]
        begins[w.core_start : w.core_end] = np.exp(s.starts[own, 1])
    stops = frozenset(s.start for p in scored.paragraphs for s in sentences(text, p))
    lines = frozenset(p.start for p in scored.paragraphs)
    return Tags(normalised(text, scored.marked), pieces.starts, pieces.ends, parts, begins, stops, lines)


def parts_of_speech(found: Tags, tokens: Sequence[Range]) -> list[str]:
    """The part of speech (UPOS) of each token, "SPACE" for white space, as spaCy has it.

    A token has the part that is likeliest over its pieces, by the mean of their log-probabilities; of "Mr." and "$5" only
    the pieces with letters or digits count.

    Args:
        found: the tagger's scores.
        tokens: places of all tokens of the text, in order.

    """
    low = np.searchsorted(found.ends, [t.start for t in tokens], side="right")
    high = np.maximum(low, np.searchsorted(found.starts, [t.end for t in tokens], side="left"))
    best = _best(found, low, high).tolist()
    words = [found.plain[t.start : t.end] for t in tokens]
    out = [
        "SPACE" if word.isspace() else _by_character(word) or (PARTS[k] if a < b else "X")
        for word, k, a, b in zip(words, best, low.tolist(), high.tolist(), strict=True)
    ]
    for i in range(1, len(tokens)):
        if tokens[i - 1].end == tokens[i].start:
            out[i] = _glued(i, words, out) or out[i]
    return out


def _best(found: Tags, low: IntArray, high: IntArray) -> IntArray:
    """The likeliest part of pieces ``low:high`` each, all of shape (tokens,)."""
    places = zip(found.starts.tolist(), found.ends.tolist(), strict=True)
    weight = np.array([1.0 if any(map(str.isalnum, found.plain[a:b])) else 1e-3 for a, b in places]).reshape(-1, 1)
    sums = np.concatenate([np.zeros((1, len(PARTS))), np.cumsum(found.parts * weight, axis=0)])
    best: IntArray = (sums[high] - sums[low]).argmax(1)
    return best


def _by_character(word: str) -> str:
    """The part of what its characters alone make plain: stops, emoji and other pictures; "" for all else."""
    if not word.strip(".,;:!?…"):
        return "PUNCT"
    kinds = {unicodedata.category(c) for c in word} - {"Mn", "Cf", "Sk"}
    return "SYM" if kinds == {"So"} else ""


def _glued(i: int, words: Sequence[str], parts: Sequence[str]) -> str:
    """The part of what is glued to the word before: "do|n't", "can|not", "gon|na", "Ruiz|'s", "it|'s"; "" for all else."""
    word, before = words[i].casefold(), words[i - 1].casefold()
    if (
        not before[-1:].isalpha()
        or (word == "na" and before not in ("gon", "wan"))
        or (word == "ta" and before != "got")
    ):
        return ""
    if word in _AUXILIARIES or (word in _BARE_AUXILIARIES and before in _BEFORE_BARE):
        return "AUX"
    if word == "'" and not before.endswith("s"):
        return ""
    if word in _PARTICLES:
        return "PART"
    known = word == "'s" or (word == "s" and (before == "let" or before in _IS_AFTER))
    return _of_s(before, words, parts, i) if known else ""


def _of_s(before: str, words: Sequence[str], parts: Sequence[str], i: int) -> str:
    """Whether "'s" is "us", "is" or the possessive."""
    if before == "let":
        return "PRON"
    after = next((k for k in range(i + 1, len(words)) if parts[k] != "SPACE"), None)
    if before in _IS_AFTER:
        return "VERB" if before == "there" else "AUX"
    if after is None or parts[after] in _BEHIND_OWNER:
        return "PART"
    return "PART" if parts[after] == "VERB" and not words[after].endswith("ing") else "AUX"


def sentence_starts(found: Tags, tokens: Sequence[Range]) -> list[bool]:
    """True for each token that begins a sentence.

    The tagger decides, helped by punctuation; a paragraph always begins one. White space begins none, nor does a mark
    right behind another token ("?!", "====="); but a text's first token always does.
    """
    out = [False] * len(tokens)
    if not tokens:
        return out
    starts = np.array([t.start for t in tokens])
    likely = np.flatnonzero(found.begins >= _BEGINS_AFTER_STOP)
    begins = [
        at
        for at, p in zip(found.starts[likely].tolist(), found.begins[likely].tolist(), strict=True)
        if p >= _BEGINS or at in found.stops
    ]
    for at in found.lines.union(begins):
        i = int(np.searchsorted(starts, at, side="right")) - 1
        if i >= 0 and at < tokens[i].end:
            word = found.plain[tokens[i].start : tokens[i].end]
            glued = i > 0 and tokens[i - 1].end == tokens[i].start and not found.plain[tokens[i].start - 1].isspace()
            out[i] = not word.isspace() and (not glued or any(map(str.isalnum, word)))
    out[0] = True
    return out
