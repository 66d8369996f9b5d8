from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attribution.pipeline.blocks import blocks
from attribution.pipeline.segmentation import Range, paragraphs, sentences

SENTENCES = {
    "He met Sen. Bob Casey on Jan. 3. She left.": ["He met Sen. Bob Casey on Jan. 3.", "She left."],
    "The U.S. State Department spoke. “Fine,” it said.": ["The U.S. State Department spoke.", "“Fine,” it said."],
    "J. K. Rowling wrote. It sold.": ["J. K. Rowling wrote.", "It sold."],
    "“Go!” he said. no capital here. Yes.": ["“Go!” he said. no capital here.", "Yes."],
    "It cost 3.5 million. Why? Nobody knew…": ["It cost 3.5 million.", "Why?", "Nobody knew…"],
}


@pytest.mark.parametrize("text", SENTENCES)
def test_sentences(text: str) -> None:
    found = sentences(text, Range(0, len(text)))
    assert [text[s:e] for s, e in found] == SENTENCES[text]


def test_a_line_is_a_paragraph() -> None:
    assert [tuple(p) for p in paragraphs("One.\nTwo.\r\n\r\n Three. \n")] == [(0, 4), (5, 9), (14, 20)]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    line = "The committee met on Monday to hear what the minister had to say on\n"
    text = line * 5 + "it.\n\nA second paragraph follows.\n"
    assert len(paragraphs(text)) == 2


@given(st.text(max_size=300))
def test_paragraphs_are_trimmed_in_order_and_complete(text: str) -> None:
    found = paragraphs(text)
    at = 0
    for p in found:
        assert at <= p.start < p.end
        assert not text[p.start].isspace() and not text[p.end - 1].isspace()
        assert not text[at : p.start].strip()
        at = p.end
    assert not text[at:].strip()


@given(st.text(alphabet="Ab .!?\"”’\n", max_size=200))
def test_sentences_cover_their_paragraph(text: str) -> None:
    for p in paragraphs(text):
        parts = sentences(text, p)
        assert "".join(text[s:e] for s, e in parts).replace(" ", "") == text[p.start : p.end].replace(" ", "")


def test_headline_doubled_and_caption() -> None:
    text = "Mayor quits over bridge\n\nMayor quits over bridge\n\nAna Ruiz leaves. (Reuters photo)\n\nThe mayor resigned on Monday, she said.\n\nNo full stop here"
    assert blocks(text, paragraphs(text)) == ["headline", "headline", "caption", "body", "body"]
