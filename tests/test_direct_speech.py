"""What direct speech is whose: pieces that two claims have, paragraphs that are a quotation, and what a relative clause leaves out."""

from __future__ import annotations

import pytest
from test_relations import relation

from attribution.pipeline.quotation import quotations
from attribution.pipeline.reader import polished
from attribution.pipeline.relations import Relation, set_parents
from attribution.pipeline.said_once import said_once
from attribution.pipeline.segmentation import paragraphs
from attribution.pipeline.standing_quotations import CONFIDENCE, standing_quotations

LILL = '"Whose Sunday is it?" asked Lill. "It is mine to sell."\n\n"My father kept it," she added.'


def claim(text: str, source: str, cue: str, *content: str) -> Relation:
    def at(words: str) -> tuple[int, int]:
        return text.index(words), text.index(words) + len(words)

    return relation([at(c) for c in content], [at(cue)] if cue else [], [at(source)] if source else [])


def contents(text: str, found: list[Relation]) -> list[list[str]]:
    return [[text[s.start : s.end] for s in r.content] for r in found]


def test_a_quotation_that_two_claims_have_stays_with_the_nearer_cue() -> None:
    found = [
        claim(LILL, "Lill", "asked", '"Whose Sunday is it?"', '"It is mine to sell."'),
        claim(LILL, "she", "added", '"It is mine to sell."', '"My father kept it,"'),
    ]
    laid_out = paragraphs(LILL)
    said_once(found, quotations(LILL, laid_out), laid_out)
    assert contents(LILL, found) == [['"Whose Sunday is it?"', '"It is mine to sell."'], ['"My father kept it,"']]


@pytest.mark.parametrize("inside", [True, False])
def test_what_is_no_piece_beside_others_stays(inside: bool) -> None:
    text = 'Reuters said Ann Lee said "it will rain" and left.'
    found = [claim(text, "Ann Lee", "said", '"it will rain"'), claim(text, "Reuters", "said", '"it will rain"')]
    if inside:
        found[1] = claim(text, "Reuters", "said", 'Ann Lee said "it will rain"')
        found[0].cue = [type(found[0].cue[0])(21, 25)]
    set_parents(found)
    before = contents(text, found)
    said_once(found, quotations(text, paragraphs(text)), paragraphs(text))
    assert contents(text, found) == before


ALONE = 'Ana Ruiz said nobody had been asked.\n\n{}\n\nThe town has a mayor.'


@pytest.mark.parametrize(
    ("paragraph", "is_claim"),
    [
        ('"Not a mayor, not a nurse, not a teacher."', True),
        ("“Has anybody here seen the plan?”", True),
        ('"The Nurse."', False),  # a title as likely as not
        ('"Not a mayor, not a nurse" is her song.', False),
        ('"Not a mayor, not a nurse, not a teacher', False),  # nobody knows where it ends
    ],
)
def test_a_paragraph_that_is_a_quotation_is_a_claim(paragraph: str, *, is_claim: bool) -> None:
    text = ALONE.format(paragraph)
    laid_out = paragraphs(text)
    marked = quotations(text, laid_out)
    told = claim(text, "Ana Ruiz", "said", "nobody had been asked")
    found = standing_quotations(text, [told], marked, laid_out, ["body"] * 3)
    assert contents(text, found) == ([[paragraph]] if is_claim else [])
    assert all(r.free and r.confidence == CONFIDENCE and not r.source for r in found)
    assert standing_quotations(text, [told], marked, laid_out, ["body", "caption", "body"]) == []
    assert standing_quotations(text, [], marked, laid_out, ["body"] * 3) == []  # nobody speaks before it
    known = claim(text, "", "", paragraph)
    assert standing_quotations(text, [told, known], marked, laid_out, ["body"] * 3) == []


@pytest.mark.parametrize(
    ("text", "content", "expected"),
    [
        ("It lies off the island of Taiwan, which China claims as its own.", "as its own", ["the island of Taiwan", "as its own"]),
        ("It is a strip of land that Sudan claims as part of Gedaref.", "as part of Gedaref", ["a strip of land", "as part of Gedaref"]),
        ("This is what China claims as its own.", "as its own", ["as its own"]),
    ],
)  # fmt: skip
def test_a_relative_clause_speaks_of_what_stands_before_it(text: str, content: str, expected: list[str]) -> None:
    found = polished(text, [claim(text, "China" if "China" in text else "Sudan", "claims", content)], [])
    assert contents(text, found) == [expected]
