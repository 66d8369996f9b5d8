"""Words of claims as the store compares them: folded for quotations, stemmed for search."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from attribution.errors import MissingExtraError, QuestionError

_WORD = re.compile(r"[^\W_]+(?:['’\ue000]+[^\W_]+)*")
_SHORTENED = re.compile(
    r"n['’]t\b|['’](?:re|ll|ve|m)\b|[^\W_]+?(?=n['’]t\b)|[^\W_]+(?:['’\ue000]+(?!(?:re|ll|ve|m)\b)[^\W_]+)*",
    re.IGNORECASE,
)
_IN_FULL = {"'re": "are", "'ll": "will", "'ve": "have", "'m": "am", "n't": "not", "wo": "will", "ca": "can"}
_ACRONYM = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}\b)")
_PHRASE = re.compile(r'"([^"]*)"')
_CURLY = str.maketrans("“”„‟«»’‘", '""""""\'\'')
_POSITIONS = 65_535
"""What a position can hold; words further on are found, all at this one."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: as compared, and where it stands in the text (code points, half-open)."""

    folded: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """The words of a text: case, accents, full stops of acronyms and commas of numbers folded away.

    Shortened words are two: "we're" is "we are".
    """
    return [Word(_folded(m.group()), m.start(), m.end()) for m in _pattern(text).finditer(_joined(text))]


def _pattern(text: str) -> re.Pattern[str]:
    return _SHORTENED if "'" in text or "’" in text else _WORD


def _joined(text: str) -> str:
    """Acronyms and numbers as one word each; what stands in the place of their marks folds to nothing."""
    if "." in text:
        text = _ACRONYM.sub(lambda m: m.group().replace(".", "\ue000"), text)
    return _GROUPED.sub("\ue000", text) if "," in text else text


@lru_cache(maxsize=1 << 17)
def _folded(word: str) -> str:
    low = word.casefold().replace("’", "'")
    if low in _IN_FULL:
        return _IN_FULL[low]
    bare = re.sub(r"'s$|['\ue000]", "", low)
    if bare.isascii():
        return bare
    return "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))


def folded(text: str) -> list[str]:
    """The words of a text as compared, without those that fold to nothing."""
    return [word for word in map(_folded, _pattern(text).findall(_joined(text))) if word]


class Stemmer:
    """Stems of words by Porter's second algorithm, each computed once."""

    def __init__(self) -> None:
        """Raises:
        MissingExtraError: snowballstemmer is not installed.
        """
        try:
            from snowballstemmer import stemmer
        except ImportError as error:
            raise MissingExtraError("corpus", "the store") from error
        self._stem: Any = stemmer("english")
        self._known: dict[str, str] = {}

    def stems(self, text: str) -> list[str]:
        """Stems of the words of a text, in order."""
        known = self._known
        return [known.get(word) or self._of(word) for word in folded(text)]

    def _of(self, word: str) -> str:
        if len(self._known) > 1 << 20:
            self._known.clear()
        self._known[word] = self._stem.stemWord(word)
        return self._known[word]


def positions(stems: list[str]) -> list[tuple[str, int]]:
    """Stems with their positions, as the store keeps them."""
    return [(stem, min(at, _POSITIONS)) for at, stem in enumerate(stems)]


def parsed(about: str, stemmer: Stemmer) -> list[list[str]]:
    """What ``--about`` asks for: phrases of stems; a word alone is a phrase of one.

    Raises:
        QuestionError: there is no word in it, or a quotation mark is open.

    """
    plain = about.translate(_CURLY)
    if plain.count('"') % 2:
        raise QuestionError(about, "a quotation mark is left open: a phrase stands between two")
    asked = [stemmer.stems(phrase) for phrase in _PHRASE.findall(plain)]
    asked += [[stem] for stem in stemmer.stems(_PHRASE.sub(" ", plain))]
    asked = [phrase for phrase in asked if phrase]
    if not asked:
        raise QuestionError(about or "about", "no words to look for")
    return asked
