"""Prodigy: JSONL tasks with tokens, spans and relations.

Offsets are code points. Tokens are cut where a claim's edge runs through one, so that every span fits them. The
attributes of a claim stand on its Content span and stay there as long as the span is not drawn anew; Prodigy has no
field to edit them in. Spans nest and overlap, which its ``spans`` interface shows and its ``relations`` does not.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from attribution.claims import ArticleClaims
from attribution.errors import InputError
from attribution.formats.annotation.gold import MALFORMED, gold_record
from attribution.formats.annotation.graph import (
    CHOICES,
    LABELS,
    SPEAKER,
    Graph,
    Link,
    Mark,
    graph_of,
    in_single_spans,
    label_named,
)  # fmt: skip
from attribution.formats.registry import Options
from attribution.formats.tokens import edges, tokens
from attribution.pipeline.segmentation import Range


def as_prodigy(articles: Iterable[ArticleClaims], options: Options) -> Iterator[str]:
    """A task a line, an article a task."""
    for found in articles:
        yield json.dumps(task(found), ensure_ascii=False) + "\n"


def task(found: ArticleClaims) -> dict[str, Any]:
    """An article as a task."""
    article = found.article
    graph = in_single_spans(graph_of(article.text, found.claims))
    words = tokens(article.text, edges(found.claims))
    spans = {m.id: _span(m, words) for m in graph.marks}
    return {
        "text": article.text,
        "tokens": _tokens(article.text, words),
        "spans": list(spans.values()),
        "relations": [_relation(x, spans) for x in graph.links],
        "meta": article.ref.model_dump(mode="json", exclude_none=True),
    }


def _tokens(text: str, words: Sequence[Range]) -> list[dict[str, Any]]:
    return [
        {"text": text[a:b], "start": a, "end": b, "id": i, "ws": text[b : b + 1].isspace()}
        for i, (a, b) in enumerate(words)
    ]


def _span(mark: Mark, words: Sequence[Range]) -> dict[str, Any]:
    ((start, end),) = mark.spans
    first = bisect_right(words, start, key=lambda w: w.end)
    last = bisect_left(words, end, key=lambda w: w.start) - 1
    place = {"start": start, "end": end, "token_start": first, "token_end": last}
    return {**place, "label": mark.label, "id": mark.id, **mark.attributes}


def _relation(link: Link, spans: dict[str, dict[str, Any]]) -> dict[str, Any]:
    places = ("start", "end", "token_start", "token_end", "label", "id")
    head, child = ({k: spans[id_][k] for k in places} for id_ in (link.start, link.end))
    ends = {"head": head["token_end"], "child": child["token_end"], "head_span": head, "child_span": child}
    return {**ends, "label": link.label}


def read_prodigy(path: Path) -> Iterator[dict[str, Any] | InputError]:
    """Gold articles of a dataset as ``prodigy db-out`` prints it; what was rejected or ignored is left out."""
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        for n, line in enumerate(file, 1):
            if line.strip():
                try:
                    found = _gold(line, f"{path}:{n}", n)
                except InputError as error:
                    yield error
                else:
                    if found is not None:
                        yield found


def _gold(line: str, where: str, n: int) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(where, f"not JSON ({error}): export with prodigy db-out") from error
    if not isinstance(found, dict) or not isinstance(found.get("text"), str):
        raise InputError(where, "not a task of Prodigy: no text")
    if found.get("answer", "accept") != "accept":
        return None
    given = found.get("meta")
    meta = dict(given) if isinstance(given, dict) else {}
    id_ = str(meta.pop("id", f"{Path(where.rpartition(':')[0]).stem}-{n}"))
    return gold_record(id_, _parse(found, where), where, meta=meta)


def _parse(found: dict[str, Any], where: str) -> Graph:
    try:
        marks = [_mark(s, i) for i, s in enumerate(found.get("spans") or [], 1)]
        ends = _Ends(marks, where)
        links = [
            Link(ends.mark(r["head_span"]), ends.mark(r["child_span"]), str(r.get("label") or ""))
            for r in found.get("relations") or []
        ]
    except MALFORMED as error:
        raise InputError(where, f"spans or relations that cannot be read ({type(error).__name__}: {error})") from error
    return Graph(found["text"], tuple(marks), tuple(links))


def _mark(span: dict[str, Any], i: int) -> Mark:
    kept = {name: str(span[name]) for name in (*CHOICES, SPEAKER) if span.get(name)}
    label = str(span.get("label") or "")
    spans = ((int(span["start"]), int(span["end"])),)
    return Mark(str(span.get("id") or f"span {i}"), label_named(label, LABELS) or label, spans, kept)


class _Ends:
    """Finds the mark that a relation's end means: by its id, or by its place and label where that tells."""

    def __init__(self, marks: Sequence[Mark], where: str) -> None:
        self._where = where
        self._ids = {m.id for m in marks}
        self._places: dict[tuple[tuple[int, int], str], list[Mark]] = {}
        for m in marks:
            self._places.setdefault((m.spans[0], m.label), []).append(m)

    def mark(self, span: dict[str, Any]) -> str:
        if span.get("id") in self._ids:
            return str(span["id"])
        label = str(span.get("label") or "")
        place = (int(span["start"]), int(span["end"]))
        there = self._places.get((place, label_named(label, LABELS) or label), [])
        if len(there) != 1:
            what = "several spans" if there else "no span"
            said = f"a relation ends at {what} {label} {place[0]}-{place[1]}: draw it again in Prodigy"
            raise InputError(self._where, said)
        return there[0].id
