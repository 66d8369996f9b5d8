"""What is done to every shard of a run, and the fingerprint of it."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field

from attribution import __version__
from attribution.articles.rows import Fields
from attribution.claims import Model
from attribution.errors import ModelError
from attribution.formats.parquet import SCHEMA_VERSION
from attribution.sources.people_list import PeopleList, people_bytes, people_of

OutputFormat = Literal["parquet", "jsonl"]

MAX_CHARS = 200_000
"""Characters of an article: a short book, half a minute of work."""

TIMEOUT = 120.0
"""Seconds that one article may take."""


class Job(Model):
    """The settings of a run that its workers need.

    ``timeout`` is in seconds an article; it alone is no part of the fingerprint, as it does not change what is found.
    ``people`` is the user's list of people (see ``sources.people_list``), whose ids and names speakers take.
    """

    out: Path
    format: OutputFormat = "parquet"
    text_field: str = "text"
    id_field: str = "id"
    any_language: bool = False
    max_chars: int = Field(MAX_CHARS, ge=1)
    timeout: float = Field(TIMEOUT, gt=0)
    model: Path | None = None
    people: Path | None = None

    @property
    def fields(self) -> Fields:
        """Names of the fields of rows."""
        return Fields(text=self.text_field, id=self.id_field)

    @property
    def claims_folder(self) -> Path:
        """Where the claims lie, a file a shard."""
        return self.out / "claims"

    @property
    def sidecar_folder(self) -> Path:
        """Where the sidecars lie."""
        return self.out / "shards"

    @property
    def work_folder(self) -> Path:
        """Where journals of unfinished shards lie."""
        return self.out / "work"

    @cached_property
    def _people_bytes(self) -> bytes | None:
        """Read once: the list that is used is the one that the fingerprint tells."""
        return people_bytes(self.people) if self.people else None

    @cached_property
    def listed(self) -> PeopleList | None:
        """The user's list of people; None where none is given.

        Raises:
            InputError: it cannot be read, or a line of it is not right.

        """
        data = self._people_bytes
        return people_of(data, self.people) if self.people and data is not None else None

    @cached_property
    def fingerprint(self) -> dict[str, str]:
        """What results depend on: this package and its schema, the model's files, the settings, the list of people.

        Raises:
            ModelError: a file of the model is missing.
            InputError: the list of people cannot be read.

        """
        settings = self.model_dump(mode="json", exclude={"out", "timeout", "model", "people"})
        data = self._people_bytes
        return {
            "package": __version__,
            "schema": SCHEMA_VERSION,
            "model": model_digest(self.model),
            "settings": json.dumps(settings, sort_keys=True),
            **({} if data is None else {"people": hashlib.sha256(data).hexdigest()}),
        }


def model_digest(folder: Path | None) -> str:
    """The SHA-256 over a model folder's files (by default of the shipped model).

    Raises:
        ModelError: one is missing.

    """
    from attribution.pipeline.reader import MODEL_FILES, model_folder

    folder = folder or model_folder()
    sha256 = hashlib.sha256()
    try:
        for name in MODEL_FILES:
            sha256.update(f"{name}\0".encode())
            sha256.update((folder / name).read_bytes())
    except OSError as error:
        raise ModelError(f"{folder}: not a model folder of attribution ({error})") from error
    return sha256.hexdigest()
