"""What is asked for, as SQL: a condition on the view of claims, with its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attribution.corpus.answers import Filter
from attribution.corpus.words import Stemmer, folded, parsed

if TYPE_CHECKING:
    import duckdb


class Selection:
    """The claims that fit a filter: ``view`` is what to select from, ``where`` and ``parameters`` go together."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, asked: Filter, stemmer: Stemmer) -> None:
        self.view = "all_claims" if asked.old_versions else "claims"
        self.parameters: list[Any] = []
        self._conditions: list[str] = []
        if asked.speaker:
            self._speaker(connection, asked.speaker)
        if asked.about:
            self._about(connection, parsed(asked.about, stemmer))
        if asked.since:
            self._add("day >= ?", asked.since)
        if asked.until:
            self._add("day <= ?", asked.until)
        if asked.outlets:
            self._add("lower(outlet) IN (SELECT unnest(?))", [o.lower() for o in asked.outlets])
        for column, values in (("act", asked.acts), ("type", asked.types), ("kind", asked.kinds)):
            if values:
                self._add(f"{column} IN (SELECT unnest(?))", list(values))
        if asked.min_confidence:
            self._add("confidence >= ?", asked.min_confidence)

    @property
    def where(self) -> str:
        """The condition, with its keyword; empty if everything fits."""
        return f"WHERE {' AND '.join(self._conditions)}" if self._conditions else ""

    def _add(self, condition: str, *values: Any) -> None:
        self._conditions.append(condition)
        self.parameters.extend(values)

    def _speaker(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        """Everybody one form of whose name has all these words; a person's other forms come with it."""
        words = folded(name)
        rows = connection.execute(
            "SELECT w.person_number, s.key FROM who w JOIN speaker s ON s.number = w.speaker"
        ).fetchall()
        people = {person for person, key in rows if set(words) <= set(key.split())} if words else set()
        if not people and words:
            joined = "".join(words)
            people = {person for person, key in rows if joined in key.replace(" ", "")}
        self._add("person_number IN (SELECT unnest(?))", sorted(people))

    def _about(self, connection: duckdb.DuckDBPyConnection, phrases: list[list[str]]) -> None:
        """Claims that hold every phrase, by the index of words."""
        stems = sorted({stem for phrase in phrases for stem in phrase})
        rows = connection.execute("SELECT stem, number FROM term WHERE stem IN (SELECT unnest(?))", [stems]).fetchall()
        terms = dict(rows)
        if len(terms) < len(stems):
            self._add("false")
            return
        for phrase in phrases:
            joins = " ".join(
                f"JOIN word w{i} ON w{i}.claim = w0.claim AND w{i}.position = w0.position + {i} AND w{i}.term = {terms[stem]}"
                for i, stem in enumerate(phrase) if i
            )  # fmt: skip
            self._add(f"number IN (SELECT w0.claim FROM word w0 {joins} WHERE w0.term = {terms[phrase[0]]})")
