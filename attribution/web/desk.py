"""The articles that are open: kept in memory, bounded, the one not looked at for longest goes first."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator

from attribution.claims import Article, ArticleClaims


def key_of(article: Article) -> str:
    """The name of an article in addresses: the same text from the same source has the same."""
    told = "\x00".join(x or "" for x in (article.id, article.title, article.outlet, article.published, article.url))
    return hashlib.sha256(f"{article.sha256}\x00{told}".encode("utf-8", "surrogatepass")).hexdigest()[:20]


class Desk:
    """Articles by key; used from the event loop alone."""

    def __init__(self, *, articles: int, characters: int) -> None:
        """Args:
        articles: how many are kept.
        characters: of how many characters, all together.
        """
        self._most, self._most_characters = articles, characters
        self._found: OrderedDict[str, ArticleClaims] = OrderedDict()
        self._characters = 0

    def put(self, found: ArticleClaims) -> str:
        """Lay an article on the desk; its key."""
        key = key_of(found.article)
        self.remove(key)
        self._found[key] = found
        self._characters += len(found.article.text)
        while len(self._found) > 1 and (len(self._found) > self._most or self._characters > self._most_characters):
            self.remove(next(iter(self._found)))
        return key

    def get(self, key: str) -> ArticleClaims | None:
        """An article, which thereby was looked at last; None if it is not here."""
        if key in self._found:
            self._found.move_to_end(key)
        return self._found.get(key)

    def remove(self, key: str) -> bool:
        """Take an article away; False if it was not there."""
        found = self._found.pop(key, None)
        if found is not None:
            self._characters -= len(found.article.text)
        return found is not None

    def __iter__(self) -> Iterator[tuple[str, ArticleClaims]]:
        """Articles with their keys, the one looked at last first."""
        return iter([(key, found) for key, found in reversed(self._found.items())])

    def __len__(self) -> int:
        return len(self._found)
