"""Lemmas: from a word and its part of speech (UPOS) to its base form, by ``lexicon/lemmas.tsv``.

The table is learnt from treebanks by ``attribution.training.lemmas``. spaCy's rule lemmatizer is not used, because its
tables are a package of their own (spacy-lookups-data), and this has to work without it; nor does it write the lemmas of
Universal Dependencies: given gold parts it has 0.87 and 0.91 of the words of the EWT and GUM dev sets right, this 0.99.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from attribution.lexicon import LemmaTable, lemma_table

Place = Literal["inside", "first", "loud"]

_APOSTROPHES = str.maketrans("’‘ʼ`", "''''")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d)")
_OWNED = frozenset(["NOUN", "PROPN", "ADJ", "NUM"])


def lemma(
    form: str, part: str, *, place: Place = "inside", after: str = "", part_after: str = "", table: LemmaTable | None = None
) -> str:  # fmt: skip
    """The base form of a word as Universal Dependencies write it: "said" → "say", "n't" → "not".

    Args:
        form: the word as written.
        part: its part of speech, one of the UPOS tags.
        place: "first" in a sentence, where a capital says nothing, or "loud" in one that is all in capitals.
        after: the word behind it, which tells "has" from "is" in "'s", and "had" from "would" in "'d".
        part_after: the part of speech of that word, which tells "her bag" from "saw her".
        table: irregular words and endings; by default the package's.

    """
    table = table or lemma_table()
    key = key_of(form, part)
    if part in ("AUX", "VERB") and key in ("'s", "'d"):
        return _of_contraction(key, after.casefold(), part_after, table)
    if part == "PRON" and key == "her":
        return "her" if part_after in _OWNED else "she"
    base = table.words.get((part, key)) or edited(key, part, table)
    if part == "PROPN" or base != base.lower():
        return base
    return _cased(base, form) if keeps_case(key, part, shape(form, place), table) else base


def _of_contraction(key: str, after: str, part_after: str, table: LemmaTable) -> str:
    """ "has" or "is", "had" or "would": "she'd told" and "she'd better", but "she'd tell"."""
    if key == "'s":
        return "have" if after in ("been", "got", "had") else "be"
    past = part_after in ("VERB", "AUX") and lemma(after, part_after, table=table) != after
    return "have" if past or after == "better" else "would"


def key_of(form: str, part: str) -> str:
    """A word as the table has it: with plain apostrophes, numbers without commas, in small letters but for names."""
    plain = form.translate(_APOSTROPHES) if len(form) > 1 and part != "PUNCT" else form
    if part == "NUM":
        plain = _THOUSANDS.sub("", plain)
    return plain if part == "PROPN" else plain.lower()


def edited(key: str, part: str, table: LemmaTable) -> str:
    """The word with the longest ending that the table knows exchanged."""
    low = f"^{key.lower()}"
    for i in range(max(0, len(low) - table.longest), len(low) + 1):
        rule = table.rules.get((part, low[i:]))
        if rule is not None:
            strip, add = rule
            return key[: len(key) - strip] + add if strip < len(key) else key
    return key


def shape(form: str, place: Place) -> str:
    """How a word is written: "lower", "A" for one capital, and with its place "Title", "UPPER" or "miXed"."""
    if form == form.lower():
        return "lower"
    if len(form) == 1:
        return "A"
    kind = "Title" if form[1:] == form[1:].lower() else "UPPER" if form == form.upper() else "miXed"
    return kind if place == "inside" else f"{place} {kind}"


def keeps_case(key: str, part: str, written: str, table: LemmaTable) -> bool:
    """True where the lemma is written with the word's capitals: "American", "TV"."""
    if written == "lower":
        return False
    keeps, others = table.cases.get((part, written), (False, frozenset()))
    return keeps != (key in others)


def places(words: Sequence[str]) -> list[Place]:
    """Where each word of a sentence stands; the first is the first that has a letter."""
    capitals = [w == w.upper() for w in words if len(w) > 1 and w.isalpha()]
    if len(capitals) > 1 and sum(capitals) * 2 > len(capitals):
        return ["loud"] * len(words)
    first = next((i for i, w in enumerate(words) if any(c.isalpha() for c in w)), 0)
    return ["first" if i <= first else "inside" for i in range(len(words))]


def _cased(base: str, form: str) -> str:
    if form == form.upper():
        return form
    same = 0
    while same < min(len(base), len(form)) and base[same] == form[same].lower():
        same += 1
    return (form[:same] or base[:1].upper()) + base[same or 1 :]
