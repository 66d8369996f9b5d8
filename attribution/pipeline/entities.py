"""Entities: somebody or something that can speak, and all of them in an article."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from attribution.pipeline.mentions import Gender
from attribution.pipeline.roles import Role
from attribution.pipeline.segmentation import Range


@dataclass(slots=True)
class Entity:
    """Somebody or something that can speak.

    ``name`` is the fullest form; ``keys`` the forms seen, as word tuples; ``mentions`` the places, in order.
    """

    name: str
    kind: str
    gender: Gender = ""
    keys: set[tuple[str, ...]] = field(default_factory=set)
    mentions: list[Range] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    head: str = ""
    plural: bool = False
    named: bool = True

    def last_before(self, offset: int) -> Range | None:
        """The last mention that starts before an offset."""
        i = bisect_left(self.mentions, offset, key=lambda m: m.start)
        return self.mentions[i - 1] if i else None


@dataclass(slots=True)
class Cast:
    """All entities, and which one each name of the text is."""

    people: list[Entity] = field(default_factory=list)
    institutions: list[Entity] = field(default_factory=list)
    governments: list[Entity] = field(default_factory=list)
    by_start: dict[int, Entity] = field(default_factory=dict)

    def everybody(self) -> list[Entity]:
        """People, institutions and governments."""
        return [*self.people, *self.institutions, *self.governments]
