from __future__ import annotations

import pytest
from pydantic import ValidationError

from attribution.claims import Cue, Evidence, Passage, Span


@pytest.mark.parametrize("ends", [(3, 3), (4, 2), (-1, 2)])
def test_a_span_has_both_ends_and_is_not_empty(ends: tuple[int, int]) -> None:
    with pytest.raises(ValidationError):
        Span(start=ends[0], end=ends[1])


def test_a_passage_has_a_span() -> None:
    with pytest.raises(ValidationError):
        Passage(text="x", spans=())


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValidationError):
        Cue(text="said", spans=(Span(start=0, end=4),), lemma="say", tense="past")  # type: ignore[call-arg]


def test_evidence_reads_from_as_json_writes_it() -> None:
    e = Evidence.model_validate({"step": "pronoun", "from": "he", "to": "Ana"})
    assert e.from_ == "he" and '"from":"he"' in e.model_dump_json(by_alias=True)
