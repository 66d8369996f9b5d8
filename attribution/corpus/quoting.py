"""Quotations across articles: where one stands, also altered, and which drift."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from attribution.corpus.alignment import Alignment, Wording, aligned, whole
from attribution.corpus.answers import QuoteMatch, StoredClaim, Variant, VariantGroup
from attribution.corpus.reading import COLUMNS, stored_claim
from attribution.corpus.selection import Selection
from attribution.corpus.words import Stemmer
from attribution.errors import QuestionError

if TYPE_CHECKING:
    import duckdb

_TERMS = 12
_FEWEST_TERMS, _PLACES = 4, 300_000
_CANDIDATES = 300


def matches(
    connection: duckdb.DuckDBPyConnection, words: str, selected: Selection, stemmer: Stemmer, *, min_score: float,
    limit: int | None,
) -> list[QuoteMatch]:  # fmt: skip
    """Selected claims that carry a quotation.

    Candidates share the quotation's rarest stems; the ``_CANDIDATES`` wordings that share the most are aligned with it.
    """
    asked = Wording.of(words)
    if not asked.words:
        raise QuestionError(words or "quotation", "no words to look for")
    how: dict[str, Alignment] = {}
    rows = _candidates(connection, sorted(set(stemmer.stems(words))), selected)
    for text in dict.fromkeys(row[1] for row in rows):
        found = aligned(asked, Wording.of(text))
        if found and found.score >= min_score:
            how[text] = found
    fitting = sorted(((-how[text].score, number, text) for number, text in rows if text in how))[:limit]
    stored = _stored(connection, selected, [number for _, number, _ in fitting])
    return [
        QuoteMatch(claim=stored[number], score=-score, carried=how[text].carried, differences=how[text].differences)
        for score, number, text in fitting
        if number in stored
    ]


def _candidates(
    connection: duckdb.DuckDBPyConnection, stems: Sequence[str], selected: Selection
) -> list[tuple[int, str]]:
    """Claims with their words, those of the likeliest wordings, in order of claims."""
    terms = connection.execute(
        """
        SELECT number, n FROM term JOIN (SELECT term, count(*) AS n FROM word WHERE term IN
            (SELECT number FROM term WHERE stem IN (SELECT unnest(?))) GROUP BY term) ON term = number ORDER BY n, number
        """,
        [list(stems)],
    ).fetchall()
    rare = _rare(terms)
    if not rare:
        return []
    least = max(1, (len(rare) + 2) // 4)
    bits = " ".join(f"WHEN {number} THEN {1 << i}" for i, number in enumerate(rare))
    rows: list[tuple[int, str]] = connection.execute(
        f"""
        WITH near AS (
            SELECT claim, bit_count(bit_or(CASE term {bits} END)) AS shared FROM word WHERE term IN ({", ".join(map(str, rare))})
            GROUP BY claim HAVING shared >= {least}
        ), worded AS (
            SELECT c.content, max(n.shared) AS shared, list(c.number) AS numbers FROM near n JOIN claim c ON c.number = n.claim
            GROUP BY c.content ORDER BY shared DESC, min(c.number) LIMIT {_CANDIDATES}
        )
        SELECT unnest(numbers) AS number, content FROM worded ORDER BY number
        """
    ).fetchall()
    return rows


def _rare(terms: Sequence[tuple[int, int]]) -> list[int]:
    """Of terms with their counts, the rarest first, those to look for: few, and not in too many places together."""
    found: list[int] = []
    places = 0
    for number, count in terms[:_TERMS]:
        places += count
        if len(found) >= _FEWEST_TERMS and places > _PLACES:
            break
        found.append(number)
    return found


def _stored(
    connection: duckdb.DuckDBPyConnection, selected: Selection, numbers: Sequence[int]
) -> dict[int, StoredClaim]:
    columns = ", ".join(COLUMNS.values())
    also = f"{selected.where} {'AND' if selected.where else 'WHERE'} number IN (SELECT unnest(?))"
    rows = connection.execute(f"SELECT {columns} FROM {selected.view} {also}", [*selected.parameters, list(numbers)])
    return {claim.number: claim for claim in map(stored_claim, rows.fetchall())}


def variants(connection: duckdb.DuckDBPyConnection, selected: Selection, *, limit: int | None) -> list[VariantGroup]:
    """Families of selected quotations with several wordings in several outlets."""
    rows = connection.execute(
        f"""
        WITH several AS (
            SELECT family FROM quotation GROUP BY family HAVING count(*) > 1
        ), chosen AS MATERIALIZED (
            SELECT q.family, q.number AS wording, c.number, c.outlet
            FROM (SELECT number, outlet FROM {selected.view} {selected.where}) c JOIN quoted t ON t.claim = c.number
            JOIN (SELECT * FROM quotation SEMI JOIN several USING (family)) q ON q.number = t.quotation
        ), drifting AS (
            SELECT family, count(*) AS claims FROM chosen GROUP BY family
            HAVING min(wording) <> max(wording) AND min(outlet) <> max(outlet)
            ORDER BY claims DESC, family {f"LIMIT {int(limit)}" if limit is not None else ""}
        ), shown AS (
            SELECT d.claims, c.* FROM chosen c JOIN drifting d USING (family)
        )
        SELECT s.claims, s.family, s.wording, s.number, s.outlet, c.day, c.person, t.content
        FROM shown s JOIN all_claims c USING (number) JOIN quoted t ON t.claim = s.number AND t.quotation = s.wording
        ORDER BY s.claims DESC, s.family, c.day, s.number, t.content
        """,
        selected.parameters,
    ).fetchall()
    families: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for _, family, *rest in rows:
        families[family].append(tuple(rest))
    return [_group(members) for members in families.values()]


def _group(members: Sequence[tuple[Any, ...]]) -> VariantGroup:
    by_wording: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for member in members:
        by_wording[member[0]].append(member)
    # the most carried wording first; of these the earliest
    ordered = sorted(by_wording.values(), key=lambda m: (-len(m), m[0][3] or date.max, m[0][1]))
    first = Wording.of(ordered[0][0][5])
    return VariantGroup(
        speakers=tuple(sorted({m[4] for m in members if m[4]})),
        claims=len({m[1] for m in members}),
        outlets=len({m[2] for m in members if m[2]}),
        wordings=tuple(_variant(first, wording) for wording in ordered),
    )


def _variant(first: Wording, members: Sequence[tuple[Any, ...]]) -> Variant:
    days = [m[3] for m in members if m[3]]
    return Variant(
        text=members[0][5],
        claims=len({m[1] for m in members}),
        outlets=tuple(sorted({m[2] for m in members if m[2]})),
        first=min(days) if days else None,
        differences=whole(first, Wording.of(members[0][5])),
    )
