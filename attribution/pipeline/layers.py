"""What the pass for claims finds besides, written on a spaCy ``Doc``: sentences, entities, parts of speech, lemmas.

Each layer is set where nobody has set it before: sentences and entities of a whole ``Doc``, parts and lemmas token by
token. The ``Doc`` remembers which of them are ours, so that a second run does not take them for somebody else's.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from spacy.tokens import Doc, Token
from spacy.util import filter_spans

from attribution.pipeline.lemmas import lemma, places
from attribution.pipeline.mentions import Name
from attribution.pipeline.segmentation import Range
from attribution.pipeline.tagging import ScoredText, parts_of_speech, sentence_starts, tags

Layer = Literal["sents", "ents", "pos", "lemma"]
LAYERS: tuple[Layer, ...] = ("sents", "ents", "pos", "lemma")
_OWN = ("._.", "attribution layers", 0, None)
_ATTRIBUTES = {"sents": "SENT_START", "ents": "ENT_IOB"}


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one pass finds in a text: ``claims`` as plain data, ``names`` in order, and the ``scored`` text, from which
    tags are made where somebody wants them.
    """

    claims: list[dict[str, Any]]
    names: list[Name]
    scored: ScoredText


def own_layers(doc: Doc) -> frozenset[str]:
    """Which of a ``Doc``'s sentences and entities are ours; none of a ``Doc`` that was joined or cut."""
    stored = [key for key in doc.user_data if isinstance(key, tuple) and key[:2] == _OWN[:2]]
    if stored != [_OWN] or doc.user_data[_OWN]["length"] != len(doc.text):
        return frozenset()
    return frozenset(doc.user_data[_OWN]["layers"])


def set_layers(doc: Doc, found: Reading, layers: Collection[Layer]) -> None:
    """Write the wanted layers on a ``Doc``, as far as nobody else has."""
    if not layers:
        return
    ours = own_layers(doc)
    wanted = {x for x in layers if x not in _ATTRIBUTES or x in ours or not doc.has_annotation(_ATTRIBUTES[x])}
    if "ents" in wanted:
        spans = [doc.char_span(n.start, n.end, label=n.label, alignment_mode="expand") for n in found.names]
        doc.set_ents(filter_spans(spans))
    if wanted & {"sents", "pos", "lemma"}:
        tagged = tags(found.scored)
        tokens = [Range(t.idx, t.idx + len(t)) for t in doc]
        starts = sentence_starts(tagged, tokens)
        if "sents" in wanted:
            for token, begins in zip(doc, starts, strict=True):
                token.is_sent_start = begins
        if wanted & {"pos", "lemma"}:
            parts = [t.pos_ or part for t, part in zip(doc, parts_of_speech(tagged, tokens), strict=True)]
            if "lemma" in wanted:
                _set_lemmas(doc, parts, starts)
            if "pos" in wanted:
                for token, part in zip(doc, parts, strict=True):
                    token.pos_ = part
    if both := sorted(wanted & set(_ATTRIBUTES)):
        doc.user_data[_OWN] = {"layers": both, "length": len(doc.text)}


def _set_lemmas(doc: Doc, parts: Sequence[str], own_starts: Sequence[bool]) -> None:
    """Write the lemma of every token that has none; capitals mean what they mean in the ``Doc``'s sentences."""
    starts = [bool(t.is_sent_start) for t in doc] if doc.has_annotation("SENT_START") else own_starts
    sentence: list[Token] = []
    for token, begins, part in zip(doc, starts, parts, strict=True):
        if part == "SPACE":
            token.lemma_ = token.lemma_ or token.text
            continue
        if begins:
            _set_lemmas_of(sentence, parts)
            sentence = []
        sentence.append(token)
    _set_lemmas_of(sentence, parts)


def _set_lemmas_of(sentence: Sequence[Token], parts: Sequence[str]) -> None:
    forms = [token.text for token in sentence]
    for k, (token, place) in enumerate(zip(sentence, places(forms), strict=True)):
        if not token.lemma:
            after, part_after = (forms[k + 1], parts[sentence[k + 1].i]) if k + 1 < len(sentence) else ("", "")
            token.lemma_ = lemma(forms[k], parts[token.i], place=place, after=after, part_after=part_after)
