"""Texts that our own model labels: from what a run without PolNeAR learns claims, beside our own articles.

    python -m attribution.training.labelling DATA/ner/merged_free_silver.train.jsonl DATA/quotes/voa.labelled.jsonl

The sentences (Voice of America's, public domain) stand in the order of its reports; some that follow one another make a text.
Claims are marked by our guide, nested ones too; a text with a claim of which the model is unsure is left out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from attribution.formats.annotation.gold import gold_line
from attribution.formats.files import write_lines
from attribution.pipeline.reader import Reader, load_reader
from attribution.training.corpora import NamedText, read_names

SENTENCES = 6  # of a text
OF_PARAGRAPH = 2
UNSURE = 0.5  # confidence below which a claim may not be one
_AT_ONCE = 16
_ROLES = ("source", "cue", "content", "addressee")


def texts_of(sentences: Iterable[NamedText]) -> Iterator[str]:
    """Texts of ``SENTENCES`` sentences that follow one another, two in a paragraph."""
    rest = iter(sentences)
    while several := [s.text.strip() for s in islice(rest, SENTENCES)]:
        yield "\n\n".join(" ".join(several[i : i + OF_PARAGRAPH]) for i in range(0, len(several), OF_PARAGRAPH))


def labelled(reader: Reader, texts: Sequence[str], name: str) -> Iterator[dict[str, Any]]:
    """Gold-like articles ``{"id", "text", "attributions"}`` of the texts in which the model is sure of every claim."""
    for start in range(0, len(texts), _AT_ONCE):
        batch = texts[start : start + _AT_ONCE]
        for n, (text, claims) in enumerate(zip(batch, reader.read(batch), strict=True), start):
            if all(claim["confidence"] >= UNSURE for claim in claims):
                yield {"id": f"{name}-{n}", "text": text, "attributions": [_marked(c) for c in claims]}


def _marked(claim: dict[str, Any]) -> dict[str, Any]:
    spans = {r: [[s["start"], s["end"]] for s in (claim.get(r) or {}).get("spans", [])] for r in _ROLES}
    return {**spans, "act": claim["act"], "kind": claim["speaker"]["kind"], "parent": claim.get("parent")}


def main(arguments: Sequence[str]) -> None:
    """Label the sentences of one file of names and write the texts to another."""
    source, target = (Path(a) for a in arguments)
    texts = list(texts_of(read_names(source)))
    lines = [gold_line(r) for r in labelled(load_reader(), texts, source.stem)]
    write_lines(lines, target)
    claims = sum(len(json.loads(line)["attributions"]) for line in lines)
    sys.stderr.write(f"{len(lines)} of {len(texts)} texts, {claims} claims\n")


if __name__ == "__main__":
    main(sys.argv[1:])
