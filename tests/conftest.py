from __future__ import annotations

import os
from pathlib import Path

import pytest
from spacy.language import Language

import attribution
from attribution.pipeline.reader import Reader, load_reader

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def reader() -> Reader:
    return load_reader(threads=1)


@pytest.fixture(scope="session")
def seeds() -> list[Path]:
    return sorted((ROOT / "seeds").glob("*.txt"))


@pytest.fixture(scope="session")
def nlp(reader: Reader) -> Language:
    """A blank English pipeline with the component, which shares the session's model."""
    return with_reader(attribution.load(), reader)


def with_reader(pipeline: Language, reader: Reader) -> Language:
    """Give a pipeline's component a model that is already loaded."""
    component = pipeline.get_pipe("attribution")
    component._reader, component._process = reader, os.getpid()
    return pipeline
