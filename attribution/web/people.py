"""People: who is quoted, how much, how directly, where and when, over any number of articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from pydantic import Field

from attribution.claims import ArticleClaims, Model
from attribution.sources.counts import SourceCounts, count
from attribution.sources.identity import unified

MOST_PERIODS = 40


class Outlet(Model):
    """An outlet in numbers; its name is "" where nobody tells it."""

    name: str
    counts: SourceCounts


class Period(Model):
    """A day, month or year, and the claims in it by speaker's id."""

    period: str
    claims: int
    by_speaker: dict[str, int]


class People(Model):
    """Who is quoted in some articles; a speaker of several articles is one."""

    counts: SourceCounts
    outlets: tuple[Outlet, ...]
    periods: tuple[Period, ...] = Field(description="In order of time; articles without a date are in none.")


def people(articles: Iterable[ArticleClaims]) -> People:
    """Who is quoted in some articles, whose ids are their own."""
    found = unified(articles)
    groups: dict[str, list[ArticleClaims]] = {}
    for each in found:
        groups.setdefault(each.article.outlet or "", []).append(each)
    ordered = sorted(groups.items(), key=lambda g: (not g[0], g[0].casefold()))
    outlets = tuple(Outlet(name=name, counts=count(group)) for name, group in ordered)
    return People(counts=count(found), outlets=outlets, periods=_periods(found))


def _periods(found: Sequence[ArticleClaims]) -> tuple[Period, ...]:
    """Claims by day, month or year of publication: the finest that makes no more than ``MOST_PERIODS``."""
    said = [(a.article.published, c.speaker.id) for a in found if a.article.published for c in a.claims]
    for length in (10, 7, 4):
        by_period: dict[str, Counter[str]] = {}
        for when, who in said:
            by_period.setdefault(when[:length], Counter())[who] += 1
        if len(by_period) <= MOST_PERIODS or length == 4:
            return tuple(
                Period(period=p, claims=sum(by_period[p].values()), by_speaker=dict(by_period[p]))
                for p in sorted(by_period)
            )
    return ()
