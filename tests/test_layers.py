"""Sentences, entities, parts of speech and lemmas on the Doc: what is set, what is left alone, and on whose tokens."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import spacy
from conftest import with_reader
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab

import attribution
from attribution.pipeline.components import ComponentSettings
from attribution.pipeline.doc_claims import plain_claims
from attribution.pipeline.labels import PARTS
from attribution.pipeline.layers import LAYERS, own_layers
from attribution.pipeline.reader import Reader
from attribution.pipeline.segmentation import Range
from attribution.pipeline.tagging import Tags, parts_of_speech, sentence_starts

STORY = "The children's homes weren't safe, Ana Ruiz told reporters. She'd seen two policemen in New York.\nWe cannot pay, she said."


def tagged(doc: Doc) -> list[tuple[str, str, str]]:
    return [(t.text, t.pos_, t.lemma_) for t in doc if not t.text.isspace()]  # a bare Vocab knows no is_space


def pipeline(reader: Reader, **config: object) -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("attribution", config=config)
    return with_reader(nlp, reader)


# --- tokens, whoever cut them: by hand, without the model ----------------------------------------------------------


def scored(plain: str, pieces: Sequence[tuple[int, int, str]], *, begins: Sequence[float] = (), stops: Sequence[int] = ()) -> Tags:
    parts = np.full((len(pieces), len(PARTS)), -8.0, dtype=np.float32)
    for i, (_, _, part) in enumerate(pieces):
        parts[i, PARTS.index(part)] = -0.1
    return Tags(
        plain, np.array([p[0] for p in pieces], dtype=np.int64), np.array([p[1] for p in pieces], dtype=np.int64), parts,
        np.array(begins or [0.0] * len(pieces), dtype=np.float32), frozenset(stops), frozenset([0]),
    )  # fmt: skip


def cut(text: str, *words: str) -> list[Range]:
    out, at = [], 0
    for word in words:
        start = text.index(word, at)
        at = start + len(word)
        out.append(Range(start, at))
    return out


@pytest.mark.parametrize(
    ("text", "words", "pieces", "expected"),
    [
        ("they don't", ["they", "do", "n't"], [(0, 4, "PRON"), (5, 8, "AUX"), (8, 9, "PUNCT"), (9, 10, "NOUN")], ["PRON", "AUX", "PART"]),
        ("cannot", ["can", "not"], [(0, 6, "AUX")], ["AUX", "PART"]),
        ("gonna go", ["gon", "na", "go"], [(0, 5, "VERB"), (6, 8, "VERB")], ["VERB", "PART", "VERB"]),
        ("Ruiz's plan", ["Ruiz", "'s", "plan"], [(0, 4, "PROPN"), (4, 5, "PUNCT"), (5, 6, "X"), (7, 11, "NOUN")], ["PROPN", "PART", "NOUN"]),
        ("Ruiz's going", ["Ruiz", "'s", "going"], [(0, 4, "PROPN"), (4, 6, "X"), (7, 12, "VERB")], ["PROPN", "AUX", "VERB"]),
        ("it's red", ["it", "'s", "red"], [(0, 2, "PRON"), (2, 4, "X"), (5, 8, "ADJ")], ["PRON", "AUX", "ADJ"]),
        ("let's go", ["let", "'s", "go"], [(0, 3, "VERB"), (3, 5, "X"), (6, 8, "VERB")], ["VERB", "PRON", "VERB"]),
        ("workers' pay", ["workers", "'", "pay"], [(0, 7, "NOUN"), (7, 8, "PUNCT"), (9, 12, "NOUN")], ["NOUN", "PART", "NOUN"]),
        ("Im in", ["I", "m", "in"], [(0, 2, "PRON"), (3, 5, "ADP")], ["PRON", "AUX", "ADP"]),
        ("album", ["al", "bu", "m"], [(0, 5, "NOUN")], ["NOUN", "NOUN", "NOUN"]),
        ("5kg", ["5", "kg"], [(0, 1, "NUM"), (1, 3, "NOUN")], ["NUM", "NOUN"]),
        ("well-known", ["well-known"], [(0, 4, "ADV"), (4, 5, "ADJ"), (5, 10, "ADJ")], ["ADJ"]),
        ("so \U0001f469\u200d\U0001f680\ufe0f", ["so", "\U0001f469\u200d\U0001f680\ufe0f"], [(0, 2, "ADV"), (3, 4, "NOUN")], ["ADV", "SYM"]),
        ("a\u200b b", ["a", "\u200b", "b"], [(0, 1, "DET"), (3, 4, "NOUN")], ["DET", "X", "NOUN"]),
        ("a\nb", ["a", "\n", "b"], [(0, 1, "DET"), (2, 3, "NOUN")], ["DET", "SPACE", "NOUN"]),
    ],
)  # fmt: skip
def test_parts_of_tokens_that_are_no_pieces(text: str, words: list[str], pieces: list[tuple[int, int, str]], expected: list[str]) -> None:
    assert parts_of_speech(scored(text, pieces), cut(text, *words)) == expected


def test_sentences_begin_where_the_tagger_or_punctuation_with_it_says() -> None:
    text = "He left. She came so it rained"
    words = cut(text, *text.replace(".", " .").split())
    pieces = [(w.start, w.end, "X") for w in words]

    def begins(**probabilities: float) -> list[str]:
        given_ = [probabilities.get(text[w.start : w.end], 0.0) for w in words]
        found = sentence_starts(scored(text, pieces, begins=given_, stops=[0, text.index("She")]), words)
        return [text[w.start : w.end] for w, yes in zip(words, found, strict=True) if yes]

    assert begins() == ["He"]
    assert begins(She=0.3, it=0.3) == ["He", "She"]
    assert begins(it=0.9) == ["He", "it"]


def test_a_piece_in_the_middle_of_a_token_does_not_begin_a_second_one() -> None:
    text = "ab cd"
    found = scored(text, [(0, 5, "X")], begins=[0.9])
    assert sentence_starts(found, cut(text, "a", "b", "cd")) == [True, False, False]
    assert sentence_starts(found, []) == [] and parts_of_speech(found, []) == []


# --- with the model ------------------------------------------------------------------------------------------------

pytestmark = pytest.mark.model


def test_all_layers_are_set(nlp: Language) -> None:
    doc = nlp(STORY)
    assert [s.text.strip() for s in doc.sents] == [
        "The children's homes weren't safe, Ana Ruiz told reporters.", "She'd seen two policemen in New York.", "We cannot pay, she said.",
    ]  # fmt: skip
    assert [(e.text, e.label_) for e in doc.ents] == [("Ana Ruiz", "PERSON"), ("New York", "LOC")]
    assert tagged(doc)[:8] == [
        ("The", "DET", "the"), ("children", "NOUN", "child"), ("'s", "PART", "'s"), ("homes", "NOUN", "home"), ("were", "AUX", "be"),
        ("n't", "PART", "not"), ("safe", "ADJ", "safe"), (",", "PUNCT", ","),
    ]  # fmt: skip
    words = {t: (p, lem) for t, p, lem in tagged(doc)}
    assert words["policemen"] == ("NOUN", "policeman") and words["seen"] == ("VERB", "see") and words["'d"] == ("AUX", "have")
    assert words["can"] == ("AUX", "can") and words["not"] == ("PART", "not") and words["said"] == ("VERB", "say")
    assert [t.pos_ for t in doc if t.is_space] == ["SPACE"]
    assert all(doc.has_annotation(a) for a in ("POS", "LEMMA", "SENT_START", "ENT_IOB"))


def test_the_layers_cost_no_second_pass(reader: Reader) -> None:
    passes = []

    class Counting:
        def __call__(self, *args: object) -> object:
            passes.append(1)
            return reader.network(*args)

    counted = Reader(reader.tokenizer, Counting(), reader.crf, reader.settings)
    for layers in ([], list(LAYERS)):
        passes.clear()
        pipeline(counted, annotate=layers)(STORY)
        assert len(passes) == 1


@pytest.mark.parametrize("layer", LAYERS)
def test_one_layer_alone(reader: Reader, layer: str, nlp: Language) -> None:
    doc, whole = pipeline(reader, annotate=[layer])(STORY), nlp(STORY)
    there = {"sents": "SENT_START", "ents": "ENT_IOB", "pos": "POS", "lemma": "LEMMA"}
    assert [x for x, attribute in there.items() if doc.has_annotation(attribute)] == [layer]
    attribute = there[layer]
    assert doc.to_array(attribute).tolist() == whole.to_array(attribute).tolist()


def test_none_is_set_where_none_is_wanted(reader: Reader, nlp: Language) -> None:
    doc = pipeline(reader, annotate=[])(STORY)
    assert not any(doc.has_annotation(a) for a in ("POS", "LEMMA", "SENT_START", "ENT_IOB"))
    assert doc._.claims == nlp(STORY)._.claims and own_layers(doc) == frozenset()


def test_a_wrong_layer_is_named() -> None:
    with pytest.raises(ValueError, match="annotate has tags; it takes sents, ents, pos, lemma"):
        ComponentSettings(annotate=["tags"])
    with pytest.raises(ValueError, match="annotate"):
        spacy.blank("en").add_pipe("attribution", config={"annotate": ["tags"]})


# --- what somebody else has set ------------------------------------------------------------------------------------


@Language.component("somebody_elses_tagger")
def somebody_elses_tagger(doc: Doc) -> Doc:
    for token in doc:
        token.pos_ = "X" if token.text == "reporters" else "ADJ" if token.text == "homes" else ""
        token.lemma_ = "Heim" if token.text == "homes" else ""
    return doc


def test_what_others_have_set_stays(reader: Reader, nlp: Language) -> None:
    before = spacy.blank("en")
    before.add_pipe("somebody_elses_tagger")
    before.add_pipe("attribute_ruler").add(patterns=[[{"LOWER": "policemen"}]], attrs={"POS": "PROPN"})
    before.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "New York"}])
    before.add_pipe("sentencizer", config={"punct_chars": [","]})
    before.add_pipe("attribution")
    doc = with_reader(before, reader)(STORY)
    assert next(s.text for s in doc.sents) == "The children's homes weren't safe,"
    assert [(e.text, e.label_) for e in doc.ents] == [("New York", "ORG")]
    found, ours = tagged(doc), tagged(nlp(STORY))
    assert found[3] == ("homes", "ADJ", "Heim")
    assert ("reporters", "X", "reporters") in found  # the lemma is that of the part which is there
    assert ("policemen", "PROPN", "policemen") in found
    changed = {"homes", "reporters", "policemen"}
    assert [x for x in found if x[0] not in changed] == [x for x in ours if x[0] not in changed]
    assert own_layers(doc) == frozenset()


def test_a_second_run_does_not_take_our_own_for_somebody_elses(nlp: Language, reader: Reader) -> None:
    doc = nlp(STORY)
    claims, layers = plain_claims(doc), tagged(doc)
    assert own_layers(doc) == {"sents", "ents"}
    assert plain_claims(nlp(doc)) == claims and tagged(doc) == layers
    with pytest.raises(ValueError, match="use_sents is true, but the Doc has no sentences"):
        pipeline(reader, use_sents=True)(doc)
    part = doc[:20].as_doc(copy_user_data=True)
    assert own_layers(part) == frozenset() == own_layers(Doc.from_docs([doc, nlp("Nothing.")]))


def test_entities_of_a_ruler_behind_it_are_added(reader: Reader) -> None:
    nlp = pipeline(reader)
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "JOB", "pattern": "reporters"}, {"label": "ORG", "pattern": "New York"}])
    assert [(e.text, e.label_) for e in nlp(STORY).ents] == [("Ana Ruiz", "PERSON"), ("reporters", "JOB"), ("New York", "LOC")]


# --- spaCy's own tools on it ---------------------------------------------------------------------------------------


def test_a_matcher_on_parts_and_lemmas(nlp: Language) -> None:
    doc = nlp(STORY)
    matcher = Matcher(nlp.vocab)
    matcher.add("SAYS", [[{"LEMMA": {"IN": ["tell", "say"]}, "POS": "VERB"}]])
    matcher.add("COUNTED", [[{"POS": "NUM"}, {"POS": "NOUN"}]])
    assert [doc[a:b].text for _, a, b in matcher(doc)] == ["told", "two policemen", "said"]


def test_layers_survive_docbin_and_bytes(nlp: Language) -> None:
    doc = nlp(STORY)
    [binned] = DocBin(docs=[doc], store_user_data=True).get_docs(Vocab())
    for again in (binned, Doc(Vocab()).from_bytes(doc.to_bytes()), Doc(Vocab()).from_json(doc.to_json())):
        assert tagged(again) == tagged(doc)
        assert [s.text for s in again.sents] == [s.text for s in doc.sents]
        assert [(e.text, e.label_) for e in again.ents] == [(e.text, e.label_) for e in doc.ents]
    assert own_layers(binned) == {"sents", "ents"}


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")  # Python 3.12 on, spaCy forks
def test_layers_come_back_from_two_processes(reader: Reader) -> None:
    nlp = pipeline(reader)
    texts = [STORY, "Nothing was said.", "Luis Vega denied it."]
    assert [tagged(d) for d in nlp.pipe(texts, n_process=2, batch_size=1)] == [tagged(nlp(t)) for t in texts]


def test_other_tokenizers(nlp: Language) -> None:
    text = "Ana Ruiz told us that it rained. She left."
    whole = nlp(Doc(nlp.vocab, words=[text], spaces=[False]))
    assert len(list(whole.sents)) == 1 and whole[0].pos_ in PARTS
    letters = nlp(Doc(nlp.vocab, words=list(text), spaces=[False] * len(text)))
    assert [s.text.strip() for s in letters.sents] == ["Ana Ruiz told us that it rained.", "She left."]
    assert [e.text for e in letters.ents] == ["Ana Ruiz"]
    blanks = nlp(Doc(nlp.vocab, words=text.split()))
    assert [(t.text, t.pos_) for t in blanks][:3] == [("Ana", "PROPN"), ("Ruiz", "PROPN"), ("told", "VERB")]


@pytest.mark.parametrize("text", ["", " ", "\n\n\t", "\u00a0", ".", "\U0001f600", "\u200b", "\x00"])
def test_docs_with_nothing_to_tag(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert [t.pos_ for t in doc] == ["SPACE" if t.is_space else t.pos_ or "?" for t in doc]
    assert all(t.lemma_ for t in doc) and len(list(doc.sents)) == (len(doc) > 0)


WORDS = ["“No,”", "said", "O’Brien.", "can't", "cannot", "e\u0301t\u00e9", "\U0001f600\U0001f3fd", "5kg", "$3m", "U.S.-led", "'90s", "the", "rock'n'roll", "\n", "\r\n", "\u00a0", "שלום"]


@given(st.lists(st.sampled_from(WORDS), max_size=12))
@settings(deadline=None, max_examples=40)
def test_every_token_has_its_part_and_lemma_and_sentences_cover_the_text(nlp: Language, words: list[str]) -> None:
    doc = nlp(" ".join(words))
    assert all(t.pos_ in (*PARTS, "SPACE") and t.lemma_ for t in doc)
    assert "".join(s.text_with_ws for s in doc.sents) == doc.text
    assert all(isinstance(e, Span) and e.text.strip() for e in doc.ents)


def test_extraction_makes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("nobody sees these Docs")

    monkeypatch.setattr("attribution.pipeline.layers.tags", never)
    assert attribution.extract(STORY)
    with pytest.raises(AssertionError, match="nobody"):
        attribution.load()(STORY)
