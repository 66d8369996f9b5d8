"""Whether a claim is asserted or left open: "may have caused" and "caused", "is considering" and "will"."""

from __future__ import annotations

from collections.abc import Sequence

from attribution.comparison.forms import lemma
from attribution.comparison.words import Word

_OPEN = frozenset(
    "might possibly perhaps maybe possible possibility probably likely presumably whether apparently allegedly".split()
)
_MAY = frozenset(["may", "could"])
_OR_NOT = _MAY | {"whether"}  # hedges, or ability, permission, an indirect question: the sentence tells
_ABLE = frozenset("not no never only easily hardly barely".split())
_WEIGHED = frozenset(map(lemma, "consider weigh mull ponder contemplate".split()))
_WEIGHING = {
    lemma(word): after
    for word, after in {
        "think": ("about", "of"), "look": ("into", "at"), "appear": ("to", "that"), "seem": ("to", "that"), "evidence": ("that",),
        "proof": ("that",), "suspect": ("that",), "suggest": ("that",), "indication": ("that",), "sign": ("that",), "rule": ("out",),
    }.items()
}  # fmt: skip


def hedged(words: Sequence[Word], *, surely: bool = False) -> bool:
    """True if the words leave it open whether it is so, or will be; ``surely``: by a word that does nothing else."""
    return any(_leaves_open(words, i) for i, w in enumerate(words) if not (surely and w.norm in _OR_NOT))


def _leaves_open(words: Sequence[Word], i: int) -> bool:
    word = words[i]
    after = words[i + 1].norm if i + 1 < len(words) else ""
    if word.norm in _MAY:
        # "could not" is inability, "May" a month
        return not word.name and after not in _ABLE and not (word.norm == "may" and after[:1].isdigit())
    if word.norm in _OPEN or word.lemma in _WEIGHED:
        return True
    return after in _WEIGHING.get(word.lemma, ())
