"""Named sources: people, institutions and governments that the source itself names."""

from __future__ import annotations

import re

from attribution.lexicon import country_names, demonyms, metonyms, noun_kinds, titles
from attribution.pipeline.candidates import by_antecedent
from attribution.pipeline.entities import Entity
from attribution.pipeline.institutions import by_beginning, by_short_form
from attribution.pipeline.labels import KINDS
from attribution.pipeline.mentions import (
    POSSESSIVE,
    PRONOUNS,
    Name,
    Phrase,
    bare,
    head_kind,
    is_nationals,
    is_people,
    is_title,
    speaking_place,
    without_titles,
    words,
)
from attribution.pipeline.name_edges import WHERE_FROM
from attribution.pipeline.people import by_part_of_name
from attribution.pipeline.resolution import Article, Resolution, Source, Step, names_in
from attribution.pipeline.segmentation import Range


def person_named(article: Article, source: Source) -> Resolution | None:
    """A person's name as the head of the source: "Foreign Ministry spokeswoman Lin Yuehan", "Mr. Trump"."""
    for n in names_in(article, source.phrase.core):
        if n.label == "PERSON" and _is_head(article, source.phrase.core, n):
            if _are_people(article, source, n):
                return None
            return named(article, n, "name", source)
    last = person_after_office(article, source.phrase.core)
    return named(article, last, "name", source) if last else None


def person_in_capitals(article: Article, source: Source) -> Resolution | None:
    """A label in capitals that is one person's surname or forename: "MS. LOOMIS:", "LYONS"."""
    label = without_titles(source.text.strip(" :."))
    if not label.isupper() or len(label) < 3 or " " in label:
        return None
    fitting = [e for e in article.cast.people if any(len(k) > 1 and bare(label) in (k[0], k[-1]) for k in e.keys)]
    if len(fitting) != 1:
        return None
    [entity] = fitting
    return Resolution(entity.name, "person", [entity], [Step("name", source.text, entity.name, entity.mentions[:1])])


def person_after_office(article: Article, span: Range) -> Name | None:
    """The person that a stretch ends with, if all before is a title in capitals: "State Secretary for Energy Ana Ruiz"."""
    found = names_in(article, span)
    if not found or found[-1].label != "PERSON" or article.text[found[-1].end : span.end].strip(" ,'’s"):
        return None
    before = words(article.text[span.start : found[-1].start])
    others = [n for n in found[:-1] if n.label == "PERSON"]
    if not before or others or not before[-1][:1].isupper() or "'" in before[-1] or "’" in before[-1]:
        return None
    joint = re.search(r"([\w-]+),? and ", article.text[span.start : found[-1].start])
    if joint and not (bare(joint[1]) in titles() or noun_kinds().get(bare(joint[1])) == "person"):
        return None
    titled = any(bare(w) in titles() or noun_kinds().get(bare(w)) == "person" for w in before)
    return found[-1] if titled and all(w[:1].isupper() or w in _IN_OFFICES for w in before) else None


_IN_OFFICES = frozenset(["of", "for", "and", "the", "to", "in", "on", "&", "de", "e"])


def described_institution(article: Article, source: Source) -> Resolution | None:
    """A name with what it is before or after: "the daily Ettefagh", "the data firm BoxPulse", "The Beacon newspaper"."""
    core = article.text[source.phrase.core.start : source.phrase.core.end]
    before = re.fullmatch(
        r"(?:[Tt]he|[Aa]n?|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir)?\s?(?:[\w-]+\s){0,3}?([a-z][\w-]*)\s([A-Z][\w'’.&-]*(?:\s(?:(?:de|du|des|la|le|of|di|da|do|del|para|für|pour)\s(?:l['’])?)?[A-Z][\w'’.&-]*)*)",
        core,
    )
    after = _NAME_AND_SORT.fullmatch(core)
    if before and noun_kinds().get(before[1]) in ("organization", "document") and not LINKS & set(words(core)):
        name = before[2]
    elif after and (after[2] in _OUTLETS or (after[2] in _SORTS and _has_alone(article, after[1].strip()))):
        name = re.sub(r"^The\s", "", after[1])
        if name.strip() in demonyms():
            return None
    else:
        return None
    name = name.strip(" .")
    if not words(name) or POSSESSIVE.search(name) or bare(name) in PRONOUNS:
        return None
    entity = next((e for e in article.cast.institutions if e.name == name), None)
    if entity is None:
        entity = Entity(
            name, "organization", "", {tuple(bare(w) for w in words(name))}, [source.span], [], bare(words(name)[-1])
        )
        article.cast.institutions.append(entity)
    return Resolution(
        entity.name, entity.kind, [entity], [Step("institution", source.text, name, [source.phrase.core])]
    )


_NAME_AND_SORT = re.compile(
    r"(?:(?:[Tt]he|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir)\s)?(?:[a-z][\w-]*\s){0,2}?((?:[A-ZÀ-Þ][\w'’.&-]*\s)+)(?:[a-z-]+\s)?([a-z-]+)"
)
_OUTLETS = frozenset("newspaper magazine website daily weekly agency channel broadcaster portal outlet".split())
_SORTS = frozenset("party group movement militia site network station company firm chain brand".split())


def _has_alone(article: Article, name: str) -> bool:
    """True if the text has an institution's name without a noun behind it: "Georgian Dream" for "the Georgian Dream party"."""
    return any(
        e.name == name and any(not _SMALL_WORD.match(article.text, m.end) for m in e.mentions)
        for e in article.cast.institutions
    )


_SMALL_WORD = re.compile(rf"\s(?:[a-z-]+\s)?(?:{'|'.join(sorted(_OUTLETS | _SORTS))})\b")


def institution_named(article: Article, source: Source) -> Resolution | None:
    """An institution's name as the head of the source: "the Lao Ministry of Foreign Affairs"."""
    for n in names_in(article, source.phrase.core):
        if n.label == "ORG" and _is_head(article, source.phrase.core, n):
            last = bare(words(article.text[n.start : n.end])[-1])
            if noun_kinds().get(last) == "person" or last in ("republican", "democrat"):
                return None
            if _are_people(article, source, n) or is_common(article, source.phrase) or _is_tail(article, source, n):
                return None
            return named(article, n, "institution", source)
    return None


def _are_people(article: Article, source: Source, n: Name) -> bool:
    """True for a name that says what many people are ("Republicans", "Many Mexicans") and is no body's name."""
    last = words(article.text[n.start : n.end])[-1]
    ends = source.phrase.core.end - n.end <= 1 or is_nationals(last)
    return is_people(last) and ends and not source.says("organization") and (
        is_nationals(last) or not source.says("person")
    )  # fmt: skip


def _is_tail(article: Article, source: Source, n: Name) -> bool:
    """True for the last word of a longer name: "EU Member [States]"."""
    before = words(re.sub(r"^(?:[Tt]he|[Aa]n?)\s", "", article.text[source.phrase.core.start : n.start]))
    return " " not in article.text[n.start : n.end] and n.end >= source.phrase.core.end and bool(before) and all(
        w[:1].isupper() and not is_title(w) and w not in demonyms() and not POSSESSIVE.search(w) for w in before
    ) and article.part_at(source.phrase.core.start) != "DET"  # fmt: skip


def is_common(article: Article, p: Phrase) -> bool:
    """True if the tagger takes a phrase's head for no name, though a capital stands there: "Exporters", "Another"."""
    return article.part_at(p.head_start) in ("NOUN", "PRON", "DET", "ADJ", "NUM", "VERB") and not p.modifiers


def government_named(article: Article, source: Source) -> Resolution | None:
    """A country, or a capital that speaks for one: "Beijing" → China."""
    core = re.sub(
        r"^(?:(?:[Tt]he|[Aa]n?)\s+)?(?:[Nn]eighbou?ring\s+)?",
        "",
        article.text[source.phrase.core.start : source.phrase.core.end],
    )
    somebody = _COUNTRYMAN.fullmatch(core)
    if somebody and somebody[1] in demonyms() and source.text.casefold().startswith("the "):
        return by_antecedent(article, source, "nationality")
    owned = _OF_A_COUNTRY.fullmatch(core)
    if owned and owned[1] in demonyms():
        core = owned[1]
    spoken = speaking_place(core) or (speaking_place(core.title()) if core.isupper() else None)
    if spoken is None:
        return None
    who, kind = spoken
    if (
        core in demonyms()
        and not owned
        and not re.search(r"(?:s|sh|ch|ese)$", core)
        and source.text.casefold().startswith("the ")
    ):
        return by_antecedent(article, source, "nationality")
    if core in demonyms() and core.endswith("s") and not owned and f"{core[:-1]}" in demonyms():
        return Resolution(core, "group", [], [Step("people of a country", source.text, core, [source.phrase.core])])
    word = core.casefold()
    if any(len(k) > 1 and word in k for e in article.cast.people for k in e.keys):
        return None
    entity = next((e for e in article.cast.governments if e.name == who or (core.casefold(),) in e.keys), None)
    name = entity.name if entity else who
    if core in metonyms() and not _is_used(article, name):
        name = core
    step = "name" if name.casefold() == core.casefold() and not owned else "metonym"
    return Resolution(name, kind, [entity] if entity else [], [Step(step, core, name, [source.phrase.core])])


def _is_used(article: Article, name: str) -> bool:
    """True if the article calls a government by that name anywhere, or by what its people are called."""
    forms = {
        name,
        *(d for d, who in demonyms().items() if who == name),
        *(n for n, who in country_names().items() if who == name),
    }
    return any(re.search(rf"(?<!\w){re.escape(form)}(?!\w)", article.text) for form in forms)


def name_unknown(article: Article, source: Source) -> Resolution | None:
    """A capitalised source that no name was seen in: the words as they are, of the kind that the model says."""
    core = article.text[source.phrase.core.start : source.phrase.core.end].strip()
    tokens = words(core)
    lower = [w for w in tokens if not w[:1].isupper() and w not in ("of", "the", "and", "for", "de", "&")]
    if not tokens or lower or head_kind(source.phrase) or bare(tokens[0]) in PRONOUNS or len(tokens) > 6:
        return None
    if not source.says("person") and (is_people(tokens[-1]) or is_common(article, source.phrase)):
        return None
    name = re.sub(rf"^(?:[Tt]he\s+)?(?:{WHERE_FROM.pattern}\s)?", "", core)
    name = re.sub(r"['’]s?$", "", name)
    model = KINDS[int(source.relation.kind.argmax())]
    kind = model if model in ("person", "organization", "government", "document") else "organization"
    if kind == "person":
        name = without_titles(name)
    keys = {tuple(bare(w) for w in words(name))}
    known = next((e for e in [*article.cast.everybody(), *article.unnamed] if e.named and keys & e.keys), None)
    if known is None and kind == "person" and len(tokens) == 1:
        known = by_part_of_name(name, article.cast.people)
    if known is None and kind != "person":
        known = by_short_form(name, article.cast.institutions) or by_beginning(name, article.cast.institutions)
    if known is None:
        known = Entity(name, kind, "", keys, [source.span], [], bare(tokens[-1]))
        article.unnamed.append(known)
    return Resolution(known.name, known.kind, [known], [Step("name", source.text, known.name, [source.phrase.core])])


_COUNTRYMAN = re.compile(r"([A-Z][a-z]+?)(?:wo)?man")
_OF_A_COUNTRY = re.compile(
    r"([A-Z][\w-]*(?: [A-Z][\w-]*)?) (?:government|side|delegation|authorities|leadership|state)"
)


def _is_head(article: Article, core: Range, n: Name) -> bool:
    """True if nothing but titles and modifiers stands before the name and no noun of its own follows it."""
    before, after = article.text[core.start : n.start], article.text[n.end : core.end]
    if (
        re.search(r"\w/$", before)
        or re.match(r"['’]s?\s+\w|[-/]\w", after)
        or (POSSESSIVE.search(article.text[n.start : n.end]) and words(after))
    ):
        return False
    following = words(after)
    if n.label == "ORG" and following and following[0] in ("and", "or"):
        return False
    if following and re.match(r"\s+[a-z]", after) and bare(following[0]) not in MAY_FOLLOW:
        return False
    if following and re.match(r"\s+[A-Z]", after):
        return n.label == "PERSON" and bare(following[0]) in ("jr", "sr", "ii", "iii", "iv")
    if n.label == "PERSON":
        before = _OFFICE_OF.sub(_without_office, re.sub(r"(?:\b[A-Z]\w*\.\s)+$", "", before))
    lead = [w.casefold() for w in words(before)]
    noun = re.search(r"\b([a-z-]+) $", before)
    titled = is_title(article.text[n.start : n.end].split(maxsplit=1)[0])
    if n.label == "PERSON" and noun and noun_kinds().get(noun[1]) == "organization" and not titled:
        return False  # "the opposition party Les Rassembleurs"
    if n.label == "PERSON" and lead and noun_kinds().get(bare(lead[-1])) == "person":
        return not any(w in LINKS - {"and"} for w in lead)  # "singer and actor Tim Robbins"
    return not any(w in LINKS for w in lead)


_OFFICE_OF = re.compile(r"\b(?P<noun>[\w-]+) of (?:the )?(?P<what>(?:[A-Z][\w-]+ )+)$")


def _without_office(m: re.Match[str]) -> str:
    """ "Secretary of State " before a name is a title; "daughter of President " is not."""
    office = noun_kinds().get(bare(m["noun"])) == "person" or bare(m["noun"]) in titles()
    return "" if office and not any(bare(w) in titles() for w in m["what"].split()) else m.group()


MAY_FOLLOW = frozenset(
    [
        "of",
        "at",
        "in",
        "from",
        "for",
        "on",
        "as",
        "to",
        "by",
        "with",
        "himself",
        "herself",
        "itself",
        "and",
        "who",
        "near",
        "jr",
        "sr",
    ]
)
LINKS = frozenset(
    [
        "of",
        "for",
        "at",
        "in",
        "on",
        "with",
        "from",
        "to",
        "by",
        "under",
        "about",
        "against",
        "among",
        "between",
        "than",
        "led",
        "like",
        "including",
        "and",
        "or",
        "said",
    ]
)


def named(article: Article, n: Name, step: str, source: Source) -> Resolution:
    """The resolution of a source to whoever bears a name of the article."""
    entity = article.cast.by_start.get(n.start)
    surface = article.text[n.start : n.end]
    if entity is None:
        return Resolution(
            surface, "person" if n.label == "PERSON" else "organization", [], [Step(step, surface, surface)]
        )
    steps = [Step(step, source.text, entity.name, [Range(n.start, n.end)])]
    if entity.name != surface and entity.mentions:
        full = next(
            (m for m in entity.mentions if article.text[m.start : m.end].endswith(entity.name)), entity.mentions[0]
        )
        steps.append(Step("fullest form", surface, entity.name, [full]))
    return Resolution(entity.name, entity.kind, [entity], steps)
