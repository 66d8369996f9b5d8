"""The measure: equal to the reference's figures, gold of every form, intervals, comparison, floors, the command."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT, SHARED
from hypothesis import given, settings
from hypothesis import strategies as st
from made import tricky
from typer.testing import CliRunner

from attribution import formats
from attribution.cli.main import app
from attribution.errors import InputError
from attribution.evaluation.bootstrap import Tally, differences, intervals, precision_recall_f1, together
from attribution.evaluation.cofenet import TokenArticle, labels_of, spans, token_articles, token_counts
from attribution.evaluation.floors import figures, missed, raised, read_floors
from attribution.evaluation.gold import ClaimGold, TokenGold, read_gold_set
from attribution.evaluation.measure import Measured, Reliability, changes, measure
from attribution.evaluation.metrics import Count, Figure
from attribution.evaluation.predictions import Predictions, prediction_lines, read_predictions, sha256
from attribution.evaluation.report import evaluate, read_gold_records
from attribution.evaluation.table import as_record, as_text
from attribution.evaluation.treebank import printed
from attribution.formats.annotation import read_corrections
from attribution.pipeline.reader import Reader

SCORING = ROOT / "tests" / "scoring"
GOLD = ROOT / "tests" / "gold"
SCORE_PY = SHARED / "tools" / "score.py"
DEV_TOKENS = SHARED / "data" / "quotes" / "polnear_cofenet.dev.bio.jsonl"
with_shared = pytest.mark.skipif(not SCORE_PY.is_file(), reason="the reference scorer is not here")
TEXT = "“We will not pay,” Ana Ruiz told Luis Vega. He denied that she said so."


def gold_of(id_: str = "a", **changed: Any) -> dict[str, Any]:
    claims = [
        {"content": [[0, 18]], "cue": [[28, 32]], "source": [[19, 27]], "speaker": "Ana Ruiz", "kind": "person", "type": "direct", "act": "statement", "parent": None},
        {"content": [[54, 70]], "cue": [[47, 53]], "source": [[44, 46]], "speaker": "Luis Vega", "kind": "person", "type": "indirect", "act": "denial", "parent": None},
        {"content": [[68, 70]], "cue": [[63, 67]], "source": [[59, 62]], "speaker": "Ana Ruiz", "kind": "person", "type": "indirect", "act": "statement", "parent": 2},
    ]
    return {"id": id_, "text": TEXT, "attributions": claims, **changed}


def as_claims(gold: dict[str, Any], **changed: Any) -> list[dict[str, Any]]:
    """A gold article's claims in the form of predictions."""
    return [
        {
            **{r: {"spans": [{"start": s, "end": e} for s, e in a[r]]} if a.get(r) else None for r in ("source", "cue", "content")},
            "speaker": {"name": a.get("speaker"), "kind": a.get("kind")}, "type": a.get("type"), "act": a.get("act"),
            "parent": a.get("parent"), "confidence": 0.9, **changed,
        }
        for a in gold["attributions"]
    ]  # fmt: skip


def gold_set(*records: dict[str, Any]) -> ClaimGold:
    return ClaimGold("g", "f", records)


def predicted(*records: dict[str, Any], **changed: Any) -> Predictions:
    return Predictions("p", {r["id"]: as_claims(r, **changed) for r in records})


def write(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return path


def total(measured: Measured, name: str, by: str = "", group: str = "") -> tuple[float, float, float]:
    p, r, f = precision_recall_f1(np.array(measured.tally.total(Figure(name, by, group)), float))
    return round(float(p), 6), round(float(r), 6), round(float(f), 6)


# --- the reference


def reference(gold: Path, claims: Path, *options: str) -> str:
    return subprocess.run([sys.executable, SCORE_PY, gold, claims, *options], capture_output=True, text=True, check=True, encoding="utf-8").stdout


def agrees(measured: Measured, said: dict[str, Any]) -> None:
    for name, figure in said.items():
        assert total(measured, name) == pytest.approx([figure[x] for x in "PRF"], abs=0.0005), name
        assert measured.tally.total(Figure(name)).gold == figure["gold"]


@pytest.mark.parametrize("top", [False, True])
def test_figures_are_those_that_the_reference_gave(top: bool) -> None:
    table = json.loads((SCORING / "score_py.json").read_text("utf-8"))["top" if top else "all"]
    measured = measure(read_gold_set(GOLD), read_predictions(SCORING / "predictions.jsonl"), top=top)
    agrees(measured, table["figures"])
    for what, share in table["matched"].items():
        assert total(measured, f"{what} of matched claims")[1] == pytest.approx(share, abs=0.0006)
    for by, groups in table["by"].items():
        for group, row in groups.items():
            for name in ("content overlap", "attribution", "who said what"):
                figure = (name, by.replace("nested", "nesting"), group)
                assert total(measured, *figure)[1] == pytest.approx(row[name], abs=0.0006), figure
                assert measured.tally.total(Figure(*figure)).gold == row["gold"]


@with_shared
@pytest.mark.model
@pytest.mark.parametrize("top", [(), ("--top",)])
@pytest.mark.parametrize("which", ["ours", "seeds"])
def test_figures_are_those_of_the_reference(which: str, top: tuple[str, ...], reader: Reader, tmp_path: Path) -> None:
    gold = read_gold_set(GOLD if which == "ours" else SHARED / "gold" / "seeds.jsonl")
    assert isinstance(gold, ClaimGold)
    claims = read_predictions(SCORING / "predictions.jsonl") if which == "ours" else Predictions("now", {i: reader.read([t])[0] for i, t in gold.texts().items()})
    (tmp_path / "p.jsonl").write_text("".join(prediction_lines([(gold, claims)])), encoding="utf-8")
    path = write(tmp_path / "gold.jsonl", *gold.records)
    agrees(measure(gold, claims, top=bool(top)), json.loads(reference(path, tmp_path / "p.jsonl", "--json", *top)))


# --- figures


def test_gold_against_itself_is_all_right() -> None:
    measured = measure(gold_set(gold_of()), predicted(gold_of()))
    for figure in measured.tally.figures:
        count = measured.tally.total(figure)
        assert count.found == count.gold and count.right == count.predicted, figure
    assert {"direct", "indirect"} == {f.group for f in measured.tally.figures if f.by == "type"}
    assert measured.tally.total(Figure("nested claims")).gold == 1


def test_overlap_of_sources_and_groups_of_predictions() -> None:
    gold = gold_of()
    claims = as_claims(gold)
    claims[0]["source"]["spans"][0]["start"] += 4  # "Ruiz" for "Ana Ruiz"
    claims[1] |= {"act": "statement", "type": "mixed", "parent": None}
    claims[2]["parent"] = None
    measured = measure(gold_set(gold), Predictions("p", {"a": claims}))
    assert total(measured, "source exact")[2] == pytest.approx(2 / 3, abs=1e-6) and total(measured, "source overlap")[2] == 1
    assert measured.tally.total(Figure("attribution", "act", "denial")) == Count(1, 1, 0, 0)
    assert measured.tally.total(Figure("attribution", "act", "statement")) == Count(2, 2, 3, 3)
    assert measured.tally.total(Figure("nested claims"))[:2] == (0, 1)
    assert total(measured, "act of matched claims")[1] == pytest.approx(2 / 3, abs=1e-6)


def test_what_the_gold_does_not_say_is_not_counted() -> None:
    bare = {**gold_of(), "attributions": [{"content": [[0, 18]], "cue": [[28, 32]], "source": None}]}
    names = {f.name for f in measure(gold_set(bare), predicted(gold_of())).tally.figures}
    assert "who said what" not in names and "attribution" in names
    assert {f.by for f in measure(gold_set(bare), predicted(gold_of())).tally.figures} == {"", "nesting"}


def test_calibration_error() -> None:
    claims = np.array([0.95] * 20 + [0.25] * 4)
    assert Reliability(claims, np.array([1.0] * 18 + [0.0] * 2 + [1.0, 0, 0, 0])).error() == pytest.approx(20 / 24 * 0.05)
    assert Reliability(np.zeros(0), np.zeros(0)).error() is None
    measured = measure(gold_set(gold_of()), predicted(gold_of(), confidence=0.7))
    assert measured.reliability.error() == pytest.approx(0.3)


# --- intervals


def tally(*rows: tuple[int, int, int]) -> Tally:
    return Tally.of({str(n): {Figure("f"): Count(hit, gold, hit, found)} for n, (hit, gold, found) in enumerate(rows)})


def test_intervals_hold_the_figure_repeat_and_narrow() -> None:
    some = tally(*[(n % 5, 5, 4) for n in range(40)])
    found = intervals(some)
    figure = precision_recall_f1(some.counts.sum(0))[0]
    assert ((found[0, :, 0] < figure) & (figure < found[0, :, 1])).all()
    assert np.array_equal(found, intervals(some))
    wide = intervals(tally(*[(n % 5, 5, 4) for n in range(10)]))
    assert np.ptp(wide[0, 2]) > np.ptp(found[0, 2])
    assert np.allclose(intervals(tally(*[(3, 5, 4)] * 10))[0, 1], 0.6), "articles that are alike leave nothing open"
    assert intervals(tally((1, 2, 2))).tolist() == [[[0, 1]] * 3], "one article tells nothing of others"


def test_intervals_are_those_of_drawing_one_by_one() -> None:
    some = tally(*[(n % 4, 4, 3 + n % 2) for n in range(30)])
    rng = np.random.default_rng(1)
    drawn = [precision_recall_f1(some.counts[rng.integers(0, 30, 30)].sum(0))[0, 2] for _ in range(4000)]
    assert intervals(some)[0, 2] == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.015)


def test_a_thousand_articles_take_less_than_two_seconds() -> None:
    figures_ = [Figure(str(n)) for n in range(100)]
    rng = np.random.default_rng(0)
    many = Tally(tuple(map(str, range(1000))), tuple(figures_), rng.integers(0, 20, (1000, 100, 4)).astype(float))
    start = time.process_time()
    intervals(many)
    assert time.process_time() - start < 2


def test_differences_are_paired() -> None:
    before = tally(*[(n % 5, 5, 5) for n in range(60)])
    better = tally(*[(min(5, n % 5 + 1), 5, 5) for n in range(60)])
    change = differences(before, better)[Figure("f")]
    assert change.new - change.old == pytest.approx(0.2) and change.low == pytest.approx(0.2) and change.p < 0.01
    same = differences(before, before)[Figure("f")]
    assert (same.low, same.high, same.p) == (0, 0, 1)
    alone = differences(tally((1, 2, 2)), tally((2, 2, 2)))[Figure("f")]
    assert (alone.low, alone.high, alone.p) == (-1, 1, 1), "one article tells nothing of others"
    with pytest.raises(ValueError, match="different articles"):
        differences(before, tally((1, 2, 2)))


def test_golds_together_are_their_sum() -> None:
    a, b = measure(gold_set(gold_of()), predicted(gold_of())).tally, tally((1, 2, 2))
    both = together([a, b])
    assert both.articles == ("1:a", "2:0") and both.total(Figure("f")).gold == 2
    assert both.total(Figure("attribution")) == a.total(Figure("attribution"))


def test_what_several_have_marked_is_one_article() -> None:
    measured = measure(gold_set(gold_of("a#1"), gold_of("a#2")), predicted(gold_of("a#1"), gold_of("a#2")))
    assert measured.tally.articles == ("a#1",) and measured.tally.total(Figure("attribution")).gold == 6


# --- comparison


def test_claims_gained_and_lost() -> None:
    gold = gold_set(gold_of())
    first, second = as_claims(gold_of())[:2]
    old, new = Predictions("old", {"a": [first]}), Predictions("new", {"a": [second]})
    found = changes(gold, old, new)
    assert found.figure == "who said what"
    assert [(c.speaker, c.cue) for c in found.gained] == [("Luis Vega", "denied")]
    assert [(c.speaker, c.content) for c in found.lost] == [("Ana Ruiz", "“We will not pay,”")]
    report = evaluate([gold], predicted=new, old=old)
    assert "gained: 1 gold claims" in report.texts[-1] and "a: Luis Vega | denied |" in report.texts[-1]
    assert report.record["golds"][0]["compare"]["gained"][0]["speaker"] == "Luis Vega"
    assert not changes(gold, new, new).gained
    with pytest.raises(InputError, match="nothing to compare"):
        evaluate([gold], predicted=new, old=Predictions("old", {"b": []}))


def test_predictions_of_another_text_are_refused(tmp_path: Path) -> None:
    line = {"id": "a", "sha256": sha256("another"), "claims": as_claims(gold_of())}
    with pytest.raises(InputError, match="another text"):
        measure(gold_set(gold_of()), read_predictions(write(tmp_path / "p.jsonl", line)))
    beyond = as_claims(gold_of())
    beyond[0]["content"]["spans"][0]["end"] = 999
    with pytest.raises(InputError, match="content at 0–999 lies outside"):
        measure(gold_set(gold_of()), Predictions("p", {"a": beyond}))


# --- gold of every form

ANN = """\
T1\tSource 19 27\tAna Ruiz
T2\tCue 28 32\ttold
T3\tContent 0 11;12 18\t“We will no pay,”
T4\tAttribution 28 32\ttold
E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1
T5\tDiscuss 33 42\tLuis Vega
T6\tCue 63 67\tsaid
T7\tContent 68 70\tso
T8\tAttribution-no-source 63 67\tsaid
E2\tAttribution-no-source:T8 Content:T7 Cue:T6
A1\tNested E2
"""


def polnear(folder: Path, *annotators: str) -> Path:
    for name in ("text", "attributions"):
        (folder / name).mkdir(parents=True)
    (folder / "text" / "story.txt").write_text(TEXT, encoding="utf-8", newline="")
    for annotator in annotators:
        (folder / "attributions" / f"story_{annotator}.ann").write_text(ANN, encoding="utf-8")
    return folder


def test_polnears_files(tmp_path: Path) -> None:
    gold = read_gold_set(polnear(tmp_path / "dev", "ef2d"))
    assert isinstance(gold, ClaimGold)
    [record] = gold.records
    assert (record["id"], record["text"], record["meta"]) == ("story", TEXT, {"annotator": "ef2d"})
    first, second = record["attributions"]
    assert first == {"source": [[19, 27]], "cue": [[28, 32]], "content": [[0, 11], [12, 18]], "type": "direct"}
    assert second == {"source": [], "cue": [[63, 67]], "content": [[68, 70]], "type": "indirect"}
    assert [r["id"] for r in read_gold_records(polnear(tmp_path / "two", "4b22", "ef2d"))] == ["story#4b22", "story#ef2d"]
    alone = tmp_path / "dev" / "attributions" / "story_ef2d.ann"
    assert read_gold_records(alone) == [record]


def test_a_pair_of_brat_files_is_one_gold(tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text(TEXT, encoding="utf-8", newline="")
    (tmp_path / "story.ann").write_text(ANN, encoding="utf-8")
    write(tmp_path / "p.jsonl", {"id": "story", "claims": as_claims(gold_of())})
    given = [str(tmp_path / n) for n in ("story.txt", "story.ann", "p.jsonl")]
    done = CliRunner().invoke(app, ["evaluate", *given, "--json", "-"])
    assert done.exit_code == 0, done.output
    [found] = json.loads(done.stdout)["golds"]
    assert found["figures"]["attribution"]["gold"] == 2 and found["name"].endswith("story.ann")


def test_our_own_brat_files(tmp_path: Path) -> None:
    formats.write([tricky()], tmp_path / "brat", format="brat")
    assert read_gold_records(tmp_path / "brat") == list(read_corrections([tmp_path / "brat"]))


def test_gold_in_gums_form(tmp_path: Path) -> None:
    record = {"id": "gum/x", "text": TEXT, "attributions": [{"source": [[19, 27]], "cue": [], "content": [[0, 18]], "type": "direct", "speaker": "Ana Ruiz", "attrs": {"relation": "attribution-positive"}}], "meta": {}}
    gold = read_gold_set(write(tmp_path / "gum.jsonl", record))
    assert measure(gold, predicted({**record, "attributions": []})).tally.total(Figure("who said what")) == Count(0, 1, 0, 0)


BROKEN = {
    "no JSON": ("g.jsonl", "{broken\n", r"g.jsonl:1: not JSON"),
    "no object": ("g.jsonl", "[1]\n", r"g.jsonl:1: .*no object"),
    "predictions": ("g.jsonl", '{"id": "a", "claims": []}\n', r"are these predictions\?"),
    "a span outside": ("g.jsonl", json.dumps(gold_of(text="short")) + "\n", r"source of claim 1 is \[19, 27\].*\(0–5\)"),
    "the same id": ("g.jsonl", 2 * (json.dumps(gold_of()) + "\n"), r"two articles have the id 'a'"),
    "empty": ("g.jsonl", "\n", r"no article in it"),
    "labels short": ("g.jsonl", '{"id": "a", "tokens": ["x", "y"], "labels": ["O"]}\n', r"g.jsonl:1: 2 tokens have 1 labels"),
    "a label unknown": ("g.jsonl", '{"id": "a", "tokens": ["x"], "labels": ["B-who"]}\n', r"'B-who' is none of O"),
    "tokens are text": ("g.jsonl", '{"id": "a", "tokens": "x", "labels": ["O"]}\n', r"no list|not a list"),
    "no marks": ("g.gold", "id: a\n-----\nText <s1>left open", r"left open"),
    "no text": ("g.ann", ANN, r"no text of it"),
    "a text alone": ("g.txt", "x", r"no g.ann beside it"),
    "binary": ("g.jsonl", b"\xff\xfe\x00", r"not UTF-8 at byte 0"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_broken_gold_is_named(what: str, tmp_path: Path) -> None:
    name, content, message = BROKEN[what]
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=message):
        read_gold_set(path)


@pytest.mark.parametrize(("change", "message"), [
    (("Source:T1", "Source:T99"), "Source is T99, and there is no such mark"),
    (("Source:T1", "Speaker:T1"), "'Speaker'; it takes Source, Cue and Content"),
    (("\tAna Ruiz", "\tAna Luiz"), "the .txt was changed"),
    (("19 27", "x 27"), "are no offsets"),
])  # fmt: skip
def test_broken_polnear_is_named(change: tuple[str, str], message: str, tmp_path: Path) -> None:
    folder = polnear(tmp_path, "ef2d")
    (folder / "attributions" / "story_ef2d.ann").write_text(ANN.replace(*change), encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(message)):
        read_gold_set(folder)


def test_folders_without_gold(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no \.gold or \.ann files"):
        read_gold_set(tmp_path)
    with pytest.raises(InputError, match="no such file"):
        read_gold_set(tmp_path / "none.jsonl")


# --- tokens

PRINTED = {
    "He said : `` We ca n't pay . ''": "He said: “We can’t pay.”",
    "The voters ' anger -LRB- in May -RRB- cost $ 3 -- not 2 % .": "The voters’ anger (in May) cost $3 — not 2%.",
    "`` They 're ` out , ' '' she said .": "“They’re ‘out,’” she said.",
    "`` It is ` so ''' , he said": "“It is ‘so’”, he said",
    "'' No , '' said Mr. Vega .": "“No,” said Mr. Vega.",
    "You can not and wo n't": "You cannot and won’t",
    "-LSB- Ruiz -RSB- and\\/or the '90s": "[Ruiz] and\\/or the ’90s",
}


@pytest.mark.parametrize("tokens", PRINTED)
def test_tokens_are_printed_as_newspapers_do(tokens: str) -> None:
    assert printed([tokens.split()]).text == PRINTED[tokens]


def test_a_mark_behind_a_paragraph_opens_the_next() -> None:
    lists = ["The economy grew . ''".split(), "I like it , '' said Vega .".split()]
    assert printed(lists).text == "The economy grew.\n\n“I like it,” said Vega."
    assert printed([["``", "No", ".", "''"], *lists]).text == "“No.”\n\nThe economy grew.”\n\nI like it,” said Vega."


WORDS = st.sampled_from(["``", "''", "`", "'", "'s", "n't", ",", ".", "-LRB-", "-RRB-", "$", "--", "said", "Ana", "x", "'''", "…", "“", "Ñ", "🗞️", "", " "])


@given(st.lists(st.lists(WORDS, max_size=12), max_size=4), st.sampled_from([" ", "\n\n"]))
@settings(max_examples=200, deadline=None)
def test_every_token_has_its_place(lists: list[list[str]], between: str) -> None:
    found = printed(lists, between=between)
    assert len(found.places) == len(found.paragraphs) == sum(map(len, lists))
    assert all(a < b <= len(found.text) for a, b in found.places)
    assert all(b <= c for (_, b), (c, _) in zip(found.places, found.places[1:], strict=False))
    assert list(found.paragraphs) == sorted(found.paragraphs)


def bio(*records: str, id_: str = "a") -> list[str]:
    """Records written "Ana/B-source said/B-cue"; a token without a label is O."""
    rows = [[(w.rpartition("|")[0] or w, w.rpartition("|")[2] if "|" in w else "O") for w in r.split()] for r in records]
    return [json.dumps({"id": id_, "tokens": [w for w, _ in row], "labels": [b for _, b in row]}) for row in rows]


INVENTED = [
    bio(
        "Ana|B-source Ruiz|I-source ,|I-source the|I-source mayor|I-source ,|I-source said|B-cue :|I-cue ``|B-content We|I-content wo|I-content n't|I-content pay|I-content .|I-content ''|I-content",
        "``|B-content Not|I-content now|I-content ,|I-content ''|I-content she|B-source told|B-cue them|I-cue ,|O ``|B-content not|I-content ever|I-content .|I-content ''|I-content",
    ),
    bio(
        "The voters|B-source '|I-source anger|B-cue at|I-cue taxes|B-content is old .",
        "He|B-source has|B-cue urged|I-cue Luis|B-content Vega|I-content to|I-content go|I-content .",
        id_="b",
    ),
    bio("Costs are rising|B-content ,|O Vega|B-source ,|I-source 43|I-source ,|I-source warned|B-cue .", "''|O No|B-content ,|I-content ''|I-content he|B-source said|B-cue .", id_="c"),
]  # fmt: skip


def as_marked(article: TokenArticle) -> list[dict[str, Any]]:
    """An article's gold spans as claims, each alone: what the best of finders would give."""
    out, before = [], 0
    for tokens, labels in zip(article.tokens, article.labels, strict=True):
        for role, a, b in sorted(spans(labels)):
            start, end = article.printed.places[before + a][0], article.printed.places[before + b - 1][1]
            out.append({role: {"spans": [{"start": start, "end": end}]}})
        before += len(tokens)
    return out


def ceiling(articles: list[TokenArticle]) -> dict[str, float]:
    counts = Tally.of({a.id: token_counts(a, labels_of(as_marked(a), a)) for a in articles})
    return {f.name: float(precision_recall_f1(np.array(counts.total(f), float))[2]) for f in counts.figures}


def test_gold_comes_through_the_form_whole() -> None:
    articles = [a for lines in INVENTED for a in token_articles(lines, "x")]
    assert [len(a.tokens) for a in articles] == [2, 2, 2] and set(ceiling(articles).values()) == {1.0}


@pytest.mark.skipif(not DEV_TOKENS.is_file(), reason="PolNeAR's dev articles are not here")
def test_polnears_dev_comes_through_the_form() -> None:
    gold = read_gold_set(DEV_TOKENS)
    assert isinstance(gold, TokenGold) and len(gold.articles) == 94
    assert min(ceiling(list(gold.articles)).values()) > 0.997


def claim(article: TokenArticle, *, parent: str | None = None, confidence: float = 0.9, **roles: str) -> dict[str, Any]:
    out: dict[str, Any] = {"parent": parent, "confidence": confidence}
    for role, words in roles.items():
        pieces = [(article.text.index(w), article.text.index(w) + len(w)) for w in words.split(" … ")]
        out[role] = {"spans": [{"start": s, "end": e} for s, e in pieces]}
    return out


def test_claims_are_written_in_polnears_form() -> None:
    [article] = token_articles(INVENTED[0], "x")
    first = claim(article, source="Ana Ruiz, the mayor", cue="said", content="“We won’t pay.”")
    second = claim(article, source="she", cue="told them", content="“Not now,” … “not ever.”")
    assert [tuple(r) for r in labels_of([first, second], article)] == list(article.labels), "comma and colon are added"
    inner = claim(article, cue="told", content="now", parent="p")
    assert labels_of([first, second, inner], article) == labels_of([first, second], article), "only the outermost count"
    less = claim(article, cue="pay", content="won’t", confidence=0.4)
    assert labels_of([less, first, second], article) == labels_of([first, second], article), "the surer one counts"
    across = claim(article, content="pay.” “Not now")
    assert [tuple(r) for r in labels_of([across], article)][1][:2] == ("B-content", "I-content"), "a record begins anew"


def test_spans_are_counted_as_seqeval_counts_them() -> None:
    assert spans(["B-cue", "I-cue", "O", "I-cue", "B-source", "I-content"]) == {("cue", 0, 2), ("cue", 3, 4), ("source", 4, 5), ("content", 5, 6)}
    assert spans(["B-cue", "B-cue"]) == {("cue", 0, 1), ("cue", 1, 2)} and spans([]) == set()
    [article] = token_articles(bio("Ana|B-source said|B-cue so|B-content ."), "x")
    counts = token_counts(article, [["B-source", "B-cue", "I-cue", "O"]])
    assert counts[Figure("source exact, tokens")] == Count(1, 1, 1, 1)
    assert counts[Figure("cue exact, tokens")] == Count(0, 1, 0, 1)
    assert counts[Figure("all three, tokens")] == Count(1, 3, 1, 2)


# --- floors


def test_floors_go_up_and_never_silently_down(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    good = measure(ClaimGold(str(tmp_path / "g"), "f1", (gold_of(),)), predicted(gold_of()))
    floors = raised({}, [good], path)
    assert floors["g"]["sha256"] == "f1" and floors["g"]["floors"]["attribution"] == pytest.approx(0.666), "one gold claim of three below"
    assert missed(floors, [good], path) == []
    bad = measure(ClaimGold(str(tmp_path / "g"), "f1", (gold_of(),)), Predictions("p", {"a": as_claims(gold_of())[:1]}))
    assert "g: attribution is 0.500, the floor 0.666" in missed(floors, [bad], path)
    with pytest.raises(InputError, match=r"never go down silently.*--lower-floors"):
        raised(floors, [bad], path)
    assert raised(floors, [bad], path, lower=True)["g"]["floors"]["attribution"] == pytest.approx(0.166)
    low = raised({}, [bad], path)
    assert raised(low, [good], path)["g"]["floors"]["attribution"] == pytest.approx(0.666)
    assert figures(bad)["nested claims"] == 0


def test_floors_hold_for_their_gold_alone(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    gold = ClaimGold(str(tmp_path / "g"), "f1", (gold_of(),))
    floors = raised({}, [measure(gold, predicted(gold_of()))], path)
    other = measure(ClaimGold(gold.name, "f2", gold.records), predicted(gold_of()))
    assert "not what the floors hold for" in missed(floors, [other], path)[0]
    with pytest.raises(InputError, match="not what the floors hold for"):
        raised(floors, [other], path)
    assert "without --top" in missed(floors, [measure(gold, predicted(gold_of()), top=True)], path, top=True)[0]
    assert "no floors for it" in missed({}, [other], path)[0]


@pytest.mark.parametrize("content", ["{broken", "[]", '{"g": {}}', '{"g": {"sha256": "x", "floors": {"f": 2}}}'])
def test_a_broken_file_of_floors(content: str, tmp_path: Path) -> None:
    (tmp_path / "f.json").write_text(content)
    with pytest.raises(InputError, match="no file of floors"):
        read_floors(tmp_path / "f.json")


# --- the command


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["evaluate", *map(str, arguments)])


@pytest.fixture
def files(tmp_path: Path) -> Path:
    write(tmp_path / "gold.jsonl", gold_of())
    write(tmp_path / "p.jsonl", {"id": "a", "sha256": sha256(TEXT), "claims": as_claims(gold_of())})
    write(tmp_path / "less.jsonl", {"id": "a", "claims": as_claims(gold_of())[:1]})
    return tmp_path


def test_the_table_and_the_json(files: Path) -> None:
    done = run(files / "gold.jsonl", files / "p.jsonl", "--json", files / "out.json")
    assert done.exit_code == 0 and re.search(r"^who said what +P 1\.000  R 1\.000  F1 1\.000  \(3 gold\)$", done.stdout, re.MULTILINE)
    assert "by act: R F1" in done.stdout and max(map(len, done.stdout.splitlines()[1:])) <= 80
    [found] = json.loads((files / "out.json").read_text("utf-8"))["golds"]
    assert found["figures"]["attribution"] | {"interval": None} == {"P": 1.0, "R": 1.0, "F": 1.0, "found": 3, "right": 3, "predicted": 3, "gold": 3, "interval": None}
    assert found["by"]["type"]["direct"]["content exact"]["gold"] == 1 and found["articles"] == 1


def test_several_golds_and_one_that_is_broken(files: Path) -> None:
    write(files / "more.jsonl", gold_of("b"))
    (files / "broken.jsonl").write_text("{")
    done = run(files / "gold.jsonl", files / "broken.jsonl", files / "more.jsonl", files / "p.jsonl")
    assert done.exit_code == 3 and "broken.jsonl:1: not JSON" in done.stderr
    assert "all 2: 2 articles" in done.stdout and "no prediction for 1 articles: b" in done.stdout
    assert run(files / "broken.jsonl").exit_code == 4
    alone = run(files / "p.jsonl")
    assert alone.exit_code == 4 and "name the gold too" in alone.stderr
    assert run(files / "gold.jsonl", files / "p.jsonl", files / "less.jsonl").exit_code == 2


def test_comparison_and_saved_predictions(files: Path) -> None:
    done = run(files / "gold.jsonl", files / "p.jsonl", "--compare", files / "less.jsonl", "--save", files / "saved.jsonl")
    assert done.exit_code == 0 and "gained: 2 gold claims, by who said what" in done.stdout and "lost: 0" in done.stdout
    assert read_predictions(files / "saved.jsonl").claims == read_predictions(files / "p.jsonl").claims


def test_floors_on_the_command_line(files: Path) -> None:
    floors = files / "floors.json"
    good, bad = (files / "gold.jsonl", files / "p.jsonl"), (files / "gold.jsonl", files / "less.jsonl")
    assert run(*good, "--floors", floors).exit_code == 1, "there are none yet"
    assert run(*good, "--floors", floors, "--raise-floors").exit_code == 0
    assert run(*good, "--floors", floors).exit_code == 0
    failed = run(*bad, "--floors", floors)
    assert failed.exit_code == 3 and "gold.jsonl: attribution is 0.500, the floor 0.666" in failed.stderr
    before = floors.read_bytes()
    assert run(*bad, "--floors", floors, "--raise-floors").exit_code == 1 and floors.read_bytes() == before
    assert run(*bad, "--floors", floors, "--raise-floors", "--lower-floors").exit_code == 0
    assert run(*bad, "--floors", floors).exit_code == 0
    assert run(*good, "--raise-floors").exit_code == 2


@pytest.mark.model
def test_tokens_are_read_by_the_pipeline(tmp_path: Path) -> None:
    (tmp_path / "bio.jsonl").write_text("\n".join(INVENTED[0]), encoding="utf-8")
    done = run(tmp_path / "bio.jsonl", GOLD / "03.gold", "--save", tmp_path / "p.jsonl", "--json", "-")
    assert done.exit_code == 0, done.output
    record = json.loads(done.stdout)
    assert record["golds"][0]["figures"]["cue exact, tokens"]["found"] >= 1 and "all" not in record
    again = run(tmp_path / "bio.jsonl", GOLD / "03.gold", tmp_path / "p.jsonl", "--json", "-")
    assert json.loads(again.stdout) == record


def test_tables_leave_out_what_is_not_there() -> None:
    bare = {**gold_of(), "attributions": []}
    measured = measure(gold_set(bare), predicted(bare))
    assert as_text(measured).splitlines() == ["g: 1 article"]
    assert as_record(measured)["figures"] == {}
