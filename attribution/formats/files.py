"""Writing a format to a file or folder: beside the target first, and renamed when it is whole."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from attribution.errors import OutputError
from attribution.formats.registry import Format, Options, check_options, format_for, format_of

if TYPE_CHECKING:  # the command line's --help comes by here
    from attribution.claims import ArticleClaims

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same files give the same .zip


def write(
    articles: Iterable[ArticleClaims], path: str | Path, *, format: str | None = None, options: Options | None = None
) -> int:
    """Write articles' claims to a file or folder and return how many articles there were.

    The articles are read as a stream; what a format cannot stream, its module says. Without an article nothing is
    written.

    >>> write(attribution.extract_many(["news/"]), "claims.parquet")  # doctest: +SKIP

    Args:
        articles: from ``attribution.extract_many``.
        path: the target; a file there is replaced, a folder only if it is empty.
        format: a format's name; by default the one that the path ends in.
        options: see ``Options``.

    Raises:
        OutputError: the target cannot be written, or names no format.
        MissingExtraError: the format needs a package that is not installed.

    """
    target = Path(path)
    options = options or Options()
    chosen = format_of(format) if format else format_for(target)
    check_options(chosen, options)
    check_target(target, chosen)
    counted = _Counted(articles)
    with _beside(target) as partial:
        _write(counted, partial, chosen, options)
        if counted.seen:
            _put(partial, target)
    return counted.seen


def write_lines(lines: Iterable[str], path: str | Path) -> int:
    """Write lines of text to a file in the same way and return how many there were.

    Raises:
        OutputError: the file cannot be written.

    """
    target = Path(path)
    _check_file(target)
    count = 0
    with _beside(target) as partial:
        with partial.open("w", encoding="utf-8", newline="") as file:
            for count, line in enumerate(lines, 1):  # noqa: B007
                file.write(line)
        if count:
            partial.replace(target)
    return count


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A path beside the target to write to; what is left there at the end is removed, whatever happens."""
    partial = target.with_name(target.name + ".partial")
    try:
        _remove(partial)  # of a run that was killed
        yield partial
    except OSError as error:
        raise OutputError(str(target), f"cannot be written: {error.strerror or error}") from error
    finally:
        _remove(partial)


def check_target(target: Path, chosen: Format) -> None:
    """Raise OutputError if a format cannot be written there; to be told before the work starts."""
    if chosen.kind != "folder" or _is_zip(target):
        _check_file(target)
    else:
        _check_parent(target)
        if target.is_file():
            raise OutputError(str(target), f"is a file, and {chosen.name} makes a folder: name a new one, or a .zip")
        if target.is_dir() and any(target.iterdir()):
            raise OutputError(str(target), "this folder holds files already: name a new one")


def _check_file(target: Path) -> None:
    _check_parent(target)
    if target.is_dir():
        raise OutputError(str(target), "is a folder, and a file is to be written: name one in it")


def _check_parent(target: Path) -> None:
    if not target.parent.is_dir():
        raise OutputError(str(target), f"the folder {target.parent} does not exist: make it first")


class _Counted:
    def __init__(self, articles: Iterable[ArticleClaims]) -> None:
        self._articles = articles
        self.seen = 0

    def __iter__(self) -> Iterator[ArticleClaims]:
        for found in self._articles:
            self.seen += 1
            yield found


def _write(articles: _Counted, partial: Path, chosen: Format, options: Options) -> None:
    if chosen.kind == "text":
        with partial.open("w", encoding="utf-8", newline="") as file:
            for part in chosen.writer(articles, options):
                file.write(part)
    elif chosen.kind == "binary":
        with partial.open("wb") as stream:
            chosen.writer(articles, stream, options)
    else:
        partial.mkdir()
        chosen.writer(articles, partial, options)


def _put(partial: Path, target: Path) -> None:
    if partial.is_dir() and _is_zip(target):
        archive = partial.with_name(partial.name + ".zip")
        try:
            _zip(partial, archive)
            archive.replace(target)
        finally:
            archive.unlink(missing_ok=True)
        return
    if partial.is_dir() and target.is_dir():
        target.rmdir()
    partial.replace(target)


def _zip(folder: Path, archive: Path) -> None:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                out.writestr(entry, path.read_bytes())


def _is_zip(target: Path) -> bool:
    return target.suffix.lower() == ".zip"


def _remove(partial: Path) -> None:
    if partial.is_dir():
        shutil.rmtree(partial)
    else:
        partial.unlink(missing_ok=True)
