"""PolNeAR's files: brat standoff with an event for each attribution → gold articles.

An attribution is an event ``E1⇥Attribution:T4 Content:T3 Cue:T2 Source:T1`` (or *Attribution-no-source*); its marks may be
discontinuous, and marks *Discuss* are no attributions. ``attributions/NAME_ANNOTATOR.ann`` belongs to ``text/NAME.txt``.
Newell et al. (2018). Our own corrections in brat have links in the place of events: ``formats.annotation.brat``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from attribution.errors import InputError
from attribution.formats.annotation.brat import parse
from attribution.formats.annotation.graph import Mark
from attribution.pipeline.quotation import depths
from attribution.pipeline.reader import lay_out

_ROLES = ("source", "cue", "content")
_ARGUMENT = re.compile(r"([A-Za-z-]+?)\d*:(\S+)")


def is_polnear(annotations: Path) -> bool:
    """True if an .ann file has events for attributions, or stands apart from its text, as PolNeAR's do."""
    if not annotations.with_suffix(".txt").is_file() and _text_of(annotations) is not None:
        return True
    with annotations.open(encoding="utf-8", errors="replace") as file:
        return any(line.startswith("E") for line in file)


def read_polnear(files: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Gold articles ``{"id", "text", "attributions"}`` of .ann files.

    Ids are the texts' names, with "#annotator" where several have marked one text.

    Raises:
        InputError: a file has no text or is not of this form.

    """
    texts = {file: _text_of(file) for file in files}
    several = [t for t in texts.values() if t is not None]
    for file, source in texts.items():
        if source is None:
            raise InputError(str(file), f"no text of it: neither {file.stem}.txt beside it nor text/{_short(file)}.txt")
        annotator = file.stem.removeprefix(source.stem).lstrip("_")
        id_ = f"{source.stem}#{annotator}" if several.count(source) > 1 and annotator else source.stem
        yield {"id": id_, **_article(file, source), "meta": {"annotator": annotator or None}}


def _short(file: Path) -> str:
    return file.stem.rpartition("_")[0] or file.stem


def _text_of(file: Path) -> Path | None:
    folders = (file.parent, file.parent.parent / "text")
    names = (file.stem, _short(file))
    return next((p for n in names for f in folders if (p := f / f"{n}.txt").is_file()), None)


def _article(file: Path, source: Path) -> dict[str, Any]:
    try:
        with source.open(encoding="utf-8", newline="") as given:
            text = given.read()
        with file.open(encoding="utf-8", newline="") as given:
            lines = given.read().split("\n")
    except UnicodeDecodeError as error:
        raise InputError(str(file), f"it or {source.name} is not UTF-8 at byte {error.start}") from error
    except OSError as error:
        raise InputError(str(file), f"cannot be read: {error.strerror or error}") from error
    kept = [line if line.startswith("T") else "" for line in lines]
    marks = {m.id: m for m in parse(kept, text, str(file)).marks}
    claims = [
        _claim(line, marks, f"{file}:{n}")
        for n, line in enumerate(lines, 1)
        if line.startswith("E") and line.partition("\t")[2].startswith("Attribution")
    ]
    _set_types(text, claims)
    return {"text": text, "attributions": claims}


def _claim(line: str, marks: dict[str, Mark], where: str) -> dict[str, Any]:
    roles: dict[str, list[list[int]]] = {role: [] for role in _ROLES}
    for name, id_ in _ARGUMENT.findall(line.partition("\t")[2].partition(" ")[2]):
        if id_ not in marks:
            raise InputError(where, f"{name} is {id_}, and there is no such mark")
        if name.casefold() not in roles:
            raise InputError(where, f"an attribution has a {name!r}; it takes Source, Cue and Content")
        roles[name.casefold()].extend(list(s) for s in marks[id_].spans)
    return {role: sorted(found) for role, found in roles.items()}


def _set_types(text: str, claims: Iterable[dict[str, Any]]) -> None:
    """Direct, mixed or indirect, by how many letters of the content stand in quotation marks."""
    depth = depths(text, lay_out(text)[1])
    for claim in claims:
        quoted = {depth[i] > 0 for s, e in claim["content"] for i in range(s, e) if text[i].isalnum()}
        claim["type"] = "mixed" if len(quoted) == 2 else "direct" if quoted == {True} else "indirect"
