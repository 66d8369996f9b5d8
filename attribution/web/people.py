"""People: who is quoted, how much, how directly, where and when, over any number of articles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from pydantic import Field

from attribution.claims import ArticleClaims, Claim, Kind, Model
from attribution.web.persons import persons

UNNAMED: tuple[Kind, ...] = ("anonymous", "group", "unknown")
"""Kinds of sources that readers cannot check."""
_WORD = re.compile(r"\w+(?:['’-]\w+)*")


class Voice(Model):
    """A speaker in numbers; words are those of the claims' contents."""

    name: str
    kind: Kind
    role: str | None
    claims: int
    words: int
    direct: int = Field(description="Claims that are direct quotations.")
    articles: int
    outlets: tuple[str, ...]

    @property
    def direct_share(self) -> float:
        """Direct quotations as a share of all claims."""
        return self.direct / self.claims


class Outlet(Model):
    """An outlet in numbers."""

    name: str
    articles: int
    claims: int
    direct: int
    unnamed: int = Field(description="Claims of sources without a name.")
    speakers: int


class Period(Model):
    """A day, month or year, and the claims in it by speaker."""

    period: str
    claims: int
    by_speaker: dict[str, int]


class People(Model):
    """Who is quoted in some articles."""

    articles: int
    claims: int
    words: int
    direct: int
    unnamed: int
    voices: tuple[Voice, ...]
    outlets: tuple[Outlet, ...]
    periods: tuple[Period, ...] = Field(description="In order of time; articles without a date are in none.")


def people(articles: Iterable[ArticleClaims]) -> People:
    """Who is quoted in some articles; those with most claims first, nobody last."""
    found = list(articles)
    said = [(a, c) for a in found for c in a.claims]
    person = persons(c for _, c in said)
    voices = [_voice(name, [(a, c) for a, c in said if person[id(c)] == name]) for name in dict.fromkeys(person.values())]
    voices.sort(key=lambda v: (not v.name, -v.claims, -v.words, v.name))
    return People(
        articles=len(found), claims=len(said), words=sum(words_of(c) for _, c in said),
        direct=sum(c.type == "direct" for _, c in said), unnamed=sum(c.speaker.kind in UNNAMED for _, c in said),
        voices=tuple(voices), outlets=_outlets(found), periods=_periods(said, person),
    )  # fmt: skip


def words_of(claim: Claim) -> int:
    """How many words a claim's content has."""
    return len(_WORD.findall(claim.content.text))


def outlet_of(found: ArticleClaims) -> str:
    """Who published an article; "" if nobody says."""
    return found.article.outlet or ""


def _voice(name: str, said: Sequence[tuple[ArticleClaims, Claim]]) -> Voice:
    claims = [c for _, c in said]
    roles = Counter(r for c in claims if (r := ", ".join(x for x in (c.speaker.role, c.speaker.affiliation) if x)))
    return Voice(
        name=name, kind=Counter(c.speaker.kind for c in claims).most_common(1)[0][0],
        role=max(roles, key=lambda r: (roles[r], len(r)), default=None), claims=len(claims),
        words=sum(map(words_of, claims)), direct=sum(c.type == "direct" for c in claims),
        articles=len({a.article.sha256 for a, _ in said}), outlets=tuple(sorted({outlet_of(a) for a, _ in said} - {""})),
    )  # fmt: skip


def _outlets(found: Sequence[ArticleClaims]) -> tuple[Outlet, ...]:
    groups: dict[str, list[ArticleClaims]] = {}
    for each in found:
        groups.setdefault(outlet_of(each), []).append(each)
    return tuple(
        Outlet(
            name=name, articles=len(group), claims=len(claims), direct=sum(c.type == "direct" for c in claims),
            unnamed=sum(c.speaker.kind in UNNAMED for c in claims),
            speakers=len({c.speaker.name for c in claims if c.speaker.name}),
        )
        for name, group in sorted(groups.items(), key=lambda g: (not g[0], g[0].casefold()))
        if (claims := [c for each in group for c in each.claims]) is not None
    )  # fmt: skip


def _periods(said: Sequence[tuple[ArticleClaims, Claim]], person: dict[int, str]) -> tuple[Period, ...]:
    """Claims by day, month or year of publication: the finest of which there are no more than forty."""
    dated = [(a.article.published, person[id(c)]) for a, c in said if a.article.published]
    for length in (10, 7, 4):
        names = sorted({when[:length] for when, _ in dated if when})
        if len(names) <= 40 or length == 4:
            return tuple(
                Period(period=p, claims=len(here), by_speaker=dict(Counter(here).most_common()))
                for p in names
                if (here := [who for when, who in dated if when and when[:length] == p])
            )
    return ()
