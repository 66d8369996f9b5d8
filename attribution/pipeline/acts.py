"""Acts and polarity: what sort of speech act a cue names, and whether it is negated.

The lexicon of cues decides where it knows the cue; the model's own head decides for cues that it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from attribution.lexicon import acts_by_lemma, lemmas_by_form
from attribution.pipeline.labels import ACTS
from attribution.pipeline.lemmas import lemma
from attribution.pipeline.network import FloatArray

WORD = re.compile(r"[\w]+(?:[-'’][\w]+)*")
_NEGATION = re.compile(
    r"\b(?:not|never|neither|nor|no longer|cannot)\b|n['’]t\b|\b(?:refus|declin|fail)(?:e|es|ed|ing|s)?\b"
    r"|\b(?:yet to|stopped short of|stop short of)\b",
    re.IGNORECASE,
)
_AUXILIARIES = frozenset(
    [
        "be",
        "have",
        "do",
        "will",
        "would",
        "shall",
        "should",
        "can",
        "could",
        "may",
        "might",
        "must",
        "'d",
        "'ll",
        "’d",
        "’ll",
        "to",
        "get",
        "keep",
    ]
)
_QUESTION_OPENERS = ("whether", "if", "why", "how", "what", "who", "when", "where", "which")
_TOLD_TO = re.compile(r"(?:me|us|you|him|her|them|it)\s+(?:(?:not|never)\s+)?to\b")
_WILL = re.compile(r"\b(?:will|would|shall)\b|['’](?:ll|d)\b")


class Reading(NamedTuple):
    """Lemma of the cue's head, act and polarity."""

    lemma: str
    act: str
    negated: bool


def lemmatise(form: str, part: str = "") -> str:
    """The lemma of a cue's word form, as the lexicon of cues has it, else as the table of lemmas has it for its part.

    Without a part of speech (UPOS) a form that looks like a verb's past or participle is taken for one, and any other that the
    lexicon does not know is its own lemma.
    """
    form = form.casefold().replace("’", "'")
    known = lemmas_by_form().get(form)
    if known:
        return known
    if part:
        return lemma(form, part)
    return lemma(form, "VERB") if form.endswith(("ed", "ing")) else form


def read_cue(cue: str, content: str, scores: FloatArray | None, parts: Sequence[str] = ()) -> Reading:
    """Lemma, act and polarity of a cue.

    Args:
        cue: the cue's text; "" for a claim without one.
        content: the claim's text: its opening tells a question from a request.
        scores: the model's act probabilities, shape (acts,), if there are any.
        parts: the part of speech (UPOS) of each of the cue's words (``WORD``), if they are known.

    """
    words = WORD.findall(cue)
    tags = parts or [""] * len(words)
    lemmas = [lemmatise(w, part) for w, part in zip(words, tags, strict=True)]
    head, act = _lookup(lemmas, tags)
    guess = ACTS[int(np.argmax(scores))] if scores is not None else "statement"
    opening = content.lstrip("“\"'‘« ").casefold()
    if not cue:
        act = "question" if content.rstrip("”\"'’» ").endswith("?") else "statement"
    elif act is None:
        act = guess
    elif head == "ask":
        act = _asked(lemmas, opening, content, guess)
    elif head == "tell" and _TOLD_TO.match(opening):
        act = "request"
    elif head == "assure" and _WILL.search(content):
        act = "promise"
    elif act == "statement" and guess in ("request", "prediction") and scores is not None and scores.max() > 0.8:
        act = guess
    negated = bool(_NEGATION.search(cue))
    if negated and act in ("statement", "denial", "promise"):
        act = "other" if act == "statement" or not re.search(r"\bnot|n['’]t", cue) else act
    return Reading(head, act, negated)


def _lookup(lemmas: Sequence[str], parts: Sequence[str]) -> tuple[str, str | None]:
    """The head of a cue and its act: the longest phrase of the lexicon, the last verb of a group first; else its first verb or noun."""
    acts = acts_by_lemma()
    for size in (4, 3, 2):
        for i in range(len(lemmas) - size, -1, -1):
            phrase = "_".join(lemmas[i : i + size])
            if phrase in acts:
                return lemmas[i], acts[phrase]
    for word in reversed(lemmas):
        if word in acts and word not in _AUXILIARIES:
            return word, acts[word]
    content = [(w, part) for w, part in zip(lemmas, parts, strict=True) if w not in _AUXILIARIES]
    by_part = [w for kind in ("VERB", "NOUN", "ADJ") for w, part in content if part == kind]
    return next(iter([*by_part, *(w for w, _ in content), *lemmas]), ""), None


def _asked(lemmas: list[str], opening: str, content: str, guess: str) -> str:
    if "for" in lemmas or opening.startswith("for "):
        return "request"
    if opening.startswith(_QUESTION_OPENERS) or content.rstrip("”\"'’» ").endswith("?"):
        return "question"
    if guess in ("question", "request"):
        return guess
    return "request" if re.search(r"\bto\b|\bnot to\b", opening) else "question"
