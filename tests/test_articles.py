"""Reading: what is taken, what is refused, and what an error says."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

import attribution
from attribution.articles.plain import decode
from attribution.articles.read import Fields, read, read_all
from attribution.claims import Article
from attribution.errors import InputError


def test_text_is_the_decoded_file_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Eins\r\nzwei\u00a0\U0001f600 e\u0301 \x00\x0b\r\n".encode())
    article = read(path)
    assert article.text == "Eins\r\nzwei\u00a0\U0001f600 e\u0301 \x00\x0b\r\n"
    assert (article.id, article.encoding, article.source) == ("a", "utf-8", str(path))


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("“ja”".encode(), "utf-8"),
        ("“ja”".encode("utf-8-sig"), "utf-8-sig"),
        ("“ja”".encode("utf-16"), "utf-16"),
        ("“ja” é".encode("windows-1252"), "windows-1252"),
    ],
)
def test_encodings(data: bytes, encoding: str) -> None:
    text, found = decode(data, "x")
    assert text.startswith("“ja”") and found == encoding


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n\t\r\n", "white space"),
        (b"%PDF-1.7 ...", "binary"),
        (bytes(range(256)) * 8, "binary"),
        (b"\0" * 100, "white space"),
        (b"a\0" * 100, "binary"),
        ("\ufeff".encode() + b"", "white space"),
        (b"\xff\xfea", "utf-16"),
    ],
)
def test_no_text(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=f"x: .*{says}"):
        decode(data, "x")


def test_fifty_megabytes_in_one_line_are_refused_not_swallowed(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    path.write_bytes(b"word " * 10_000_000)
    with pytest.raises(InputError, match="50,000,000 characters"):
        read(path)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(InputError, match=r"no/such\.txt: no such file"):
        read("no/such.txt")


def test_jsonl_errors_take_their_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    lines = [
        json.dumps({"id": "a", "text": "He said no.", "title": "T"}), "", "{broken", '["list"]', json.dumps({"id": "b"}),
        json.dumps({"id": "c", "text": "  "}), json.dumps({"text": "ok"}), '{"id": 7, "text": "\\ud800"}',
    ]  # fmt: skip
    path.write_bytes("\n".join(lines).encode() + b'\n{"text": "\xff"}\n')
    found = list(read_all([path]))
    articles = [f for f in found if isinstance(f, Article)]
    errors = [str(f) for f in found if isinstance(f, InputError)]
    assert next((a.id, a.title) for a in articles) == ("a", "T")
    assert len(articles) == 2 and len(articles[1].id) == 16
    assert [e.removeprefix(str(path)).split(":")[1] for e in errors] == ["3", "4", "5", "6", "8", "9"]
    assert "not JSON" in errors[0] and "not a JSON object" in errors[1] and "--field" in errors[2]


def test_other_field_names(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(json.dumps({"nr": 5, "body": "He said no."}))
    [article] = read_all([path], fields=Fields(text="body", id="nr"))
    assert isinstance(article, Article) and article.id == "5"


def test_folders_globs_and_missing_ones(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b.txt", "a.txt", "sub/c.txt", "d.png"):
        (tmp_path / name).write_text("He said no.")
    assert [a.id for a in read_all([tmp_path]) if isinstance(a, Article)] == ["a", "b", "c"]
    assert [a.id for a in read_all([str(tmp_path / "*.txt")]) if isinstance(a, Article)] == ["a", "b"]
    empty = tmp_path / "empty"
    empty.mkdir()
    errors = [str(e) for e in read_all([empty, str(tmp_path / "*.pdf")])]
    assert "no files in this folder that are read" in errors[0] and "no file matches" in errors[1]


@pytest.mark.parametrize(("data", "ids"), [(b"He said no.\nTwice.", ["stdin"]), (b'{"id": "x", "text": "a b"}\n{"id": "y", "text": "c"}\n', ["x", "y"])])
def test_standard_input_is_text_or_records(monkeypatch: pytest.MonkeyPatch, data: bytes, ids: list[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert [a.id for a in read_all(["-"]) if isinstance(a, Article)] == ids


def test_a_lone_surrogate_is_no_text() -> None:
    with pytest.raises(InputError, match="lone surrogate"):
        attribution.extract("He said \ud800.")
