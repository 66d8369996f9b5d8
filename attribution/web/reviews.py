"""The file of corrections: gold that ``attribution evaluate`` and ``attribution train --gold`` read.

A line an article, ``{"id", "text", "attributions", "meta"}``. Its ``meta.review`` holds what the tool had found and the
corrections in order: so the last one can be taken back, also after the server or the model has changed.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from attribution.claims import ArticleClaims, Model
from attribution.errors import InputError
from attribution.formats.annotation.gold import gold_line, gold_record
from attribution.formats.annotation.graph import graph_of
from attribution.formats.files import write_lines
from attribution.web.corrections import Add, Change, Correction, Reject, corrected
from attribution.web.problems import ProblemError


class Review(Model):
    """An article as it was found, and its corrections in order."""

    found: ArticleClaims
    corrections: tuple[Correction, ...]

    @property
    def result(self) -> ArticleClaims:
        """The article as corrected."""
        return corrected(self.found, self.corrections)


class Reviews:
    """The file of corrections; read again when another program has changed it, and written as a whole."""

    def __init__(self, path: Path) -> None:
        """Args:
        path: the file; it is made with the first correction.
        """
        self.path = path
        self._lock = threading.Lock()
        self._reviews: dict[str, Review] = {}
        self._others: list[str] = []
        self._seen: tuple[int, int] | None = None

    def get(self, found: ArticleClaims) -> Review | None:
        """The review of an article; None if nothing in it was corrected."""
        with self._lock:
            self._read()
            return self._reviews.get(found.article.sha256)

    def add(self, found: ArticleClaims, correction: Change | Reject | Add) -> Review:
        """Correct an article.

        Args:
            found: the article as the tool found it.
            correction: what is wrong.

        Raises:
            ProblemError: the correction does not fit the article.
            OutputError: the file cannot be written.

        """
        with self._lock:
            self._read()
            key = found.article.sha256
            old = self._reviews.get(key) or Review(found=found, corrections=())
            new = old.model_copy(update={"corrections": (*old.corrections, correction)})
            self._write({**self._reviews, key: new})
            return new

    def undo(self, found: ArticleClaims) -> Change | Reject | Add:
        """Take an article's last correction back and return it.

        Raises:
            ProblemError: nothing in it was corrected.

        """
        with self._lock:
            self._read()
            key = found.article.sha256
            old = self._reviews.get(key)
            if old is None:
                raise ProblemError(409, "there is no correction of this article to take back")
            reviews = {**self._reviews, key: old.model_copy(update={"corrections": old.corrections[:-1]})}
            self._write({k: r for k, r in reviews.items() if r.corrections})
            return old.corrections[-1]

    def lines(self) -> Iterator[str]:
        """The file's lines as they are now."""
        with self._lock:
            self._read()
            lines = [*self._others, *map(_line, self._reviews.values())]
        return iter(lines)

    def __len__(self) -> int:
        with self._lock:
            self._read()
            return len(self._reviews)

    def _read(self) -> None:
        seen = self._state()
        if seen == self._seen:
            return
        self._reviews, self._others = {}, []
        if seen is not None:
            for n, line in enumerate(self.path.read_text(encoding="utf-8").split("\n"), 1):
                if line.strip():
                    self._take(line, n)
        self._seen = seen

    def _take(self, line: str, n: int) -> None:
        try:
            record = json.loads(line)
            review = record["meta"].get("review") if isinstance(record.get("meta"), dict) else None
            if review is None:
                self._others.append(line + "\n")  # gold of another origin stays in the file
            else:
                made = Review.model_validate({**review, "found": _found(review["found"], record["text"])})
                self._reviews[made.found.article.sha256] = made
        except (ValueError, KeyError, TypeError, AttributeError, ValidationError) as error:
            what = str(error).splitlines()[0]
            raise InputError(
                f"{self.path}:{n}", f"no gold article of this program ({what}): mend or move it"
            ) from error

    def _write(self, reviews: dict[str, Review]) -> None:
        lines = [*self._others, *map(_line, reviews.values())]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if lines:
            write_lines(lines, self.path)
        else:
            self.path.unlink(missing_ok=True)
        self._reviews, self._seen = reviews, self._state()

    def _state(self) -> tuple[int, int] | None:
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            return None
        return stat.st_mtime_ns, stat.st_size


def _line(review: Review) -> str:
    result = review.result
    article = result.article
    found = review.found.model_dump(mode="json", by_alias=True)
    found["article"].pop("text")  # it stands in the record
    meta = {"review": {"found": found, "corrections": [c.model_dump(mode="json") for c in review.corrections]}}
    graph = graph_of(article.text, result.claims)
    return gold_line(gold_record(article.id, graph, article.id, meta=meta))


def _found(found: dict[str, Any], text: str) -> dict[str, Any]:
    return {**found, "article": {**found["article"], "text": text}}
