"""Runs: what is done stays done, what is missing is done, and trouble costs the article that makes it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT

from attribution.articles.rows import Fields
from attribution.cli.run import duration, line_of
from attribution.corpus.files import locked, whole
from attribution.corpus.job import Job
from attribution.corpus.journal import Journal
from attribution.corpus.run import Progress, Summary, run_corpus
from attribution.corpus.shard import Shard, Sidecar, plan
from attribution.errors import AttributionError, InputError, ModelError, OutputError, RunError

FAKE = str(Path(__file__).parent / "fake_extraction")


@pytest.fixture(autouse=True)
def without_the_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Worker processes give every article one claim at once: what is tested here is everything around that."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([FAKE, str(ROOT)]))
    monkeypatch.setenv("ATTRIBUTION_TEST_MARK", str(tmp_path / "mark"))


def corpus(path: Path, texts: list[str]) -> Path:
    path.write_text("".join(json.dumps({"id": f"a{n}", "text": text}) + "\n" for n, text in enumerate(texts)), encoding="utf-8")
    return path


def texts(count: int, **special: str) -> list[str]:
    made = [f"Number {n} said that the road to the town was closed on that day." for n in range(count)]
    for place, text in special.items():
        made[int(place[1:])] = text
    return made


def job(tmp_path: Path, **settings: object) -> Job:
    return Job.model_validate({"out": tmp_path / "out", "format": "jsonl", "timeout": 20, **settings})


def sidecars(out: Path) -> dict[str, Sidecar]:
    return {p.stem: Sidecar.model_validate_json(p.read_bytes()) for p in sorted((out / "shards").glob("*.json"))}


def ids(out: Path) -> list[str]:
    return sorted(json.loads(line)["id"] for p in (out / "claims").glob("*.jsonl") for line in p.read_text().splitlines())


def times(out: Path) -> dict[str, int]:
    return {p.name: p.stat().st_mtime_ns for p in (out / "claims").iterdir()}


def run(tmp_path: Path, *inputs: Path, workers: int = 1, shard_articles: int = 4, retry_failed: bool = False, **settings: object) -> Summary:
    return run_corpus(inputs, job(tmp_path, **settings), workers=workers, shard_articles=shard_articles, retry_failed=retry_failed)


# --- results -------------------------------------------------------------------------------------------------------


def test_a_run_leaves_whole_files_sidecars_and_a_summary(tmp_path: Path) -> None:
    summary = run(tmp_path, corpus(tmp_path / "a.jsonl", texts(10)), workers=2)
    out = tmp_path / "out"
    assert ids(out) == sorted(f"a{n}" for n in range(10))
    assert (summary.shards, summary.articles, summary.claims, summary.failures, summary.failed) == (3, 10, 10, {}, 0)
    assert summary.words == 10 * 14 and summary.bytes == sum(p.stat().st_size for p in (out / "claims").iterdir())
    import hashlib

    for id_, sidecar in sidecars(out).items():
        data = (out / "claims" / f"{id_}.jsonl").read_bytes()
        assert hashlib.sha256(data).hexdigest() == sidecar.output.sha256 and sidecar.shard.id == id_
        assert sidecar.articles == sidecar.shard.records == len(data.splitlines())
        assert set(sidecar.fingerprint) == {"package", "schema", "model", "settings"}
    assert sorted(p.name for p in out.iterdir()) == [".lock", "claims", "failures.jsonl", "run.json", "shards", "summary.json"]
    assert Summary.model_validate_json((out / "summary.json").read_bytes()) == summary
    assert (out / "failures.jsonl").read_bytes() == b""


def test_a_second_run_does_nothing_and_a_missing_shard_alone_is_done(tmp_path: Path) -> None:
    given = corpus(tmp_path / "a.jsonl", texts(10))
    run(tmp_path, given)
    out = tmp_path / "out"
    before = times(out)
    assert run(tmp_path, given).shards_done_before == 3 and times(out) == before
    name = next(iter(before))
    content = (out / "claims" / name).read_bytes()
    (out / "claims" / name).unlink()
    assert run(tmp_path, given).shards_done_before == 2
    assert (out / "claims" / name).read_bytes() == content
    assert {n for n, t in times(out).items() if t != before[n]} == {name}
    (out / "shards" / name.replace(".jsonl", ".json")).write_text("{", encoding="utf-8")
    assert run(tmp_path, given).shards_done_before == 2


def test_other_settings_are_another_fingerprint(tmp_path: Path) -> None:
    given = corpus(tmp_path / "a.jsonl", texts(10))
    run(tmp_path, given)
    assert run(tmp_path, given, timeout=30).shards_done_before == 3  # changes nothing that is found
    assert run(tmp_path, given, max_chars=1000).shards_done_before == 0
    assert run(tmp_path, given, max_chars=1000, format="parquet").shards_done_before == 0
    assert {p.suffix for p in (tmp_path / "out" / "claims").iterdir()} == {".parquet"}  # the lines did not stay beside


def test_speakers_of_the_users_list_and_another_list_is_another_run(tmp_path: Path) -> None:
    given, people = corpus(tmp_path / "a.jsonl", texts(6)), tmp_path / "people.csv"
    out = tmp_path / "out"
    run(tmp_path, given)
    assert "people" not in next(iter(sidecars(out).values())).fingerprint
    people.write_text("id,name,aliases\nQ7,Anna Ruiz Vega,Ana Ruiz\n", encoding="utf-8")
    assert run(tmp_path, given, people=people).shards_done_before == 0
    found = [json.loads(line) for p in (out / "claims").iterdir() for line in p.read_text().splitlines()]
    assert len(found) == 6
    for record in found:
        [claim] = record["claims"]
        assert (claim["speaker"]["id"], claim["speaker"]["name"]) == ("Q7", "Anna Ruiz Vega")
        assert claim["evidence"][-1]["step"] == "people list" and record["speakers"][0]["id"] == "Q7"
    assert run(tmp_path, given, people=people).shards_done_before == 2
    people.rename(tmp_path / "same.csv")
    assert run(tmp_path, given, people=tmp_path / "same.csv").shards_done_before == 2  # what is in it counts
    people.write_text("id,name\nQ8,Ana Ruiz\n", encoding="utf-8")
    assert run(tmp_path, given, people=people).shards_done_before == 0
    assert run(tmp_path, given).shards_done_before == 0
    with pytest.raises(InputError, match="no such file"):
        run(tmp_path, given, people=tmp_path / "none.csv")
    people.write_text("name\nAna Ruiz\n", encoding="utf-8")
    with pytest.raises(InputError, match="columns id and name are needed"):
        run(tmp_path, given, people=people)


def test_a_changed_file_is_done_again_where_it_changed_and_nothing_is_doubled(tmp_path: Path) -> None:
    given = corpus(tmp_path / "a.jsonl", texts(10))
    run(tmp_path, given)
    other = corpus(tmp_path / "b.jsonl", texts(2))
    run(tmp_path, other)  # into the same folder: what is there of other inputs stays
    assert len(ids(tmp_path / "out")) == 12
    corpus(given, texts(11, n9="The mayor said on Monday that the road was open."))
    again = run(tmp_path, given)
    assert (again.shards_done_before, again.shards_removed, again.articles) == (2, 1, 11)
    assert ids(tmp_path / "out") == sorted([*(f"a{n}" for n in range(11)), "a0", "a1"])


def test_shards_of_another_size_are_refused(tmp_path: Path) -> None:
    given = corpus(tmp_path / "a.jsonl", texts(3))
    run(tmp_path, given)
    with pytest.raises(OutputError, match="its shards hold 4 articles, not 5: say --shard-articles 4"):
        run(tmp_path, given, shard_articles=5)


def test_files_of_one_article_and_of_many_mixed(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for n, text in enumerate(texts(30)):
        (folder / f"{n:02}.txt").write_text(text)
    corpus(folder / "lines.jsonl", texts(3))
    (folder / "empty.txt").write_text("")
    summary = run(tmp_path, folder, tmp_path / "nowhere.txt", folder / "03.txt", shard_articles=5)
    assert summary.articles == 33 and summary.failures == {"input": 1}
    assert [f.where for f in summary.failed_inputs] == [str(tmp_path / "nowhere.txt")] and summary.failed == 2
    assert len(set(ids(tmp_path / "out"))) == 33
    lines = [json.loads(line) for line in (tmp_path / "out" / "failures.jsonl").read_text().splitlines()]
    assert [Path(line["where"]).name for line in lines] == ["empty.txt", "nowhere.txt"] and "no such file" in lines[1]["reason"]
    before = set(sidecars(tmp_path / "out"))
    (folder / "15a.txt").write_text(texts(1)[0])
    after = [s for s in plan([folder], Fields(), records=5) if isinstance(s, Shard)]
    assert sum(str(folder / "15a.txt") in s.paths for s in after) == 1
    assert len(before - {s.id for s in after}) <= 1  # none if the new file is a group of its own


def test_standard_input_and_addresses_are_refused() -> None:
    found = list(plan(["-", "https://lugo.example/road"], Fields(), records=5))
    assert all(isinstance(f, InputError) and "save it as one" in f.reason for f in found) and len(found) == 2


# --- trouble -------------------------------------------------------------------------------------------------------


def test_every_kind_of_trouble_costs_its_article_alone(tmp_path: Path) -> None:
    special = {"n1": "HANG " * 9, "n3": "CRASH " * 9, "n5": "RAISE " * 9, "n6": "x" * 600, "n8": " "}
    special["n9"] = "Der Bürgermeister sagte am Montag, dass die Straße nach Lugo wegen des Regens bis zum Abend gesperrt bleibe. " * 3
    given = corpus(tmp_path / "a.jsonl", texts(12, **special))
    with given.open("a") as file:
        file.write("{no JSON\n")
    summary = run(tmp_path, given, timeout=1.5, max_chars=500)
    assert ids(tmp_path / "out") == sorted(f"a{n}" for n in (0, 2, 4, 7, 10, 11))
    assert summary.failures == {"time": 1, "crash": 1, "error": 1, "size": 1, "input": 2, "language": 1}
    assert summary.failed == 6 and summary.restarts == 3
    failures = [json.loads(line) for line in (tmp_path / "out" / "failures.jsonl").read_text().splitlines()]
    told = {(f["number"], f["kind"]): f for f in failures}
    assert list(told) == [(2, "time"), (4, "crash"), (6, "error"), (7, "size"), (9, "input"), (10, "language"), (13, "input")]
    assert all(f["where"] == f"{given}:{f['number']}" for f in failures)
    assert told[2, "time"]["reason"] == "took more than 1.5 seconds: --timeout allows more"
    assert told[4, "crash"]["reason"] == "the process that read it was killed by SIGSEGV, twice"
    assert "ValueError: no such thing" in told[6, "error"]["reason"]
    assert told[7, "size"]["reason"].startswith("600 characters, more than 500")
    again = run(tmp_path, given, timeout=1.5, max_chars=500)
    assert again.shards_done_before == again.shards and again.failures == summary.failures
    retried = run(tmp_path, given, timeout=1.5, max_chars=500, retry_failed=True)
    assert retried.shards_done_before == retried.shards - 2 and retried.failures == summary.failures


def test_a_process_that_dies_once_costs_nothing(tmp_path: Path) -> None:
    summary = run(tmp_path, corpus(tmp_path / "a.jsonl", texts(4, n2="DIE ONCE " * 5)))
    assert (summary.articles, summary.failures, summary.restarts) == (4, {}, 1)
    assert ids(tmp_path / "out") == ["a0", "a1", "a2", "a3"]


def test_a_process_that_cannot_live_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTRIBUTION_TEST_DIES", "1")
    with pytest.raises(RunError, match="ended with code 7, again and again"):
        run(tmp_path, corpus(tmp_path / "a.jsonl", texts(4)))
    assert sidecars(tmp_path / "out") == {}


def test_a_missing_model_is_told_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not a model folder"):
        run(tmp_path, corpus(tmp_path / "a.jsonl", texts(4)), model=tmp_path / "nowhere")
    assert not (tmp_path / "out").exists()


def test_two_runs_into_one_folder_do_not_collide(tmp_path: Path) -> None:
    with locked(tmp_path / "out"), pytest.raises(OutputError, match="another run is writing here"):
        run(tmp_path, corpus(tmp_path / "a.jsonl", texts(1)))
    assert run(tmp_path, tmp_path / "a.jsonl").articles == 1


def test_a_folder_that_cannot_be_written_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputError, match="cannot be written"):
        run(tmp_path, corpus(tmp_path / "a.jsonl", texts(1)))


def test_no_room_leaves_the_shard_missing_and_a_rerun_finishes(tmp_path: Path) -> None:
    disk = tmp_path / "out"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if not sys.platform.startswith("linux") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk is not allowed here")
    try:
        given = corpus(tmp_path / "a.jsonl", texts(12))
        ballast = disk / "ballast"
        (disk / "shards").mkdir()
        with ballast.open("wb") as file:
            file.truncate(0)
            file.write(b"\0" * (256 * 1024 - 7 * 4096))
        with pytest.raises(AttributionError, match="No space left on device") as raised:
            run(tmp_path, given)
        assert isinstance(raised.value, OutputError | RunError)
        done = len(sidecars(disk))
        assert done < 3 and not list((disk / "claims").glob(".*.partial"))
        ballast.unlink()
        assert run(tmp_path, given).shards_done_before == done
        assert len(ids(disk)) == 12
    finally:
        subprocess.run(["umount", str(disk)], check=True)


# --- the command ---------------------------------------------------------------------------------------------------


def command(tmp_path: Path, *arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "attribution", "run", *map(str, arguments), "--out", str(tmp_path / "out"), "-f", "jsonl", "--shard-articles", "4"]


def test_exit_codes_and_what_is_told(tmp_path: Path) -> None:
    given = corpus(tmp_path / "a.jsonl", texts(5))
    done = subprocess.run(command(tmp_path, given), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"5 claims in 5 articles, 2 shards: {tmp_path / 'out' / 'claims'}\n"
    done = subprocess.run(command(tmp_path, given, tmp_path / "b.jsonl"), capture_output=True, text=True, check=False)
    assert done.returncode == 3 and "b.jsonl: no such file" in done.stderr and "2 of them done before" in done.stderr
    done = subprocess.run(command(tmp_path, tmp_path / "b.jsonl"), capture_output=True, text=True, check=False)
    assert done.returncode == 4


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_no_process_and_goes_on(tmp_path: Path, how: signal.Signals) -> None:
    given = corpus(tmp_path / "a.jsonl", texts(40, **{f"n{n}": f"SLOW {n} " * 5 for n in range(40)}))
    process = subprocess.Popen(command(tmp_path, given), stderr=subprocess.PIPE, text=True)
    out = tmp_path / "out"
    for _ in range(600):
        if len(list((out / "shards").glob("*.json"))) >= 2:
            break
        time.sleep(0.05)
    process.send_signal(how)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130 and "interrupted; what is done stays in" in errors
    assert len(sidecars(out)) >= 2
    journals = list((out / "work").glob("*.journal"))
    done = sum(s.articles for s in sidecars(out).values())
    assert len(journals) <= 1 and done < 40
    if sys.platform.startswith("linux"):
        mine = [p for p in Path("/proc").glob("[0-9]*/environ") if _environment_of(p, str(tmp_path / "mark"))]
        assert [p for p in mine if p.parent.name != str(os.getpid())] == []
    assert run(tmp_path, given).articles == 40 and len(set(ids(out))) == len(ids(out)) == 40


def _environment_of(path: Path, mark: str) -> bool:
    try:
        return f"ATTRIBUTION_TEST_MARK={mark}".encode() in path.read_bytes()
    except OSError:
        return False


def test_progress_in_words() -> None:
    progress = Progress(shards=9, shards_done=2, records=100, records_before=10, articles=20, claims=1234, failures=1)
    progress.started -= 2.1
    assert line_of(progress).startswith("2 of 9 shards, 20 articles, 1,234 claims, 1 failed or skipped, 10.0 articles a second, 7 s left")
    assert [duration(s) for s in (5, 65, 4210)] == ["5 s", "1 min 5 s", "1 h 10 min"]


# --- files and journals --------------------------------------------------------------------------------------------


def test_a_file_is_whole_or_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "x"
    with whole(target) as file:
        file.write(b"first")
    with pytest.raises(RuntimeError), whole(target) as file:
        file.write(b"second")
        raise RuntimeError
    assert target.read_bytes() == b"first" and list(tmp_path.iterdir()) == [target]


def test_a_journal_is_good_up_to_where_it_was_cut(tmp_path: Path) -> None:
    entries = [{"number": n, "text": f"é\u2028{n}\n"} for n in range(5)]
    with Journal(tmp_path, "s", key="k") as journal:
        for entry in entries:
            journal.add(entry)
        assert list(journal.entries()) == entries and journal.numbers == set(range(5))
    data = journal.path.read_bytes()
    for end in range(len(data) + 1):
        other = tmp_path / "s.1.journal"
        other.write_bytes(data[:end])
        journal.path.unlink(missing_ok=True)
        with Journal(tmp_path, "s", key="k") as resumed:
            found = list(resumed.entries())
        assert found == entries[: len(found)] and len(found) == max(0, data[:end].count(b"\n") - 1)
        assert not other.exists()
        resumed.path.unlink()
    spoiled = bytearray(data)
    spoiled[data.index(b'"number": 2')] ^= 1
    (tmp_path / "s.1.journal").write_bytes(spoiled)
    with Journal(tmp_path, "s", key="k") as resumed:
        assert resumed.numbers == {0, 1}
    resumed.path.rename(tmp_path / "s.1.journal")
    with Journal(tmp_path, "s", key="other") as resumed:
        assert resumed.numbers == set()
