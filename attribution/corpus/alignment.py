"""Two wordings side by side: how near they are, and where they differ.

Words are aligned by the longest runs that both have (Ratcliff and Obershelp, as in ``difflib``).
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from attribution.corpus.answers import Carried, Change, Difference
from attribution.corpus.words import Word, words_of

_FEWEST = 3
_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Wording:
    """A text with its words."""

    text: str
    words: tuple[Word, ...]

    @classmethod
    def of(cls, text: str) -> Wording:
        """A text's wording."""
        return cls(text, tuple(w for w in words_of(text) if w.folded))

    @property
    def folded(self) -> list[str]:
        """The words as compared."""
        return [w.folded for w in self.words]

    def between(self, first: int, last: int) -> str:
        """The text from one word up to another, half-open; empty for none."""
        return self.text[self.words[first].start : self.words[last - 1].end] if first < last else ""


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a text carries a quotation; ``score`` is 1 for the same words."""

    score: float
    carried: Carried
    differences: tuple[Difference, ...]


def ratio(one: list[str], other: list[str]) -> float:
    """Share of words that two wordings have in common, in order: twice the common ones by all."""
    low, high = sorted((one, other))  # difflib is not symmetric
    common = sum(b.size for b in SequenceMatcher(None, low, high, autojunk=False).get_matching_blocks())
    return 2 * common / (len(one) + len(other)) if one or other else 1.0


def aligned(asked: Wording, there: Wording) -> Alignment | None:
    """How ``there`` carries ``asked``, or None if they have too little in common.

    Words before the first and after the last common ones are not counted where one text is only longer than the other;
    an excerpt of a long quotation is compared with the place it was cut from.
    """
    matcher = SequenceMatcher(None, asked.folded, there.folded, autojunk=False)
    blocks = [b for b in matcher.get_matching_blocks() if b.size]
    common = sum(b.size for b in blocks)
    shorter = min(len(asked.words), len(there.words))
    if not common or common < min(_FEWEST, shorter) or common < _SHARE * shorter:
        return None
    window, before, after = _windows(matcher, asked, there)
    size = (window[1] - window[0]) + (window[3] - window[2])
    differences = _differences(matcher, asked, there, window)
    whole_asked, whole_there = before[0] and after[0], before[1] and after[1]
    carried: Carried = "altered" if differences else "same"
    if not (whole_asked and whole_there):
        carried = "part" if whole_asked else "excerpt" if whole_there else "altered"
    # an excerpt carries less than the whole: its length counts a little
    length = shorter / max(len(asked.words), len(there.words))
    score = 2 * common / size * (1 if carried in ("same", "altered") else 0.9 + 0.1 * length)
    return Alignment(round(min(score, 1.0), 3), carried, differences)


Window = tuple[int, int, int, int]
Edge = tuple[bool, bool]


def _windows(matcher: SequenceMatcher[str], asked: Wording, there: Wording) -> tuple[Window, Edge, Edge]:
    """The stretches to compare, and for each end whether it is that of the quotation and of the text.

    Before the first common words, both texts may go on: the shorter rest belongs to what was changed, and of the longer
    one as much.
    """
    blocks = [b for b in matcher.get_matching_blocks() if b.size]
    first, last = blocks[0], blocks[-1]
    left = min(first.a, first.b)
    right = min(len(asked.words) - last.a - last.size, len(there.words) - last.b - last.size)
    window = (first.a - left, last.a + last.size + right, first.b - left, last.b + last.size + right)
    before = (window[0] == 0, window[2] == 0)
    after = (window[1] == len(asked.words), window[3] == len(there.words))
    return window, before, after


def _differences(
    matcher: SequenceMatcher[str], asked: Wording, there: Wording, window: Window
) -> tuple[Difference, ...]:
    a0, a1, b0, b1 = window
    found = []
    for _, i0, i1, j0, j1 in matcher.get_opcodes():
        low_a, high_a, low_b, high_b = max(i0, a0), min(i1, a1), max(j0, b0), min(j1, b1)
        if asked.folded[i0:i1] == there.folded[j0:j1] or (low_a >= high_a and low_b >= high_b):
            continue
        before, after = asked.between(low_a, high_a), there.between(low_b, high_b)
        change: Change = "changed" if before and after else "added" if after else "left out"
        found.append(Difference(change=change, before=before, after=after, at=low_b))
    return tuple(found)


def whole(first: Wording, other: Wording) -> tuple[Difference, ...]:
    """Every place where a wording departs from another, ends included."""
    matcher = SequenceMatcher(None, first.folded, other.folded, autojunk=False)
    return _differences(matcher, first, other, (0, len(first.words), 0, len(other.words)))
