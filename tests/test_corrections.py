"""Annotation tools, out and back: a round trip without a correction gives equal claims, a correction comes through."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree

import cassis
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from made import at, found, make, tricky
from typer.testing import CliRunner

from attribution import formats
from attribution.claims import ArticleClaims, Passage
from attribution.cli.main import app
from attribution.errors import InputError
from attribution.evaluation.report import compare, read_gold_records
from attribution.formats.annotation import read_corrections
from attribution.formats.annotation.gold import gold_line, gold_record
from attribution.formats.annotation.graph import Graph, Link, Mark
from attribution.offsets import Utf16Offsets
from attribution.training.corpora import read_corrected

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
TOOLS = ("brat", "cas", "labelstudio", "prodigy")
SMALL = make(
    "Ana 🗞️ said Luis told us no.",
    [{"content": [(12, 28)], "cue": [(7, 11)], "source": [(0, 3)], "speaker": "Ana"},
     {"content": [(25, 27)], "cue": [(17, 21)], "source": [(12, 16)], "to": [(22, 24)], "speaker": "Luis", "parent": 0}],
)  # fmt: skip


def export(tool: str, articles: list[ArticleClaims], folder: Path) -> Path:
    """What a user gets back from the tool if nothing was corrected."""
    target = folder / {"prodigy": "p.prodigy.jsonl", "cas": "c.zip"}.get(tool, tool)
    formats.write(articles, target, format=tool)
    if tool != "labelstudio":
        return target
    tasks = json.loads((target / "tasks.json").read_text("utf-8"))
    for i, task in enumerate(tasks, 1):  # what Label Studio makes of a task whose prediction is submitted as it is
        task.update(id=i, annotations=[{"id": i, "result": task.pop("predictions")[0]["result"], "was_cancelled": False}])
    path = folder / "export.json"
    path.write_text(json.dumps(tasks), "utf-8")
    return path


def expected(given: ArticleClaims, clean: Callable[[str], str] = str) -> list[tuple[Any, ...]]:
    contents = {c.id: spans(c.content) for c in given.claims}
    return sorted(
        (spans(c.content), spans(c.cue), spans(c.source), spans(c.addressee), c.type, c.act, c.polarity, c.speaker.kind,
         clean(" ".join(c.speaker.name.split())), contents.get(c.parent or "", []))
        for c in given.claims
    )  # fmt: skip


def spans(p: Passage | None) -> list[list[int]]:
    return [[s.start, s.end] for s in p.spans] if p else []


def actual(record: dict[str, Any]) -> list[tuple[Any, ...]]:
    contents = {a["n"]: a["content"] for a in record["attributions"]}
    return sorted(
        (a["content"], a["cue"], a["source"], a["addressee"], a["type"], a["act"], a["polarity"], a["kind"], a["speaker"] or "",
         contents.get(a["parent"], []))
        for a in record["attributions"]
    )  # fmt: skip


@pytest.mark.parametrize("tool", TOOLS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(given_=found())
@example(given_=tricky())
def test_a_round_trip_gives_equal_claims(tool: str, given_: ArticleClaims) -> None:
    clean = (lambda text: FORBIDDEN.sub("\ufffd", text)) if tool == "cas" else str
    with TemporaryDirectory() as folder:
        [record] = read_corrections([export(tool, [given_], Path(folder))])
    assert not isinstance(record, InputError), record
    assert record["text"] == clean(given_.article.text)
    assert record["id"] == clean(given_.article.id)
    assert actual(record) == expected(given_, clean)


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 400), st.floats(allow_nan=False), st.sampled_from(["", "x", "Content", "part", "c1", "labels"])),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["id", "start", "end", "text", "labels", "value"]), inner, max_size=3)),
    max_leaves=4,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in a JSON document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(p for key, v in inner for p in places(v, (*path, key)))]


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = put(value[path[0]], path[1:], new)
    return copy


@cache
def exported(tool: str) -> dict[str, bytes]:
    """The files of one small export, made once."""
    with TemporaryDirectory() as folder:
        path = export(tool, [SMALL], Path(folder))
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                return {name: archive.read(name) for name in archive.namelist()} | {"c.zip": path.read_bytes()}
        return {p.name: p.read_bytes() for p in ([path] if path.is_file() else path.iterdir())}


@pytest.mark.parametrize(("tool", "name"), [("labelstudio", "export.json"), ("prodigy", "p.prodigy.jsonl")])
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_any_damage_to_json_ends_in_gold_or_in_an_error_that_says_where(tool: str, name: str, data: st.DataObject) -> None:
    document = json.loads(exported(tool)[name])
    for _ in range(data.draw(st.integers(1, 3))):
        document = put(document, data.draw(st.sampled_from(places(document))), data.draw(_JSON))
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(json.dumps(document), "utf-8")
        check_all(path, path)


@pytest.mark.parametrize(
    ("tool", "name", "read"),
    [("brat", "a1.ann", ""), ("cas", "a1.xmi", ""), ("cas", "TypeSystem.xml", ""), ("cas", "c.zip", "c.zip"), ("labelstudio", "export.json", "export.json"), ("prodigy", "p.prodigy.jsonl", "p.prodigy.jsonl")],
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_damage_to_bytes_ends_in_gold_or_in_an_error_that_says_where(tool: str, name: str, read: str, data: st.DataObject) -> None:
    raw = bytearray(exported(tool)[name])
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, max(0, len(raw) - 1)))
        raw[start : start + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=4))
    with TemporaryDirectory() as folder:
        for each, content in exported(tool).items():
            if each != "c.zip" or read:
                (Path(folder) / each).write_bytes(raw if each == name else content)
        check_all(Path(folder) / read, Path(folder))


def check_all(path: Path, place: Path) -> None:
    for record in read_corrections([path]):
        if isinstance(record, InputError):
            assert str(place) in str(record)
            continue
        json.loads(gold_line(record))
        for claim in record["attributions"]:
            assert claim["content"] and claim["parent"] != claim["n"]
            for role in ("content", "cue", "source", "addressee"):
                assert all(0 <= s < e <= len(record["text"]) for s, e in claim[role])


@pytest.mark.model
@pytest.mark.parametrize("tool", TOOLS)
def test_what_comes_back_scores_full_marks(tool: str, tmp_path: Path, seeds: list[Path]) -> None:
    import attribution

    articles = [a for a in attribution.extract_many(seeds) if isinstance(a, ArticleClaims)]
    gold = tmp_path / "gold.jsonl"
    done = CliRunner().invoke(app, ["import", str(export(tool, articles, tmp_path)), "-o", str(gold)])
    assert done.exit_code == 0, done.output
    predicted = {a.article.id: [c.model_dump(mode="json") for c in a.claims] for a in articles}
    scores = compare(read_gold_records(gold), predicted).by_name
    assert {name: s.f1 for name, s in scores.items()} == dict.fromkeys(scores, 1.0)
    assert scores["who said what"].gold == sum(len(a.claims) for a in articles)


def test_several_articles_of_one_id_stay_apart(tmp_path: Path) -> None:
    articles = [make("Ana said no.", [], id="x/y"), make("Luis said yes.", [], id="x/y"), make("Eva said so.", [], id="..")]
    for tool in TOOLS:
        folder = tmp_path / tool
        folder.mkdir()
        records = list(read_corrections([export(tool, articles, folder)]))
        assert sorted((r["id"], r["text"]) for r in records) == sorted((a.article.id, a.article.text) for a in articles)


def test_offsets_in_xmi_are_utf16(tmp_path: Path) -> None:
    given_ = tricky()
    formats.write([given_], tmp_path / "cas", format="cas")
    with (tmp_path / "cas" / "TypeSystem.xml").open("rb") as types, (tmp_path / "cas" / "a1.xmi").open("rb") as xmi:
        assert cassis.load_cas_from_xmi(xmi, typesystem=cassis.load_typesystem(types)).typecheck() == []
    root = ElementTree.parse(tmp_path / "cas" / "a1.xmi").getroot()
    sofa = next(e for e in root.iter() if e.tag.endswith("Sofa")).get("sofaString")
    assert sofa is not None
    units = sofa.encode("utf-16-le")
    offsets = Utf16Offsets(given_.article.text)
    marks = [e for e in root.iter() if e.tag.endswith("AttributionSpan")]
    contents = sorted((int(e.get("begin", "")), int(e.get("end", ""))) for e in marks if e.get("role") == "Content")
    assert contents == sorted(
        (offsets.to_utf16(s.start), offsets.to_utf16(s.end)) for c in given_.claims for s in c.content.spans
    )
    first = given_.claims[0].content.spans[1]
    begin, end = offsets.to_utf16(first.start), offsets.to_utf16(first.end)
    assert begin > first.start and units[2 * begin : 2 * end].decode("utf-16-le") == given_.article.text[first.start : first.end]


def test_brat_by_its_documented_rules(tmp_path: Path) -> None:
    given_ = tricky()
    formats.write([given_], tmp_path / "brat", format="brat")
    text = (tmp_path / "brat" / "a1.txt").read_bytes().decode()
    assert text == given_.article.text
    lines = (tmp_path / "brat" / "a1.ann").read_text("utf-8").split("\n")[:-1]
    assert len({line.split("\t")[0] for line in lines}) == len(lines)
    ids = set()
    for line in lines:
        id_, what, *words = line.split("\t")
        if id_[0] == "T":
            ids.add(id_)
            places = [tuple(map(int, p.split())) for p in what.partition(" ")[2].split(";")]
            assert words == [" ".join(text[s:e] for s, e in places)]
            assert not any(len(text[s:e].splitlines()) > 1 for s, e in places)
        elif id_[0] == "R":
            _, first, second = what.split(" ")
            assert first.removeprefix("Arg1:") in ids and second.removeprefix("Arg2:") in ids
        else:
            assert what.split(" ")[1] in ids
    conf = (tmp_path / "brat" / "annotation.conf").read_text("utf-8")
    assert re.findall(r"^\[(\w+)\]$", conf, re.M) == ["entities", "relations", "events", "attributes"]
    used = {line.split("\t")[1].split(" ")[0] for line in lines if line[0] in "TRA"}
    assert all(re.search(rf"^{name}(\t|$)", conf, re.M) for name in used)


def test_label_studio_by_its_documented_rules(tmp_path: Path) -> None:
    given_ = tricky(title="T")
    formats.write([given_], tmp_path / "ls", format="labelstudio")
    [task] = json.loads((tmp_path / "ls" / "tasks.json").read_text("utf-8"))
    config = ElementTree.parse(tmp_path / "ls" / "labels.xml").getroot()
    tags = {e.get("name"): e for e in config.iter() if e.get("name")}
    assert tags["text"].get("value") == "$text" and task["data"]["text"] == given_.article.text
    allowed = {name: {c.get("value") for c in e} for name, e in tags.items()}
    relations = {e.get("value") for e in config.iter("Relation")}
    regions = set()
    for r in task["predictions"][0]["result"]:
        if r["type"] == "relation":
            assert {r["from_id"], r["to_id"]} <= regions and set(r["labels"]) <= relations
            continue
        regions.add(r["id"])
        assert tags[r["from_name"]].get("toName") == r["to_name"] == "text"
        assert tags[r["from_name"]].tag.casefold() == r["type"]
        value = r["value"]
        if r["type"] != "textarea":
            assert set(value.get("labels") or value["choices"]) <= allowed[r["from_name"]]
        if r["type"] == "labels":  # Label Studio counts code points
            assert value["text"] == given_.article.text[value["start"] : value["end"]]


def test_prodigy_tokens_carry_the_spans(tmp_path: Path) -> None:
    given_ = tricky()
    formats.write([given_], tmp_path / "x.prodigy.jsonl")
    task = json.loads((tmp_path / "x.prodigy.jsonl").read_text("utf-8"))
    text, tokens = task["text"], task["tokens"]
    assert all(text[t["start"] : t["end"]] == t["text"] and t["id"] == i for i, t in enumerate(tokens))
    assert all(tokens[s["token_start"]]["start"] == s["start"] and tokens[s["token_end"]]["end"] == s["end"] for s in task["spans"])
    assert all(tokens[r["head"]]["end"] == r["head_span"]["end"] for r in task["relations"])


def test_an_exported_project_of_inception(tmp_path: Path) -> None:
    given_ = tricky()
    formats.write([given_], tmp_path / "c.zip", format="cas")
    with zipfile.ZipFile(tmp_path / "c.zip") as made:
        files = {name: made.read(name) for name in made.namelist()}

    def user(name: str) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as out:
            out.writestr(f"{name}.xmi", files["a1.xmi"])
            out.writestr("TypeSystem.xml", files["TypeSystem.xml"])
        return buffer.getvalue()

    def project(*members: str) -> Path:
        path = tmp_path / f"project{len(list(tmp_path.iterdir()))}.zip"
        with zipfile.ZipFile(path, "w") as out:
            out.writestr("exportedproject1.json", "{}")
            for member in members:
                out.writestr(f"{member}.zip", user(member.rpartition("/")[2]))
        return path

    [one] = read_corrections([project("annotation/a1.txt/ana")])
    assert actual(one) == expected(given_)
    [curated] = read_corrections([project("annotation/a1.txt/ana", "annotation/a1.txt/luis", "curation/a1.txt/CURATION_USER")])
    assert actual(curated) == expected(given_)
    [two] = read_corrections([project("annotation/a1.txt/ana", "annotation/a1.txt/luis")])
    assert isinstance(two, InputError) and "2 people" in str(two) and "curate" in str(two)


TEXT = "Ana said no. Luis agreed."
ANN = "T1\tContent 9 11\tno\nT2\tCue 4 8\tsaid\nT3\tSource 0 3\tAna\nR1\tcue Arg1:T1 Arg2:T2\nR2\tsource Arg1:T1 Arg2:T3\nA1\tType T1 indirect\n#1\tAnnotatorNotes T1\tAna Ruiz\n"


def brat(folder: Path, ann: str, text: str = TEXT) -> Path:
    (folder / "x.txt").write_text(text, "utf-8")
    (folder / "x.ann").write_text(ann, "utf-8")
    return folder / "x.ann"


def test_a_correction_comes_through(tmp_path: Path) -> None:
    changed = ANN.replace("T3\tSource 0 3\tAna", "T3\tSource 13 17\tLuis").replace("Ana Ruiz", "Luis Vega") + "A2\tAct T1 denial\n"
    [record] = read_corrections([brat(tmp_path, changed)])
    assert record["attributions"] == [
        {"n": 1, "source": [[13, 17]], "cue": [[4, 8]], "content": [[9, 11]], "addressee": [], "type": "indirect",
         "act": "denial", "polarity": "affirmed", "speaker": "Luis Vega", "kind": None, "to": None, "parent": None}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("R1\tcue Arg1:T1 Arg2:T2\n", ""), r"the Cue “said” at 4–8 belongs to no Content: draw a link"),
        (("Type T1 indirect", "Type T1 loud"), r"the Content “no” at 9–11 has type 'loud', not one of direct, indirect, mixed"),
        (("R2\tsource Arg1:T1 Arg2:T3", "R2\tsource Arg1:T2 Arg2:T3"), r"joins the Cue “said” at 4–8 and the Source “Ana” at 0–3"),
        (("T1\tContent", "T1\tClaim"), r"T1 is labelled 'Claim', not one of Content, Cue"),
        (("9 11\tno", "9 11\tyes"), r"x\.ann:1: .*the text has 'no' there: the \.txt was changed"),
        (("9 11\tno", "nine"), r"x\.ann:1: not an annotation .*'nine' are no offsets"),
        (("Arg2:T3", "Arg2:T9"), r"from or to the Content “no” at 9–11 leads nowhere"),
        (("A1\t", "E1\t"), r"x\.ann:6: not an annotation"),
        (("R2\tsource Arg1:T1 Arg2:T3", "R2\tinside Arg1:T1 Arg2:T1"), r"stands inside itself"),
    ],
)
def test_what_is_wrong_in_brat_is_said(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    assert change[0] in ANN
    [error] = read_corrections([brat(tmp_path, ANN.replace(*change))])
    assert isinstance(error, InputError)
    assert re.search(says, str(error)), str(error)


def marks(*more: Mark) -> tuple[Mark, ...]:
    return (Mark("a", "Content", ((0, 25),)), Mark("b", "Content", ((9, 11),)), *more)


def test_links_between_contents() -> None:
    def parents(*links: Link) -> list[tuple[list[list[int]], int | None]]:
        record = gold_record("x", Graph(TEXT, marks(), links), "x")
        return [(a["content"], a["parent"]) for a in record["attributions"]]

    nested = [([[0, 25]], None), ([[9, 11]], 1)]
    assert parents(Link("b", "a", "inside")) == parents(Link("a", "b", "")) == parents(Link("b", "a", "")) == nested
    assert parents(Link("b", "a", "part")) == parents(Link("a", "b", "PART")) == [([[0, 25], [9, 11]], None)]
    for links, says in (
        ([Link("b", "a", "inside"), Link("a", "b", "inside")], "stands inside a claim that stands inside it"),
        ([Link("b", "a", "near")], "between Contents there are part and inside"),
    ):
        with pytest.raises(InputError, match=says):
            parents(*links)


def test_pieces_that_disagree_and_two_parents_are_errors() -> None:
    first, second = (Mark(i, "Content", s, {"act": act}) for i, s, act in (("c", ((0, 3),), "denial"), ("d", ((4, 8),), "other")))
    with pytest.raises(InputError, match="has act 'other', another piece of it 'denial'"):
        gold_record("x", Graph(TEXT, (first, second), (Link("c", "d", "part"),)), "x")
    with pytest.raises(InputError, match="stands inside two claims"):
        gold_record("x", Graph(TEXT, marks(first), (Link("b", "a", "inside"), Link("b", "c", "inside"))), "x")


def test_a_source_may_be_shared_and_drawn_backwards() -> None:
    source = Mark("s", "Source", ((0, 3),))
    record = gold_record("x", Graph(TEXT, marks(source), (Link("s", "a", "any"), Link("b", "s", "source"))), "x")
    assert [a["source"] for a in record["attributions"]] == [[[0, 3]], [[0, 3]]]


def label_studio(**task: Any) -> str:
    region = {"id": "r", "type": "labels", "from_name": "role", "to_name": "text", "value": {"start": 9, "end": 11, "text": "no", "labels": ["Content"]}}
    return json.dumps([{"id": 7, "data": {"text": TEXT, "id": "a"}, "annotations": [{"result": [region]}], **task}])


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.json", "{", "not JSON .*export from Label Studio as JSON"),
        ("x.json", label_studio(annotations=[]), "task 7: nobody has annotated it"),
        ("x.json", label_studio(annotations=[{"was_cancelled": True, "result": []}]), "nobody has annotated it"),
        ("x.json", '[{"id": 1, "text": "x", "role": []}]', "not JSON-MIN"),
        ("x.json", label_studio(data={"body": "x"}), r"no text in data\.text"),
        ("x.json", label_studio(data={"text": "Eva said yes."}), r"the text has 'ye' at 9-11, the region 'no'"),
        ("x.json", label_studio(annotations=[{"result": [{"type": "labels", "id": "r"}]}]), "a result that cannot be read"),
        ("x.jsonl", "{}", r"x\.jsonl:1: not a task of Prodigy: no text"),
        ("x.jsonl", "{", r"x\.jsonl:1: not JSON"),
        ("x.jsonl", '{"text": "abc", "spans": [{"start": 1}]}', "spans or relations that cannot be read"),
        ("x.jsonl", '{"text": "abc", "spans": [], "relations": [{"head_span": {"start": 0, "end": 1}, "child_span": {"start": 0, "end": 1}}]}', "a relation ends at no span"),
        ("x.ann", "", r"there is no x\.txt beside it"),
        ("x.xmi", "<a/>", r"no TypeSystem\.xml beside it"),
        ("x.zip", "PK", "not a .zip archive"),
        ("x.docx", "", r"none of the files that are read here"),
    ],
)
def test_bad_exports_are_named(tmp_path: Path, name: str, content: str, says: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    good = tmp_path / "good.json"
    good.write_text(label_studio(), "utf-8")
    [error, record] = read_corrections([tmp_path / name, good])
    assert isinstance(error, InputError) and name in str(error)
    assert re.search(says, str(error)), str(error)
    assert not isinstance(record, InputError) and record["attributions"][0]["content"] == [[9, 11]]


def test_bad_bytes_and_bad_xmi(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "y.xmi").write_text("<a>", "utf-8")
    (tmp_path / "TypeSystem.xml").write_text("<b>", "utf-8")
    (tmp_path / "empty").mkdir()
    bytes_, xmi, folder, missing = (str(e) for e in read_corrections([tmp_path / n for n in ("x.json", "y.xmi", "empty", "no.json")]))
    assert "not UTF-8 at byte 0" in bytes_ and "not UIMA CAS XMI" in xmi
    assert "no .ann or .xmi files" in folder and "no such file" in missing


def test_the_annotation_that_counts(tmp_path: Path) -> None:
    def annotation(end: int, **more: Any) -> dict[str, Any]:
        value = {"start": 0, "end": end, "labels": ["Content"]}
        return {"result": [{"id": "r", "type": "labels", "value": value}], **more}

    path = tmp_path / "x.json"
    old, new = annotation(3, updated_at="2024-01-01"), annotation(8, updated_at="2024-02-01")
    for made, end in (([old, new], 8), ([{**old, "ground_truth": True}, new], 3), ([old, {**new, "was_cancelled": True}], 3)):
        path.write_text(label_studio(annotations=made), "utf-8")
        [record] = read_corrections([path])
        assert record["attributions"][0]["content"] == [[0, end]]


@pytest.mark.parametrize(("start", "fits"), [(12, True), (13, True), (11, False), (1, False)])
def test_regions_in_utf16_of_an_old_label_studio(tmp_path: Path, start: int, fits: bool) -> None:
    path = tmp_path / "x.json"
    region = {"id": "r", "type": "labels", "value": {"start": start, "end": start + 2, "text": "no", "labels": ["Content"]}}
    path.write_text(label_studio(data={"text": "🗞️ Ana said no."}, annotations=[{"result": [region]}]), "utf-8")
    [record] = read_corrections([path])
    assert fits != isinstance(record, InputError)
    if not isinstance(record, InputError):
        assert record["attributions"][0]["content"] == [[12, 14]]


def test_rejected_tasks_of_prodigy_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text("".join(json.dumps({"text": "abc", "answer": a, "meta": {"id": a}}) + "\n" for a in ("accept", "reject", "ignore")), "utf-8")
    assert [r["id"] for r in read_corrections([path])] == ["accept"]


def test_the_command(tmp_path: Path) -> None:
    good = tmp_path / "good.json"
    good.write_text(label_studio(), "utf-8")
    run = CliRunner().invoke
    done = run(app, ["import", str(good)])
    assert done.exit_code == 0 and json.loads(done.stdout)["id"] == "a" and "1 claim in 1 article" in done.stderr
    some = run(app, ["import", str(good), str(tmp_path / "no.json"), "-o", str(tmp_path / "gold.jsonl")])
    assert some.exit_code == 3 and "no such file" in some.stderr and (tmp_path / "gold.jsonl").is_file()
    none = run(app, ["import", str(tmp_path / "no.json"), "-o", str(tmp_path / "none.jsonl")])
    assert none.exit_code == 4 and not (tmp_path / "none.jsonl").exists()
    assert run(app, ["import", str(good), "-o", str(tmp_path / "no" / "x.jsonl")]).exit_code == 2


def test_gold_is_learnt_from(tmp_path: Path) -> None:
    [record] = read_corrections([export("labelstudio", [tricky()], tmp_path)])
    path = tmp_path / "gold.jsonl"
    path.write_text(gold_line(record), "utf-8")
    [article] = read_corrected([path])
    assert article.complete and len(article.claims) == len(tricky().claims)
    told = next(c for c in article.claims if c.to)
    assert told.to == [at(article.text, "reporters")] and article.text == tricky().article.text
    assert sum(not c.top for c in article.claims) == 2 and not any(c.opaque for c in article.claims)
    path.write_text('{"id": 1}\n', "utf-8")
    with pytest.raises(InputError, match="attribution import makes gold"):
        read_corrected([path])
    path.write_text(gold_line({**record, "attributions": [{"content": [[0, 10_000]]}]}), "utf-8")
    with pytest.raises(InputError, match="lies outside the text"):
        read_corrected([path])
