"""Links for a model folder: a linker is trained on the exported file's states and grafted onto it.

The pronouns of some of the texts teach the scorer of pronouns besides. What it sees of links there must come from a linker
that has not learnt these texts: so there are two more, one for each half, which are grafted onto copies.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import onnx

from attribution.pipeline.network import OnnxNetwork
from attribution.pipeline.reader import Reader, load_reader
from attribution.training.antecedents import Decision, Lessons
from attribution.training.coreference import Annotated, decisions, read_annotated
from attribution.training.export import with_links
from attribution.training.linker import Example, Weights, example_of, train_linker


@dataclass(slots=True)
class Taught:
    """A file's texts, what each teaches the linker, and the weight of its pronouns for the scorer (0: they teach it nothing)."""

    texts: Sequence[Annotated]
    examples: Sequence[Example | None]
    pronouns: float

    def seen_by(self, half: int | None) -> list[Example]:
        """What a linker learns that is for one half of the texts: nothing of it, if their pronouns are asked."""
        return [
            e
            for text, e in zip(self.texts, self.examples, strict=True)
            if e is not None and not (self.pronouns and text.half == half)
        ]


def link(folder: Path, settings: dict[str, Any], data: Path, *, say: Callable[[str], None]) -> list[Lessons]:
    """Train a linker, graft it onto a folder's model.onnx, and return what the texts teach the scorer of pronouns.

    Args:
        folder: of a model without links.
        settings: the training configuration, see [linker] in training/config.toml; without it nothing is done.
        data: folder of the data sets.
        say: is told each line of progress.

    Raises:
        InputError: a file of the configuration is missing.

    """
    if "linker" not in settings:
        return []
    reader = load_reader(folder)
    taught = [_taught(reader, data / part["file"], part["pronouns"]) for part in settings["linker"]["texts"]]
    say(f"linker: {sum(len(t.seen_by(None)) for t in taught)} texts of {len(taught)} files")

    def trained(half: int | None) -> Weights:
        examples = [e for t in taught for e in t.seen_by(half)]
        return train_linker(examples, seed=int(settings["seed"]), report=lambda line: say(json.dumps(line)))

    plain = (folder / "model.onnx").read_bytes()
    lessons: list[list[Decision]] = [[] for _ in taught]
    if any(t.pronouns for t in taught):
        for half in (0, 1):
            with TemporaryDirectory() as there:
                linked = _grafted(reader, plain, trained(half), Path(there) / "model.onnx")
                for n, t in enumerate(taught):
                    if t.pronouns:
                        lessons[n] += decisions(linked, [text for text in t.texts if text.half == half])
    _grafted(reader, plain, trained(None), folder / "model.onnx")
    return [Lessons(t.pronouns, found) for t, found in zip(taught, lessons, strict=True) if found]


def _taught(reader: Reader, path: Path, pronouns: float) -> Taught:
    texts = list(read_annotated(path))
    return Taught(texts, [example_of(reader, text) for text in texts], float(pronouns))


def _grafted(reader: Reader, plain: bytes, weights: Weights, path: Path) -> Reader:
    """The reader with links by some weights; its model goes to a path."""
    onnx.save(with_links(onnx.load_from_string(plain), weights), str(path))
    return replace(reader, network=OnnxNetwork(path))
