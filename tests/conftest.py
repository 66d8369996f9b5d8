from __future__ import annotations

from pathlib import Path

import pytest

from attribution.pipeline.reader import Reader, load_reader

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def reader() -> Reader:
    return load_reader(threads=1)


@pytest.fixture(scope="session")
def seeds() -> list[Path]:
    return sorted((ROOT / "seeds").glob("*.txt"))
