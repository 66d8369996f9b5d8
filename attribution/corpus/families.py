"""Quotations in several wordings: each wording once, and wordings that are near in one family.

Candidates share three words in a row (shingles); of these, wordings are near if they have two thirds of their words in
common, in order. A family is everything that is linked so, directly or by others, and is named by its least member:
in which order and in which batches claims come in makes no difference.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from attribution.corpus.alignment import ratio
from attribution.corpus.arrow import insert, registered
from attribution.corpus.connection import one
from attribution.corpus.words import folded

if TYPE_CHECKING:
    import duckdb

FEWEST_WORDS = 5
"""Shorter quotations are the same by chance."""
NEAR = 2 / 3
_CANDIDATE = 0.3
_LONGEST = 400
_CHUNK = 50_000
_QUOTED_COLUMNS = {"quotation": "uint64", "claim": "int32", "content": "string"}
_QUOTATION_COLUMNS = {"number": "uint64", "words": "string", "family": "uint64"}
_SHINGLE_COLUMNS = {"hash": "uint32", "quotation": "uint64", "size": "uint16"}
_QUOTED = re.compile(r"[“\"„«]([^”\"“»]+)[”\"“»]|(?<!\w)‘(.+?)’(?!\w)")
_FUNCTION = frozenset(
    """
    a an the and or but if of to in on at by for with from as that this these those it its he she they we i you his her
    their our my your him them us me is are was were be been being am do does did have has had will would can could shall
    should may might must not no so there what who which when where how than then s t going go get just very more
    """.split()
)


@dataclass(frozen=True, slots=True)
class Said:
    """A claim as far as quotations go: its number, type and words."""

    claim: int
    type: str
    content: str


def pieces(said: Said) -> list[str]:
    """What is quoted in a claim: a direct one's pieces, of a mixed one what stands in quotation marks."""
    if said.type == "direct":
        return said.content.split(" … ")  # as pieces that stand apart are joined
    if said.type == "mixed":
        return [a or b for a, b in _QUOTED.findall(said.content)]
    return []


def named(words: Sequence[str]) -> int:
    """The name of a wording: a hash of its words."""
    return int.from_bytes(blake2b(" ".join(words).encode(), digest_size=8).digest(), "little")


def shingles(words: Sequence[str]) -> set[int]:
    """Hashes of three words in a row, those of function words alone left out."""
    threes = zip(words, words[1:], words[2:], strict=False)
    return {zlib.crc32(" ".join(t).encode()) for t in threes if not _FUNCTION.issuperset(t)}


def index_all(connection: duckdb.DuckDBPyConnection) -> None:
    """Index the quotations of all claims that are stored."""
    (last,) = one(connection, "SELECT coalesce(max(number), 0) FROM claim")
    for low in range(0, last + 1, _CHUNK):
        rows = connection.execute(
            "SELECT number, type, content FROM claim WHERE number > ? AND number <= ? ORDER BY number",
            [low, low + _CHUNK],
        ).fetchall()
        index(connection, [Said(*row) for row in rows])


def index(connection: duckdb.DuckDBPyConnection, claims: Iterable[Said]) -> None:
    """Index the quotations of new claims, and join families that these bring together."""
    wordings: dict[int, list[str]] = {}
    quoted: list[tuple[int, int, str]] = []
    for said in claims:
        for piece in pieces(said):
            words = folded(piece)[:_LONGEST]
            if len(words) >= FEWEST_WORDS:
                name = named(words)
                wordings[name] = words
                quoted.append((name, said.claim, piece))
    if not quoted:
        return
    insert(connection, "quoted", _QUOTED_COLUMNS, list(zip(*quoted, strict=True)))
    known = _among(connection, list(wordings))
    _add(connection, {name: words for name, words in wordings.items() if name not in known})


def remove_unquoted(connection: duckdb.DuckDBPyConnection, wordings: Sequence[int]) -> None:
    """Remove those of the wordings that no claim quotes, and find anew the families that they were in.

    What is left is as if they had never been there: wordings that only they linked are apart again.
    """
    with registered(connection, {"number": "uint64"}, [wordings]) as view:
        rows = connection.execute(
            f"SELECT number FROM {view} WHERE number NOT IN (SELECT quotation FROM quoted)"
        ).fetchall()
    gone = {number for (number,) in rows}
    with registered(connection, {"number": "uint64"}, [sorted(gone)]) as view:
        shaken = connection.execute(
            f"""
            SELECT number, words FROM quotation
            WHERE family IN (SELECT family FROM quotation SEMI JOIN {view} USING (number))
            """
        ).fetchall()
    with registered(connection, {"number": "uint64"}, [[number for number, _ in shaken]]) as view:
        for table, column in (("quotation", "number"), ("shingle", "quotation")):
            connection.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT number FROM {view})")
    _add(connection, {number: words.split(" ") for number, words in shaken if number not in gone})


def _add(connection: duckdb.DuckDBPyConnection, new: dict[int, list[str]]) -> None:
    """Store wordings that are not there, each in its family."""
    if not new:
        return
    rows = [
        (hash_, name, len(found))
        for name, words in new.items()
        for found in [shingles(words)]
        for hash_ in sorted(found)
    ]
    family = {name: name for name in new}
    if rows:
        columns = list(zip(*rows, strict=True))
        insert(connection, "shingle", _SHINGLE_COLUMNS, columns, order="hash")
        family = _families(connection, columns, new)
    values: list[list[Any]] = [list(new), [" ".join(words) for words in new.values()], [family[name] for name in new]]
    insert(connection, "quotation", _QUOTATION_COLUMNS, values)


def _among(connection: duckdb.DuckDBPyConnection, names: list[int]) -> set[int]:
    with registered(connection, {"number": "uint64"}, [names]) as view:
        return {
            n for (n,) in connection.execute(f"SELECT number FROM quotation SEMI JOIN {view} USING (number)").fetchall()
        }


def _families(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[Sequence[int]], new: dict[int, list[str]]
) -> dict[int, int]:
    """The family of each new wording; those of stored ones are changed where new ones join them."""
    with registered(connection, _SHINGLE_COLUMNS, columns) as view:
        pairs = connection.execute(
            f"""
            SELECT n.quotation, s.quotation FROM {view} n JOIN shingle s USING (hash)
            WHERE n.quotation <> s.quotation AND least(n.size, s.size) * 2 + 4 >= greatest(n.size, s.size)
            GROUP BY n.quotation, s.quotation, n.size, s.size HAVING count(*) >= {_CANDIDATE} * least(n.size, s.size)
            """
        ).fetchall()
    stored = _stored(connection, sorted({other for _, other in pairs} - new.keys()))
    home = {name: name for name in new} | {f: f for _, f in stored.values()}

    def root(x: int) -> int:
        while home[x] != x:
            home[x] = home[home[x]]
            x = home[x]
        return x

    for name, other in pairs:
        if other in new and other < name:
            continue  # the pair stands there both ways
        words, its = (new[other], other) if other in new else stored[other]
        one, two = sorted((root(name), root(its)))
        if one != two and ratio(new[name], words) >= NEAR:
            home[two] = one
    moved = [(f, root(f)) for f in {f for _, f in stored.values()} if root(f) != f]
    if moved:
        with registered(connection, {"old": "uint64", "new": "uint64"}, list(zip(*moved, strict=True))) as view:
            connection.execute(f"UPDATE quotation SET family = m.new FROM {view} m WHERE family = m.old")
    return {name: root(name) for name in new}


def _stored(connection: duckdb.DuckDBPyConnection, names: list[int]) -> dict[int, tuple[list[str], int]]:
    if not names:
        return {}
    with registered(connection, {"number": "uint64"}, [names]) as view:
        rows = connection.execute(
            f"SELECT number, words, family FROM quotation SEMI JOIN {view} USING (number)"
        ).fetchall()
    return {number: (words.split(" "), family) for number, words, family in rows}
