"""The HTML page: marks that nest and cross, everything escaped, nothing fetched, colours that can be read."""

from __future__ import annotations

import base64
import hashlib
import math
import re
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from made import TRICKY, at, found, make, tricky

from attribution.claims import ArticleClaims, Block, Span
from attribution.formats import Options
from attribution.formats.html.margin import voices
from attribution.formats.html.marks import levels
from attribution.formats.html.page import COLOURS, STYLES, as_html, colours
from attribution.pipeline.segmentation import paragraphs

VOID = {"meta", "link", "br", "img", "input"}
CSS = "".join((files("attribution.formats.html") / name).read_text("utf-8") for name in STYLES)
NASTY = '"><script>alert(1)</script><img src=x onerror=alert(1)>\'&lt;'


def page(*articles: ArticleClaims, **options: Any) -> str:
    return "".join(as_html(iter(articles), Options(**options)))


class Page(HTMLParser):
    """Reads a page strictly: every tag closes in order; keeps texts and marks of each article, ids and addresses."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[tuple[str, dict[str, str]]] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.texts: list[list[str]] = []
        self.marks: dict[str, str] = {}
        self.all = self.script = ""
        self.feed(html)
        self.close()
        assert self.stack == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {k: v or "" for k, v in attrs}
        assert len(a) == len(attrs) and not any(k.startswith("on") for k in a), attrs
        assert tag in "html head meta title style body main header h1 h2 h3 p nav ol ul li a span b i bdi time article div mark aside section details summary script".split()
        if "id" in a:
            self.ids.append(a["id"])
        self.addresses.extend(v for k, v in a.items() if k in ("href", "src", "action"))
        if a.get("class") == "text":
            self.texts.append([])
        elif self._inside("text") and self.stack[-1][1].get("class") == "text":
            self.texts[-1].append("")
        if tag not in VOID:
            self.stack.append((tag, a))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop()[0] == tag

    def _inside(self, class_: str) -> bool:
        return any(class_ in a.get("class", "").split() for _, a in self.stack)

    def handle_data(self, data: str) -> None:
        if self.stack and self.stack[-1][0] == "script":
            self.script += data
            return
        self.all += data
        if not self._inside("text") or self._inside("n"):
            return
        self.texts[-1][-1] += data
        for tag, a in self.stack:
            if tag == "mark":
                self.marks[a["data-c"]] = self.marks.get(a["data-c"], "") + data


def shown(text: str) -> str:
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]", "\ufffd", text)


def joined(text: str) -> str:
    """Without white space, also such as is shown as U+FFFD, for between paragraphs it is not shown at all."""
    return re.sub(r"[\s\ufffd]+", "", text)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(found())
@example(tricky(url="https://example.org/", title=NASTY))
def test_text_and_marks_are_those_of_the_article(given_: ArticleClaims) -> None:
    read = Page(page(given_, where=True))
    text = given_.article.text
    [body] = read.texts
    ranges = paragraphs(text)
    assert body[-len(ranges) :] == [shown(text[p.start : p.end]) for p in ranges] and len(body) - len(ranges) in (0, 1)
    assert {k: joined(v) for k, v in read.marks.items() if joined(v)} == {
        f"1-{i}": words for i, c in enumerate(given_.claims, 1)
        if (words := joined(shown("".join(text[s.start : s.end] for s in c.content.spans))))
    }  # fmt: skip
    assert len(set(read.ids)) == len(read.ids)
    for address in read.addresses:
        assert address[1:] in read.ids if address.startswith("#") else address.startswith("https://e")
    assert read.script == (files("attribution.formats.html") / "page.js").read_text("utf-8").strip()


def test_nothing_of_an_article_can_run() -> None:
    given_ = make(f"{NASTY} said no.", [{"content": [(0, len(NASTY))], "speaker": NASTY, "role": NASTY, "affiliation": NASTY}], title=NASTY, outlet=NASTY, published=NASTY, url=f"https://e.org/{NASTY}", source=NASTY, language=NASTY, id=NASTY)
    html = page(given_, given_, where=True)
    read = Page(html)
    assert html.count("<script") == 1 and "<img" not in html and read.all.count("<script>alert(1)</script>") >= 10
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    digest = base64.b64encode(hashlib.sha256(read.script.encode()).digest()).decode()
    assert policy and policy[1].startswith("default-src 'none'") and f"script-src 'sha256-{digest}'" in policy[1]


def test_nothing_is_fetched() -> None:
    html = page(tricky())
    assert not re.search(r"https?:|url\(|@import|<link|<img|<iframe|src=", html)


def test_crossing_and_nested_claims_are_wrapped_stretch_by_stretch() -> None:
    text = "abcdef"
    given_ = make(text, [{"content": [(0, 4)]}, {"content": [(2, 6)]}, {"content": [(2, 3)], "parent": 0}])
    read = Page(page(given_))
    assert read.marks == {"1-1": "abcd", "1-2": "cdef", "1-3": "c"} and read.texts[0][-1] == text
    assert levels(given_.claims) == [0, 1, 2]


def test_underlines_of_claims_that_overlap_lie_apart() -> None:
    claims = tricky().claims
    deep = levels(claims)
    for i, a in enumerate(claims):
        for j, b in enumerate(claims[:i]):
            if any(x.start < y.end and y.start < x.end for x in a.content.spans for y in b.content.spans):
                assert deep[i] != deep[j]
        if a.parent:
            assert deep[i] > deep[int(a.parent, 16)]


def test_the_margin_says_who() -> None:
    html = page(tricky(title="A story"))
    first = html[html.index('<section class="h0">') :]
    assert re.match(r'<section class="h0"><p class="name"><bdi>Ana Ruíz\u0301</bdi> <span class="count" title="2 claims">2</span></p><p class="role"><bdi>mayor of Lugo</bdi></p>', first)
    assert "Nobody named" in html and "<summary" in html and "to <bdi>reporters</bdi>" in html
    assert 'in <a href="#c1-2">2</a>' in html
    assert '<span class="sign direct">direct</span> statement' in html
    assert "<h1" in html and "<title>A story — who said what</title>" in html


def test_voices_have_colours_of_their_own_and_nobody_is_grey() -> None:
    heard = voices(tricky().claims, colours=COLOURS)
    assert [v.colour for v in heard] == [*(f"h{i}" for i in range(len(heard) - 1)), "h"]
    assert [len(v.claims) for v in heard][:-1] == sorted((len(v.claims) for v in heard[:-1]), reverse=True)


def test_several_articles_have_an_index() -> None:
    html = page(make("One said.", [], id="one", title="First"), make("Two said.", [], id="two", outlet="The <Paper>"))
    read = Page(html)
    assert re.findall(r'<a href="#(a\d)"><bdi>([^<]+)</bdi>', html) == [("a1", "First"), ("a2", "two")]
    assert html.count("<h1") == 1 and "The &lt;Paper&gt; · 0 claims" in html and {"a1", "a2"} <= set(read.ids)
    assert Page(page()).ids == []


def test_blocks_of_the_reader_are_told_apart() -> None:
    text = "Home > World\nThe headline here\nBy Eva Luz\nA long caption. Photo: X\nBody text, she said."
    kinds = ("breadcrumb", "headline", "byline")
    blocks = tuple(Block(kind=k, span=Span(start=p.start, end=p.end)) for k, p in zip(kinds, paragraphs(text), strict=False))
    caption, credit = at(text, "A long caption."), at(text, "Photo: X")
    blocks += (Block(kind="caption", span=Span(start=caption[0], end=caption[1])), Block(kind="credit", span=Span(start=credit[0], end=credit[1])))
    blocks += (Block(kind="dateline", span=Span(start=at(text, "Body")[0], end=at(text, "Body")[1])),)  # a part of it only
    html = page(make(text, [{"content": [at(text, "headline")]}], blocks=blocks))  # type: ignore[arg-type]
    assert '<p class="breadcrumb" dir="auto">Home &gt; World</p><h1 class="headline" dir="auto">The ' in html
    assert '<p class="caption" dir="auto">A long caption. Photo: X</p>' in html
    assert '<p class="byline"' in html and '<p dir="auto">Body text' in html and "given" not in html


def test_odd_characters_are_shown_not_obeyed() -> None:
    html = page(tricky())
    assert "\x0b" not in html and "\x00" not in html and TRICKY[:4] in html


def variables(css: str) -> dict[str, str]:
    return dict(re.findall(r"(--[\w-]+):\s*([^;{}]+);", css))


LIGHT = variables(CSS[: CSS.index("@media")])
DARK = {**LIGHT, **variables(CSS[CSS.index("@media (prefers-color-scheme: dark)") : CSS.index("* {")])}
PRINT = {**LIGHT, **variables(CSS[CSS.index("@media print") :])}


def oklch(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """OKLCH → linear sRGB, clipped. Source: Ottosson 2020."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    l_, m, s = (
        (lightness + x * a + y * b) ** 3
        for x, y in ((0.3963377774, 0.2158037573), (-0.1055613458, -0.0638541728), (-0.0894841775, -1.2914855480))
    )
    rgb = (
        4.0767416621 * l_ - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l_ + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l_ - 0.7034186147 * m + 1.7076147010 * s,
    )
    return tuple(min(1.0, max(0.0, x)) for x in rgb)  # type: ignore[return-value]


def hexadecimal(colour: str) -> tuple[float, float, float]:
    digits = colour.lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    parts = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return tuple(p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)  # type: ignore[return-value]


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """WCAG 2.2 contrast ratio of two colours in linear sRGB."""
    low, high = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK, PRINT], ids=["light", "dark", "print"])
def test_contrast_is_that_of_wcag_aa(scheme: dict[str, str]) -> None:
    hues = [(float(h), 1.0) for h in re.findall(r"--h:(\d+)", colours())] + [(80.0, 0.2)]
    assert len(hues) == COLOURS + 1

    def of(kind: str) -> list[tuple[float, float, float]]:
        return [oklch(float(scheme[f"--{kind}-l"]), float(scheme[f"--{kind}-c"]) * s, h) for h, s in hues]

    paper, text, quiet = (hexadecimal(scheme[f"--{name}"]) for name in ("paper", "text", "quiet"))
    grounds = [paper, *of("tint")]
    assert all(contrast(text, ground) >= 7 for ground in grounds)
    assert all(contrast(text, ground) >= 4.5 for ground in of("lit"))
    assert all(contrast(quiet, ground) >= 4.5 for ground in grounds)
    assert all(contrast(ink, ground) >= 4.5 for ink in of("ink") for ground in (*grounds, *of("lit")))


def test_neighbouring_colours_are_far_apart() -> None:
    hues = [int(h) for h in re.findall(r"--h:(\d+)", colours())]
    assert len(set(hues)) == len(hues)
    assert all(min(abs(a - b), 360 - abs(a - b)) >= 50 for a, b in pairwise(hues))
