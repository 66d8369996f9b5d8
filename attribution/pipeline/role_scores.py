"""The scorer of roles: whom "the botanist" means, or that it means nobody who is named.

A softmax over the candidates and nobody. Candidates have the features of ``antecedents``, but for links, and those that tell how the noun
fits them; nobody has those of the mention itself: its determiner, its place, what the model says of its kind. The
weights are fitted on the articles whose speakers are named (``attribution.training.roles``) and stand in
``lexicon/roles.json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from math import exp, log
from typing import NamedTuple

from attribution.errors import ModelError
from attribution.lexicon import noun_kinds
from attribution.pipeline import antecedents
from attribution.pipeline.antecedents import Candidate, Context
from attribution.pipeline.labels import KINDS
from attribution.pipeline.mentions import PRONOUNS, bare, noun_gender, words
from attribution.pipeline.resolution import Article, Source

_OWN_FEATURES = (
    "after", "after, bare", "after, indefinite", "after, next", "main person", "share of mentions", "nothing known",
    "same noun before", "owned, subject", "owned, latest", "owned, role", "owned, last speaker", "owned, here",
    "my, parent", "complement, no role", "complement, role", "noun beside", "gender agrees", "only one near",
    "only one here or before", "spoke last, near", "no role, but of the story's first",
    "role, in its place", "modifiers unlike", "title alone", "kin beside", "only one near, no role",
    "far, no role", "two sentences, no role", "office, no role", "related", "quoted, role", "accused, main person",
)  # fmt: skip
FEATURES = (*antecedents.OF_THE_STORY, *_OWN_FEATURES)
NOBODY = (
    "constant", "the", "this", "his", "my", "owner's", "bare", "indefinite", "headline", "early", "bare headline",
    "complement", "modifiers", "another", "former", "quoted", "introduced", "spoke before", "people",
    "candidates", "role known", "nobody near", "for others", "kin", "of no list", "gender", "clause",
    "in the parent's words", "nobody here", "last speaker unnamed", "only one near", "said unnamed",
)  # fmt: skip
Rows = tuple[list[list[float]], list[float]]


def rows(article: Article, source: Source, context: Context, candidates: Sequence[Candidate]) -> Rows:
    """Feature values of each candidate, in the order of ``FEATURES``, and those of nobody, in the order of ``NOBODY``."""
    plain = antecedents.features_of_story(context, candidates)
    own = _Fit(article, source, context, candidates)
    return [[*a, *own.of(c)] for a, c in zip(plain, candidates, strict=True)], own.nobody()


class _Fit:
    """How a mention of a role fits its candidates."""

    def __init__(self, article: Article, source: Source, context: Context, candidates: Sequence[Candidate]) -> None:
        self.article, self.source, self.context, self.candidates = article, source, context, candidates
        p = source.phrase
        self.head = p.head.split("-of-")[0].rsplit("-", 1)[-1]
        self.first = source.text.split(maxsplit=1)[0].casefold() if source.text.split() else ""
        self.owned = p.possessive.casefold()
        self.indefinite = self.first in ("a", "an", "one", "another", "some")
        self.bare = not p.definite and not self.indefinite
        self.complement = re.search(r"\s(?:of|for|at)\s", article.text[p.head_start : p.core.end]) is not None
        self.total = max((len(e.mentions) for e in article.cast.people), default=1)
        at = source.span.start
        later = sorted(e.mentions[0].start for e in article.cast.people if e.mentions and e.mentions[0].start > at)
        self.next = later[0] if later else -1
        self.near = [c for c in candidates if c.mention.start < at and context.sentence - c.sentence <= 2]
        self.about = [c for c in candidates if abs(context.paragraph - c.paragraph) <= 1 and c.mention.start < at]
        self.best = max((c.role for c in candidates), default=0.0)

    def of(self, c: Candidate) -> list[float]:
        """The candidate's features that ``antecedents`` does not have."""
        at, who, x = self.source.span.start, id(c.entity), self.context
        after = c.mention.start > at
        owned = bool(self.owned) and PRONOUNS.get(self.owned) != "I"
        nothing = not c.entity.roles
        alone = self.near == [c]
        text, e = self.article.text, c.entity
        beside = text[max(0, e.mentions[0].start - 60) : e.mentions[0].end + 100].casefold()
        spoke = who in x.last_speakers
        gender = noun_gender(self.head)
        return [
            float(after), float(after and self.bare), float(after and self.indefinite),
            float(after and c.mention.start == self.next), float(len(e.mentions) == self.total),
            len(e.mentions) / self.total, float(nothing),
            float(any(h == self.head for h in _heads_before(self.article, who, at))),
            float(owned and c.subject), float(owned and after is False and x.sentence == c.sentence),
            float(owned and c.role > 0), float(owned and spoke), float(owned and x.paragraph == c.paragraph),
            float(PRONOUNS.get(self.owned) == "I" and who in x.parent_speakers),
            float(self.complement and not c.role), float(self.complement and c.role > 0),
            float(re.search(rf"\b{re.escape(self.head)}\b", beside) is not None),
            float(bool(gender) and c.entity.gender == gender), float(alone), float(self.about == [c]),
            float(spoke and c in self.about), float(nothing and c.opening), float(c.role > 0 and c.paragraph == x.paragraph),
            float(_modifiers_unlike(self.source, c)), float(not nothing and all(len(r.words) == 1 for r in e.roles)),
            float(c.kin and self.head in _KIN), float(alone and not c.role), *self._more(c),
        ]  # fmt: skip

    def _more(self, c: Candidate) -> list[float]:
        away, main = abs(self.context.sentence - c.sentence), len(c.entity.mentions) == self.total
        return [
            float(away > 3 and not c.role), float(away >= 2 and not c.role), float(self.head in _OFFICES and not c.role),
            float(self._related(c)), float(self.context.quoted and c.role > 0), float(main and self.head in _ON_TRIAL),
        ]  # fmt: skip

    def _related(self, c: Candidate) -> bool:
        """True for "her mother" by somebody whose name has "her daughter" beside it, and the like."""
        others = _RELATED.get(self.head)
        if not others:
            return False
        text = self.article.text
        return any(
            re.search(
                rf"(?:\b[Hh]is|\b[Hh]er|['’]s?)\s(?:[\w-]+\s){{0,2}}(?:{others})s?\b",
                text[max(0, m.start - 60) : m.end + 100],
            )
            for m in c.entity.mentions[:12]
        )

    def nobody(self) -> list[float]:
        """What the mention tells of whether it means somebody named."""
        p, x, a = self.source.phrase, self.context, self.article
        said = self.source.relation.kind
        told = len(said) == len(KINDS) and said.max() > said.min()
        named, unnamed = (float(said[KINDS.index(k)]) + 0.02 if told else 1.0 for k in ("person", "anonymous"))
        modifiers = [m for m in p.modifiers if m not in _EMPTY]
        kinds = noun_kinds()
        early = 0 < x.paragraph <= 2
        last = any(e.kind == "anonymous" for e in a.unnamed if id(e) in x.last_speakers)
        return [
            1.0, float(self.first == "the"), float(self.first in ("this", "that")),
            float(self.owned in ("his", "her", "their", "its")), float(self.owned in ("my", "our", "your")),
            float(bool(self.owned) and self.owned not in PRONOUNS), float(self.bare), float(self.indefinite),
            float(x.paragraph == 0), float(early), float(self.bare and x.paragraph == 0), float(self.complement),
            min(len(modifiers), 4) / 2, float(bool(_OTHERS & set(p.modifiers))), float(bool(_FORMER & set(p.modifiers))),
            float(x.quoted), float(self._introduced()), float(any(e.head == p.head for e in a.unnamed)),
            log(1 + len(a.cast.people)), log(1 + len(self.candidates)), float(self.best > 0), float(not self.near),
            float(self.head in _FOR_OTHERS), float(self.head in _KIN), float(kinds.get(self.head) != "person"),
            float(bool(noun_gender(self.head))), float(bool(re.match(r",?\s(?:who|whose|whom)\b", a.text[p.core.end :][:8]))),
            float(x.parent_quoted), float(not self.about), float(last), float(len(self.near) == 1),
            log(unnamed / named),
        ]  # fmt: skip

    def _introduced(self) -> bool:
        """True if the story has brought in somebody by that noun who has no name: "a resident", "two officials"."""
        pattern = rf"\b(?:[Aa]n?|[Oo]ne|[Tt]wo|[Ss]everal|[Aa]nother|[Ss]ome)\s(?:[\w-]+\s){{0,3}}{re.escape(self.head)}s?\b(?!,?\s(?:[A-Z]|named|called))"
        return re.search(pattern, self.article.text[: self.source.span.start]) is not None


_OFFICES = frozenset("president premier king queen pope minister chancellor monarch emperor sultan".split())
_ON_TRIAL = frozenset("accused defendant suspect plaintiff victim witness complainant nominee candidate".split())
_CHILD, _PARENT, _LAWYER = (
    "son|daughter|child|boy|girl",
    "mother|father|parent",
    "lawyer|attorney|advocate|counsel|solicitor|barrister|agent|defender",
)
_RELATED = {
    **dict.fromkeys(("mother", "father", "parent", "mum", "mom", "dad"), _CHILD),
    **dict.fromkeys(("son", "daughter", "child", "boy", "girl", "youngest", "eldest"), _PARENT),
    **dict.fromkeys(("brother", "sister"), "brother|sister"), "wife": "husband", "husband": "wife", "widow": "husband",
    "grandmother": "grandson|granddaughter|grandchild", "grandfather": "grandson|granddaughter|grandchild",
    "grandson": "grandmother|grandfather", "granddaughter": "grandmother|grandfather", "client": _LAWYER,
    "uncle": "nephew|niece", "aunt": "nephew|niece", "nephew": "uncle|aunt", "niece": "uncle|aunt",
    **dict.fromkeys(_LAWYER.split("|"), "client"), "guest": "host", "host": "guest", "boss": "aide|deputy|employee",
    "predecessor": "successor", "successor": "predecessor", "opponent": "opponent|rival", "rival": "opponent|rival",
}  # fmt: skip
_EMPTY = frozenset("the a an this that his her its their my our your".split())
_OTHERS = frozenset("another other second third fourth different same unnamed anonymous".split())
_FORMER = frozenset("former ex retired then-".split())
_FOR_OTHERS = frozenset(
    "official spokesman spokeswoman spokesperson source resident witness analyst aide representative insider neighbour "
    "neighbor villager colleague employee worker volunteer visitor passenger driver customer person man woman reporter "
    "interviewer expert adviser advisor observer participant supporter voter user critic relative friend".split()
)
_KIN = frozenset(
    "father mother brother sister son daughter wife husband widow widower uncle aunt cousin grandmother grandfather nephew "
    "niece parent boy girl mum mom dad partner fiancé fiancée grandson granddaughter stepfather stepmother".split()
)


def _modifiers_unlike(source: Source, c: Candidate) -> bool:
    """True if the mention says more than is known of somebody of that role: "the prime minister", "the minister"."""
    if not c.role:
        return False
    known = {w for r in c.entity.roles for w in r.words}
    return any(m not in known and m not in _EMPTY for m in source.phrase.modifiers)


def _heads_before(article: Article, who: int, at: int) -> list[str]:
    """The last nouns of the sources before a place that meant somebody."""
    out = []
    for j, found in article.resolved.items():
        spans = article.claims[j].source
        if spans and spans[0].start < at and len(found.entities) == 1 and id(found.entities[0]) == who:
            whole = words(article.text[spans[0].start : spans[0].end])
            out += [bare(w) for w in whole[-1:]]
    return out


class Weights(NamedTuple):
    """Weights of the candidates' features and of nobody's."""

    features: list[float]
    nobody: list[float]


@cache
def _weights() -> Weights:
    loaded = json.loads(files("attribution.lexicon").joinpath("roles.json").read_text(encoding="utf-8"))
    if not (set(loaded["features"]) <= set(FEATURES) and set(loaded["nobody"]) <= set(NOBODY)):
        raise ModelError("lexicon/roles.json is of other features than this version: fit it again")
    return Weights(
        [float(loaded["features"].get(f, 0.0)) for f in FEATURES], [float(loaded["nobody"].get(f, 0.0)) for f in NOBODY]
    )


def holder_of(source: Source, candidates: Sequence[Candidate]) -> int | None:
    """The index of the one candidate who holds the office of "the president"; None where it is no office, or held by several."""
    p = source.phrase
    if p.head not in _OFFICES or {*p.modifiers} - {"the", "prime"} or not p.definite or p.possessive:
        return None
    found = [i for i, c in enumerate(candidates) if c.role]
    return found[0] if len(found) == 1 else None


def best_role(found: Rows, holder: int | None = None) -> int | None:
    """The index of the candidate that a role means, or None where nobody is likelier or none is likely enough.

    ``holder`` is the one candidate who holds the office that is meant: if he is the likeliest, that is enough.
    """
    weights = _weights()
    values, mention = found
    if not values:
        return None
    scores = [sum(w * f for w, f in zip(weights.features, row, strict=True)) for row in values]
    nobody = sum(w * f for w, f in zip(weights.nobody, mention, strict=True))
    best = max(range(len(scores)), key=lambda i: (scores[i], -i))
    share = 1.0 / sum(exp(min(50.0, s - scores[best])) for s in (*scores, nobody))
    return best if share >= (LEAST_OF_OFFICE if best == holder else LEAST) else None


LEAST_OF_OFFICE = 0.4
LEAST = 0.55
"""Probability below which nobody is named: no name is better than a wrong one."""
