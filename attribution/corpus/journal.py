"""Journals: what has been found of a shard that is not finished, so that a killed run goes on where it was.

A line for each article: a checksum, a blank, JSON. A journal that was cut off in the middle of a line is good up to
there. Every process writes one of its own and begins it with what the one before had found.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4


class Journal:
    """The journal of one shard, open for one process."""

    def __init__(self, folder: Path, name: str, *, key: str) -> None:
        """Take over the fullest journal of the same name and key, if there is one.

        Args:
            folder: where journals lie.
            name: the shard's id.
            key: what the entries were made with; journals of another are thrown away.

        """
        self.path = folder / f"{name}.{uuid4().hex}.journal"  # two machines may have the same process number
        before = list(folder.glob(f"{name}.*.journal"))
        fullest = max(before, key=lambda p: p.stat().st_size, default=None)
        self.numbers: set[int] = set()
        self._file = self.path.open("wb")
        self._put({"key": key})
        for entry in _of_key(fullest, key) if fullest else ():
            self.add(entry)
        for path in before:
            with suppress(PermissionError):  # on Windows a dying process may still hold it; it is never read again
                path.unlink(missing_ok=True)

    def add(self, entry: dict[str, Any]) -> None:
        """Write an entry, which has a ``number``, through to the operating system."""
        self._put(entry)
        self.numbers.add(entry["number"])

    def _put(self, entry: dict[str, Any]) -> None:
        line = json.dumps(entry, ensure_ascii=False).encode("utf-8")
        self._file.write(b"%08x %s\n" % (zlib.crc32(line), line))
        self._file.flush()

    def entries(self) -> Iterator[dict[str, Any]]:
        """All entries, in the order in which they were added."""
        return (entry for entry in _entries(self.path) if "key" not in entry)

    def remove(self) -> None:
        """Close the journal and delete its file."""
        self.close()
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the journal; its file stays, for the next process."""
        # what could not be written for want of room is tried again on closing, and fails again
        with suppress(OSError):
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _of_key(path: Path, key: str) -> Iterator[dict[str, Any]]:
    entries = _entries(path)
    if next(entries, {}).get("key") == key:
        yield from entries


def _entries(path: Path) -> Iterator[dict[str, Any]]:
    """The entries of a file up to the first that is not whole."""
    with path.open("rb") as file:
        for line in file:
            checksum, _, body = line.rstrip(b"\n").partition(b" ")
            if not line.endswith(b"\n") or checksum != b"%08x" % zlib.crc32(body):
                return
            yield json.loads(body)
