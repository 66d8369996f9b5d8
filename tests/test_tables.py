"""Tables of articles to tables of claims, for engines of others; Ray; and a small night of kills with the shipped model."""

from __future__ import annotations

import importlib.util
import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

import attribution
from attribution.articles.read import read_all
from attribution.claims import Article, Claim
from attribution.corpus.job import Job
from attribution.corpus.ray_engine import cpus_of_an_actor
from attribution.corpus.run import run_corpus
from attribution.corpus.tables import ArticleWarning, TableExtractor, extract_batches
from attribution.errors import InputError, LanguageError
from attribution.formats.parquet import FLAT, row, schema

pa = pytest.importorskip("pyarrow")
pytestmark = pytest.mark.model
STORIES = [
    '"We will not pay," Ana Ruiz, the mayor of Lugo, told reporters on Monday. She said the road was closed.',
    "Luis Vega denied the report. According to the ministry, nobody was hurt.",
    "Nothing was said of it.",
]


def articles() -> pa.Table:
    return pa.table({"id": ["a", "b", "c"], "text": STORIES, "outlet": ["Lugo Daily", None, "Wire"]})


def claims_of(table: pa.Table) -> list[Claim]:
    return [Claim.model_validate({k: v for k, v in r.items() if k not in FLAT}) for r in table.to_pylist()]


def test_a_table_gives_the_claims_that_extract_gives() -> None:
    found = attribution.extract_table(articles())
    assert found.schema.equals(schema(), check_metadata=True)
    assert {c.article.outlet for c in claims_of(found)} == {"Lugo Daily", None}
    expected = [c.content for text in STORIES for c in attribution.extract(text)]
    assert [c.content for c in claims_of(found)] == expected and len(expected) >= 3
    assert found.equals(attribution.extract_table(articles(), threads=1))


def test_batches_as_spark_gives_them() -> None:
    whole = attribution.extract_table(articles())
    batches = extract_batches(iter(articles().to_batches(max_chunksize=1)))
    found = pa.Table.from_batches(list(batches), schema())
    assert found.equals(whole)
    assert list(extract_batches([])) == []


def test_a_row_without_text_is_an_error_or_a_warning() -> None:
    table = pa.table({"id": ["a", "b"], "body": [STORIES[0], " "]})
    with pytest.raises(InputError, match=r"^row 2: field 'body' is empty"):
        attribution.extract_table(table, text="body")
    with pytest.warns(ArticleWarning, match=r"^row 2: field 'body' is empty"):
        assert set(attribution.extract_table(table, text="body", on_error="warn")["article_id"].to_pylist()) == {"a"}
    with pytest.raises(ValueError, match="it takes 'raise' or 'warn'"):
        attribution.extract_table(table, on_error="ignore")  # type: ignore[arg-type]
    german = pa.table({"text": ["Der Bürgermeister sagte am Montag, dass die Straße nach Lugo wegen des Regens gesperrt bleibe. " * 4]})
    with pytest.raises(LanguageError):
        attribution.extract_table(german)
    assert attribution.extract_table(german, any_language=True).schema.equals(schema())


def test_an_actor_travels_before_it_has_loaded_anything() -> None:
    actor = pickle.loads(pickle.dumps(TableExtractor(on_error="warn")))
    assert actor.options == {"threads": 1, "on_error": "warn"}
    assert actor(articles()).equals(attribution.extract_table(articles()))


def test_a_run_finds_what_extract_finds(tmp_path: Path) -> None:
    job = Job(out=tmp_path / "out", format="parquet")
    summary = run_corpus([ROOT / "seeds"], job)
    read = [a for a in read_all([ROOT / "seeds"]) if isinstance(a, Article)]
    expected = [row(c) for a in read for c in attribution.extract(a)]
    from pyarrow import parquet

    found = parquet.read_table(tmp_path / "out" / "claims").to_pylist()
    assert sorted(json.dumps(r, sort_keys=True) for r in found) == sorted(json.dumps(r, sort_keys=True) for r in expected)
    assert summary.claims == len(expected) > 20


@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="ray is not installed: pip install 'claim-attribution[ray]'")
def test_ray_gives_the_same_files_and_goes_on(tmp_path: Path) -> None:
    corpus = tmp_path / "a.jsonl"
    corpus.write_text("".join(json.dumps({"id": f"a{n}", "text": STORIES[n % 3]}) + "\n" for n in range(9)) + "{\n")
    run_corpus([corpus], Job(out=tmp_path / "local"), shard_articles=4)
    # in a process of its own: Ray changes logging and signals of the process that starts it
    command = [sys.executable, "-W", "default", "-m", "attribution", "run", str(corpus), "--out", str(tmp_path / "ray"), "--engine", "ray", "--workers", "2", "--shard-articles", "4"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    assert _files(tmp_path / "ray") == _files(tmp_path / "local") and len(_files(tmp_path / "ray")) == 3
    assert (tmp_path / "ray" / "failures.jsonl").read_bytes() == (tmp_path / "local" / "failures.jsonl").read_bytes()
    again = run_corpus([corpus], Job(out=tmp_path / "ray"), shard_articles=4)
    assert again.shards_done_before == again.shards == 3


def _files(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in (out / "claims").iterdir()}


def test_actors_leave_a_cpu_free() -> None:
    for cpus in (1, 2, 3, 16):
        for workers in (1, 2, 15, 64):
            assert 0 < workers * cpus_of_an_actor(workers, cpus) < cpus
            assert cpus_of_an_actor(workers, cpus) <= 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds a run's workers in /proc")
def test_a_small_night_of_kills_ends_as_an_undisturbed_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    from night import night

    paragraphs = [p for path in (ROOT / "seeds").glob("*.txt") for p in path.read_text(encoding="utf-8").split("\n\n") if 5 < len(p.split()) < 30]
    from articles import made

    records = list(made(paragraphs, count=300, words=5))
    result = night(records, tmp_path / "night", kills=4, workers=2, shard_articles=20, form="parquet", seed=1, disk_mib=64)
    assert result["equal"] and result["files_that_differ"] == 0, result
    quiet, disturbed = result["quiet"], result["disturbed"]
    assert isinstance(quiet, dict) and isinstance(disturbed, dict)
    assert quiet["claims"] == disturbed["claims"] > 100 and disturbed["sidecars_agree"]
    assert quiet["claims_twice"] == disturbed["claims_twice"]
