"""Annotation tools: claims out to them, and corrections back as gold.

>>> from attribution.formats.annotation import gold_line, read_corrections
>>> with open("gold.jsonl", "w") as file:  # doctest: +SKIP
...     file.writelines(gold_line(article) for article in read_corrections(["export.json"]))

Each module writes and reads one tool's files; ``graph`` is what they share, ``gold`` makes gold of it, ``corrections``
tells the tools apart.
"""

from __future__ import annotations

from attribution.formats.annotation.corrections import read_corrections
from attribution.formats.annotation.gold import gold_line

__all__ = ["gold_line", "read_corrections"]
