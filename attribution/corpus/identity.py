"""What makes two texts one article, and two names one speaker, in a store."""

from __future__ import annotations

import re
from functools import lru_cache

from attribution.claims import ArticleRef, Kind, Speaker
from attribution.corpus.words import folded
from attribution.lexicon import titles

_ROW = re.compile(r":(?:row )?\d+$")


def article_key(article: ArticleRef) -> str:
    """What stays the same when an article is changed.

    Its address if it has one; else its id with its outlet; else its id with the file it came from (of rows, without
    the row's number). An article that has no id but the hash of its text is known by its text alone.
    """
    if article.url:
        return f"url {article.url.partition('#')[0]}"
    if article.id == article.sha256[: len(article.id)]:
        return f"text {article.sha256}"
    if article.outlet:
        return f"outlet {article.outlet.casefold()} {article.id}"
    return f"file {_ROW.sub('', article.source or '')} {article.id}"


def speaker_key(speaker: Speaker) -> tuple[str, str | None]:
    """The words of a speaker's name as compared, and a person's surname where there is more than that.

    Titles before a name, initials within it and full stops do not count: "Sen. John Q. Public" is "John Public".
    """
    return _key(speaker.name, speaker.kind if not speaker.unnamed else "anonymous")


@lru_cache(maxsize=1 << 16)
def _key(name: str, kind: Kind) -> tuple[str, str | None]:
    words = folded(name)
    if kind == "person":
        known = titles()
        while len(words) > 1 and words[0] in known:
            words = words[1:]
        words = [w for i, w in enumerate(words) if len(w) > 1 or i in (0, len(words) - 1)]
    elif words[:1] == ["the"]:
        words = words[1:]
    surname = words[-1] if kind == "person" and len(words) > 1 else None
    return " ".join(words), surname
