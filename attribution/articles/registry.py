"""Which reader reads what: chosen by the server's content type, the file's ending, then its first bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from attribution.articles.delimited import read_delimited
from attribution.articles.docx import read_docx
from attribution.articles.feeds import read_feed
from attribution.articles.html import read_html
from attribution.articles.jsonl import read_jsonl
from attribution.articles.mail import read_mail
from attribution.articles.parquet import read_parquet
from attribution.articles.pdf import read_pdf
from attribution.articles.plain import BOMS, read_plain
from attribution.articles.rows import Fields
from attribution.articles.source import Source
from attribution.articles.warc import read_warc
from attribution.claims import Article
from attribution.errors import InputError

_HTML = re.compile(
    rb"^\s*(?:<\?xml[^>]*\?>\s*|<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_FEED = re.compile(
    rb"^\s*(?:<\?[^>]*\?>\s*|<!--.{0,2000}?-->\s*|<!DOCTYPE[^>\[]*(?:\[.*?\])?>\s*)*<(?:rss|feed|rdf:RDF)\b",
    re.IGNORECASE | re.DOTALL,
)
_MAIL = re.compile(
    rb"^(?:From |(?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n){0,200}?(?:Message-ID|MIME-Version|Received|Return-Path):)",
    re.IGNORECASE,
)
_RECORD = re.compile(rb"^\s*\{[ \t]*[\"}]")
_MAIL_SENDER = re.compile(rb"^From:", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of input: the endings of its files, what servers call it, and its reader.

    A format of single articles has ``one``, a format of many ``many``.
    """

    name: str
    suffixes: tuple[str, ...]
    content_types: tuple[str, ...]
    one: Callable[[Source], Article] | None = None
    many: Callable[[Source, Fields], Iterator[Article | InputError]] | None = None


PLAIN = Format("plain text", (".txt", ".text"), ("text/plain",), one=read_plain)
HTML = Format("HTML", (".html", ".htm", ".xhtml"), ("text/html", "application/xhtml+xml"), one=read_html)
PDF = Format("PDF", (".pdf",), ("application/pdf",), one=read_pdf)
DOCX = Format(
    "Word", (".docx",), ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",), one=read_docx
)
MAIL = Format("mail", (".eml",), ("message/rfc822",), one=read_mail)
FEED = Format(
    "feed", (".rss", ".atom", ".xml", ".rdf"),
    ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml"), many=read_feed,
)  # fmt: skip
JSONL = Format("JSONL", (".jsonl", ".ndjson"), ("application/x-ndjson", "application/jsonl"), many=read_jsonl)
DELIMITED = Format("CSV", (".csv", ".tsv", ".tab"), ("text/csv", "text/tab-separated-values"), many=read_delimited)
PARQUET = Format("Parquet", (".parquet", ".pq"), ("application/vnd.apache.parquet",), many=read_parquet)
WARC = Format("WARC", (".warc",), ("application/warc",), many=read_warc)
FORMATS = (PLAIN, HTML, PDF, DOCX, MAIL, FEED, JSONL, DELIMITED, PARQUET, WARC)

BY_SUFFIX = {suffix: each for each in FORMATS for suffix in each.suffixes}
_BY_CONTENT_TYPE = {content_type: each for each in FORMATS for content_type in each.content_types}


def choose(source: Source) -> Format:
    """The format of an input: what its file's ending or its server says, else what its first bytes show.

    First bytes that can only be one format go before what a server says.
    """
    suffix = "." + source.name.lower().rpartition(".")[2] if "." in source.name else ""
    if suffix in BY_SUFFIX and source.content_type is None:
        return BY_SUFFIX[suffix]
    shown = _by_magic(source.head)
    if shown is None and source.content_type:
        shown = _BY_CONTENT_TYPE.get(source.content_type.partition(";")[0].strip().lower())
        if shown is PLAIN:
            shown = None
    return shown or BY_SUFFIX.get(suffix) or _by_text(source.head)


def _by_magic(head: bytes) -> Format | None:
    for magic, each in ((b"%PDF-", PDF), (b"PK\x03\x04", DOCX), (b"PAR1", PARQUET), (b"WARC/", WARC)):
        if head.startswith(magic):
            return each
    return None


def _by_text(head: bytes) -> Format:
    for bom, encoding in BOMS:
        if head.startswith(bom):
            head = head.decode(encoding, "ignore").encode()
            break
    if _RECORD.match(head):
        return JSONL
    if _FEED.match(head):
        return FEED
    if _HTML.match(head):
        return HTML
    if _MAIL.match(head) and _MAIL_SENDER.search(head):
        return MAIL
    return PLAIN
