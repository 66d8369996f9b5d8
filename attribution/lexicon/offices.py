"""Verbs by which a "who …" clause tells what somebody is ("who runs East Asian affairs"), and which of several roles tells most."""

from __future__ import annotations

OFFICES = frozenset(
    "leads led heads headed runs ran chairs chaired directs directed oversees oversaw represents represented teaches taught coaches "
    "coached manages managed edits edited founded owns owned commands commanded".split()
)


def telling(role: str | None, affiliation: str | None) -> tuple[bool, int]:
    """By this the role that tells most is the greatest: a noun before a clause, then the longer one."""
    is_clause = (role or "").partition(" ")[0] in OFFICES
    return (bool(role or affiliation) and not is_clause, len(role or "") + len(affiliation or ""))
