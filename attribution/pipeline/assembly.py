"""Assembly: relations, speakers and acts → finished claims as plain data.

Spans get their last polish here (whole quotation marks in, stray punctuation out), and every claim its type, id and
confidence. The result is lists and dicts in the form of ``attribution.claims``, so that a ``Doc`` can carry them.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any

from attribution.lexicon.offices import telling
from attribution.pipeline.acts import WORD, read_cue
from attribution.pipeline.noun_phrases import Word
from attribution.pipeline.quotation import Quotation
from attribution.pipeline.relations import Relation
from attribution.pipeline.resolution import Resolution
from attribution.pipeline.segmentation import Range, index_at

_LONGEST = 5000  # characters of a quotation whose marks are looked for
_AROUND = 32  # characters of a selector's prefix and suffix
_EDGE = " \t\n\r\xa0,;:"


def polish(text: str, spans: Sequence[Range], marked: Sequence[Quotation], *, content: bool) -> list[Range]:
    """Trim white space and stray punctuation; take in the marks of a quotation that a content span fills."""
    out = []
    for s in spans:
        start, end = s.start, s.end
        if content:
            start, end = _with_marks(text, start, end, marked)
        while start < end and text[start] in _EDGE:
            start += 1
        inside = end if content and _left_open(start, end, marked) else 0
        while end > max(start, inside) and (
            text[end - 1] in _EDGE or (text[end - 1] == "." and _stray_stop(text, start, end))
        ):
            end -= 1
        if end > start and any(c.isalnum() for c in text[start:end]):
            out.append(Range(start, end))
    return out


def _stray_stop(text: str, start: int, end: int) -> bool:
    """True for the full stop that ends the sentence, not for that of an abbreviation ("U.S.")."""
    word = text[start:end].rsplit(None, 1)[-1]
    return "." not in word[:-1] and len(word) > 2


def _left_open(start: int, end: int, marked: Sequence[Quotation]) -> bool:
    """True for a whole paragraph that opens a quotation and leaves it open: its full stop is quoted, too."""
    at = bisect_left(marked, start, key=lambda q: q.start)
    return any(q.start == start and q.end == end and not q.closed for q in marked[at : at + 2])


def _with_marks(text: str, start: int, end: int, marked: Sequence[Quotation]) -> tuple[int, int]:
    low = bisect_left(marked, start - _LONGEST, key=lambda q: q.start)
    high = bisect_right(marked, end + 3, key=lambda q: q.start)
    for q in marked[low:high]:
        inner_start = q.start + 1
        inner_end = q.end - 1 if q.closed else q.end
        near_end = abs(end - inner_end) <= 2 and not any(
            c.isalnum() for c in text[min(end, inner_end) : max(end, inner_end)]
        )
        near_start = abs(start - inner_start) <= 1 and not any(
            c.isalnum() for c in text[min(start, inner_start) : max(start, inner_start)]
        )
        if near_end and q.start <= end and start <= inner_end and (start <= inner_start or near_start):
            end = max(end, q.end)
        if near_start and start >= q.start and end > inner_start:
            start = q.start
    return start, end


def claim_type(text: str, relation: Relation, depth: bytearray) -> str:
    """direct, indirect or mixed by how many letters of the content stand in quotation marks.

    A claim inside a quotation counts only marks deeper than those around its cue.
    """
    base = 0
    if relation.parent is not None:
        around = relation.cue or relation.content
        base = depth[around[0].start]
        if not relation.cue and text[around[0].start] in "\"“‘'«„":
            base = max(0, base - 1)
    quoted = plain = 0
    for s in relation.content:
        for i in range(s.start, s.end):
            if text[i].isalnum():
                if depth[i] > base:
                    quoted += 1
                else:
                    plain += 1
    return "direct" if quoted and not plain else "mixed" if quoted else "indirect"


def joined(text: str, spans: Sequence[Range]) -> str:
    """The words of several ranges, apart by an ellipsis."""
    return " … ".join(text[s.start : s.end] for s in spans)


def passage(text: str, spans: Sequence[Range]) -> dict[str, Any]:
    """Ranges as a plain passage."""
    return {"text": joined(text, spans), "spans": [{"start": s.start, "end": s.end} for s in spans]}


def selector(text: str, s: Range) -> dict[str, Any]:
    """A range as a W3C selector pair: its place, and its words with those around it."""
    before, after = text[max(0, s.start - _AROUND) : s.start], text[s.end : s.end + _AROUND]
    return {
        "position": {"start": s.start, "end": s.end},
        "quote": {"exact": text[s.start : s.end], "prefix": before, "suffix": after},
    }


def assemble(
    text: str, relations: Sequence[Relation], resolutions: Sequence[Resolution], depth: bytearray,
    paragraphs: Sequence[Range], blocks: Sequence[str], words: Sequence[Word],
) -> list[dict[str, Any]]:  # fmt: skip
    """Finished claims of one article, without the reference to it; parents are ids of other claims of the list.

    ``entity`` of the first claim of each speaker tells where else the article names them.

    Args:
        text: the article's text.
        relations: its claims' spans, polished.
        resolutions: their speakers, in the same order.
        depth: quotation depth by code point.
        paragraphs: the paragraphs; ``blocks`` what each is.
        blocks: see ``pipeline.blocks``.
        words: the text's words with their parts of speech.

    """
    parts = {w.start: w.part for w in words}
    ids = [_claim_id(text, r) for r in relations]
    out: list[dict[str, Any]] = []
    shown: set[str] = set()
    for r, who, id_ in zip(relations, resolutions, ids, strict=True):
        content = joined(text, r.content)
        cue_text = joined(text, r.cue)
        cue_parts = [parts.get(m.start(), "X") for s in r.cue for m in WORD.finditer(text, s.start, s.end)]
        reading = read_cue(cue_text, content, r.act, cue_parts)
        where = index_at(paragraphs, (r.cue or r.content)[0].start)
        by = speaker(who)
        new = by["name"] and by["id"] not in shown
        shown.add(by["id"])
        out.append({
            "id": id_,
            "type": claim_type(text, r, depth),
            "act": reading.act,
            "content": passage(text, r.content),
            "cue": {**passage(text, r.cue), "lemma": reading.lemma} if r.cue else None,
            "source": passage(text, r.source) if r.source else None,
            "speaker": by,
            "addressee": passage(text, r.addressee) if r.addressee else None,
            "polarity": "negated" if reading.negated else "affirmed",
            "parent": ids[r.parent] if r.parent is not None else None,
            "paragraph": where,
            "block": blocks[where] if blocks else "body",
            "confidence": r.confidence,
            "evidence": [
                {"step": s.step, "from": s.seen, "to": s.taken, "spans": [{"start": a, "end": b} for a, b in s.spans]}
                for s in who.steps
            ],
            "selectors": [selector(text, s) for s in r.content],
            "entity": seen(text, who) if new else None,
        })  # fmt: skip
    return out


def _claim_id(text: str, r: Relation) -> str:
    spans = [tuple(s) for role in (r.content, r.cue, r.source) for s in (*role, Range(-1, -1))]
    return hashlib.sha256(
        f"{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}{spans}".encode()
    ).hexdigest()[:16]


def seen(text: str, who: Resolution) -> dict[str, Any]:
    """Where an article names a speaker, and by which other forms; of several at once, of all of them."""
    mentions = sorted({m for e in who.entities for m in e.mentions})
    forms = {" ".join(text[m.start : m.end].split()) for m in mentions} - {who.name}
    return {"aliases": sorted(forms), "mentions": [{"start": m.start, "end": m.end} for m in mentions]}


def speaker(who: Resolution) -> dict[str, Any]:
    """A resolution as a plain speaker, with role and affiliation from all the mentions of its entity."""
    role = affiliation = None
    if len(who.entities) == 1 and who.kind in ("person", "anonymous") and who.entities[0].roles:
        roles = who.entities[0].roles
        best = max(
            roles, key=lambda r: (telling(r.role, None)[0], bool(r.affiliation), len(r.role.split()) <= 8, len(r.role))
        )
        role = best.role
        affiliation = next((r.affiliation for r in (best, *roles) if r.affiliation), None)
    key = f"{who.name}\x1f{who.kind}"
    return {"id": hashlib.sha256(key.encode()).hexdigest()[:16], "name": who.name, "kind": who.kind,
            "role": role, "affiliation": affiliation}  # fmt: skip
