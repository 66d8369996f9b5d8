"""Words of a claim that stand in another article without being anybody's claim there: "text" versions.

An outlet that takes over a source's words into its own voice is what an analyst looks for; and where the claim was
overlooked, the words still show.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from attribution.claims import ArticleClaims, Span
from attribution.comparison.alignment import Op, align
from attribution.comparison.guards import conflict
from attribution.comparison.rows import Carried
from attribution.comparison.units import Unit
from attribution.comparison.vectors import weight
from attribution.comparison.words import Word, words_of
from attribution.pipeline.segmentation import paragraphs, sentences

_SHINGLE = 3
_LEAST = 0.7
_LEAST_CONTENT = 4


@dataclass(frozen=True, slots=True)
class _Sentence:
    article: int
    spans: tuple[Span, ...]
    words: tuple[Word, ...]


class Echoes:
    """The sentences of all articles by their runs of three words."""

    def __init__(self, articles: Sequence[ArticleClaims]) -> None:
        """Args:
        articles: the articles with their claims.
        """
        self._sentences: list[_Sentence] = []
        self._index: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for i, found in enumerate(articles):
            for words, span in _unclaimed(found):
                at = len(self._sentences)
                self._sentences.append(_Sentence(i, (span,), words))
                for shingle in set(_shingles(words)):
                    self._index[shingle].append(at)

    def of(self, unit: Unit, without: set[int]) -> list[Carried]:
        """The nearest sentence of each article (but some) that has a claim's words; none where numbers or sense differ."""
        candidates = {k for s in _shingles(unit.words) for k in self._index.get(s, ())}
        best: dict[int, tuple[float, int, Carried]] = {}
        for k in sorted(candidates):
            sentence = self._sentences[k]
            if sentence.article in without:
                continue
            found = _echo(unit, sentence)
            key = (found.likeness, -found.spans[0].start) if found else (0.0, 0)
            if found and (sentence.article not in best or key > best[sentence.article][:2]):
                best[sentence.article] = (*key, found)
        return [best[a][2] for a in sorted(best)]


def _shingles(words: Sequence[Word]) -> list[tuple[str, ...]]:
    lemmas = [w.lemma for w in words]
    return [tuple(lemmas[i : i + _SHINGLE]) for i in range(len(lemmas) - _SHINGLE + 1)]


def _unclaimed(found: ArticleClaims) -> list[tuple[tuple[Word, ...], Span]]:
    """The stretches of each sentence that lie in no claim, in words."""
    taken = [s for c in found.claims for s in c.content.spans]
    text = found.article.text
    result = []
    for paragraph in paragraphs(text):
        for s in sentences(text, paragraph):
            words = words_of(text, [Span(start=s.start, end=s.end)])
            for claimed, run in groupby(words, key=lambda w: any(t.start <= w.start < t.end for t in taken)):
                free = tuple(run)
                if not claimed and len(free) >= _SHINGLE:
                    result.append((free, Span(start=free[0].start, end=free[-1].end)))
    return result


def _echo(unit: Unit, sentence: _Sentence) -> Carried | None:
    ops = align(unit.words, sentence.words)
    same = [op for op in ops if op.kind == "same"]
    if not same:
        return None
    common = [w for op in same for w in unit.words[op.a[0] : op.a[1]] if w.content]
    whole = [w for w in unit.words if w.content]
    share = sum(weight(w.norm) for w in common) / (sum(weight(w.norm) for w in whole) or 1)
    if share < _LEAST or len(common) < _LEAST_CONTENT:
        return None
    words = sentence.words[_first(ops, same) : same[-1].b[1]]
    if conflict(unit.words, words, odd_a=unit.odd):
        return None
    span = Span(start=words[0].start, end=words[-1].end)
    return Carried(sentence.article, (span,), words, None, (), round(share, 4))


def _first(ops: Sequence[Op], same: Sequence[Op]) -> int:
    """The word where the common stretch begins: with what stands replaced before it, as many words as there."""
    first = same[0]
    missing = first.a[0]
    return max(first.b[0] - missing, 0) if missing and ops[0].kind == "replaced" else first.b[0]
