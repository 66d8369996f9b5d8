"""Code points ↔ UTF-16 code units, in one place.

Our offsets count code points, as Python does. JavaScript, Java and so UIMA count UTF-16 units: a character beyond
U+FFFF (an emoji, say) is two of them.
"""

from __future__ import annotations

from bisect import bisect_left


class Utf16Offsets:
    """Offsets of one text in both units; both ways in logarithmic time.

    >>> offsets = Utf16Offsets("a😀b")
    >>> offsets.to_utf16(2), offsets.to_code_points(3)
    (3, 2)
    """

    def __init__(self, text: str) -> None:
        """Args:
        text: the text that the offsets count in.
        """
        self.length = len(text)
        self._astral = [] if text.isascii() else [i for i, c in enumerate(text) if c > "\uffff"]
        self._astral_utf16 = [i + n for n, i in enumerate(self._astral)]

    def to_utf16(self, offset: int) -> int:
        """The UTF-16 offset of a code point offset, 0 to the text's length.

        Raises:
            ValueError: the offset lies outside the text.

        """
        if not 0 <= offset <= self.length:
            raise ValueError(f"offset {offset} lies outside a text of {self.length} code points")
        return offset + bisect_left(self._astral, offset)

    def to_code_points(self, offset: int) -> int:
        """The code point offset of a UTF-16 offset.

        Raises:
            ValueError: the offset lies outside the text, or between the two halves of one character.

        """
        before = bisect_left(self._astral_utf16, offset)
        found = offset - before
        if before and self._astral_utf16[before - 1] == offset - 1:
            raise ValueError(f"offset {offset} lies inside a character of two UTF-16 units")
        if not 0 <= found <= self.length:
            raise ValueError(f"offset {offset} lies outside a text of {self.length + len(self._astral)} UTF-16 units")
        return found
