"""The scorer of what is no person: features of each candidate and their weights.

A softmax over the candidates and the source as written; the weights are fitted on the articles whose speakers are
named (``attribution.training.things``) and stand in ``lexicon/things.json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from math import log

from attribution.errors import ModelError
from attribution.lexicon import noun_kinds
from attribution.pipeline.labels import KINDS
from attribution.pipeline.mentions import POSSESSIVE, PRONOUNS, head_kind
from attribution.pipeline.resolution import Article, Source, names_in, start_of
from attribution.pipeline.things import Thing, means_two, same_sort

FORMS = ("thing", "plural", "phrase", "many")
FEATURES = (
    "kind said", "kind said log", "same sentence", "sentence before", "two before", "sentences", "paragraphs",
    "same paragraph", "latest", "begins sentence", "spoke last", "has spoken", "parent's", "mentions", "named",
    "phrase", "organization", "government", "group", "document", "unknown", "definite", "indefinite", "no determiner",
    "in own content", "possessive", "oblique", "pair", "same head", "same sort", "modifiers shared",
    "modifiers missed", "modifiers told", "proper", "clash", "name fits", "owner fits", "owner clashes", "speaks for",
    "headline", "after", "itself", "itself definite", "itself indefinite", "itself bare", "itself alone",
    "itself told", "itself proper", "itself in headline", "itself organization", "itself document", "itself group",
    "itself plural", "own possessive", "share of mentions", "known sort", "people", "first mention", "subject here",
    "parent but other", "said nobody", "org said", "doc said", "kind agrees", "sort unsaid", "sort unsaid of a firm",
    "government for government", "itself sole", "pair for two", "pair for people", "itself bare in headline",
    "after for bare", "itself another", "itself complement", "several missed", "itself for two",
    "itself owned proper", "proper same head",
)  # fmt: skip


@dataclass(slots=True)
class Setting:
    """Where a source stands and who spoke before it."""

    source: Source
    sentence: int
    paragraph: int
    last: list[int] = field(default_factory=list)
    spoken: set[int] = field(default_factory=set)
    parent: list[int] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    last_name: str = ""
    last_affiliations: frozenset[str] = frozenset()
    owner: int = 0


def setting_of(article: Article, source: Source) -> Setting:
    """What the scorer needs to know of a source's place."""
    at = source.span.start
    before = [j for j in article.resolved if start_of(article.claims[j]) < at and j != source.claim]
    last = max(before, key=lambda j: start_of(article.claims[j]), default=None)
    parent = source.relation.parent
    found = Setting(source, article.sentence_of(at), article.paragraph_of(at))
    if last is not None:
        who = article.resolved[last]
        found.last = [id(e) for e in who.entities]
        found.last_name = who.name
        said = [r.affiliation for e in who.entities for r in e.roles if r.affiliation]
        found.last_affiliations = frozenset(w for s in said for w in _plain(s))
    found.spoken = {id(e) for r in article.resolved.values() for e in r.entities}
    found.names = {r.name for r in article.resolved.values()}
    if parent in article.resolved:
        found.parent = [id(e) for e in article.resolved[parent].entities]
    _set_owner(article, found)
    return found


def _set_owner(article: Article, found: Setting) -> None:
    """Whose "his campaign" or "Clinton's campaign" is: somebody named in the source, or whom the pronoun may mean."""
    source = found.source
    inside = (article.cast.by_start.get(n.start) for n in names_in(article, source.span))
    owner = next((e for e in inside if e is not None and e.kind == "person"), None)
    if owner is not None:
        found.owner = id(owner)
        return
    kind = PRONOUNS.get(source.phrase.possessive.casefold(), "")
    if kind not in ("M", "F"):
        return
    people = [
        (m.start, id(e)) for e in article.cast.people
        if e.gender in (kind, "") and (m := e.last_before(source.span.start)) is not None
    ]  # fmt: skip
    if people:
        found.owner = max(people)[1]


def _plain(text: str) -> list[str]:
    return [w for w in re.findall(r"\w+", text.casefold()) if w not in ("the", "of", "for", "and", "s", "a")]


def rows(article: Article, setting: Setting, found: Sequence[Thing]) -> list[list[float]]:
    """Feature values of each candidate, in the order of ``FEATURES``."""
    at = setting.source.span.start
    latest = max((t.mention.start for t in found if not t.itself and t.mention.start < at), default=-1)
    most = max((t.count for t in found if t.entity is not None), default=0) or 1
    return [_row(article, setting, t, latest, most) for t in found]


def _row(article: Article, s: Setting, t: Thing, latest: int, most: int) -> list[float]:
    values = dict.fromkeys(FEATURES, 0.0)
    said = s.source.relation.kind
    told = said.max() > said.min()
    p = float(said[KINDS.index(t.kind)]) if told and t.kind in KINDS else 1 / len(KINDS)
    values["kind said"], values["kind said log"] = p, max(-4.0, log(p + 1e-3))
    values["said nobody"] = float(not told)
    if t.itself:
        _itself(article, s, t, values)
        if told:
            values["org said"], values["doc said"] = float(said[1]), float(said[5])
        return list(values.values())
    _place(article, s, t, latest, values)
    _nature(article, s, t, most, values)
    if s.source.phrase.head and PRONOUNS.get(s.source.text.casefold().strip()) is None:
        _words(s, t, values)
    return list(values.values())


def _itself(article: Article, s: Setting, t: Thing, v: dict[str, float]) -> None:
    p = s.source.phrase
    first = s.source.text.split(maxsplit=1)[0].casefold() if s.source.text.split() else ""
    v["itself"] = 1.0
    v["itself definite"] = float(first in ("the", "this", "that", "these", "those"))
    v["itself indefinite"] = float(first in ("a", "an", "another", "one", "some", "many", "several", "most"))
    v["itself bare"] = float(not p.definite and not v["itself indefinite"])
    v["itself alone"] = float(len([m for m in p.modifiers if m not in _EMPTY]) == 0 and len(s.source.text.split()) <= 3)
    v["itself told"] = float(min(len(t.told), 6)) / 3
    v["itself proper"] = float(t.proper)
    v["itself in headline"] = float(s.paragraph == 0)
    after = article.text[p.head_start : p.core.end]
    v["itself complement"] = float(" of " in after or " for " in after)
    v["itself for two"] = float(means_two(s.source))
    v["itself another"] = float(bool(_OTHERS & {first, *p.modifiers}))
    v["itself owned proper"] = float(t.proper and bool(p.possessive))
    v["itself bare in headline"] = float(s.paragraph == 0 and v["itself bare"] == 1.0)
    v["itself organization"], v["itself document"] = float(t.kind == "organization"), float(t.kind == "document")
    v["itself group"], v["itself plural"] = float(t.kind == "group"), float(p.plural)
    v["own possessive"] = float(bool(p.possessive))
    v["itself sole"] = float(p.head in _SOLE)


_SOLE = frozenset("police military army navy parliament congress senate media court jury".split())
_FIRMS = frozenset(
    "company firm corporation business manufacturer maker group outlet newspaper paper network channel broadcaster website site "
    "magazine retailer startup start-up club team giant brand airline bank carrier publisher operator owner nonprofit non-profit "
    "charity foundation operator developer chain lender insurer station label".split()
)
_OTHERS = frozenset(
    "another other older earlier previous separate second third different rival similar original".split()
)
_EMPTY = frozenset("the a an this that these those new latest own".split())


def _place(article: Article, s: Setting, t: Thing, latest: int, v: dict[str, float]) -> None:
    at = s.source.span.start
    k = article.sentence_of(t.mention.start)
    paragraph = article.paragraph_of(t.mention.start)
    away, apart = abs(s.sentence - k), abs(s.paragraph - paragraph)
    v["same sentence"], v["sentence before"], v["two before"] = float(away == 0), float(away == 1), float(away == 2)
    v["sentences"], v["paragraphs"], v["same paragraph"] = min(away, 12) / 4, min(apart, 6) / 2, float(apart == 0)
    v["latest"] = float(t.mention.start == latest)
    first = article.sentences[k].start
    v["begins sentence"] = float(t.mention.start - first < 8)
    v["subject here"] = float(t.mention.start - first < 30 and away <= 1 and apart == 0)
    v["headline"] = float(paragraph == 0)
    v["after"] = float(t.mention.start > at)
    v["in own content"] = float(any(c.start <= t.mention.start < c.end for c in s.source.relation.content))
    v["possessive"] = float(bool(re.match(r"['’]s?\b|['’]\s", article.text[t.mention.end : t.mention.end + 3])))
    v["oblique"] = float(bool(_OBLIQUE.search(article.text, max(0, t.mention.start - 24), t.mention.start)))


_OBLIQUE = re.compile(
    r"\b(?:of|with|to|for|from|by|against|about|on|at|in|than|over|like|between)\s(?:(?:the|an?)\s)?$"
)


def _nature(article: Article, s: Setting, t: Thing, most: int, v: dict[str, float]) -> None:
    who = id(t.entity) if t.entity is not None else 0
    v["spoke last"] = float(who in s.last or (who == 0 and t.name == s.last_name))
    v["has spoken"] = float(who in s.spoken or t.name in s.names)
    v["parent's"] = float(who in s.parent)
    v["parent but other"] = float(bool(s.parent) and who not in s.parent)
    v["mentions"], v["share of mentions"] = log(1 + t.count), t.count / most if t.entity is not None else 0.0
    v["named"], v["phrase"] = float(t.entity is not None and t.entity.named), float(t.phrase is not None)
    for kind in ("organization", "government", "group", "document", "unknown"):
        v[kind] = float(t.kind == kind)
    if t.phrase is not None:
        d = t.phrase.determiner
        v["definite"] = float(d in ("the", "this", "that", "these", "those", "its", "his", "her", "their"))
        v["indefinite"], v["no determiner"] = (
            float(d in ("a", "an", "some", "several", "many", "another")),
            float(not d),
        )
        v["people"] = float(t.kind == "group" and noun_kinds().get(t.head) in ("person", "group"))
    v["pair"] = float("; " in t.name)
    v["proper"] = float(t.proper)
    v["speaks for"] = float(bool(s.last_affiliations) and bool(s.last_affiliations & set(_plain(t.name))))


def _words(s: Setting, t: Thing, v: dict[str, float]) -> None:
    p = s.source.phrase
    like = same_sort(t.head, p.head)
    if "; " in t.name:
        v["pair for two"] = float(means_two(s.source))
        v["pair for people"] = float(
            p.definite and not p.possessive and noun_kinds().get(p.head) == "person" and len(p.modifiers) == 1
        )
        return
    v["after for bare"] = float(t.mention.start > s.source.span.start and not p.definite)
    v["proper same head"] = float(like == 1.0 and t.proper)
    v["government for government"] = float(t.kind == "government" and head_kind(p) == "government")
    v["kind agrees"] = float(t.kind == head_kind(p))
    v["same head"], v["same sort"] = float(like == 1.0), float(0 < like < 1.0)
    own = {POSSESSIVE.sub("", m) for m in p.modifiers if m not in _EMPTY and PRONOUNS.get(m) is None}
    v["modifiers shared"] = float(bool(own & t.told))
    v["modifiers missed"] = float(bool(own - t.told))
    v["several missed"] = float(len(own - t.told) > 1)
    v["modifiers told"] = float(min(len(t.told - own), 5)) / 3
    parts = t.told | {t.head}
    if t.entity is not None and t.entity.named:
        sorts = [w for w in parts if noun_kinds().get(w) in ("organization", "government", "document")]
        v["name fits"] = float(any(same_sort(w, p.head) > 0 for w in sorts))
        v["clash"] = float(bool(sorts) and not v["name fits"])
        known = {w for r in t.entity.roles for w in r.words}
        v["sort unsaid"] = float(not sorts and p.head not in _FIRMS)
        v["sort unsaid of a firm"] = float(not sorts and p.head in _FIRMS)
        v["known sort"] = float(any(same_sort(w, p.head) > 0 for w in known))
    if s.owner:
        v["owner fits"] = float(s.owner in t.owners)
        v["owner clashes"] = float(bool(t.owners) and s.owner not in t.owners)


@cache
def _weights() -> dict[str, list[float]]:
    text = files("attribution.lexicon").joinpath("things.json").read_text(encoding="utf-8")
    loaded = json.loads(text)
    if not set(loaded["features"]) <= set(FEATURES):
        raise ModelError("lexicon/things.json is of other features than this version: fit it again")
    by_form = {form: dict(zip(loaded["features"], loaded["weights"][form], strict=True)) for form in FORMS}
    return {form: [float(w.get(f, 0.0)) for f in FEATURES] for form, w in by_form.items()}


def best_thing(article: Article, setting: Setting, found: Sequence[Thing], *, form: str) -> Thing | None:
    """The best of some candidates by the weights of a form; None without candidates."""
    weights = _weights()[form]
    scored = [
        (sum(w * x for w, x in zip(weights, row, strict=True)), -abs(setting.source.span.start - t.mention.start), -i)
        for i, (t, row) in enumerate(zip(found, rows(article, setting, found), strict=True))
    ]
    return found[-max(scored)[2]] if scored else None
