"""Mails (.eml) → article: subject, sender, date, and the text part, or the HTML part where that says more."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from email.utils import parseaddr

from attribution import __version__
from attribution.articles.article import make_article
from attribution.articles.dates import iso_date
from attribution.articles.fragment import fragment_text
from attribution.articles.html import decode_page
from attribution.articles.limits import MAX_MAIL_PARTS, MAX_PAGE_BYTES, readable
from attribution.articles.plain import decode
from attribution.articles.source import Source, digest
from attribution.claims import Article
from attribution.errors import InputError

_STUB = 0.3  # a text part with less than this share of the HTML part's text only points to it


def read_mail(source: Source) -> Article:
    """Read one mail, as saved by a mail program. Attachments are not looked at.

    Raises:
        InputError: no mail, or one without text.

    """
    data = source.whole()
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        parts = _text_parts(message, source.where)
        facts = {
            name: _header(message, name) for name in ("subject", "from", "date", "content-language", "archived-at")
        }
    except InputError:
        raise
    except Exception as error:  # the parser's own mistakes on malformed headers
        reason = f"cannot be read as a mail ({type(error).__name__}: {str(error)[:200]})"
        raise InputError(source.where, f"{reason}: save it again") from error
    text, encoding = _best(parts, source.where)
    name, address = parseaddr(facts["from"] or "")
    link = (facts["archived-at"] or "").strip("<> ")
    return make_article(
        text, id_=source.id, title=facts["subject"], source=source.where, encoding=encoding, outlet=name or address or None,
        published=iso_date(facts["date"]), url=link if link.startswith(("http://", "https://")) else None,
        language=facts["content-language"], reader=f"mail {__version__}", source_sha256=digest(data),
    )  # fmt: skip


def _header(message: EmailMessage, name: str) -> str | None:
    value = message.get(name)
    return " ".join(str(value).split()) or None if value else None


def _text_parts(message: EmailMessage, where: str) -> dict[str, tuple[str, str]]:
    """The first text part and the first HTML part, with their encodings, by content type."""
    found: dict[str, tuple[str, str]] = {}
    for n, part in enumerate(message.walk()):
        if n >= MAX_MAIL_PARTS:
            raise InputError(where, f"a mail of more than {MAX_MAIL_PARTS:,} parts: not read")
        kind = part.get_content_type()
        if kind not in ("text/plain", "text/html") or kind in found or part.get_content_disposition() == "attachment":
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes) or not payload.strip():
            continue
        if len(payload) > MAX_PAGE_BYTES:
            raise InputError(
                where, f"a part of {readable(len(payload))}, more than {readable(MAX_PAGE_BYTES)}: not read"
            )
        charset = part.get_content_charset()
        text, encoding = decode_page(payload, charset) if charset or kind == "text/html" else decode(payload, where)
        found[kind] = (fragment_text(text), encoding) if kind == "text/html" else (text, encoding)
    return found


def _best(parts: dict[str, tuple[str, str]], where: str) -> tuple[str, str]:
    plain, page = parts.get("text/plain", ("", "")), parts.get("text/html", ("", ""))
    best = plain if len(plain[0].strip()) >= max(1, _STUB * len(page[0])) else page
    if not best[0].strip():
        raise InputError(where, "the mail holds no text")
    return best
