"""What is told of a text before it is read: blocks of its page, sentences and entities of other components of a pipeline.

Nothing of it is needed. Blocks say what stretches are, where a reader knew it. Given sentences take the place of our
own; given entities are added where the name head found nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from spacy.tokens import Doc

from attribution.claims import BlockKind
from attribution.pipeline.layers import own_layers
from attribution.pipeline.mentions import POSSESSIVE, Name
from attribution.pipeline.segmentation import Range

BLOCKS = "attribution.blocks"
Use = bool | Literal["auto"]

_LABELS = {
    "PERSON": "PERSON", "PER": "PERSON", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "NORP": "NORP", "DATE": "DATE",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Given:
    """Sentences, names and blocks (kind, start, end) of a text, each in order.

    ``sentences`` is None where nobody has looked for them.
    """

    sentences: tuple[Range, ...] | None = None
    names: tuple[Name, ...] = ()
    blocks: tuple[tuple[BlockKind, int, int], ...] = ()


def given_by(doc: Doc, *, use_sents: Use = "auto", use_ents: Use = "auto") -> Given:
    """Sentences, entities and blocks that a ``Doc`` carries; sentences and entities of our own are none that are given.

    Args:
        doc: any ``Doc``.
        use_sents: "auto" takes its sentences if it has any, False never does, True raises if there are none.
        use_ents: the same for its entities.

    Raises:
        ValueError: what is to be used is not there.

    """
    sents: tuple[Range, ...] | None = None
    ents: tuple[Name, ...] = ()
    if _wanted(doc, use_sents, "sents", "SENT_START", "sentences", "sentencizer"):
        sents = tuple(Range(s.start_char, s.end_char) for s in doc.sents)
    if _wanted(doc, use_ents, "ents", "ENT_IOB", "entities", "entity_ruler"):
        ents = tuple(name for e in doc.ents if (name := _name(doc.text, e.start_char, e.end_char, e.label_)))
    return Given(sents, ents, tuple((kind, start, end) for kind, start, end in doc.user_data.get(BLOCKS, ())))


def _wanted(doc: Doc, use: Use, layer: str, attribute: str, what: str, component: str) -> bool:
    there = bool(doc.has_annotation(attribute)) and layer not in own_layers(doc)
    if use is True and not there:
        raise ValueError(
            f"use_{layer} is true, but the Doc has no {what} ({doc.text[:40]!r}): put a component that finds them before "
            f"this one, as nlp.add_pipe({component!r}, first=True) does, or leave use_{layer} at 'auto'"
        )
    return use is not False and there


def _name(text: str, start: int, end: int, label: str) -> Name | None:
    """An entity as a name: without article and possessive; None for labels that cannot speak or describe a speaker."""
    if label not in _LABELS:
        return None
    if text[start:end].casefold().startswith("the "):
        start += 4
    if possessive := POSSESSIVE.search(text[start:end]):
        end = start + possessive.start()
    start, end = _trimmed(text, start, end)
    return Name(start, end, _LABELS[label]) if any(c.isalpha() for c in text[start:end]) else None


def sentences_within(text: str, paragraphs: Sequence[Range], sentences: Iterable[Range]) -> list[Range]:
    """Sentences cut where a paragraph ends and without white space around them; every paragraph has at least one.

    Args:
        text: the article's text.
        paragraphs: its paragraphs, in order.
        sentences: its sentences, in order, not overlapping.

    """
    out: list[Range] = []
    rest = iter(sentences)
    current = next(rest, None)
    for p in paragraphs:
        inside = []
        while current is not None and current.start < p.end:
            piece = _trimmed(text, max(current.start, p.start), min(current.end, p.end))
            if piece.start < piece.end:
                inside.append(piece)
            if current.end > p.end:
                break  # the next paragraph has a part of it, too
            current = next(rest, None)
        out.extend(inside or [p])
    return out


def with_given(found: Sequence[Name], given: Iterable[Name]) -> list[Name]:
    """Names found, and those given that overlap none of them, in order of the text."""
    return sorted([*found, *_apart(given, found)], key=lambda n: n.start)


def _apart(given: Iterable[Name], found: Sequence[Name]) -> Iterator[Name]:
    """What overlaps nothing; both are in order and free of overlaps."""
    i = 0
    for name in given:
        while i < len(found) and found[i].end <= name.start:
            i += 1
        if i == len(found) or name.end <= found[i].start:
            yield name


def _trimmed(text: str, start: int, end: int) -> Range:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Range(start, end)
