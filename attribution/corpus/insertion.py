"""Articles and their claims into the tables: which are new, then all of a batch in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from attribution.claims import Article, ArticleClaims, ArticleRef, Claim, Speaker
from attribution.corpus import families, replacing
from attribution.corpus.answers import Added
from attribution.corpus.arrow import insert, registered
from attribution.corpus.connection import one, transaction
from attribution.corpus.identity import article_key, speaker_key
from attribution.corpus.words import Stemmer, positions

if TYPE_CHECKING:
    import duckdb

_TEXT, _INT = "string", "int32"
_ARTICLE = {
    "number": _INT, "key": _TEXT, "version": _INT, "current": "bool", "id": _TEXT, "title": _TEXT, "file": _TEXT,
    "sha256": _TEXT, "outlet": _TEXT, "published": _TEXT, "day": "date32", "url": _TEXT, "text": _TEXT, "record": _TEXT,
    "made_by": _TEXT,
}  # fmt: skip
_CLAIM = {
    "number": _INT, "article": _INT, "speaker": _INT, "id": _TEXT, "role": _TEXT, "affiliation": _TEXT, "source": _TEXT,
    "cue": _TEXT, "lemma": _TEXT, "content": _TEXT, "addressee": _TEXT, "type": _TEXT, "act": _TEXT, "polarity": _TEXT,
    "block": _TEXT, "paragraph": _INT, "start": _INT, "end": _INT, "confidence": "float64", "parent": _TEXT, "record": _TEXT,
}  # fmt: skip
_SPEAKER = {"number": _INT, "name": _TEXT, "kind": _TEXT, "key": _TEXT, "surname": _TEXT}
_AROUND = 32  # characters that a selector holds before and after its words


@dataclass(frozen=True, slots=True)
class SpeakerRow:
    """A form of a name."""

    name: str
    kind: str
    key: str
    surname: str | None


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim as it is stored; ``values`` are those of the table from ``id`` on."""

    speaker: SpeakerRow
    content: str
    type: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article as it is stored; ``values`` are those of the table from ``id`` up to ``record``.

    ``made_by`` tells with what its claims were found; None if nobody knows.
    """

    key: str
    sha256: str
    same: tuple[str, str | None, str | None]
    values: tuple[Any, ...]
    record: str
    made_by: str | None
    claims: Sequence[ClaimRow] = field(default=())

    @property
    def text(self) -> str | None:
        """The article's text; None if it came without."""
        text: str | None = self.values[-1]
        return text


def article_row(found: ArticleClaims, *, made_by: str | None = None) -> ArticleRow:
    """An article with its claims as rows; ``made_by`` tells with what they were found."""
    a = found.article
    own = set(ArticleRef.model_fields) | {"text"}
    rest = a.model_dump(mode="json", exclude=own, exclude_defaults=True)
    if found.speakers != speakers_of(found.claims):
        rest["speakers"] = [s.model_dump(mode="json") for s in found.speakers]
    values = (
        a.id, a.title, a.source, a.sha256, a.outlet, a.published, _day(a.published), a.url, a.text or None,
    )  # fmt: skip
    claims = tuple(_claim_row(a, claim) for claim in found.claims)
    record = json.dumps(rest, ensure_ascii=False)
    return ArticleRow(article_key(a), a.sha256, (a.id, a.outlet, a.url), values, record, made_by, claims)


def speakers_of(claims: Iterable[Claim]) -> tuple[Speaker, ...]:
    """Who makes claims, each once, in the order of their first."""
    return tuple({c.speaker.id: c.speaker for c in claims if c.speaker.name}.values())


def _day(published: str | None) -> date | None:
    """The day of a date or time in ISO 8601, as its own clock has it."""
    try:
        return date.fromisoformat(published[:10]) if published else None
    except ValueError:
        return None


def _claim_row(article: Article, c: Claim) -> ClaimRow:
    s = c.speaker
    record = c.model_dump(mode="json", by_alias=True, exclude={"article"})
    if article.text and record["selectors"] == selectors(article.text, record):
        del record["selectors"]  # the text has it
    values = (
        c.id, s.role, s.affiliation, c.source.text if c.source else None, c.cue.text if c.cue else None,
        c.cue.lemma if c.cue else None, c.content.text, c.addressee.text if c.addressee else None, c.type, c.act, c.polarity,
        c.block, c.paragraph, c.content.spans[0].start, c.content.spans[-1].end, c.confidence, c.parent,
        json.dumps(record, ensure_ascii=False, separators=(",", ":")),
    )  # fmt: skip
    return ClaimRow(SpeakerRow(s.name, s.kind, *speaker_key(s)), c.content.text, c.type, values)


def selectors(text: str, record: dict[str, Any]) -> list[dict[str, Any]]:
    """The selectors of a claim's content as the text gives them."""
    found = []
    for span in record["content"]["spans"]:
        start, end = span["start"], span["end"]
        quote = {
            "exact": text[start:end],
            "prefix": text[max(0, start - _AROUND) : start],
            "suffix": text[end : end + _AROUND],
        }
        found.append({"position": {"start": start, "end": end}, "quote": quote})
    return found


def add_rows(
    connection: duckdb.DuckDBPyConnection, rows: Sequence[ArticleRow], stemmer: Stemmer, where: str, *, again: bool = False
) -> Added:  # fmt: skip
    """Store the articles that are new, with all that belongs to them, or on an error none.

    With ``again`` also replace the claims of known articles, where these were found with something else.

    Raises:
        StoreError: they cannot be written.

    """
    with transaction(connection, where):
        known = _Known(connection, rows)
        outdated = replacing.differing(connection, known.outdated(rows)) if again else {}
        new = [(row, known.version(row)) for row in rows if not known.has(row)]
        if new:
            _insert(connection, new, known, stemmer)
        if outdated:
            _replace(connection, outdated, stemmer)
    claims = sum(len(row.claims) for row in [*(row for row, _ in new), *outdated.values()])
    versions = sum(version > 1 for _, version in new)
    return Added(
        new=len(new) - versions, versions=versions, known=len(rows) - len(new) - len(outdated), replaced=len(outdated),
        claims=claims,
    )  # fmt: skip


class _Known:
    """What the store has of the articles of a batch, and what the batch itself brought so far."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, rows: Sequence[ArticleRow]) -> None:
        columns = {"key": "string", "sha256": "string"}
        with registered(connection, columns, [[r.key for r in rows], [r.sha256 for r in rows]]) as view:
            stored = connection.execute(
                f"""
                SELECT key, sha256, version, number, made_by, id, outlet, url FROM article
                WHERE key IN (SELECT key FROM {view}) OR sha256 IN (SELECT sha256 FROM {view}) ORDER BY number
                """
            ).fetchall()
        self._texts: dict[
            tuple[Any, ...], tuple[int | None, str | None]
        ] = {}  # number and made_by; None: of this batch
        self._versions: dict[str, int] = {}
        self.replaced: list[int] = []
        self._numbers: dict[str, int] = {}
        for key, sha256, version, number, made_by, *same in stored:
            self._texts |= dict.fromkeys([(key, sha256), (sha256, *same)], (number, made_by))
            self._versions[key] = version
            self._numbers[key] = number

    def has(self, row: ArticleRow) -> bool:
        """True if this text of this article is there, now or in an older version."""
        return (row.key, row.sha256) in self._texts or (row.sha256, *row.same) in self._texts

    def is_outdated(self, row: ArticleRow) -> bool:
        """True if the claims of this text were found with something else than the row's, or nobody knows with what."""
        return bool(self.outdated([row]))

    def outdated(self, rows: Iterable[ArticleRow]) -> dict[int, ArticleRow]:
        """The rows whose texts have claims that were found with something else, by the number of the stored article."""
        found = {}
        for row in rows:
            there = self._texts.get((row.key, row.sha256)) or self._texts.get((row.sha256, *row.same))
            number, made_by = there or (None, None)
            if number is not None and (made_by is None or made_by != row.made_by):
                found[number] = row
        return found

    def version(self, row: ArticleRow) -> int:
        """The version that a new text is of its article."""
        self._texts |= dict.fromkeys([(row.key, row.sha256), (row.sha256, *row.same)], (None, row.made_by))
        if row.key in self._numbers:
            self.replaced.append(self._numbers.pop(row.key))
        self._versions[row.key] = self._versions.get(row.key, 0) + 1
        return self._versions[row.key]


def is_known(
    connection: duckdb.DuckDBPyConnection, articles: Sequence[Article], *, made_by: str | None = None
) -> list[bool]:
    """For each article whether the store has it; texts are compared by their hash.

    With ``made_by`` only if its claims were found with that.
    """
    rows = [article_row(ArticleClaims(article=a, claims=(), speakers=()), made_by=made_by) for a in articles]
    known = _Known(connection, rows)
    return [known.has(row) and (made_by is None or not known.is_outdated(row)) for row in rows]


def _replace(connection: duckdb.DuckDBPyConnection, outdated: dict[int, ArticleRow], stemmer: Stemmer) -> None:
    """Give stored articles the claims of their rows instead of those that they have."""
    wordings = replacing.remove_claims(connection, list(outdated))
    replacing.update_articles(
        connection, [(number, row.text, row.record, row.made_by) for number, row in outdated.items()]
    )
    claims = [(number, claim) for number, row in outdated.items() for claim in row.claims]
    if claims:
        _insert_claims(connection, claims, stemmer)
    replacing.tidy(connection, wordings)


def _insert(
    connection: duckdb.DuckDBPyConnection, new: Sequence[tuple[ArticleRow, int]], known: _Known, stemmer: Stemmer
) -> None:
    if known.replaced:
        connection.execute("UPDATE article SET current = false WHERE number IN (SELECT unnest(?))", [known.replaced])
    first = _next(connection, "article")
    last_of = {row.key: version for row, version in new}
    values = [
        (number, row.key, version, version == last_of[row.key], *row.values, row.record, row.made_by)
        for number, (row, version) in enumerate(new, first)
    ]
    insert(connection, "article", _ARTICLE, list(zip(*values, strict=True)))
    claims = [(number, claim) for number, (row, _) in enumerate(new, first) for claim in row.claims]
    if claims:
        _insert_claims(connection, claims, stemmer)


def _insert_claims(
    connection: duckdb.DuckDBPyConnection, claims: Sequence[tuple[int, ClaimRow]], stemmer: Stemmer
) -> None:
    speakers = _speaker_numbers(connection, dict.fromkeys(claim.speaker for _, claim in claims))
    first = _next(connection, "claim")
    values = [
        (number, article, speakers[claim.speaker], *claim.values)
        for number, (article, claim) in enumerate(claims, first)
    ]
    insert(connection, "claim", _CLAIM, list(zip(*values, strict=True)))
    _index_words(connection, ((n, claim.content) for n, (_, claim) in enumerate(claims, first)), stemmer)
    families.index(connection, [families.Said(n, c.type, c.content) for n, (_, c) in enumerate(claims, first)])


def _index_words(connection: duckdb.DuckDBPyConnection, contents: Iterable[tuple[int, str]], stemmer: Stemmer) -> None:
    places = [(stem, claim, at) for claim, content in contents for stem, at in positions(stemmer.stems(content))]
    if not places:
        return
    terms = _term_numbers(connection, dict.fromkeys(stem for stem, _, _ in places))
    columns = [[terms[stem] for stem, _, _ in places], [claim for _, claim, _ in places], [at for _, _, at in places]]
    # by term: a search then reads few blocks of the table
    insert(
        connection, "word", {"term": _INT, "claim": _INT, "position": "uint16"}, columns, order="term, claim, position"
    )


def _speaker_numbers(connection: duckdb.DuckDBPyConnection, rows: Iterable[SpeakerRow]) -> dict[SpeakerRow, int]:
    wanted = list(rows)
    with registered(
        connection, {"name": _TEXT, "kind": _TEXT}, [[r.name for r in wanted], [r.kind for r in wanted]]
    ) as view:
        stored = connection.execute(
            f"SELECT s.name, s.kind, s.number FROM speaker s SEMI JOIN {view} USING (name, kind)"
        ).fetchall()
    numbers = {(name, kind): number for name, kind, number in stored}
    new = [row for row in wanted if (row.name, row.kind) not in numbers]
    if new:
        first = _next(connection, "speaker")
        numbers |= {(row.name, row.kind): number for number, row in enumerate(new, first)}
        values = [(n, r.name, r.kind, r.key, r.surname) for n, r in enumerate(new, first)]
        insert(connection, "speaker", _SPEAKER, list(zip(*values, strict=True)))
    return {row: numbers[row.name, row.kind] for row in wanted}


def _term_numbers(connection: duckdb.DuckDBPyConnection, stems: Iterable[str]) -> dict[str, int]:
    wanted = list(stems)
    with registered(connection, {"stem": _TEXT}, [wanted]) as view:
        numbers = dict(connection.execute(f"SELECT stem, number FROM term SEMI JOIN {view} USING (stem)").fetchall())
    new = [stem for stem in wanted if stem not in numbers]
    if new:
        first = _next(connection, "term")
        insert(connection, "term", {"number": _INT, "stem": _TEXT}, [range(first, first + len(new)), new])
        numbers |= {stem: number for number, stem in enumerate(new, first)}
    return numbers


def _next(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    (last,) = one(connection, f"SELECT coalesce(max(number), 0) FROM {table}")
    return int(last) + 1
