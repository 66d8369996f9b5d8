"""The command line with all formats at once: mixed folders, skipped languages, URLs, errors and exit codes."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from story import GERMAN, HEADLINE, PARAGRAPHS, STORY, page
from test_articles_archives import RECORDS, RSS
from test_articles_documents import ASCII, mail, pdf, word
from test_cli import run

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("mixed")
    pdf(made / "a.pdf", [p.translate(ASCII) for p in PARAGRAPHS])
    word(made / "b.docx")
    (made / "sub").mkdir()
    for name, data in (
        ("c.eml", mail(plain="\n\n".join(PARAGRAPHS))), ("d.html", page().encode()), ("e.rss", RSS.encode()), ("f.txt", STORY.encode()),
        ("g.csv", f'id,text\ng,"{PARAGRAPHS[1]}"\n'.encode()), ("sub/h.jsonl.gz", gzip.compress(json.dumps({"id": "h", "text": STORY}).encode())),
        ("sub/i.warc.gz", b"".join(map(gzip.compress, RECORDS[:1]))), ("notes.md", b"He said nothing."), ("logo.png", b"\x89PNG"),
    ):  # fmt: skip
        (made / name).write_bytes(data)
    return made


def test_a_folder_of_everything(folder: Path) -> None:
    done = run(folder)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(a["source"]).name.split(":")[0] for a in found[:8]] == ["a.pdf", "b.docx", "c.eml", "d.html", "e.rss", "e.rss", "f.txt", "g.csv"]
    assert all(any(c["speaker"]["name"] == "Luis Vega" for c in a["claims"]) for a in found if a["title"] != "Bridge & road")
    page_ = next(a for a in found if a["id"] == "d")
    assert (page_["title"], page_["outlet"], page_["published"]) == (HEADLINE, "Lugo Daily", "2025-03-04T10:11:00+01:00")
    assert page_["url"] == "https://lugo.example/news/levy" == page_["claims"][0]["article"]["url"]
    assert done.returncode == 3 and "e.rss:entry 2: an entry without text" in done.stderr and "1 of 11 inputs failed" in done.stderr
    assert "notes.md" not in done.stderr and "logo.png" not in done.stderr
    assert run(folder).stdout == done.stdout


def test_a_file_of_no_known_ending_is_read_if_it_is_named(folder: Path) -> None:
    assert json.loads(run(folder / "notes.md").stdout)["id"] == "notes"
    done = run(folder / "logo.png")
    assert done.returncode == 4 and "binary file" in done.stderr


def test_articles_in_other_languages_are_said_and_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GERMAN, encoding="utf-8")
    done = run(tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    assert "a.txt: is in another language than English (de): skipped; --any-language reads it" in done.stderr
    assert "1 skipped, not in English" in done.stderr and "failed" not in done.stderr
    (tmp_path / "b.txt").write_text(STORY, encoding="utf-8")
    done = run(tmp_path)
    assert done.returncode == 0 and [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["b"]
    done = run(tmp_path, "--any-language")
    assert done.returncode == 0 and [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["a", "b"] and done.stderr == ""


def test_urls() -> None:
    done = run("https://lugo.example/levy")
    assert done.returncode == 4 and "https://lugo.example/levy: is a URL: add --fetch" in done.stderr
    done = run("http://127.0.0.1:9/", "http://localhost/", "http://169.254.169.254/latest/meta-data/", "--fetch")
    assert done.returncode == 4 and done.stderr.count("no public address") == 3


def test_fields_of_rows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("nr;article text\n7;He said no.\n")
    done = run(tmp_path / "a.csv")
    assert done.returncode == 4 and "no column 'text'; columns there: nr, article text; name yours with --field" in done.stderr
    assert json.loads(run(tmp_path / "a.csv", "--field", "article text", "--id-field", "nr").stdout)["id"] == "7"


def test_standard_input_of_any_format() -> None:
    for data in (page().encode(), gzip.compress(page().encode()), RECORDS[0]):
        found = json.loads(run("-", stdin=data).stdout)
        assert found["title"] == HEADLINE and found["claims"]


def test_explain_takes_every_format_of_single_articles(folder: Path) -> None:
    done = run("explain", folder / "d.html", "2")
    assert done.returncode == 0 and "Ana Ruiz" in done.stdout
