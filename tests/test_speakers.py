"""Speakers: texts with hand-set names and claims, so that only the resolver is at work."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from attribution.lexicon import noun_kinds
from attribution.pipeline.assembly import speaker
from attribution.pipeline.cast import assemble_cast
from attribution.pipeline.labels import ACTS, KINDS
from attribution.pipeline.mentions import Name, phrase, phrase_before, singular, without_titles
from attribution.pipeline.noun_phrases import Word, noun_phrases
from attribution.pipeline.relations import Relation, set_parents
from attribution.pipeline.resolution import Article, Resolution
from attribution.pipeline.segmentation import Range, paragraphs, sentences
from attribution.pipeline.speakers import resolve_all


@dataclass
class Story:
    """``[P Ana Ruiz]`` marks a name (P, O, L or N); ``<s>…</s> <c>…</c> <q>…</q>`` the parts of a claim, in turn."""

    marked: str

    def resolve(self) -> list[Resolution]:
        text, names, roles = "", [], {"s": [], "c": [], "q": []}
        opened: list[tuple[str, int]] = []
        for m in re.finditer(r"\[([POLN]) |\]|<(/?)([scq])>|[^\[\]<>]+", self.marked):
            if m.group(1):
                opened.append((m.group(1), len(text)))
            elif m.group() == "]":
                label, at = opened.pop()
                names.append(Name(at, len(text), {"P": "PERSON", "O": "ORG", "L": "LOC", "N": "NORP"}[label]))
            elif m.group(3):
                if m.group(2):
                    roles[m.group(3)].append(Range(opened.pop()[1], len(text)))
                else:
                    opened.append((m.group(3), len(text)))
            else:
                text += m.group()
        relations = []
        for i, content in enumerate(roles["q"]):
            nearest = [min(roles[k], key=lambda r: abs(r.start - content.start), default=None) if len(roles[k]) <= i else roles[k][i] for k in "sc"]
            source, cue = nearest
            relations.append(
                Relation(
                    [source] if source and source.end > source.start else [], [cue] if cue and cue.end > cue.start else [], [content], [],
                    (cue or content).start, not (cue and cue.end > cue.start), 0.9, 0.9, np.zeros(len(ACTS)), np.zeros(len(KINDS)),
                )
            )  # fmt: skip
        set_parents(relations)
        blocks = paragraphs(text)
        found = [s for p in blocks for s in sentences(text, p)]
        names.sort(key=lambda n: n.start)
        return resolve_all(Article(text, blocks, found, names, assemble_cast(text, names, found, noun_phrases(text, tagged(text), found)), relations, tagged(text)))


_PARTS = {
    "DET": "the a an this that these those some many each both neither every no another".split(),
    "PRON": "he she it they we i you his her its their who which that".split(),
    "ADP": "of to by for in on at with from about against".split(),
    "ADJ": "top former new nervous young annual joint local wealthy latest national other whole presidential".split(),
    "CCONJ": ["and", "or", "but"],
    "AUX": "is was were are be been has had have will would".split(),
}


def tagged(text: str) -> list[Word]:
    """The words of a case with parts of speech by a few lists: enough for noun phrases to be found."""
    found = []
    for m in re.finditer(r"(?<=\w)['’]s\b|[^\W_]+(?:[-&][^\W_]+)*|\S", text):
        word = m.group()
        part = next((part for part, listed in _PARTS.items() if word.casefold() in listed), "")
        noun = singular(word)[0] in noun_kinds() or singular(word)[0] in ("voter", "state", "family", "board")
        own = "PUNCT" if not word[0].isalnum() else "NUM" if word[0].isdigit() else "NOUN" if noun else "PROPN" if word[0].isupper() else "VERB"
        found.append(Word(m.start(), m.end(), "PART" if word in ("'s", "’s") else part or own))
    return found


NAMES = [
    # fullest form, surname, title
    ("[P Ana Ruiz] came. <s>[P Ruiz]</s> <c>said</c> <q>it was late</q>.", ["Ana Ruiz"]),
    ("<s>Ms. [P Ruiz]</s> <c>said</c> <q>it was late</q>. [P Ana Maria Ruiz] left.", ["Ana Maria Ruiz"]),
    ("<s>Foreign Ministry spokeswoman [P Lin Yuehan]</s> <c>said</c> <q>no</q>.", ["Lin Yuehan"]),
    ("<s>Sen. [P Bob Casey]</s> <c>said</c> <q>no</q>.", ["Bob Casey"]),
    ("<s>Secretary of State [P Antony Blinken]</s> <c>said</c> <q>no</q>.", ["Antony Blinken"]),
    # the name in an apposition
    ("<s>The mayor of [L Huancapata], [P Wenceslao Ccori]</s>, <c>said</c> <q>no</q>.", ["Wenceslao Ccori"]),
    ("<s>[P Maria Lopez], 43, who runs the shop</s>, <c>said</c> <q>no</q>.", ["Maria Lopez"]),
    # namesakes
    ("[P Luis Vega] met his wife, [P Rosa Vega]. <s>Mrs. [P Vega]</s> <c>said</c> <q>no</q>.", ["Rosa Vega"]),
    # several
    ("[P Ana Ruiz] and [P Luis Vega] met. <s>[P Ruiz] and [P Vega]</s> <c>said</c> <q>no</q>.", ["Ana Ruiz; Luis Vega"]),
    # institutions: possessive owner, acronym, head noun
    ("<s>[L Kazakhstan]'s [O Foreign Ministry]</s> <c>said</c> <q>no</q>.", ["Kazakhstan's Foreign Ministry"]),
    ("The [O International Monetary Fund] met. <s>The [O IMF]</s> <c>said</c> <q>no</q>.", ["International Monetary Fund"]),
    ("The [O Kiel Canal Authority] met. <s>The authority</s> <c>said</c> <q>no</q>.", ["Kiel Canal Authority"]),
    ("The [O Environment Inspectorate] came. Then <s>the inspectorate</s> <c>said</c> <q>no</q>.", ["Environment Inspectorate"]),
    ("The [O Lugo Inspectorate] and the [O Vigo Inspectorate] met. Then <s>the inspectorate</s> <c>said</c> <q>no</q>.", ["inspectorate"]),
    # an institution with what it is
    ("[O Georgian Dream] won. <s>The ruling [O Georgian Dream] party</s> <c>said</c> <q>no</q>.", ["Georgian Dream"]),
    ("<s>The ruling [O Georgian Dream] party</s> <c>said</c> <q>no</q>.", ["ruling Georgian Dream party"]),
    ("<s>The [O Axios] news portal</s> <c>said</c> <q>no</q>.", ["Axios"]),
    ("[L Oslo] is cold. <s>Oslo-based Halvorsen</s> <c>said</c> <q>no</q>.", ["Halvorsen"]),
    # governments
    ("[L China] is large. <s>[L Beijing]</s> <c>denied</c> <q>it</q>.", ["China"]),
    ("<s>The [L Kremlin]</s> <c>said</c> <q>no</q>.", ["Kremlin"]),
    # unnamed
    ("<s>Two people familiar with the talks</s> <c>said</c> <q>no</q>.", ["Two people familiar with the talks"]),
    ("<s>Analysts</s> <c>expect</c> <q>a rise</q>.", ["Analysts"]),
    ("<s>A report by the [O World Bank]</s> <c>found</c> <q>a rise</q>.", ["report by the World Bank"]),
]
PRONOUNS = [
    ("[P Ana Ruiz] spoke. <s>She</s> <c>said</c> <q>it was late</q>.", ["Ana Ruiz"]),
    ("Mr. [P Luis Vega] met Ms. [P Ana Ruiz]. <s>He</s> <c>said</c> <q>it was late</q>.", ["Luis Vega"]),
    ("<s>[P Ana Ruiz]</s> <c>said</c> <q><s>she</s> <c>expected</c> <q>rain</q></q>.", ["Ana Ruiz", "Ana Ruiz"]),
    ("<q>“<s>I</s> <c>think</c> <q>so</q>”</q>, <s>[P Ana Ruiz]</s> <c>said</c>.", None),
    ("[P Ana Ruiz] set the tone. In a call with Ms [P Rosa Vega] <s>she</s> <c>asked</c> <q>for help</q>.", ["Ana Ruiz"]),
    ("The mayor met [P Luis Vega], <s>who</s> <c>said</c> <q>no</q>.", ["Luis Vega"]),
    # whose lawyer somebody is does not tell their gender
    ("[P Ana Ruiz] came with her lawyer, [P Darnell Vega]. <s>He</s> <c>said</c> <q>no</q>.", ["Darnell Vega"]),
]


@pytest.mark.parametrize(("marked", "expected"), NAMES)
def test_names(marked: str, expected: list[str]) -> None:
    assert [r.name for r in Story(marked).resolve()] == expected


@pytest.mark.parametrize(("marked", "expected"), [p for p in PRONOUNS if p[1] and p[0].count("<q>") == 1])
def test_pronouns(marked: str, expected: list[str]) -> None:
    assert [r.name for r in Story(marked).resolve()] == expected


@pytest.mark.parametrize(
    ("marked", "kind"),
    [
        ("<s>Two people familiar with the talks</s> <c>said</c> <q>no</q>.", "anonymous"),
        ("<s>A police spokesman</s> <c>said</c> <q>no</q>.", "anonymous"),
        ("<s>Residents</s> <c>said</c> <q>no</q>.", "group"),
        ("<s>The survey</s> <c>found</c> <q>a rise</q>.", "document"),
        ("<s>The [O World Bank]</s> <c>said</c> <q>no</q>.", "organization"),
        ("<s>[L Moscow]</s> <c>said</c> <q>no</q>.", "government"),
        ("<s></s><c>It was said</c> that <q>no one came</q>.", "unknown"),
    ],
)
def test_kinds(marked: str, kind: str) -> None:
    assert [r.kind for r in Story(marked).resolve()] == [kind]


def _cases() -> list[tuple[str, str, str]]:
    """(class, marked text, expected names) of every block of cases/speakers.txt."""
    found, kind = [], ""
    body = re.sub(r"(?m)^#.*\n", "", (Path(__file__).parent / "cases" / "speakers.txt").read_text(encoding="utf-8"))
    for block in re.split(r"(?m)^-> ?", re.sub(r"(?m)^->$", "-> ", body)):
        found.append(block)
    cases = []
    text = found[0]
    for block in found[1:]:
        expected, _, rest = block.partition("\n")
        if m := re.search(r"(?m)^== (.*)$", text):
            kind, text = m.group(1), text[m.end() :]
        cases.append((kind, text.strip(), expected.strip()))
        text = rest
    return cases


CASES = _cases()


@pytest.mark.parametrize(("kind", "marked", "expected"), CASES, ids=[f"{k}-{i}" for i, (k, _, _) in enumerate(CASES)])
def test_cases(kind: str, marked: str, expected: str) -> None:
    found = "; ".join(r.name.replace("; ", " + ") for r in Story(marked).resolve())
    assert found == expected, f"{kind}: {marked}"


def test_there_are_enough_cases() -> None:
    kinds = [k for k, _, _ in CASES]
    assert len(CASES) >= 120 and len(set(kinds)) >= 17 and sum(k.startswith("negative") for k in kinds) >= 15


def test_a_quotation_without_cue_goes_on_the_speaker_before() -> None:
    first, second = Story("<s>[P Ana Ruiz]</s> <c>said</c> <q>nobody came</q>.\n\n<s></s><c></c><q>“Not one.”</q>").resolve()
    assert first.name == second.name == "Ana Ruiz"
    assert second.steps[0].step == "continues"


def test_no_name_rather_than_a_wrong_one() -> None:
    [who] = Story("[P Ana Ruiz] and [P Luis Vega] met at the bank. <s>A spokesman</s> <c>said</c> <q>no</q>.").resolve()
    assert (who.name, who.kind) == ("spokesman", "anonymous")


@pytest.mark.parametrize(
    ("marked", "role", "affiliation"),
    [
        ("<s>[P Daniel Kritenbrink], the [O State Department]'s top diplomat for East Asia</s>, <c>told</c> <q>reporters</q>.", "top diplomat for East Asia", "State Department"),
        ("<s>[O U.S. State Department] spokesperson [P Matthew Miller]</s> <c>said</c> <q>no</q>.", "spokesperson", "U.S. State Department"),
        ("[P Ana Ruiz], the mayor of Lugo, came. <s>[P Ruiz]</s> <c>said</c> <q>no</q>.", "mayor of Lugo", None),
        ("<s>[O US Secretary] of State [P Ana Ruiz]</s> <c>said</c> <q>no</q>.", "US Secretary of State", None),
        ("<s>Its director, [P Ana Ruiz]</s>, <c>said</c> <q>no</q>.", "director", None),
    ],
)
def test_role_and_affiliation(marked: str, role: str, affiliation: str | None) -> None:
    found = speaker(Story(marked).resolve()[0])
    assert (found["role"], found["affiliation"]) == (role, affiliation)


def test_every_resolution_has_evidence() -> None:
    for marked, _ in NAMES:
        assert all(r.steps for r in Story(marked).resolve())


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Vice President Joe Biden", "Joe Biden"), ("Mr. Trump’s", "Trump"), ("Stephen King", "Stephen King"), ("Vermont Sen. Bernie Sanders", "Bernie Sanders"),
        ("Vice-Admiral Rupert Bell", "Rupert Bell"), ("Dato’ Hazlan Iskandar", "Hazlan Iskandar"), ("Lt Gen (retd) P.K. Nair", "P.K. Nair"),
    ],
)
def test_titles_are_no_part_of_a_name(name: str, bare: str) -> None:
    assert without_titles(name) == bare


@pytest.mark.parametrize(
    ("text", "head", "plural", "definite"),
    [
        ("the US diplomat", "diplomat", False, True),
        ("Two officials at the ministry", "official", True, False),
        ("his lawyer", "lawyer", False, True),
        ("A survey of 1,140 farms by the alliance", "survey", False, False),
        ("the company’s chairman, who resigned", "chairman", False, True),
    ],
)
def test_phrase(text: str, head: str, plural: bool, definite: bool) -> None:
    p = phrase(text, Range(0, len(text)))
    assert (p.head, p.plural, p.definite) == (head, plural, definite)


def test_a_government_is_its_country() -> None:
    [who] = Story("[L China] is large. <s>The Chinese government</s> <c>opposes</c> <q>it</q>.").resolve()
    assert (who.name, who.kind) == ("China", "government")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They may clash over the self-ruled island of Taiwan, ", "the self-ruled island of Taiwan"),
        ("He met Luis Vega, ", "Luis Vega"),
        ("It was raining and ", None),
    ],
)
def test_phrase_before(text: str, expected: str | None) -> None:
    found = phrase_before(text, 0, len(text))
    assert (text[found.start : found.end] if found else None) == expected
