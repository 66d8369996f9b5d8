"""Unnamed sources: what the article says of them, for whom they speak, and why they are not named."""

from __future__ import annotations

import re

from attribution.lexicon import noun_kinds
from attribution.pipeline.mentions import Phrase, bare, words
from attribution.pipeline.resolution import Article, Source, Step, names_in
from attribution.pipeline.roles import Role
from attribution.pipeline.segmentation import Range

_REASON = re.compile(
    r"(?:\b(?:spoke|speaking|speaks|talked|agreed to (?:speak|talk))\s)?\b(?:on|under)\s(?:the\s)?condition\s(?:of\s(?:strict\s)?anonymity"
    r"|that\s(?:he|she|they|it)\snot\sbe\s(?:named|identified|quoted))[^.,:;”\"\n]*"
    r"|\b(?:asked|asking|declined|declining|refused|refusing|wished|preferred|wanted|requested|insisted on|did(?:n['’]t|\snot)\s(?:want|wish)"
    r"|do(?:es)?(?:n['’]t|\snot)\s(?:want|wish))\s(?:not\s)?(?:to\s(?:not\s)?(?:be\s(?:named|identified|quoted)|(?:give|see|have|use)"
    r"\s(?:his|her|their)\s(?:\w+\s)?names?)|anonymity|to\sremain\sanonymous)[^.,:;”\"\n]*"
    r"|\b(?:was|were|is|are|am)(?:n['’]t|\snot)\s(?:authori[sz]ed|permitted|allowed)\sto\s(?:speak|comment|talk|discuss|be\s(?:named|quoted))[^.,:;”\"\n]*"
    r"|\b(?:was|were)\sgranted\sanonymity[^.,:;”\"\n]*|\bwhose\snames?\s[^.,:;”\"\n]*",
    re.IGNORECASE,
)
_FOR = re.compile(r"\s(?P<by>for|of|at|from|with|in)\s(?:(?:the|an?)\s)?")


def reason(article: Article, source: Source) -> Step | None:
    """Why a source is not named, if the sentence says so: "on condition of anonymity because …"."""
    sentence = article.sentences[article.sentence_of(source.span.start)]
    m = _REASON.search(article.text, sentence.start, max(sentence.end, source.span.end))
    if m is None:
        return None
    return Step(
        "anonymity", source.text, m.group().strip(" ,"), [Range(m.start(), m.start() + len(m.group().rstrip(" ,")))]
    )


def described(article: Article, source: Source) -> list[Role]:
    """What the words of an unnamed source say of it: role and affiliation of a person, or what it is familiar with.

    "A spokesman for the ministry" is a spokesman, and speaks for the ministry; "two people familiar with the talks" are
    familiar with the talks.
    """
    p = source.phrase
    core = article.text[p.core.start : p.core.end]
    after = article.text[p.head_start + len(words(article.text[p.head_start : p.core.end] or " ")[0]) : p.core.end] if (
        words(article.text[p.head_start : p.core.end])
    ) else ""  # fmt: skip
    known = frozenset(bare(w) for w in words(core))
    if noun_kinds().get(p.head) != "person":
        told = after.strip()
        return (
            [Role(told, "", p.core, known)] if told and p.head in ("people", "person", "source", "individual") else []
        )
    own = " ".join(
        w for w in words(article.text[p.core.start : p.core.end - len(after)]) if bare(w) not in _DETERMINERS
    )
    return [Role(own, _affiliation(article, p, after), p.core, known)] if own else []


_DETERMINERS = frozenset(
    "the a an one two three four five several some many his her its their my our your both another other this that these those".split()
)


def _affiliation(article: Article, p: Phrase, after: str) -> str:
    """Whom a person speaks for: the name after "for", "of" or "at"; else the institution before the noun."""
    m = _FOR.match(after)
    if m:
        start = p.core.end - len(after) + m.end()
        for n in names_in(article, Range(start, p.core.end)):
            entity = article.cast.by_start.get(n.start)
            if n.start == start and entity is not None and entity.kind != "person":
                return entity.name
        if m["by"] in ("from", "in"):
            return ""  # a place, if nobody knows it for anything else
        return re.split(r"\s(?:who|which|that|in|on)\s", after[m.end() :])[0].strip()
    for n in names_in(article, Range(p.core.start, p.head_start)):
        entity = article.cast.by_start.get(n.start)
        if entity is not None and entity.kind in ("organization", "government"):
            return entity.name
    return ""
