"""Sources that are no persons, by the scorer of things: "it", "they", "the company", "a new poll"."""

from __future__ import annotations

import re

from attribution.lexicon import noun_kinds
from attribution.pipeline.entities import Entity
from attribution.pipeline.mentions import bare, head_kind, words
from attribution.pipeline.noun_phrases import bare_name
from attribution.pipeline.resolution import Article, Choice, Resolution, Source, Step
from attribution.pipeline.segmentation import Range
from attribution.pipeline.thing_scores import best_thing, rows, setting_of
from attribution.pipeline.things import TWO, Thing, candidates, means_two, things_in
from attribution.pipeline.unnamed_sources import gathered, is_capitalised_name, written

_KINDS = ("organization", "government", "document", "group", "anonymous")


def thing_pronoun(article: Article, source: Source, form: str) -> Resolution | None:
    """ "it", "they": the best of what may be meant.

    Args:
        article: the article.
        source: the pronoun.
        form: "thing" for one, "plural" for several.

    """
    found = candidates(article, source, form)
    chosen = _chosen(article, source, found, form)
    return _resolution(article, source, chosen, "pronoun") if chosen is not None else None


def thing_mention(article: Article, source: Source) -> Resolution | None:
    """A noun phrase of an organization, document or group: what it takes up, or nothing where it stands for itself."""
    p = source.phrase
    name, kind = written(article, source)
    of_two = means_two(source) and (
        p.head in TWO or p.plural or noun_kinds().get(p.head) in ("person", "organization", "government")
    )
    found = candidates(article, source, "phrase")
    named = _named(article, source, found)
    if named is not None and not is_capitalised_name(article, p):
        return _resolution(article, source, named, "head noun")
    known = head_kind(p) in _KINDS or (p.plural and head_kind(p) == "person") or of_two
    if not known or kind not in _KINDS or not p.head or is_capitalised_name(article, p) or gathered(article, p):
        return None
    force = _police_force(article, source)
    if force is not None:
        return _resolution(article, source, force, "head noun")
    form = "many" if of_two or kind in ("group", "anonymous") else "phrase"
    itself = _itself(article, source, name, kind)
    chosen = _chosen(article, source, [itself, *found], form)
    if chosen is itself and itself.name != name:
        return _resolution(article, source, itself, "fullest form")
    if chosen is None or chosen is itself or _is_elsewhere(article, source, chosen):
        return None
    return _resolution(article, source, chosen, "head noun")


def _named(article: Article, source: Source, found: list[Thing]) -> Thing | None:
    """The Environment Inspectorate for "the inspectorate": the one name that ends in a noun which no list need know."""
    p = source.phrase
    if not p.head or p.plural or set(p.modifiers) - {"the"}:
        return None
    if not article.text[p.head_start].islower() or p.head in noun_kinds():
        return None
    ending = [t for t in found if t.kind == "organization" and t.proper and t.head == p.head and t.told]
    return ending[0] if len(ending) == 1 else None


def _police_force(article: Article, source: Source) -> Thing | None:
    """ "Police" are the town's, where the text names one force and no other: "Charlotte-Mecklenburg police"."""
    p = source.phrase
    if p.head != "police" or set(p.modifiers) - {"the"} or p.core.end - p.head_start > len("police"):
        return None
    found: dict[str, Range] = {}
    for m in _FORCE.finditer(article.text):
        places = [w.start() + m.start(1) for w in re.finditer(r"\S+", m[1])]
        if all(article.part_at(at) in ("PROPN", "ADJ") for at in places):
            found.setdefault(m[1].strip(), Range(m.start(), m.end()))
    if len(found) != 1:
        return None
    [(place, where)] = found.items()
    told = frozenset(bare(w) for w in words(place))
    return Thing(f"{place} police", "organization", where, "police", False, told, proper=True)


_FORCE = re.compile(
    r"(?<!\w)(?:The\s)?((?:[A-ZÀ-Þ][\w’'-]*\s){1,3})[Pp]olice\b"
    r"(?!\s(?:Department|Service|Force|Authority|Union|Academy|station|post|box|car)\b)"
)


def _is_elsewhere(article: Article, source: Source, chosen: Thing) -> bool:
    """True for "the fire department in Hachinohe" where what was chosen has nothing of Hachinohe in its name."""
    p = source.phrase
    m = _PLACE.search(article.text, p.head_start, p.core.end)
    if m is None or chosen.kind == "document":
        return False
    told = {bare(w) for w in words(m[1]) if w[:1].isupper()}
    return bool(told) and not told & {bare(w) for w in words(chosen.name)}


_PLACE = re.compile(r"\s(?:of|in|at|for)\s(?:the\s)?([A-ZÀ-Þ].*)$", re.DOTALL)


def _itself(article: Article, source: Source, name: str, kind: str) -> Thing:
    """The source as a candidate."""
    p = source.phrase
    told = frozenset(bare(w) for w in words(name)) - {p.head}
    proper = any(source.span.start <= n.start < p.core.end and n.label != "DATE" for n in article.names)
    own = next((t for t in things_in(article) if t.phrase is not None and t.phrase.head_start == p.head_start), None)
    if own is not None and own.name != bare_name(article.text, own.mention):
        name = own.name
    return Thing(name, kind, source.span, p.head, p.plural, told, proper=proper, itself=True)


def _chosen(article: Article, source: Source, found: list[Thing], form: str) -> Thing | None:
    setting = setting_of(article, source)
    article.choices.append(Choice(source.claim, form, [t.name for t in found], rows(article, setting, found)))
    return best_thing(article, setting, found, form=form)


def _resolution(article: Article, source: Source, chosen: Thing, step: str) -> Resolution:
    """The chosen thing as a resolution; a noun phrase becomes an unnamed entity, so that it is known as a speaker."""
    entity = chosen.entity or next((e for e in article.unnamed if e.name == chosen.name), None)
    kind = chosen.kind if chosen.kind != "unknown" else "document" if not chosen.plural else "group"
    people = [e for e in article.cast.everybody() if id(e) in chosen.owners] if "; " in chosen.name else []
    if entity is None and not people:
        keys = {tuple(bare(w) for w in words(chosen.name))}
        entity = Entity(chosen.name, kind, "", keys, [chosen.mention], [], chosen.head, chosen.plural, False)
        article.unnamed.append(entity)
    entities = [entity] if entity is not None else people
    seen = [source.span, Range(chosen.mention.start, chosen.mention.end)]
    return Resolution(
        chosen.name, entity.kind if entity else kind, entities, [Step(step, source.text, chosen.name, seen)]
    )
