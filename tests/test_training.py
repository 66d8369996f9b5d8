"""What training does before PyTorch is needed: markup, corpora, augmentation, examples."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import ROOT

from attribution.errors import InputError
from attribution.evaluation.markup import read_gold
from attribution.evaluation.metrics import Item
from attribution.pipeline.labels import ROLES
from attribution.pipeline.reader import Reader
from attribution.training.augmentation import augmented, swap_names, swap_politics, wrap
from attribution.training.calibrate import _best_cut
from attribution.training.corpora import Article, Marked, cue_head, cue_words, read_articles
from attribution.training.examples import claim_examples
from attribution.training.layout import (
    add_boilerplate,
    excerpts,
    join_paragraphs,
    single_marks,
    split_quotations,
    unclose,
)
from attribution.training.rewriting import rewrite

OWN = ROOT / "training" / "articles"
GOLD = """id: a
1: speaker=Ana Ruiz; kind=person; type=mixed; act=statement; to=reporters
2: speaker=Luis Vega; kind=person; type=indirect; act=belief; parent=1
-----
<s1>Ana Ruiz</s1> <c1>told</c1> reporters <q1><s2>Luis Vega</s2> <c2>feared</c2> <q2>a “flood”</q2></q1>."""


def words(article: Article, spans: list[tuple[int, int]]) -> list[str]:
    return [article.text[s:e] for s, e in spans]


def flat(article: Article) -> list[list[str]]:
    return [words(article, c.source) + words(article, c.cue) + words(article, c.content) for c in article.claims]


def test_markup(tmp_path: Path) -> None:
    path = tmp_path / "a.gold"
    path.write_text(GOLD)
    [record] = read_gold(path)
    assert record["text"] == "Ana Ruiz told reporters Luis Vega feared a “flood”."
    [article] = read_articles(tmp_path)
    assert flat(article) == [["Ana Ruiz", "told", "Luis Vega feared a “flood”"], ["Luis Vega", "feared", "a “flood”"]]
    assert [c.top for c in article.claims] == [True, False]
    assert article.claims[0].to is not None and words(article, article.claims[0].to) == ["reporters"]


@pytest.mark.parametrize(
    ("change", "says"),
    [(("</q2>", ""), "left open"), (("-----", "----"), "no line -----"), (("2: ", "3: "), "differ"), (("<c2>", "<c2><c2>"), "twice"), (("<s1>", ""), "not open")],
)
def test_broken_markup_is_named(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    path = tmp_path / "a.gold"
    path.write_text(GOLD.replace(*change))
    with pytest.raises(InputError, match=says):
        list(read_gold(path))


def test_rewriting_moves_spans() -> None:
    article = Article("a", "One said two.", [Marked([(0, 3)], [(4, 8)], [(9, 12)])], True)
    text, claims = rewrite(article, [(0, 0, ">> "), (4, 8, "shouted"), (12, 12, " three")])
    moved = Article("a", text, claims, True)
    assert text == ">> One shouted two three." and flat(moved) == [["One", "shouted", "two"]]


def said(article: Article) -> list[list[str]]:
    """What each claim marks, layout and quotation marks aside."""
    letters = str.maketrans("", "", "“”‘’\"'«»„‚‹›`")
    return [[" ".join(" ".join(words(article, r)).translate(letters).casefold().split()) for r in (c.source, c.cue, c.content)] for c in article.claims]


@pytest.mark.parametrize(
    "change",
    [
        lambda a, rng: join_paragraphs(a, " "),
        lambda a, rng: split_quotations(a, 1.0, rng),
        lambda a, rng: single_marks(a),
        lambda a, rng: unclose(a, 1.0, rng),
        add_boilerplate,
        lambda a, rng: wrap(a, 0.5, rng),
    ],
    ids=["join", "split", "single", "unclose", "boilerplate", "wrap"],
)
def test_augmentation_keeps_every_claim_its_words(change: Callable[[Article, random.Random], Article]) -> None:
    rng, changed = random.Random(3), 0
    for article in read_articles(OWN)[:25]:
        new = change(article, rng)
        changed += new.text != article.text
        assert len(new.claims) >= len(article.claims)
        assert said(article) == said(new)[: len(article.claims)]
    assert changed >= 8


def test_a_variant_keeps_every_claim() -> None:
    rng = random.Random(3)
    for article in read_articles(OWN)[:25]:
        new = augmented(article, rng)
        assert len(new.claims) >= len(article.claims)
        assert all(0 <= s < e <= len(new.text) for c in new.claims for s, e in [*c.source, *c.cue, *c.content])


def test_a_quotation_is_split_into_paragraphs_that_open_again() -> None:
    text = "“It is late. We go home,” she said."
    article = Article("a", text, [Marked([(26, 29)], [(30, 34)], [(0, 25)])], True)
    new = split_quotations(article, 1.0, random.Random(0))
    assert new.text == "“It is late.\n\n“We go home,” she said."
    assert flat(new) == [["she", "said", "“It is late.", "“We go home,”"]]


def test_marks_that_are_left_out_or_changed() -> None:
    article = Article("a", 'He said: “No, ‘never’.”\n\n"Yes."', [Marked([(0, 2)], [(3, 8)], [(9, 23)])], True)
    assert single_marks(article).text == "He said: ‘No, “never”.’\n\n‘Yes.’"
    assert unclose(article, 1.0, random.Random(0)).text == 'He said: “No, ‘never’.\n\n"Yes.'


def test_politics_move_to_one_other_country() -> None:
    article = Article("a", "A Republican in Congress said Washington slept.", [Marked([(0, 24)], [(25, 29)], [(30, 46)])], False)
    new = swap_politics(article, random.Random(1))
    assert "Republican" not in new.text and "Washington" not in new.text
    assert flat(new)[0][1] == "said" and flat(new)[0][2].endswith(" slept")


def test_excerpts_hold_whole_claims() -> None:
    rng, seen = random.Random(5), 0
    for article in read_articles(OWN)[:20]:
        before = said(article)
        for short in excerpts(article, 4, rng):
            assert short.text in article.text and len(short.text) < len(article.text)
            assert all(s in before for s in said(short))
            seen += len(short.claims)
    assert seen > 20


def test_wrapping_makes_nested_claims() -> None:
    article = Article("a", "The mayor said that the bridge was closed.", [Marked([(0, 9)], [(10, 14)], [(15, 41)], opaque=True)], False)
    seen = set()
    for seed in range(12):
        wrapped = wrap(article, 1.0, random.Random(seed))
        inner, outer = wrapped.claims
        assert not inner.top and outer.top and not outer.opaque
        assert outer.content[0][0] <= inner.source[0][0] and inner.content[0][1] <= outer.content[0][1]
        assert words(wrapped, inner.cue) == ["said"]
        seen.add(wrapped.text.startswith("The mayor") or wrapped.text.startswith("the mayor"))
    assert seen == {True, False}


def test_swapped_names_are_the_same_all_through() -> None:
    text = "Donald Trump spoke. Trump said no."
    swapped = swap_names(Article("a", text, [Marked([(20, 25)], [(26, 30)], [(31, 33)])], False), ["Ana"], ["Okafor"], random.Random(0))
    assert swapped.text == "Ana Okafor spoke. Okafor said no." and flat(swapped) == [["Okafor", "said", "no"]]


def test_the_head_of_a_cue_is_its_likeliest_word() -> None:
    article = Article("a", "He has repeatedly said no. It said no. Repeatedly it rained.", [Marked([], [(3, 22)], [(22, 25)]), Marked([], [(30, 34)], [(35, 37)])], True)
    assert article.text[cue_head(article, article.claims[0], cue_words([article])) :].startswith("said")


@pytest.mark.model
def test_labels_spell_the_spans(reader: Reader) -> None:
    for article in read_articles(OWN)[:10]:
        likely = cue_words([article])
        anchors = 0
        for example in claim_examples(article, reader.tokenizer, likely):
            w = example.window
            for a in example.claims:
                assert len(a.roles) == w.end - w.start
                assert not a.roles.any() or ROLES[a.roles[a.at]] != "O"
                anchors += bool(a.roles.any())
        assert anchors >= 0.97 * len(article.claims)


def test_a_span_cut_in_two_can_be_decoded(reader: Reader) -> None:
    article = Article("a", "“Stay,” she said, “here.”", [Marked([(8, 11)], [(12, 16)], [(0, 25)])], True)
    [example] = claim_examples(article, reader.tokenizer, cue_words([article]))
    labels = [ROLES[x] for x in example.claims[0].roles]
    for before, after in pairwise(labels):
        assert not after.startswith("I-") or before[2:] == after[2:]


def test_claims_are_kept_from_half_of_the_best_f1() -> None:
    def item(at: int) -> Item:
        return Item(frozenset([at]), frozenset([at + 1]), frozenset([at + 2]), None, False)

    marked = [item(10 * n) for n in range(20)]
    found = [*marked[:15], *(item(1000 + 10 * n) for n in range(5))]
    confidences = [*[0.9] * 13, *[0.4] * 2, *[0.3] * 5]
    assert _best_cut([(marked, found)], [confidences]) == 0.425  # from 0.4 on 15 of 15 and 20 are right: F1 0.857, half of it 0.4286
