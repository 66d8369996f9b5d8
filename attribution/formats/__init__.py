"""Formats: claims out, as files that other tools open.

>>> import attribution
>>> from attribution import formats
>>> formats.write(attribution.extract_many(["news/"]), "claims.xlsx")  # doctest: +SKIP
12

``write`` takes a path and guesses the format from its ending; ``FORMATS`` describes each; ``format_of("csv").writer``
is the function that writes one, for a stream of your own.
"""

from __future__ import annotations

from attribution.formats.files import write
from attribution.formats.registry import FORMATS, Format, FormatName, Options, format_for, format_of

__all__ = ["FORMATS", "Format", "FormatName", "Options", "format_for", "format_of", "write"]
