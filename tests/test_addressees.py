"""To whom something is said."""

from __future__ import annotations

import pytest

from attribution import extract


@pytest.mark.parametrize(
    ("text", "addressee"),
    [
        ("“We did not open the valve,” the engineer Tomas Brill told the inquiry on Monday.", "the inquiry"),
        ("Mara Holt told the regional council that the bridge was safe.", "the regional council"),
        ("Mara Holt told her own board of directors that the bridge was safe.", "her own board of directors"),
        ("“The bridge is safe,” Mara Holt told reporters.", "reporters"),
        ("“The bridge is safe,” Mara Holt told me.", "me"),
        ("The minister demanded that the company reopen the road.", None),
        ("Mara Holt said the bridge was safe.", None),
    ],
)
def test_whole_addressees(text: str, addressee: str | None) -> None:
    claims = extract(text)
    assert claims, text
    found = claims[0].addressee
    assert (found.text if found else None) == addressee
