"""The same claim in several articles: pairs, wording, credit, room, order, size."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import ROOT, SHARED
from pairs import APART, SAME, Pair, figures, one_claim, read_pairs, units

import attribution
from attribution.articles.rows import Fields
from attribution.claims import ArticleClaims, Span, Speaker
from attribution.comparison.alignment import align
from attribution.comparison.amounts import dates, numbers, recounted
from attribution.comparison.compare import compare
from attribution.comparison.features import another_deed
from attribution.comparison.formats import ComparisonFormat, format_for, writer_of
from attribution.comparison.forms import lemma
from attribution.comparison.frames import crossed, frame
from attribution.comparison.guards import conflict, contrasted, exclusive, negative
from attribution.comparison.identity import same_speakers
from attribution.comparison.meaning import LAYERS, MEANING, likeness, meaning
from attribution.comparison.models import Comparison, Row
from attribution.comparison.narrowing import narrowed
from attribution.comparison.relations import Relation, related
from attribution.comparison.roles import swapped
from attribution.comparison.scoring import SEEN, seen
from attribution.comparison.senses import entry_sense
from attribution.comparison.speaker_names import may_be_one
from attribution.comparison.units import units_of
from attribution.comparison.words import Word, words_of
from attribution.errors import OutputError
from attribution.formats.registry import Options

PAIRS = read_pairs()
DEV = [p for p in PAIRS if p.split == "dev"]  # single errors of the held-out parts are not looked at
HARD = [p for p in PAIRS if p.split in ("dev-2", "dev-3")]  # more near misses and freer paraphrases than a story brings
STORIES = [SHARED / "seeds" / name for name in ("000_b7c33f83b7d4e9d1.txt", "002_92538ab63e39e81a.txt")]


def words(text: str) -> list[Word]:
    return words_of(text, [Span(start=0, end=len(text))])


# --- the labelled pairs --------------------------------------------------------------------------------------------


def test_the_pairs_are_many_and_of_every_class() -> None:
    assert {p.kind for p in DEV} == {*SAME, *APART}
    assert len(DEV) >= 595 and len({p.topic for p in DEV}) >= 60
    assert not {p.topic for p in DEV} & {p.topic for p in PAIRS if p.split != "dev"}


def test_quality_gate() -> None:
    found, hard = figures(DEV), figures(HARD)
    assert found["precision"] >= 0.97 and found["recall"] >= 0.9, found
    assert hard["precision"] >= 0.835 and hard["recall"] >= 0.71, hard
    stream = figures([p for p in PAIRS if p.split == "dev-4"])
    assert stream["precision"] >= 0.86 and stream["recall"] >= 0.74, stream


def test_the_held_out_part_does_not_get_worse() -> None:
    watched = figures([p for p in PAIRS if p.split == "held-out-3"])  # its totals were watched while words were listed
    assert watched["precision"] >= 0.95 and watched["recall"] >= 0.76, watched
    stream = figures([p for p in PAIRS if p.split == "check-4"])
    assert stream["precision"] >= 0.88 and stream["recall"] >= 0.815, stream
    hard = figures([p for p in PAIRS if p.split == "check-3"])
    assert hard["precision"] >= 0.68 and hard["recall"] >= 0.61, hard
    for split, precision, recall in (("held-out-4", 0.96, 0.795), ("held-out-5", 0.82, 0.8)):
        blind = figures([p for p in PAIRS if p.split == split])
        assert blind["precision"] >= precision and blind["recall"] >= recall, (split, blind)


@pytest.mark.xfail(strict=True, reason="0.83 and 0.81: what is the other way round or about something else in nearly the same words")
def test_the_bar() -> None:
    found = figures([p for p in PAIRS if p.split == "held-out-5"])  # written when nothing was changed any more, scored once
    assert found["precision"] >= 0.95 and found["recall"] >= 0.85, found


@pytest.mark.parametrize("pair", [p for p in DEV if p.kind in ("number", "date", "speaker", "place", "unit", "roles", "hedge")], ids=lambda p: p.b.text[:40])
def test_never_merged_across_what_keeps_claims_apart(pair: Pair) -> None:
    assert not pair.found


@pytest.mark.parametrize("kind", ["same", "part"])
def test_relations_of_quotations(kind: str) -> None:
    for pair in (p for p in DEV if p.kind == kind and p.found and p.a.how == p.b.how == "d"):
        row = compare([pair.a.article, pair.b.article]).shared[0]
        whole = kind == "same" or f". {pair.b.text.strip('“”')}" in pair.a.text  # one sentence of several is a row of its own
        assert {v.relation for v in row.versions} == ({"same"} if whole else {"same", "part"}), pair.a.text


# --- what keeps claims apart ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,200 people and 3.5 percent", {"count": {1200.0}, "%": {3.5}}),
        ("14 million euros or €14m", {"money": {14e6}}),
        ("twenty-one people", {"count": {21.0}}),
        ("one another, no one, one of them", {}),
        ("one person died", {"count": {1.0}}),
        ("on June 18 and in 2023", {}),
    ],
)
def test_numbers(text: str, expected: dict[str, set[float]]) -> None:
    assert numbers(words(text)) == expected


def test_dates() -> None:
    assert dates(words("it ended on Monday, 18 June 2023")) == {"day": {"monday"}, "day of month": {"18"}, "month": {"6"}, "year": {"2023"}}
    assert dates(words("they may march next week")) == {"span": {"next week"}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("we will not pay", True), ("we won’t pay", True), ("we will pay", False), ("not only we pay", False),
        ("we will not pay for a bridge that nobody wants", True), ("no fewer than 30 died", False),
        ("they refused to pay", True), ("it was no longer an emergency", True),
    ],
)  # fmt: skip
def test_negation(text: str, expected: bool) -> None:
    assert negative(words(text)) is expected
    assert negative(words(text), odd=True) is not expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("she would step down", "she would resign"), ("it put the vote off", "it postponed the vote"),
        ("the announcement", "it announced"), ("the visitors were in no danger", "the visitors were safe"),
    ],
)  # fmt: skip
def test_words_and_phrases_of_one_sense(one: str, other: str) -> None:
    first, second = ({w.sense for w in words(text) if w.content} for text in (one, other))
    assert first <= second or second <= first


def test_a_noun_that_only_looks_like_one_of_a_verb_keeps_its_sense() -> None:
    assert [w.sense for w in words("the station")][-1] == "station"


def test_a_phrase_that_says_no_denies_nothing() -> None:
    assert not negative(words("visitors were in no danger")) and negative(words("visitors were not in danger"))


def test_every_phrase_of_the_tables_of_opposites_has_a_sense() -> None:
    folder = ROOT / "attribution" / "comparison" / "data"
    lines = [line for name in ("opposites.tsv", "contrasts.tsv") for line in (folder / name).read_text(encoding="utf-8").splitlines()]
    phrases = [entry for line in lines if not line.startswith("#") for entry in line.split() if "_" in entry]
    senses = {entry: [w for w in words(entry.replace("_", " ")) if w.sense] for entry in phrases}
    assert phrases and all(found[0].phrase for found in senses.values()), [e for e, found in senses.items() if not found[0].phrase]


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("the gunmen handed the hostages to the Red Cross", "the Red Cross handed the hostages to the gunmen", True),
        ("Korea had sold more to China than China had sold to Korea", "China had sold more to Korea than Korea had sold to China", True),
        ("Petrov was accused of cheating by Larsen", "Larsen accused Petrov of cheating", False),
        ("the minister met the rebels", "the rebels met the minister", False),
    ],
)
def test_words_that_change_places(one: str, other: str, apart: bool) -> None:
    assert swapped(words(one), words(other)) is swapped(words(other), words(one)) is apart


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("420 billion dollars", "€420bn", "unit"), ("20 years", "two decades", None), ("130 kilometres an hour", "130 kph", None),
        ("five were wounded", "five were wounded in 2023", None), ("they will vote for it", "they will vote against it", "polarity"),
        ("she would stay", "she would not leave", None), ("the lowest for 20 years", "not so low for 20 years", None),
    ],
)  # fmt: skip
def test_what_conflicts(one: str, other: str, kind: str | None) -> None:
    assert conflict(words(one), words(other)) == kind


def test_a_word_in_the_place_of_another_of_its_kind_is_another_claim() -> None:
    a, b = words("five people had been wounded in the square"), words("five people had been killed in the square")
    assert contrasted(a, b, align(a, b)) and not contrasted(a, a, align(a, a))


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("the light turned red at noon", "the light turned green at noon", True), ("the alarm had been switched off", "the alarm had been switched on", True),
        ("she would keep the prize", "she would not lose the prize", False),
        ("he would spare the birds", "he would kill the birds", True), ("the paper had bought the site", "the paper had acquired the site", False),
    ],
)  # fmt: skip
def test_words_that_exclude_each_other_where_the_rest_is_the_same(one: str, other: str, apart: bool) -> None:
    a, b = words(one), words(other)
    assert contrasted(a, b, align(a, b)) is contrasted(b, a, align(b, a)) is apart


def test_no_line_of_contrasts_has_a_sense_on_both_sides() -> None:
    lines = (ROOT / "attribution" / "comparison" / "data" / "contrasts.tsv").read_text(encoding="utf-8").splitlines()
    for left, right in (line.split("\t") for line in lines if "\t" in line and line[0] != "#"):
        both = [{entry_sense(w) for w in side.split()} for side in (left, right)]
        assert not both[0] & both[1], (left, right)
    assert exclusive("red", "green") and not exclusive("red", "red") and not exclusive("red", "hockey")


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("a car had hit a cyclist", "a car had hit two cyclists", True), ("sales rose by 12 percent", "sales rose by 12 million", True),
        ("an area a mile wide", "an area a kilometre wide", True), ("it had planned for months", "it had planned for weeks", True),
        ("it would take a decade to pay", "it would take ten years to pay", False), ("a car had hit a cyclist", "a car had hit one cyclist", False),
    ],
)  # fmt: skip
def test_another_amount_in_one_place(one: str, other: str, apart: bool) -> None:
    a, b = words(one), words(other)
    assert recounted(a, b, align(a, b)) is recounted(b, a, align(b, a)) is apart


def test_shares_are_numbers() -> None:
    assert numbers(words("a third of the load")) == {"share": {1 / 3}} and numbers(words("half of the load")) == {"share": {0.5}}
    assert numbers(words("the third time")) == {"rank": {3.0}} and numbers(words("a decade ago")) == {"count": {10.0}}


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("it had ignored warnings from nurses", "nurses had ignored warnings from it", True),
        ("his client had been forced to drive", "his client had forced a boy to drive", True),
        ("rebels had shelled the market", "it had shelled the rebels' market", True),
        ("the surgeon had operated on patients", "the surgeon had been operated on by patients", True),
        ("the market had been shelled by rebels", "rebels had shelled the market", False),
        ("flights would resume in May", "it would resume flights in May", False),
        ("the library would close in June", "the library would be closed in June", False),
        ("the minister had met the rebels", "the rebels had met the minister", False),
        ("it should respect their rights", "Norland should respect their rights if it wants a treaty", False),
        ("the finding was no proof of life", "it was no proof of life", False),
    ],
)  # fmt: skip
def test_who_does_it_to_whom(one: str, other: str, apart: bool) -> None:
    a, b = frame(words(one)), frame(words(other))
    assert crossed(a, b) is crossed(b, a) is apart


def test_a_claim_without_an_auxiliary_has_no_frame() -> None:
    assert frame(words("the army to leave the town")) is None and not crossed(None, frame(words("it had left")))


@pytest.mark.parametrize(
    ("one", "other", "most"),
    [
        ("turn_down", "reject", "like"), ("construction", "build", "like"), ("deport", "expel", "kind"), ("summer", "winter", "sibling"),
        ("accept", "refuse", "opposite"), ("narrow", "widen", "opposite"), ("loss", "profit", "opposite"), ("confess", "deny", "opposite"),
    ],
)  # fmt: skip
def test_what_wordnet_knows(one: str, other: str, most: str) -> None:
    found = related("_".join(map(lemma, one.split("_"))), lemma(other))
    assert found == related(lemma(other), "_".join(map(lemma, one.split("_"))))
    assert getattr(found, most) == max(found) >= 0.5


def test_unknown_words_have_no_relation() -> None:
    assert related("qwxz", "accept") == Relation()


def test_the_scorer_sees_as_many_values_as_have_names() -> None:
    for pair in HARD[::20]:
        a, b = units(pair)
        values = seen(a, b, align(a.words, b.words))
        assert len(values) == len(SEEN) and all(-1 <= v <= 1.5 for v in values), pair.a.text


@pytest.mark.model
def test_the_encoder_reads_the_whole_claim() -> None:
    one, near, far = (
        units_of(one_claim("Ana Ruiz|mayor|Lugo", "i", text), 0)[0]
        for text in (
            "the city would not pay for the bridge", "the town had no money for a new crossing", "the goalkeeper had injured his knee",
        )
    )  # fmt: skip
    assert likeness(one, near) > likeness(one, far)
    assert meaning(one, near) == meaning(near, one) and len(meaning(one, near)) == len(MEANING)
    assert meaning(one, one)[: len(LAYERS)] == pytest.approx([1.0] * len(LAYERS))


@pytest.mark.model
def test_a_claim_longer_than_the_encoder_reads_is_compared() -> None:
    long = units_of(one_claim("Ana Ruiz", "i", "the bridge would cost more than anybody had said " * 80), 0)[0]
    assert all(-1 <= v <= 1.5 for v in meaning(long, long))


def test_claims_in_the_same_words_open_no_model() -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests'); from pairs import one_claim; from attribution.comparison.compare import compare; "
        "from attribution.comparison import meaning; "
        "a, b = (one_claim('Ana Ruiz', 'd', '“We will not pay for a bridge that nobody asked for.”', id_=i) for i in 'ab'); "
        "assert compare([a, b]).shared; assert meaning._opened.cache_info().currsize == 0"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_another_deed_of_the_same_one() -> None:
    assert another_deed(words("one robber had been shot in Marbella"), words("one robber had rented a flat in Marbella"))
    assert not another_deed(words("the ship had sunk"), words("the vessel had gone down")) and not another_deed(words("no auxiliary"), words("it had rained"))


def test_an_institution_meets_its_own_short_name_and_no_other() -> None:
    full, short = person("Nordmetall Works", "organization"), person("Nordmetall", "organization")
    bank, other = person("Bank of Albion", "organization"), person("Bank", "organization")
    assert len(set(same_speakers([full, short]).values())) == 1 and len(set(same_speakers([bank, other]).values())) == 2


def test_conflicts_need_both_sides() -> None:
    assert conflict(words("30 people died"), words("13 people died")) == "number"
    assert conflict(words("30 people died"), words("people died on Monday")) is None
    assert conflict(words("prices rose"), words("prices fell")) == "polarity"
    assert conflict(words("it starts in May 2023"), words("it starts in July 2023")) == "date"


def test_alignment_covers_both_sides_and_finds_the_changed_word() -> None:
    a, b = words("the secretary would raise the war in Ukraine"), words("he would raise the situation in Ukraine today")
    ops = align(a, b)
    assert [i for op in ops for i in range(*op.a)] == list(range(len(a)))
    assert [i for op in ops for i in range(*op.b)] == list(range(len(b)))
    assert [(a[op.a[0]].norm, b[op.b[0]].norm) for op in ops if op.kind == "replaced"] == [("the", "he"), ("war", "situation")]


def test_alignment_of_long_texts_is_quick() -> None:
    rng = random.Random(1)
    a = words(" ".join(rng.choice("alpha beta gamma delta epsilon zeta".split()) for _ in range(3000)))
    started = time.perf_counter()
    assert align(a, a[1:]) and time.perf_counter() - started < 10


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


@pytest.mark.model
@pytest.mark.skipif(not all(p.is_file() for p in STORIES), reason="the two inspiring articles are not here")
def test_the_two_inspiring_articles() -> None:
    found = attribution.compare(STORIES)
    marked = {tuple(tuple(text_of(r, "changed", i)) for i in (0, 1)) for r in found.shared if r.drifts}
    assert (("situation",), ("war",)) in marked
    breakthrough = the_row(found.shared, "breakthrough from the first trip")
    assert [v.relation for v in breakthrough.versions] == ["same", "text"]  # "chances of any breakthrough", in its own voice
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
