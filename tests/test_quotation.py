"""Quotation marks: each case is a text in which every expected quotation is listed as (words, depth, closed)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attribution.pipeline.assembly import polish
from attribution.pipeline.quotation import depths, normalised, quotations
from attribution.pipeline.segmentation import Range, paragraphs

CASES = {
    "straight": ('"We go," he said. "Now."', [('"We go,"', 1, True), ('"Now."', 1, True)]),
    "curly": ("“We go,” he said.", [("“We go,”", 1, True)]),
    "single British": ("‘We don’t know,’ she said.", [("‘We don’t know,’", 1, True)]),
    "single straight": ("'We can see it,' said O'Brien.", [("'We can see it,'", 1, True)]),
    "double in single": ("‘He said: “Go.” We went.’", [("‘He said: “Go.” We went.’", 1, True), ("“Go.”", 2, True)]),
    "single in double": ("\"They say 'no' again,\" he said", [("\"They say 'no' again,\"", 1, True), ("'no'", 2, True)]),
    "curly in straight": ('"What he called a “rant,” she said."', [('"What he called a “rant,” she said."', 1, True), ("“rant,”", 2, True)]),
    "angle": ("Il dit « non » et part.", [("« non »", 1, True)]),
    "angle reversed": ("»Nein«, sagt er.", [("»Nein«", 1, True)]),
    "low German": ("„Ja“, sagt er.", [("„Ja“", 1, True)]),
    "TeX": ("``Hello,'' he said", [("``Hello,''", 1, True)]),
    "across paragraphs": ("“One.\n\n“Two,” he said.", [("“One.", 1, False), ("“Two,”", 1, True)]),
    "stray costs its paragraph": ('He said "yes.\n\nShe said "no" then.', [('"yes.', 1, False), ('"no"', 1, True)]),
    "stray in one paragraph": ('He said "yes. And "no," she said.', [('"yes. And', 1, False), ('"no,"', 1, True)]),
    "plural possessive is no mark": ("the ministers' plan and the dogs’ life", []),
    "possessive inside single marks": ("'The ministers' plan is bad,' he said", [("'The ministers' plan is bad,'", 1, True)]),
    "decades and elisions": ("rock ’n’ roll in the ’90s, ’twas said", []),
    "inches and feet": ('a 6\'2" man', []),
    "mark ends the text": ('He said "yes"', [('"yes"', 1, True)]),
    "empty": ("", []),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    text, expected = CASES[name]
    found = quotations(text, paragraphs(text))
    assert [(text[q.start : q.end], q.depth, q.closed) for q in found] == expected


def test_second_paragraph_continues_the_first() -> None:
    text = "“One.\n\n“Two,” he said."
    assert [q.continues for q in quotations(text, paragraphs(text))] == [False, True]


def test_typographies_look_alike_to_the_encoder() -> None:
    texts = ['"It\'s over," he said.', "“It’s over,” he said.", "‘It’s over,’ he said.", "«It's over,» he said."]
    assert {normalised(t, quotations(t, paragraphs(t))) for t in texts} == {"“It's over,” he said."}


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("“One is none.\n\n“Two,” he said.", "One is none.", "“One is none."),
        ("“One is none.”\n\nHe said it.", "One is none.", "“One is none.”"),
        ("He said that one is none.\n\n“Two,” he said.", "one is none.", "one is none"),
        ("“One is none,” he said, “and two.\n\n“Three,” he said.", "One is none", "“One is none,”"),
    ],
)
def test_the_full_stop_of_a_paragraph_whose_quotation_goes_on_is_quoted(text: str, found: str, expected: str) -> None:
    at = text.index(found)
    [span] = polish(text, [Range(at, at + len(found))], quotations(text, paragraphs(text)), content=True)
    assert text[span.start : span.end] == expected


marks = st.text(alphabet="ab s.,\n“”‘’\"'«»„`´()-—’", max_size=120)


@given(marks)
def test_quotations_lie_in_one_paragraph_and_nest(text: str) -> None:
    blocks = paragraphs(text)
    found = quotations(text, blocks)
    for q in found:
        assert 0 <= q.start < q.end <= len(text)
        assert any(b.start <= q.start and q.end <= b.end for b in blocks)
    assert len(normalised(text, found)) == len(text) == len(depths(text, found))


@given(marks, marks)
def test_a_paragraph_after_changes_nothing_before(text: str, more: str) -> None:
    blocks = paragraphs(text)
    longer = f"{text}\n\nx{more}"
    before = [q for q in quotations(longer, paragraphs(longer)) if q.start < len(text)]
    assert before == quotations(text, blocks)
