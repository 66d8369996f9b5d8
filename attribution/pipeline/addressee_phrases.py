"""To whom something is said: the whole phrase of which the model marked the beginning, or nobody."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from attribution.pipeline.noun_phrases import Word, base_at
from attribution.pipeline.relations import Relation
from attribution.pipeline.segmentation import Range

_NAMING = frozenset(["NOUN", "PROPN", "ADJ", "NUM"])
_PERSONAL = frozenset(
    "me us you him her it them one anyone everyone somebody someone anybody everybody whom i we he she they".split()
)


def whole_addressees(
    text: str, relations: Sequence[Relation], words: Sequence[Word], sentences: Sequence[Range]
) -> None:
    """Widen addressees to the noun phrases that begin there ("the" → "the company"); what begins none is no addressee.

    Args:
        text: the article's text.
        relations: its claims' spans; their addressees are changed.
        words: its words with their parts of speech, in order.
        sentences: its sentences, in order; no phrase runs over the end of one.

    """
    starts, ends = [w.start for w in words], [s.end for s in sentences]
    for r in relations:
        r.addressee = [whole for s in r.addressee[:1] if (whole := _whole(text, s, words, starts, ends)) is not None]


def _whole(text: str, span: Range, words: Sequence[Word], starts: Sequence[int], ends: Sequence[int]) -> Range | None:
    at = bisect_left(starts, span.start)
    inside = words[at : bisect_left(starts, span.end)]
    if not inside:
        return None
    sentence = bisect_right(ends, span.start)
    end = base_at(text, words, at, ends[sentence] if sentence < len(ends) else len(text))
    if end is not None:
        return Range(span.start, max(span.end, end))
    named = any(w.part in _NAMING or text[w.start : w.end].casefold() in _PERSONAL for w in inside)
    return span if named else None
