"""The command line as a user runs it: outputs, filters, errors, exit codes."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from attribution.cli.main import with_default_command

pytestmark = pytest.mark.model
STORY = '"We will not pay," Ana Ruiz, the mayor of Lugo, told reporters on Monday. Luis Vega denied the report.\n'


def run(*arguments: str | Path, stdin: str | bytes | None = None, columns: int = 80) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "COLUMNS": str(columns), "NO_COLOR": "1"}
    data = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [sys.executable, "-m", "attribution", *map(str, arguments)], input=data, capture_output=True, env=env, check=False
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text(STORY, encoding="utf-8")
    return path


def test_default_command() -> None:
    assert with_default_command(["a.txt", "-f", "csv"]) == ["extract", "a.txt", "-f", "csv"]
    assert with_default_command(["-"]) == ["extract", "-"]
    for words in (["extract", "a"], ["--help"], ["--version"], []):
        assert with_default_command(words) == words


def test_jsonl_in_a_pipe(story: Path) -> None:
    done = run(story)
    [line] = done.stdout.splitlines()
    found = json.loads(line)
    assert done.returncode == 0 and done.stderr == ""
    assert list(found) == ["id", "title", "source", "sha256", "outlet", "published", "url", "claims", "speakers"]
    assert found["id"] == "story" and found["claims"][0]["speaker"]["name"] == "Ana Ruiz"
    assert run(story).stdout == done.stdout


def test_table_fits_its_width(story: Path) -> None:
    for columns in (80, 140):
        done = run(story, "--format", "table", columns=columns)
        assert max(map(len, done.stdout.splitlines())) <= columns
        assert "Ana Ruiz" in done.stdout and "2 claims by 2 speakers in 1 article" in done.stdout


def test_table_by_speaker(story: Path) -> None:
    done = run(story, "--format", "table", "--by", "speaker")
    assert done.stdout.index("Ana Ruiz") < done.stdout.index("We will not pay")


def test_csv_and_markdown_and_json(story: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run(story, "-f", "csv").stdout)))
    assert [r["speaker"] for r in rows] == ["Ana Ruiz", "Luis Vega"]
    assert STORY[int(rows[0]["start"]) : int(rows[0]["end"])] == rows[0]["claim"] == '"We will not pay,"'
    assert "| Ana Ruiz (mayor of Lugo) | told |" in run(story, "-f", "markdown").stdout
    assert [a["id"] for a in json.loads(run(story, "-f", "json").stdout)] == ["story"]
    assert json.loads(run(story, "-f", "json", "--speaker", "nobody").stdout)[0]["claims"] == []


@pytest.mark.parametrize(
    ("options", "speakers"),
    [(["--speaker", "ruiz"], ["Ana Ruiz"]), (["--type", "indirect"], ["Luis Vega"]), (["--act", "denial"], ["Luis Vega"]), (["--min-confidence", "1"], [])],
)
def test_filters(story: Path, options: list[str], speakers: list[str]) -> None:
    found = json.loads(run(story, *options).stdout)
    assert [c["speaker"]["name"] for c in found["claims"]] == speakers
    assert [s["name"] for s in found["speakers"]] == speakers


def test_output_file_is_whole_or_absent(story: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    assert run(story, "-f", "csv", "-o", target).returncode == 0
    assert target.read_bytes().startswith(b"article,title")
    other = tmp_path / "none.csv"
    assert run(tmp_path / "missing.txt", "-o", other).returncode == 4
    assert not other.exists() and sorted(p.name for p in tmp_path.iterdir()) == ["out.csv", "story.txt"]


def test_exit_codes(story: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    some = run(story, empty, tmp_path / "missing.txt")
    assert some.returncode == 3 and len(some.stdout.splitlines()) == 1
    assert "empty.txt: the file is empty" in some.stderr and "missing.txt: no such file" in some.stderr
    assert "2 of 3 inputs failed" in some.stderr
    assert run(empty).returncode == 4
    assert run(story, "--format", "pdf").returncode == 2
    assert run("extract").returncode == 2
    assert run(story, "-o", tmp_path / "no" / "such" / "x.csv").returncode == 2


def test_stdin(story: Path) -> None:
    assert json.loads(run("-", stdin=STORY).stdout)["id"] == "stdin"
    assert json.loads(run("-", stdin=json.dumps({"id": "x", "text": STORY})).stdout)["id"] == "x"


def test_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text("".join(json.dumps({"id": str(i), "text": STORY * 8}) + "\n" for i in range(200)))
    process = subprocess.Popen(
        [sys.executable, "-m", "attribution", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait(60) == 0 and errors == b""


def test_explain(story: Path) -> None:
    done = run("explain", story, "1")
    assert "⟦\"We will not pay,\"⟧" in done.stdout and "⟨told⟩" in done.stdout and "{Ana Ruiz, the mayor of Lugo}" in done.stdout
    assert "Why this speaker" in done.stdout
    wrong = run("explain", story, "9")
    assert wrong.returncode == 2 and "give a number from 1 to 2" in wrong.stderr


def test_evaluate_against_itself(tmp_path: Path) -> None:
    gold = tmp_path / "a.gold"
    gold.write_text("id: a\n1: speaker=Ana Ruiz; kind=person; type=direct; act=statement\n-----\n<q1>\"We will not pay,\"</q1> <s1>Ana Ruiz</s1> <c1>said</c1>.")
    done = run("evaluate", gold, "--json", "-")
    assert json.loads(done.stdout)["golds"][0]["figures"]["attribution"]["F"] == 1.0


def test_training_without_pytorch_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = "import sys; sys.modules['torch'] = None; sys.argv = ['attribution', 'train']; from attribution.cli.main import main; main()"
    done = subprocess.run([sys.executable, "-c", blocked], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "pip install 'claim-attribution[train]'" in done.stderr


def test_help_does_not_import_spacy() -> None:
    probe = "import sys; sys.argv = ['attribution', '--help']\nfrom attribution.cli.main import main\ntry: main()\nexcept SystemExit: pass\nprint('spacy' in sys.modules, 'onnxruntime' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "False False"


def test_terminal_control_characters_do_not_pass(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("Ana Ruiz said \x1b[31mthe road\x1b[0m was closed\u202e.\n")
    assert "\x1b" not in run(path, "-f", "table").stdout and "\u202e" not in run(path, "-f", "table").stdout
