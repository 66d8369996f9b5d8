"""Links: which mentions the encoder takes for the same, by hand-made vectors and in the shipped model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from attribution.pipeline import antecedents, role_scores
from attribution.pipeline.antecedents import OF_THE_LINKS, OF_THE_STORY, link_features
from attribution.pipeline.links import LONGEST, NOT_ASKED, RECENT, Links, pieces_of
from attribution.pipeline.network import IntArray, Outputs
from attribution.pipeline.reader import Reader
from attribution.pipeline.resolution import Article
from attribution.pipeline.segmentation import Range
from attribution.pipeline.speakers import resolve_all

TEXT = "Ana Ruiz met Luis Vega, the mayor. She said no."


def places(text: str) -> tuple[IntArray, IntArray]:
    """A piece for each word and mark."""
    found, at = [], 0
    for word in text.replace(",", " , ").replace(".", " . ").split():
        start = text.index(word, at)
        found.append((start, at := start + len(word)))
    starts, ends = np.array(found).T
    return starts, ends


def span(words: str, text: str = TEXT) -> Range:
    return Range(text.index(words), text.index(words) + len(words))


def made(asks: dict[str, list[float]], answers: dict[str, list[float]]) -> Links:
    """Links of ``TEXT`` in which some words have vectors, all others zeros."""
    starts, ends = places(TEXT)
    words = [TEXT[a:b] for a, b in zip(starts, ends, strict=True)]
    both = [np.array([found.get(w, [0.0, 0.0]) for w in words], dtype=np.float32) for found in (asks, answers)]
    return Links(TEXT, starts, ends, *both)


def test_an_anaphor_goes_with_mentions_by_the_product_of_their_vectors() -> None:
    links = made({"She": [1, 2]}, {"Ana": [2, 4], "Ruiz": [0, 2], "Vega": [-2, 0]})
    she, ana, luis = span("She"), span("Ana Ruiz"), span("Luis Vega")
    assert links.toward(she, [ana]) == (7.0, 7.0, 7.0)  # Ana and Ruiz answer (1, 3) together
    assert links.toward(she, [ana, luis]) == (-1.0, 7.0, 3.0)  # the last, the best, the mean
    assert links.toward(luis, [ana]) == (0.0, 0.0, 0.0)


def test_only_the_last_mentions_are_asked() -> None:
    links = made({"She": [1, 0]}, {"Ana": [9, 0], "mayor": [1, 0]})
    mentions = [span("Ana"), *[span("mayor")] * RECENT]
    assert links.toward(span("She"), mentions) == (1.0, 1.0, 1.0)


def test_nobody_and_nothing_are_not_asked() -> None:
    links = made({"She": [1, 0]}, {"Ana": [9, 0]})
    beyond = Range(len(TEXT), len(TEXT) + 3)
    assert links.toward(span("She"), []) == links.toward(span("She"), [beyond]) == NOT_ASKED
    assert links.toward(beyond, [span("Ana")]) == NOT_ASKED


@pytest.mark.parametrize(
    ("text", "mention", "known"),
    [
        ("Ana Ruiz left.", "Ana Ruiz", "Ana Ruiz"),
        ("Luis Vega, the mayor, left.", "Luis Vega, the mayor", "Luis Vega"),
        ("the mayor of Lugo left", "the mayor of Lugo", "the mayor"),
        ("the woman who runs it left", "the woman who runs it", "the woman"),
        ("of Lugo he knew much", "of Lugo", "of Lugo"),
        ("a b c d e f g h left", "a b c d e f g h", "c d e f g h"),
    ],
)
def test_a_mention_is_known_by_its_last_words_before_what_is_hung_on(text: str, mention: str, known: str) -> None:
    starts, ends = places(text)
    at = pieces_of(text, starts, ends, span(mention, text))
    assert at is not None and text[starts[at.start] : ends[at.stop - 1]] == known
    assert at.stop - at.start <= LONGEST


def test_link_features_tell_candidates_apart() -> None:
    first, second = link_features([(3.0, 6.0, 4.5), NOT_ASKED])
    assert len(first) == len(OF_THE_LINKS) and first[:4] == [1.0, 2.0, 1.5, 0.0]
    assert second[:4] == [0.0, 0.0, 0.0, -2.0]
    assert first[4] + second[4] == pytest.approx(1.0) and first[4] > 0.99
    assert link_features([]) == []


def test_roles_do_not_see_links() -> None:
    assert not set(OF_THE_LINKS) & set(role_scores.FEATURES) and set(OF_THE_STORY) < set(role_scores.FEATURES)


def without_links(reader: Reader) -> Reader:
    """The reader with a model as it was before links."""

    def network(ids: IntArray, types: IntArray, mask: IntArray, core: IntArray, threshold: float) -> Outputs:
        return reader.network(ids, types, mask, core, threshold)._replace(links=None)

    return replace(reader, network=network)


STORY = "Petra Lomm met Ana Ruiz in Velna on Monday. Lomm runs the port there. “It is late,” she said."


def resolved(reader: Reader) -> Article:
    [article] = reader.articles([STORY])
    resolve_all(article)
    return article


@pytest.mark.model
def test_a_model_without_links_has_the_same_candidates_and_tells_nothing_of_them(reader: Reader) -> None:
    with_, without = resolved(reader), resolved(without_links(reader))
    assert with_.links is not None and without.links is None
    [(_, context, found)], [(_, other_context, others)] = with_.decisions, without.decisions
    assert [c.entity.name for c in found] == [c.entity.name for c in others] == ["Petra Lomm", "Ana Ruiz"]
    assert all(c.links != NOT_ASKED for c in found) and all(c.links == NOT_ASKED for c in others)
    told, others_told = (antecedents.features_of_story(x, c) for x, c in ((context, found), (other_context, others)))
    assert told == others_told


@pytest.mark.model
def test_the_shipped_model_gives_two_vectors_for_every_piece(reader: Reader) -> None:
    links = resolved(reader).links
    assert links is not None
    assert links.asks.shape == links.answers.shape == (len(links.starts), 64)
    assert all(np.isfinite(v).all() and v.any() for v in (links.asks, links.answers))


@pytest.mark.model
def test_pronouns_between_the_claims_are_kept_apart_from_those_of_claims(reader: Reader) -> None:
    from attribution.pipeline.following import follow

    [article] = reader.articles(["Ana Ruiz came late. She sat down. “Nobody told me,” she said. She left."])
    resolve_all(article)
    follow(article, len(article.text))
    assert [article.text[x.offset :][:8] for _, x, _ in article.decisions] == ["she said"]
    assert [article.text[x.offset :][:8] for x, _ in article.between] == ["She sat ", "She left"]
