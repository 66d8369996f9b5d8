"""Who is quoted: counts, the user's own list of people, the same speaker in several articles."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from attribution.articles.read import make_article
from attribution.claims import ArticleClaims, ArticleSpeaker, Claim, Passage, Span, Speaker
from attribution.errors import InputError
from attribution.formats.sources import as_csv, as_json, bar
from attribution.sources.counts import count
from attribution.sources.identity import unified
from attribution.sources.naming import content_words, name_words
from attribution.sources.people_list import read_people

TEXT = "“We will not pay,” said one. The road was closed, and the bridge, and the ford, said the other."


def article(id_: str, *speakers: tuple[str, str, str | None], published: str | None = None) -> ArticleClaims:
    """An article with one claim for each (name, kind, role)."""
    source = make_article(TEXT, id_=id_).model_copy(update={"published": published})
    claims, listed = [], []
    for i, (name, kind, role) in enumerate(speakers):
        who = Speaker(id=f"{id_}-{i}", name=name, kind=kind, role=role)  # type: ignore[arg-type]
        span = Span(start=0, end=18) if i == 0 else Span(start=29, end=48)
        content = Passage(text=TEXT[span.start : span.end], spans=(span,))
        claims.append(
            Claim(
                id=f"{id_}c{i}", article=source.ref, type="direct" if i == 0 else "indirect", act="statement", content=content,
                cue=None, source=None, speaker=who, paragraph=0, confidence=0.9,
            )
        )  # fmt: skip
        listed.append(ArticleSpeaker(**who.model_dump(), claims=1))
    return ArticleClaims(article=source, claims=tuple(claims), speakers=tuple(listed))


def ids(articles: list[ArticleClaims]) -> dict[str, str]:
    return {f"{a.article.id}/{s.name}": s.id for a in articles for s in a.speakers}


# --- counts


def test_counts() -> None:
    a = article("a", ("Ana Ruiz", "person", "mayor"), ("two officials", "anonymous", None))
    b = article("b", ("", "unknown", None), ("Ana Ruiz", "person", "mayor"))
    b = b.model_copy(update={"claims": (b.claims[0], b.claims[1].model_copy(update={"speaker": a.claims[0].speaker}))})
    found = count([a, b])
    assert (found.articles, found.claims, found.anonymous, found.unattributed, found.direct) == (2, 4, 0.25, 0.25, 0.5)
    first, second = found.speakers
    assert (first.speaker.name, first.claims, first.words, first.direct, first.articles) == ("Ana Ruiz", 2, 8, 0.5, 2)
    assert (first.first.article, first.first.start, first.last.article) == ("a", 0, "b")
    assert second.speaker.name == "two officials" and second.words == 4


def test_words_within_a_claim_count_once() -> None:
    found = article("a", ("Ana Ruiz", "person", None))
    claim = found.claims[0]
    twice = found.model_copy(update={"claims": (claim, claim.model_copy(update={"id": "other"}))})
    assert count([twice]).words == count([found]).words == 4


def test_first_and_last_go_by_date_where_all_have_one() -> None:
    late = article("late", ("Ana Ruiz", "person", None), published="2025-03-02")
    early = article("early", ("Ana Ruiz", "person", None), published="2025-03-01")
    [one] = count(unified([late, early])).speakers
    assert (one.first.article, one.last.article) == ("early", "late")


def test_nothing_counted() -> None:
    assert count([]).model_dump()["speakers"] == ()


def test_bars() -> None:
    assert bar(1, 4) == "████" and bar(0.5, 4) == "██" and bar(0, 4) == "" and bar(1 / 1000, 4) == "▏"


def test_counts_as_csv_and_json() -> None:
    counted = [("", count([article("a", ("Ana, “Anita” Ruiz", "person", "mayor"))]))]
    assert "".join(as_csv(counted)).splitlines()[1].startswith(',a-0,"Ana, “Anita” Ruiz",person,mayor,,1,4,1.00,1,a,,0,')
    [record] = json.loads("".join(as_json(counted)))
    assert record["article"] is None and record["speakers"][0]["speaker"]["name"] == "Ana, “Anita” Ruiz"


# --- the user's own list


LIST = "id,name,aliases,role\nQ1,Qin Gang,Qin|Minister Qin,foreign minister\nQ2,Qin Shi,Qin,coach\nQ3,Ana Ruiz,,mayor\n"


def test_a_listed_person_takes_id_and_name(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(LIST)
    listed = read_people(path)
    [found] = [listed.resolved(article("a", ("Dr. ana ruiz", "person", None), ("Ana Ruiz", "person", "mayor")))]
    assert {c.speaker.id for c in found.claims} == {"Q3"} and {c.speaker.name for c in found.claims} == {"Ana Ruiz"}
    assert found.claims[0].evidence[-1].step == "people list" and found.claims[0].speaker.role == "mayor"
    [one] = found.speakers
    assert (one.id, one.claims, one.aliases) == ("Q3", 2, ("Dr. ana ruiz",))


def test_of_two_that_fit_the_role_tells_or_nobody(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(LIST)
    listed = read_people(path)
    told = listed.resolved(article("a", ("Qin", "person", "Chinese foreign minister")))
    assert told.claims[0].speaker.id == "Q1"
    left = listed.resolved(article("b", ("Qin", "person", None)))
    assert left.claims[0].speaker.id == "b-0" and left.claims[0].evidence[-1].step == "people list, open"
    assert listed.open == {("Qin", "Qin Gang (Q1); Qin Shi (Q2)"): 1}


def test_the_unnamed_are_never_listed(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,name\nQ9,officials\n")
    assert read_people(path).resolved(article("a", ("officials", "group", None))).claims[0].speaker.id == "a-0"


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    path.write_text('{"id": 7, "name": "Ana Ruiz", "aliases": ["A. Ruiz", "La Ruiz"]}\n\n')
    [entry] = read_people(path).entries
    assert (entry.id, entry.aliases, entry.role) == ("7", ("A. Ruiz", "La Ruiz"), None)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("p.csv", "name,role\nAna,mayor\n", "columns id and name"), ("p.csv", "id,name\n1,\n", "p.csv:2: a person needs"),
        ("p.csv", "id,name\n1,Ana\n1,Leo\n", "stands twice"), ("p.csv", "id,name\n", "no people"),
        ("p.jsonl", '{"id": 1', "p.jsonl:1: not JSON"), ("p.jsonl", "[1]", "not a JSON object"),
        ("p.jsonl", '{"id": 1, "name": "A", "aliases": 3}', "aliases are text"),
    ],
)  # fmt: skip
def test_a_broken_list_is_named(tmp_path: Path, name: str, content: str, says: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(InputError, match=says):
        read_people(path)
    with pytest.raises(InputError, match="no such file"):
        read_people(tmp_path / "absent.csv")


# --- across articles


def test_full_names_and_agreeing_surnames_meet() -> None:
    a = article("a", ("Qin Gang", "person", "Chinese foreign minister"))
    b = article("b", ("Qin", "person", "foreign minister"))
    found = unified([a, b])
    assert len(set(ids(found).values())) == 1 and found[1].claims[0].speaker.name == "Qin Gang"
    assert found[1].claims[0].evidence[-1].step == "across articles"


def test_surnames_stay_apart_where_roles_differ_or_nothing_speaks_for_them() -> None:
    full = article("a", ("Qin Gang", "person", "foreign minister"))
    for other in (("Qin", "person", "football coach"), ("Qin", "person", None)):
        assert len(set(ids(unified([full, article("b", other)])).values())) == 2


def test_company_speaks_for_a_surname() -> None:
    a = article("a", ("Qin Gang", "person", None), ("Ana Ruiz", "person", None))
    b = article("b", ("Qin", "person", None), ("Ana Ruiz", "person", None))
    assert ids(unified([a, b]))["b/Qin Gang"] == ids(unified([a, b]))["a/Qin Gang"]


def test_two_that_fit_leave_a_surname_open() -> None:
    role = "minister"
    given = [article("a", ("Qin Gang", "person", role)), article("b", ("Qin Shi", "person", role)), article("c", ("Qin", "person", role))]
    assert len(set(ids(unified(given)).values())) == 3


def test_an_article_that_names_both_keeps_them_apart() -> None:
    given = [article("a", ("Bill Hart", "person", "miller"), ("Hart", "person", "miller")), article("b", ("Hart", "person", "miller"))]
    assert ids(unified(given))["a/Hart"] != ids(unified(given))["a/Bill Hart"]


def test_acronyms_meet_and_the_unnamed_do_not() -> None:
    a = article("a", ("Reserve Bank of India", "organization", None), ("officials", "group", None))
    b = article("b", ("RBI", "organization", None), ("officials", "group", None))
    found = ids(unified([a, b]))
    assert found["a/Reserve Bank of India"] == found["b/Reserve Bank of India"] and found["a/officials"] != found["b/officials"]


def test_the_order_of_articles_does_not_matter() -> None:
    given = [
        article("a", ("Qin Gang", "person", "foreign minister"), ("Ana Ruiz", "person", None)),
        article("b", ("Qin", "person", "minister"), ("Ruiz", "person", "mayor")),
        article("c", ("Ana María Ruiz", "person", "mayor"), ("RBI", "organization", None)),
        article("d", ("Reserve Bank of India", "organization", None)),
    ]
    wanted = ids(unified(given))
    for order in itertools.permutations(given):
        assert ids(unified(list(order))) == wanted


def test_words() -> None:
    assert name_words("Sen. José O’Neil’s") == ("josé", "o'neil") and name_words("The U.N.") == ("un",)
    assert content_words("the top diplomats", None, "Ministry of Trade") == {"diplomat", "ministry", "trade"}
