"""attribution corpus on the command line, and what it adds and exports."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from made import at, make, tricky
from pyarrow import parquet
from typer.testing import CliRunner

from attribution.cli.main import app
from attribution.corpus import adding
from attribution.corpus.adding import add_inputs
from attribution.corpus.answers import Added
from attribution.corpus.export import VIEWS, export
from attribution.corpus.loading import holds_claims
from attribution.corpus.store import Store
from attribution.errors import InputError, LanguageError, OutputError
from attribution.formats import write

TEXT = "“We will not pay the levy this year,” Ana Ruiz said. Ruiz feared the war in Ukraine."
ONE = make(
    TEXT,
    [
        {"content": [at(TEXT, "“We will not pay the levy this year,”")], "cue": [at(TEXT, "said")], "speaker": "Ana Ruiz", "type": "direct"},
        {"content": [at(TEXT, "the war in Ukraine")], "cue": [at(TEXT, "feared")], "speaker": "Ana Ruiz", "act": "belief"},
    ],
    id="one", outlet="Lugo Daily", published="2024-03-04", url="https://l.example/1",
)  # fmt: skip
OTHER = TEXT.replace("not", "never")
TWO = make(OTHER, [{"content": [at(OTHER, "“We will never pay the levy this year,”")], "speaker": "Ana Ruiz", "type": "direct"}], id="two", outlet="Post", published="2024-03-06")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    with Store.open(tmp_path / "s.duckdb") as opened:
        opened.add([ONE, TWO])
    return opened.path


def run(*arguments: object, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["corpus", *map(str, arguments)])
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def lines(*arguments: object) -> list[dict]:
    return [json.loads(line) for line in run(*arguments).splitlines()]


# --- adding ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["claims.jsonl", "claims.jsonl.gz", "claims.parquet"])
def test_what_extract_wrote_is_loaded(tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    write([ONE, TWO, tricky()], tmp_path / name.removesuffix(".gz"))
    if name.endswith(".gz"):
        import gzip

        target.write_bytes(gzip.compress((tmp_path / "claims.jsonl").read_bytes()))
    assert holds_claims(target)
    assert sum_of(add_inputs(tmp_path / "s.duckdb", [target])) == Added(new=3, claims=12)
    assert sum_of(add_inputs(tmp_path / "s.duckdb", [target])) == Added(known=3)
    with Store.open(tmp_path / "s.duckdb", read_only=True) as store:
        for number, given in enumerate([ONE, TWO, tricky()], 1):
            got = store.article(number)
            assert (got.claims, got.article.ref, got.article.text) == (given.claims, given.article.ref, "")
            assert name == "claims.parquet" or got.speakers == given.speakers


def sum_of(results) -> Added:
    total = Added()
    for each in results:
        assert isinstance(each, Added), each
        total += each
    return total


def test_lines_that_are_wrong_are_named(tmp_path: Path) -> None:
    good = tmp_path / "claims.jsonl"
    write([ONE], good)
    text = good.read_text()
    good.write_text(text + "{not json\n" + '{"sha256": "x", "claims": [], "speakers": []}\n\n' + text)
    found = list(add_inputs(tmp_path / "s.duckdb", [good]))
    assert [e.where for e in found if isinstance(e, InputError)] == [f"{good}:2", f"{good}:3"]
    assert sum_of(e for e in found if isinstance(e, Added)) == Added(new=1, known=1, claims=2)
    (tmp_path / "x.jsonl").write_text('{"text": "a"}\n')
    (tmp_path / "x.parquet").write_bytes(b"PAR1 no")
    assert not any(holds_claims(tmp_path / n) for n in ("x.jsonl", "x.parquet", "missing.jsonl"))


@pytest.mark.model
def test_articles_are_extracted_once_and_those_that_fail_are_named(tmp_path: Path, seeds: list[Path]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT)
    (folder / "b.txt").write_text(" ")
    (folder / "c.txt").write_text("Die Bürgermeisterin hat am Montag gesagt, dass die Stadt die Abgabe nicht zahlen werde, und der Rat ist mit ihr einig. " * 4)
    write([TWO], folder / "d.jsonl")
    path = tmp_path / "s.duckdb"
    found = list(add_inputs(path, [folder]))
    errors = [e for e in found if isinstance(e, InputError)]
    assert [(Path(e.where.split(":")[0]).name, type(e)) for e in errors] == [("b.txt", InputError), ("c.txt", LanguageError)]
    added = sum_of(e for e in found if isinstance(e, Added))
    assert (added.new, added.known) == (2, 0) and added.claims >= 2
    (folder / "a.txt").write_text(TEXT + " Nobody answered.")
    again = sum_of(e for e in add_inputs(path, [folder / "a.txt", folder / "d.jsonl"]) if isinstance(e, Added))
    assert (again.new, again.versions, again.known) == (0, 1, 1)
    with Store.open(path, read_only=True) as store:
        assert next(c.text for c in store.claims() if c.article_id == "a") == "“We will not pay the levy this year,”"
        assert store.article(2).article.text == TEXT


def test_add_tells_what_it_did(tmp_path: Path) -> None:
    write([ONE, TWO], tmp_path / "claims.jsonl")
    said = run("add", tmp_path / "s.duckdb", tmp_path / "claims.jsonl")
    assert said == "2 new articles, 0 new versions, 0 known; 3 claims\n"
    assert "0 new articles, 0 new versions, 2 known; 0 claims; 1 input failed" in run("add", tmp_path / "s.duckdb", tmp_path / "claims.jsonl", tmp_path / "no.txt", code=3)
    assert "no such file" in run("add", tmp_path / "s.duckdb", tmp_path / "no.txt", code=4)
    assert "make it first" in run("add", tmp_path / "no" / "s.duckdb", tmp_path / "claims.jsonl", code=4)


@pytest.mark.model
def test_again_reads_what_another_model_has_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, article = tmp_path / "s.duckdb", tmp_path / "a.txt"
    article.write_text(TEXT, encoding="utf-8")
    run("add", path, article)
    claims = lines("claims", path, "-f", "jsonl")
    assert run("add", path, article, "--again") == "0 new articles, 0 new versions, 0 read anew, 1 known; 0 claims\n"
    monkeypatch.setattr(adding, "maker", lambda model: "another")
    assert "1 known; 0 claims" in run("add", path, article)
    said = run("add", path, article, "--again")
    assert said == f"0 new articles, 0 new versions, 1 read anew, 0 known; {len(claims[0]['claims'])} claims\n"
    assert lines("claims", path, "-f", "jsonl") == claims
    assert lines("sql", path, "SELECT made_by FROM articles", "-f", "jsonl") == [{"made_by": "another"}]


# --- asking ----------------------------------------------------------------------------------------------------------


def test_claims_in_every_format(store: Path) -> None:
    assert [c["content"]["text"] for a in lines("claims", store, "--about", "levy") for c in a["claims"]] == ["“We will not pay the levy this year,”", "“We will never pay the levy this year,”"]
    rows = list(csv.DictReader(run("claims", store, "--outlet", "post", "--format", "csv").splitlines()))
    assert [(r["article"], r["speaker"], r["published"]) for r in rows] == [("two", "Ana Ruiz", "2024-03-06")]
    assert json.loads(run("claims", store, "--act", "belief", "-f", "json"))[0]["id"] == "one"
    table = run("claims", store, "--since", "2024-03-05", "--format", "table")
    assert "never pay" in table and "1 claim by 1 speaker in 1 article" in table
    assert lines("claims", store, "--until", "2024-03-01") == []
    assert len(lines("claims", store, "--limit", "1")) == 1


def test_the_other_questions(store: Path) -> None:
    (person,) = lines("people", store)
    assert (person["name"], person["claims"], person["first"], person["names"]) == ("Ana Ruiz", 3, "2024-03-04", ["Ana Ruiz"])
    assert [m["carried"] for m in lines("quote", store, "we will not pay the levy this year")] == ["same", "altered"]
    assert "not → never" in run("quote", store, "we will not pay the levy this year", "--format", "csv")
    assert "not → never" in run("variants", store, "-f", "table")
    assert [len(g["wordings"]) for g in lines("variants", store)] == [2]
    assert [(p["start"], p["claims"]) for p in lines("timeline", store, "--speaker", "ruiz", "--by", "month")] == [("2024-03-01", 3)]
    assert "█" in run("timeline", store, "--format", "table")
    assert lines("sql", store, "SELECT count(*) AS n, count(*) AS n FROM claims") == [{"n 1": 3, "n 2": 3}]
    assert lines("info", store)[0]["articles"] == 2 and "schema version" in run("info", store, "-f", "table")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["sql", "SELECT nothing"], 2, "nothing"),
        (["sql", "DROP TABLE claim"], 2, "read-only"),
        (["claims", "--about", '"open'], 2, "quotation mark"),
        (["quote", "…"], 2, "no words"),
        (["claims", "--since", "2024-02-01", "--until", "2024-01-01"], 2, "before"),
        (["claims", "--since", "yesterday"], 2, "yesterday"),
    ],
)
def test_wrong_questions(store: Path, arguments: list[str], code: int, message: str) -> None:
    assert message in run(arguments[0], store, *arguments[1:], code=code)


def test_no_store(tmp_path: Path) -> None:
    assert "no such store" in run("people", tmp_path / "s.duckdb", code=4)
    assert not (tmp_path / "s.duckdb").exists()


def test_without_the_extra_the_install_line_is_named(tmp_path: Path) -> None:
    probe = f"import sys; sys.modules['duckdb'] = None; sys.argv = ['attribution', 'corpus', 'info', {str(tmp_path / 's')!r}]\nfrom attribution.cli.main import main\nmain()"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "attribution: the store needs more packages: pip install 'claim-attribution[corpus]'\n")


# --- export ----------------------------------------------------------------------------------------------------------


def test_export(store: Path, tmp_path: Path) -> None:
    with Store.open(store) as opened:
        opened.add([tricky()])
    paths = run("export", store, "-o", tmp_path / "tables").split()
    assert [Path(p).name for p in paths] == [f"{name}.parquet" for name in VIEWS]
    claims = parquet.read_table(paths[0]).to_pylist()
    assert len(claims) == 12 and claims[0]["text"] == ONE.claims[0].content.text and claims[0]["day"].isoformat() == "2024-03-04"
    assert {r["family"] for r in parquet.read_table(tmp_path / "tables" / "quotations.parquet").to_pylist()}
    assert "holds files already" in run("export", store, "-o", tmp_path / "tables", code=2)


def test_an_export_has_no_formulas(store: Path, tmp_path: Path) -> None:
    with Store.open(store) as opened:
        opened.add([tricky()])
        export(opened, tmp_path / "it's", format="csv")
        with pytest.raises(OutputError, match="make it first"):
            export(opened, tmp_path / "no" / "tables")
    with (tmp_path / "it's" / "claims.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [r["text"] for r in rows if "calc" in r["text"] and r["text"].startswith(("=", "'="))] == ["'=cmd|' /C calc'!A0"]
    assert "'=Luis Vega" in {r["speaker"] for r in rows}
