"""An opened input: where it comes from, its first bytes for choosing a reader, and its stream."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from attribution.articles.limits import MAX_FILE_BYTES, readable
from attribution.errors import InputError

HEAD = 4096
_PIECE = 1 << 20


def _all(number: int) -> bool:
    return True


@dataclass(slots=True)
class Source:
    """One input, decompressed.

    ``where`` names it in messages, ``id`` its article if it holds one, ``name`` is the file's name without the endings
    of compression. ``path`` is the file itself where nothing is compressed. ``url``, ``content_type`` and ``charset``
    are what a server said. ``head`` are the stream's first bytes, which ``stream`` gives again.

    Where only a part of a file is read, ``first`` and ``last`` are the numbers, from 1, of its lines, rows, pages or
    entries, whichever the format counts. ``wanted`` is asked with the number before an article is made of one; what it
    says False to is passed over.
    """

    where: str
    id: str
    stream: BinaryIO
    head: bytes
    name: str = ""
    path: Path | None = None
    url: str | None = None
    content_type: str | None = None
    charset: str | None = None
    first: int = 1
    last: int | None = None
    wanted: Callable[[int], bool] = _all

    def whole(self, limit: int = MAX_FILE_BYTES) -> bytes:
        """All bytes.

        Raises:
            InputError: there are more than ``limit``.

        """
        parts: list[bytes] = []
        size = 0
        # in pieces: a stream makes room for all that is asked of it before it knows how much there is
        while part := self.stream.read(_PIECE):
            parts.append(part)
            size += len(part)
            if size > limit:
                raise InputError(self.where, f"larger than {readable(limit)}, the most that one article may take")
        return b"".join(parts)

    def lines(self, limit: int) -> Iterator[bytes | int]:
        """Lines with their ends; of one longer than ``limit`` bytes its length instead, without holding it."""
        while line := self.stream.readline(limit + 1):
            if len(line) <= limit or line.endswith(b"\n"):
                yield line
                continue
            length = len(line)
            while part := self.stream.readline(_PIECE):
                length += len(part)
                if part.endswith(b"\n"):
                    break
            yield length


def of_bytes(data: bytes, where: str, *, id_: str, name: str = "") -> Source:
    """A source of bytes in memory."""
    return Source(where, id_, io.BytesIO(data), data[:HEAD], name)


def digest(data: bytes) -> str:
    """The SHA-256 of bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


class Rewound(io.RawIOBase):
    """A stream that gives its first bytes, already taken from it, again."""

    def __init__(self, head: bytes, rest: BinaryIO, *, owned: bool = True) -> None:
        """Args:
        head: what was taken.
        rest: the stream it was taken from.
        owned: close it with this one; not for standard input, which is everybody's.
        """
        self._head = head
        self._rest = rest
        self._owned = owned

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        if self._head:
            part, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        else:
            part = self._rest.read(min(len(buffer), _PIECE))
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        if not self.closed and self._owned:
            self._rest.close()
        super().close()


def with_head(stream: BinaryIO) -> tuple[bytes, BinaryIO]:
    """The first bytes of a stream, and the stream from its beginning."""
    head = b""
    while len(head) < HEAD and (part := stream.read(HEAD - len(head))):
        head += part
    return head, buffered(Rewound(head, stream))


def buffered(raw: io.RawIOBase) -> BinaryIO:
    """A stream with a buffer around a raw one."""
    return cast(BinaryIO, io.BufferedReader(cast(Any, raw), 1 << 16))
