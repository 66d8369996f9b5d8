"""Predictions: claims in JSON form by article id, found now or read from a file that ``extract --format jsonl`` wrote."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from attribution.errors import InputError
from attribution.evaluation.gold import Gold, first_record, json_lines

Claims = list[dict[str, Any]]
_AT_ONCE = 8
_SPANS = ("source", "cue", "content")


class Predictions:
    """Claims by article id; ``where`` they come from, for messages."""

    def __init__(self, where: str, claims: Mapping[str, Claims], hashes: Mapping[str, str] | None = None) -> None:
        """Args:
        where: a file, or what else they come from.
        claims: by article id.
        hashes: SHA-256 of the articles' texts, as far as they are known.
        """
        self.where = where
        self.claims = claims
        self._hashes = hashes or {}

    def of(self, id_: str, text: str) -> Claims:
        """The claims of an article, which is taken to have none if it is not there.

        Raises:
            InputError: they were found in another text, or lie outside this one.

        """
        known = self._hashes.get(id_)
        if known is not None and known != sha256(text):
            raise InputError(self.where, f"{id_} was read from another text than the gold's: extract it again")
        for claim in self.claims.get(id_, []):
            for role in _SPANS:
                for span in (claim.get(role) or {}).get("spans", []):
                    if not 0 <= span["start"] < span["end"] <= len(text):
                        place = f"{span['start']}–{span['end']}"
                        raise InputError(self.where, f"{id_}: {role} at {place} lies outside the gold's text")
        return self.claims.get(id_, [])

    def __contains__(self, id_: str) -> bool:
        return id_ in self.claims


def sha256(text: str) -> str:
    """SHA-256 of a text in UTF-8, as ``Article.sha256``."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def is_predictions(path: Path) -> bool:
    """True if a file's first line is an article with claims found, and not one of gold."""
    if path.suffix not in (".jsonl", ".ndjson", ".json") or not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace") as file:
        line = next((line for line in file if line.strip()), "")
    try:
        record = first_record([line], str(path))
    except InputError:
        return False  # whoever reads it says what is wrong
    return record is not None and "claims" in record and "attributions" not in record


def read_predictions(path: Path) -> Predictions:
    """The claims of a JSONL file of ``attribution extract`` or of ``evaluate --save``.

    Raises:
        InputError: it cannot be read, or a line of it is no article with claims.

    """
    claims: dict[str, Claims] = {}
    hashes: dict[str, str] = {}
    for record, where in json_lines(path):
        if "id" not in record or not isinstance(record.get("claims"), list):
            raise InputError(
                where, 'no predictions: a line is {"id", "claims", …}, as `extract --format jsonl` prints it'
            )
        if record["id"] in claims:
            raise InputError(where, f"a second article has the id {record['id']!r}")
        claims[record["id"]] = record["claims"]
        if isinstance(record.get("sha256"), str):
            hashes[record["id"]] = record["sha256"]
    return Predictions(str(path), claims, hashes)


def found_now(gold: Gold, *, model: Path | None = None) -> Predictions:
    """What the pipeline finds in the gold's texts; a text that several articles have is read once.

    Args:
        gold: see there.
        model: a model folder; the shipped model by default.

    Raises:
        ModelError: the model is missing.

    """
    from attribution.pipeline.reader import load_reader

    reader = load_reader(model)
    texts = gold.texts()
    apart = list(dict.fromkeys(texts.values()))
    found: dict[str, Claims] = {}
    for i in range(0, len(apart), _AT_ONCE):
        batch = apart[i : i + _AT_ONCE]
        found.update(zip(batch, reader.read(batch), strict=True))
    return Predictions("the pipeline", {id_: found[text] for id_, text in texts.items()})


def prediction_lines(golds: Iterable[tuple[Gold, Predictions]]) -> Iterator[str]:
    """Lines that ``read_predictions`` reads: id, SHA-256 of the text, claims."""
    for gold, predictions in golds:
        for id_, text in gold.texts().items():
            record = {"id": id_, "sha256": sha256(text), "claims": predictions.of(id_, text)}
            yield json.dumps(record, ensure_ascii=False) + "\n"
