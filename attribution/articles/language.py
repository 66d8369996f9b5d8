"""Which language a text is in, by its script and its function words, where that is sure.

The share of function words is steady over kinds of text, and no two languages share more than a few of them; so a text
of some length whose words are those of another language and hardly ever English ones is not English. Whatever is less
plain stays undecided, and undecided is read.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from importlib.resources import files

_SAMPLE = 20_000  # characters that are looked at
_ENOUGH_WORDS = 40
_ENOUGH_LETTERS = 80
_ENGLISH_SHARE = 0.20
_NOT_ENGLISH_SHARE = 0.12
_OTHER_SHARE = 0.18

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SCRIPTS = {
    "ja": re.compile(r"[\u3040-\u30ff]"),
    "ko": re.compile(r"[\uac00-\ud7af\u1100-\u11ff]"),
    "zh": re.compile(r"[\u3400-\u9fff\uf900-\ufaff]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "el": re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]"),
    "hi": re.compile(r"[\u0900-\u097f]"),
    "bn": re.compile(r"[\u0980-\u09ff]"),
    "ta": re.compile(r"[\u0b80-\u0bff]"),
    "ka": re.compile(r"[\u10a0-\u10ff]"),
    "hy": re.compile(r"[\u0530-\u058f]"),
    "am": re.compile(r"[\u1200-\u137f]"),
    "my": re.compile(r"[\u1000-\u109f]"),
    "km": re.compile(r"[\u1780-\u17ff]"),
    "ar": re.compile(r"[\u0600-\u06ff\u0750-\u077f]"),
    "ru": re.compile(r"[\u0400-\u052f]"),
}
"""The language that is most often written in a script; for several languages the words decide below."""


def language_of(text: str, *, told: str | None = None) -> str | None:
    """The ISO 639-1 code of a text's language: what its words show, else what its source says, else None.

    Args:
        text: the text; its first 20,000 characters are looked at.
        told: what the source says ("en-GB", "de_DE"). Pages are often wrong about it, so the words go first.

    """
    return _shown(text[:_SAMPLE]) or normal_code(told)


def is_foreign(text: str, language: str | None) -> bool:
    """True for a text in another language than English, and long enough to be sure: short ones are never refused."""
    sample = text[:_SAMPLE]
    return language not in (None, "en") and (len(_WORD.findall(sample)) >= _ENOUGH_WORDS or _script(sample) is not None)


def normal_code(told: str | None) -> str | None:
    """The two letters of a language tag: "en-GB" → "en"; None for what is no such tag."""
    match = re.match(r"\s*([A-Za-z]{2})(?:[-_].*)?\s*$", told or "")
    return match[1].lower() if match else None


def _shown(sample: str) -> str | None:
    words = [w.casefold() for w in _WORD.findall(sample)]
    script = _script(sample)
    if script and script not in ("ru", "el"):
        return script
    if len(words) < _ENOUGH_WORDS:
        return script
    shares = _shares(words)
    english = shares.pop("en")
    best = max(shares, key=lambda code: shares[code])
    if english >= _ENGLISH_SHARE and english >= shares[best]:
        return "en"
    if english < _NOT_ENGLISH_SHARE and shares[best] >= _OTHER_SHARE and shares[best] >= 2 * english:
        return best
    return script


def _script(sample: str) -> str | None:
    """The language of the script that most letters are of, unless that is Latin or too little."""
    letters = sum(c.isalpha() for c in sample)
    if letters < _ENOUGH_LETTERS:
        return None
    counts = {code: len(pattern.findall(sample)) for code, pattern in _SCRIPTS.items()}
    if counts["ja"] > letters / 10:  # Japanese mixes kana with the signs of Chinese
        return "ja" if counts["ja"] + counts["zh"] > letters / 2 else None
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] > letters / 2 else None


def _shares(words: list[str]) -> dict[str, float]:
    counts = Counter(words)
    return {code: sum(counts[w] for w in known) / len(words) for code, known in function_words().items()}


@lru_cache(maxsize=1)
def function_words() -> dict[str, frozenset[str]]:
    """Function words by language code."""
    lines = (files("attribution.articles") / "function_words.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {code: frozenset(words.casefold().split()) for code, words in rows}
