"""Every format: a real file, read back by the format's own library; every span slices back to its text."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pyarrow.parquet
import pytest
import spacy
from hypothesis import HealthCheck, example, given, settings
from made import found, make, tricky
from spacy.tokens import DocBin
from typer.testing import CliRunner

from attribution import formats
from attribution.claims import ArticleClaims, Claim
from attribution.cli.main import app
from attribution.errors import OutputError
from attribution.formats import FORMATS, FormatName, Options
from attribution.formats.delimited import guarded, unguarded
from attribution.formats.fragments import link, web_address
from attribution.formats.parquet import FLAT
from attribution.formats.xlsx import shown

TEXT = "Ana Ruiz, the mayor, said the re-opened road, A & B, was closed.\nLuis Vega denied it."
STORY = make(
    TEXT,
    [{"content": [(26, 63)], "cue": [(21, 25)], "source": [(0, 19)], "speaker": "Ana Ruiz", "role": "mayor"},
     {"content": [(82, 84)], "cue": [(75, 81)], "source": [(65, 74)], "speaker": "Luis Vega", "act": "denial"}],
    title="Road", url="https://news.example/road", outlet="The Daily", published="2024-05-01", authors=("Eva",),
)  # fmt: skip
assert [c.content.text for c in STORY.claims] == ["the re-opened road, A & B, was closed", "it"]
FUZZ = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def text_of(name: str, *articles: ArticleClaims, **options: Any) -> str:
    return "".join(formats.format_of(name).writer(iter(articles), Options(**options)))


def bytes_of(name: str, *articles: ArticleClaims, **options: Any) -> io.BytesIO:
    file = io.BytesIO()
    formats.format_of(name).writer(iter(articles), file, Options(**options))
    file.seek(0)
    return file


def test_every_name_has_a_format_with_a_writer() -> None:
    assert list(FORMATS) == list(FormatName)
    suffixes = [s for f in FORMATS.values() for s in f.suffixes]
    assert len(set(suffixes)) == len(suffixes)
    for f in FORMATS.values():
        assert callable(f.writer) and f.about


@pytest.mark.parametrize(
    ("name", "format_"),
    [("a.csv", "csv"), ("A.HTML", "html"), ("x.jsonl", "jsonl"), ("x.prodigy.jsonl", "prodigy"), ("x.jsonld", "webannotation"), ("x.schemaorg.jsonld", "schemaorg"), ("x.spacy", "docbin")],
)
def test_the_ending_tells_the_format(name: str, format_: str) -> None:
    assert formats.format_for(Path(name)).name == format_


def test_an_unknown_ending_or_name_lists_what_there_is() -> None:
    with pytest.raises(OutputError, match=r"give --format, or end the name with one of \.txt, \.md"):
        formats.format_for(Path("x.doc"))
    with pytest.raises(OutputError, match="no such format; there are table, markdown"):
        formats.format_of("pdf")


@pytest.mark.parametrize("name", FormatName)
def test_the_same_claims_give_the_same_bytes(name: str, tmp_path: Path) -> None:
    def content(target: Path) -> list[tuple[str, bytes]]:
        files = [target] if target.is_file() else sorted(target.rglob("*"))
        return [("" if p == target else p.name, p.read_bytes()) for p in files]

    for n in ("1", "2"):
        assert formats.write([tricky(), STORY], tmp_path / n, format=name) == 2
    if name == "xlsx":  # openpyxl writes the time
        assert formats.write([STORY], tmp_path / "1", format=name) == 1
    else:
        assert content(tmp_path / "1") == content(tmp_path / "2")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["1", "2"]


@pytest.mark.parametrize("name", FormatName)
def test_a_format_streams_or_waits_but_writes_an_article_without_claims(name: str, tmp_path: Path) -> None:
    assert formats.write([make("Nothing is said here.", [])], tmp_path / "x", format=name) == 1
    assert (tmp_path / "x").exists()


@FUZZ
@given(found())
@example(tricky(url="https://example.org/"))
def test_csv_and_tsv(given_: ArticleClaims) -> None:
    for name, delimiter in (("csv", ","), ("tsv", "\t")):
        text = text_of(name, given_, where=True)
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
        assert len(rows) == len(given_.claims)
        for row, c in zip(rows, given_.claims, strict=True):
            plain = {k: unguarded(v) for k, v in row.items()}
            assert plain["claim"] == c.content.text and plain["speaker"] == c.speaker.name
            pieces = [tuple(map(int, s.split("-"))) for s in plain["spans"].split()]
            assert " … ".join(given_.article.text[s:e] for s, e in pieces) == c.content.text
            assert not any(v[:1] in tuple("=+-@\t\r＝＋－＠") for v in row.values() if v)


@pytest.mark.parametrize("cell", ["=1+1", "+x", "-x", "@x", "\tx", "\rx", "＝x", "'=x", "''-x"])
def test_a_cell_that_would_be_a_formula_gets_an_apostrophe(cell: str) -> None:
    assert guarded(cell) == f"'{cell}" and unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["", "x=1", "'tis", "“=1”", "'", "1-2"])
def test_other_cells_stay(cell: str) -> None:
    assert guarded(cell) == cell == unguarded(cell)


def test_the_mark_for_excel() -> None:
    assert text_of("csv", STORY, excel=True).encode().startswith(b"\xef\xbb\xbfarticle,title,")
    assert text_of("csv", STORY).startswith("article,title,") and text_of("csv", STORY).endswith("\r\n")


@FUZZ
@given(found())
@example(tricky())
def test_json_and_jsonl(given_: ArticleClaims) -> None:
    [line, end] = text_of("jsonl", given_).split("\n")
    assert end == "" and json.loads(line) == json.loads(text_of("json", given_))[0]
    claims = tuple(Claim.model_validate(c) for c in json.loads(line)["claims"])
    assert claims == given_.claims
    for c in claims:
        for s, selector in zip(c.content.spans, c.selectors, strict=True):
            assert given_.article.text[s.start : s.end] == selector.quote.exact
    assert json.loads(text_of("json")) == []


@FUZZ
@given(found())
@example(tricky())
def test_parquet(given_: ArticleClaims) -> None:
    table = pyarrow.parquet.read_table(bytes_of("parquet", given_, given_))
    rows = table.to_pylist()
    claims = tuple(Claim.model_validate({k: v for k, v in r.items() if k not in FLAT}) for r in rows)
    assert claims == given_.claims * 2
    for r, c in zip(rows, claims, strict=True):
        assert (r["speaker_name"], r["text"], r["article_id"]) == (c.speaker.name, c.content.text, c.article.id)


def test_parquet_has_a_version_and_row_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attribution.formats.parquet._ROWS", 2)
    file = pyarrow.parquet.ParquetFile(bytes_of("parquet", *[STORY] * 3))
    assert file.schema_arrow.metadata[b"attribution.schema"] == b"1"
    assert [file.metadata.row_group(i).num_rows for i in range(3)] == [2, 2, 2]
    empty = pyarrow.parquet.read_table(bytes_of("parquet"))
    assert empty.num_rows == 0 and empty.schema.equals(file.schema_arrow)


@FUZZ
@given(found())
@example(tricky(url="https://example.org/"))
def test_xlsx(given_: ArticleClaims) -> None:
    sheet = openpyxl.load_workbook(bytes_of("xlsx", given_, where=True))["Claims"]
    header, *rows = sheet.iter_rows()
    names = [c.value for c in header]
    assert len(rows) == len(given_.claims)
    for row, c in zip(rows, given_.claims, strict=True):
        cells = dict(zip(names, row, strict=True))
        assert all(cell.data_type != "f" for cell in row)
        assert (cells["claim"].value or "") == shown(c.content.text) and (cells["speaker"].value or "") == shown(c.speaker.name)
        assert cells["start"].value == c.content.spans[0].start and cells["confidence"].value == 0.5


def test_xlsx_is_ready_to_read() -> None:
    book = openpyxl.load_workbook(bytes_of("xlsx", STORY, tricky(), where=True))
    sheet = book["Claims"]
    assert book.sheetnames == ["Claims", "Speakers"] and sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == sheet.dimensions and sheet["A1"].font.bold
    names = [c.value for c in sheet[1]]
    claim, where = names.index("claim"), names.index("where")
    assert sheet[2][claim].alignment.wrap_text and sheet.column_dimensions[sheet[1][claim].column_letter].width == 70
    assert sheet[2][where].hyperlink.target == sheet[2][where].value == link(STORY.article, STORY.claims[0])
    formula = next(r for r in sheet.iter_rows() if str(r[claim].value).startswith("=cmd"))[claim]
    assert formula.data_type == "s" and formula.quotePrefix
    speakers = {r[0]: r[4:] for r in book["Speakers"].iter_rows(values_only=True)}
    assert speakers["speaker"] == ("claims", "direct", "indirect", "mixed", "articles")
    assert speakers["Ana Ruiz"] == (1, 0, 1, 0, 1)


def test_xlsx_goes_on_in_the_next_sheet_and_cuts_what_excel_cannot_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attribution.formats.xlsx.MAX_ROWS", 4)
    book = openpyxl.load_workbook(bytes_of("xlsx", *[STORY] * 3))
    assert [(s.title, s.max_row) for s in book][:2] == [("Claims", 4), ("Claims 2", 4)]
    assert shown("x" * 40_000) == "x" * 32_766 + "…" and shown("a\x00\r\nb_x0041_") == "a\ufffd\nb_x005F_x0041_"


@FUZZ
@given(found())
@example(tricky())
def test_docbin(given_: ArticleClaims) -> None:
    [doc] = DocBin(store_user_data=True).from_bytes(bytes_of("docbin", given_).read()).get_docs(spacy.blank("en").vocab)
    assert doc.text == given_.article.text and tuple(doc._.claims) == given_.claims
    contents = doc.spans["attribution.content"]
    assert len(contents) == sum(len(c.content.spans) for c in given_.claims)
    assert {s.id_ for s in contents} == {c.id for c in given_.claims}


def test_docbin_from_disk(tmp_path: Path) -> None:
    formats.write([STORY, tricky()], tmp_path / "x.spacy")
    docs = list(DocBin().from_disk(tmp_path / "x.spacy").get_docs(spacy.blank("en").vocab))
    assert [len(d._.claims) for d in docs] == [2, len(tricky().claims)] and docs[0]._.speakers[0].name == "Ana Ruiz"


@FUZZ
@given(found())
@example(tricky(url="https://example.org/"))
def test_webannotation(given_: ArticleClaims) -> None:
    document = json.loads(text_of("webannotation", given_))
    assert document["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert len(document["@graph"]) == len(given_.claims)
    ids = {a["id"] for a in document["@graph"]}
    for a, c in zip(document["@graph"], given_.claims, strict=True):
        assert a["type"] == "Annotation" and len(a["target"]) == len(c.content.spans)
        assert ("attribution:inside" in a) == (c.parent is not None) and a.get("attribution:inside", a["id"]) in ids
        for t in (*a["target"], *(b for b in a["body"] if b["type"] == "SpecificResource")):
            quote, position = t["selector"]
            text = given_.article.text
            start, end = position["start"], position["end"]
            assert text[start:end] == quote["exact"]
            assert text[:start].endswith(quote["prefix"]) and text[end:].startswith(quote["suffix"])
            assert t["source"].startswith(("https://e", "ni:///sha-256;"))
            assert ("state" in t) == t["source"].startswith("https://")


@FUZZ
@given(found())
@example(tricky(url="https://example.org/"))
def test_schemaorg(given_: ArticleClaims) -> None:
    text = text_of("schemaorg", given_)
    assert "<" not in text
    document = json.loads(text)
    article, *nodes = document["@graph"]
    assert document["@context"] == "https://schema.org" and article["@type"] == "NewsArticle"
    for node, c in zip(nodes, given_.claims, strict=True):
        assert node["@type"] == ("Quotation" if c.type == "direct" else "Claim") and node["text"] == c.content.text
        if c.type != "direct" and (c.polarity == "negated" or c.act in ("denial", "question")):
            assert "author" not in node


def test_schemaorg_says_who() -> None:
    article, claim, denial = json.loads(text_of("schemaorg", STORY))["@graph"]
    assert article == {
        "@type": "NewsArticle", "@id": "https://news.example/road", "headline": "Road", "url": "https://news.example/road",
        "datePublished": "2024-05-01", "publisher": {"@type": "Organization", "name": "The Daily"}, "author": [{"@type": "Person", "name": "Eva"}],
    }  # fmt: skip
    assert claim["author"] == {"@type": "Person", "name": "Ana Ruiz", "jobTitle": "mayor"}
    assert denial["mentions"]["name"] == "Luis Vega" and denial["description"] == "Luis Vega denied: it"


@FUZZ
@given(found())
@example(tricky())
def test_conll(given_: ArticleClaims) -> None:
    head, *lines = text_of("conll", given_).split("\n")
    columns = head.removeprefix("# global.columns = ").split()
    text = given_.article.text
    pieces: dict[str, list[list[int]]] = {}
    for line in lines:
        if not line or line.startswith("# "):
            continue
        token = dict(zip(columns, line.split("\t"), strict=True))
        start, end = int(token["START"]), int(token["END"])
        assert len(token["FORM"]) == end - start and not any(c.isspace() for c in text[start:end])
        for tag in token["ALL"].split("|") if token["ALL"] != "_" else ():
            number, _, bio = tag.partition(":")
            place = pieces.setdefault(f"{number}{bio[1:]}", [])
            if bio[0] == "B":
                place.append([start, end])
            else:
                place[-1][1] = end
        for role in ("SOURCE", "CUE", "CONTENT"):
            assert token[role] == "O" or token[role][2:] == role
    expected = {
        f"{i}-{role}": [[s.start, s.end] for s in p.spans]
        for i, c in enumerate(given_.claims, 1)
        for role, p in (("SOURCE", c.source), ("CUE", c.cue), ("CONTENT", c.content), ("TO", c.addressee)) if p
    }  # fmt: skip
    assert pieces == expected
    assert sum(line.startswith("# claim ") for line in lines) == len(given_.claims)


def test_conll_columns_hold_the_outermost_claims() -> None:
    text = text_of("conll", tricky())
    rows = [line.split("\t") for line in text.split("\n") if line and not line.startswith("#")]
    by_form = {r[1]: r for r in rows}
    assert by_form["Reuters"][4:7] == ["B-SOURCE", "O", "O"] and "9:I-CONTENT" in by_form["Reuters"][7]
    assert by_form["feared"][5] == "O" and "3:B-CUE" in by_form["feared"][7]


@FUZZ
@given(found())
@example(tricky(url="https://example.org/"))
def test_markdown_and_table(given_: ArticleClaims) -> None:
    lines = text_of("markdown", given_, where=True).split("\n")
    rows = [line for line in lines if line.startswith("| ")][1:]
    assert len(rows) == len(given_.claims)
    for row in rows:
        assert len([c for i, c in enumerate(row) if c == "|" and row[i - 1] != "\\"]) == 5
        assert row.count("<") == row.count("\\<") + row.count("](<")
    for width in (60, 120):
        table = text_of("table", given_, width=width, where=True, by_speaker=width == 60)
        assert "\x1b" not in table and "\u202e" not in table


def test_where_in_every_format_that_takes_it() -> None:
    first = link(STORY.article, STORY.claims[0])
    assert first == "https://news.example/road#:~:text=Ana%20Ruiz%2C%20the%20mayor%2C%20said-,the%20re%2Dopened%20road%2C%20A%20%26%20B%2C%20was%20closed,-."
    assert first in text_of("table", STORY, where=True, by_speaker=True)
    for name in ("table", "markdown", "csv", "tsv"):
        assert first in text_of(name, STORY, where=True) and "#:~:" not in text_of(name, STORY)
    assert first.replace("&", "&amp;").replace("'", "&#x27;") in text_of("html", STORY, where=True)
    assert "#:~:" not in text_of("html", STORY)
    assert "\x1b]8;id=" in text_of("table", STORY, where=True, colour=True)


def test_text_fragments() -> None:
    def fragment(text: str, *spans: tuple[int, int], url: str = "https://e.org/a#top") -> str:
        given_ = make(text, [{"content": list(spans)}], url=url)
        return unquote((link(given_.article, given_.claims[0]) or "").partition(":~:")[2])

    words = "one two three four five six seven eight nine ten eleven twelve thirteen"
    assert fragment(words, (0, len(words))) == "text=one two three four five,nine ten eleven twelve thirteen"
    assert fragment("Head\nfirst line\n\nlast line\nTail", (5, 26)) == "text=first line,last line"
    assert fragment("He said no and yes.", (8, 10), (15, 18)) == "text=He said-,no,-and yes.&text=He said no and-,yes,-."
    long = "abcdefghij" * 4 + " klm"
    assert fragment(f"{long} X {long}", (45, 46)) == "text=klm-,X"
    given_ = make("He said no.", [{"content": [(8, 10)]}], url="https://e.org/a#top:~:text=old")
    assert (link(given_.article, given_.claims[0]) or "").startswith("https://e.org/a#top:~:text=He")


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "ftp://e.org", "http://[", "//e.org", "https:"])
def test_what_is_no_web_address_makes_no_link(url: str | None) -> None:
    assert web_address(url) is None and link(STORY.article.model_copy(update={"url": url}), STORY.claims[0]) is None


def test_a_web_address_is_safe_in_a_link() -> None:
    assert web_address("https://e.org/a b\"><script>'") == "https://e.org/a%20b%22%3E%3Cscript%3E%27"


def test_a_zip_holds_the_folder(tmp_path: Path) -> None:
    formats.write([STORY], tmp_path / "b.zip", format="brat")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert archive.namelist() == ["a1.ann", "a1.txt", "annotation.conf", "articles.json", "visual.conf"]
    assert [p.name for p in tmp_path.iterdir()] == ["b.zip"]


def test_a_target_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    (tmp_path / "empty").mkdir()
    for name, format_, says in (
        ("full", "brat", "holds files already"), ("full/x", "brat", "makes a folder"), ("full", "csv", "is a folder"),
        ("no/x.csv", "csv", "does not exist: make it first"), ("no/x", "cas", "does not exist"),
    ):  # fmt: skip
        with pytest.raises(OutputError, match=says):
            formats.write([STORY], tmp_path / name, format=format_)
    assert formats.write([STORY], tmp_path / "empty", format="brat") == 1
    with pytest.raises(OutputError, match="no --where; these have: table"):
        formats.write([STORY], tmp_path / "x.json", options=Options(where=True))


def test_nothing_is_left_of_what_fails(tmp_path: Path) -> None:
    def failing() -> Any:
        yield STORY
        raise RuntimeError("boom")

    for name in FormatName:
        with pytest.raises(RuntimeError, match="boom"):
            formats.write(failing(), tmp_path / f"x-{name}", format=name)
        assert formats.write([], tmp_path / f"x-{name}", format=name) == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("module", "name"), [("pyarrow", "parquet"), ("openpyxl", "xlsx"), ("cassis", "cas")])
def test_a_missing_extra_is_answered_with_the_install_line(module: str, name: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    code = f"import sys; sys.modules[{module!r}] = None; sys.argv = ['attribution', {str(tmp_path / 'a.txt')!r}, '-f', {name!r}, '-o', {str(tmp_path / 'out')!r}]; from attribution.cli.main import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and f"pip install 'claim-attribution[{name}]'" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.model
def test_the_command_line_writes_every_format(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    run: Callable[..., Any] = CliRunner().invoke
    for name, f in FORMATS.items():
        target = tmp_path / f"out{f.suffixes[0]}" if f.suffixes else tmp_path / name
        named = [] if f.suffixes else ["-f", name]
        done = run(app, ["extract", str(tmp_path / "a.txt"), "-o", str(target), *named])
        assert done.exit_code == 0 and target.exists(), done.output
    for arguments, says in (
        (["-f", "xlsx"], "is a binary file, not for standard output: name a target with -o"),
        (["-f", "brat"], "is a folder, not for standard output"),
        (["-o", str(tmp_path / "x.doc")], "its ending names no format"),
        (["-f", "json", "--excel"], "no --excel; these have: csv, tsv"),
        (["--by", "speaker"], "no --by speaker; these have: table"),
    ):
        done = run(app, ["extract", str(tmp_path / "a.txt"), *arguments])
        assert done.exit_code == 2 and says in done.stderr, done.output
