"""A spaCy ``Doc`` of any text, also of one that is no prose."""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

_LONG_RUN = re.compile(r"\S{1000}")
_CHUNK = re.compile(r"\s+|\S{1,64}")


def make_doc(nlp: Language, text: str) -> Doc:
    """A ``Doc`` of a text. Runs of a thousand characters without a blank are no words, and spaCy's tokenizer takes
    quadratic time on them: such a text is cut at blanks and every 64 characters instead.
    """
    if not _LONG_RUN.search(text):
        return nlp.make_doc(text)
    pieces = _CHUNK.findall(text)
    return Doc(nlp.vocab, words=pieces, spaces=[False] * len(pieces))
