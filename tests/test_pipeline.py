"""The whole pipeline with the shipped model: properties that hold for any text, and spaCy's habits."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin

import attribution
from attribution import ArticleClaims, Claim
from attribution.formats.records import record
from attribution.pipeline.reader import Reader

pytestmark = pytest.mark.model

STORY = '"We will not pay," Ana Ruiz, the mayor of Lugo, told reporters on Monday. She said the road was closed.'
PARTS = [
    "“We go,” Ana Ruiz said.", "He said \U0001f600 it was cafe\u0301.", "'No,' said O’Brien.", "According to the report, 5% left.",
    "קרא: \"שלום\", said Dan.", "\u202eabc\u202c told us to go", "“Unclosed, he said", "\x00\x07", "A\u00a0B.", "He denied it.\r", "»Nein«, she said",
]  # fmt: skip


def spans(claim: dict) -> list[tuple[str, list[dict]]]:
    return [(claim[r]["text"], claim[r]["spans"]) for r in ("content", "cue", "source", "addressee") if claim[r]]


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=8), st.sampled_from([" ", "\n", "\n\n", "\r\n"]))
@settings(deadline=None, max_examples=40)
def test_every_span_slices_to_its_text(reader: Reader, parts: list[str], glue: str) -> None:
    text = glue.join(parts)
    [claims] = reader.read([text])
    ids = {c["id"] for c in claims}
    assert len(ids) == len(claims)
    for c in claims:
        assert c["parent"] is None or c["parent"] in ids - {c["id"]}
        assert 0 <= c["confidence"] <= 1
        for words, places in spans(c):
            assert " … ".join(text[s["start"] : s["end"]] for s in places) == words
            assert all(a["end"] <= b["start"] for a, b in itertools.pairwise(places))


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=40)
def test_no_text_breaks_the_pipeline(reader: Reader, text: str) -> None:
    reader.read([text])


def test_same_input_same_output_whatever_stands_beside_it(reader: Reader, seeds: list[Path]) -> None:
    texts = [p.read_text(encoding="utf-8") for p in seeds]
    together = reader.read([*texts, STORY])
    assert together == reader.read([*texts, STORY])
    alone = [reader.read([t])[0] for t in [*texts, STORY]]

    def shape(claims: list[dict]) -> list:
        return [(c["id"], c["speaker"], c["act"], c["type"]) for c in claims]

    assert [shape(a) for a in alone] == [shape(b) for b in together]


def test_claim_in_full() -> None:
    first, second = attribution.extract(STORY)
    assert (first.speaker.name, first.speaker.kind, first.speaker.role) == ("Ana Ruiz", "person", "mayor of Lugo")
    assert (first.type, first.act, first.content.text) == ("direct", "statement", '"We will not pay,"')
    assert first.cue is not None and (first.cue.text, first.cue.lemma) == ("told", "tell")
    assert (second.speaker.name, second.type) == ("Ana Ruiz", "indirect")
    assert second.evidence[0].step == "pronoun" and second.evidence[0].from_ == "She"


def test_json_out_and_in_again_is_equal(seeds: list[Path]) -> None:
    for found in attribution.extract_many(seeds):
        assert isinstance(found, ArticleClaims) and found.claims
        assert ArticleClaims.model_validate_json(found.model_dump_json()) == found
        for claim, plain in zip(found.claims, record(found)["claims"], strict=True):
            assert Claim.model_validate(json.loads(json.dumps(plain))) == claim


def test_a_run_without_blanks_costs_little_and_loses_nothing() -> None:
    text = f"{STORY}\n{'x' * 3000}{chr(39) * 3000}\n"
    assert [c.speaker.name for c in attribution.extract(text)] == ["Ana Ruiz", "Ana Ruiz"]


def test_claims_are_frozen() -> None:
    claim = attribution.extract(STORY)[0]
    with pytest.raises(ValueError, match="frozen"):
        claim.act = "denial"  # type: ignore[misc]


def test_many_in_order_and_in_workers(seeds: list[Path], tmp_path: Path) -> None:
    missing = tmp_path / "missing.txt"
    inputs = [seeds[0], missing, seeds[1]]
    one = list(attribution.extract_many(inputs, on_error="yield"))
    two = list(attribution.extract_many(inputs, workers=2, on_error="yield"))
    assert [type(x) for x in one] == [ArticleClaims, attribution.InputError, ArticleClaims]
    for a, b in zip(one, two, strict=True):
        if isinstance(a, ArticleClaims):
            assert isinstance(b, ArticleClaims)
            assert [(c.id, c.speaker) for c in a.claims] == [(c.id, c.speaker) for c in b.claims]
        else:
            assert str(a) == str(b)
    with pytest.raises(attribution.InputError, match="no such file"):
        list(attribution.extract_many(inputs))
    with pytest.raises(ValueError, match="workers is 0"):
        next(iter(attribution.extract_many(inputs, workers=0)))


def test_component_in_any_pipeline() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("attribution")
    assert not nlp.analyze_pipes()["problems"]["attribution"]
    doc = nlp(STORY)
    assert [c.speaker.name for c in doc._.claims] == ["Ana Ruiz", "Ana Ruiz"]
    assert [s.name for s in doc._.speakers] == ["Ana Ruiz"]
    contents = doc.spans["attribution.content"]
    assert [s.id_ for s in contents] == [c.id for c in doc._.claims]
    assert contents[0].text == '"We will not pay,"'


def test_docs_travel() -> None:
    nlp = attribution.load()
    doc = nlp(STORY)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert again._.claims == doc._.claims
    [third] = DocBin(docs=[doc], store_user_data=True).get_docs(nlp.vocab)
    assert third._.claims == doc._.claims
    with_context = list(nlp.pipe([(STORY, 1), ("Nothing.", 2)], as_tuples=True))
    assert [(len(d._.claims), n) for d, n in with_context] == [(2, 1), (0, 2)]


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")  # Python 3.12 on, spaCy forks
def test_pipeline_to_disk_and_two_processes(tmp_path: Path) -> None:
    nlp = attribution.load()
    nlp.to_disk(tmp_path / "nlp")
    loaded = spacy.load(tmp_path / "nlp")
    docs = list(loaded.pipe([STORY] * 3, n_process=2, batch_size=1))
    assert [[c.id for c in d._.claims] for d in docs] == [[c.id for c in nlp(STORY)._.claims]] * 3


def test_a_wrong_model_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(attribution.ModelError, match="not a model folder"):
        attribution.extract("He said no.", model=tmp_path)


def test_registered_names_stand_still() -> None:
    assert attribution.__all__ == [
        "Article", "ArticleClaims", "AttributionError", "Claim", "Evidence", "InputError", "LanguageError", "MissingExtraError",
        "ModelError", "Passage", "Span", "Speaker", "compare", "extract", "extract_many", "extract_table", "load", "read",
        "to_frame",
    ]  # fmt: skip
    assert all(getattr(attribution, name) for name in attribution.__all__)
