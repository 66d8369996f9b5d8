"""Data frames: columns, types, what is missing, and every kind of input."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

import attribution
from attribution.claims import ArticleClaims
from attribution.formats.frame import CATEGORIES, FLOATS, INTEGERS
from attribution.formats.rows import COLUMNS

pytestmark = pytest.mark.model
LIBRARIES = ("pandas", "polars")


@pytest.fixture(scope="module")
def articles(seeds: list[Path]) -> list[ArticleClaims]:
    found = list(attribution.extract_many(seeds))
    assert all(isinstance(x, ArticleClaims) for x in found)
    return found  # type: ignore[return-value]


def rows(frame: pd.DataFrame | pl.DataFrame) -> list[dict]:
    if isinstance(frame, pl.DataFrame):
        return frame.to_dicts()
    return [{k: None if pd.isna(v) else v for k, v in r.items()} for r in frame.to_dict("records")]


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_claim_a_row(articles: list[ArticleClaims], library: str) -> None:
    frame = attribution.to_frame(articles, library=library)
    claims = [c for a in articles for c in a.claims]
    texts = {a.article.id: a.article.text for a in articles}
    assert list(frame.columns) == list(COLUMNS)
    for r, c in zip(rows(frame), claims, strict=True):
        assert (r["claim_id"], r["claim"], r["confidence"]) == (c.id, c.content.text, c.confidence)
        assert texts[r["article"]][r["start"] : r["end"]].startswith(c.content.text.split(" … ")[0])
        assert (r["type"], r["act"], r["kind"], r["block"]) == (c.type, c.act, c.speaker.kind, c.block)
        assert r["speaker"] == (c.speaker.name or None) and r["role"] == c.speaker.role and r["parent"] == c.parent
        assert r["cue"] == (c.cue.text if c.cue else None)


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_input_gives_the_same(articles: list[ArticleClaims], library: str) -> None:
    whole = rows(attribution.to_frame(articles, library=library))
    flat = [c for a in articles for c in a.claims]
    for given in (flat, iter(articles), (a for a in articles), [articles[0], *articles[1].claims]):
        assert rows(attribution.to_frame(given, library=library)) == whole
    assert rows(attribution.to_frame(articles[0], library=library)) == whole[: len(articles[0].claims)]


def test_types_in_pandas(articles: list[ArticleClaims]) -> None:
    for frame in (attribution.to_frame(articles), attribution.to_frame([])):
        assert list(frame.columns) == list(COLUMNS)
        for name, dtype in frame.dtypes.items():
            if name in CATEGORIES:
                assert tuple(dtype.categories) == CATEGORIES[name]
            else:
                assert str(dtype) == ("int64" if name in INTEGERS else "float64" if name in FLOATS else "string")


def test_types_in_polars(articles: list[ArticleClaims]) -> None:
    for frame in (attribution.to_frame(articles, library="polars"), attribution.to_frame([], library="polars")):
        for name, dtype in frame.schema.items():
            if name in CATEGORIES:
                assert dtype == pl.Enum(CATEGORIES[name])
            else:
                assert dtype == (pl.Int64 if name in INTEGERS else pl.Float64 if name in FLOATS else pl.String)


def test_frames_count_and_group(articles: list[ArticleClaims]) -> None:
    frame = attribution.to_frame(articles)
    counted = frame.groupby("act", observed=False).size()
    assert counted.sum() == len(frame) and set(counted.index) == set(CATEGORIES["act"])


def test_what_is_no_claim_is_named(articles: list[ArticleClaims]) -> None:
    with pytest.raises(TypeError, match="neither a claim nor an article's claims: InputError"):
        attribution.to_frame([articles[0], attribution.InputError("x.txt", "no such file")])
    with pytest.raises(ValueError, match="library is 'arrow'; it takes 'pandas' or 'polars'"):
        attribution.to_frame(articles, library="arrow")


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_missing_library_names_its_extra(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(attribution.MissingExtraError, match=rf"pip install 'claim-attribution\[{library}\]'"):
        attribution.to_frame([], library=library)


def test_the_name_is_there_without_loading_a_data_frame_library() -> None:
    probe = "import sys, attribution; attribution.to_frame; print('pandas' in sys.modules, 'polars' in sys.modules, 'spacy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["False", "False", "False"], done.stderr
