"""Bytes → text: which encoding, and whether it is text at all."""

from __future__ import annotations

import codecs

from attribution import __version__
from attribution.articles.article import make_article
from attribution.articles.limits import check_length
from attribution.articles.source import Source, digest
from attribution.claims import Article
from attribution.errors import InputError

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"\x7fELF",
    b"\xd0\xcf\x11\xe0",
)


def read_plain(source: Source) -> Article:
    """Read a plain text: the bytes decoded, and nothing changed.

    Raises:
        InputError: no text, or too much of it.

    """
    data = source.whole()
    text, encoding = decode(data, source.where)
    return make_article(
        text, id_=source.id, source=source.where, url=source.url, encoding=encoding, reader=f"plain {__version__}",
        source_sha256=digest(data),
    )  # fmt: skip


def decode(data: bytes, where: str) -> tuple[str, str]:
    """Text and encoding of a file's bytes: by byte order mark, as UTF-8, else as Windows-1252.

    The text is the bytes decoded and nothing else: line ends, NULs and marks stay as they are.

    Raises:
        InputError: the bytes are no text, or none is there.

    """
    if not data:
        raise InputError(where, "the file is empty")
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _with(data, encoding, where), encoding
    if data.startswith(_SIGNATURES):
        raise InputError(where, "this is not text but a binary file, of no kind that is read here")
    try:
        return _checked(data.decode("utf-8"), where), "utf-8"
    except UnicodeDecodeError as error:
        if data.count(0) > len(data) // 100 or _control_share(data) > 0.05:
            raise InputError(where, "this is not text but a binary file, of no kind that is read here") from error
    return _checked(data.decode("windows-1252", "replace"), where), "windows-1252"


def _with(data: bytes, encoding: str, where: str) -> str:
    try:
        return _checked(data.decode(encoding), where)
    except UnicodeDecodeError as error:
        raise InputError(where, f"starts like {encoding} but is not ({error.reason} at byte {error.start})") from error


def _checked(text: str, where: str) -> str:
    if not text.strip("\ufeff \t\r\n\0"):
        raise InputError(where, "the file holds nothing but white space")
    if text.count("\0") > len(text) // 10:
        raise InputError(where, "this is not text but a binary file, of no kind that is read here")
    check_length(text, where)
    return text


def _control_share(data: bytes) -> float:
    sample = data[:65536]
    return sum(b < 9 or 13 < b < 32 for b in sample) / len(sample)
