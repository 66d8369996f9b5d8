"""Links that open a page at a claim: text fragments, ``url#:~:text=prefix-,start,end,-suffix``.

Source: WICG, URL Fragment Text Directives. A text of many words or several lines is given by its first and last words,
and each piece of a claim is a directive of its own.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from attribution.claims import Article, Claim, Span

_AROUND = 32  # characters before and after that are looked at
_ENDS = 5  # words at each end of a long text
_WHOLE = 12  # words up to which a text is given whole
_CLEAN = re.compile(r"[\x00-\x20\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")


def web_address(url: str | None) -> str | None:
    """An http or https URL, safe to put into a link; None for anything else."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return quote(url.strip(), safe="%/:=&?~#+!$,;'@()*[]").replace("'", "%27")


def link(article: Article, claim: Claim) -> str | None:
    """The link to a claim in its article's page; None where the article has no URL."""
    address = web_address(article.url)
    if address is None:
        return None
    page, _, fragment = address.partition("#")
    directives = "&".join(f"text={d}" for s in claim.content.spans if (d := _directive(article.text, s)))
    return f"{page}#{fragment.partition(':~:')[0]}:~:{directives}" if directives else address


def _directive(text: str, span: Span) -> str:
    lines = [words for line in text[span.start : span.end].splitlines() if (words := line.split())]
    if not lines:
        return ""
    whole = len(lines) == 1 and len(lines[0]) <= _WHOLE
    ends = [lines[0]] if whole else [lines[0][:_ENDS], lines[-1][-_ENDS:]]
    parts = [_encoded(words) for words in ends]
    if before := _before(text, span.start):
        parts.insert(0, f"{_encoded(before)}-")
    if after := _after(text, span.end):
        parts.append(f"-{_encoded(after)}")
    return ",".join(parts)


def _before(text: str, start: int) -> list[str]:
    """Whole words before a place, in its line."""
    low = max(0, start - _AROUND)
    line = (text[low:start] + "|").splitlines()[-1][:-1]
    cut = len(line) == start - low and low > 0 and not text[low - 1].isspace() and not line[:1].isspace()
    return line.split()[1:] if cut else line.split()


def _after(text: str, end: int) -> list[str]:
    """Whole words after a place, in its line."""
    high = min(len(text), end + _AROUND)
    line = ("|" + text[end:high]).splitlines()[0][1:]
    cut = len(line) == high - end and high < len(text) and not text[high].isspace() and not line[-1:].isspace()
    return line.split()[:-1] if cut else line.split()


def _encoded(words: list[str]) -> str:
    """Words percent-encoded as the directive wants it: with - , and & as well."""
    return quote(_CLEAN.sub(" ", " ".join(words)), safe="").replace("-", "%2D")
