"""The same claim in several articles: speakers, rows, wording, credit, room, order, size."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT, SHARED
from pairs import one_claim, read_pairs

import attribution
from attribution.articles.rows import Fields
from attribution.claims import ArticleClaims, Span, Speaker
from attribution.comparison import grouping
from attribution.comparison.compare import compare
from attribution.comparison.formats import ComparisonFormat, format_for, writer_of
from attribution.comparison.identity import same_speakers
from attribution.comparison.models import Comparison, Row
from attribution.comparison.narrowing import narrowed
from attribution.comparison.scoring import Match
from attribution.comparison.speaker_names import may_be_one
from attribution.comparison.units import Unit, units_of
from attribution.errors import OutputError
from attribution.formats.registry import Options

PAIRS = read_pairs()
STORIES = [SHARED / "seeds" / name for name in ("000_b7c33f83b7d4e9d1.txt", "002_92538ab63e39e81a.txt")]


# --- speakers ------------------------------------------------------------------------------------------------------


def person(name: str, kind: str = "person", role: str | None = None) -> Speaker:
    return Speaker(id=name, name=name, kind=kind, role=role)


def test_a_surname_meets_the_one_full_name() -> None:
    full, short, role = person("Qin Gang"), person("Qin"), person("Qin Gang", role="foreign minister")
    found = same_speakers([short, full, role])
    assert found[short] == found[full] == found[role] and found[short].role == "foreign minister"
    two = [person("Ana Ruiz"), person("Pedro Ruiz"), person("Ruiz")]
    assert len(set(same_speakers(two).values())) == 3


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (person("World Health Organization", "organization"), person("WHO", "organization"), True),
        (person("China's foreign ministry", "organization"), person("Chinese Foreign Ministry", "organization"), True),
        (person("Two U.S. officials", "anonymous"), person("US officials", "group"), True),
        (person("US officials", "group"), person("Chinese officials", "group"), False),
        (person("one former official", "anonymous"), person("US officials", "group"), False),
        (person("Sara Lind"), person("Tom Lind"), False),
    ],
)
def test_same_speaker(a: Speaker, b: Speaker, same: bool) -> None:
    assert (len(set(same_speakers([a, b]).values())) == 1) is same
    assert same_speakers([a, b]) == same_speakers([b, a])


def test_a_role_meets_the_one_who_has_it() -> None:
    miller = Speaker(id="m", name="Matthew Miller", kind="person", role="spokesperson", affiliation="State Department")
    other = Speaker(id="o", name="Vedant Patel", kind="person", role="spokesman", affiliation="State Department")
    role = person("a State Department spokesman", "anonymous")
    assert same_speakers([role, miller])[role].name == "Matthew Miller"
    assert len(set(same_speakers([role, miller, other]).values())) == 3  # which of the two, nobody knows
    assert same_speakers([person("a spokesman", "anonymous"), miller])[miller] == miller


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (Speaker(id="v", name="Ruta Valk", kind="person", role="health minister"), person("the health minister", "anonymous"), True),
        (Speaker(id="v", name="Ruta Valk", kind="person", role="health minister"), person("a minister", "anonymous"), False),
        (Speaker(id="v", name="Ruta Valk", kind="person", role="health minister"), person("the defence minister", "anonymous"), False),
        (person("Maria Lopez Garcia"), person("Lopez"), True),
        (person("Seán Byrne"), person("Sean Byrne"), True),
        (person("Corvane Group", "organization"), person("Corvane plc", "organization"), True),
        (person("National Union of Teachers", "organization"), person("the teachers' union", "organization"), True),
        (person("Rail Union", "organization"), person("the union", "organization"), True),
        (person("Rail Union", "organization"), person("the ministry", "organization"), False),
        (person("Westmoor Police", "organization"), person("Westmoor Council", "organization"), False),
        (person("Germany", "organization"), person("the German government", "organization"), True),
        (person("the victim's mother", "anonymous"), person("the mother of the victim", "anonymous"), True),
        (person("a rebel spokesman", "anonymous"), person("an army spokesman", "anonymous"), False),
    ],
)  # fmt: skip
def test_roles_kinds_and_forms_of_names(a: Speaker, b: Speaker, same: bool) -> None:
    assert (len(set(same_speakers([a, b]).values())) == 1) is same
    assert same_speakers([a, b]) == same_speakers([b, a])


def test_a_plain_kind_meets_nobody_where_two_are_of_it() -> None:
    two = [person(name, "organization") for name in ("Rail Union", "Dockers' Union", "the union")]
    assert len(set(same_speakers(two).values())) == 3


def test_unnamed_sources_who_are_quoted_with_the_same_words() -> None:
    quoted = "“We could hear the children calling from the roof.”"
    one, other = one_claim("~a fisherman", "d", quoted), one_claim("~a man on the shore", "i", "they could hear the children calling from the roof")
    assert compare([one, other]).shared
    assert not compare([one_claim("~a rebel spokesman", "d", quoted), one_claim("~an army spokesman", "d", quoted)]).shared
    assert not may_be_one("a US official", "a Chinese diplomat") and may_be_one("a fisherman", "a man on the shore")


def test_an_institution_meets_its_own_short_name_and_no_other() -> None:
    full, short = person("Nordmetall Works", "organization"), person("Nordmetall", "organization")
    bank, other = person("Bank of Albion", "organization"), person("Bank", "organization")
    assert len(set(same_speakers([full, short]).values())) == 1 and len(set(same_speakers([bank, other]).values())) == 2


# --- rows ----------------------------------------------------------------------------------------------------------


def text_of(row: Row, state: str, article: int) -> list[str]:
    version = row.version(article)
    return [s.text.strip() for s in version.stretches if s.state == state] if version else []


def test_changed_words_are_marked_on_both_sides_with_their_places() -> None:
    a = one_claim("Ana Ruiz", "d", "“We will raise the war in Ukraine with them.”")
    b = one_claim("Ruiz", "d", "“We will raise the situation in Ukraine with them again.”")
    row = compare([a, b]).shared[0]
    assert row.drifts and row.fullest == 1 and row.speaker.name == "Ana Ruiz"
    assert (text_of(row, "changed", 0), text_of(row, "changed", 1)) == (["war"], ["situation"])
    for version, given in zip(row.versions, (a, b), strict=True):
        assert "".join(s.text for s in version.stretches) == given.article.text
        assert all(given.article.text[s.start : s.end] == s.text for s in version.stretches)
    change = row.versions[0].changes[0]
    assert change.here and change.fullest and (change.fullest.text, change.here.text) == ("situation", "war")
    assert a.article.text[change.here.spans[0].start : change.here.spans[0].end] == "war"


def test_an_ellipsis_and_an_excerpt_change_no_words() -> None:
    whole = one_claim("Ana Ruiz", "d", "“We came here in winter, with nothing, and we built this town with our hands.”")
    cut = one_claim("Ana Ruiz", "d", "“We came here in winter … and we built this town.”")
    row = compare([whole, cut]).shared[0]
    assert [v.relation for v in row.versions] == ["same", "part"] and not row.drifts


def test_what_an_article_says_in_its_own_voice_is_found() -> None:
    a = one_claim("=Rail Union", "i", "trains between the capital and the coast would stop at midnight")
    silent = one_claim("Mick Dunne", "d", "“Nobody has called us.”")
    text = "Trains between the capital and the coast will stop at midnight. " + silent.article.text
    moved = silent.claims[0].content.model_copy(update={"spans": (Span(start=64, end=len(text)),)})
    b = silent.model_copy(
        update={"article": silent.article.model_copy(update={"text": text}), "claims": (silent.claims[0].model_copy(update={"content": moved}),)}
    )
    row = next(r for r in compare([a, b]).rows if r.speaker.name == "Rail Union")
    version = row.version(1)
    assert version and version.relation == "text" and version.claim is None and version.passage.text.startswith("Trains")


def test_how_many_articles() -> None:
    one = one_claim("Ana Ruiz", "d", "“We will not pay.”")
    with pytest.raises(ValueError, match="1 article to compare; it takes 2 to 50"):
        compare([one])
    with pytest.raises(ValueError, match="51 articles"):
        compare([one] * 51)


def test_the_same_file_twice_and_an_article_without_claims() -> None:
    one = one_claim("Ana Ruiz", "d", "“We will not pay.”")
    empty = one.model_copy(update={"claims": (), "speakers": ()})
    found = compare([one, one, empty])
    assert len({c.label for c in found.articles}) == 3 and found.articles[2].claims == 0
    assert len(found.rows) == 1 and [v.relation for v in found.rows[0].versions][:2] == ["same", "same"]


def made_articles(count: int) -> list[ArticleClaims]:
    """Small articles of several outlets that share some quotations, with a word changed here and there."""
    rng = random.Random(7)
    said = [p.a for p in PAIRS if p.split == "dev"]
    return [one_claim(s.speaker, s.how, s.text + rng.choice(["", "", " "]), id_=f"outlet{i}") for i, s in enumerate(rng.choices(said, k=count))]


def without_order(found: Comparison) -> list[object]:
    """Rows with articles by name instead of by index."""
    names = [c.article.id for c in found.articles]
    return [
        (r.id, r.speaker.name, names[r.fullest], sorted((names[v.article], v.relation, v.passage.text, tuple(s.state for s in v.stretches), v.credit.differs) for v in r.versions))
        for r in found.rows
    ]


def test_the_order_of_the_articles_changes_nothing() -> None:
    articles = made_articles(20)
    first = without_order(compare(articles))
    for seed in range(3):
        random.Random(seed).shuffle(articles)
        assert without_order(compare(articles)) == first
    assert compare(articles).model_dump_json() == compare(articles).model_dump_json()


def test_fifty_articles_finish_quickly() -> None:
    articles = made_articles(50)
    started = time.perf_counter()
    found = compare(articles)
    assert time.perf_counter() - started < 30
    assert len(found.articles) == 50 and sum(len(r.versions) for r in found.rows) >= 50


# --- whole articles ------------------------------------------------------------------------------------------------


def the_row(rows: Sequence[Row], words_in_it: str) -> Row:
    return next(r for r in rows if any(words_in_it in v.passage.text for v in r.versions))


@pytest.fixture(scope="module")
def seeds_compared() -> Comparison:
    return attribution.compare([ROOT / "seeds" / "daily.txt", ROOT / "seeds" / "wire.txt"])


@pytest.mark.model
def test_our_two_seeds(seeds_compared: Comparison) -> None:
    ukraine = the_row(seeds_compared.shared, "Ukraine")
    assert (text_of(ukraine, "changed", 0), text_of(ukraine, "changed", 1)) == (["situation"], ["war"])
    assert seeds_compared.rows[0].drifts
    excerpt = the_row(seeds_compared.shared, "sincere desire")
    assert excerpt.version(0).relation == "part" and excerpt.fullest == 1
    assert the_row(seeds_compared.only(0), "intense diplomacy").speaker.name == "Kurt Campbell"
    assert the_row(seeds_compared.only(1), "listening post").speaker.name == "China"
    room = next(r for r in seeds_compared.rooms if r.speaker.name == "Daniel Kritenbrink")
    assert room == seeds_compared.rooms[0] and all(s.claims and s.words for s in room.shares)


def test_one_article_says_a_thing_twice_more_seldom_than_two_do(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def doubtful(pairs: Sequence[tuple[Unit, Unit]]) -> list[Match | None]:
        asked.append(len(pairs))
        return [Match(0.6, "paraphrase", ()) for _ in pairs]

    monkeypatch.setattr(grouping, "matches", doubtful)
    texts = ("the rule will go in May", "a law is dropped this spring")
    one, other = (units_of(one_claim("Ann Lee", "i", text, id_=text), i)[0] for i, text in enumerate(texts))
    speaker = {u.claim.speaker: one.claim.speaker for u in (one, other)}
    assert len(grouping.grouped([one, other], speaker)) == 1
    assert len(grouping.grouped([one, replace(other, article=one.article)], speaker)) == 2 and asked == [1, 1]


@pytest.mark.model
@pytest.mark.skipif(not all(p.is_file() for p in STORIES), reason="the two inspiring articles are not here")
def test_the_two_inspiring_articles() -> None:
    found = attribution.compare(STORIES)
    marked = {tuple(tuple(text_of(r, "changed", i)) for i in (0, 1)) for r in found.shared if r.drifts}
    assert (("situation",), ("war",)) in marked
    breakthrough = the_row(found.shared, "breakthrough from the first trip")
    assert [v.relation for v in breakthrough.versions] == ["same", "paraphrase"]  # "chance of breakthrough from Blinken’s China visit"
    respect = the_row(found.shared, "respect China's core concerns")
    assert "it" in text_of(respect, "changed", 0) and any("Washington" in t for t in text_of(respect, "changed", 1))
    officials = the_row(found.shared, "open communication channels")
    assert officials.credited_differently and [v.credit.via for v in officials.versions] == [(), ("Reuters",)]
    assert the_row(found.only(0), "potential meetings").speaker.name == "Matthew Miller"
    assert the_row(found.only(1), "military-to-military")
    assert all(r.drifts for r in found.rows[:3])


# --- formats -------------------------------------------------------------------------------------------------------


def written(found: Comparison, name: str, width: int = 100) -> str:
    return "".join(writer_of(name)(found, Options(width=width)))


@pytest.mark.model
@pytest.mark.parametrize("width", [80, 120])
def test_the_table_fits_and_marks_changes_without_colour(seeds_compared: Comparison, width: int) -> None:
    shown = written(seeds_compared, "table", width)
    assert max(map(len, shown.splitlines())) <= width and "\x1b" not in shown
    assert "⟦situation⟧" in shown and "⟦war⟧" in shown and "Only in daily" in shown and "Room" in shown


@pytest.mark.model
def test_json_comes_back_equal(seeds_compared: Comparison) -> None:
    text = written(seeds_compared, "json")
    assert Comparison.model_validate_json(text) == seeds_compared
    assert json.loads(text)["articles"][0]["label"] == "daily"


@pytest.mark.model
def test_markdown_and_page(seeds_compared: Comparison) -> None:
    assert "**situation**" in written(seeds_compared, "markdown")
    page = written(seeds_compared, "html")
    assert "<mark>situation</mark>" in page and "<mark>war</mark>" in page and "http" not in page.split("</style>")[1]


def test_a_page_escapes_what_articles_say() -> None:
    bad = one_claim("Ana <b>Ruiz</b>", "d", "“We <script>alert(1)</script> will not pay for the bridge & road.”", id_="<i>x")
    page = written(compare([bad, bad]), "html")
    assert "<script" not in page and "<i>x" not in page and "Ana <b>" not in page and "&lt;script&gt;" in page
    assert "\\<script\\>" in written(compare([bad, bad]), "markdown")


def test_a_table_of_many_articles_stacks_the_versions() -> None:
    found = compare([one_claim("Ana Ruiz", "d", f"“We will not pay for a bridge {w}.”", id_=f"paper{i}") for i, w in enumerate(["here", "there", "anywhere", "here", "now"])])
    assert all(f"paper{i}" in written(found, "table", 80) for i in range(5))


def test_narrowing() -> None:
    a, b = one_claim("Ana Ruiz", "d", "“We will not pay for it.”"), one_claim("Luis Vega", "d", "“The road is closed now.”")
    found = compare([a, b, a])
    assert [r.speaker.name for r in narrowed(found, speakers=["vega"]).rows] == ["Luis Vega"]
    assert [r.shared for r in narrowed(found, only="shared").rows] == [True]
    assert [r.shared for r in narrowed(found, only="one").rows] == [False]
    assert narrowed(found) == found


def test_formats_by_name() -> None:
    assert format_for(Path("x.md")) is ComparisonFormat.markdown and format_for(Path("X.HTML")) is ComparisonFormat.html
    with pytest.raises(OutputError, match="names no format"):
        format_for(Path("x.docx"))


# --- the command ---------------------------------------------------------------------------------------------------


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "attribution", "compare", *arguments], capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.mark.model
def test_the_command_writes_goes_on_and_tells(tmp_path: Path) -> None:
    target = tmp_path / "story.json"
    done = run("seeds/daily.txt", "seeds/none.txt", "seeds/wire.txt", "-o", str(target), "--speaker", "KRITENBRINK", "--only", "SHARED")
    assert done.returncode == 3 and "seeds/none.txt: no such file" in done.stderr and not done.stdout
    found = Comparison.model_validate_json(target.read_text(encoding="utf-8"))
    assert found.shared == found.rows and {r.speaker.name for r in found.rows} == {"Daniel Kritenbrink"}


@pytest.mark.model
def test_articles_of_an_export_whose_text_stands_in_other_fields(tmp_path: Path) -> None:
    rows = [{"doc": name, "body": {"en": (ROOT / "seeds" / f"{name}.txt").read_text(encoding="utf-8")}} for name in ("daily", "wire")]
    source = tmp_path / "story.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = run(str(source), "--field", "body.en", "--id-field", "doc", "-f", "json")
    assert done.returncode == 0, done.stderr
    found = Comparison.model_validate_json(done.stdout)
    assert [c.label for c in found.articles] == ["daily", "wire"]
    assert found == compare([source], fields=Fields(text="body.en", id="doc"))
    refused = run(str(source))
    assert refused.returncode == 4 and "no text in field 'text'" in refused.stderr and "--field" in refused.stderr


def test_the_command_refuses_before_it_reads(tmp_path: Path) -> None:
    done = run("seeds", "-o", str(tmp_path / "story.docx"))
    assert done.returncode == 2 and "names no format" in done.stderr
    assert run("none.txt", "nor.txt").returncode == 4


@pytest.mark.model
def test_one_article_is_not_enough() -> None:
    done = run("seeds/wire.txt")
    assert done.returncode == 2 and "1 article to compare; it takes 2 to 50" in done.stderr
