"""Standing: how a name stands in its clause and among the claims, which tells whom a later pronoun may mean.

"Asked by the moderator, Ana Ruiz, he …" means neither moderator nor Ruiz: a name after a preposition, as an object or
in a clause that depends on the pronoun's own is rarely meant; one that is a subject, or the source of a claim, is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from attribution.pipeline.segmentation import Range

if TYPE_CHECKING:
    from attribution.pipeline.resolution import Article


@dataclass(frozen=True, slots=True)
class Standing:
    """How a mention stands: ``governed`` by a preposition, ``object`` of a verb, ``subject`` of one, in a clause that
    begins with "when" or a participle (``dependent``), with its age or office behind it (``apposed``), ``joined`` to
    another name, reported by somebody (``reported``), or as the ``source`` of a claim.
    """

    governed: bool = False
    object: bool = False
    subject: bool = False
    dependent: bool = False
    apposed: bool = False
    joined: bool = False
    reported: bool = False
    source: bool = False


def standing(article: Article, mention: Range) -> Standing:
    """How a mention stands, by the parts of speech around it and by the claims of the article."""
    known = article.standings.get(mention.start)
    if known is None:
        known = article.standings[mention.start] = _standing(article, mention)
    return known


def _standing(article: Article, mention: Range) -> Standing:
    before = _before(article, mention)
    sentence = article.sentences[article.sentence_of(mention.start)]
    behind = article.text[mention.end : mention.end + 60]
    near = [c for c in article.claims if any(s.start <= mention.start < s.end for s in (*c.source, *c.content))]
    source = any(s.start <= mention.start < s.end for c in near for s in c.source)
    return Standing(
        governed=before == "ADP", object=before == "VERB", subject=_after(article, mention, sentence.end) in ("VERB", "AUX"),
        dependent=bool(_DEPENDENT.match(article.text, sentence.start, mention.start)),
        apposed=bool(_APPOSED.match(behind)), joined=bool(_JOINED.match(behind)),
        reported=any(s.start <= mention.start < s.end for c in near for s in c.content), source=source,
    )  # fmt: skip


def _before(article: Article, mention: Range) -> str:
    """The part of speech of the word before a mention and what belongs to it ("by the moderator, Ana Ruiz": "by")."""
    i = bisect_left(article.words, mention.start, key=lambda w: w.start) - 1
    low = article.sentences[article.sentence_of(mention.start)].start
    for w in reversed(article.words[max(0, i - 5) : i + 1]):
        if w.start < low:
            break
        if w.part not in _INSIDE and article.text[w.start] != ",":
            return w.part
    return ""


def _after(article: Article, mention: Range, end: int) -> str:
    """The part of speech of the word after a mention, beyond what stands in commas or parentheses behind it."""
    m = _ASIDE.match(article.text, mention.end, end)
    place = m.end() if m else mention.end
    i = bisect_left(article.words, place, key=lambda w: w.start)
    while i < len(article.words) and article.words[i].part == "ADV" and article.words[i].start < end:
        i += 1
    return article.words[i].part if i < len(article.words) and article.words[i].start < end else ""


_INSIDE = frozenset(["DET", "ADJ", "NOUN", "PROPN", "NUM"])
_ASIDE = re.compile(r"\s\([^()]{1,60}\)|,\s[^.!?“”\"]{1,120}?,(?=\s)")
_DEPENDENT = re.compile(
    r"[“\"‘']?(?:When|As|After|While|If|Although|Though|Since|Before|Once|Because|Asked|Pressed|Questioned|Told|Under|Despite|Unlike|[A-Z][a-z]+ing|[A-Z][a-z]+ed)\b[^,]*(?:,[^,]{1,40})?$"
)
_APPOSED = re.compile(r",\s(?:\d|an?\s|the\s|who\s|[a-z])|\s\(")
_JOINED = re.compile(r"\s(?:and|or)\s(?:[a-z]+\s){0,3}[A-Z]")
