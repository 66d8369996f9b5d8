"""What is no person: which organization, document or group "it", "they", "the company" or "a new poll" means.

Candidates are the institutions and governments that are named, whoever spoke before, and the noun phrases of the
text; beside them stands the source as written. A linear scorer (``thing_scores``) chooses.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from attribution.lexicon import noun_kinds
from attribution.pipeline.entities import Entity
from attribution.pipeline.mentions import PRONOUNS, bare, is_people, words
from attribution.pipeline.noun_phrases import NounPhrase, bare_name, is_time
from attribution.pipeline.pairs import pairs
from attribution.pipeline.resolution import Article, Source
from attribution.pipeline.segmentation import Range

_FAR, _FAR_UNKNOWN = 40, 1  # sentences in which noun phrases are looked for; those whose head noun is in no list
_NO_NAME = frozenset(
    ["the", "a", "an", "this", "that", "these", "those", "such", "his", "her", "its", "their", "our", "my"]
)


@dataclass(slots=True)
class Thing:
    """Something that may be meant: its name and kind, one mention, and what its noun phrase tells.

    ``entity`` is set where it is known already. ``head`` is the head noun, ``told`` the other words of its name,
    ``owners`` the people in it ("Clinton's campaign"), ``proper`` if its name holds a name.
    """

    name: str
    kind: str
    mention: Range
    head: str
    plural: bool
    told: frozenset[str]
    entity: Entity | None = None
    phrase: NounPhrase | None = None
    proper: bool = False
    owners: frozenset[int] = field(default_factory=frozenset)
    count: int = 1
    itself: bool = False


def things_in(article: Article) -> list[Thing]:
    """The things of an article, found once."""
    if article.things is None:
        article.things = things_of(article)
    return article.things


def things_of(article: Article) -> list[Thing]:
    """The noun phrases of an article that may be sources and are no names of persons or institutions, in order."""
    out = []
    for p in article.phrases:
        kind = kind_of_phrase(article, p)
        if kind == "person" or p.head in PRONOUNS or p.determiner == "no" or p.head in _NOBODY or is_time(p.head):
            continue
        found = _names_within(article, p.base)
        if p.proper and found and found[-1][1] == p.base.end:
            continue
        if (
            kind == "organization"
            and found
            and found[-1][2].kind == "organization"
            and found[-1][1] >= p.head_start - 1
        ):
            continue  # "the Verdi-Nord union" is Verdi-Nord
        span = Range(p.base.start, _with_clause(article, p))
        name = bare_name(article.text, span)
        told = frozenset(bare(w) for w in words(name)) - _NO_NAME - {p.head}
        owners = frozenset(id(e) for s, _, e in found if e.kind == "person")
        out.append(
            Thing(name, kind, span, p.head, p.plural, told, phrase=p, proper=p.proper or bool(found), owners=owners)
        )  # fmt: skip
    return _with_fullest(out)


_NOBODY = frozenset("dollar euro pound percent mile kilometre kilometer way thing moment time".split())


def kind_of_phrase(article: Article, p: NounPhrase) -> str:
    """The kind of source that a noun phrase may be by its head noun; "unknown" if that tells nothing."""
    kinds = noun_kinds()
    found = kinds.get(p.head) or (kinds.get(f"{p.head}s") if p.plural else None) or ""
    if not found and "-" in p.head:
        found = kinds.get(p.head.rsplit("-", 1)[1], "")
    if p.plural and (
        found in ("person", "organization", "government", "group") or is_people(article.text[slice(*p.base)])
    ):
        return "group"
    return found or "unknown"


def _names_within(article: Article, span: Range) -> list[tuple[int, int, Entity]]:
    low = bisect_left(article.names, span.start, key=lambda n: n.start)
    high = bisect_left(article.names, span.end, key=lambda n: n.start)
    return [
        (n.start, n.end, e) for n in article.names[low:high]
        if n.label != "DATE" and (e := article.cast.by_start.get(n.start)) is not None
    ]  # fmt: skip


def _with_clause(article: Article, p: NounPhrase) -> int:
    """Where a phrase ends with the participle that hangs on it: "a complaint" + "filed by the commission"."""
    i = bisect_left(article.words, p.whole.end, key=lambda w: w.start)
    if i >= len(article.words) or kind_of_phrase(article, p) != "document":
        return p.whole.end
    first = article.words[i]
    if first.part != "VERB" or not _PARTICIPLE.search(article.text[first.start : first.end]):
        return p.whole.end
    if any(c.start <= first.start < c.end for r in article.claims for c in r.cue):
        return p.whole.end  # "minutes showed on Thursday that"
    after = article.words[i + 1 : i + 4]
    told = any(is_time(article.text[w.start : w.end]) for w in after)
    if after and after[0].part in ("DET", "PROPN", "NOUN", "ADJ", "NUM", "PRON", "PART") and not told:
        return p.whole.end  # "the poll showed Clinton ahead": a verb of its own, with its object
    limit = article.sentences[article.sentence_of(p.base.start)].end
    end = first.end
    for w in article.words[i + 1 : i + 25]:
        if (
            w.end > limit
            or w.part in ("AUX", "SCONJ", "PRON", "VERB")
            or (w.part == "PUNCT" and article.text[w.start] in ',;:.—–()“”"')
        ):
            break
        if w.part in ("NOUN", "PROPN", "NUM", "ADV"):
            end = w.end
    return end


_PARTICIPLE = re.compile(r"(?:ed|en|wn|ung|ade|ritten|ut|aid|ent)$")


def _with_fullest(found: list[Thing]) -> list[Thing]:
    """Give somebody's campaign or team one name all over the article: that with the fullest name of whose it is, then
    the most frequent.
    """
    named: dict[int, Counter[str]] = {}
    for t in found:
        if t.head in _CAMPS and len(t.owners) == 1 and t.phrase is not None and t.mention.end == t.phrase.base.end:
            named.setdefault(next(iter(t.owners)), Counter())[t.name] += 1
    for t in found:
        if t.head in _CAMPS and len(t.owners) == 1 and (names := named.get(next(iter(t.owners)))):
            t.name = max(names, key=lambda n: (n.endswith("campaign"), _capitals(n), "presidential" in n, names[n], n))
    return found


def _capitals(name: str) -> int:
    return sum(
        w[:1].isupper() and w.rstrip(".") not in ("Mr", "Mrs", "Ms", "Dr", "Sen", "Gov", "Rep") for w in name.split()
    )


_CAMPS = frozenset(["campaign", "team", "camp"])


def candidates(article: Article, source: Source, form: str) -> list[Thing]:
    """What a source may mean: named institutions and governments, unnamed sources, noun phrases, pairs of speakers.

    Args:
        article: the article, with the claims resolved so far.
        source: a pronoun or noun phrase.
        form: "thing" (it), "plural" (they) or "phrase" (the company, a new poll).

    """
    at = source.span.start
    here = article.sentence_of(at)
    bodies = [] if source.phrase.head == "government" else article.cast.institutions
    known = [*bodies, *article.cast.governments, *article.unnamed]
    out = [t for e in known if (t := _of_entity(e, at, form, source)) is not None]
    for t in things_in(article):
        if t.mention.start <= at < t.mention.end or source.span.start <= t.mention.start < source.span.end:
            continue
        away = here - article.sentence_of(t.mention.start)
        if form != "phrase" and (away < 0 or t.mention.start > at):
            break
        if not -_FAR <= away <= (_FAR_UNKNOWN if t.kind == "unknown" else _FAR):
            continue
        if _fits(t, form, source):
            out.append(t)
    if form == "plural" or (form == "phrase" and (means_two(source) or source.phrase.plural)):
        two = _kind_of_two(source) if form == "phrase" and means_two(source) else ""
        out += [
            Thing(name, "group", where, "", True, frozenset(), proper=True, owners=frozenset(map(id, both)))
            for name, where, both in pairs(article, at, two=two)
        ]
    return out


def means_two(source: Source) -> bool:
    """True for "both men", "the two", "neither side", "each"."""
    p = source.phrase
    return p.head in TWO or bool(TWO & set(p.modifiers[:2]))


def _kind_of_two(source: Source) -> str:
    """ "person" for "the two men", "government" for "both countries", "" where it is not told."""
    kind = noun_kinds().get(source.phrase.head, "")
    return kind if kind in ("person", "government") else "person" if source.phrase.head == "couple" else ""


TWO = frozenset(["both", "two", "each", "neither", "pair", "couple", "duo"])


def _of_entity(e: Entity, at: int, form: str, source: Source) -> Thing | None:
    mention = e.last_before(at)
    if mention is None and form == "phrase" and e.mentions:
        mention = e.mentions[0]
    if mention is None or mention.start <= at < mention.end or source.span.start <= mention.start < source.span.end:
        return None
    if form == "thing" and (e.plural or e.kind == "group"):
        return None
    if form == "plural" and e.kind in ("anonymous", "person", "document") and not e.plural:
        return None
    if form == "phrase" and (e.kind in ("person", "anonymous") or e.plural != source.phrase.plural):
        return None
    if _is_somebody_elses(e.name, source):
        return None
    if form == "phrase" and not e.named and not same_sort(e.head, source.phrase.head):
        return None
    told = frozenset(w for k in e.keys for w in k)
    head = e.head or (words(e.name)[-1].casefold() if words(e.name) else "")
    return Thing(
        e.name, e.kind, mention, bare(head), e.plural, told - {bare(head)}, entity=e, proper=e.named,
        count=sum(m.start < at for m in e.mentions),
    )  # fmt: skip


def _fits(t: Thing, form: str, source: Source) -> bool:
    if form == "thing":
        return not t.plural and t.kind != "group"
    if form == "plural":
        return t.plural
    if (not t.told and not t.proper) or _is_somebody_elses(t.name, source):
        return False
    return t.plural == source.phrase.plural and same_sort(t.head, source.phrase.head) > 0


def _is_somebody_elses(name: str, source: Source) -> bool:
    """True for "her advisers" where "his advisers" is the source."""
    first, own = name.split(" ", 1)[0].casefold(), source.phrase.possessive.casefold()
    return first in _OWNERS and own in _OWNERS and first != own


_OWNERS = frozenset("his her its their my our your".split())


def same_sort(a: str, b: str) -> float:
    """1 for the same head noun, less for nouns of which one may take up the other ("survey", "poll"), 0 for others."""
    if a == b:
        return 1.0
    x, y = a.rsplit("-", 1)[-1], b.rsplit("-", 1)[-1]
    if x == y:
        return 0.9
    if any(x in g and y in g for g in _SORTS):
        return 0.7
    kinds = noun_kinds()
    return 0.4 if y in _WIDE.get(kinds.get(x, ""), ()) else 0.0


_WIDE = {
    "document": frozenset(["document", "text", "paper"]),
    "organization": frozenset(["group", "organization", "organisation", "body", "institution"]),
}
_SORTS: Sequence[frozenset[str]] = tuple(
    frozenset(g.split())
    for g in (
        "poll survey polling questionnaire", "report study research paper analysis review assessment findings article",
        "article story piece report column editorial op-ed essay profile post", "ad advert advertisement commercial spot video",
        "video clip footage recording tape film", "film movie documentary", "book memoir novel biography autobiography account thriller",
        "lawsuit suit complaint filing case petition claim action", "law act legislation bill measure statute ordinance amendment",
        "ruling decision order judgment judgement verdict opinion directive", "email e-mail message mail", "letter note missive memo",
        "tweet post message", "statement release declaration communique communiqué", "deal agreement accord pact treaty",
        "data figure statistic number", "memo minutes letter document draft text note email filing", "notice sign poster placard",
        "company firm corporation business manufacturer maker operator producer retailer giant miner carrier airline supplier developer "
        "group brand conglomerate lender insurer bank startup start-up carmaker",
        "newspaper paper daily weekly outlet magazine journal publication site website broadcaster channel network station tabloid",
        "agency bureau service department office authority regulator watchdog administration commission ministry board",
        "court tribunal panel", "union federation association", "campaign team camp", "club team side franchise",
        "group organization organisation association charity union foundation coalition nonprofit non-profit ngo alliance federation society "
        "trust network institute", "committee panel commission council board", "party group", "university college school institute",
        "government administration state", "police force department", "company group", "hotel resort", "hospital clinic trust",
    )
)  # fmt: skip
