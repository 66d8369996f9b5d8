"""Candidates: which entities a pronoun or a role may mean, with what the scorer needs to know of each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from attribution.pipeline.antecedents import Candidate, Context, agrees, best_antecedent
from attribution.pipeline.entities import Entity
from attribution.pipeline.links import NOT_ASKED, LinksOf
from attribution.pipeline.mentions import (
    PRONOUNS,
    Phrase,
    bare,
    noun_gender,
    words,
)
from attribution.pipeline.resolution import Article, Resolution, Source, Step, start_of
from attribution.pipeline.roles import Role
from attribution.pipeline.segmentation import Range
from attribution.pipeline.standing import standing

_KINDS_OF_FORM = {"person": ("person", "anonymous"), "role": ("person",)}


def by_antecedent(article: Article, source: Source, step: str, *, gender: str = "") -> Resolution | None:
    """Let the scorer choose among the candidates that agree; what it chose between is kept for training."""
    context = context_of(article, source)
    agreeing = [
        c
        for c in candidates_of(article, source, "person")
        if agrees(c, gender=gender) and not (context.parent_quoted and id(c.entity) in context.parent_speakers)
    ]
    if source.claim >= 0:
        article.decisions.append((source.claim, context, agreeing))
    else:
        article.between.append((context, agreeing))
    chosen = best_antecedent(context, agreeing)
    if chosen is None:
        return None
    if gender in ("M", "F") and not article.depth[source.span.start]:
        chosen.entity.tend("F" if gender == "F" else "M", _CHOSEN)
    return Resolution(
        chosen.entity.name, chosen.entity.kind, [chosen.entity],
        [Step(step, source.text, chosen.entity.name, [source.span, chosen.mention])],
    )  # fmt: skip


def context_of(article: Article, source: Source) -> Context:
    """Where a source stands and who spoke before it."""
    at = source.span.start
    before = sorted(
        (start_of(article.claims[j]), j)
        for j in article.resolved
        if j != source.claim and start_of(article.claims[j]) < at
    )
    last = before[-1][1] if before else None
    last_here = last is not None and article.paragraph_of(
        article.claims[last].content[-1].end - 1
    ) == article.paragraph_of(at)
    speakers = [[id(e) for e in article.resolved[j].entities] for _, j in before]
    previous = next((s for s in reversed(speakers) if s != speakers[-1]), [])
    parent = source.relation.parent if source.claim >= 0 else None
    content = source.relation.content if source.claim >= 0 else []
    gender = PRONOUNS.get(source.text.casefold().strip(" ’'"), "")
    focus_at = max((p for p in article.referred if p < at and _gender_at(article, p) == gender), default=-1)
    return Context(
        offset=at,
        sentence=article.sentence_of(at),
        paragraph=article.paragraph_of(at),
        last_speakers=speakers[-1] if speakers else [],
        parent_speakers=[id(e) for e in article.resolved[parent].entities] if parent in article.resolved else [],
        speakers={id(e) for r in article.resolved.values() for e in r.entities},
        content=content,
        last_here=last_here,
        content_first=bool(content) and content[0].start < at,
        quoted=bool(article.depth[at]),
        parent_quoted=parent is not None and article.depth[at] > _depth_of(article, parent),
        before_last=previous,
        focus=id(article.referred[focus_at]) if focus_at >= 0 else 0,
        focus_at=focus_at,
        focus_here=focus_at >= 0 and article.paragraph_of(focus_at) == article.paragraph_of(at),
        subject=source.text.casefold() in ("he", "she"),
        begins=not article.text[article.sentences[article.sentence_of(at)].start : at].strip(" “”\"‘’'\n"),
        begins_paragraph=article.sentence_of(at) == article.sentence_of(article.paragraphs[article.paragraph_of(at)].start),
        focus_subject=focus_at >= 0 and article.text[focus_at : focus_at + 3].casefold() in ("he ", "she", "he'", "he’"),
    )  # fmt: skip


def _depth_of(article: Article, j: int) -> int:
    """How deep in quotation marks a claim's source stands."""
    return article.depth[start_of(article.claims[j])] if article.claims[j].source else 0


def _gender_at(article: Article, offset: int) -> str:
    """The gender of the pronoun at a place; "" for another word."""
    m = re.compile(r"\w+").match(article.text, offset)
    return PRONOUNS.get(m.group().casefold(), "") if m else ""


def candidates_of(article: Article, source: Source, form: str) -> list[Candidate]:
    """Who may be meant by a source of a form, nearest mention first or last as the cast has them."""
    kinds = _KINDS_OF_FORM[form]
    at = source.span.start
    here = article.sentence_of(at)
    record = _Record.of(article, at)
    early = article.paragraph_of(at) <= _EARLY
    out = []
    heads = {e.head for e in article.unnamed}
    passing = [e for e in article.passing if e.head not in heads] if form == "person" else []
    for e in [*article.cast.everybody(), *article.unnamed, *passing]:
        if e.kind not in kinds or (form == "role" and not e.named):
            continue
        mention = e.last_before(at)
        role = best_role(article.text, source.phrase, e) if source.phrase.head else 0.0
        if mention is None and e.mentions and (role or (form == "role" and source.claim >= 0 and early)):
            mention = e.mentions[0]  # a headline's role, named further down
        if mention is None or (mention.start <= at < mention.end):
            continue
        if oblique_before(article.text, mention, at):
            continue
        if abs(here - article.sentence_of(mention.start)) <= _FAR:
            links = _links(article, source, e) if form == "person" else NOT_ASKED
            out.append(_candidate(article, source, e, mention, role, record, links))
    return out


def _links(article: Article, source: Source, e: Entity) -> LinksOf:
    """How well the source goes with somebody's mentions before it, or with the first one."""
    before = bisect_left(e.mentions, source.span.start, key=lambda m: m.start)
    return article.linked(source.span, e.mentions[:before] or e.mentions[:1])


class _Record(NamedTuple):
    """What the story so far says of entities, by identity: where it last referred to them and how often, their claims and
    how many others' came since the last one; and its first name.
    """

    referred: dict[int, int]
    claims: Counter[int]
    first: int
    referrals: Counter[int]
    since: dict[int, int]

    @staticmethod
    def of(article: Article, at: int) -> _Record:
        referred: dict[int, int] = {}
        referrals: Counter[int] = Counter()
        for place, who in article.referred.items():
            if place < at:
                referred[id(who)] = max(place, referred.get(id(who), -1))
                referrals[id(who)] += 1
        starts = {j: start_of(article.claims[j]) for j in article.resolved}
        before = sorted((j for j, start in starts.items() if start < at), key=lambda j: -starts[j])
        since: dict[int, int] = {}
        for n, j in enumerate(before):
            for who in article.resolved[j].entities:
                since.setdefault(id(who), n)
        claims = Counter(id(e) for r in article.resolved.values() for e in r.entities)
        first = min((e.mentions[0].start for e in article.cast.people if e.mentions), default=-1)
        return _Record(referred, claims, first, referrals, since)


def _candidate(
    article: Article, source: Source, e: Entity, mention: Range, role: float, record: _Record, links: LinksOf
) -> Candidate:  # fmt: skip
    text, at = article.text, source.span.start
    sentence = article.sentence_of(mention.start)
    first = article.sentences[sentence].start
    low = bisect_left(article.names, first, key=lambda n: n.start)
    high = bisect_left(article.names, mention.start, key=lambda n: n.start)
    earlier = any(n.label == "PERSON" for n in article.names[low:high])
    oblique = bool(_OBLIQUE.search(text, max(0, mention.start - 40), mention.start))
    referred = record.referred.get(id(e), -1)
    apart = abs(article.sentence_of(at) - article.sentence_of(referred)) if referred >= 0 else _FAR
    return Candidate(
        entity=e, mention=mention, sentence=sentence, paragraph=article.paragraph_of(mention.start),
        subject=not earlier and not oblique and mention.start - first < 60, oblique=oblique,
        possessive=bool(re.match(r"['’]s?\b|['’]\s", text[mention.end : mention.end + 3])),
        count=bisect_left(e.mentions, at, key=lambda m: m.start),
        in_content=any(c.start <= mention.start < c.end for c in source.relation.content),
        role=role, ending=_ending(source, e), introduced=article.paragraph_of(e.mentions[0].start),
        referred=referred, referred_sentences=apart,
        referred_here=referred >= 0 and article.paragraph_of(referred) == article.paragraph_of(at),
        total=len(e.mentions), opening=e.mentions[0].start == record.first, claims=record.claims[id(e)],
        quoted=bool(article.depth[mention.start]), kin=bool(_KIN.search(text, max(0, mention.start - 40), mention.start)),
        verb_after=bool(_VERB.match(text, mention.end)), complete=" " in text[mention.start : mention.end],
        standing=standing(article, mention), lean=_lean(source, e), referrals=record.referrals[id(e)],
        claims_since=record.since.get(id(e), _FAR), links=links,
    )  # fmt: skip


def _lean(source: Source, e: Entity) -> float:
    """How far all that is known speaks for the pronoun's gender: a title or role as much as many pronouns."""
    gender = PRONOUNS.get(source.text.casefold().strip(" ’'"), "")
    if gender not in ("M", "F"):
        return 0.0
    lean = max(-6.0, min(6.0, e.lean)) + (3.0 if e.gender == "F" else -3.0 if e.gender == "M" else 0.0)
    return lean if gender == "F" else -lean


_KIN = re.compile(r"\b(?:[Hh]is|[Hh]er|[Tt]heir|[Mm]y|[\w]+['’]s?)\s(?:[a-z-]+\s){0,3}[a-z-]+,?\s$")
_VERB = re.compile(
    r"(?:,[^,.]{1,80},)?\s(?:has|had|was|is|will|would|did|could|can|also|later|never|then|[a-z]+(?:ed|s)|said|told|went|took|came|left|made|won|began|thought|knew|felt)\b"
)
_CHOSEN = 1.0  # how much being chosen for "she" speaks for a woman
_EARLY = 2  # the last paragraph in which a role may mean somebody who is named below only
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
    if e.gender or e.kind != "person" or gender not in ("M", "F"):
        return 0.0
    lean = max(-2.0, min(2.0, e.lean))
    return lean if gender == "F" else -lean


def best_role(text: str, p: Phrase, e: Entity) -> float:
    """How well a noun phrase fits what is known of an entity: 0 for not at all, 1 for the head noun, more for modifiers.

    A role that is "of" something else is another role: the mayor of Vigo is not the mayor of Lugo.
    """
    wanted = {p.head, *(m for m in p.modifiers if m not in ("the", "this", "that"))}
    of = {bare(w) for w in words(text[p.head_start : p.core.end])[1:]} - _SMALL
    return max((_role_match(p.head, wanted, of, r) for r in e.roles), default=0.0)


def of_another(text: str, p: Phrase, e: Entity) -> bool:
    """True if all that is known of an entity by a noun is "of" something else: the mayor of Lugo for "the mayor of Vigo"."""
    of = {bare(w) for w in words(text[p.head_start : p.core.end])[1:]} - _SMALL
    return bool(of) and not best_role(text, p, e) and any(_same(p.head, r) for r in e.roles)


def _same(head: str, role: Role) -> bool:
    """True if a role has a noun or its initials."""
    known, tail = _own_words(role.role), head.rsplit("-", 1)[-1]
    return (
        head in known or tail in known or any(r.endswith(head) and len(head) > 4 for r in known) or _letters(head, role)
    )


def role_by_owner(p: Phrase, e: Entity) -> bool:
    """True if somebody has the role by whose it is: "An attorney for Lund, Ana Ruiz," for "Lund's lawyer"."""
    owner = bare(p.possessive)
    if not owner or owner in PRONOUNS or any(owner in k for k in e.keys):
        return False
    return any(
        owner in r.words and (_same(p.head, r) or any(p.head in g and g & _own_words(r.role) for g in _SAME_ROLE))
        for r in e.roles
    )


def _role_match(head: str, wanted: set[str], of: set[str], role: Role) -> float:
    known = role.words
    same = _same(head, role)
    own_words = _own_words(role.role)
    synonym = any(head in group and group & own_words for group in _SAME_ROLE)
    if not (same or (synonym and not of)):
        return 0.0
    own = {bare(w) for w in words(role.role.partition(" of ")[2])} - _SMALL
    if of and own and not of & own:
        return 0.0
    return (1.0 if same else 0.7) + 0.25 * len((wanted | of) & known - {head})


@lru_cache(maxsize=4096)
def _own_words(role: str) -> frozenset[str]:
    """The words of what somebody is, without whose or what of: "chief aide" of "chief aide to the governor"."""
    return frozenset(bare(w) for w in words(_OF_WHAT.split(role, maxsplit=1)[0]))


_OF_WHAT = re.compile(r",\s|\s(?=(?:of|for|to|at|in|on|with|from|by|who|whose|whom|which|that)\s)")


def _letters(head: str, role: Role) -> bool:
    """True for a role by its initials: "the CFO" for the chief financial officer."""
    initials = "".join(w[0] for w in words(role.role) if bare(w) not in _SMALL).casefold()
    return len(head) > 1 and head in initials and head not in role.words


_SMALL = frozenset(["of", "the", "a", "an", "for", "at", "in", "and", "to", "on", "from"])
_SAME_ROLE: tuple[frozenset[str], ...] = tuple(
    frozenset(g.split())
    for g in (
        "lawyer attorney solicitor barrister counsel advocate defender litigator", "judge justice jurist magistrate",
        "senator sen lawmaker legislator politician republican democrat", "captain capt", "reverend rev pastor minister",
        "representative rep congressman congresswoman lawmaker legislator politician republican democrat",
        "mp lawmaker legislator politician backbencher parliamentarian deputy", "governor gov", "general gen", "colonel col",
        "lieutenant lt", "sergeant sgt", "commander cmdr", "candidate nominee contender hopeful frontrunner front-runner",
        "prosecutor attorney", "host presenter anchor", "novelist author writer", "envoy emissary diplomat", "president leader", "premier leader",
        "spokesman spokeswoman spokesperson", "chairman chairwoman chair chairperson", "minister politician",
        "professor prof academic researcher scientist scholar expert", "doctor dr physician surgeon medic",
        "ceo executive boss chief", "chief boss head", "manager boss coach gaffer", "coach manager trainer",
        "reporter journalist correspondent", "director head chief", "striker forward player footballer",
        "diplomat ambassador envoy negotiator", "official secretary commissioner", "goalkeeper keeper",
        "businessman mogul tycoon billionaire magnate developer", "captain skipper player", "singer musician artist",
        "company firm corporation business manufacturer maker producer startup start-up retailer giant operator miner "
        "carrier airline supplier developer group brand conglomerate lender insurer",
        "newspaper paper daily weekly outlet magazine journal publication site website broadcaster channel network press "
        "station tabloid times post herald tribune gazette news",
        "agency bureau service department office authority regulator watchdog administration commission ministry",
        "court tribunal panel", "group organization organisation association charity union foundation coalition nonprofit "
        "ngo alliance federation society trust network institute", "bank lender", "university college school institute",
        "team club side", "economist analyst strategist expert", "officer policeman constable sergeant detective inspector sheriff chief",
    )
)  # fmt: skip
