"""Speakers: from a claim's source as written to the person or institution that it means.

Claims are resolved in order of the text by steps in order of precision; each step is a function that answers with a
``Resolution`` or passes. The first answer counts. No step guesses between several candidates that fit alike: no name
is better than a wrong one, and what cannot be resolved keeps the words of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from attribution.lexicon import demonyms, female_ending, noun_kinds, titles
from attribution.pipeline.antecedents import Candidate, Context, agrees, best_antecedent
from attribution.pipeline.cast import Cast, Entity
from attribution.pipeline.labels import KINDS
from attribution.pipeline.mentions import (
    PRONOUNS,
    Name,
    Phrase,
    bare,
    head_kind,
    noun_gender,
    phrase,
    phrase_before,
    speaking_place,
    without_titles,
    words,
)
from attribution.pipeline.relations import Relation
from attribution.pipeline.segmentation import Range, index_at


@dataclass(slots=True)
class Step:
    """One step of evidence: its name, what was seen, what it was taken for, where."""

    step: str
    seen: str
    taken: str
    spans: list[Range] = field(default_factory=list)


@dataclass(slots=True)
class Resolution:
    """Who a claim's source is. ``entities`` are those behind the name; none for unnamed or unknown sources."""

    name: str
    kind: str
    entities: list[Entity]
    steps: list[Step]


@dataclass(slots=True)
class Article:
    """What the steps know: the text, its sentences and paragraphs, the cast, and the claims resolved so far.

    ``decisions`` keeps what antecedents were chosen between (claim, form, context, candidates), for training.
    """

    text: str
    paragraphs: Sequence[Range]
    sentences: Sequence[Range]
    names: Sequence[Name]
    cast: Cast
    claims: Sequence[Relation]
    resolved: dict[int, Resolution] = field(default_factory=dict)
    unnamed: list[Entity] = field(default_factory=list)
    decisions: list[tuple[int, str, Context, list[Candidate]]] = field(default_factory=list)

    def sentence_of(self, offset: int) -> int:
        """The index of the sentence that an offset stands in."""
        return index_at(self.sentences, offset)

    def paragraph_of(self, offset: int) -> int:
        """The index of the paragraph that an offset stands in."""
        return index_at(self.paragraphs, offset)


@dataclass(slots=True)
class Source:
    """A claim's source under resolution."""

    claim: int
    relation: Relation
    span: Range
    text: str
    phrase: Phrase


SourceStep = Callable[[Article, Source], Resolution | None]


def resolve_all(article: Article, steps: Sequence[SourceStep] | None = None) -> list[Resolution]:
    """Resolve the source of every claim, in order of the text.

    Args:
        article: text, cast and claims.
        steps: functions that resolve a source, tried in order; the built-in ones by default.

    Returns:
        One resolution a claim, in the claims' order.

    """
    order = sorted(range(len(article.claims)), key=lambda i: _resolve_position(article, i))
    for i in order:
        relation = article.claims[i]
        if relation.source:
            span = _without_preposition(article.text, relation.source[0])
            text = article.text[span.start : span.end]
            source = Source(i, relation, span, text, phrase(article.text, span))
            found = next((r for s in (steps or STEPS) if (r := s(article, source)) is not None), None)
            article.resolved[i] = found or _as_written(article, source)
        else:
            article.resolved[i] = _without_source(article, i)
    for i in order:
        if not article.resolved[i].name:
            article.resolved[i] = _said_elsewhere(article, i) or article.resolved[i]
    return [article.resolved[i] for i in range(len(article.claims))]


def _without_preposition(text: str, span: Range) -> Range:
    """ "by several people" → "several people": an agent's preposition is no part of who it is."""
    m = _AGENT.match(text, span.start, span.end)
    return Range(m.end(), span.end) if m and m.end() < span.end else span


_AGENT = re.compile(r"(?:[Bb]y|[Ii]n|[Ff]rom|[Aa]ccording to)\s+(?=\w)")


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


# --- named sources -------------------------------------------------------------------------------------------------


def several_people(article: Article, source: Source) -> Resolution | None:
    """ "Obama and Clinton": several named people or institutions, joined by "; "."""
    core = source.phrase.core
    inside = [
        n for n in _names_in(article, Range(source.span.start, source.span.end)) if n.label in ("PERSON", "ORG", "LOC")
    ]
    if len(inside) < 2 or not re.search(r"\band\b|&", source.text):
        return None
    stripped = source.text
    for n in reversed(inside):
        a, b = n.start - source.span.start, n.end - source.span.start
        stripped = stripped[:a] + "\0" + stripped[b:]
    plain = re.sub(
        r"\b(?:[A-Z][\w.]*|the|and|both|former|president|minister|senators?|sens?|reps?)\b\.?|[\s,&]", "", stripped
    )
    if plain.replace("\0", ""):
        return None
    entities = [e for n in inside if (e := article.cast.by_start.get(n.start)) is not None]
    unique = list(dict.fromkeys(map(id, entities)))
    chosen = [next(e for e in entities if id(e) == k) for k in unique]
    if len(chosen) < 2:
        return None
    name = "; ".join(e.name for e in chosen)
    return Resolution(name, "group", chosen, [Step("several", source.text, name, [core])])


def person_named(article: Article, source: Source) -> Resolution | None:
    """A person's name as the head of the source: "Foreign Ministry spokeswoman Lin Yuehan", "Mr. Trump"."""
    for n in _names_in(article, source.phrase.core):
        if n.label == "PERSON" and _is_head(article, source.phrase.core, n):
            return _named(article, n, "name", source)
    return None


def apposition(article: Article, source: Source) -> Resolution | None:
    """A noun phrase with the name beside it: "the mayor of Huancapata, Wenceslao Ccori"; "a driver, Ganiyu"."""
    if not source.phrase.head and not source.phrase.modifiers:
        return None
    if source.phrase.rest.start >= source.phrase.rest.end:
        return None
    rest = source.phrase.rest
    for n in _names_in(article, rest):
        lead = article.text[rest.start : n.start]
        if _introduces(lead):
            if n.label == "ORG" and head_kind(source.phrase) not in ("organization", "document", ""):
                continue
            if n.label == "PERSON" and (
                head_kind(source.phrase) not in ("person", "organization", "") or source.phrase.plural
            ):
                continue
            if n.label not in ("PERSON", "ORG") and head_kind(source.phrase) != "organization":
                continue
            return _named(article, n, "apposition", source)
    core = article.text[rest.start : rest.end].strip(" ,")
    if head_kind(source.phrase) == "organization" and _ALL_CAPITALISED.fullmatch(core):
        known = next((e for e in article.cast.everybody() if e.name == core), None)
        entities = [known] if known else []
        return Resolution(core, "organization", entities, [Step("apposition", source.text, core, [rest])])
    m = re.search(r"who (?:gave (?:his|her|their) name|identified (?:him|her)self|asked to be (?:called|identified)|wished to be identified)"
                  r"(?: simply| only)?(?: as)? ([A-Z][\w'’-]+)", source.text)  # fmt: skip
    if m:
        return Resolution(m.group(1), "person", [], [Step("apposition", source.text, m.group(1), [source.span])])
    return None


_ALL_CAPITALISED = re.compile(r"[A-ZÀ-Þ][\w'’&-]*(?:\s[A-ZÀ-Þ][\w'’&-]*){0,4}")


def _introduces(lead: str) -> bool:
    """True for nothing, titles, or a role ("the retired judge ") between the comma and the name."""
    if len(lead) >= 40:
        return False
    if re.fullmatch(r"(?:\W|[A-Z][\w.]*\s)*", lead):
        return True
    m = re.fullmatch(r"(?:(?:the|an?|his|her|its)\s)?(?:[\w'’-]+\s){0,3}?([\w-]+)\s", lead)
    return m is not None and noun_kinds().get(bare(m[1]), "") in ("person", "organization")


def described_institution(article: Article, source: Source) -> Resolution | None:
    """A name with what it is before or after: "the daily Ettefagh", "the data firm BoxPulse", "The Beacon newspaper"."""
    core = article.text[source.phrase.core.start : source.phrase.core.end]
    before = re.fullmatch(
        r"(?:[Tt]he|[Aa]n?|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir)?\s?(?:[a-z][\w-]*\s)*?([a-z][\w-]*)\s([A-Z][\w'’.&-]*(?:\s[A-Z][\w'’.&-]*)*)",
        core,
    )
    after = re.fullmatch(r"(?:[Tt]he\s)?((?:[A-Z][\w'’.&-]*\s)+)([a-z-]+)", core)
    if before and noun_kinds().get(before[1]) in ("organization", "document"):
        name = before[2]
    elif after and after[2] in (
        "newspaper",
        "magazine",
        "website",
        "daily",
        "weekly",
        "agency",
        "channel",
        "broadcaster",
    ):
        name = re.sub(r"^The\s", "", after[1])
    else:
        return None
    name = name.strip(" .")
    if not words(name):
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


def institution_named(article: Article, source: Source) -> Resolution | None:
    """An institution's name as the head of the source: "the Lao Ministry of Foreign Affairs"."""
    for n in _names_in(article, source.phrase.core):
        if n.label == "ORG" and _is_head(article, source.phrase.core, n):
            last = bare(words(article.text[n.start : n.end])[-1])
            if noun_kinds().get(last) == "person" or last in ("republican", "democrat"):
                return None
            return _named(article, n, "institution", source)
    return None


def government_named(article: Article, source: Source) -> Resolution | None:
    """A country, or a capital that speaks for one: "Beijing" → China."""
    core = re.sub(
        r"^(?:(?:[Tt]he|[Aa]n?)\s+)?(?:[Nn]eighbou?ring\s+)?",
        "",
        article.text[source.phrase.core.start : source.phrase.core.end],
    )
    owned = _OF_A_COUNTRY.fullmatch(core)
    if owned and owned[1] in demonyms():
        core = owned[1]
    spoken = speaking_place(core) or (speaking_place(core.title()) if core.isupper() else None)
    if spoken is None:
        return None
    who, kind = spoken
    if core in demonyms() and not owned and core.endswith("an") and source.text.casefold().startswith("the "):
        return _by_antecedent(article, source, "person", "nationality")
    word = core.casefold()
    if any(len(k) > 1 and word in k for e in article.cast.people for k in e.keys):
        return None
    entity = next((e for e in article.cast.governments if e.name == who or (core.casefold(),) in e.keys), None)
    name = entity.name if entity else who
    step = "name" if name.casefold() == core.casefold() and not owned else "metonym"
    return Resolution(name, kind, [entity] if entity else [], [Step(step, core, name, [source.phrase.core])])


def name_unknown(article: Article, source: Source) -> Resolution | None:
    """A capitalised source that no name was seen in: the words as they are, of the kind that the model says."""
    core = article.text[source.phrase.core.start : source.phrase.core.end].strip()
    tokens = words(core)
    lower = [w for w in tokens if not w[:1].isupper() and w not in ("of", "the", "and", "for", "de", "&")]
    if not tokens or lower or head_kind(source.phrase) or bare(tokens[0]) in PRONOUNS or len(tokens) > 6:
        return None
    name = re.sub(r"^[Tt]he\s+", "", core)
    name = re.sub(r"['’]s?$", "", name)
    model = KINDS[int(source.relation.kind.argmax())]
    kind = model if model in ("person", "organization", "government", "document") else "organization"
    if kind == "person":
        name = without_titles(name)
    keys = {tuple(bare(w) for w in words(name))}
    known = next((e for e in [*article.cast.everybody(), *article.unnamed] if e.named and keys & e.keys), None)
    if known is None:
        known = Entity(name, kind, "", keys, [source.span], [], bare(tokens[-1]))
        article.unnamed.append(known)
    return Resolution(known.name, known.kind, [known], [Step("name", source.text, known.name, [source.phrase.core])])


_OF_A_COUNTRY = re.compile(
    r"([A-Z][\w-]*(?: [A-Z][\w-]*)?) (?:government|side|delegation|authorities|leadership|state)"
)


def _names_in(article: Article, span: Range) -> list[Name]:
    low = bisect_left(article.names, span.start, key=lambda n: n.start)
    high = bisect_left(article.names, span.end, key=lambda n: n.start)
    return [n for n in article.names[low:high] if n.end <= span.end]


def _is_head(article: Article, core: Range, n: Name) -> bool:
    """True if nothing but titles and modifiers stands before the name and no noun of its own follows it."""
    before, after = article.text[core.start : n.start], article.text[n.end : core.end]
    if re.match(r"['’]s?\s+\w|[-/]\w", after):
        return False
    following = words(after)
    if following and re.match(r"\s+[a-z]", after) and bare(following[0]) not in _MAY_FOLLOW:
        return False
    if following and re.match(r"\s+[A-Z]", after):
        return n.label == "PERSON" and bare(following[0]) in ("jr", "sr", "ii", "iii", "iv")
    if n.label == "PERSON":
        before = _OFFICE_OF.sub(_without_office, re.sub(r"(?:\b[A-Z]\w*\.\s)+$", "", before))
    lead = [w.casefold() for w in words(before)]
    if n.label == "PERSON" and lead and noun_kinds().get(bare(lead[-1])) == "person":
        return not any(w in _LINKS - {"and"} for w in lead)  # "singer and actor Tim Robbins"
    return not any(w in _LINKS for w in lead)


_OFFICE_OF = re.compile(r"\b(?P<noun>[\w-]+) of (?:the )?(?P<what>(?:[A-Z][\w-]+ )+)$")


def _without_office(m: re.Match[str]) -> str:
    """ "Secretary of State " before a name is a title; "daughter of President " is not."""
    office = noun_kinds().get(bare(m["noun"])) == "person" or bare(m["noun"]) in titles()
    return "" if office and not any(bare(w) in titles() for w in m["what"].split()) else m.group()


_MAY_FOLLOW = frozenset(
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
_LINKS = frozenset(
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
        "and",
        "or",
        "said",
    ]
)


def _named(article: Article, n: Name, step: str, source: Source) -> Resolution:
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


# --- pronouns ------------------------------------------------------------------------------------------------------


def pronoun(article: Article, source: Source) -> Resolution | None:
    """A pronoun or possessive: its best antecedent among those that agree, if one is clearly best."""
    word = source.text.casefold().strip(" ’'")
    kind = PRONOUNS.get(word)
    if kind is None:
        return None
    if kind in ("I", "W"):
        return _first_person(article, source, kind)
    if kind == "R":
        return _relative(article, source)
    if kind in ("Y", "O"):
        return None
    form = {"M": "person", "F": "person", "N": "thing"}.get(kind, "plural")
    return _by_antecedent(article, source, form, "pronoun", gender=kind if kind in "MF" else "")


_KINDS_OF_FORM = {
    "person": ("person", "anonymous"), "role": ("person",), "institution": ("organization", "government"),
    "thing": ("organization", "government", "document"),
    "plural": ("group", "organization", "government", "anonymous", "document", "person"),
}  # fmt: skip


def _by_antecedent(article: Article, source: Source, form: str, step: str, *, gender: str = "") -> Resolution | None:
    context = _context(article, source)
    agreeing = [
        c
        for c in _candidates(article, source, _KINDS_OF_FORM[form])
        if agrees(c, gender=gender, plural=form == "plural")
    ]
    article.decisions.append((source.claim, form, context, agreeing))
    chosen = best_antecedent(context, agreeing, form=form)
    if chosen is None:
        return None
    if gender in ("M", "F") and not chosen.entity.gender:
        chosen.entity.gender = "F" if gender == "F" else "M"
    return Resolution(
        chosen.entity.name, chosen.entity.kind, [chosen.entity],
        [Step(step, source.text, chosen.entity.name, [source.span, chosen.mention])],
    )  # fmt: skip


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
    """ "I" outside every quotation is who signed the article: a line that begins with "By" and a name."""
    for p in article.paragraphs[:8]:
        if article.text.startswith("By ", p.start) and p.end - p.start < 100:
            for n in article.names:
                if n.start == p.start + 3 and n.label == "PERSON" and (e := article.cast.by_start.get(n.start)):
                    return Resolution(
                        e.name, "person", [e], [Step("byline", source.text, e.name, [Range(n.start, n.end)])]
                    )
    return None


def _relative(article: Article, source: Source) -> Resolution | None:
    """ "who", "which": the noun phrase right before."""
    start = source.span.start
    sentence = article.sentences[article.sentence_of(start)]
    before = article.text[sentence.start : start].rstrip(" ,(—–")
    end = sentence.start + len(before)
    for n in reversed(_names_in(article, Range(sentence.start, end))):
        if end - n.end <= 2:
            entity = article.cast.by_start.get(n.start)
            lead = article.text[sentence.start : n.start]
            if entity is not None and not re.search(r"\b(?:of|for|at|from|in)\s(?:the\s)?$", lead):
                return Resolution(
                    entity.name,
                    entity.kind,
                    [entity],
                    [Step("relative pronoun", source.text, entity.name, [Range(n.start, n.end)])],
                )
            break
    span = phrase_before(article.text, sentence.start, start)
    if span is not None:
        inner = Source(
            source.claim, source.relation, span, article.text[span.start : span.end], phrase(article.text, span)
        )
        found = next((r for s in STEPS if s is not pronoun and (r := s(article, inner)) is not None), None)
        found = found or _as_written(article, inner)
        found.steps.insert(0, Step("relative pronoun", source.text, inner.text, [span]))
        return found
    return None


def _context(article: Article, source: Source) -> Context:
    """Where a source stands and who spoke before it."""
    at = source.span.start
    before = [j for j in article.resolved if _start(article.claims[j]) < at and j != source.claim]
    last = max(before, key=lambda j: _start(article.claims[j]), default=None)
    parent = source.relation.parent
    return Context(
        offset=at,
        sentence=article.sentence_of(at),
        paragraph=article.paragraph_of(at),
        last_speakers=[id(e) for e in article.resolved[last].entities] if last is not None else [],
        parent_speakers=[id(e) for e in article.resolved[parent].entities] if parent in article.resolved else [],
        speakers={id(e) for r in article.resolved.values() for e in r.entities},
        content=source.relation.content,
    )  # fmt: skip


def _start(r: Relation) -> int:
    return (r.source or r.cue or r.content)[0].start


def _candidates(article: Article, source: Source, kinds: Sequence[str]) -> list[Candidate]:
    at = source.span.start
    here = article.sentence_of(at)
    out = []
    for e in [*article.cast.everybody(), *article.unnamed]:
        mention = e.last_before(at)
        role = _best_role(source.phrase, e) if source.phrase.head else 0.0
        if mention is None and role and e.mentions:
            mention = e.mentions[0]  # a headline's role, named further down
        if e.kind not in kinds or mention is None or (mention.start <= at < mention.end):
            continue
        if oblique_before(article.text, mention, at):
            continue
        sentence = article.sentence_of(mention.start)
        if abs(here - sentence) > _FAR:
            continue
        first = article.sentences[sentence].start
        low = bisect_left(article.names, first, key=lambda n: n.start)
        high = bisect_left(article.names, mention.start, key=lambda n: n.start)
        earlier = [n for n in article.names[low:high] if n.label == "PERSON"]
        after = article.text[mention.end : mention.end + 3]
        oblique = bool(_OBLIQUE.search(article.text, max(0, mention.start - 40), mention.start))
        out.append(
            Candidate(
                entity=e, mention=mention, sentence=sentence, paragraph=article.paragraph_of(mention.start),
                subject=not earlier and not oblique and mention.start - first < 60, oblique=oblique, possessive=bool(re.match(r"['’]s?\b|['’]\s", after)),
                count=sum(m.start < at for m in e.mentions),
                in_content=any(c.start <= mention.start < c.end for c in source.relation.content),
                role=role, ending=_ending(source, e),
            )
        )  # fmt: skip
    return out


_FAR = 120  # sentences after which a mention is out of reach
_OBLIQUE = re.compile(
    r"\b(?:of|with|to|for|from|by|against|about|on|at|in|than|over|like|between|urged|told|asked|accused|called|met|beat)\s"
    r"(?:(?:the|an?|his|her|their|its)\s)?(?:[A-Z][\w.]*\s){0,4}$"
)


def oblique_before(text: str, mention: Range, at: int) -> bool:
    """True for a name in a preposition's care right before a pronoun: "In a call with Blinken he demanded" is another's."""
    return not text[mention.end : at].strip() and bool(_OBLIQUE.search(text, max(0, mention.start - 40), mention.start))


def _ending(source: Source, e: Entity) -> float:
    """How far the ending of a forename speaks for the pronoun's gender, where its gender is not known."""
    gender = PRONOUNS.get(source.text.casefold().strip(" ’'"), "") or noun_gender(source.phrase.head)
    if e.gender or e.kind != "person" or gender not in ("M", "F") or " " not in e.name:
        return 0.0
    lean = max(-2.0, min(2.0, female_ending(e.name.split()[0])))
    return lean if gender == "F" else -lean


# --- noun phrases --------------------------------------------------------------------------------------------------


def role_mention(article: Article, source: Source) -> Resolution | None:
    """A definite noun phrase: "the US diplomat", "his lawyer", "the 43-year-old", "the union"."""
    p = source.phrase
    kind = head_kind(p)
    bare_role = (kind == "person" and not p.modifiers) or kind == "organization"
    if not (p.definite or bare_role) or p.plural or not p.head:
        return None
    if re.search(r"-year-old$", p.head):
        return _by_antecedent(article, source, "person", "age")
    head_end = article.text[p.head_start : p.core.end]
    complement = bool(re.search(r"\s(?:of|for|at|from|in|with)\s", head_end))
    if kind == "person" or p.head in ("republican", "democrat"):
        return _by_antecedent(article, source, "role", "role", gender=noun_gender(p.head))
    if complement or kind not in ("organization", "government", "document", "group"):
        return None
    found = _thing_by_head(article, source, p)
    return found or (_thing_by_nearness(article, source, p, kind) if p.definite else None)


def _best_role(p: Phrase, e: Entity) -> float:
    """How well a noun phrase fits what is known of an entity: 0 for not at all, 1 for the head noun, more for modifiers."""
    wanted = {p.head, *(m for m in p.modifiers if m not in ("the", "this", "that"))}
    return max((_role_match(p.head, wanted, r.words) for r in e.roles), default=0.0)


def _thing_by_nearness(article: Article, source: Source, p: Phrase, kind: str) -> Resolution | None:
    """ "the company", "the newspaper": an institution that fits by nearness; "the government": the country at hand."""
    if kind == "organization" and not p.possessive and len(p.modifiers) <= 1:
        return _by_antecedent(article, source, "institution", "institution")
    if kind == "government" and p.head == "government" and set(p.modifiers) <= {"the"}:
        known = [e for e in article.cast.governments if e.kind == "government"]
        if known:
            chosen = max(known, key=lambda e: len(e.mentions))
            return Resolution(
                chosen.name, "government", [chosen], [Step("country", source.text, chosen.name, chosen.mentions[:1])]
            )
    return None


def _role_match(head: str, wanted: set[str], role: frozenset[str]) -> float:
    tail = head.rsplit("-", 1)[-1]
    same = head in role or tail in role or any(r.endswith(head) and len(head) > 4 for r in role)
    synonym = any(head in group and group & role for group in _SAME_ROLE)
    if not (same or synonym):
        return 0.0
    return (1.0 if same else 0.7) + 0.25 * len(wanted & role - {head})


_SAME_ROLE: tuple[frozenset[str], ...] = tuple(
    frozenset(g.split())
    for g in (
        "lawyer attorney solicitor barrister counsel",
        "senator sen lawmaker legislator politician republican democrat",
        "representative rep congressman congresswoman lawmaker legislator politician republican democrat",
        "mp lawmaker legislator politician backbencher", "governor gov", "president leader", "premier leader",
        "spokesman spokeswoman spokesperson", "chairman chairwoman chair chairperson", "minister politician",
        "professor prof academic researcher scientist scholar expert", "doctor dr physician surgeon medic",
        "ceo executive boss chief", "chief boss head", "manager boss coach gaffer", "coach manager trainer",
        "reporter journalist correspondent", "director head chief", "striker forward player footballer",
        "diplomat ambassador envoy negotiator", "official secretary minister commissioner",
        "businessman mogul tycoon billionaire magnate developer", "captain skipper player", "singer musician artist",
        "economist analyst strategist expert", "officer policeman constable sergeant detective inspector sheriff chief",
    )
)  # fmt: skip


def _thing_by_head(article: Article, source: Source, p: Phrase) -> Resolution | None:
    """ "the union" → the institution whose name holds the word, or the noun phrase that introduced it."""
    at = source.span.start
    said = {m for m in p.modifiers if m not in ("the", "this", "that", "these", "those", bare(p.possessive))}
    fitting = []
    for e in [*article.cast.institutions, *article.unnamed]:
        keys = [k for k in e.keys if p.head in k or (p.plural and f"{p.head}s" in k)] if e.named else []
        if not (any(said <= set(k) for k in keys) or (e.head == p.head and not e.named and not said)):
            continue
        mention = e.last_before(at)
        if mention is None and e.mentions and said:
            mention = e.mentions[0]  # a headline's "canal authority", named further down
        if mention is not None:
            fitting.append((mention.start, e, mention))
    if not fitting:
        return None
    _, entity, mention = max(fitting, key=lambda f: f[0])
    return Resolution(entity.name, entity.kind, [entity], [Step("head noun", source.text, entity.name, [mention])])


def _as_written(article: Article, source: Source) -> Resolution:
    """Nobody known: the noun phrase itself, by kind of its head noun, remembered for later mentions."""
    p = source.phrase
    kind = _unnamed_kind(article, source)
    cut = p.core
    rest = article.text[cut.end : source.span.end]
    if re.match(r"\s+(?:who|whom|whose|which|where)\b", rest):  # a clause without a comma says which one is meant
        cut = Range(cut.start, cut.end + _clause_end(rest))
    name = article.text[cut.start : cut.end].strip(" ,")
    if source.text.casefold().strip() in PRONOUNS:
        return Resolution(
            source.text,
            "unknown" if kind == "person" else kind,
            [],
            [Step("unresolved", source.text, source.text, [source.span])],
        )
    same = next(
        (e for e in reversed(article.unnamed) if e.head == p.head and e.plural == p.plural and p.definite and p.head
         and len(p.modifiers) <= 1), None,
    )  # fmt: skip
    if same is not None:
        insort(same.mentions, source.span)
        return Resolution(
            same.name, same.kind, [same], [Step("same noun phrase", source.text, same.name, [same.mentions[0]])]
        )
    name = re.sub(r"^(?:[Tt]he|[Aa]n?)\s+(?=\w)", "", name)
    name = re.sub(r"['’]s?$", "", name) if source.text.endswith(("’s", "'s")) else name
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
    return Resolution(name, kind, [entity], [Step("as written", source.text, name, [source.span])])


def _clause_end(rest: str) -> int:
    m = re.search(r"\s*(?:[,;:(—–]|\s-\s)", rest)
    return m.start() if m else len(rest)


def _unnamed_kind(article: Article, source: Source) -> str:
    p = source.phrase
    by_noun = head_kind(p)
    model = KINDS[int(source.relation.kind.argmax())]
    if model == "person":
        model = "anonymous"
    if by_noun == "person":
        particular = re.match(
            r"(?:an?|one|two|three|four|five|the|his|her|its|their|another)\b", source.text.casefold()
        )
        return (
            "group"
            if p.plural and not particular
            else ("anonymous" if model not in ("group",) or not p.plural else "group")
        )
    if by_noun in ("organization", "government", "document"):
        return by_noun
    if by_noun == "group":
        return "anonymous" if model == "anonymous" else "group"
    return model


# --- no source, and first person -----------------------------------------------------------------------------------------------------


def _without_source(article: Article, i: int) -> Resolution:
    """A claim without a source: a quotation goes on the speaker before it; a passive stays unknown."""
    r = article.claims[i]
    cue = article.text[r.cue[0].start : r.cue[-1].end] if r.cue else ""
    continues = r.free or re.match(r"\w+ing\b", cue)
    if not continues:
        return Resolution("", "unknown", [], [Step("no source", cue, "")])
    at = _start(r)
    paragraph = article.paragraph_of(at)
    before = [
        j for j, found in article.resolved.items()
        if found.name and _start(article.claims[j]) < at and article.claims[j].parent == r.parent
        and paragraph - article.paragraph_of(article.claims[j].content[-1].end - 1) <= (2 if r.free else 0)
    ]  # fmt: skip
    if not before:
        return Resolution("", "unknown", [], [Step("no source", cue, "")])
    last = max(before, key=lambda j: _start(article.claims[j]))
    outer = article.resolved[last]
    step = Step("continues", cue or "quotation without a cue", outer.name, list(article.claims[last].source[:1]))
    return Resolution(outer.name, outer.kind, outer.entities, [step])


def _said_elsewhere(article: Article, i: int) -> Resolution | None:
    """A quotation without a source that another claim of the article has with one: a headline's, mostly."""
    wanted = _plain_words(article, i)
    if len(wanted.split()) < 3:
        return None
    for j, other in article.resolved.items():
        apart = not any(
            a.start < b.end and b.start < a.end for a in article.claims[i].content for b in article.claims[j].content
        )
        if apart and other.name and wanted in _plain_words(article, j):
            step = Step(
                "same words",
                article.text[slice(*article.claims[i].content[0])],
                other.name,
                article.claims[j].content[:1],
            )
            return Resolution(other.name, other.kind, other.entities, [step, *other.steps])
    return None


def _plain_words(article: Article, i: int) -> str:
    found = " ".join(article.text[s:e] for s, e in article.claims[i].content)
    return " ".join(bare(w) for w in words(found))


STEPS: tuple[SourceStep, ...] = (
    several_people, pronoun, government_named, person_named, apposition, described_institution, institution_named,
    role_mention, name_unknown,
)  # fmt: skip
