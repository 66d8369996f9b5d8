"""Files, folders, globs, streams and URLs → articles, one after the other; what cannot be read is an error in its place."""

from __future__ import annotations

import glob
import io
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from attribution.articles.article import make_article
from attribution.articles.compression import decompressed, inner_name
from attribution.articles.fetch import Fetched, is_url
from attribution.articles.fetch import fetch as fetched
from attribution.articles.language import is_foreign
from attribution.articles.registry import BY_SUFFIX, choose
from attribution.articles.rows import Fields
from attribution.articles.source import Rewound, Source, buffered, of_bytes
from attribution.claims import Article
from attribution.errors import InputError, LanguageError, MissingExtraError

__all__ = ["Fields", "make_article", "read", "read_all", "read_bytes", "read_stream"]

STDIN = "-"


def read(path: str | Path, *, fetch: bool = False) -> Article:
    """Read one article: plain text, HTML, PDF, Word or mail, also compressed; its id is the file's stem.

    Args:
        path: a file, or with ``fetch`` an http or https URL.
        fetch: load URLs.

    Raises:
        InputError: missing, empty, damaged, too large, or of a format that holds several articles.
        MissingExtraError: the format needs a package that is not installed.

    """
    source = _source(str(path), fetch=fetch) if is_url(str(path)) else open_file(Path(path))
    with source.stream:
        chosen = choose(source)
        if chosen.one is None:
            raise InputError(source.where, f"{chosen.name} files hold many articles: use attribution.extract_many")
        try:
            return chosen.one(source)
        except OSError as error:
            raise _unreadable(source.where, error) from error


def read_all(
    inputs: Iterable[str | Path], *, fields: Fields | None = None, fetch: bool = False, any_language: bool = True
) -> Iterator[Article | InputError]:
    """Articles of files, folders, globs, standard input ("-") and URLs, in order; errors take their article's place.

    Args:
        inputs: paths; a folder means its files of all kinds that are read, at any depth, sorted.
        fields: names of the text and id fields of rows.
        fetch: load URLs.
        any_language: False gives a ``LanguageError`` in the place of an article that is surely not in English.

    """
    for given in inputs:
        try:
            sources = expand(str(given))
            for source in sources:
                for found in _articles(source, fields or Fields(), fetch=fetch):
                    yield found if any_language else in_english(found)
        except InputError as error:
            yield error


def read_bytes(
    data: bytes, *, name: str = "", where: str = "bytes", fields: Fields | None = None
) -> Iterator[Article | InputError]:
    """Articles of a file in memory, as ``read_all`` gives those of a file on disk.

    Args:
        data: the file's bytes.
        name: its name, whose ending tells the format; without it the bytes do.
        where: what messages call it.
        fields: names of the text and id fields of rows.

    """
    inner = inner_name(name)

    def opened() -> Source:
        head, stream, _ = decompressed(io.BytesIO(data), where)
        return Source(where, Path(inner).stem or "bytes", stream, head, inner)

    yield from _articles_of(opened, where, fields or Fields())


def read_stream(stream: BinaryIO, name: str, *, fields: Fields | None = None) -> Iterator[Article | InputError]:
    """The same of an open stream, an upload for instance; it is read as it is needed, and closed at the end.

    No file of that name is opened: the name tells the format, stands in messages, and gives an article its id.

    Args:
        stream: the bytes, which may be compressed.
        name: what the file is called, without folders.
        fields: names of the text and id fields of rows.

    """
    where, inner = name or "upload", inner_name(name)

    def opened() -> Source:
        head, inside, _ = decompressed(stream, where)
        return Source(where, Path(inner).stem or where, inside, head, inner)

    yield from _articles_of(opened, where, fields or Fields())


def _articles(given: Path | str | None, fields: Fields, *, fetch: bool) -> Iterator[Article | InputError]:
    """The articles of a file, a URL (as text) or standard input (None)."""
    where = str(given) if given is not None else "standard input"
    yield from _articles_of(lambda: _opened(given, where, fetch=fetch), where, fields)


def _articles_of(opened: Callable[[], Source], where: str, fields: Fields) -> Iterator[Article | InputError]:
    try:
        source = opened()
        with source.stream:
            yield from articles_of(source, fields)
    except (InputError, MissingExtraError, OSError) as error:
        yield as_input_error(where, error)


def articles_of(source: Source, fields: Fields) -> Iterator[Article | InputError]:
    """The articles of an opened input, by the reader that it needs."""
    chosen = choose(source)
    if chosen.one is not None:
        yield chosen.one(source)
    elif chosen.many is not None:
        yield from chosen.many(source, fields)


def as_input_error(where: str, error: InputError | MissingExtraError | OSError) -> InputError:
    """What kept an input from being read, as an error that stands in its place."""
    if isinstance(error, InputError):
        return error
    return InputError(where, str(error)) if isinstance(error, MissingExtraError) else _unreadable(where, error)


def _opened(given: Path | str | None, where: str, *, fetch: bool) -> Source:
    if given is None:
        return _from_stream(sys.stdin.buffer, where)
    return _source(given, fetch=fetch) if isinstance(given, str) else open_file(given)


def in_english(found: Article | InputError) -> Article | InputError:
    """An article that is not surely in another language; of one that is, a ``LanguageError``."""
    if isinstance(found, InputError) or not is_foreign(found.text, found.language):
        return found
    return LanguageError(found.source or found.id, str(found.language))


def _unreadable(where: str, error: OSError) -> InputError:
    return InputError(where, f"cannot be read: {error.strerror or error}")


def expand(given: str) -> Iterator[Path | str | None]:
    """The inputs that one argument means: paths, a URL as text, None for standard input."""
    if given == STDIN:
        yield None
        return
    if is_url(given):
        yield given
        return
    path = Path(given)
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if _is_read(p) and p.is_file())
        if not found:
            raise InputError(given, f"no files in this folder that are read ({', '.join(sorted(BY_SUFFIX))})")
        yield from found
    elif path.exists() or not glob.has_magic(given):
        yield path
    else:
        matches = sorted(p for p in map(Path, glob.glob(given, recursive=True)) if p.is_file())
        if not matches:
            raise InputError(given, "no file matches this pattern")
        yield from matches


def _is_read(path: Path) -> bool:
    """True for a file whose ending says that it is of a kind that is read."""
    return Path(inner_name(path.name)).suffix.lower() in BY_SUFFIX


def open_file(path: Path) -> Source:
    """A file, decompressed.

    Raises:
        InputError: missing, a folder, or compressed data are damaged.
        MissingExtraError: zstd needs a package.

    """
    where = str(path)
    if path.is_dir():
        raise InputError(where, "is a folder, not a file")
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise InputError(where, "no such file") from None
    except OSError as error:
        raise _unreadable(where, error) from error
    try:
        head, stream, packed = decompressed(file, where)
    except BaseException:
        file.close()
        raise
    name = inner_name(path.name)
    return Source(where, Path(name).stem if packed else path.stem, stream, head, name, None if packed else path)


def _from_stream(stream: BinaryIO, where: str) -> Source:
    head, inner, _ = decompressed(buffered(Rewound(b"", stream, owned=False)), where)
    return Source(where, "stdin", inner, head)


def _source(url: str, *, fetch: bool) -> Source:
    if not fetch:
        raise InputError(url, "is a URL: add --fetch (in Python fetch=True) to load it, or save the page as a file")
    return source_of(fetched(url), url)


def source_of(answer: Fetched, where: str) -> Source:
    """What a URL gave as a source; its article's id is the last part of the address."""
    name = answer.url.split("?")[0].split("#")[0].rstrip("/").rpartition("/")[2]
    source = of_bytes(answer.data, where, id_=inner_name(name) or where, name=inner_name(name))
    head, stream, _ = decompressed(source.stream, where)
    return Source(
        where,
        source.id,
        stream,
        head,
        source.name,
        url=answer.url,
        content_type=answer.content_type,
        charset=answer.charset,
    )
