"""JSON: the whole comparison as one object, as ``Comparison.model_validate_json`` takes it back."""

from __future__ import annotations

from collections.abc import Iterator

from attribution.comparison.models import Comparison
from attribution.formats.registry import Options


def as_json(found: Comparison, options: Options) -> Iterator[str]:
    """One JSON object, indented."""
    yield found.model_dump_json(by_alias=True, indent=1) + "\n"
