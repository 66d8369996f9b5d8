"""Bytes → article for every reader: an article or an ``InputError``, never another exception, never a slice that is off."""

from __future__ import annotations

import gzip
import io
import json
import random

import pyarrow
import pyarrow.parquet
import pytest
import zstandard
from article_checks import NAMES, check
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from story import CAPTION, HEADLINE, PARAGRAPHS, STORY, page
from test_articles_archives import ATOM, RECORDS, RSS
from test_articles_documents import ASCII, mail, pdf, word

from attribution.claims import Article

RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


class Files(dict[str, bytes]):
    """Files by name, which hypothesis does not print."""

    def __repr__(self) -> str:
        return "Files"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """One good file for each reader."""
    folder = tmp_path_factory.mktemp("good")
    table = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"id": ["a", "b"], "text": [STORY, "He said no."]}), table)
    made = {
        "a.txt": STORY.encode(), "a.html": page(caption=CAPTION).encode(), "a.rss": RSS.encode(), "a.atom": ATOM.encode(),
        "a.pdf": pdf(folder / "a.pdf", [p.translate(ASCII) for p in PARAGRAPHS]).read_bytes(), "a.docx": word(folder / "a.docx").read_bytes(),
        "a.eml": mail(plain="View it in your browser.", html=page()), "a.jsonl": b'{"id": 1, "text": "He said no."}\n' * 3,
        "a.csv": f'id,text\n1,"{PARAGRAPHS[0]}"\n2,He said no.\n'.encode(), "a.parquet": table.getvalue(), "a.warc": b"".join(RECORDS),
        "a.txt.gz": gzip.compress(STORY.encode()), "a.txt.zst": zstandard.compress(STORY.encode()),
    }  # fmt: skip
    return Files(made)


@given(st.binary(max_size=400), st.sampled_from(NAMES))
@RELAXED
def test_any_bytes(data: bytes, name: str) -> None:
    check(data, name)


MAGIC = (
    b"%PDF-1.7\n", b"PK\x03\x04", b"PAR1", b"WARC/1.0\r\n", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"<html>", b"<rss>", b'{"text": "', b"\xff\xfe",
    b"Message-ID: 1\nFrom: a\n\n", b"text\n", b"\xef\xbb\xbf",
)  # fmt: skip


@given(st.sampled_from(MAGIC), st.binary(max_size=200), st.sampled_from(NAMES))
@RELAXED
def test_any_bytes_behind_a_formats_first_ones(magic: bytes, data: bytes, name: str) -> None:
    check(magic + data, name)


def _bent(data: bytes, seed: int) -> bytes:
    """A file with some of its bytes changed, taken out, doubled or cut off."""
    rng = random.Random(seed)
    out = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(out) + 1)
        kind = rng.randrange(4)
        if kind == 0:
            out[at : at + 1] = bytes([rng.randrange(256)])
        elif kind == 1:
            del out[at : at + rng.randint(1, 40)]
        elif kind == 2:
            out[at:at] = out[at : at + rng.randint(1, 200)]
        else:
            out[at:at] = rng.choice([b"\0" * 8, b"\xff" * 4, b'"', b"\n\n", b"<", b"&#xD800;", b"99999999999", b"\xe2\x80\xa8", b"%%EOF", b"--"])
    return bytes(out)


GOOD = "txt html rss atom pdf docx eml jsonl csv parquet warc txt.gz txt.zst".split()


@given(kind=st.sampled_from(GOOD), seed=st.integers(0, 2**32), named=st.booleans())
@settings(RELAXED, max_examples=250)
def test_damaged_files(files: Files, kind: str, seed: int, named: bool) -> None:
    check(_bent(files[f"a.{kind}"], seed), f"a.{kind}" if named else "")


def test_good_files_are_read(files: Files) -> None:
    for name, data in files.items():
        for given_name in (name, "") if name != "a.csv" else (name,):
            first = check(data, given_name)[0]
            assert isinstance(first, Article), (name, first)


MARKUP = st.recursive(
    st.one_of(st.text(max_size=30), st.sampled_from([*PARAGRAPHS, HEADLINE, "<br>", "<img>", "&nbsp;", "&#0;", "<!-- x -->", "<![CDATA[x]]>", "\x00", "<p"])),
    lambda inner: st.tuples(
        st.sampled_from(["p", "div", "h1", "h2", "figure", "figcaption", "article", "table", "tr", "td", "ul", "li", "blockquote", "script", "title", "span"]),
        st.lists(inner, max_size=4), st.booleans(),
    ).map(lambda t: f"<{t[0]}>{''.join(t[1])}{f'</{t[0]}>' if t[2] else ''}"),
    max_leaves=25,
)  # fmt: skip


@given(MARKUP, st.sampled_from(["a.html", "a.eml", "a.rss"]))
@settings(RELAXED, max_examples=120)
def test_any_markup(markup: str, name: str) -> None:
    around = {
        "a.html": "<html lang='en'><body>{}</body></html>", "a.eml": "From: a\nContent-Type: text/html; charset=utf-8\n\n{}",
        "a.rss": "<rss version='2.0'><channel><item><description><![CDATA[{}]]></description></item></channel></rss>",
    }  # fmt: skip
    check(around[name].format(markup).encode("utf-8", "replace"), name)


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20), lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=5), x, max_size=3), max_leaves=8)


@given(st.dictionaries(st.sampled_from(["text", "id", "title", "date", "published", "url", "author", "authors", "source", "lang", "text.a"]), JSON, max_size=8))
@settings(RELAXED, max_examples=200)
def test_any_record(record: dict[str, object]) -> None:
    check(json.dumps(record).encode(), "a.jsonl")


@given(st.text(alphabet='a",;\t\n\r|\x00é', max_size=120))
@settings(RELAXED, max_examples=200)
def test_any_table(table: str) -> None:
    check(("text,id\n" + table).encode(), "a.csv")
    check(table.encode("utf-16"), "a.tsv")
