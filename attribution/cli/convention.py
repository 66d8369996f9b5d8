"""The option ``--convention``."""

from __future__ import annotations

from enum import StrEnum


class Convention(StrEnum):
    """By whose rules claims are marked."""

    auto = "auto"
    guide = "guide"
    polnear = "polnear"
