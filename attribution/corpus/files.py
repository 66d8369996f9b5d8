"""Files that are whole or not there, and the lock on a run's folder."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from attribution.errors import OutputError


@contextmanager
def whole(target: Path) -> Iterator[BinaryIO]:
    """A file to write to that takes the target's place when the block ends well, and is gone when it does not.

    It is on disk, with its name, before the block's end returns.
    """
    partial = target.with_name(f".{target.name}.{uuid4().hex}.partial")
    try:
        with partial.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def digest(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return  # renames are on disk at once there, and folders cannot be opened
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a run's folder; the lock goes with the process, however it ends.

    Raises:
        OutputError: another process holds it, or it cannot be written.

    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / ".lock").open("a+b")
    except OSError as error:
        raise OutputError(str(folder), f"cannot be written: {error.strerror or error}") from error
    with file:
        try:
            _lock(file)
        except OSError as error:
            raise OutputError(
                str(folder), "another run is writing here: wait for it, or name another folder"
            ) from error
        yield


def _lock(file: BinaryIO) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
