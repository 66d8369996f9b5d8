"""How names and roles are compared across articles and lists."""

from __future__ import annotations

import re

_HONORIFICS = frozenset(
    "mr mrs ms miss mx dr sir dame lord lady prof professor president the a an sen senator rep gov gen".split()
)
_EMPTY = frozenset("the a an of for and in at on to its his her their top senior chief former deputy".split())
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


def name_words(name: str) -> tuple[str, ...]:
    """The words that make a name: casefolded, without honorifics, possessives and full stops."""
    plain = re.sub(r"['’]s\b", "", name.replace(".", "")).replace("’", "'").casefold()
    return tuple(w for w in _WORD.findall(plain) if w not in _HONORIFICS)


def content_words(*phrases: str | None) -> frozenset[str]:
    """The words of roles and affiliations that tell people apart; plurals and small words aside."""
    words = (w for p in phrases if p for w in _WORD.findall(p.replace(".", "").casefold()))
    return frozenset(w.removesuffix("s") if len(w) > 3 else w for w in words if w not in _EMPTY)
