"""Articles in, a comparison out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from attribution.articles.rows import Fields
from attribution.claims import Article, ArticleClaims, Span, Speaker
from attribution.comparison.echoes import Echoes
from attribution.comparison.grouping import Group, grouped, order
from attribution.comparison.identity import same_speakers
from attribution.comparison.models import Column, Comparison, Row
from attribution.comparison.room import rooms
from attribution.comparison.rows import carried, make_row, most_drift_first
from attribution.comparison.units import Unit, make_unit, units_of
from attribution.comparison.words import words_of
from attribution.errors import InputError

MOST = 50


def compare(
    articles: Iterable[str | Path | Article | ArticleClaims], *, model: Path | None = None, workers: int = 1,
    fields: Fields | None = None,
) -> Comparison:  # fmt: skip
    """Lay the claims of 2 to 50 articles side by side.

    >>> found = compare(["wire.txt", "daily.txt"])  # doctest: +SKIP

    The result is the same whatever the order of the articles, but for the order of ``Comparison.articles`` and the
    indices into it.

    Args:
        articles: files, folders, globs; articles; or what ``attribution.extract_many`` gave.
        model: a model folder; the shipped model by default.
        workers: processes for those that have not been read yet.
        fields: names of the fields of rows (JSONL, CSV, TSV, Parquet).

    Raises:
        ValueError: fewer than 2 articles, or more than 50.
        InputError: an input cannot be read.

    """
    found = _read(articles, model, workers, fields)
    if not 2 <= len(found) <= MOST:
        raise ValueError(f"{len(found)} article{'' if len(found) == 1 else 's'} to compare; it takes 2 to {MOST}")
    speakers = same_speakers(s for a in found for s in (c.speaker for c in a.claims))
    units = [u for i, a in enumerate(found) for u in units_of(a, i)]
    groups = _whole_where_alone(grouped(units, speakers), found)
    rows = _rows(groups, found, speakers)
    return Comparison(articles=_columns(found), rows=tuple(rows), rooms=rooms(found, speakers))


def _read(
    given: Iterable[str | Path | Article | ArticleClaims], model: Path | None, workers: int, fields: Fields | None
) -> list[ArticleClaims]:
    """What was given, extracted where it has not been, in order."""
    from attribution.extraction import extract_many

    found: list[ArticleClaims] = []
    waiting: list[str | Path | Article] = []

    def read_waiting() -> None:
        for result in extract_many(waiting, model=model, workers=workers, fields=fields):
            if isinstance(result, InputError):  # extract_many raises it; for the type
                raise result
            found.append(result)
        waiting.clear()

    for item in given:
        if isinstance(item, ArticleClaims):
            read_waiting()
            found.append(item)
        else:
            waiting.append(item)
    read_waiting()
    return found


def _columns(found: Sequence[ArticleClaims]) -> tuple[Column, ...]:
    """The articles, each with a label of its own."""
    names = [a.article.outlet or a.article.id for a in found]
    many = Counter(names)
    labels: list[str] = []
    for name, a in zip(names, found, strict=True):
        label = f"{name}: {a.article.id}" if many[name] > 1 and name != a.article.id else name
        labels.append(label if label not in labels else f"{label} ({len(labels) + 1})")
    return tuple(
        Column(
            article=a.article.ref, label=label, claims=len(a.claims),
            words=len(words_of(a.article.text, [Span(start=0, end=len(a.article.text))])) if a.article.text else 0,
        )
        for a, label in zip(found, labels, strict=True)
    )  # fmt: skip


def _whole_where_alone(groups: Sequence[Group], articles: Sequence[ArticleClaims]) -> list[Group]:
    """Sentences of a quotation that nobody else has become one unit again."""
    alone: dict[tuple[int, str], list[Unit]] = {}
    kept: list[Group] = []
    for group in groups:
        if len(group.units) == 1:
            unit = group.units[0]
            alone.setdefault((unit.article, unit.claim.id), []).append(unit)
        else:
            kept.append(group)
    for (article, _), units in alone.items():
        for run in _runs(sorted(units, key=order), kept):
            spans = tuple(s for u in run for s in u.spans)
            whole = make_unit(
                articles[article].article.text, run[0].claim, spans, article=article, relays=run[0].relays
            )
            unit = whole if whole and len(run) > 1 else run[0]
            kept.append(Group((unit,), unit))
    return kept


def _runs(units: Sequence[Unit], shared: Sequence[Group]) -> list[list[Unit]]:
    """Sentences with no shared one of the same claim between them."""
    between = [
        u.spans[0].start
        for g in shared
        for u in g.units
        if (u.article, u.claim.id) == (units[0].article, units[0].claim.id)
    ]
    runs: list[list[Unit]] = [[units[0]]]
    for unit in units[1:]:
        parted = any(runs[-1][-1].spans[-1].end <= b <= unit.spans[0].start for b in between)
        runs.append([unit]) if parted else runs[-1].append(unit)
    return runs


def _rows(groups: Sequence[Group], found: Sequence[ArticleClaims], speakers: dict[Speaker, Speaker]) -> list[Row]:
    echoes = Echoes(found)
    rows = []
    for group in groups:
        versions = carried(group)
        heard = {v.article for v in versions}
        if len(heard) < len(found):
            versions = sorted([*versions, *echoes.of(group.fullest, heard)], key=lambda v: v.article)
        rows.append(make_row(versions, group.fullest, _speaker(group, speakers), found))
    return sorted(rows, key=most_drift_first)


def _speaker(group: Group, speakers: dict[Speaker, Speaker]) -> Speaker:
    """The speaker under the fullest name; a named one before nobody."""
    known = [speakers[u.claim.speaker] for u in group.units if u.claim.speaker.name]
    return known[0] if known else group.fullest.claim.speaker
