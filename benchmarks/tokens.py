"""Parts of speech, lemmas, sentences and entities as spaCy's users see them: on spaCy's tokens, by spaCy's scorer.

    python benchmarks/tokens.py ewt-dev.conllu gum-dev.conllu names.dev.jsonl [--pipeline en_attribution]

A .conllu file is a treebank in Universal Dependencies; a .jsonl file has texts with names, {"text", "entities":
[[start, end, label], …], "labels_covered": […]}. Prints one JSON line for each. ``--pipeline`` takes any pipeline that
``spacy.load`` finds, to compare.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import spacy

from attribution.evaluation.conllu import read_trees
from attribution.evaluation.tokens import score_entities, score_tokens


def rounded(value: object) -> object:
    """Shares with four places."""
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def main() -> None:
    """Score and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--pipeline", default="en_attribution")
    options = parser.parse_args()
    nlp = spacy.load(options.pipeline)
    for path in options.files:
        if path.suffix == ".conllu":
            scores = asdict(score_tokens(nlp, read_trees(path)))
        else:
            lines = path.read_text(encoding="utf-8").split("\n")
            scores = asdict(score_entities(nlp, [json.loads(line) for line in lines if line.strip()]))
        print(json.dumps({"file": path.name, "pipeline": options.pipeline, **{k: rounded(v) for k, v in scores.items()}}))


if __name__ == "__main__":
    main()
