"""Noun phrases as sources: roles and head nouns that point back, and unnamed sources kept as written."""

from __future__ import annotations

import re
from bisect import insort

from attribution.lexicon import titles
from attribution.pipeline.anonymity import described, reason
from attribution.pipeline.candidates import by_antecedent
from attribution.pipeline.entities import Entity
from attribution.pipeline.labels import KINDS
from attribution.pipeline.mentions import (
    PRONOUNS,
    Phrase,
    bare,
    head_kind,
    noun_gender,
    singular,
    words,
)
from attribution.pipeline.resolution import Article, Resolution, Source, Step
from attribution.pipeline.role_sources import by_role
from attribution.pipeline.segmentation import Range


def role_mention(article: Article, source: Source) -> Resolution | None:
    """A noun phrase of one person: "the US diplomat", "his lawyer", "the 43-year-old", a headline's "Grandmother"."""
    p = source.phrase
    kind = head_kind(p)
    if _COUNTRYMAN.fullmatch(article.text[p.core.start : p.core.end]) and not p.plural:
        return by_antecedent(article, source, "nationality", gender="F" if p.head.endswith("woman") else "M")
    early = article.paragraph_of(source.span.start) <= _EARLY
    bare_role = (
        kind == "person" and (early or not re.match(r"[Aa]n?\s|[Oo]ne\s|[Aa]nother\s|[Ss]ome", source.text))
    ) or kind == "organization"
    if not (p.definite or bare_role) or p.plural or not p.head or is_capitalised_name(article, p):
        return None
    if re.search(r"-year-old$", p.head):
        return _of_that_age(article, source) or by_antecedent(article, source, "age")
    if (
        (kind == "person" and not source.says("organization"))
        or p.head in ("republican", "democrat")
        or (not kind and p.definite and source.says("person"))
    ):
        return by_role(article, source, "role")
    return None


_EARLY = 2  # the last paragraph in which "a senator" may be somebody who is named below
_COUNTRYMAN = re.compile(r"[Tt]he (?:[a-z-]+ )?[A-Z][a-z]+(?:man|woman)")


def _of_that_age(article: Article, source: Source) -> Resolution | None:
    """ "The 43-year-old" → "Ana Ruiz, 43,": whoever has that age beside their name, if it is one person."""
    age = source.phrase.head.split("-")[0]
    found: dict[int, tuple[Entity, Range]] = {}
    for e in article.cast.people:
        for m in e.mentions:
            if re.match(rf",\s+(?:aged\s+)?{re.escape(age)}\b", article.text[m.end : m.end + 12]):
                found.setdefault(id(e), (e, m))
    if len(found) != 1:
        return None
    [(entity, mention)] = found.values()
    return Resolution(entity.name, entity.kind, [entity], [Step("age", source.text, entity.name, [mention])])


def is_capitalised_name(article: Article, p: Phrase) -> bool:
    """True for "The Daily Caller": the head and the word before it have capitals, and the head is no title."""
    tokens = words(article.text[p.core.start : p.core.end])
    if len(tokens) < 3 or p.head in titles() or not article.text[p.head_start : p.head_start + 1].isupper():
        return False
    return tokens[len(p.modifiers) - 1][:1].isupper() and len(p.modifiers) > 1


def written(article: Article, source: Source) -> tuple[str, str]:
    """The name and kind of a source that nobody is known for: its noun phrase without the article before it."""
    cut = source.phrase.core
    rest = article.text[cut.end : source.span.end]
    if _GOES_ON.match(rest) or _LIST.match(rest) or _is_listed(article, cut, rest):
        cut, rest = source.span, ""
    if re.match(r"\s+(?:who|whom|whose|which|where)\b", rest):  # a clause without a comma says which one is meant
        cut = Range(cut.start, cut.end + _clause_end(rest))
    name = article.text[cut.start : cut.end].strip(" ,")
    name = re.sub(r"^(?:[Tt]he|[Aa]n?)\s+(?=\w)", "", name)
    name = re.sub(r"['’]s?$", "", name) if source.text.endswith(("’s", "'s")) else name
    name = _AND_SEEN.sub("", name)
    return name, _unnamed_kind(article, source)


def as_written(article: Article, source: Source) -> Resolution:
    """Nobody known: the noun phrase itself, by kind of its head noun, remembered for later mentions."""
    p = source.phrase
    name, kind = written(article, source)
    if PRONOUNS.get(source.text.casefold().strip()) == "I":
        return Resolution("", "unknown", [], [Step("unresolved", source.text, "", [source.span])])
    if source.text.casefold().strip() in PRONOUNS:
        return Resolution(
            source.text,
            "unknown" if kind == "person" else kind,
            [],
            [Step("unresolved", source.text, source.text, [source.span])],
        )
    same = next(
        (e for e in reversed(article.unnamed) if e.head == p.head and e.plural == p.plural and p.definite and p.head
         and len(p.modifiers) <= 1 and not p.possessive), None,
    )  # fmt: skip
    if same is not None:
        insort(same.mentions, source.span)
        return Resolution(
            same.name, same.kind, [same], [Step("same noun phrase", source.text, same.name, [same.mentions[0]])]
        )
    entity = Entity(
        name,
        kind,
        noun_gender(p.head),
        {tuple(bare(w) for w in words(name))},
        [source.span],
        [],
        p.head,
        p.plural,
        False,
    )
    article.unnamed.append(entity)
    steps = [Step("as written", source.text, name, [source.span])]
    if kind == "anonymous":
        entity.roles = described(article, source)
        why = reason(article, source)
        steps += [why] if why else []
    return Resolution(name, kind, [entity], steps)


_AND_SEEN = re.compile(
    r"(?<=\w),? and (?:seen|published|released|reviewed|obtained|posted|shared|viewed)\s(?:by|on|in|to|today|yesterday)\b.*",
    re.DOTALL,
)  # how a document came to light is no part of its name
_GOES_ON = re.compile(
    r",?\s+(?:including|such as|which include|among them|representing|conducted|dated|titled|called)\b"
    r"|,\s+\d[\d.]*(?:%|\s+per ?cent)|\s+\((?:[a-z]+\b[^()]*\s[^()]*)\)$"
)


def _is_listed(article: Article, cut: Range, rest: str) -> bool:
    """True if what follows a comma is no apposition but the phrase's next noun or adjective: "The family, protesters
    and leaders", "colour-coded, timed tickets", "people in Pasadena, Calif.".
    """
    m = re.match(r",\s+", rest)
    if m is None:
        return False
    after, before = article.part_at(cut.end + m.end()), article.part_before(cut.end)
    if before == "ADJ":
        return after in ("ADJ", "VERB")
    if before == after == "PROPN":
        return re.fullmatch(r",\s+[A-Z][\w.]*(?:\s[A-Z][\w.]*)?,?", rest) is not None
    return before == "NOUN" and after in ("NOUN", "ADJ", "PROPN") and _AND.search(rest) is not None


_AND = re.compile(r",?\s(?:and|or)\s")
_LIST = re.compile(r",\s+[A-Z][\w ]*(?:,\s+[A-Z][\w ]*)*,?\s+and\s+[A-Z]")


def _clause_end(rest: str) -> int:
    m = re.search(r"\s*(?:[,;:(—–]|\s-\s)|\s+and\s+(?=(?:who|which|whose)\b)", rest)
    return m.start() if m else len(rest)


def _unnamed_kind(article: Article, source: Source) -> str:
    p = source.phrase
    by_noun = head_kind(p)
    opinion = source.relation.kind
    model = KINDS[int(opinion.argmax())] if opinion.max() > opinion.min() else ""
    if model in ("person", ""):
        model = "group" if p.plural and not _PARTICULAR.match(source.text) else "anonymous"
    if not p.plural and by_noun in ("person", "") and source.says("person") and not _PARTICULAR_ONE.match(source.text):
        return "person"
    if by_noun == "person":
        return "group" if p.plural and (model == "group" or not _PARTICULAR.match(source.text)) else "anonymous"
    if (p.plural and by_noun in ("organization", "government")) or p.head in _COLLECTIVES or gathered(article, p):
        return "group"
    if by_noun in ("organization", "government", "document"):
        return by_noun
    if by_noun == "group":
        return "anonymous" if model == "anonymous" else "group"
    return model


def gathered(article: Article, p: Phrase) -> bool:
    """True for many together: "a group of doctors", "a coalition of leaders", "a team of engineers"."""
    m = _GATHERED.fullmatch(article.text, p.head_start, p.core.end)
    return m is not None and any(singular(w)[1] for w in words(m[1]))


_GATHERED = re.compile(r"(?:group|coalition|team|array|network|alliance|crowd|panel|circle|faction) of (.+)")
_COLLECTIVES = frozenset(["media", "family", "side", "crowd", "public"])
_PARTICULAR_ONE = re.compile(r"(?:an?|one|another)\b", re.IGNORECASE)
_PARTICULAR = re.compile(r"(?:an?|one|two|three|four|five|six|the|his|her|its|their|another)\b", re.IGNORECASE)
