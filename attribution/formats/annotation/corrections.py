"""Corrections back: the files of any annotation tool → gold articles.

By what a path is: a folder or file of .ann (brat), .xmi with its TypeSystem.xml or a .zip of them (INCEpTION, also a
whole exported project), .json (Label Studio), .jsonl (Prodigy).
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from attribution.errors import InputError
from attribution.formats.annotation.brat import read_brat
from attribution.formats.annotation.cas import TYPES, read_cas
from attribution.formats.annotation.labelstudio import read_labelstudio
from attribution.formats.annotation.prodigy import read_prodigy

Gold = dict[str, Any]
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, RuntimeError)
_LARGEST = 256 * 2**20  # bytes of one file of a .zip
_KINDS = ".json of Label Studio, .jsonl of Prodigy, .ann or a folder of brat, .xmi or .zip of INCEpTION"


def read_corrections(paths: Iterable[str | Path]) -> Iterator[Gold | InputError]:
    """Gold articles ``{"id", "text", "attributions", "meta"}``; an error takes its article's place.

    >>> for article in read_corrections(["export.json"]):  # doctest: +SKIP
    ...     print(article["id"], len(article["attributions"]))

    Args:
        paths: exports of Label Studio, INCEpTION, brat and Prodigy, mixed as they come.

    Raises:
        MissingExtraError: INCEpTION's files need dkpro-cassis.

    """
    for given in paths:
        path = Path(given)
        try:
            yield from _read(path)
        except InputError as error:
            yield error
        except UnicodeDecodeError as error:
            yield InputError(str(path), f"not UTF-8 at byte {error.start}")
        except OSError as error:
            yield InputError(str(path), f"cannot be read: {error.strerror or error}")


def _read(path: Path) -> Iterator[Gold | InputError]:
    suffix = path.suffix.lower()
    if not path.exists():
        raise InputError(str(path), "no such file")
    if path.is_dir():
        yield from _folder(path)
    elif suffix == ".zip":
        with path.open("rb") as file:
            yield from _zip(file, str(path))
    elif suffix == ".xmi":
        yield _xmi(path)
    elif suffix == ".ann":
        yield from read_brat(path)
    elif suffix in (".jsonl", ".ndjson"):
        yield from read_prodigy(path)
    elif suffix == ".json":
        yield from read_labelstudio(path)
    else:
        raise InputError(str(path), f"none of the files that are read here: {_KINDS}")


def _folder(path: Path) -> Iterator[Gold | InputError]:
    xmi = sorted(path.rglob("*.xmi"))
    has_ann = any(path.rglob("*.ann"))
    if not xmi and not has_ann:
        raise InputError(str(path), "no .ann or .xmi files in this folder")
    if has_ann:
        yield from read_brat(path)
    for file in xmi:
        try:
            yield _xmi(file)
        except InputError as error:
            yield error


def _xmi(path: Path) -> Gold:
    types = next((p for p in path.parent.iterdir() if p.name.casefold() == TYPES.casefold()), None)
    if types is None:
        raise InputError(str(path), f"no {TYPES} beside it: export it from INCEpTION with the document")
    with path.open("rb") as xmi, types.open("rb") as layout:
        return read_cas(xmi, layout, str(path), name=path.stem)


def _zip(file: BinaryIO, where: str) -> Iterator[Gold | InputError]:
    with _opened(file, where) as archive:
        names = [n for n in archive.namelist() if not n.endswith("/")]
        if any(PurePosixPath(n).parts[:1] in (("annotation",), ("curation",)) for n in names):
            yield from _project(archive, names, where)
            return
        documents = [n for n in names if n.endswith(".xmi")]
        if not documents:
            raise InputError(where, "no .xmi in this archive: export documents, or the project, as UIMA CAS XMI")
        for name in documents:
            try:
                yield _member(archive, name, names, f"{where}/{name}", id_=PurePosixPath(name).stem)
            except InputError as error:
                yield error


def _opened(file: BinaryIO, where: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except _DAMAGED as error:
        raise InputError(where, f"not a .zip archive ({error})") from error


def _project(archive: zipfile.ZipFile, names: list[str], where: str) -> Iterator[Gold | InputError]:
    """An exported project: ``annotation/DOCUMENT/USER.zip``; what was curated counts before what one has annotated."""
    documents: dict[str, dict[str, list[str]]] = {}
    for name in names:
        parts = PurePosixPath(name).parts
        if len(parts) == 3 and parts[0] in ("annotation", "curation") and parts[2].endswith(".zip"):
            documents.setdefault(parts[1], {}).setdefault(parts[0], []).append(name)
    if not documents:
        raise InputError(where, "a project without annotated documents in UIMA CAS XMI: choose that format on export")
    for document, found in sorted(documents.items()):
        place = f"{where}/{document}"
        try:
            yield _document(archive, document, found.get("curation") or found["annotation"], place)
        except InputError as error:
            yield error


def _document(archive: zipfile.ZipFile, document: str, made: list[str], where: str) -> Gold:
    versions: list[Gold] = []
    for name in made:
        with _opened(io.BytesIO(_bytes(archive, name, where)), f"{where}/{name}") as inner:
            names = inner.namelist()
            xmi = [n for n in names if n.endswith(".xmi") and PurePosixPath(n).stem != "INITIAL_CAS"]
            versions.extend(_member(inner, n, names, f"{where}/{n}", id_=PurePosixPath(document).stem) for n in xmi)
    if len(versions) != 1:
        what = "nobody has" if not versions else f"{len(versions)} people have"
        raise InputError(
            where, f"{what} annotated it and it is not curated: curate it, or export one person's documents"
        )
    return versions[0]


def _member(archive: zipfile.ZipFile, name: str, names: list[str], where: str, *, id_: str) -> Gold:
    folder = PurePosixPath(name).parent
    beside = [n for n in names if PurePosixPath(n).name.casefold() == TYPES.casefold()]
    types = next((n for n in beside if PurePosixPath(n).parent == folder), next(iter(beside), None))
    if types is None:
        raise InputError(where, f"no {TYPES} in the archive: export documents as UIMA CAS XMI")
    xmi, layout = _bytes(archive, name, where), _bytes(archive, types, where)
    return read_cas(io.BytesIO(xmi), io.BytesIO(layout), where, name=id_)


def _bytes(archive: zipfile.ZipFile, name: str, where: str) -> bytes:
    if archive.getinfo(name).file_size > _LARGEST:
        raise InputError(where, f"{name} unpacks to more than {_LARGEST // 2**20} MiB")
    try:
        return archive.read(name)
    except _DAMAGED as error:
        raise InputError(where, f"{name} cannot be unpacked ({error})") from error
