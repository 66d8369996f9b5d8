"""Units of all articles → groups that say the same.

Candidates are units of one speaker that share words, and those of unnamed sources that are quoted with the same words;
the most alike are put together first, and a unit joins a group only if it matches the fullest unit of it and contradicts
none: so a chain of small changes does not run away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import inf

from attribution.claims import Speaker
from attribution.comparison.scoring import Match, continued, matches
from attribution.comparison.speaker_names import may_be_one
from attribution.comparison.units import Unit

_IN_ONE_ARTICLE = 0.7
_UNNAMED_WORDS = 6
_UNNAMED_KINDS = frozenset(["anonymous", "group", "unknown"])
_DESCRIBED_WORDS = 4  # in a row that two unnamed sources of unlike descriptions must share


@dataclass(frozen=True, slots=True)
class Group:
    """Units that say the same; ``fullest`` is the one that the others are measured by."""

    units: tuple[Unit, ...]
    fullest: Unit


def order(unit: Unit) -> tuple[str, str, int, int]:
    """A place that does not hang on the order of the articles."""
    return (unit.claim.article.sha256, unit.claim.article.id, unit.spans[0].start, unit.spans[-1].end)


def grouped(units: Sequence[Unit], speakers: dict[Speaker, Speaker]) -> list[Group]:
    """Groups of the same claim; a unit that nothing matches is a group alone."""
    pool = sorted(units, key=order)
    matches = _matches(pool, speakers)
    group_of = {i: [i] for i in range(len(pool))}
    for pair in sorted(matches, key=lambda p: (-matches[p].likeness, p)):
        one, other = group_of[pair[0]], group_of[pair[1]]
        if one is other:
            continue
        both = sorted({*one, *other})
        if any(pair not in matches for pair in combinations(both, 2) if _of_one_claim(pool, *pair)):
            continue
        hub = _fullest(pool, both)
        if all(i == hub or (min(i, hub), max(i, hub)) in matches for i in both):
            for i in both:
                group_of[i] = both
    distinct = {id(g): g for g in group_of.values()}
    return [Group(tuple(pool[i] for i in g), pool[_fullest(pool, g)]) for g in distinct.values()]


def _of_one_claim(pool: Sequence[Unit], i: int, j: int) -> bool:
    return pool[i].claim.id == pool[j].claim.id


def _least(pool: Sequence[Unit], i: int, j: int) -> float:
    """The likeness that two wordings must have: one article says a thing twice more seldom than two articles say it."""
    if _of_one_claim(pool, i, j):
        return inf
    return _IN_ONE_ARTICLE if pool[i].article == pool[j].article else 0.0


def _fullest(pool: Sequence[Unit], members: Sequence[int]) -> int:
    """The unit with most words; quoted before reported, and the first of those alike."""
    return min(members, key=lambda i: (-len(pool[i].words), not pool[i].quoted, i))


def _matches(pool: Sequence[Unit], speakers: dict[Speaker, Speaker]) -> dict[tuple[int, int], Match]:
    """Matches of pairs (i, j), i < j: within each speaker, and of nameless quotations with anybody's."""
    by_speaker: dict[str, list[int]] = defaultdict(list)
    for i, unit in enumerate(pool):
        speaker = unit.claim.speaker
        by_speaker[speakers[speaker].model_dump_json() if speaker.name else ""].append(i)
    nameless = by_speaker.pop("", [])
    of_one = [pair for members in by_speaker.values() for pair in combinations(members, 2)]
    quoted, described = _quotation_candidates(pool, nameless), _described_candidates(pool)
    asked = dict.fromkeys((*of_one, *quoted, *described))
    # the same two wordings, as a wire story brings them many times, are looked at once
    wordings = {pair: _wordings(pool[pair[0]], pool[pair[1]]) for pair in asked}
    first = {wording: pair for pair, wording in reversed(wordings.items())}
    decided = dict(zip(first, matches([(pool[i], pool[j]) for i, j in first.values()]), strict=True))
    result = {pair: decided[wording] for pair, wording in wordings.items()}
    result |= _continued(pool, of_one, result)
    found = {pair: m for pair in of_one if (m := result[pair])}
    # what is said twice in one breath is said in the same words: else it is another thing
    found = {p: m for p, m in found.items() if m.relation != "paraphrase" or m.likeness >= _least(pool, *p)}
    found |= {pair: m for pair in quoted if (m := result[pair]) and m.relation in ("same", "part")}
    return found | {pair: m for pair in described if (m := result[pair]) and m.relation != "paraphrase"}


def _continued(
    pool: Sequence[Unit], pairs: Sequence[tuple[int, int]], result: dict[tuple[int, int], Match | None]
) -> dict[tuple[int, int], Match]:
    """Matches of units whose neighbours in their claims are the same, word for word, in two articles."""
    before = {b: a for a, b in _in_one_claim(pool)}
    after = dict(_in_one_claim(pool))
    found = {}
    for i, j in pairs:
        if result[i, j] is None and pool[i].article != pool[j].article:
            both = [(min(at[i], at[j]), max(at[i], at[j])) for at in (before, after) if i in at and j in at]
            same = any((m := result.get(pair)) and m.relation == "same" for pair in both)
            if same and (match := continued(pool[i], pool[j])):
                found[i, j] = match
    return found


def _in_one_claim(pool: Sequence[Unit]) -> Iterator[tuple[int, int]]:
    """Units of one claim that follow each other; a pool is in the order of the text."""
    last: dict[tuple[int, str], int] = {}
    for i, unit in enumerate(pool):
        key = (unit.article, unit.claim.id)
        if key in last:
            yield last[key], i
        last[key] = i


def _wordings(a: Unit, b: Unit) -> tuple[object, ...]:
    """All of two units that their match hangs on."""
    return tuple((u.text, u.norms, u.claim.act, u.claim.polarity, u.claim.type) for u in (a, b))


def _quotation_candidates(pool: Sequence[Unit], nameless: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs that share six words in a row: of two nameless claims, or of a nameless quotation and anybody's claim."""
    index: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, unit in enumerate(pool):
        for shingle in _shingles(unit):
            index[shingle].append(i)
    unnamed = set(nameless)
    pairs = {
        (min(i, j), max(i, j))
        for i in nameless for shingle in _shingles(pool[i]) for j in index[shingle]
        if i != j and (pool[i].quoted or j in unnamed)
    }  # fmt: skip
    return sorted(pairs)


def _described_candidates(pool: Sequence[Unit]) -> list[tuple[int, int]]:
    """Pairs of unnamed sources in two articles whose descriptions may mean one and who are given the same words.

    Each outlet describes an unnamed source in its own way; what was said is quoted.
    """
    index: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, unit in enumerate(pool):
        if unit.claim.speaker.name and unit.claim.speaker.kind in _UNNAMED_KINDS:
            for shingle in _shingles(unit, _DESCRIBED_WORDS):
                index[shingle].append(i)
    pairs = {pair for members in index.values() for pair in combinations(members, 2)}
    return sorted(
        (i, j)
        for i, j in pairs
        if (pool[i].quoted or pool[j].quoted) and pool[i].article != pool[j].article
        and may_be_one(pool[i].claim.speaker.name or "", pool[j].claim.speaker.name or "")
    )  # fmt: skip


def _shingles(unit: Unit, size: int = _UNNAMED_WORDS) -> set[tuple[str, ...]]:
    words = unit.norms
    return {words[i : i + size] for i in range(len(words) - size + 1)}
