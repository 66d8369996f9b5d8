"""Unnamed sources: what is said of them and why they are not named."""

from __future__ import annotations

import pytest
from conftest import ROOT
from test_speakers import Story

from attribution.pipeline.assembly import speaker

DESCRIBED = [
    ("<s>A spokesman for the [O Foreign Ministry]</s> <c>said</c> <q>no</q>.", "spokesman", "Foreign Ministry"),
    ("<s>A former engineer at [O Kelda Foods]</s> <c>said</c> <q>no</q>.", "former engineer", "Kelda Foods"),
    ("<s>A [O Pentagon] spokesman</s> <c>said</c> <q>no</q>.", "Pentagon spokesman", "Pentagon"),
    ("<s>Two people familiar with the talks</s> <c>said</c> <q>no</q>.", "familiar with the talks", None),
    ("<s>Her lawyer</s> <c>said</c> <q>no</q>.", "lawyer", None),
    ("<s>A senior official</s> <c>said</c> <q>no</q>.", "senior official", None),
    ("<s>Officials</s> <c>said</c> <q>no</q>.", None, None),
]
REASONS = [
    ("<s>A senior official</s>, speaking on condition of anonymity because talks go on, <c>said</c> <q>no</q>.",
     "speaking on condition of anonymity because talks go on"),
    ("<s>Two people familiar with the talks</s>, who asked not to be named, <c>said</c> <q>no</q>.", "asked not to be named"),
    ("<c>Said</c> <s>a diplomat who was not authorised to speak to the press</s>: <q>no</q>.", "was not authorised to speak to the press"),
    ("<s>A picker, whose name cannot be given</s>, <c>said</c> <q>no</q>.", "whose name cannot be given"),
    ("<s>A senior official</s> <c>said</c> <q>no</q>.", None),
    ("[P Ana Ruiz] asked not to be named. <s>A picker</s> <c>said</c> <q>no</q>.", None),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "role", "affiliation"), DESCRIBED)
def test_what_is_said_of_them(marked: str, role: str | None, affiliation: str | None) -> None:
    [found] = Story(marked).resolve()
    who = speaker(found)
    assert (who["role"], who["affiliation"]) == (role, affiliation)


@pytest.mark.parametrize(("marked", "wanted"), REASONS)
def test_why_they_are_not_named(marked: str, wanted: str | None) -> None:
    [found] = Story(marked).resolve()
    assert next((s.taken for s in found.steps if s.step == "anonymity"), None) == wanted


@pytest.mark.model
def test_speakers_of_an_article_know_their_names_and_places() -> None:
    from attribution.extraction import extract_many

    [found] = extract_many([ROOT / "seeds" / "wire.txt"])
    text = found.article.text
    by_name = {s.name: s for s in found.speakers}
    who = by_name["Daniel Kritenbrink"]
    assert who.claims == sum(c.speaker.id == who.id for c in found.claims) > 1
    assert {"Kritenbrink"} <= {text[m.start : m.end] for m in who.mentions}
    assert "Kritenbrink" in who.aliases and "Daniel Kritenbrink" not in who.aliases
    assert len({s.id for s in found.speakers}) == len(found.speakers)
