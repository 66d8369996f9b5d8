"""Texts that our own model labels: from what a run without PolNeAR learns claims, beside our own articles.

    python -m attribution.training.labelling DATA/ner/merged_free_silver.train.jsonl DATA/quotes/voa.labelled.jsonl
    python -m attribution.training.labelling DATA/ner/merged_free_silver.train.jsonl DATA/quotes/voa.polnear.jsonl --convention polnear

``--model`` names the folder of another model than the shipped one.

The sentences (Voice of America's, public domain) stand in the order of its reports; some that follow one another make a text.
By our guide claims are marked with those inside them, and a text with a claim of which the model is unsure is left out. By
PolNeAR's rules only claims that stand in no other are marked, and every text stays: its annotators differ in what they mark, so
that the model is sure of few, and what it marks in texts that nobody marked is what most of them would.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from attribution.formats.annotation.gold import gold_line
from attribution.formats.files import write_lines
from attribution.pipeline.conventions import GUIDE
from attribution.pipeline.encoder import CONVENTIONS
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
    """Gold-like articles ``{"id", "text", "attributions"}``; by the guide, those in which the model is sure of every claim."""
    nested = reader.settings.convention == GUIDE
    for start in range(0, len(texts), _AT_ONCE):
        batch = texts[start : start + _AT_ONCE]
        for n, (text, claims) in enumerate(zip(batch, reader.read(batch), strict=True), start):
            if nested and any(claim["confidence"] < UNSURE for claim in claims):
                continue
            marked = [_marked(c) for c in claims if nested or not c.get("parent")]
            yield {"id": f"{name}-{n}", "text": text, "attributions": marked}


def _marked(claim: dict[str, Any]) -> dict[str, Any]:
    spans = {r: [[s["start"], s["end"]] for s in (claim.get(r) or {}).get("spans", [])] for r in _ROLES}
    return {**spans, "act": claim["act"], "kind": claim["speaker"]["kind"], "parent": claim.get("parent")}


def main(arguments: Sequence[str] | None = None) -> None:
    """Label the sentences of one file of names and write the texts to another."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--model", type=Path, help="folder of the model that labels, by default the shipped one")
    parser.add_argument("--convention", choices=CONVENTIONS, default=GUIDE, help="whose rules the marks follow")
    args = parser.parse_args(arguments)
    texts = list(texts_of(read_names(args.source)))
    found = labelled(load_reader(args.model, convention=args.convention), texts, args.source.stem)
    lines = [gold_line(r) for r in found]
    write_lines(lines, args.target)
    claims = sum(len(json.loads(line)["attributions"]) for line in lines)
    sys.stderr.write(f"{len(lines)} of {len(texts)} texts, {claims} claims\n")


if __name__ == "__main__":
    main()
