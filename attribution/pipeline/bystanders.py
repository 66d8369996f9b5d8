"""People without a name whom a sentence brings in before they speak: "A nurse from Caboolture rose. She said …"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attribution.lexicon import noun_kinds
from attribution.pipeline.entities import Entity
from attribution.pipeline.mentions import bare, noun_gender, words
from attribution.pipeline.segmentation import Range

_SUBJECT = re.compile(
    r"[\"“‘']?(?:An?|One|Another|My|Our)\s(?:[a-z][\w-]*\s){0,2}?([a-z][\w-]*)\b(?!['’-]|\s(?:[A-Z]|of\b))"
    r"(?:\s(?:from|across|in|at|with|on)\s(?:(?:the|his|her|a)\s)?[\w’-]+)?(?:,\san?\s[^,.]{3,40}(?=,))?"
)


def bystanders(text: str, sentences: Sequence[Range]) -> list[Entity]:
    """Unnamed single persons that a sentence begins with, as candidates for "he" and "she" in what follows.

    Args:
        text: the article's text.
        sentences: its sentences, in order.

    """
    found = []
    for s in sentences:
        m = _SUBJECT.match(text, s.start, s.end)
        if m is None or noun_kinds().get(m[1]) != "person":
            continue
        start = m.start() + (not text[m.start()].isalpha())
        name = re.sub(r"^An?\s", "", text[start : m.end()])
        keys = {tuple(bare(w) for w in words(name))}
        found.append(
            Entity(name, "anonymous", noun_gender(m[1]), keys, [Range(start, m.end())], [], m[1], False, False)
        )
    return found
