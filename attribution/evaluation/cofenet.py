"""CofeNet's form of a corpus: tokens with BIO labels of source, cue and content; ours against it, by its own count.

Wang et al. (2022) score exact spans of tokens, so figures here compare with the published ones. Claims are found in a
text printed from the tokens (``treebank``) and written as labels the way PolNeAR writes them, where its form differs
from ours by rule:

* an apposition's closing comma belongs to the source ("Ana Ruiz, the mayor," said);
* a colon right behind the cue belongs to it ("said:");
* a token has one label: of claims inside claims the outermost counts, of others that overlap the surer one, and within
  a claim the cue before the source before the content;
* pieces are spans of their own, and none goes beyond the record it starts in.

The possessive 's needs no rule: PolNeAR has it in the source about as often as in the cue. What no rule tells is left
as it is: PolNeAR cuts contents at the line breaks of its texts, which the tokens do not show.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from attribution.errors import InputError
from attribution.evaluation.metrics import Count, Figure
from attribution.evaluation.treebank import Printed, printed

BETWEEN = " "
"""What parts records in the printed text. As paragraphs they would be read a little worse (measured on PolNeAR dev:
content F1 0.685 for 0.693), because not every record is one."""
ROLES = ("source", "cue", "content")
TOKENS = "tokens"
_ALLOWED = frozenset(["O", *(f"{b}-{role}" for b in "BI" for role in ROLES)])
Labels = list[str]
TokenSpan = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class TokenArticle:
    """The records of one article: their tokens, their labels ("B-source", "I-cue", "O", …), and the text printed of them."""

    id: str
    tokens: tuple[tuple[str, ...], ...]
    labels: tuple[tuple[str, ...], ...]
    printed: Printed

    @property
    def text(self) -> str:
        """The text that is read."""
        return self.printed.text


def token_articles(lines: Iterable[str], where: str) -> list[TokenArticle]:
    """The articles of JSON lines ``{"id", "tokens", "labels"}``; those with one id make one article, in their order.

    Raises:
        InputError: a line is not JSON of that form, or labels and tokens are not as many.

    """
    found: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for n, line in enumerate(lines, 1):
        if line.strip():
            id_, tokens, labels = _record(line, f"{where}:{n}")
            found.setdefault(id_ or f"{where}:{n}", []).append((tokens, labels))
    return [
        TokenArticle(
            id_, tuple(t for t, _ in of), tuple(b for _, b in of), printed([t for t, _ in of], between=BETWEEN)
        )
        for id_, of in found.items()
    ]


def _record(line: str, where: str) -> tuple[str | None, tuple[str, ...], tuple[str, ...]]:
    try:
        record = json.loads(line)
        tokens, labels = record["tokens"], tuple(str(b)[:2] + str(b)[2:].lower() for b in record["labels"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(where, f'not a record {{"id", "tokens", "labels"}} ({error!r})') from error
    if not isinstance(tokens, list) or not all(isinstance(t, str) for t in tokens):
        raise InputError(where, "tokens are not a list of words")
    if len(tokens) != len(labels):
        raise InputError(where, f"{len(tokens)} tokens have {len(labels)} labels: there must be one for each")
    wrong = next((b for b in labels if b not in _ALLOWED), None)
    if wrong is not None:
        raise InputError(
            where, f"the label {wrong!r} is none of O, B-source, I-source, B-cue, I-cue, B-content, I-content"
        )
    id_ = record.get("id")
    return None if id_ is None else str(id_), tuple(tokens), labels


def spans(labels: Sequence[str]) -> set[TokenSpan]:
    """(role, first token, token behind the last) of BIO labels, as seqeval reads them: an I that continues nothing begins."""
    out: set[TokenSpan] = set()
    start, role = 0, ""
    for i, label in enumerate([*labels, "O"]):
        if role and (label[0] != "I" or label[2:] != role):
            out.add((role, start, i))
            role = ""
        if label != "O" and not role:
            start, role = i, label[2:]
    return out


def labels_of(claims: Iterable[Mapping[str, Any]], article: TokenArticle) -> list[Labels]:
    """Claims in JSON form as labels, a list a record: see the module on what is written how."""
    place = article.printed
    owner: list[tuple[str, int, int] | None] = [None] * len(place.places)
    outermost = (c for c in claims if not c.get("parent"))
    for n, claim in enumerate(sorted(outermost, key=lambda c: float(c.get("confidence") or 0))):
        for role in ("content", "source", "cue"):
            for piece, span in enumerate((claim.get(role) or {}).get("spans") or []):
                for i in _tokens(article, role, span["start"], span["end"]):
                    owner[i] = (role, n, piece)
    out: list[Labels] = [[] for _ in article.tokens]
    before = None
    for mine, record in zip(owner, place.paragraphs, strict=True):
        inside = mine is not None and mine == before and bool(out[record])
        out[record].append("O" if mine is None else f"{'I' if inside else 'B'}-{mine[0]}")
        before = mine
    return out


def _tokens(article: TokenArticle, role: str, start: int, end: int) -> range:
    """The tokens of a piece of text, with a comma or colon behind them where PolNeAR's form has it in."""
    place = article.printed
    first = bisect_right(place.places, start, key=lambda p: p[1])
    last = bisect_left(place.places, end, key=lambda p: p[0])
    if first < last < len(place.places) and place.paragraphs[last] == place.paragraphs[last - 1]:
        behind, words = (place.text[slice(*place.places[i])] for i in (last, last - 1))
        inner = {place.text[slice(*p)] for p in place.places[first:last]}
        if (role == "source" and behind == "," and "," in inner and words != ",") or (role == "cue" and behind == ":"):
            last += 1
    return range(first, last)


def token_counts(article: TokenArticle, labels: Sequence[Sequence[str]]) -> dict[Figure, Count]:
    """Counts of exactly equal spans of one article, by role and over all roles."""
    counts = dict.fromkeys((*ROLES, TOKENS), (0, 0, 0))
    for gold, predicted in zip(article.labels, labels, strict=True):
        g, p = spans(gold), spans(predicted)
        for role in (*ROLES, TOKENS):
            sides = ({s for s in side if role in (s[0], TOKENS)} for side in (g & p, g, p))
            counts[role] = tuple(a + len(b) for a, b in zip(counts[role], sides, strict=True))  # type: ignore[assignment]
    names = {role: f"{role} exact, tokens" for role in ROLES} | {TOKENS: "all three, tokens"}
    return {Figure(names[role]): Count(hit, gold, hit, found) for role, (hit, gold, found) in counts.items()}
