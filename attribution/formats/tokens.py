"""Words of a text for formats that count in tokens: spaCy's, cut where a claim's edge runs through one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from spacy.lang.en import English

from attribution.claims import Claim, Passage
from attribution.pipeline.documents import make_doc
from attribution.pipeline.segmentation import Range


def tokens(text: str, edges: Iterable[int]) -> list[Range]:
    """Tokens of a text without white space, in order, such that no edge lies inside one.

    Args:
        text: the text.
        edges: code point offsets at which a token must end or begin.

    """
    cuts = set(edges)
    out: list[Range] = []
    for start, end in _tokens(text):
        inside = [start, *(i for i in range(start + 1, end) if i in cuts), end]
        out.extend(Range(a, b) for a, b in pairwise(inside) if not text[a:b].isspace())
    return out


def edges(claims: Iterable[Claim]) -> set[int]:
    """Where the passages of claims begin and end."""
    return {x for c in claims for p in passages(c) for s in p.spans for x in (s.start, s.end)}


def passages(claim: Claim) -> list[Passage]:
    """A claim's content, cue, source and addressee, as far as it has them."""
    return [p for p in (claim.content, claim.cue, claim.source, claim.addressee) if p]


def _tokens(text: str) -> Iterator[tuple[int, int]]:
    for token in make_doc(_tokenizer(), text):
        if not token.is_space:
            yield token.idx, token.idx + len(token)


@lru_cache(maxsize=1)
def _tokenizer() -> English:
    nlp = English()
    nlp.max_length = 20_000_000
    return nlp
