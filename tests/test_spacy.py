"""At home in spaCy: settings, sentences and entities of other components, spans, serialising, worker processes."""

from __future__ import annotations

import json
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from conftest import ROOT, with_reader
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy import displacy
from spacy.lang.en import English
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab

import attribution
from attribution.pipeline.components import AttributionComponent, ComponentSettings
from attribution.pipeline.doc_claims import ARTICLE, has_claims, plain_claims, put_claims
from attribution.pipeline.given import Given, given_by, sentences_within, with_given
from attribution.pipeline.mentions import Name
from attribution.pipeline.reader import MODEL_FILES, Reader, model_folder
from attribution.pipeline.segmentation import Range, paragraphs, sentences

pytestmark = pytest.mark.model
STORY = '"We will not pay," Ana Ruiz, the mayor of Lugo, told reporters on Monday. She said the road was closed.'
OTHER = "Luis Vega, a farmer, denied that the river was clean.\nHe said it smelled."


def pipeline(reader: Reader, *before: str, **settings: object) -> Language:
    nlp = spacy.blank("en")
    for name in before:
        nlp.add_pipe(name)
    nlp.add_pipe("attribution", config=settings)
    return with_reader(nlp, reader)


def exact(doc: Doc) -> list[str]:
    """The claims' contents, cut out of the Doc's text."""
    return [" … ".join(doc.text[s.start : s.end] for s in c.content.spans) for c in doc._.claims]


# --- what a Doc brings along ---------------------------------------------------------------------------------------


def test_a_pipeline_without_sentences_and_entities_reads_like_the_library(nlp: Language, reader: Reader, seeds: list[Path]) -> None:
    for text in [STORY, *(p.read_text(encoding="utf-8") for p in seeds)]:
        assert plain_claims(nlp(text)) == reader.read([text])[0]


def test_our_own_sentences_given_change_nothing(reader: Reader, seeds: list[Path]) -> None:
    for text in [p.read_text(encoding="utf-8") for p in seeds]:
        own = [s for p in paragraphs(text) for s in sentences(text, p)]
        assert reader.read([text], given=[Given(sentences=tuple(own))]) == reader.read([text])


def test_sentences_are_cut_at_paragraphs_and_cover_every_one() -> None:
    text = "One. Two \n three.\n\n  Four.\n"
    found = sentences_within(text, paragraphs(text), [Range(0, 5), Range(5, 23), Range(23, len(text))])
    assert [text[s.start : s.end] for s in found] == ["One.", "Two", "three.", "Fo", "ur."]
    assert sentences_within(text, paragraphs(text), []) == paragraphs(text)


def test_the_pipelines_sentences_are_used(reader: Reader) -> None:
    doc = spacy.blank("en").make_doc(STORY)
    for token in doc:
        token.is_sent_start = token.i == 0
    assert given_by(doc).sentences == (Range(0, len(STORY)),)
    assert given_by(doc, use_sents=False).sentences is None
    assert [c.speaker.name for c in pipeline(reader)(doc)._.claims] == ["Ana Ruiz", "Ana Ruiz"]
    assert pipeline(reader, "sentencizer")(STORY)._.claims == pipeline(reader)(STORY)._.claims


def test_the_pipelines_entities_are_added() -> None:
    doc = spacy.blank("en").make_doc("Bex of the Lantern Trust's board said no on Monday.")
    doc.ents = [Span(doc, 0, 1, "PERSON"), Span(doc, 2, 6, "ORG"), Span(doc, 10, 11, "DATE"), Span(doc, 8, 9, "CARDINAL")]
    text, names = doc.text, given_by(doc).names
    assert [(text[n.start : n.end], n.label) for n in names] == [("Bex", "PERSON"), ("Lantern Trust", "ORG"), ("Monday", "DATE")]
    assert given_by(doc, use_ents=False).names == ()
    kept = [Name(0, 3, "ORG")]
    assert with_given(kept, names) == [Name(0, 3, "ORG"), *names[1:]]


def test_an_entity_that_the_name_head_misses_gives_the_speaker(reader: Reader) -> None:
    text = "The writer bell hooks, a professor at Berea College, spoke on Monday. She said the road was closed."
    nlp = pipeline(reader, "entity_ruler")
    nlp.get_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "bell hooks"}])
    [claim] = nlp(text)._.claims
    assert (claim.speaker.name, claim.speaker.kind, claim.speaker.role) == ("bell hooks", "person", "professor at Berea College")
    [alone] = pipeline(reader)(text)._.claims
    assert alone.id == claim.id and alone.speaker.name != "bell hooks"


@pytest.mark.parametrize(("setting", "what"), [("use_sents", "sentences"), ("use_ents", "entities")])
def test_what_must_be_there_and_is_not_is_named(reader: Reader, setting: str, what: str) -> None:
    with pytest.raises(ValueError, match=f"{setting} is true, but the Doc has no {what}"):
        pipeline(reader, **{setting: True})(STORY)


# --- settings and the registry -------------------------------------------------------------------------------------


def test_analysis_names_what_is_assigned(reader: Reader) -> None:
    found = pipeline(reader, "sentencizer").analyze_pipes()
    assert found["summary"]["attribution"] == {
        "assigns": [
            "doc._.claims", "doc._.speakers", "doc.spans", "doc.sents", "doc.ents", "token.is_sent_start", "token.ent_iob",
            "token.ent_type", "token.pos", "token.lemma",
        ],
        "requires": [], "scores": [], "retokenizes": False,
    }  # fmt: skip
    assert found["problems"] == {"sentencizer": [], "attribution": []}


def test_span_groups_and_their_keys(reader: Reader) -> None:
    doc = pipeline(reader)(STORY)
    assert sorted(doc.spans) == [f"attribution{x}" for x in ("", ".addressee", ".content", ".cue", ".source")]
    assert [(s.text, s.label_) for s in doc.spans["attribution"]][:4] == [
        ('"We will not pay,"', "CONTENT"), ("Ana Ruiz, the mayor of Lugo", "SOURCE"), ("told", "CUE"), ("reporters", "ADDRESSEE"),
    ]  # fmt: skip
    assert [s.id_ for s in doc.spans["attribution.content"]] == [c.id for c in doc._.claims]
    other = pipeline(reader, spans_key="said")(STORY)
    assert [s.text for s in other.spans["said.cue"]] == ["told", "said"]
    chosen = pipeline(reader, spans_key={"all": "sc", "source": "who"})(STORY)
    assert sorted(chosen.spans) == ["sc", "who"] and len(chosen.spans["sc"]) == 7
    with pytest.raises(ValueError, match="spans_key has speaker; it takes all, content"):
        pipeline(reader, spans_key={"speaker": "x"})


def test_a_wrong_setting_is_named() -> None:
    with pytest.raises(ValueError, match="use_sents"):
        spacy.blank("en").add_pipe("attribution", config={"use_sents": "sometimes"})


def test_claims_that_are_there_are_kept_or_replaced(reader: Reader) -> None:
    doc = pipeline(reader)(STORY)
    put_claims(doc, [])
    assert pipeline(reader, overwrite=False)(doc)._.claims == []
    assert len(pipeline(reader)(doc)._.claims) == 2


def test_a_foreign_extension_is_not_taken_over() -> None:
    Doc.remove_extension("claims")
    Doc.set_extension("claims", default=None)
    try:
        with pytest.raises(ValueError, match=r"doc\._\.claims is already registered"):
            attribution.load()
    finally:
        Doc.remove_extension("claims")
        attribution.load()


def test_failing_docs_go_to_the_error_handler(reader: Reader) -> None:
    nlp = pipeline(reader, use_sents=True)
    good = nlp.make_doc(STORY)
    good[20].is_sent_start = True
    failed: list[str] = []
    nlp.set_error_handler(lambda name, component, docs, error: failed.extend(d.text for d in docs))
    assert list(nlp.pipe([good, nlp.make_doc(OTHER)])) == [good]
    nlp(OTHER)
    assert failed == [OTHER, OTHER] and len(good._.claims) == 2


# --- texts and tokens of any kind ----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", " ", "\n\n\t", "\u00a0", ".", "\U0001f600"])
def test_docs_with_nothing_to_read(nlp: Language, text: str) -> None:
    assert nlp(text)._.claims == [] and nlp(text)._.speakers == []
    assert [d.text for d in nlp.pipe([text, text])] == [text, text]


def test_a_doc_without_tokens(nlp: Language) -> None:
    assert nlp(Doc(nlp.vocab))._.claims == []


def test_other_tokenizers(nlp: Language) -> None:
    expected = exact(nlp(STORY))
    characters = nlp(Doc(nlp.vocab, words=list(STORY), spaces=[False] * len(STORY)))
    assert exact(characters) == expected
    assert [s.text for s in characters.spans["attribution.content"]] == expected
    whole = nlp(Doc(nlp.vocab, words=[STORY], spaces=[False]))
    assert exact(whole) == expected and {s.text for s in whole.spans["attribution.content"]} == {STORY}
    blanks = nlp(Doc(nlp.vocab, words=STORY.split()))
    assert exact(blanks) == expected
    assert [s.text for s in blanks.spans["attribution.cue"]] == ["told", "said"]


# --- Docs that travel ----------------------------------------------------------------------------------------------


def test_docs_travel_to_another_vocabulary(nlp: Language) -> None:
    doc = nlp(STORY)
    [binned] = DocBin(docs=[doc], store_user_data=True).get_docs(Vocab())
    for again in (Doc(Vocab()).from_bytes(doc.to_bytes()), binned, Doc(Vocab()).from_json(doc.to_json())):
        assert again.text == doc.text
        assert [(s.text, s.label_, s.id_) for s in again.spans["attribution"]] == [
            (s.text, s.label_, s.id_) for s in doc.spans["attribution"]
        ] or again.user_data == {}
    assert binned._.claims == doc._.claims and binned._.speakers == doc._.speakers
    assert Doc(Vocab()).from_bytes(doc.to_bytes())._.claims == doc._.claims


def test_joined_docs_have_the_claims_of_both(nlp: Language) -> None:
    first, second = nlp(STORY), nlp(OTHER)
    both = Doc.from_docs([first, second])
    assert exact(both) == exact(first) + exact(second)
    assert [c.speaker for c in both._.claims] == [c.speaker for c in [*first._.claims, *second._.claims]]
    assert [both.text[p.start : p.end] for c in both._.claims for p in (s.position for s in c.selectors)] == [
        s.quote.exact for c in both._.claims for s in c.selectors
    ]
    assert [s.text for s in both.spans["attribution.content"]] == exact(both)
    assert both._.claims[-1].paragraph == 1 and second._.claims[-1].paragraph == 1
    three = Doc.from_docs([both, nlp("Nothing is said here."), first])
    assert exact(three) == exact(first) + exact(second) + exact(first)


PARTS = [STORY, OTHER, "", " ", "\n", "“We go,” Ana Ruiz said. ", "He said \U0001f600 it was closed.\n\n", "Nothing.", "According to the report, 5% left."]


@given(st.lists(st.sampled_from(PARTS), max_size=5), st.booleans(), st.data())
@settings(deadline=None, max_examples=40)
def test_joined_and_cut_docs_never_point_to_other_words(nlp: Language, parts: list[str], blank: bool, data: st.DataObject) -> None:
    docs = [nlp(part) for part in parts]
    both = Doc.from_docs(docs, ensure_whitespace=blank)
    if both is None:
        assert not docs
        return
    assert [c.content.text for c in both._.claims] == [c.content.text for d in docs for c in d._.claims]
    start, end = sorted((data.draw(st.integers(0, len(both))), data.draw(st.integers(0, len(both)))))
    part = both[start:end].as_doc(copy_user_data=True)
    for doc in (both, part):
        for claim in doc._.claims:
            for passage in (claim.content, claim.cue, claim.source, claim.addressee):
                assert passage is None or " … ".join(doc.text[s.start : s.end] for s in passage.spans) == passage.text
            for step in claim.evidence:
                assert all(0 <= s.start < s.end <= len(doc.text) for s in step.spans)
            assert [s.position for s in claim.selectors] == list(claim.content.spans)
            assert all(doc.text[s.position.start : s.position.end] == s.quote.exact for s in claim.selectors)


def test_whether_somebody_has_looked(nlp: Language) -> None:
    assert has_claims(nlp("Nothing.")) and not has_claims(nlp.make_doc("Nothing."))


def test_joined_docs_keep_their_articles_apart(nlp: Language) -> None:
    docs = []
    for n, text in enumerate((STORY, OTHER)):
        doc = nlp(text)
        doc.user_data[ARTICLE] = {"id": f"a{n}", "sha256": "0" * 64}
        docs.append(doc)
    assert [c.article.id for c in docs[1]._.claims] == ["a1", "a1"]
    both = Doc.from_docs(docs)  # no warning that something is left out
    assert len(both._.claims) == 4 and {c.article.id for c in both._.claims}.isdisjoint({"a0", "a1"})


def test_a_part_of_a_doc_has_the_claims_that_lie_in_it(nlp: Language) -> None:
    doc = nlp(f"{OTHER}\n{STORY}")
    at = doc.text.index("She")
    part = doc.char_span(at, len(doc.text)).as_doc(copy_user_data=True)
    assert exact(part) == ["the road was closed"]
    [claim] = part._.claims
    assert claim.speaker.name == "Ana Ruiz" and claim.paragraph == 0
    assert [part.text[s.start : s.end] for e in claim.evidence for s in e.spans] == ["She"] * len(claim.evidence[0].spans)
    start = doc.char_span(0, len(OTHER)).as_doc(copy_user_data=True)
    assert exact(start) == exact(nlp(OTHER))
    assert doc[:3].as_doc()._.claims == []


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")  # Python 3.12 on, spaCy forks
def test_tuples_and_two_processes(reader: Reader) -> None:
    nlp = pipeline(reader)
    nlp(STORY)  # a session that is in use does not survive a fork
    found = list(nlp.pipe([(STORY, {"n": 1}), ("Nothing.", {"n": 2}), (OTHER, {"n": 3})], as_tuples=True, n_process=2, batch_size=1))
    assert [context["n"] for _, context in found] == [1, 2, 3]
    assert [[c.id for c in doc._.claims] for doc, _ in found] == [[c.id for c in nlp(t)._.claims] for t in (STORY, "Nothing.", OTHER)]


def test_a_component_goes_to_a_process_that_is_not_forked(reader: Reader) -> None:
    component = pipeline(reader, spans_key="said").get_pipe("attribution")
    again = pickle.loads(pickle.dumps(component))
    assert again.settings == component.settings and again._reader is None


# --- pipelines that travel -----------------------------------------------------------------------------------------


def test_settings_go_to_disk_and_back(reader: Reader, tmp_path: Path) -> None:
    nlp = pipeline(reader, "sentencizer", spans_key={"all": "sc"}, use_ents=False, threads=1, annotate=["pos"])
    nlp.to_disk(tmp_path / "nlp")
    again = spacy.load(tmp_path / "nlp")
    assert again.get_pipe("attribution").settings == nlp.get_pipe("attribution").settings
    assert [c.id for c in with_reader(again, reader)(STORY)._.claims] == [c.id for c in nlp(STORY)._.claims]
    changed = spacy.load(tmp_path / "nlp", config={"components": {"attribution": {"spans_key": "x"}}})
    assert changed.get_pipe("attribution").settings.spans_key == "x"


def test_settings_go_to_bytes_and_back(reader: Reader) -> None:
    nlp = pipeline(reader, spans_key={"all": "sc"}, use_sents=False)
    again = English.from_config(nlp.config).from_bytes(nlp.to_bytes())
    assert again.get_pipe("attribution").settings == nlp.get_pipe("attribution").settings
    other = spacy.blank("en")
    other.add_pipe("attribution")
    other.from_bytes(nlp.to_bytes())
    assert other.get_pipe("attribution").settings.spans_key == {"all": "sc"}


def test_a_model_of_ones_own_goes_along(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    for name in MODEL_FILES:
        (own / name).symlink_to(model_folder() / name)
    first, second = tmp_path / "first", tmp_path / "second"
    attribution.load(model=own, threads=1).to_disk(first)
    shutil.rmtree(own)
    spacy.load(first).to_disk(first)  # over itself
    spacy.load(first).to_disk(second)
    shutil.rmtree(first)
    again = spacy.load(second)
    assert len(again(STORY)._.claims) == 2
    assert again.get_pipe("attribution").settings.model == str(own)
    shipped = spacy.load(second, config={"components.attribution.model": None})
    shutil.rmtree(second)
    assert len(shipped(STORY)._.claims) == 2


def test_the_default_settings_are_those_of_the_packaged_pipeline() -> None:
    packaged = spacy.load("en_attribution")
    assert packaged.get_pipe("attribution").settings == ComponentSettings()
    assert packaged.config == attribution.load().config
    assert packaged.max_length == attribution.load().max_length
    assert (packaged.meta["name"], packaged.meta["version"]) == ("attribution", attribution.__version__)


def test_loading_by_name_honours_every_argument(reader: Reader) -> None:
    vocab = Vocab()
    nlp = spacy.load("en_attribution", vocab=vocab, config={"components.attribution.spans_key": "sc"})
    assert nlp.vocab is vocab
    assert "sc" in with_reader(nlp, reader)(STORY).spans
    assert spacy.load("en_attribution", disable=["attribution"]).pipe_names == []
    assert spacy.load("en_attribution", disable=["attribution"]).component_names == ["attribution"]
    assert spacy.load("en_attribution", exclude=["attribution"]).component_names == []
    assert spacy.load("en_attribution", enable=["attribution"]).pipe_names == ["attribution"]
    nested = spacy.load("en_attribution", config={"components": {"attribution": {"use_sents": False}}})
    component = nested.get_pipe("attribution")
    assert isinstance(component, AttributionComponent) and component.settings.use_sents is False


def test_the_packaged_pipeline_has_the_version_of_the_package() -> None:
    meta = json.loads((ROOT / "en_attribution" / "meta.json").read_text(encoding="utf-8"))
    info = (ROOT / "en_attribution" / "PKG-INFO").read_text(encoding="utf-8")
    assert meta["version"] == attribution.__version__
    assert f"\nVersion: {attribution.__version__}\n" in info
    assert f"\nRequires-Dist: claim-attribution=={attribution.__version__}\n" in info


# --- displaCy ------------------------------------------------------------------------------------------------------


def test_displacy_draws_the_spans(nlp: Language) -> None:
    doc = nlp(STORY)
    drawn = displacy.render(doc, style="span", options={"spans_key": "attribution"}, jupyter=False)
    assert all(label in drawn for label in ("CONTENT", "SOURCE", "CUE", "ADDRESSEE"))
    assert "#ffe08a" in drawn  # our colour for contents, by entry point
    alone = displacy.render(doc, style="span", options={"spans_key": "attribution.cue"}, jupyter=False)
    assert "CUE" in alone and "CONTENT" not in alone
    hostile = displacy.render(nlp('"<script>We go</script>," Ana Ruiz told reporters.'), style="span", options={"spans_key": "attribution"}, jupyter=False)
    assert "CUE" in hostile and "<script" not in hostile


def test_spacy_knows_the_packaged_pipeline() -> None:
    done = subprocess.run([sys.executable, "-m", "spacy", "info", "en_attribution"], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and attribution.__version__ in done.stdout
