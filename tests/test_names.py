"""Names: those of institutions with what they are for, titles alone, and what the sources of claims say of a name."""

from __future__ import annotations

import re

import numpy as np
import pytest

from attribution.pipeline.labels import KINDS
from attribution.pipeline.long_names import is_title_alone, with_what_it_is_for
from attribution.pipeline.mentions import Name
from attribution.pipeline.name_edges import in_one_piece, within_edges
from attribution.pipeline.names import _cut_by_known, _surnames_of_people
from attribution.pipeline.relations import Relation
from attribution.pipeline.segmentation import Range
from attribution.pipeline.speaking_names import with_speaking_names


def name(text: str, words: str, label: str) -> Name:
    return Name(text.index(words), text.index(words) + len(words), label)


@pytest.mark.parametrize(
    ("text", "seed", "whole"),
    [
        ("The Federal Office for the Protection of the Constitution said", "Federal Office", "Federal Office for the Protection of the Constitution"),
        ("Peru's Ministry of Energy and Mines said", "Ministry", "Ministry of Energy and Mines"),
        ("the Standing Committee on Agriculture heard", "Standing Committee", "Standing Committee on Agriculture"),
        ("The Committee for a Responsible Budget said", "Committee", "Committee for a Responsible Budget"),
        ("The Toyota of Japan said", "Toyota", "Toyota"),
        ("The Ministry of sound said", "Ministry", "Ministry"),
    ],
)
def test_an_institution_takes_in_what_it_is_for(text: str, seed: str, whole: str) -> None:
    [found] = with_what_it_is_for(text, [name(text, seed, "ORG")])
    assert text[found.start : found.end] == whole


@pytest.mark.parametrize(
    ("text", "seeds", "whole"),
    [
        ("The Alliance to Reclaim Our Schools said", ["Reclaim Our Schools"], "Alliance to Reclaim Our Schools"),
        ("Shares of Varde Pumps A/S fell", ["Varde Pumps"], "Varde Pumps A/S"),
        ("Shares of Crowhurst Resources plc fell", ["Crowhurst Resources"], "Crowhurst Resources plc"),
        ("the Central and East European Coalition said", ["Central", "East European Coalition"], "Central and East European Coalition"),
        ("It went to Reclaim Our Schools", ["Reclaim Our Schools"], "Reclaim Our Schools"),
    ],
)
def test_an_institution_takes_in_its_form_and_its_deed(text: str, seeds: list[str], whole: str) -> None:
    found = with_what_it_is_for(text, [name(text, seed, "ORG") for seed in seeds])
    assert [text[n.start : n.end] for n in found] == [whole]


def test_a_person_behind_an_institution_stays_apart() -> None:
    text = "The Office of Ana Ruiz said"
    found = [name(text, "Office", "ORG"), name(text, "Ana Ruiz", "PERSON")]
    assert with_what_it_is_for(text, found) == found


def test_a_title_alone_is_no_name() -> None:
    text = "The Speaker rose. Bishop sang. Tom Bishop left."
    speaker, bishop, tom = name(text, "Speaker", "PERSON"), name(text, "Bishop", "PERSON"), name(text, "Tom Bishop", "PERSON")
    found = [speaker, bishop, tom]
    assert is_title_alone(text, speaker, found)
    assert not is_title_alone(text, bishop, found)


def claim(text: str, source: str, kind: str, share: float = 0.9) -> Relation:
    start = text.index(source)
    scores = np.full(len(KINDS), (1 - share) / (len(KINDS) - 1), dtype=np.float32)
    scores[KINDS.index(kind)] = share
    return Relation([Range(start, start + len(source))], [], [Range(0, 1)], [], start, False, 1.0, 1.0, scores, scores)


def test_a_source_says_what_its_name_is() -> None:
    text = "Varde said it would pay. Rivals of Varde laughed."
    found = [Name(0, 5, "PERSON"), Name(36, 41, "PERSON")]
    assert [n.label for n in with_speaking_names(text, found, [claim(text, "Varde", "organization")])] == ["ORG", "ORG"]
    assert [n.label for n in with_speaking_names(text, [], [claim(text, "Varde", "organization")])] == ["ORG", "ORG"]
    assert with_speaking_names(text, found, [claim(text, "Varde", "organization", 0.4)]) == found


def test_a_surname_of_somebody_named_in_full_stays_a_person() -> None:
    text = "Lars Varde came. Varde said it would pay."
    found = [Name(0, 10, "PERSON"), Name(17, 22, "PERSON")]
    claims = [claim(text[17:], "Varde", "organization")]
    claims[0].source = [Range(17, 22)]
    assert with_speaking_names(text, found, claims) == found


@pytest.mark.parametrize(
    ("text", "seen", "label", "expected"),
    [
        ("The harpooner rose. Harpooner Ana Maria Ruiz spoke.", "Harpooner Ana Maria Ruiz", "PERSON", "Ana Maria Ruiz"),
        ("Secretary of State John Kerry spoke.", "State John Kerry", "PERSON", "John Kerry"),
        ("FO3 Ana Ruiz spoke.", "FO3 Ana Ruiz", "PERSON", "Ana Ruiz"),
        ("BY ANA RUIZ", "BY ANA RUIZ", "PERSON", "ANA RUIZ"),
        ("Lord Rose Hill Smith spoke of a rose.", "Rose Hill Smith", "PERSON", "Rose Hill Smith"),
        ("J. K. Rowling spoke.", "J. K. Rowling", "PERSON", "J. K. Rowling"),
        ("Brigadier Sunday Achimugu spoke.", "Achimugu", "PERSON", "Sunday Achimugu"),
        ("In London Ruiz spoke.", "Ruiz", "PERSON", "Ruiz"),
        ("Sunday Ruiz spoke.", "Ruiz", "PERSON", "Ruiz"),
        ("Perth-based Outback Grain cut its forecast.", "Perth-based Outback Grain", "ORG", "Outback Grain"),
        ("Oslo-based Halvorsen spoke.", "Oslo-based Halvorsen", "PERSON", "Halvorsen"),
        ("Oslo-based writers spoke to Based Holdings.", "Based Holdings", "ORG", "Based Holdings"),
        ("Shares in Litios del Norte rose.", "Norte", "ORG", "Litios del Norte"),
        ("Shares in Santé pour Tous fell.", "Tous", "ORG", "Santé pour Tous"),
        ("President del Toro spoke.", "Toro", "PERSON", "Toro"),
        ("Developer Low Barn is late.", "Developer Low Barn", "ORG", "Developer Low Barn"),
    ],
)
def test_the_edges_of_a_name(text: str, seen: str, label: str, expected: str) -> None:
    [found] = within_edges(text, [name(text, seen, label)])
    assert text[found.start : found.end] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Developer Low Barn is late. Low Barn said so.", "Low Barn"),
        ("It was late. “Publisher Low Barn is sorry.” Low Barn said so.", "Low Barn"),
        ("The game of Developer Low Barn is late. Low Barn said so.", "Developer Low Barn"),  # within a sentence a capital means it
        ("Royal Low Barn is late. Low Barn said so.", "Royal Low Barn"),
    ],
)
def test_what_an_institution_is_begins_a_sentence_and_no_name(text: str, expected: str) -> None:
    first = re.search(r"(?:Developer|Publisher|Royal) Low Barn", text)
    assert first is not None
    rest = text.rindex("Low Barn")
    found = within_edges(text, [Name(first.start(), first.end(), "ORG"), Name(rest, rest + 8, "ORG")])
    assert [text[n.start : n.end] for n in found] == [expected, "Low Barn"]


def test_labels_that_the_words_contradict() -> None:
    text = "Ms Carruthers runs the Eric Trump Foundation."
    seen = [name(text, "Ms Carruthers", "ORG"), name(text, "Eric Trump Foundation", "PERSON")]
    assert [n.label for n in within_edges(text, seen)] == ["PERSON", "ORG"]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([("Antony Blinken", "PERSON"), ("Blinken Washington", "PERSON"), ("Washington", "LOC")],
         [("Antony Blinken", "PERSON"), ("Blinken", "PERSON"), ("Washington", "LOC"), ("Washington", "LOC")]),
        ([("Antony Blinken", "PERSON"), ("Blinken Washington", "PERSON")],
         [("Antony Blinken", "PERSON"), ("Blinken Washington", "PERSON")]),
        ([("George Washington", "PERSON"), ("Washington", "LOC")], [("George Washington", "PERSON"), ("Washington", "LOC")]),
    ],
)  # fmt: skip
def test_a_surname_and_a_place_side_by_side_are_two_names(found: list[tuple[str, str]], expected: list[tuple[str, str]]) -> None:
    text = " explained that ".join(words for words, _ in found) + " explained nothing."
    names, at = [], 0
    for words, label in found:
        at = text.index(words, at)
        names.append(Name(at, at + len(words), label))
        at += len(words)
    cut = _cut_by_known(text, names, {})
    assert [(text[n.start : n.end], n.label) for n in cut] == expected


@pytest.mark.parametrize(
    ("text", "seen", "expected"),
    [
        ("The Border Guard said", [("Border", "ORG"), ("Guard", "ORG")], [("Border Guard", "ORG")]),
        ("Its owner, Groupe Marsac, said", [("Groupe", "ORG"), ("Marsac", "PERSON")], [("Groupe Marsac", "ORG")]),
        ("Its head, Richard Moon, said", [("Richard", "PERSON"), ("Moon", "PERSON")], [("Richard Moon", "PERSON")]),
        ("Police Chief Ann Lee said", [("Police", "ORG"), ("Chief", "ORG"), ("Ann Lee", "PERSON")], None),
        ("Minister of Trade Moon said", [("Trade", "ORG"), ("Moon", "PERSON")], None),
    ],
)
def test_a_name_in_pieces_is_one(
    text: str, seen: list[tuple[str, str]], expected: list[tuple[str, str]] | None
) -> None:
    found = in_one_piece(text, [name(text, words, label) for words, label in seen])
    assert [(text[n.start : n.end], n.label) for n in found] == (expected or seen)


def test_what_stands_between_the_and_an_institution_belongs_to_it() -> None:
    for text, seeds in (
        ("the Harbour Owners’ Council said", ["Owners’ Council"]),
        ("the Forests and Rivers Bureau said", ["Forests", "Rivers Bureau"]),
    ):
        [found] = with_what_it_is_for(text, [name(text, seed, "ORG") for seed in seeds])
        assert text[found.start : found.end] == text[4:-5]
    text = "the Kremlin and Foreign Ministry said"
    assert len(with_what_it_is_for(text, [name(text, "Kremlin", "ORG"), name(text, "Foreign Ministry", "ORG")])) == 2


def test_a_month_is_no_part_of_a_name() -> None:
    text = "Last August Orrin Foods bid"
    [found] = within_edges(text, [name(text, "August Orrin Foods", "ORG")])
    assert text[found.start : found.end] == "Orrin Foods"


@pytest.mark.parametrize(
    ("found", "label"),
    [
        ([("Leah Marsh", "PERSON"), ("Marsh", "ORG")], "PERSON"),
        ([("Seo Jun-ho", "PERSON"), ("Seo", "ORG")], "PERSON"),
        ([("Leah Marsh", "PERSON"), ("Marsh Foods", "ORG"), ("Marsh", "ORG")], "ORG"),
        ([("Leah Marsh", "PERSON"), ("Leah", "ORG")], "ORG"),
        ([("Leah Marsh", "PERSON"), ("Marsh", "LOC")], "LOC"),
    ],
)
def test_a_surname_that_looks_like_an_institution_is_the_person(found: list[tuple[str, str]], label: str) -> None:
    text = " told ".join(words for words, _ in found)
    names, at = [], 0
    for words, kind in found:
        at = text.index(words, at)
        names.append(Name(at, at + len(words), kind))
        at += len(words)
    assert _surnames_of_people(text, names)[-1].label == label
