"""HTML pages → article: main text and metadata by trafilatura.

The text is what the page shows of the article: headline, paragraphs, captions, list items, in their order, white space
as a browser shows it, paragraphs apart by an empty line. It has no offsets in the page's bytes; the way back is each
claim's quote selector, which finds its words in the page's text.
"""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from attribution.articles.article import make_article
from attribution.articles.dates import iso_date
from attribution.articles.limits import MAX_DEPTH, MAX_PAGE_BYTES, readable
from attribution.articles.plain import BOMS
from attribution.articles.source import Source, digest
from attribution.claims import Article, BlockKind
from attribution.errors import InputError, MissingExtraError

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_TEXT_CODECS = re.compile(
    r"utf-8|utf-16(?:-[lb]e)?|iso8859-\d+|latin-1|ascii|cp(?:125\d|866|874|932|949|950)|koi8-[ru]|gb2312|gbk|gb18030|"
    r"big5(?:hkscs)?|euc_(?:jp|kr)|shift_jis|iso2022_jp|mac-roman|tis-620"
)
_BLOCKS = frozenset(["body", "p", "head", "item", "quote", "row", "code", "list", "table", "lb", "div"])
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())


def read_html(source: Source) -> Article:
    """Read an HTML page.

    Raises:
        InputError: larger than a page may be, no HTML, or without an article's text.
        MissingExtraError: trafilatura is not installed.

    """
    data = source.whole(MAX_PAGE_BYTES)
    return article_of_page(
        data, where=source.where, id_=source.id, url=source.url, charset=source.charset, source_sha256=digest(data)
    )


def article_of_page(
    data: bytes | str, *, where: str, id_: str, url: str | None = None, charset: str | None = None,
    source_sha256: str | None = None,
) -> Article:  # fmt: skip
    """The article of a page; ``url`` is where it came from, ``charset`` what the server called its encoding.

    Raises:
        InputError: no HTML, or without an article's text.
        MissingExtraError: trafilatura is not installed.

    """
    if len(data) > MAX_PAGE_BYTES:
        raise InputError(where, f"a page of {readable(len(data))}, more than {readable(MAX_PAGE_BYTES)}: not read")
    page, encoding = (data, None) if isinstance(data, str) else decode_page(data, charset)
    drawn = _draw(page, where, url)
    offset = 0
    blocks: list[tuple[BlockKind, int, int]] = []
    for text, kind in drawn.paragraphs:
        if kind:
            blocks.append((kind, offset, offset + len(text)))
        offset += len(text) + 2
    return make_article(
        "\n\n".join(text for text, _ in drawn.paragraphs), id_=id_, title=drawn.title, source=where, encoding=encoding,
        outlet=drawn.outlet, authors=drawn.authors, published=drawn.published, url=drawn.url or url,
        language=drawn.language, reader=f"trafilatura {version('trafilatura')}", source_sha256=source_sha256,
        known_blocks=blocks,
    )  # fmt: skip


def decode_page(data: bytes, charset: str | None) -> tuple[str, str]:
    """Text and encoding of a page's bytes: byte order mark, then the server's word, the page's own, UTF-8, Windows-1252.

    What does not decode becomes U+FFFD, as in a browser.
    """
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace"), encoding
    declared = _CHARSET.search(data[:4096])
    for name in (charset, declared[1].decode("ascii") if declared else None):
        if codec := _codec(name):
            try:
                return data.decode(codec), codec
            except UnicodeDecodeError:
                continue  # mislabelled: the next one may fit
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        mostly = error.start > len(data) // 2  # a page cut off or with one stray byte
        codec = "utf-8" if mostly or (declared and _codec(declared[1].decode("ascii")) == "utf-8") else "windows-1252"
        return data.decode(codec, "replace"), codec


def _codec(name: str | None) -> str | None:
    """Python's name of an encoding that pages use; browsers read Latin-1 and ASCII as Windows-1252."""
    try:
        found = codecs.lookup(name.strip().strip("'\"")).name if name else ""
    except (LookupError, ValueError):
        return None
    if found in ("iso8859-1", "ascii"):
        return "windows-1252"
    return found if _TEXT_CODECS.fullmatch(found) else None


@dataclass(slots=True)
class _Drawn:
    paragraphs: list[tuple[str, BlockKind | None]]
    title: str | None
    outlet: str | None
    authors: list[str]
    published: str | None
    url: str | None
    language: str | None


def _draw(page: str, where: str, url: str | None) -> _Drawn:
    try:
        import trafilatura
    except ImportError:
        raise MissingExtraError("html", "reading HTML") from None
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # what matters becomes our error
    logging.getLogger("htmldate").addHandler(logging.NullHandler())
    dates = {"original_date": True, "extensive_search": False}
    try:
        tree = trafilatura.load_html(page)
        captions = _show_captions(tree) if tree is not None else set()
        found = None if tree is None else trafilatura.bare_extraction(
            tree, url=url, with_metadata=True, include_comments=False, include_formatting=False,
            date_extraction_params=dates,
        )  # fmt: skip
    except Exception as error:  # lxml and trafilatura on malformed pages
        reason = f"cannot be read as HTML ({type(error).__name__}: {str(error)[:200]})"
        raise InputError(where, f"{reason}: save the page again") from error
    drawn = list(_paragraphs(found.body)) if found is not None and found.body is not None else []
    if found is None or not drawn:
        raise InputError(where, _why_nothing(page))
    title = _line(found.title)
    heading = _heading(tree, title)
    if heading and heading.casefold() not in {text.casefold() for text, _ in drawn[:5]}:
        drawn.insert(0, (heading, "head"))
    names = {heading, title} - {None}
    return _Drawn(
        paragraphs=[(text, _kind(text, tag, names, captions)) for text, tag in drawn],
        title=title, outlet=_line(found.sitename), authors=[a for a in map(_line, (found.author or "").split(";")) if a],
        published=_published(tree, found.date), url=_address(found.url), language=tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang"),
    )  # fmt: skip


def _line(value: Any) -> str | None:
    """A metadata field as one line of text."""
    return " ".join(str(value).split()) or None if value else None


def _address(value: Any) -> str | None:
    return value if isinstance(value, str) and re.match(r"https?://[^\s<>\"]+$", value) else None


def _show_captions(tree: Any) -> set[str]:
    """Put each picture's caption in its picture's place, as trafilatura drops figures; give the captions back."""
    captions = set()
    for figure in list(tree.iter("figure")):
        caption = figure.find(".//figcaption")
        text = _line(caption.text_content()) if caption is not None else None
        if text is None or figure.getparent() is None or figure.find(".//table") is not None:
            continue
        paragraph = figure.makeelement("p")
        paragraph.text = text
        paragraph.tail = figure.tail
        figure.getparent().replace(figure, paragraph)
        captions.add(text)
    return captions


def _heading(tree: Any, title: str | None) -> str | None:
    """The page's main heading, if it has one only and that is its title, not the name of the paper."""
    headings = {h for h in map(_line, (h.text_content() for h in tree.iter("h1"))) if h}
    heading = headings.pop() if len(headings) == 1 else None
    if heading is None or title is None:
        return heading
    words, known = (re.findall(r"\w+", x.casefold()) for x in (heading, title))
    return heading if sum(w in known for w in words) * 2 > len(words) else None


def _paragraphs(body: Any) -> Iterator[tuple[str, str]]:
    """Text and tag of the paragraphs of trafilatura's tree."""
    from lxml.etree import iterwalk

    parts: list[str] = []
    tag = "p"
    for event, element in iterwalk(body, events=("start", "end")):
        known = element.tag if isinstance(element.tag, str) else "comment"
        block = known in _BLOCKS
        if block and (text := " ".join("".join(parts).split())):
            yield text, tag
        if block:
            parts.clear()
            tag = known if event == "start" else "p"
        if event == "start":
            parts.append(element.text or "" if known != "comment" else "")
        else:
            parts.append((" " if known == "cell" else "") + (element.tail or "" if element is not body else ""))
    if text := " ".join("".join(parts).split()):
        yield text, tag


def _kind(text: str, tag: str, titles: set[str | None], captions: set[str]) -> BlockKind | None:
    if text in captions:
        return "caption"
    return "headline" if tag == "head" and text in titles else None


def _published(tree: Any, day: str | None) -> str | None:
    """The page's date, with its time where a meta tag tells it."""
    for meta in tree.iter("meta"):
        if (meta.get("property") or meta.get("name") or "").casefold() in ("article:published_time", "datepublished"):
            found = iso_date(meta.get("content"))
            if found:
                return found
    return iso_date(day)


def _why_nothing(page: str) -> str:
    depth = deepest = 0
    for closing, name in _TAG.findall(page):
        if name.lower() not in _VOID:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        return f"no text found: its elements lie up to {deepest:,} deep in each other, and {MAX_DEPTH} is the limit"
    return "no article's text in this page: it may be a list, a video or built by scripts; save the page as shown"
