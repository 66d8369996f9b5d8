"""The parse that textacy and SaysWho need, without a download: our parts of speech and sentences, a parser of our making.

textacy reads ``is_quote``, ``is_title``, ``is_punct``, ``is_stop``, ``pos``, ``lemma_``, ``dep``, ``children``,
``conjuncts`` and ``sents``; SaysWho the same, and line breaks as tokens of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from attribution.pipeline.conventions import GUIDE
from attribution.pipeline.encoder import read_texts
from attribution.pipeline.labels import PARTS
from attribution.pipeline.reader import Reader, lay_out, load_reader
from attribution.pipeline.segmentation import sentences


@dataclass(frozen=True, slots=True)
class Parses:
    """Parses articles: the trained parser, and our own tagger."""

    nlp: Language
    reader: Reader

    @classmethod
    def load(cls, parser: Path) -> Parses:
        """Read the parser that ``train_parser.py`` wrote (its folder ``model-best`` or the one around it)."""
        best = parser / "model-best"
        return cls(spacy.load(best if best.is_dir() else parser), load_reader())

    def __call__(self, text: str) -> Doc:
        """A ``Doc`` over the whole text; white space is no part of the tree, each line break a token."""
        paragraphs, _ = lay_out(text)
        starts = {s.start for p in paragraphs for s in sentences(text, p)}
        whole = self._tokens(text)
        real = [i for i, t in enumerate(whole) if not t.is_space]
        doc = Doc(
            self.nlp.vocab, words=[whole[i].text for i in real], spaces=[bool(whole[i].whitespace_) for i in real]
        )
        begins = [any(whole[i].idx <= s < whole[i].idx + len(whole[i]) for s in starts) for i in real]
        for token, begin in zip(doc, begins, strict=True):
            token.is_sent_start = begin or token.i == 0
        for _, component in self.nlp.pipeline:
            doc = component(doc)
        return self._with_space(whole, real, doc, self._parts(text, whole))

    def _tokens(self, text: str) -> Doc:
        """Tokens as spaCy cuts them, but a run of line breaks is as many tokens."""
        words: list[str] = []
        spaces: list[bool] = []
        for token in self.nlp.make_doc(text):
            pieces = re.findall(r"\n|[^\n]+", token.text) if token.is_space else [token.text]
            words += pieces
            spaces += [False] * (len(pieces) - 1) + [bool(token.whitespace_)]
        doc = Doc(self.nlp.vocab, words=words, spaces=spaces)
        if doc.text != text:
            raise ValueError("the tokens do not give back the text")
        return doc

    def _parts(self, text: str, tokens: Doc) -> list[str]:
        """Parts of speech by our own tagger; a token takes the likeliest over its word pieces."""
        paragraphs, marked = lay_out(text)
        [(pieces, scored)] = read_texts(
            [(text, paragraphs, marked, GUIDE)], self.reader.tokenizer, self.reader.network, threshold=1.0
        )
        scores = np.zeros((len(pieces), len(PARTS)), dtype=np.float32)
        for w, s in scored:
            scores[w.core_start : w.core_end] = s.parts[w.core_start - w.start : w.core_end - w.start]
        out = []
        for token in tokens:
            low = int(np.searchsorted(pieces.ends, token.idx, side="right"))
            high = int(np.searchsorted(pieces.starts, token.idx + len(token), side="left"))
            out.append(PARTS[int(np.exp(scores[low:high]).sum(0).argmax())] if low < high else "X")
        return out

    def _with_space(self, whole: Doc, real: list[int], parsed: Doc, parts: list[str]) -> Doc:
        """The parse on all tokens; white space hangs on the token before it."""
        at = dict(zip(real, range(len(real)), strict=True))
        heads, deps, lemmas, pos, starts = [], [], [], [], []
        for i, token in enumerate(whole):
            if i in at:
                own = parsed[at[i]]
                heads.append(real[own.head.i])
                deps.append(own.dep_)
                lemmas.append(own.lemma_)
                pos.append(parts[i])
                starts.append(bool(own.is_sent_start))
            else:
                before = heads[i - 1] if i and whole[i - 1].is_space else i - 1
                heads.append(before if i else min(real, default=0))
                deps.append("dep")
                lemmas.append(token.text)
                pos.append("SPACE")
                starts.append(i == 0)
        for i in real[:1]:
            starts[i] = i == 0
        return Doc(
            whole.vocab, words=[t.text for t in whole], spaces=[bool(t.whitespace_) for t in whole], pos=pos,
            lemmas=lemmas, heads=heads, deps=deps, sent_starts=starts,
        )  # fmt: skip


def paragraphs_of(doc: Doc) -> list[Doc]:
    """The paragraphs of a parsed article, each a ``Doc`` of its own, whose ``user_data["start"]`` is its offset."""
    out = []
    for blank, group in groupby(doc, key=lambda t: "\n" in t.text):
        tokens = list(group)
        if not blank:
            part = doc[tokens[0].i : tokens[-1].i + 1].as_doc()
            part.user_data["start"] = tokens[0].idx
            out.append(part)
    return out
