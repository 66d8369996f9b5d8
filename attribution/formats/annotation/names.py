"""Names of files for articles whose ids may be anything."""

from __future__ import annotations

import re

_UNFIT = re.compile(r"[^\w.-]+")
_LONGEST = 100


class FileNames:
    """Gives each article a name of its own that every file system takes."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, id_: str) -> str:
        """A stem from an id: letters, digits, ``_ . -``; a number is added where it is taken."""
        stem = _UNFIT.sub("_", id_).strip("._")[:_LONGEST] or "article"
        found, n = stem, 1
        while found.casefold() in self._taken:
            n += 1
            found = f"{stem}-{n}"
        self._taken.add(found.casefold())
        return found
