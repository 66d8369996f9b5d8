"""Rows: JSONL, CSV, TSV and Parquet, their fields, and their damage."""

from __future__ import annotations

import csv
import datetime
import gzip
import hashlib
import json
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from story import PARAGRAPHS

from attribution.articles.dates import iso_date
from attribution.articles.read import Fields, read, read_all
from attribution.claims import Article
from attribution.errors import InputError

TEXT = "\n\n".join(PARAGRAPHS)
RECORD = {
    "id": "levy", "headline": "No to the levy", "text": TEXT, "publisher": "Lugo Daily", "author": "Dana Moss; Inés Campo",
    "date": "Tue, 04 Mar 2025 10:11:00 +0100", "link": "https://lugo.example/levy", "lang": "en-GB",
}  # fmt: skip


def _articles(path: Path, **fields: str) -> list[Article]:
    found = list(read_all([path], fields=Fields(**fields)))
    assert all(isinstance(f, Article) for f in found), found
    return [f for f in found if isinstance(f, Article)]


def _told(article: Article) -> tuple[object, ...]:
    return (
        article.id, article.title, article.outlet, article.authors, article.published, article.url, article.language, article.text,
    )  # fmt: skip


TOLD = (
    "levy", "No to the levy", "Lugo Daily", ("Dana Moss", "Inés Campo"), "2025-03-04T10:11:00+01:00",
    "https://lugo.example/levy", "en", TEXT,
)  # fmt: skip


def test_jsonl(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    line = json.dumps(RECORD).encode() + b"\n"
    path.write_bytes(line)
    [article] = _articles(path)
    assert _told(article) == TOLD and article.source == f"{path}:1"
    assert article.source_sha256 == hashlib.sha256(line).hexdigest()


@pytest.mark.parametrize(("name", "dialect", "delimiter"), [("a.csv", "excel", ","), ("a.tsv", "excel-tab", "\t"), ("a.csv", "excel", ";"), ("a.csv", "unix", "|")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_csv(tmp_path: Path, name: str, dialect: str, delimiter: str, encoding: str) -> None:
    path = tmp_path / name
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(RECORD), dialect=dialect, delimiter=delimiter)
        writer.writeheader()
        writer.writerow(RECORD)
        writer.writerow({**RECORD, "id": "", "author": "", "text": "He said “no, never”; twice.\tYes | no"})
    first, second = _articles(path)
    assert _told(first) == TOLD and first.encoding == encoding
    assert second.text == "He said “no, never”; twice.\tYes | no" and len(second.id) == 16 and second.authors == ()
    assert first.source == f"{path}:2" and second.source == f"{path}:9"  # lines, as an editor counts them


def test_csv_errors_take_their_row_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,text\n1,He said no.\n2,too,many,values\n3,\n\n4\n5,She said yes.\n", encoding="utf-8")
    found = list(read_all([path]))
    assert [f.id for f in found if isinstance(f, Article)] == ["1", "5"]
    errors = [str(f).removeprefix(f"{path}:") for f in found if isinstance(f, InputError)]
    assert [e.split(":")[0] for e in errors] == ["3", "4", "6"]
    assert "4 values for 2 columns" in errors[0] and "'text' is empty" in errors[1] and "no text in field" in errors[2]


def test_a_quotation_mark_that_nothing_closes_ends_at_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,"He said no.\n' + "x" * 99 + ("\n" + "y" * 99) * 20_000 + "\n", encoding="utf-8")
    first, *_ = read_all([path])
    assert isinstance(first, InputError) and "more than 1,000,000 characters: is a closing quotation mark" in str(first)
    assert csv.field_size_limit() == 131_072  # everybody else's limit is as it was


def test_a_long_line_in_a_table_costs_its_row_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attribution.articles.delimited.MAX_LINE_BYTES", 200)
    (tmp_path / "a.csv").write_text("id,text\n1,He said no.\n2," + "x" * 500 + "\n3,She said yes.\n")
    one, error, three = read_all([tmp_path / "a.csv"])
    assert isinstance(one, Article) and isinstance(three, Article) and three.id == "3"
    assert "a.csv:3: a line of 503 bytes, more than 200 bytes: skipped" in str(error)


def test_tables_without_rows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text\n\n")
    pyarrow.parquet.write_table(pyarrow.table({"text": pyarrow.array([], pyarrow.string())}), tmp_path / "b.parquet")
    assert ["a table without rows" in str(f) for f in read_all([tmp_path])] == [True, True]


def test_tables_without_the_column_name_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("nr;body\n1;He said no.\n")
    pyarrow.parquet.write_table(pyarrow.table({"nr": [1], "body": ["He said no."]}), tmp_path / "b.parquet")
    for found in read_all([tmp_path]):
        assert "no column 'text'; columns there: nr, body; name yours with --field" in str(found)
    assert [a.id for a in read_all([tmp_path], fields=Fields("body", "nr")) if isinstance(a, Article)] == ["1", "1"]
    (tmp_path / "c.csv").write_bytes(b"")
    assert "the file is empty" in str(next(iter(read_all([tmp_path / "c.csv"]))))


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    rows = [{**RECORD, "date": datetime.datetime(2025, 3, 4, 10, 11, tzinfo=datetime.UTC)}] + [
        {**RECORD, "id": str(n), "date": None} for n in range(200)
    ]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path, row_group_size=50)
    articles = _articles(path)
    assert articles[0].published == "2025-03-04T10:11:00+00:00" and articles[0].text == TEXT
    assert [a.id for a in articles[1:]] == [str(n) for n in range(200)] and articles[200].source == f"{path}:row 201"
    packed = tmp_path / "b.parquet.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert [a.id for a in _articles(packed)] == [a.id for a in articles]


def test_parquet_damaged(tmp_path: Path) -> None:
    whole = tmp_path / "whole.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"text": ["He said no."] * 1000, "n": list(range(1000))}), whole)
    data = bytearray(whole.read_bytes())
    (tmp_path / "cut.parquet").write_bytes(data[:-20])
    data[10:60] = b"\xff" * 50
    (tmp_path / "bent.parquet").write_bytes(data)
    for name in ("cut", "bent"):
        [*_, last] = read_all([tmp_path / f"{name}.parquet"])
        assert isinstance(last, InputError) and f"{name}.parquet: cannot be read as Parquet" in str(last)


def test_records_within_records(tmp_path: Path) -> None:
    record = {"article": {"body": {"text": "He said no."}, "nr": 7}, "a.b": "With dots.", "publisher": {"name": "Lugo Daily"}}
    (tmp_path / "a.jsonl").write_text(json.dumps(record))
    [article] = _articles(tmp_path / "a.jsonl", text="article.body.text", id="article.nr")
    assert (article.text, article.id, article.outlet) == ("He said no.", "7", "Lugo Daily")
    assert _articles(tmp_path / "a.jsonl", text="a.b")[0].text == "With dots."
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([record]), tmp_path / "a.parquet")
    assert _articles(tmp_path / "a.parquet", text="article.body.text", id="article.nr")[0].id == "7"


def test_a_line_of_200_megabytes_is_skipped_without_being_held(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(b'{"id": "1", "text": "He said no."}\n{"id": "2", "text": "')
        for _ in range(200):
            file.write(b"x" * 1_000_000)
        file.write(b'"}\n{"id": "3", "text": "She said yes."}\n')
    resource = pytest.importorskip("resource")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = list(read_all([path]))
    assert [f.id for f in found if isinstance(f, Article)] == ["1", "3"]
    assert "a.jsonl:2: a line of 200,000,024 bytes, more than 32 MiB: skipped" in str(found[1])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 120_000  # KiB


def test_read_takes_one_article_and_says_where_there_are_many(tmp_path: Path) -> None:
    for name in ("a.jsonl", "a.csv", "a.parquet", "a.rss", "a.warc"):
        (tmp_path / name).write_text("x")
        with pytest.raises(InputError, match=r"hold many articles: use attribution\.extract_many"):
            read(tmp_path / name)


@pytest.mark.parametrize(
    ("given", "iso"),
    [
        ("2025-03-04", "2025-03-04"), ("2025-03-04T10:11:00Z", "2025-03-04T10:11:00+00:00"), ("2025-03-04 10:11", "2025-03-04T10:11:00"),
        ("2025-03-04 at noon", "2025-03-04"), ("Tue, 4 Mar 2025 10:11:00 GMT", "2025-03-04T10:11:00+00:00"), ("March 4, 2025", "2025-03-04"),
        ("Tuesday 4th March 2025", "2025-03-04"), ("2025/3/4", "2025-03-04"), (1741079460, "2025-03-04T09:11:00+00:00"),
        ("1741079460000", "2025-03-04T09:11:00+00:00"), (datetime.date(2025, 3, 4), "2025-03-04"), ("03/04/2025", None), ("", None),
        ("yesterday", None), (True, None), (None, None), ("2025-02-30", None), ("31 February 2025", None), ("9" * 50, None), (1e30, None),
        (float("nan"), None),
    ],
)  # fmt: skip
def test_dates(given: object, iso: str | None) -> None:
    assert iso_date(given) == iso
