"""Furniture: what is told from the story, and what must not be. Cases are our own writing in the manner of real pages."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

import attribution
from attribution.articles.article import make_article
from attribution.claims import Claim
from attribution.pipeline.blocks import FURNITURE, article_blocks, blocks
from attribution.pipeline.bylines import byline_names, dateline_length
from attribution.pipeline.furniture import kind_of_line
from attribution.pipeline.reader import Reader, outside, within
from attribution.pipeline.segmentation import Range, paragraphs

SAID = "“We will not pay,” Ana Ruiz, the mayor of Lugo, told reporters on Monday after the council had met for two hours."
MORE = "She said the road was closed. Nobody knew for how long, and the buses stood in their yard until the evening came."

PAGE = f"""News / Europe / Spain

Mayor of Lugo says no to the levy

Mayor of Lugo says no to the levy

By Dana Moss and Inés Campo in Lugo

Published 4 March 2025, 10.11am

Facebook X WhatsApp Email Copy link

Ana Ruiz in front of the town hall on Monday. (Photo: Iria Souto/Lugo Daily)

LUGO, Spain (Reuters) — {SAID}

READ ALSO: Minister Pedro Sanz says taxes will rise

{MORE}

Sign up for our morning newsletter and get the news before breakfast.

Luis Vega denied the report. He said that the city had been paid in full and that its council knew it well.

(Reporting by Dana Moss; Editing by Tom Hale)

Related stories

Sanz warns of a winter without trains
Who pays for the bridges?

© 2025 Lugo Daily. All rights reserved.

Hosted by

Granite Servers
"""


def _kinds(text: str) -> list[str]:
    return list(blocks(text, paragraphs(text)))


def test_a_page_with_everything() -> None:
    assert _kinds(PAGE) == [
        "breadcrumb", "headline", "headline", "byline", "dateline", "share", "caption", "body", "related", "body", "newsletter",
        "body", "byline", "related", "related", "related", "copyright", "copyright", "copyright",
    ]  # fmt: skip


def test_blocks_of_a_page_lie_in_order_and_apart() -> None:
    found = article_blocks(PAGE)
    assert all(a[2] <= b[1] for a, b in pairwise(found))
    inside = {kind: PAGE[start:end] for kind, start, end in found if kind in ("dateline", "credit")}
    assert inside == {"dateline": "LUGO, Spain (Reuters) —", "credit": "(Photo: Iria Souto/Lugo Daily)"}
    assert make_article(PAGE).authors == ("Dana Moss", "Inés Campo")


@pytest.mark.model
def test_no_claim_reaches_into_furniture() -> None:
    article = make_article(PAGE)
    claims = attribution.extract(article)
    furniture = [b.span for b in article.blocks if b.kind in FURNITURE]
    for claim in claims:
        passages = [claim.content, *([claim.source] if claim.source else []), *([claim.cue] if claim.cue else [])]
        for span in (s for p in passages for s in p.spans):
            assert not any(f.start < span.end and span.start < f.end for f in furniture), claim
    assert {c.speaker.name for c in claims if c.block == "body"} == {"Ana Ruiz", "Luis Vega"}
    assert "headline" in {c.block for c in claims}
    assert not any("Sanz" in c.speaker.name or "Moss" in c.speaker.name for c in claims)


@pytest.mark.model
def test_claims_are_those_of_the_story_alone(reader: Reader) -> None:
    """Furniture around a story takes nothing from it and adds nothing."""
    bare = "\n\n".join(["Mayor of Lugo says no to the levy", SAID, MORE, "Luis Vega denied the report. He said that the city had been paid in full and that its council knew it well."])

    def said(claims: list[Claim]) -> list[tuple[str, str]]:
        return [(c.speaker.name, c.content.text) for c in claims if c.block == "body"]

    assert said(attribution.extract(PAGE)) == said(attribution.extract(bare))


@pytest.mark.model
def test_a_name_in_a_link_is_nobodys_pronoun() -> None:
    text = f"{SAID}\n\nREAD ALSO: Carla Prado leaves the party\n\nShe also said the bridge would follow before the end of the week."
    assert {c.speaker.name for c in attribution.extract(text)} == {"Ana Ruiz"}


LINES = {
    "byline": [
        "By Dana Moss", "BY DANA MOSS", "By Dana Moss and Inés Campo", "By Dana Moss, Political Editor", "By Dana Moss | Lugo Daily",
        "By Dana Moss • dana@lugo.example • Mar 25, 2025", "Posted by Dana Moss on May 6, 2025 | 64 comments", "EXCLUSIVE by Dana Moss",
        "(Reporting by Dana Moss in Lugo; editing by Tom Hale)", "Additional reporting by Dana Moss in Vigo", "— With assistance from Dana Moss",
        "Dana Moss in Vigo contributed to this report.", "Staff Writer", "with AAP", "Reporting by Dana Moss and Tom Hale",
    ],
    "share": ["Share", "Share this article", "Facebook X Email Print", "Save    Share    A A A", "SHARE  TWEET  38.2k views", "Share on WhatsApp", "412 comments"],
    "newsletter": [
        "Sign up for our daily newsletter", "Subscribe to our newsletter and never miss a story.", "ADVERTISEMENT", "Advertise with us: call the sales desk",
        "You're receiving this because you signed up. Unsubscribe", "Download the Lugo Daily app for alerts", "Got a story? Email us", "Join our WhatsApp channel",
    ],
    "related": ["READ ALSO: Ten things to know about the bridge", "Read more: Minister warns of a hard winter", "Tags: bridges, levy, Lugo", "Related: Who pays?"],
    "copyright": [
        "© 2025 Lugo Daily. All rights reserved.", "Copyright 2025 The Associated Writers. All rights reserved.", "Copyright © 2020 Lugo Daily",
        "This material may not be published, broadcast, rewritten or redistributed.", "(c) 2025 Lugo Daily",
    ],
    "credit": ["Photo: Iria Souto", "Photograph: Iria Souto/The Daily", "Credit: Iria Souto", "Illustration by Iria Souto", "Getty Images", "Pic: Iria Souto"],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "line"), [(k, line) for k, lines in LINES.items() for line in lines])
def test_lines_of_furniture(kind: str, line: str) -> None:
    assert kind_of_line(line) == kind


NEGATIVE = [
    "By Monday the army had left the town and the road was open again.",
    "By the end of the year the bridge will be closed, the mayor said.",
    "By accident, Vega sent the letter to everybody.",
    "Reporting by the Lugo Daily found that the levy was never paid.",
    "Share prices fell by a tenth on Monday.",
    "Save the bridge, the banner read.",
    "Sign up sheets hung in every hall, and nobody had put down a name.",
    "Subscribers to the fund said they had lost their savings.",
    "Join the army, they told him, and see the world.",
    "Get out of the house before dark, the premier told residents.",
    "Copyright law lets libraries lend what they own, the court said in 2019.",
    "Copyright holders have until March to object.",
    "All rights of way were reserved for the army, Vega said.",
    "Read more closely, the letter promises nothing.",
    "More on the subject of bridges was said at the council.",
    "Watch the road, she told him.",
    "Related costs rose by a fifth.",
    "“Sign up for our newsletter,” the screen said.",
    "Photographs of the bridge were shown to the jury.",
    "Picture a town without a bridge: that is what Vega wants.",
    "Source: the word means a spring, he said. It has meant more since.",
    "The council may vote again in May, according to two people familiar with the plan.",
    "Staff at the hospital said they had not been paid.",
    "Climate change contributed to the floods, a study found.",
    "Follow the money, she said.",
    "Comments were turned off on Monday.",
    "Email showed that Vega knew.",
    "Trending down since May, the levy brought in 3 million.",
    "Topics ranged from bridges to bread.",
    "Credit: the bank offered it, and the town took it.",
]


@pytest.mark.parametrize("line", NEGATIVE)
def test_lines_of_the_story_stay_in_it(line: str) -> None:
    assert kind_of_line(line) is None
    text = f"Mayor of Lugo says no to the levy\n\n{SAID}\n\n{line}\n\n{MORE}"
    assert _kinds(text) == ["headline", "body", "body", "body"]


@pytest.mark.parametrize(
    ("line", "dateline"),
    [
        ("BEIJING (Reuters) — China said no.", "BEIJING (Reuters) — "), ("WASHINGTON--The United States", "WASHINGTON--"), ("SHELBY, Mont. — Gusts", "SHELBY, Mont. — "),
        ("VIENTIANE, Nov. 7 (Xinhua) -- Laos", "VIENTIANE, Nov. 7 (Xinhua) -- "), ("NEW DELHI: The Centre", "NEW DELHI: "), ("Paris (AFP) – France", "Paris (AFP) – "),
        ("WASHINGTON/ASTANA, March 4 - The", "WASHINGTON/ASTANA, March 4 - "), ("CURITIBA, Brazil, Oct. 14, 2025 /Wirelane/ -- Two", "CURITIBA, Brazil, Oct. 14, 2025 /Wirelane/ -- "),
        ("A POSTIE told last night how", ""), ("CARIBBEAN Community leaders ended", ""), ("US-China talks — the first", ""), ("The mayor — Ana Ruiz — said", ""),
        ("Lugo (population 98,000) – a town", ""), ("He said: no.", ""), ("NATO’s chief said – again – no", ""),
    ],
)  # fmt: skip
def test_datelines(line: str, dateline: str) -> None:
    assert line[: dateline_length(line, colon=True)] == dateline


def test_labels_of_speakers_are_no_datelines() -> None:
    text = f"Mayor of Lugo says no to the levy\n\nRUIZ: We will not pay, whatever they may write to us about it.\n\nVEGA: You will.\n\nRUIZ: {MORE}"
    assert not [b for b in article_blocks(text) if b[0] == "dateline"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Dana Moss", ["Dana Moss"]), ("By DANA MOSS and Inés Campo in Lugo", ["DANA MOSS", "Inés Campo"]), ("By Dana Moss, Political Editor", ["Dana Moss"]),
        ("By Dana Moss, Tom Hale and Ana de la Cruz", ["Dana Moss", "Tom Hale", "Ana de la Cruz"]), ("By Dana Moss | 4 March 2025", ["Dana Moss"]),
        ("By Dana Moss • dana@lugo.example", ["Dana Moss"]), ("By our correspondent", []), ("Staff Writer", []), ("with AAP", []),
        ("By Dana Moss, Lugo Daily", ["Dana Moss"]),
    ],
)  # fmt: skip
def test_names_in_bylines(line: str, names: list[str]) -> None:
    assert byline_names(line) == names


def test_what_the_page_tells_goes_before_what_the_text_shows() -> None:
    text = f"{SAID}\n\nNo full stop here"
    start = len(SAID) + 2
    assert article_blocks(text, known=[("caption", start, len(text))]) == [("caption", start, len(text))]


def test_pieces_outside() -> None:
    furniture = [Range(5, 10), Range(20, 25)]
    assert outside([Range(0, 30)], furniture) == [Range(0, 5), Range(10, 20), Range(25, 30)]
    assert outside([Range(6, 9), Range(8, 12)], furniture) == [Range(10, 12)]
    assert within(Range(5, 10), furniture) and not within(Range(4, 10), furniture)


LINE = st.one_of(
    st.sampled_from([line for lines in LINES.values() for line in lines] + NEGATIVE + PAGE.split("\n")), st.text(max_size=80), st.text("By A.|/©:() \n", max_size=40)
)  # fmt: skip


@given(st.lists(LINE, max_size=30).map("\n".join))
def test_blocks_never_overlap_nor_leave_the_text(text: str) -> None:
    found = article_blocks(text)
    at = 0
    for kind, start, end in found:
        assert at <= start < end <= len(text) and kind != "body"
        assert text[start:end] == text[start:end].strip()
        at = end


@given(st.lists(LINE, max_size=30).map("\n".join))
def test_blocks_told_again_are_the_same_blocks(text: str) -> None:
    """An article's blocks go into the pipeline with it: a claim's block is then that of the article."""
    found = article_blocks(text)
    assert article_blocks(text, known=found) == found
    assert blocks(text, paragraphs(text), found) == blocks(text, paragraphs(text))


@pytest.mark.model
def test_a_claims_block_is_the_articles() -> None:
    texts = [p.read_text(encoding="utf-8") for p in sorted((ROOT / "seeds").glob("*.txt"))]
    for name in ("08", "11"):  # with captions and bylines
        marked = (ROOT / "tests" / "gold" / f"{name}.gold").read_text(encoding="utf-8")
        texts.append(re.sub(r"<[^>]*>", "", marked.split("\n-----\n")[1]))
    seen = set()
    for found in attribution.extract_many([make_article(text) for text in [*texts, PAGE]]):
        for claim in found.claims:  # type: ignore[union-attr]
            at = (claim.cue or claim.content).spans[0].start
            told = next((b.kind for b in found.article.blocks if b.span.start <= at < b.span.end), "body")  # type: ignore[union-attr]
            assert claim.block == told
            seen.add(told)
    assert seen == {"headline", "caption", "body"}


@pytest.mark.parametrize("line", ["A " * 200, "By " + "A" * 390, "PARIS, " * 57, "(" * 400, "© " * 200, "| " * 200, "x" * 400, "A." * 200, "AB/" * 130, "A, B and " * 40])
def test_no_line_takes_long(line: str) -> None:
    started = time.perf_counter()
    article_blocks(f"Mayor of Lugo says no\n{line.strip()}\n{SAID}\n" * 3)
    assert time.perf_counter() - started < 3  # a millisecond, but for a pattern that goes astray
