"""The user's own list of people and institutions, and which of its entries a speaker is."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from attribution.claims import ArticleClaims, Evidence, Speaker
from attribution.errors import InputError
from attribution.sources.naming import content_words, name_words
from attribution.sources.renaming import renamed

_SEPARATORS = "|;"
_LISTED = frozenset(["person", "organization", "government"])


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list: the user's id (Wikidata's or any other), name, further names, role."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    role: str | None = None


@dataclass(slots=True)
class PeopleList:
    """Entries by name; ``open`` counts the claims whose speaker fits several entries alike, by name and entries: they are
    left as they are.
    """

    entries: Sequence[Entry]
    open: dict[tuple[str, str], int] = field(default_factory=dict)
    _by_words: dict[tuple[str, ...], list[Entry]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for entry in self.entries:
            for name in (entry.name, *entry.aliases):
                known = self._by_words.setdefault(name_words(name), [])
                if entry not in known:
                    known.append(entry)

    def candidates(self, speaker: Speaker) -> list[Entry]:
        """The entries that a speaker may be: by name or alias; of several those whose role agrees, if any does."""
        if speaker.kind not in _LISTED or not speaker.name:
            return []
        found = self._by_words.get(name_words(speaker.name), [])
        if len(found) < 2:
            return found
        said = content_words(speaker.role, speaker.affiliation)
        return [e for e in found if said & content_words(e.role)] or found

    def resolved(self, found: ArticleClaims) -> ArticleClaims:
        """An article's claims with the speakers of the list under its ids and names; the match is in the evidence."""
        meant = {}
        for speaker in {c.speaker.id: c.speaker for c in found.claims}.values():
            candidates = self.candidates(speaker)
            if candidates:
                meant[speaker.id] = self._meant(speaker, candidates)
        for claim in found.claims:
            new, step = meant.get(claim.speaker.id, (None, None))
            if new is claim.speaker and step is not None:
                key = (claim.speaker.name, step.to)
                self.open[key] = self.open.get(key, 0) + 1
        return renamed(found, meant)

    def _meant(self, speaker: Speaker, candidates: Sequence[Entry]) -> tuple[Speaker, Evidence]:
        """The speaker under the list's id and name; the same speaker where several entries fit alike."""
        names = "; ".join(f"{e.name} ({e.id})" for e in candidates)
        if len(candidates) > 1:
            return speaker, Evidence.model_validate({"step": "people list, open", "from": speaker.name, "to": names})
        [entry] = candidates
        changes = {"id": entry.id, "name": entry.name, "role": speaker.role or entry.role}
        return speaker.model_copy(update=changes), Evidence.model_validate(
            {"step": "people list", "from": speaker.name, "to": names}
        )


def read_people(path: Path) -> PeopleList:
    """Read a list of people: CSV with a header, or JSON Lines, with id, name, aliases (parted by "|" or ";") and role.

    Raises:
        InputError: the file is missing or no text, or a line lacks its id or name, or an id stands twice.

    """
    return people_of(people_bytes(path), path)


def people_bytes(path: Path) -> bytes:
    """The bytes of a list of people, to be read by ``people_of``.

    Raises:
        InputError: the file is missing or cannot be read.

    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(str(path), "no such file") from None
    except OSError as error:
        raise InputError(str(path), f"cannot be read ({error})") from error


def people_of(data: bytes, path: Path) -> PeopleList:
    """The list of people of a file's bytes; ``path`` tells the format and is named in errors.

    Raises:
        InputError: as ``read_people``.

    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(str(path), f"cannot be read as UTF-8 text ({error})") from error
    rows = _json_rows(text, path) if path.suffix in (".jsonl", ".ndjson") else _csv_rows(text, path)
    entries: dict[str, Entry] = {}
    for line, row in rows:
        entry = _entry(row, f"{path}:{line}")
        if entry.id in entries:
            raise InputError(f"{path}:{line}", f"id {entry.id!r} stands twice: put its names into one line's aliases")
        entries[entry.id] = entry
    if not entries:
        raise InputError(str(path), "no people in it: columns are id, name, aliases, role")
    return PeopleList(tuple(entries.values()))


def _csv_rows(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    reader = csv.DictReader(text.splitlines(keepends=True))
    if not {"id", "name"} <= set(reader.fieldnames or ()):
        raise InputError(f"{path}:1", f"columns id and name are needed; there: {', '.join(reader.fieldnames or ())}")
    for row in reader:
        yield reader.line_num, row


def _json_rows(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for n, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError as error:
                raise InputError(f"{path}:{n}", f"not JSON ({error})") from error
            if not isinstance(row, dict):
                raise InputError(f"{path}:{n}", "not a JSON object with id and name")
            yield n, row


def _entry(row: Mapping[str, Any], where: str) -> Entry:
    id_, name = str(row.get("id") or "").strip(), str(row.get("name") or "").strip()
    if not id_ or not name:
        raise InputError(where, "a person needs an id and a name")
    return Entry(id_, name, tuple(_aliases(row.get("aliases"), where)), str(row.get("role") or "").strip() or None)


def _aliases(given: Any, where: str) -> Iterable[str]:
    if given is None or given == "":
        return ()
    if isinstance(given, str):
        for separator in _SEPARATORS:
            if separator in given:
                return [a.strip() for a in given.split(separator) if a.strip()]
        return [given.strip()]
    if isinstance(given, list) and all(isinstance(a, str) for a in given):
        return [a.strip() for a in given if a.strip()]
    raise InputError(where, f"aliases are text parted by '|' or a list of texts, not {given!r}")
