"""Articles with claims made by hand or by hypothesis, for tests of formats: no model is needed."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from attribution.articles.read import make_article
from attribution.claims import ArticleClaims, ArticleSpeaker, Claim, Cue, Evidence, Passage, Span, Speaker
from attribution.formats.annotation.graph import CHOICES
from attribution.pipeline.assembly import selector
from attribution.pipeline.segmentation import Range

Spans = list[tuple[int, int]]

TRICKY = (
    "Ｆirst 🗞️ line <b>bold</b> & “quoted”\r\n\r\n"
    "“We won’t pay 💶,” said Ana Ruíz\u0301, the mayor of Lugo 👩🏽‍⚖️. “Not now,\r\nnot ever.”\r\n\r\n"
    "Reuters reported that Luis\u00a0Vega feared a “flood” of =cmd|' /C calc'!A0 letters.\r\n\r\n"
    "שלום, \u202eאמר\u202c Dan told reporters ‘no’. Nobody was named.\r\n\r\n"
    "“First paragraph of it.\r\n\r\n“Second paragraph of it,” he added\x0b."
)


def at(text: str, words: str, n: int = 0) -> tuple[int, int]:
    start = -1
    for _ in range(n + 1):
        start = text.index(words, start + 1)
    return start, start + len(words)


def make(text: str, claims: list[dict[str, Any]], **article: Any) -> ArticleClaims:
    """Claims as dicts of spans by role, with ``parent`` the index of another; all else has defaults."""
    made = make_article(text, id_=article.pop("id", "a1")).model_copy(update=article)
    out = []
    for i, c in enumerate(claims):
        name, kind = c.get("speaker", ""), c.get("kind", "person" if c.get("speaker") else "unknown")
        parent = c.get("parent")
        cue = passage(text, c.get("cue"))
        out.append(Claim(
            id=f"{i:016x}", article=made.ref, type=c.get("type", "indirect"), act=c.get("act", "statement"),
            content=passage(text, c["content"]), cue=Cue(**cue.model_dump(), lemma="say") if cue else None,
            source=passage(text, c.get("source")), addressee=passage(text, c.get("to")),
            speaker=Speaker(id=f"s{name}", name=name, kind=kind, role=c.get("role"), affiliation=c.get("affiliation")),
            polarity=c.get("polarity", "affirmed"), parent=None if parent is None else f"{parent:016x}",
            paragraph=0, confidence=0.5, selectors=tuple(selector(text, Range(*s)) for s in c["content"]),
            evidence=(Evidence.model_validate({"step": "name", "from": name or "it", "to": name}),),
        ))  # fmt: skip
    speakers = {c.speaker.id: ArticleSpeaker(**c.speaker.model_dump()) for c in out if c.speaker.name}
    return ArticleClaims(article=made, claims=tuple(out), speakers=tuple(speakers.values()))


def passage(text: str, spans: Spans | None) -> Passage | None:
    if not spans:
        return None
    return Passage(text=" … ".join(text[s:e] for s, e in spans), spans=tuple(Span(start=s, end=e) for s, e in spans))


def tricky(**article: Any) -> ArticleClaims:
    t = TRICKY
    claims = [
        {"content": [at(t, "“We won’t pay 💶,”"), at(t, "“Not now,\r\nnot ever.”")], "cue": [at(t, "said")], "source": [at(t, "Ana Ruíz\u0301, the mayor of Lugo 👩🏽‍⚖️")],
         "speaker": "Ana Ruíz\u0301", "type": "direct", "role": "mayor of Lugo"},
        {"content": [at(t, "Luis\u00a0Vega feared a “flood” of =cmd|' /C calc'!A0 letters")], "cue": [at(t, "reported")], "source": [at(t, "Reuters")], "speaker": "Reuters", "kind": "organization", "type": "mixed"},
        {"content": [at(t, "a “flood” of =cmd|' /C calc'!A0 letters")], "cue": [at(t, "feared")], "source": [at(t, "Luis\u00a0Vega")], "speaker": "=Luis Vega", "act": "belief", "type": "mixed", "parent": 1},
        {"content": [at(t, "=cmd|' /C calc'!A0")], "speaker": "", "type": "indirect", "parent": 2, "act": "other", "polarity": "negated"},
        {"content": [at(t, "‘no’")], "cue": [at(t, "told")], "source": [at(t, "Dan")], "to": [at(t, "reporters")], "speaker": "Dan <script>alert(1)</script>", "act": "denial", "type": "direct"},
        {"content": [at(t, "‘no’")], "cue": [at(t, "told")], "source": [at(t, "Dan")], "speaker": "\"Dan's\" & co", "kind": "group", "act": "question"},
        {"content": [at(t, "“First paragraph of it."), at(t, "“Second paragraph of it,”")], "cue": [at(t, "added")], "source": [at(t, "he")], "speaker": "Ana Ruíz\u0301", "type": "direct"},
        {"content": [(at(t, "Nobody")[0], at(t, "paragraph of it.")[1])], "speaker": "crossing", "kind": "document"},
        {"content": [at(t, "not ever.”\r\n\r\nReuters reported")], "cue": [at(t, "“Not now")], "speaker": "crossing, too", "kind": "anonymous"},
    ]  # fmt: skip
    return make(t, claims, **article)


_PIECES = st.sampled_from(
    ["said", "He", "“no", "yes”", "🗞️", "👩🏽‍⚖️", "e\u0301", "שלום", "\u202e", "<b>", "</script>", "&amp;", '"', "'", "=1+1", "\x00", "\x1b[0m", "\u200b", "\ufffe", "|", "\\", "_x0041_", "—", "ﬁ", "]]>", "--", "\ufeff"]
)
_GAPS = st.sampled_from([" ", " ", " ", "", "\n", "\r\n", "\n\n", "\r", "\u00a0", "\t", "\u2028", "\x0b", "\x85", "  \n  "])


@st.composite
def texts(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.tuples(st.one_of(_PIECES, st.text(st.characters(exclude_categories=["Cs"]), max_size=4)), _GAPS), min_size=3, max_size=25))
    text = "".join(a + b for a, b in parts)
    return text if any(not c.isspace() for c in text) else text + "x y"


@st.composite
def _spans(draw: st.DrawFn, text: str, most: int) -> Spans:
    """Up to ``most`` spans in order, apart from each other; no end is white space."""
    ends = [i for i, c in enumerate(text) if not c.isspace()]
    edges = sorted(draw(st.sets(st.sampled_from(ends), min_size=1, max_size=2 * most)))
    pairs = [(edges[i], edges[min(i + 1, len(edges) - 1)] + 1) for i in range(0, len(edges), 2)]
    return [p for i, p in enumerate(pairs) if i == 0 or pairs[i - 1][1] < p[0]]


@st.composite
def found(draw: st.DrawFn) -> ArticleClaims:
    text = draw(texts())
    name = st.one_of(st.just(""), texts().map(lambda t: t[:30]))
    claims: list[dict[str, Any]] = []
    for i in range(draw(st.integers(0, 4))):
        speaker = draw(name)
        claims.append({
            "content": draw(_spans(text, 3)),
            **{role: draw(_spans(text, 2)) for role in ("cue", "source", "to") if draw(st.booleans())},
            **{k: draw(st.sampled_from(v)) for k, v in CHOICES.items()},
            "speaker": speaker, "role": draw(name) or None, "parent": draw(st.sampled_from([None, *range(i)])),
        })  # fmt: skip
    title = draw(st.one_of(st.none(), texts()))
    url = draw(st.sampled_from([None, "https://example.org/a?b=1&c=2#d", "javascript:alert(1)", "http://[", "https://e.org/\"><script>"]))
    return make(text, claims, title=title, url=url, outlet=title, id=draw(st.sampled_from(["a", "x/../y", "é è", title or "b"])) or "b")
