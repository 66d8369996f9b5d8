"""What a server is told when it starts: whom it answers, what it takes, where corrections are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

MIB = 2**20
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of time and size; what goes beyond them is refused with a reason.

    Args:
        upload_bytes: bytes of a form with files; they lie on disk, not in memory, while they come.
        body_bytes: bytes of any other body.
        files: files of one form.
        articles: articles of one request that is answered as a whole.
        streamed_articles: articles of one request that is answered line by line.
        waiting: requests that are worked on or wait; one more is answered 503.
        seconds: how long one request may take.
        kept_articles: articles that are kept open; the one not looked at for longest goes first.
        kept_characters: characters of their texts, all together.

    """

    upload_bytes: int = 64 * MIB
    body_bytes: int = 8 * MIB
    files: int = 200
    articles: int = 100
    streamed_articles: int = 2000
    waiting: int = 24
    seconds: float = 120.0
    kept_articles: int = 500
    kept_characters: int = 20_000_000


@dataclass(frozen=True, slots=True)
class Settings:
    """How a server runs.

    Args:
        corrections: the file in which corrections are kept, as gold.
        store: a corpus store to look at.
        hosts: the names under which it answers; a request that names another host is refused.
        any_address: answer under every numeric address, too: for a team's machine.
        token: what a client must show; None asks for nothing.
        model: a model folder in the place of the shipped model.
        limits: see ``Limits``.

    """

    corrections: Path
    store: Path | None = None
    hosts: tuple[str, ...] = LOOPBACK
    any_address: bool = False
    token: str | None = None
    model: Path | None = None
    limits: Limits = field(default_factory=Limits)
