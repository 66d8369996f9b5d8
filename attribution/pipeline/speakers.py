"""Speakers: from a claim's source as written to the person or institution that it means.

Claims are resolved in order of the text by steps in order of precision; each step is a function that answers with a
``Resolution`` or passes. The first answer counts. No step guesses between several candidates that fit alike: no name
is better than a wrong one, and what cannot be resolved keeps the words of the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from attribution.lexicon import lemmas_by_form
from attribution.pipeline.addressees import addressed
from attribution.pipeline.apposition import apposition
from attribution.pipeline.bystanders import bystanders
from attribution.pipeline.candidates import by_antecedent
from attribution.pipeline.coordination import depends, parts
from attribution.pipeline.entities import Entity
from attribution.pipeline.following import follow, remember
from attribution.pipeline.mentions import (
    PRONOUNS,
    Name,
    name_key,
    phrase,
    without_titles,
    words,
)
from attribution.pipeline.named_sources import (
    described_institution,
    government_named,
    institution_named,
    name_unknown,
    person_after_office,
    person_in_capitals,
    person_named,
)
from attribution.pipeline.relatives import PART_OF, relative
from attribution.pipeline.resolution import Article, Resolution, Source, SourceStep, Step, names_in
from attribution.pipeline.segmentation import Range
from attribution.pipeline.sourceless import cueless, said_elsewhere, without_source
from attribution.pipeline.thing_sources import thing_mention, thing_pronoun
from attribution.pipeline.unnamed_sources import as_written, role_mention


def resolve_all(article: Article, steps: Sequence[SourceStep] | None = None) -> list[Resolution]:
    """Resolve the source of every claim, in order of the text.

    Args:
        article: text, cast and claims.
        steps: functions that resolve a source, tried in order; the built-in ones by default.

    Returns:
        One resolution a claim, in the claims' order.

    """
    article.unnamed.extend(bystanders(article.text, article.sentences))
    order = sorted(range(len(article.claims)), key=lambda i: _resolve_position(article, i))
    for i in order:
        relation = article.claims[i]
        follow(article, (relation.source or relation.cue or relation.content)[0].start)
        if relation.source:
            span = _beside_verb(article, _who_alone(article.text, relation.source[0]))
            text = article.text[span.start : span.end]
            source = Source(i, relation, span, text, phrase(article.text, span))
            found = next((r for s in (steps or STEPS) if (r := s(article, source)) is not None), None)
            article.resolved[i] = found or as_written(article, source)
            remember(article, source, article.resolved[i])
        else:
            article.resolved[i] = without_source(article, i, steps or STEPS)
    for i in order:
        if not article.resolved[i].name:
            later = said_elsewhere(article, i)
            if later is None and article.claims[i].free and not article.claims[i].source:
                later = cueless(article, i, steps or STEPS, last_word=True)
            article.resolved[i] = later or _told_late(article, i) or article.resolved[i]
        elif article.resolved[i].steps[-1:] and article.resolved[i].steps[-1].step == "unresolved":
            article.resolved[i] = _told_late(article, i) or article.resolved[i]
    return [article.resolved[i] for i in range(len(article.claims))]


def _told_late(article: Article, i: int) -> Resolution | None:
    """Whom "I" and "you" mean in a quotation that was resolved late, or between those who speak before and after."""
    relation = article.claims[i]
    if not relation.source or relation.parent is None:
        return None
    span = relation.source[0]
    source = Source(i, relation, span, article.text[slice(*span)], phrase(article.text, span))
    kind = PRONOUNS.get(source.text.casefold().strip(" ’'"))
    if kind == "I":
        return _first_person(article, source, kind)
    return addressed(article, source) if kind == "Y" else None


def _who_alone(text: str, span: Range) -> Range:
    """ "by several people" → "several people", "the firm itself" → "the firm": what is no part of who it is."""
    m = _AGENT.match(text, span.start, span.end)
    start = m.end() if m and m.end() < span.end else span.start
    itself = _ITSELF.search(text, start, span.end)
    end = itself.start() if itself and itself.end() == span.end else span.end
    return Range(start, end)


def _beside_verb(article: Article, span: Range) -> Range:
    """Whoever is named right after or before a verb that stands as the source: "said" in "…," said Ana Ruiz."""
    if article.text[span.start : span.end] not in lemmas_by_form():
        return span
    after, before = (
        names_in(article, Range(span.end, span.end + 60)),
        names_in(article, Range(span.start - 60, span.start)),
    )
    if after and after[0].label == "PERSON" and after[0].start == span.end + 1:
        return Range(after[0].start, after[0].end)
    if before and before[-1].label == "PERSON" and before[-1].end == span.start - 1:
        return Range(before[-1].start, before[-1].end)
    return span


_ITSELF = re.compile(r"(?<=\w)\s(?:him|her|it)self$|(?<=\w)\sthemselves$")
_AGENT = re.compile(r"(?:[Bb]y|[Ii]n|[Ff]rom|[Aa]mong|[Ff]or|[Aa]ccording to)\s+(?=\w)|[Aa]s\s+(?=many\s(?!as\b))")


def _resolve_position(article: Article, i: int) -> tuple[int, int, int]:
    """Outer claims before those inside them; otherwise by the place of source, cue or content."""
    depth, j = 0, article.claims[i].parent
    top = i
    while j is not None and depth < 20:
        depth, top, j = depth + 1, j, article.claims[j].parent
    r = article.claims[top]
    own = article.claims[i]
    where = (r.source or r.cue or r.content)[0].start
    return (where, depth, (own.source or own.cue or own.content)[0].start)


def several(article: Article, source: Source) -> Resolution | None:
    """Several speakers at once, each resolved for itself: "Obama and Clinton", "the mayor, Ana Ruiz, and her deputy"."""
    if person_after_office(article, source.phrase.core) is not None:
        return None
    found = []
    for part in parts(article.text, source.span, names_in(article, source.span)):
        inner = Source(
            source.claim, source.relation, part, article.text[part.start : part.end], phrase(article.text, part)
        )
        steps = () if depends(inner.text) else STEPS
        one = next((r for s in steps if s is not several and (r := s(article, inner)) is not None), None)
        found.append(one or as_written(article, inner))
    names = list(dict.fromkeys(r.name for r in found))
    if len(names) < 2:
        return None
    name = "; ".join(names)
    entities = [e for r in found for e in r.entities]
    step = Step("several", source.text, name, [source.span])
    return Resolution(name, "group", entities, [step, *(s for r in found for s in r.steps)])


# --- pronouns ------------------------------------------------------------------------------------------------------


def pronoun(article: Article, source: Source) -> Resolution | None:
    """A pronoun or possessive: its best antecedent among those that agree, if one is clearly best."""
    word = source.text.casefold().strip(" ’'")
    kind = PRONOUNS.get(word) or ("R" if PART_OF.fullmatch(word) else None)
    if kind is None:
        return None
    if kind in ("I", "W"):
        return _first_person(article, source, kind)
    if kind == "R":
        return relative(article, source, [s for s in STEPS if s is not pronoun])
    if kind in ("Y", "O"):
        return None
    if kind in "MF":
        return by_antecedent(article, source, "pronoun", gender=kind)
    return thing_pronoun(article, source, "thing" if kind == "N" else "plural")


def _first_person(article: Article, source: Source, kind: str) -> Resolution | None:
    parent = source.relation.parent
    if parent is None:
        return _author(article, source) if kind == "I" else None
    outer = article.resolved.get(parent)
    if outer is None or not outer.name:
        return None
    return Resolution(
        outer.name,
        outer.kind,
        outer.entities,
        [Step("speaker of the quotation", source.text, outer.name, [source.span])],
    )


def _author(article: Article, source: Source) -> Resolution | None:
    """ "I" outside every quotation is whoever signed what it stands in: a letter's signature after it, a byline at the
    head ("By", "Posted by" or the bare name), or the note on the author at the end.
    """
    here = article.paragraph_of(source.span.start)
    count = len(article.paragraphs)
    return (
        _signed(article, source, range(here + 1, min(here + 12, count)), "signature", _SIGNED)
        or _signed(article, source, range(here, here + 1), "signature", _SIGNS_OFF)
        or _signed(article, source, range(min(_HEAD, count)))
        or _signed(article, source, range(min(_HEAD, count)), "standfirst", _STANDFIRST)
        or _signed(article, source, range(max(0, count - _FOOT), count), "author's note", _NOTE)
    )


def _signed(
    article: Article, source: Source, places: range, step: str = "byline", pattern: re.Pattern[str] | None = None
) -> Resolution | None:
    """Who signs in one of some paragraphs, by a pattern in which a null character stands for the name."""
    for p in places:
        start, end = article.paragraphs[p]
        hidden = [n for n in article.signed if start <= n.start and n.end <= end]
        for n in [*names_in(article, Range(start, end)), *hidden]:
            entity = article.cast.by_start.get(n.start) or (_writer(article, n) if n in hidden else None)
            if n.label == "PERSON" and entity is not None:
                marked = article.text[start : n.start] + "\0" + article.text[n.end : end]
                if (pattern or _BYLINE).fullmatch(marked):
                    seen = [Range(n.start, n.end)]
                    return Resolution(entity.name, "person", [entity], [Step(step, source.text, entity.name, seen)])
                break
    return None


def _writer(article: Article, n: Name) -> Entity:
    """Who a byline names: somebody of the story, or nobody in it."""
    name = without_titles(article.text[n.start : n.end])
    key = name_key(name)
    known = next((e for e in article.cast.people if key in e.keys), None)
    return known or Entity(name, "person", "", {key}, [Range(n.start, n.end)])


_HEAD, _FOOT = 8, 3  # paragraphs in which a byline, and a note on the author, may stand
_SIGNED = re.compile(r"[—–-]?\s*\0(?:,[^.]{0,60})?\.?")
_BYLINE = re.compile(
    r"(?:(?:(?:[Pp]osted|[Ww]ritten|(?:[Ww]ords|[Tt]ext|[Ss]tory|[Rr]eporting|[Ii]nterview)(?: and \w+)?) )?[Bb][Yy]:?\s"
    r"|(?:[Ii]nterview|[Ww]ords|[Tt]ext):\s)?\0(?:\s+(?:on|in|for)\s.{0,60}|[,|•·].{0,80}|\s\(.{0,120}\))?\.?"
)
_SIGNS_OFF = re.compile(r".*[.!?”]\s+[—–-]\s?\0\.?", re.DOTALL)
_STANDFIRST = re.compile(
    r"[^.]{0,160}\b(?:says|writes|argues|reports|asks|by) \0\.?|\0 [a-z]+s\b[^.]*|[^.\0]{0,40}\0(?:, \d+,)?[^\0]*\bAs told to\b.*"
    r"|[^\0]*\b(?:extract|memoir|diary|column|letter|essay)\b[^\0]*\0 (?:remembers|recalls|writes|tells|describes|explains|reflects|looks)\b.*",
    re.DOTALL,
)
_NOTE = re.compile(
    r"(?:[^\0]{0,60}\bby )?\0(?:[’'].{0,400}|,? (?:is|was|has|teaches|writes|covers|serves|lives|works)\b.*|\.[^\0]*)",
    re.DOTALL,
)


def owner(article: Article, source: Source) -> Resolution | None:
    """Whose eyes, mind or view it is: "in his eyes", "by Ruiz's own argument"."""
    m = _OWNED.match(source.text)
    if m is None or source.phrase.head not in _OF_THE_MIND:
        return None
    span = Range(source.span.start, source.span.start + m.end(1))
    text = article.text[span.start : span.end]
    inner = Source(source.claim, source.relation, span, text, phrase(article.text, span))
    found = next((r for s in STEPS if s is not owner and (r := s(article, inner)) is not None), None)
    if found is not None:
        found.steps.insert(0, Step("owner", source.text, text, [span]))
    return found


_OWNED = re.compile(r"((?:[Hh]is|[Hh]er|[Mm]y|[Tt]heir|[Oo]ur|[Ii]ts)|[^,]+?['’]s?)\s")
_OF_THE_MIND = frozenset("eye eyes mind view opinion estimation judgment judgement reckoning telling argument".split())


# --- labels of interviews -------------------------------------------------------------------------------------------


def interview_label(article: Article, source: Source) -> Resolution | None:
    """The label before what somebody says in an interview: initials ("AR:"), or "Q" and "A"."""
    if source.relation.cue or not _LABEL.fullmatch(source.text):
        return None
    letters = re.sub(r"[.-]", "", source.text.strip(".: "))
    if letters == "Q":
        return _signed(article, source, range(min(_HEAD, len(article.paragraphs))))
    before = _first_label(article)
    if letters == "A":
        introduced = [e for e in article.cast.people if e.mentions[0].start < before]
        author = _signed(article, source, range(min(_HEAD, len(article.paragraphs))))
        others = [e for e in introduced if author is None or e not in author.entities]
        meant = sorted(others, key=lambda e: -sum(m.start < before for m in e.mentions))[:1]
    else:
        full = [e for e in article.cast.people if " " in e.name]
        meant = [e for e in full if letters.casefold() in _initials(e.name)] or [
            e for e in full if len(letters) > 1 and _initials(e.name)[1].endswith(letters.casefold())
        ]
    if not meant and len(letters) > 1:
        meant = [
            e for e in article.cast.institutions if any("".join(w[0] for w in k) == letters.casefold() for k in e.keys)
        ]
    if len(meant) != 1:
        return None
    [entity] = meant
    step = Step("interview label", source.text, entity.name, [source.span, entity.mentions[0]])
    return Resolution(entity.name, entity.kind, [entity], [step])


_LABEL = re.compile(r"[A-Z](?:\.?-?[A-Z]){0,3}[.:]?")


def _first_label(article: Article) -> int:
    """Where the first turn of an interview begins."""
    turns = [c.source[0].start for c in article.claims if c.source and not c.cue
             and _LABEL.fullmatch(article.text[slice(*c.source[0])])]  # fmt: skip
    return min(turns)


def _initials(name: str) -> tuple[str, str]:
    """The initials of a name, without and with those after hyphens: "NA" and "NAC" for Ngozi Adaeze-Cole."""
    whole = words(name)
    return "".join(w[0] for w in whole).casefold(), "".join(p[0] for w in whole for p in w.split("-") if p).casefold()


STEPS: tuple[SourceStep, ...] = (
    several, pronoun, owner, interview_label, person_in_capitals, government_named, person_named, apposition, described_institution, institution_named,
    thing_mention, role_mention, name_unknown,
)  # fmt: skip
