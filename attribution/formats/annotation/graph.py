"""Claims as labelled spans with links: the form that every annotation tool can hold.

A claim is a mark *Content*, which carries the claim's attributes, with links to the marks of its *Cue*, *Source* and
*Addressee*, to its further pieces (*part*), and to the content of the claim it stands in (*inside*).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import get_args

from attribution.claims import Act, Claim, ClaimType, Kind, Passage, Polarity

CONTENT, CUE, SOURCE, ADDRESSEE = LABELS = ("Content", "Cue", "Source", "Addressee")
PART, INSIDE = "part", "inside"
LINKS = {"cue": CUE, "source": SOURCE, "addressee": ADDRESSEE, PART: CONTENT, INSIDE: CONTENT}
SPEAKER = "speaker"
CHOICES: dict[str, tuple[str, ...]] = {
    "type": get_args(ClaimType),
    "act": get_args(Act),
    "polarity": get_args(Polarity),
    "kind": get_args(Kind),
}
COLOURS = {CONTENT: "#cfe3f8", CUE: "#f6d7b0", SOURCE: "#cdeacc", ADDRESSEE: "#e6d5f2"}

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled stretch of text, in pieces where need be; offsets are code points, half-open."""

    id: str
    label: str
    spans: Spans
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """A labelled arrow between two marks, by their ids."""

    start: str
    end: str
    label: str


@dataclass(frozen=True, slots=True)
class Graph:
    """What is marked in one text."""

    text: str
    marks: tuple[Mark, ...]
    links: tuple[Link, ...]


def graph_of(text: str, claims: Sequence[Claim]) -> Graph:
    """The marks and links of an article's claims; a source or addressee that claims share is one mark."""
    heads = {c.id: f"c{i}" for i, c in enumerate(claims, 1)}
    marks = [Mark(heads[c.id], CONTENT, _spans(c.content), _attributes(c)) for c in claims]
    shared: dict[tuple[str, Spans], str] = {}
    links = []
    for c in claims:
        for label, passage in ((CUE, c.cue), (SOURCE, c.source), (ADDRESSEE, c.addressee)):
            if passage is None:
                continue
            key = (label, _spans(passage))
            if key not in shared:
                shared[key] = f"m{len(shared) + 1}"
                marks.append(Mark(shared[key], *key))
            links.append(Link(heads[c.id], shared[key], label.casefold()))
        if c.parent in heads:
            links.append(Link(heads[c.id], heads[c.parent], INSIDE))
    return Graph(text, tuple(marks), tuple(links))


def _spans(passage: Passage) -> Spans:
    return tuple((s.start, s.end) for s in passage.spans)


def _attributes(c: Claim) -> dict[str, str]:
    out: dict[str, str] = {"type": c.type, "act": c.act, "polarity": c.polarity, "kind": c.speaker.kind}
    name = " ".join(c.speaker.name.split())
    return {**out, SPEAKER: name} if name else out


def in_single_spans(graph: Graph) -> Graph:
    """The same claims with marks of one span each, for tools that know no others."""
    pieces = {m.id: [m.id, *(f"{m.id}.{i}" for i in range(2, len(m.spans) + 1))] for m in graph.marks}
    contents = {m.id for m in graph.marks if m.label == CONTENT}
    marks = [
        Mark(id_, m.label, (span,), m.attributes if id_ == m.id else {})
        for m in graph.marks
        for id_, span in zip(pieces[m.id], m.spans, strict=True)
    ]
    links = [Link(id_, piece, PART) for id_ in sorted(contents) for piece in pieces[id_][1:]]
    for link in graph.links:
        ends = [link.end] if link.end in contents else pieces[link.end]
        links.extend(Link(link.start, end, link.label) for end in ends)
    return Graph(graph.text, tuple(marks), tuple(links))


def label_named(name: str, known: Iterable[str]) -> str | None:
    """The label that a tool's name means, whatever its case; None for none of ours."""
    return next((label for label in known if label.casefold() == name.casefold()), None)
