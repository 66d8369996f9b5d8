"""Part of a comparison: some speakers, or only what is shared, or only what is not."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from attribution.comparison.models import Comparison

Only = Literal["shared", "one"]


def narrowed(found: Comparison, *, speakers: Collection[str] = (), only: Only | None = None) -> Comparison:
    """The rows and rooms that are asked for.

    Args:
        found: a comparison.
        speakers: parts of names, in any case; none for all.
        only: "shared" for what several articles carry, "one" for what one has alone.

    """
    wanted = [s.casefold() for s in speakers]

    def fits(name: str) -> bool:
        return not wanted or any(w in name.casefold() for w in wanted)

    rows = tuple(r for r in found.rows if fits(r.speaker.name) and (only is None or r.shared == (only == "shared")))
    rooms = tuple(r for r in found.rooms if fits(r.speaker.name))
    return found.model_copy(update={"rows": rows, "rooms": rooms})
