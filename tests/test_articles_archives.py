"""What holds many pages or is packed: web archives, feeds, gzip and zstd, and bombs in them."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import re
import sys
import tracemalloc
import zlib
from pathlib import Path

import pytest
import zstandard
from fastwarc.stream_io import BrotliWriter
from fastwarc.warc import WarcRecord, WarcRecordType
from story import GERMAN, HEADLINE, PARAGRAPHS, STORY, page

import attribution
from attribution.articles.read import read, read_all
from attribution.claims import Article
from attribution.errors import InputError


def response(url: str, body: bytes, *, status: str = "200 OK", headers: str = "Content-Type: text/html; charset=utf-8") -> bytes:
    record = WarcRecord()
    record.init_headers(WarcRecordType.response)
    record.headers["WARC-Target-URI"] = url
    record.is_http = True
    head = f"HTTP/1.1 {status}\r\n{headers}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    record.set_bytes_content(head + body)
    out = io.BytesIO()
    record.write(out)
    return out.getvalue()


def _measured(path: Path) -> tuple[list[Article | InputError], int]:
    """What a file gives, and the most bytes that it took."""
    tracemalloc.start()
    try:
        return list(read_all([path])), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


RECORDS = [
    response("https://lugo.example/1", page().encode()),
    response("https://lugo.example/a.jpg", b"\xff\xd8\xff", headers="Content-Type: image/jpeg"),
    response("https://lugo.example/gone", b"<html>Gone", status="404 Not Found"),
    response("https://lugo.example/2", gzip.compress(page().replace("levy", "toll").encode()), headers="Content-Type: text/html\r\nContent-Encoding: gzip"),
    response("https://lugo.example/empty", b"<html><body></body></html>"),
    response("https://lugo.example/3", page().encode("windows-1251", "replace"), headers="Content-Type: text/html; charset=windows-1251"),
]


@pytest.mark.parametrize(
    ("name", "pack"),
    [("a.warc", b"".join), ("a.warc.gz", lambda records: b"".join(map(gzip.compress, records))), ("a.warc.zst", lambda records: zstandard.compress(b"".join(records))), ("nameless", b"".join)],
)  # fmt: skip
def test_warc(tmp_path: Path, name: str, pack) -> None:
    path = tmp_path / name
    path.write_bytes(pack(RECORDS))
    first, second, empty, third = read_all([path])
    assert isinstance(first, Article) and isinstance(second, Article) and isinstance(third, Article)
    assert first.text.split("\n\n") == [HEADLINE, *PARAGRAPHS] and first.url == "https://lugo.example/news/levy"
    assert first.source == f"{path}:https://lugo.example/1" and len(first.id) == 36
    assert "says no to the toll" in second.text and third.encoding == "cp1251"
    assert (isinstance(empty, InputError) and "a.warc" in str(empty)) or name == "nameless"


def _chunks(data: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(data[n : n + 100]), data[n : n + 100]) for n in range(0, len(data), 100)) + b"0\r\n\r\n"


def _brotli(data: bytes) -> bytes:
    out = io.BytesIO()
    writer = BrotliWriter(out)
    writer.write(data)
    writer.close()
    return out.getvalue()


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ("Transfer-Encoding: chunked", _chunks), ("Content-Encoding: gzip", gzip.compress), ("Content-Encoding: br", _brotli),
        ("Content-Encoding: zstd", zstandard.compress), ("Content-Encoding: deflate", zlib.compress), ("Content-Encoding: deflate", lambda d: zlib.compress(d, wbits=-15)),
        ("Transfer-Encoding: chunked\r\nContent-Encoding: gzip", lambda d: _chunks(gzip.compress(d))), ("Content-Encoding: deflate, gzip", lambda d: gzip.compress(zlib.compress(d))),
        # crawlers decode and keep the header
        ("Transfer-Encoding: chunked", bytes), ("Content-Encoding: gzip", bytes), ("Content-Encoding: identity", bytes),
    ],
)  # fmt: skip
def test_bodies_as_servers_send_them(tmp_path: Path, headers: str, code) -> None:
    coded = response("https://lugo.example/1", code(page().encode()), headers=f"Content-Type: text/html\r\n{headers}")
    (tmp_path / "a.warc").write_bytes(coded + RECORDS[0])
    first, second = read_all([tmp_path / "a.warc"])
    assert isinstance(first, Article) and isinstance(second, Article) and first.text == second.text
    assert first.source_sha256 == second.source_sha256


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
def test_a_damaged_body_costs_its_page_alone(tmp_path: Path, coding: str) -> None:
    codes = {"gzip": gzip.compress, "br": _brotli, "zstd": zstandard.compress, "deflate": zlib.compress}
    data = codes[coding](page().encode())
    cut = response("https://lugo.example/1", data[:40] + b"\xff" * 20 + data[70:], headers=f"Content-Type: text/html\r\nContent-Encoding: {coding}")
    (tmp_path / "a.warc").write_bytes(cut + RECORDS[0])
    error, article = read_all([tmp_path / "a.warc"])
    assert isinstance(error, InputError) and "a.warc:https://lugo.example/1: " in str(error) and isinstance(article, Article)


def test_warc_damaged_or_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(b"WARC/1.0\r\nnonsense\r\n\r\n" * 3)
    (tmp_path / "b.warc").write_bytes(b"He said no.")
    packed = b"".join(map(gzip.compress, RECORDS))
    (tmp_path / "c.warc.gz").write_bytes(packed[: len(packed) // 2])
    found = list(read_all([tmp_path]))
    assert isinstance(found[0], InputError) and isinstance(found[1], InputError)
    assert isinstance(found[-1], InputError) and "damaged" in str(found[-1]), found[-1]


def test_a_packed_page_in_an_archive_is_bounded_and_the_next_goes_on(tmp_path: Path) -> None:
    bomb = response("https://lugo.example/bomb", gzip.compress(b"\0" * 300_000_000), headers="Content-Type: text/html\r\nContent-Encoding: gzip")
    (tmp_path / "a.warc").write_bytes(bomb + RECORDS[0])
    [error, article], peak = _measured(tmp_path / "a.warc")
    assert "a.warc:https://lugo.example/bomb: a page of more than 32 MiB: skipped" in str(error)
    assert isinstance(article, Article) and peak < 150_000_000


RSS = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>Lugo Daily</title><language>en-gb</language><link>https://lugo.example/</link>
<item><title>{HEADLINE}</title><link>https://lugo.example/levy</link><guid>1</guid><dc:creator>Dana Moss</dc:creator>
<pubDate>Tue, 04 Mar 2025 10:11:00 +0100</pubDate><description>Short.</description>
<content:encoded><![CDATA[{"".join(f"<p>{p}</p>" for p in PARAGRAPHS)}<script>alert(1)</script>]]></content:encoded></item>
<item><title>No text</title><link>javascript:alert(1)</link></item>
<item><title>Bridge &amp;amp; road</title><description>The bridge is closed, &lt;b&gt;Vega&lt;/b&gt; said.</description></item>
</channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Lugo Daily</title>
<entry><id>tag:1</id><title>{HEADLINE}</title><link href="https://lugo.example/levy"/><updated>2025-03-04T10:11:00+01:00</updated>
<author><name>Dana Moss</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{"".join(f"<p>{p}</p>" for p in PARAGRAPHS)}</div></content></entry></feed>"""


@pytest.mark.parametrize(("name", "feed"), [("a.rss", RSS), ("a.atom", ATOM), ("a.xml", RSS), ("nameless", ATOM)])
def test_feeds(tmp_path: Path, name: str, feed: str) -> None:
    path = tmp_path / name
    path.write_text(feed, encoding="utf-8")
    found = list(read_all([path]))
    first = found[0]
    assert isinstance(first, Article)
    assert first.text.split("\n\n") == [HEADLINE, *PARAGRAPHS]
    assert (first.title, first.outlet, first.authors, first.url) == (HEADLINE, "Lugo Daily", ("Dana Moss",), "https://lugo.example/levy")
    assert first.published == "2025-03-04T10:11:00+01:00" and first.blocks[0].kind == "headline"
    if feed is RSS:
        assert isinstance(found[1], InputError) and f"{path}:entry 2: an entry without text: 'No text'" in str(found[1])
        assert isinstance(found[2], Article) and found[2].text == "Bridge & road\n\nThe bridge is closed, Vega said."


def test_a_date_that_is_none_is_none(tmp_path: Path) -> None:
    for date in ("nonsense", "", "Tue, 99 Mar 2025"):
        (tmp_path / "a.rss").write_text(re.sub("<pubDate>.*</pubDate>", f"<pubDate>{date}</pubDate>", RSS), encoding="utf-8")
        first = next(iter(read_all([tmp_path / "a.rss"])))
        assert isinstance(first, Article) and first.published is None


def test_feeds_expand_and_load_nothing(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    secret = tmp_path / "secret"
    secret.write_text("He said the secret.")
    path = tmp_path / "a.rss"
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">{laughs}<!ENTITY f SYSTEM "file://{secret}">]><rss version="2.0"><channel>'
        "<title>x</title><item><title>y</title><description>He said &m; and &f;.</description></item></channel></rss>"
    )
    list(read_all([path]))  # imports
    found, peak = _measured(path)
    assert peak < 20_000_000
    assert all("secret." not in f.text and "haha" not in f.text for f in found if isinstance(f, Article))


def test_a_feed_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "sitemap.xml").write_text("<urlset><url><loc>https://lugo.example/</loc></url></urlset>")
    [error] = read_all([tmp_path])
    assert isinstance(error, InputError) and "a feed without entries" in str(error)


PACKERS = {"gz": gzip.compress, "zst": zstandard.compress}


@pytest.mark.parametrize("kind", PACKERS)
def test_any_format_may_be_packed(tmp_path: Path, kind: str) -> None:
    pack = PACKERS[kind]
    for name, data in (
        ("a.txt", STORY.encode()), ("b.html", page().encode()), ("c.jsonl", json.dumps({"id": "c", "text": STORY}).encode()),
        ("d.csv", b"id,text\nd,He said no.\n"), ("e.rss", RSS.encode()),
    ):  # fmt: skip
        (tmp_path / f"{name}.{kind}").write_bytes(pack(data))
    found = [f for f in read_all([tmp_path]) if isinstance(f, Article)]
    assert [a.id for a in found[:4]] == ["a", "b", "c", "d"] and len(found) == 6
    assert read(tmp_path / f"a.txt.{kind}").text == STORY
    (tmp_path / "plain.txt").write_bytes(pack(STORY.encode()))  # the name does not tell
    assert read(tmp_path / "plain.txt").text == STORY
    (tmp_path / "twice").write_bytes(pack(pack(STORY.encode())))
    assert read(tmp_path / "twice").text == STORY
    (tmp_path / "thrice").write_bytes(pack(pack(pack(STORY.encode()))))
    with pytest.raises(InputError, match="compressed more than 2 times over"):
        read(tmp_path / "thrice")


@pytest.mark.parametrize("kind", PACKERS)
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv", "a.html", "a.warc"])
def test_bombs(tmp_path: Path, kind: str, name: str) -> None:
    path = tmp_path / f"{name}.{kind}"
    out = io.BytesIO()
    packer = gzip.GzipFile(fileobj=out, mode="wb") if kind == "gz" else zstandard.ZstdCompressor().stream_writer(out, closefd=False)
    with packer:
        packer.write(re.sub(rb"Content-Length: \d+", b"Content-Length: 300000000", RECORDS[0]) if name == "a.warc" else b"")
        for _ in range(300):
            packer.write(b"\0" * 1_000_000)
    path.write_bytes(out.getvalue())
    [*_, error], peak = _measured(path)
    assert peak < 200_000_000
    page_limit = name == "a.html" and "larger than 32 MiB" in str(error)
    assert isinstance(error, InputError)
    assert page_limit or "grows to more than 200 times its size and to more than 64 MiB" in str(error)


@pytest.mark.parametrize("kind", PACKERS)
def test_packed_and_damaged(tmp_path: Path, kind: str) -> None:
    data = PACKERS[kind](STORY.encode() * 50)
    path = tmp_path / f"a.txt.{kind}"
    path.write_bytes(data[: len(data) // 2])
    [error] = read_all([path])
    assert isinstance(error, InputError) and ("damaged" in str(error) or kind == "zst")
    path.write_bytes(data[:6] + b"\xff" * 20 + data[26:])
    [error] = read_all([path])
    assert isinstance(error, InputError) and "damaged compressed data" in str(error)


def test_other_archives_are_named_as_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.txt.bz2").write_bytes(bz2.compress(STORY.encode()))
    [error] = read_all([tmp_path / "a.txt.bz2"])
    assert isinstance(error, InputError) and "binary file" in str(error)


def test_standard_input_may_be_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    for data, reader in (
        (gzip.compress(page().encode()), "trafilatura"), (RSS.encode(), "feedparser"), (b"".join(RECORDS), "trafilatura"),
        (json.dumps({"text": "x" * 10_000}).encode(), "jsonl"), (STORY.encode(), "plain"), (b"{ He said no. }", "plain"),
    ):  # fmt: skip
        stdin = io.TextIOWrapper(io.BytesIO(data))
        monkeypatch.setattr(sys, "stdin", stdin)
        first = next(iter(read_all(["-"])))
        assert isinstance(first, Article) and str(first.reader).startswith(reader)
        assert not stdin.buffer.closed


def test_a_missing_extra_names_the_line_that_installs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {
        "a.html": ("trafilatura", "html"), "a.pdf": ("pypdf", "pdf"), "a.docx": ("docx", "docx"), "a.rss": ("feedparser", "feeds"),
        "a.parquet": ("pyarrow", "parquet"), "a.warc": ("fastwarc", "warc"), "a.txt.zst": ("zstandard", "zstd"),
    }  # fmt: skip
    (tmp_path / "z.txt").write_text(STORY)
    for name, (module, extra) in made.items():
        data = zstandard.compress(b"x") if name.endswith(".zst") else b"x"
        (tmp_path / name).write_bytes(data)
        with monkeypatch.context() as without:
            for loaded in [m for m in sys.modules if m == module or m.startswith(f"{module}.")]:
                without.setitem(sys.modules, loaded, None)
            without.setitem(sys.modules, module, None)
            error, other = read_all([tmp_path / name, tmp_path / "z.txt"])
            assert f"pip install 'claim-attribution[{extra}]'" in str(error) and isinstance(other, Article)
            if extra not in ("feeds", "parquet", "warc"):
                with pytest.raises(attribution.MissingExtraError):
                    read(tmp_path / name)


def test_articles_in_other_languages_take_an_errors_place(tmp_path: Path) -> None:
    records = [{"text": STORY}, {"text": GERMAN}, {"text": "Ja."}, {"text": "Ja, sagte er.", "lang": "de"}, {"text": "3 4 " * 99 + "ja " * 50, "lang": "de"}]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records))
    found = list(read_all([tmp_path], any_language=False))
    assert [isinstance(f, Article) for f in found] == [True, False, True, True, False]  # short ones are never refused
    assert "a.jsonl:2: is in another language than English (de): skipped; --any-language reads it" in str(found[1])
