"""CoNLL-style columns: a token a line, blank lines between sentences, tabs between columns (CoNLL-U Plus).

``ID FORM START END SOURCE CUE CONTENT ALL``. START and END are code points of the article. SOURCE, CUE and CONTENT are
BIO tags of the outermost claims: those that stand in no other. ALL has every claim, nested ones and those that share
words, as ``1:B-CONTENT|3:I-SOURCE`` or ``_``, with addressees; the number is the claim's in the comments before the
article, ``# claim 3 = {…}``, which carry its id, type, act, polarity, parent and speaker. Each piece of a passage
begins with B. Where outermost claims share words, the columns have the first, ALL has both.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from attribution.claims import ArticleClaims, Claim, Passage
from attribution.formats.registry import Options
from attribution.formats.tokens import edges, tokens
from attribution.pipeline.segmentation import Range, paragraphs, sentences

COLUMNS = ("ID", "FORM", "START", "END", "SOURCE", "CUE", "CONTENT", "ALL")
_ROLES = ("SOURCE", "CUE", "CONTENT")
_UNFIT = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")


def as_conll(articles: Iterable[ArticleClaims], options: Options) -> Iterator[str]:
    """An article after the other, each with its comments."""
    yield f"# global.columns = {' '.join(COLUMNS)}\n"
    for found in articles:
        yield _document(found)


def _document(found: ArticleClaims) -> str:
    text, claims = found.article.text, found.claims
    words = tokens(text, edges(claims))
    tags = _Tags(words, claims)
    lines = [f"# newdoc id = {_one_line(found.article.id)}"]
    numbers = {c.id: i for i, c in enumerate(claims, 1)}
    lines.extend(f"# claim {i} = {_comment(c, numbers)}" for i, c in enumerate(claims, 1))
    starts = [s.start for p in paragraphs(text) for s in sentences(text, p)]
    first_of_sentence = {bisect_left(words, start, key=lambda w: w.start) for start in starts}
    n = 0
    for i, (start, end) in enumerate(words):
        if i in first_of_sentence and i:
            lines.append("")
            n = 0
        n += 1
        form = _UNFIT.sub("\ufffd", text[start:end])
        lines.append("\t".join((str(n), form, str(start), str(end), *tags.columns(i), tags.all(i))))
    return "\n".join([*lines, "", ""])


def _comment(claim: Claim, numbers: dict[str, int]) -> str:
    said = {
        "id": claim.id, "type": claim.type, "act": claim.act, "polarity": claim.polarity,
        "parent": numbers.get(claim.parent or ""), "speaker": claim.speaker.name, "kind": claim.speaker.kind,
    }  # fmt: skip
    return json.dumps(said)  # in ASCII: a line separator in a name would end the comment


def _one_line(text: str) -> str:
    return " ".join(text.split())


class _Tags:
    """The BIO tags of each token."""

    def __init__(self, words: Sequence[Range], claims: Sequence[Claim]) -> None:
        self._outer: list[dict[str, str]] = [{} for _ in words]
        self._all: list[list[str]] = [[] for _ in words]
        known = {c.id for c in claims}
        for number, c in enumerate(claims, 1):
            nested = c.parent in known
            for role, passage in (("SOURCE", c.source), ("CUE", c.cue), ("CONTENT", c.content), ("TO", c.addressee)):
                self._mark(words, passage, role, number, outermost=not nested)

    def _mark(
        self, words: Sequence[Range], passage: Passage | None, role: str, number: int, *, outermost: bool
    ) -> None:
        for s in passage.spans if passage else ():
            low = bisect_left(words, s.start, key=lambda w: w.start)
            high = bisect_left(words, s.end, key=lambda w: w.start)
            free = outermost and not any(role in self._outer[i] for i in range(low, high))
            for i in range(low, high):
                tag = f"{'B' if i == low else 'I'}-{role}"
                self._all[i].append(f"{number}:{tag}")
                if free:
                    self._outer[i][role] = tag

    def columns(self, i: int) -> tuple[str, ...]:
        return tuple(self._outer[i].get(role, "O") for role in _ROLES)

    def all(self, i: int) -> str:
        return "|".join(self._all[i]) or "_"
