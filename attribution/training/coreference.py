"""Texts whose coreference is annotated: what the linker learns from, and what their pronouns teach the pronouns' scorer.

A line of such a file is ``{"id", "text", "clusters", …}`` with mentions as ``[start, end]`` in code points. GUM has
``clusters_ontogum`` besides (OntoGUM's rules, Zhu et al. 2021), which go first; ``singletons`` are mentions of nobody else; GAP
(Webster et al. 2018) has a ``pronoun`` and two names, ``a`` and ``b``, with ``a_coref`` and ``b_coref``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from attribution.errors import InputError
from attribution.pipeline.antecedents import Candidate, Context, features
from attribution.pipeline.following import follow
from attribution.pipeline.reader import Reader
from attribution.pipeline.resolution import Article
from attribution.pipeline.segmentation import Range
from attribution.pipeline.speakers import resolve_all
from attribution.training.antecedents import Decision

_LONGEST_PRONOUN = 7  # code points
_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Annotated:
    """A text with clusters of mentions that mean the same; ``singletons`` mean nobody else.

    ``pronoun`` is the one that is asked about in a text of GAP; ``clusters`` then are it with the names that it means, and
    ``singletons`` the other names. What a text says twice of a span counts once for each cluster.
    """

    id: str
    text: str
    clusters: Sequence[Sequence[Range]]
    singletons: Sequence[Range] = field(default_factory=tuple)
    pronoun: Range | None = None

    def mentions(self) -> list[tuple[Range, int]]:
        """All mentions in order, with the numbers of their clusters."""
        found = [(m, k) for k, cluster in enumerate(self.clusters) for m in cluster]
        found += [(m, k) for k, m in enumerate(self.singletons, len(self.clusters))]
        return sorted(set(found), key=lambda x: (x[0].start, x[0].end, x[1]))

    def meant(self) -> dict[int, list[Range]]:
        """Of each pronoun, by where it begins, the other mentions of whom it means."""
        found: dict[int, list[Range]] = {}
        for cluster in self.clusters:
            for m in cluster:
                if m == self.pronoun or (self.pronoun is None and m.end - m.start <= _LONGEST_PRONOUN):
                    found[m.start] = [o for o in cluster if o.start != m.start]
        return found

    @property
    def half(self) -> int:
        """In which half of the texts it is, 0 or 1: what is measured on one half is learnt on the other."""
        return sha256(self.id.encode()).digest()[0] % 2


def read_annotated(path: Path) -> Iterator[Annotated]:
    """The texts of a file; those of GAP in which neither name is meant teach nothing, and are left out.

    Raises:
        InputError: there is no such file, or a line is no annotated text.

    """
    if not path.is_file():
        raise InputError(str(path), "no such data set: give its folder with --data, or change the configuration")
    with path.open(encoding="utf-8") as file:
        for n, line in enumerate(file, 1):
            try:
                found = _annotated(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise InputError(f"{path} line {n}", f"no text with clusters of mentions ({error!r})") from None
            if found.pronoun is None or found.clusters:
                yield found


def _annotated(record: dict[str, Any]) -> Annotated:
    if "pronoun" not in record:
        clusters = record.get("clusters_ontogum") or record["clusters"]
        return Annotated(
            record["id"], record["text"], [[Range(*m) for m in c] for c in clusters],
            [Range(*m) for m in record.get("singletons") or ()],
        )  # fmt: skip
    pronoun = Range(*record["pronoun"])
    names = [(Range(*record[k]), bool(record[f"{k}_coref"])) for k in ("a", "b")]
    meant = [name for name, coref in names if coref]
    others = [name for name, coref in names if not coref]
    return Annotated(record["id"], record["text"], [[*meant, pronoun]] if meant else [], others, pronoun)


def decisions(reader: Reader, texts: Sequence[Annotated]) -> Iterator[Decision]:
    """The decisions on pronouns of some texts, as ``antecedents.collect`` has those on pronouns of claims.

    Args:
        reader: reads them with our own names and claims; its model's links should not have been learnt from these texts.
        texts: with the mentions that their pronouns mean.

    """
    for start in range(0, len(texts), _AT_ONCE):
        batch = texts[start : start + _AT_ONCE]
        for given, article in zip(batch, reader.articles([t.text for t in batch]), strict=True):
            resolve_all(article)
            follow(article, len(article.text))
            yield from _of_article(given, article)


def _of_article(given: Annotated, article: Article) -> Iterator[Decision]:
    meant = given.meant()
    chosen: list[tuple[Context, list[Candidate]]] = [(context, found) for _, context, found in article.decisions]
    for context, candidates in (*chosen, *article.between):
        gold = meant.get(context.offset, [])
        right = [i for i, c in enumerate(candidates) if any(_is(m, g) for m in c.entity.mentions for g in gold)]
        if right:
            yield np.array(features(context, candidates)), right


def _is(mention: Range, gold: Range) -> bool:
    """True if a mention of ours is the annotated one: the same, or one that overlaps it and is at least half as long."""
    overlap = mention.start < gold.end and gold.start < mention.end
    return overlap and (mention.end - mention.start) * 2 >= gold.end - gold.start
