"""Acts and polarity by cue and content."""

from __future__ import annotations

import pytest

from attribution.lexicon import acts_by_lemma, lemmas_by_form
from attribution.pipeline.acts import lemmatise, read_cue
from attribution.pipeline.labels import ACTS

CASES = [
    ("said", "the road was closed", "say", "statement", False),
    ("has repeatedly urged", "the US to stop", "urge", "request", False),
    ("called on", "both sides to talk", "call", "request", False),
    ("called", "the plan a mistake", "call", "statement", False),
    ("asked", "whether he would resign", "ask", "question", False),
    ("asked", "for more time", "ask", "request", False),
    ("asked for", "more time", "ask", "request", False),
    ("told", "them to leave at once", "tell", "request", False),
    ("told", "reporters were wrong", "tell", "statement", False),
    ("denied", "the charges", "deny", "denial", False),
    ("did not say", "which officials he would meet", "say", "other", True),
    ("refused to say", "whether he knew", "say", "other", True),
    ("would not rule out", "a strike", "rule", "other", True),
    ("didn’t think", "it mattered", "think", "belief", True),
    ("is expected", "to win", "expect", "belief", False),
    ("fears", "a shortage", "fear", "belief", False),
    ("pledged", "to rebuild", "pledge", "promise", False),
    ("assured", "that nobody would lose a job", "assure", "promise", False),
    ("predicted", "rain", "predict", "prediction", False),
    ("according to", "the road was closed", "accord", "statement", False),
    ("wondered", "why nobody came", "wonder", "question", False),
    ("", "“Why would we hide it?”", "", "question", False),
    ("", "“We never hid it.”", "", "statement", False),
]


@pytest.mark.parametrize(("cue", "content", "lemma", "act", "negated"), CASES)
def test_reading(cue: str, content: str, lemma: str, act: str, negated: bool) -> None:
    assert read_cue(cue, content, None) == (lemma, act, negated)


@pytest.mark.parametrize(
    ("cue", "parts", "lemma"),
    [
        ("did not exclude", ["AUX", "PART", "VERB"], "exclude"),
        ("has always presented", ["AUX", "ADV", "VERB"], "present"),
        ("plays down", ["VERB", "ADP"], "play"),
        ("shrugged off", ["VERB", "ADP"], "shrug"),
        ("ran", ["VERB"], "run"),
        ("calculations", ["NOUN"], "calculation"),
        ("a heated disagreement", ["DET", "ADJ", "NOUN"], "disagreement"),
    ],
)
def test_the_head_of_a_cue_outside_the_lexicon_is_its_verb(cue: str, parts: list[str], lemma: str) -> None:
    assert read_cue(cue, "", None, parts).lemma == lemma


def test_every_act_of_the_lexicon_is_known() -> None:
    assert set(acts_by_lemma().values()) == set(ACTS)


@pytest.mark.parametrize(
    ("form", "lemma"),
    [("denies", "deny"), ("urging", "urge"), ("SAID", "say"), ("pressed", "press"), ("quipped", "quip"), ("blorped", "blorp"), ("always", "always")],
)
def test_lemmas(form: str, lemma: str) -> None:
    assert lemmatise(form) == lemma


def test_no_form_is_its_own_empty_lemma() -> None:
    assert all(form and lemma for form, lemma in lemmas_by_form().items())
