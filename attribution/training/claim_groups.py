"""Groups of claims round one claim: what says the same, in other words or in part, and what only looks like it.

A file has tab-separated lines. ``#`` and a topic open a group; the others are a label, how it is said (d direct, i indirect,
m mixed) and the claim. Labels: ``=`` one claim in full, each in other words; ``~`` the same with a few words changed; ``<``
an excerpt or a shorter version; ``!polarity``, ``!different``, ``!hedge``, ``!number``, ``!date``, ``!place``, ``!unit``,
``!roles`` another claim, and in what it is another one.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from attribution.errors import InputError

_SAME = ("=", "~", "<")
_ANOTHER = ("polarity", "different", "hedge", "number", "date", "place", "unit", "roles")
_COLUMNS = 3
_PARAPHRASES, _ALTERED, _PARTS = 3, 3, 2  # pairs of one claim that are drawn from a group
_OPPOSITES, _OTHERS = 3, 5  # pairs of two claims; opposites are the hardest to tell
_ITSELF, _FAR = 0.3, 0.5  # likelihood of a claim with itself, of one with a claim of another group
_BESIDE = 5  # pairs with other claims of the same speaker in the same article


class Example(NamedTuple):
    """Two claims, and whether they are the same."""

    one: str
    other: str
    same: bool


@dataclass(slots=True)
class Group:
    """The claims of a group by their label; near misses, with what sets them apart, are in ``another``.

    ``beside``: what the same speaker says besides in the same article, in the words of each outlet. ``how`` tells of each
    claim how it is said: d, i or m.
    """

    topic: str
    full: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    another: list[tuple[str, str]] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    how: dict[str, str] = field(default_factory=dict)

    @property
    def same(self) -> list[str]:
        """Every wording of the claim, in full or in part."""
        return [*self.full, *self.altered, *self.parts]

    def drawn(self, rng: random.Random) -> Iterator[Example]:
        """Some of the pairs that the group gives."""
        whole = [*self.full, *self.altered]
        altered = [(a, b) for a in self.full for b in self.altered] + list(combinations(self.altered, 2))
        parts = [(a, b) for a in whole for b in self.parts]
        for pairs, n in ((list(combinations(self.full, 2)), _PARAPHRASES), (altered, _ALTERED), (parts, _PARTS)):
            yield from (Example(a, b, same=True) for a, b in _some(pairs, n, rng))
        for opposite, n in ((True, _OPPOSITES), (False, _OTHERS)):
            chosen = [text for what, text in self.another if (what == "polarity") == opposite]
            yield from (Example(a, b, same=False) for a, b in _some([(a, b) for a in whole for b in chosen], n, rng))
        besides = [(a, b) for a in self.same for b in self.beside if not _contained(a, b)]
        yield from (Example(a, b, same=False) for a, b in _some(besides, _BESIDE, rng))


def read_groups(folder: Path) -> list[Group]:
    """The groups of every .tsv file of a folder, in the order of their names.

    Raises:
        InputError: there is none, or a line is not as it should be.

    """
    files = sorted(folder.glob("*.tsv"))
    if not files:
        raise InputError(str(folder), "no .tsv file with groups of claims")
    return [g for path in files for g in groups_of(path) if g.full and g.another]


def _contained(a: str, b: str) -> bool:
    """True if one stands in the other: a claim inside a claim, or the same words."""
    one, other = (re.sub(r"[^\w ]", "", text).casefold() for text in (a, b))
    return one in other or other in one


def drawn(groups: Sequence[Group], rng: random.Random) -> list[Example]:
    """Pairs for one pass over the groups: some of each, some claims with themselves, some with one of another group."""
    found: list[Example] = []
    for group in groups:
        found += group.drawn(rng)
        one, other = rng.choice(group.full), rng.choice(groups)
        if rng.random() < _ITSELF:
            found.append(Example(one, one, same=True))
        if rng.random() < _FAR and other is not group:
            found.append(Example(one, rng.choice([*other.full, *other.parts]), same=False))
    return found


def _some(pairs: Sequence[tuple[str, str]], most: int, rng: random.Random) -> list[tuple[str, str]]:
    return rng.sample(pairs, min(most, len(pairs)))


def groups_of(path: Path) -> Iterator[Group]:
    """The groups of one file, whatever is in them.

    Raises:
        InputError: a line is not as it should be.

    """
    group: Group | None = None
    for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        columns = line.split("\t")
        if columns[0] == "#":
            if group:
                yield group
            group = Group(columns[-1])
        elif line:
            if group is None or len(columns) != _COLUMNS:
                raise InputError(f"{path}, line {n}", f"expected a label, how it is said and a claim: {line[:60]!r}")
            label, how, text = columns
            _add(group, label, how, text, f"{path}, line {n}")
    if group:
        yield group


def _add(group: Group, label: str, how: str, text: str, where: str) -> None:
    group.how[text] = how
    if label in _SAME:
        (group.full, group.altered, group.parts)[_SAME.index(label)].append(text)
    elif label[:1] == "!" and label[1:] in _ANOTHER:
        group.another.append((label[1:], text))
    else:
        raise InputError(where, f"no such label: {label!r}")
