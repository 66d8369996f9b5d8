"""Lemmas: the package's table, how one is learnt, treebanks as running text, and the scores of tokens."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from attribution.errors import InputError
from attribution.evaluation.conllu import Tree, Word, read_trees
from attribution.evaluation.tokens import lemma_accuracy, reference, score_entities, score_tokens
from attribution.lexicon import lemma_table
from attribution.pipeline.lemmas import Place, lemma, places
from attribution.training.lemmas import (
    comparative_and_superlative,
    edit,
    irregular_words,
    learn,
    main,
    past_and_participle,
    plural,
)


@pytest.mark.parametrize(
    ("part", "pairs"),
    [
        ("VERB", "said say, told tell, fled flee, went go, lying lie, dying die, stopped stop, hoped hope, hoping hope, referred refer, "
                 "travelled travel, smelled smell, tries try, denies deny, voting vote, agreed agree, seeing see, undergoes undergo, "
                 "panicked panic, scraped scrape, interfered interfere, applauded applaud, rooted root"),
        ("NOUN", "children child, policemen policeman, women woman, crises crisis, lives life, heroes hero, shoes shoe, movies movie, "
                 "series series, news news, politics politics, buses bus, countries country, analyses analysis, boxes box, "
                 "criteria criterion, headquarters headquarters, specimen specimen, classes class, judges judge"),
        ("ADJ", "better good, worst bad, bigger big, easiest easy, largest large, simpler simple, coolest cool, other other, upper upper, "
                "clever clever, latest late, honest honest"),
        ("ADV", "better well, sooner soon, quickly quickly, further far"),
        ("AUX", "is be, was be, 'm be, ’re be, 've have, 'll will, ca can, wo will, does do, had have, could could"),
        ("PART", "n't not, n’t not, not not, to to, 's 's, ’s 's"),
        ("PRON", "me I, him he, them they, us we, I I, i I, someone someone"),
        ("DET", "an a, these this, those that"),
        ("PROPN", "Ruiz Ruiz, Americans American, Athens Athens, James James, NATO NATO, O’Brien O'Brien, Williams Williams"),
        ("NUM", "5,000 5000, 3.5 3.5, seven seven"),
    ],
)  # fmt: skip
def test_lemmas_of_words(part: str, pairs: str) -> None:
    wrong = {form: found for form, right in map(str.split, pairs.split(", ")) if (found := lemma(form, part)) != right}
    assert wrong == {}


@pytest.mark.parametrize(
    ("form", "part", "place", "expected"),
    [
        ("The", "DET", "first", "the"), ("Told", "VERB", "first", "tell"), ("TOLD", "VERB", "loud", "tell"), ("French", "ADJ", "first", "French"),
        ("French", "ADJ", "inside", "French"), ("Good", "ADJ", "first", "good"), ("New", "ADJ", "inside", "New"), ("new", "ADJ", "inside", "new"),
        ("TV", "NOUN", "inside", "TV"), ("MAYOR", "NOUN", "loud", "mayor"), ("I", "PRON", "first", "I"), ("Me", "PRON", "first", "I"),
    ],
)  # fmt: skip
def test_capitals(form: str, part: str, place: Place, expected: str) -> None:
    assert lemma(form, part, place=place) == expected


@pytest.mark.parametrize(
    ("form", "part", "after", "part_after", "expected"),
    [
        ("'s", "AUX", "been", "AUX", "have"), ("’s", "AUX", "red", "ADJ", "be"), ("'d", "AUX", "told", "VERB", "have"), ("'d", "AUX", "tell", "VERB", "would"),
        ("'d", "AUX", "better", "ADV", "have"), ("'d", "AUX", "", "", "would"), ("her", "PRON", "bag", "NOUN", "her"), ("her", "PRON", ".", "PUNCT", "she"),
    ],
)  # fmt: skip
def test_the_next_word_tells(form: str, part: str, after: str, part_after: str, expected: str) -> None:
    assert lemma(form, part, after=after, part_after=part_after) == expected


def test_places_of_words() -> None:
    assert places(["“", "The", "mayor", "left"]) == ["first", "first", "inside", "inside"]
    assert places(["MAYOR", "LEFT", "TOWN"]) == ["loud"] * 3
    assert places([]) == [] and places(["?", "!"]) == ["first", "inside"]


# --- learning ------------------------------------------------------------------------------------------------------


def tree(*words: str) -> Tree:
    """A sentence of "form/part/lemma" words."""
    out, at = [], 0
    for form, part, base in (w.split("/") for w in words):
        out.append(Word(at, at + len(form), form, part, base))
        at += len(form) + 1
    return Tree(" ".join(w.form for w in out), tuple(out), (0,))


TREE = tree(
    "She/PRON/she", "blicked/VERB/blick", "the/DET/the", "norries/NOUN/norry", "and/CCONJ/and", "tarries/NOUN/tarry", "of/ADP/of",
    "Zorbian/ADJ/Zorbian", "Zorbian/ADJ/Zorbian", "wugs/NOUN/wug", "and/CCONJ/and", "zoodi/NOUN/zood", "and/CCONJ/and", "a@b.example/X/a@b.example",
)  # fmt: skip


def test_a_table_is_learnt() -> None:
    table = learn([TREE])
    assert lemma("zoodi", "NOUN", table=table) == "zood"  # an exception
    assert lemma("blicking", "VERB", table=table) == "blick"  # another form of what was seen
    assert lemma("forries", "NOUN", table=table) == "forry"  # an ending
    assert lemma("Zorbian", "ADJ", place="first", table=table) == "Zorbian"
    assert lemma("mice", "NOUN", table=table) == "mouse"  # our own list
    assert not any("@" in form for _, form in table.words)
    assert lemma("unheard", "X", table=table) == "unheard"


def test_what_is_written_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    conllu = tmp_path / "a.conllu"
    conllu.write_text("# newdoc\n1\tWugs\twug\tNOUN\tNNS\t_\t0\troot\t_\t_\n2\tblicked\tblick\tVERB\tVBD\t_\t0\troot\t_\t_\n\n", encoding="utf-8")
    first, second = tmp_path / "lemmas.tsv", tmp_path / "again.tsv"
    for out in (first, second):
        main([str(conllu), "--out", str(out)])
    assert first.read_bytes() == second.read_bytes()
    monkeypatch.setattr("attribution.lexicon.files", lambda _: tmp_path)
    read = lemma_table.__wrapped__()
    learnt = learn(read_trees(conllu))
    assert (read.words, read.rules, read.longest, read.cases) == (learnt.words, learnt.rules, learnt.longest, learnt.cases)


def test_our_own_list_of_irregular_words_is_right_in_the_table() -> None:
    wrong = {at: found for at, base in irregular_words().items() if (found := lemma(at[1], at[0])) != base}
    assert wrong == {}


def test_regular_forms() -> None:
    assert [plural(w) for w in ("box", "city", "day", "vote")] == ["boxes", "cities", "days", "votes"]
    assert [past_and_participle(v) for v in ("stop", "agree", "vote", "try", "play", "rain")] == [
        ("stopped", "stopping"), ("agreed", "agreeing"), ("voted", "voting"), ("tried", "trying"), ("played", "playing"), ("rained", "raining"),
    ]  # fmt: skip
    assert [comparative_and_superlative(a) for a in ("big", "nice", "happy", "cool")] == [
        ("bigger", "biggest"), ("nicer", "nicest"), ("happier", "happiest"), ("cooler", "coolest"),
    ]  # fmt: skip
    assert edit("cities", "city") == (3, "y") and edit("went", "go") is None


# --- treebanks and scores ------------------------------------------------------------------------------------------

CONLLU = """# newdoc id = a
# newpar
1-2\tDon't\t_\t_\t_\t_\t_\t_\t_\t_
1\tDo\tdo\tAUX\tVB\t_\t0\troot\t_\t_
2\tn't\tnot\tPART\tRB\t_\t0\troot\t_\t_
3\tgo\tgo\tVERB\tVB\t_\t0\troot\t_\tSpaceAfter=No
3.1\tthere\tthere\tADV\tRB\t_\t0\troot\t_\t_
4\t!\t!\tPUNCT\t.\t_\t0\troot\t_\t_

# newpar
1-2\tain't\t_\t_\t_\t_\t_\t_\t_\t_
1\tis\tbe\tAUX\tVBZ\t_\t0\troot\t_\t_
2\tnot\tnot\tPART\tRB\t_\t0\troot\t_\t_
3\tit\tit\tPRON\tPRP\t_\t0\troot\t_\t_

# newdoc id = b
1\tNo\tno\tINTJ\tUH\t_\t0\troot\t_\t_
"""


def test_a_treebank_is_running_text(tmp_path: Path) -> None:
    path = tmp_path / "a.conllu"
    path.write_text(CONLLU, encoding="utf-8")
    first, second = read_trees(path)
    assert first.text == "Don't go!\nain't it " and second.text == "No "
    assert [first.text[w.start : w.end] for w in first.words] == ["Do", "n't", "go", "!", "ain't", "it"]
    assert [(w.form, w.part) for w in first.words][4] == ("ain't", "")
    assert first.starts == (0, 10) and [[w.form for w in s] for s in first.sentences()] == [["Do", "n't", "go", "!"], ["ain't", "it"]]
    doc = reference(spacy.blank("en").vocab, first)
    assert doc.text == first.text.rstrip() and [s.text.strip() for s in doc.sents] == ["Don't go!", "ain't it"]


def test_a_broken_treebank_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.conllu"
    path.write_text("1\tNo\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.conllu:1: 2 columns"):
        read_trees(path)
    with pytest.raises(InputError, match="no such file"):
        read_trees(tmp_path / "b.conllu")


@Language.component("oracle_of_nouns")
def oracle_of_nouns(doc: Doc) -> Doc:
    for token in doc:
        token.pos_, token.lemma_, token.is_sent_start = "NOUN", token.lower_, token.i == 0
    return doc


def test_tokens_are_scored_on_spacys_own() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("oracle_of_nouns")
    right = tree("dogs/NOUN/dogs", "can't/NOUN/can't")  # which spaCy cuts in two
    scores = score_tokens(nlp, [right, tree("cats/NOUN/cat")])
    assert (scores.words, scores.sentences, scores.sents) == (3, 2, 1.0)
    assert scores.begins_p == scores.begins_r == 1.0 and 0 < scores.lemma < scores.pos < 1.01
    assert scores.lemma_of_gold == lemma_accuracy([right, tree("cats/NOUN/cat")])


def test_entities_are_scored_where_they_are_covered() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "Ana"}, {"label": "ORG", "pattern": "Lantern"}])
    records = [
        {"text": "Ana met Bex at Lantern.", "entities": [[0, 3, "PERSON"], [8, 11, "PERSON"]], "labels_covered": ["PERSON"]},
        {"text": "Lantern closed.", "entities": [[0, 7, "ORG"]], "labels_covered": ["ORG"]},
    ]
    scores = score_entities(nlp, records)
    assert scores.entities == 3 and scores.by_label["ORG"] == pytest.approx(1.0) and scores.by_label["PERSON"] == pytest.approx(2 / 3)
    assert scores.all == pytest.approx(0.8)
