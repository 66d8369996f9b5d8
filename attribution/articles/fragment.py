"""HTML fragments, as feeds and mails carry them → plain text, paragraph by paragraph."""

from __future__ import annotations

from html.parser import HTMLParser

_BLOCKS = frozenset(
    """
    address article aside blockquote br caption dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
    header hr li main nav ol p pre section table td th tr ul body html
    """.split()
)
_UNSEEN = frozenset(["script", "style", "template", "title", "head", "noscript", "iframe", "object", "svg"])
_OPEN_HEAD = frozenset(["body", "p", "div", "table", "h1", "h2"])


def fragment_text(markup: str) -> str:
    """The text that a fragment shows, its paragraphs apart by an empty line; plain text passes with its lines joined."""
    parser = _Paragraphs()
    parser.feed(markup)
    parser.close()
    return parser.text()


class _Paragraphs(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._paragraphs: list[str] = []
        self._parts: list[str] = []
        self._unseen: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unseen == "head" and tag in _OPEN_HEAD:  # a head that nothing closes ends where the page begins
            self._unseen = None
        if self._unseen is None and tag in _UNSEEN:
            self._unseen = tag
        if tag in _BLOCKS:
            self._flush()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._flush()

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unseen:
            self._unseen = None
        if tag in _BLOCKS:
            self._flush()

    def handle_data(self, data: str) -> None:
        if self._unseen is None:
            self._parts.append(data)

    def _flush(self) -> None:
        text = " ".join("".join(self._parts).split())
        self._parts.clear()
        if text:
            self._paragraphs.append(text)

    def text(self) -> str:
        self._flush()
        return "\n\n".join(self._paragraphs)
