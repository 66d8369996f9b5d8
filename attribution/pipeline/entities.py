"""Entities: somebody or something that can speak, and all of them in an article."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from attribution.pipeline.mentions import Gender
from attribution.pipeline.roles import Role
from attribution.pipeline.segmentation import Range

KNOWN = 3.0  # a lean from which on a gender counts as known


@dataclass(slots=True)
class Entity:
    """Somebody or something that can speak.

    ``name`` is the fullest form; ``keys`` the forms seen, as word tuples; ``mentions`` the places, in order; ``lean`` how
    much likelier a woman than a man, as a log ratio, by forename and by the pronouns near (titles and roles settle ``gender``).
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
    lean: float = 0.0

    def tend(self, gender: Gender, weight: float) -> None:
        """Take one sign of the gender of somebody for whom it is not known; enough of them make it known."""
        self.lean += weight if gender == "F" else -weight if gender == "M" else 0.0
        if not self.gender and abs(self.lean) >= KNOWN:
            self.gender = "F" if self.lean > 0 else "M"

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
