"""Whether two claims are the same: the labelled pairs, and each thing that keeps claims apart or brings them together."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest
from conftest import ROOT
from pairs import APART, SAME, Pair, figures, one_claim, read_pairs, units

from attribution.claims import Span
from attribution.comparison.alignment import align
from attribution.comparison.amounts import dates, numbers, recounted
from attribution.comparison.compare import compare
from attribution.comparison.features import another_deed
from attribution.comparison.forms import lemma
from attribution.comparison.frames import crossed, frame
from attribution.comparison.guards import conflict, contrasted, exclusive, negative
from attribution.comparison.meaning import LAYERS, MEANING, likeness, meaning
from attribution.comparison.relations import Relation, related
from attribution.comparison.roles import swapped
from attribution.comparison.scoring import SEEN, seen
from attribution.comparison.senses import entry_sense
from attribution.comparison.speaker_names import head, one_within_other
from attribution.comparison.units import units_of
from attribution.comparison.words import Word, words_of

PAIRS = read_pairs()
BLIND = "held-out-8"
DEV = [p for p in PAIRS if p.split == "dev"]  # single errors of the held-out parts are not looked at
HARD = [p for p in PAIRS if p.split in ("dev-2", "dev-3")]  # more near misses and freer paraphrases than a story brings


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


def test_the_blind_part_does_not_get_worse() -> None:
    blind = figures([p for p in PAIRS if p.split == BLIND])
    assert blind["precision"] >= 0.985 and blind["recall"] >= 0.885, blind


@pytest.mark.parametrize(
    ("split", "precision", "recall"),
    [
        ("held-out-3", 0.95, 0.76), ("check-4", 0.88, 0.815), ("check-3", 0.68, 0.61), ("held-out-4", 0.96, 0.795),
        ("held-out-5", 0.82, 0.8), ("held-out-6", 0.9, 0.8), ("held-out-7", 0.975, 0.83),
    ],
)  # fmt: skip
def test_the_parts_that_were_held_out_do_not_get_worse(split: str, precision: float, recall: float) -> None:
    found = figures([p for p in PAIRS if p.split == split])  # learnt from since the cross-encoder
    assert found["precision"] >= precision and found["recall"] >= recall, found


def test_the_bar() -> None:
    blind = figures([p for p in PAIRS if p.split == BLIND])  # nothing is fitted to it
    assert blind["precision"] >= 0.95 and blind["recall"] >= 0.85, blind


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
        "assert compare([a, b]).shared; assert meaning.opened.cache_info().currsize == 0"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_another_deed_of_the_same_one() -> None:
    assert another_deed(words("one robber had been shot in Marbella"), words("one robber had rented a flat in Marbella"))
    assert not another_deed(words("the ship had sunk"), words("the vessel had gone down")) and not another_deed(words("no auxiliary"), words("it had rained"))


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


@pytest.mark.parametrize("name", ["the", "of the", "some of the"])
def test_a_name_whose_words_tell_nothing_has_a_head(name: str) -> None:
    assert head(name) and one_within_other(name, name)
