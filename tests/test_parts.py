"""Cutting files: the parts of a file give what the whole gives, whatever the format and wherever the cuts."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attribution.articles.parts import parts, read_part
from attribution.articles.read import read_all
from attribution.articles.rows import Fields

RECORDS = [{"id": f"a{n}", "text": f'"We will not pay," Ana Ruiz told reporters on day {n}.\nThe road is "closed", she said.'} for n in range(25)]
LINES = "".join(json.dumps(r) + "\n" + ("\n" if n % 7 == 0 else "") for n, r in enumerate(RECORDS)) + "not json"


def jsonl(path: Path) -> None:
    path.write_text(LINES, encoding="utf-8")


def packed(path: Path) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(LINES)


def table(path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["id", "text"])
        writer.writeheader()
        writer.writerows(RECORDS)


def parquet(path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet as pq

    pq.write_table(pa.Table.from_pylist(RECORDS), path, row_group_size=25 if path.name.startswith("one") else 7)


def archive(path: Path) -> None:
    pytest.importorskip("fastwarc")
    pytest.importorskip("trafilatura")
    out = io.BytesIO()
    for n, record in enumerate(RECORDS):
        paragraph = "The council of the town of Lugo met on Monday to talk about the road. " * 5
        body = f"<html><head><title>T{n}</title></head><body><article><h1>T{n}</h1><p>{record['text']}</p><p>{paragraph}</p></article></body></html>"
        http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:0-{n}>\r\nWARC-Target-URI: http://lugo.example/{n}\r\nWARC-Date: 2020-01-01T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
        entry = f"{head}{http}\r\n\r\n".encode()
        out.write(gzip.compress(entry) if path.suffix == ".gz" else entry)
    path.write_bytes(out.getvalue())


MAKERS = {
    "a.jsonl": jsonl, "a.jsonl.gz": packed, "a.csv": table, "one.parquet": parquet, "few.parquet": parquet,
    "a.warc": archive, "a.warc.gz": archive,
}  # fmt: skip


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("records", [1, 5, 1000])
def test_parts_give_what_the_whole_gives(name: str, records: int, tmp_path: Path) -> None:
    path = tmp_path / name
    MAKERS[name](path)
    cut = list(parts(path, Fields(), records=records))
    asked: list[int] = []
    found = [str(a) for p in cut for a in read_part(path, p, Fields(), wanted=lambda n: asked.append(n) or True)]  # type: ignore[func-returns-value]
    assert found == [str(a) for a in read_all([path])] and len(found) >= 25
    assert len(cut) == 1 if records == 1000 else len(cut) >= 25 // records
    assert all(p.records <= records for p in cut) and asked == sorted(set(asked)) and len(asked) == len(found)
    assert cut == list(parts(path, Fields(), records=records))


@pytest.mark.parametrize("name", MAKERS)
def test_what_is_not_wanted_is_passed_over(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    MAKERS[name](path)
    for part in parts(path, Fields(), records=10):
        every = list(read_part(path, part, Fields(), wanted=lambda n: True))
        none: list[int] = []
        assert list(read_part(path, part, Fields(), wanted=none.append)) == []  # type: ignore[arg-type]
        some = list(read_part(path, part, Fields(), wanted=lambda n: n % 2 == 0))
        assert [str(a) for a, n in zip(every, none, strict=True) if n % 2 == 0] == [str(a) for a in some]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(st.sampled_from([b'{"text": "One said so."}', b"", b"  ", b"no json", b'{"id": "x"}', "{\"text\": \"Ü said no.\"}".encode(), b"\xff"]), max_size=12),
    ending=st.sampled_from([b"\n", b"\r\n"]), last=st.booleans(), bom=st.booleans(), records=st.integers(1, 4),
)  # fmt: skip
def test_any_lines_can_be_cut(lines: list[bytes], ending: bytes, last: bool, bom: bool, records: int, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + ending.join(lines) + (ending if last else b""))
    cut = list(parts(path, Fields(), records=records))
    assert [str(a) for p in cut for a in read_part(path, p, Fields(), wanted=lambda n: True)] == [str(a) for a in read_all([path])]


def test_an_appended_line_leaves_the_parts_before_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in RECORDS), encoding="utf-8")
    before = list(parts(path, Fields(), records=10))
    with path.open("a") as file:
        file.write(json.dumps(RECORDS[0]) + "\n")
    after = list(parts(path, Fields(), records=10))
    assert after[:2] == before[:2] and after[2].digest != before[2].digest
