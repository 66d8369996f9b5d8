"""Code points ↔ UTF-16 units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attribution.offsets import Utf16Offsets


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_both_ways_at_every_place(text: str) -> None:
    offsets = Utf16Offsets(text)
    for i in range(len(text) + 1):
        assert offsets.to_utf16(i) == utf16(text[:i])
        assert offsets.to_code_points(offsets.to_utf16(i)) == i


@pytest.mark.parametrize("offset", [-1, 4])
def test_outside_is_an_error(offset: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        Utf16Offsets("a😀b").to_utf16(offset)
    with pytest.raises(ValueError, match="outside"):
        Utf16Offsets("a😀b").to_code_points(offset + (offset > 0))


def test_inside_a_character_is_an_error() -> None:
    with pytest.raises(ValueError, match="inside a character"):
        Utf16Offsets("a😀b").to_code_points(2)
