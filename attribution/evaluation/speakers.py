"""Speakers alone: resolve the sources of gold claims, so that a wrong span costs nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from attribution.evaluation.metrics import name_key
from attribution.pipeline.cast import assemble_cast
from attribution.pipeline.encoder import read_texts
from attribution.pipeline.labels import ACTS, KINDS
from attribution.pipeline.mentions import PRONOUNS, Name
from attribution.pipeline.names import names
from attribution.pipeline.reader import Reader, lay_out
from attribution.pipeline.relations import Relation, set_parents
from attribution.pipeline.resolution import Article, Resolution
from attribution.pipeline.segmentation import Range, sentences
from attribution.pipeline.speakers import resolve_all


def gold_relations(record: dict[str, Any]) -> list[Relation]:
    """A gold article's claims as relations, in its order."""
    out = []
    for a in record["attributions"]:
        spans = {r: [Range(s, e) for s, e in sorted(a.get(r) or [])] for r in ("source", "cue", "content")}
        first = (spans["cue"] or spans["content"])[0].start
        out.append(
            Relation(
                spans["source"], spans["cue"], spans["content"], [], first, not spans["cue"], 1.0, 1.0,
                np.zeros(len(ACTS), np.float32), np.zeros(len(KINDS), np.float32),
            )
        )  # fmt: skip
    set_parents(out)
    return out


Names = Callable[[str], Sequence[Name]]


def names_by(reader: Reader) -> Names:
    """A function that finds the names of a text with a reader's model."""

    def find(text: str) -> Sequence[Name]:
        paragraphs, marked = lay_out(text)
        [(pieces, scored)] = read_texts([(text, paragraphs, marked)], reader.tokenizer, reader.network, threshold=1.0)
        return names(text, pieces, scored)

    return find


def resolved(
    find_names: Names, records: Sequence[dict[str, Any]]
) -> Iterator[tuple[dict[str, Any], Article, list[Resolution]]]:
    """Each gold article with the resolutions of its claims.

    Args:
        find_names: the names of a text, see ``names_by``.
        records: gold articles.

    """
    for record in records:
        text = record["text"]
        paragraphs, _ = lay_out(text)
        found = [s for p in paragraphs for s in sentences(text, p)]
        named = find_names(text)
        article = Article(text, paragraphs, found, named, assemble_cast(text, named, found), gold_relations(record))
        yield record, article, resolve_all(article)


def source_form(source: str) -> str:
    """ "none", "pronoun", "name" (has a capital after its first word) or "nominal"."""
    if not source:
        return "none"
    if source.casefold().strip(" ’'") in PRONOUNS:
        return "pronoun"
    rest = source.split()
    return "name" if any(w[:1].isupper() for w in rest[1:]) or (len(rest) == 1 and source[:1].isupper()) else "nominal"


def accuracy(find_names: Names, records: Sequence[dict[str, Any]]) -> tuple[dict[str, tuple[int, int]], list[str]]:
    """Right and all by class (form of the source, kind), and a line for every error."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    errors = []
    for record, article, found in resolved(find_names, records):
        for a, who in zip(record["attributions"], found, strict=True):
            if "speaker" not in a:
                continue
            source = " ".join(article.text[s:e] for s, e in a["source"])
            ok = name_key(a["speaker"]) == name_key(who.name)
            for key in ("all", source_form(source), f"{a['kind']}", f"{a['kind']} {source_form(source)}"):
                total[key] += 1
                right[key] += ok
            if not ok:
                steps = ", ".join(s.step for s in who.steps)
                errors.append(
                    f"{record['id'][-28:]} {a['kind']} {source_form(source)} | {source[:90]!r} → {who.name[:70]!r} ({steps}), gold {a['speaker']!r}"
                )
    return {k: (right[k], total[k]) for k in total}, errors
