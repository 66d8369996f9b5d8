"""The systems that are compared: each a function from an article to claims in our JSON form.

A claim is ``{"content": {"spans": [...]}, "cue", "source", "speaker": {"name"}, "type", "parent"}``. An extractor that
cannot read an article raises, and the article counts as empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from parsing import paragraphs_of
from spacy.tokens import Doc, Token

from attribution.formats.records import record
from attribution.pipeline.segmentation import paragraphs

Claims = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class System:
    """A compared system: name for the table, extractor, whether it wants a parse (else it wants the text), and whether
    it says who speaks.
    """

    name: str
    find: Callable[[Any], Claims]
    parsed: bool
    names_speakers: bool = True


def claim(
    content: tuple[int, int],
    cue: Sequence[tuple[int, int]] = (),
    source: Sequence[tuple[int, int]] = (),
    speaker: str = "",
    kind: str = "direct",
) -> dict[str, Any]:
    """A claim in our form; spans are half-open code points."""

    def role(spans: Sequence[tuple[int, int]]) -> dict[str, Any] | None:
        return {"spans": [{"start": a, "end": b} for a, b in spans]} if spans else None

    return {
        "content": role([content]), "cue": role(cue), "source": role(source),
        "speaker": {"name": speaker} if speaker else None, "type": kind, "parent": None,
    }  # fmt: skip


def _spans(tokens: Sequence[Token], offset: int) -> list[tuple[int, int]]:
    """Offsets of tokens; neighbours are one span."""
    out: list[tuple[int, int]] = []
    last = -2
    for t in tokens:
        start, end = offset + t.idx, offset + t.idx + len(t)
        if t.i == last + 1:
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
        last = t.i
    return out


def _triples(found: Iterable[Any], offset: int) -> Claims:
    """Claims of textacy's triples (speaker tokens, cue tokens, content span), which SaysWho's are, too."""
    return [
        claim(
            (offset + t.content.start_char, offset + t.content.end_char), _spans(t.cue, offset),
            _spans(t.speaker, offset), " ".join(token.text for token in t.speaker),
        )
        for t in found
    ]  # fmt: skip


def textacy_article(doc: Doc) -> Claims:
    """A whole article through textacy, as its documentation has it: an odd number of marks costs the article."""
    from textacy.extract import direct_quotations

    return _triples(direct_quotations(doc), 0)


def textacy_paragraphs(doc: Doc) -> Claims:
    """Each paragraph alone through textacy, which is kinder: an odd number of marks costs only the paragraph."""
    from textacy.extract import direct_quotations

    out: Claims = []
    for part in paragraphs_of(doc):
        try:
            out += _triples(direct_quotations(part), part.user_data["start"])
        except ValueError as error:
            if "quotation marks found" not in str(error):
                raise
    return out


def sayswho_finder(doc: Doc) -> Claims:
    """SaysWho's finder of quotations. Its resolution of speakers needs two models that are downloads."""
    from sayswho.quote_finder import quote_finder

    return _triples(quote_finder(doc), 0)


def booknlp_quotes(doc: Doc) -> Claims:
    """BookNLP's tagger of quotations. Its attribution needs models that are downloads: it names no speaker."""
    from booknlp.english.litbank_quote import QuoteTagger

    real: list[Token] = []
    words: list[SimpleNamespace] = []
    paragraph = 0
    for token in doc:
        if token.is_space:
            paragraph += "\n" in token.text
        else:
            words.append(SimpleNamespace(text=token.text, paragraph_id=paragraph, token_id=len(words), inQuote=False))
            real.append(token)
    return [claim((real[a].idx, real[b].idx + len(real[b]))) for a, b in QuoteTagger().tag(words)]


_QUOTED = re.compile(r"“[^“”\n]+(?:”|$)|\"[^\"\n]+(?:\"|$)", re.MULTILINE)
_SAY = r"(?:said|says|say|told|tells|added|adds|wrote|writes|asked|claimed|claims|argued|explained|stated|tweeted|insisted)"
_NAME = r"[A-Z](?:\.|[\w’'-]+)"
_WHO = rf"(?:{_NAME}(?:\s+{_NAME})*|[Hh]e|[Ss]he|[Tt]hey)"
_SAID = re.compile(rf"(?P<who>{_WHO})\s+(?P<cue>{_SAY})\b|\b(?P<cue2>{_SAY})\s+(?P<who2>{_WHO})")


def regular_expressions(text: str) -> Claims:
    """The floor: all of four words or more in double quotation marks; who says it is the nearest capitalised name or
    pronoun beside a verb of saying in the same paragraph, outside the marks.
    """
    out = []
    for p in paragraphs(text):
        quoted = [m.span() for m in _QUOTED.finditer(text, p.start, p.end)]
        blank = list(text[p.start : p.end])
        for a, b in quoted:
            blank[a - p.start : b - p.start] = "\0" * (b - a)
        said = list(_SAID.finditer("".join(blank)))
        for a, b in quoted:
            if len(text[a:b].split()) < 4:
                continue
            near = min(said, key=lambda m: min(abs(p.start + m.start() - b), abs(a - p.start - m.end())), default=None)
            if near is None:
                out.append(claim((a, b)))
                continue
            who, cue = ("who", "cue") if near["who"] else ("who2", "cue2")
            (c, d), (e, f) = near.span(cue), near.span(who)
            out.append(claim((a, b), [(p.start + c, p.start + d)], [(p.start + e, p.start + f)], near[who]))
    return out


def ours(text: str) -> Claims:
    """What this project finds."""
    from attribution.articles.read import make_article
    from attribution.extraction import extract_article

    return list(record(extract_article(make_article(text)))["claims"])


def systems() -> Iterator[System]:
    """All systems, in the order of the table."""
    yield System("attribution", ours, parsed=False)
    yield System("textacy, paragraph by paragraph", textacy_paragraphs, parsed=True)
    yield System("textacy", textacy_article, parsed=True)
    yield System("SaysWho, its finder", sayswho_finder, parsed=True)
    yield System("BookNLP, its quote tagger", booknlp_quotes, parsed=True, names_speakers=False)
    yield System("regular expressions (our floor)", regular_expressions, parsed=False)
