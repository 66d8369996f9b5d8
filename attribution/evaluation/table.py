"""Figures as text for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from attribution.evaluation.bootstrap import Difference, Floats, Tally, intervals, precision_recall_f1
from attribution.evaluation.measure import Change, Changes, Measured
from attribution.evaluation.metrics import BY_GROUP, GROUPINGS, Count, Figure

_ORDER = (
    "content exact", "content overlap", "cue exact", "cue overlap", "source exact", "source overlap", "attribution",
    "attribution exact", "who said what", "who said what exact",
)  # fmt: skip
_NESTED = Figure("nested claims")
_DIRECT = Figure("content exact", "type", "direct")
_SHORT = {"content exact": "exact", "content overlap": "overlap", "who said what": "said what"}
_GROUP, _CELL = 17, 11
_WIDTH = 25


def as_text(measured: Measured) -> str:
    """A table of one gold: overall with intervals, then by type, act, kind and nesting."""
    tally = measured.tally
    many = len(tally.articles) > 1
    gold = f"{len(tally.articles)} articles, 95 % intervals by article" if many else "1 article"
    lines = [f"{measured.name}: {gold}", *_overall(measured), *_by_group(tally)]
    if measured.missing:
        lines.append(f"no prediction for {len(measured.missing)} articles: {', '.join(measured.missing[:5])}")
    return "\n".join(lines)


def _overall(measured: Measured) -> Iterator[str]:
    tally, sure = measured.tally, intervals(measured.tally)
    for figure in _sorted(f for f in tally.figures if not f.by):
        count = tally.total(figure)
        if count.gold and figure != _NESTED:
            low_high = sure[tally.figures.index(figure)]
            yield (_share if "matched" in figure.name else _line)(figure.name, count, low_high)
    for name, figure in (("direct quotations exact", _DIRECT), ("nested claims", _NESTED)):
        count = tally.total(figure)
        if count.gold:
            share = f"R {_prf(count)[1]:.3f}{_range(sure[tally.figures.index(figure)][1])}"
            yield f"{name:{_WIDTH}} {share}  ({count.gold} gold)"
    error = measured.reliability.error()
    if error is not None:
        yield f"{'calibration error':{_WIDTH}} {error:.3f}  ({len(measured.reliability.right)} claims found)"


def _sorted(figures: Iterator[Figure]) -> list[Figure]:
    return sorted(figures, key=lambda f: _ORDER.index(f.name) if f.name in _ORDER else len(_ORDER))


def _line(name: str, count: Count, low_high: Floats) -> str:
    p, r, f = _prf(count)
    return f"{name:{_WIDTH}} P {p:.3f}  R {r:.3f}  F1 {f:.3f}{_range(low_high[2])}  ({count.gold} gold)"


def _share(name: str, count: Count, low_high: Floats) -> str:
    return f"{name:{_WIDTH}} {_prf(count)[1]:.3f}{_range(low_high[1])}  ({count.gold})"


def _range(low_high: Floats) -> str:
    """An interval; nothing for one that says nothing."""
    return "" if tuple(low_high) == (0, 1) else f" [{low_high[0]:.3f}–{low_high[1]:.3f}]"


def _prf(count: Count) -> Floats:
    return precision_recall_f1(np.array(count, np.float64))


def _by_group(tally: Tally) -> Iterator[str]:
    """A block a grouping: recall and F1 of four figures for every group that the gold has."""
    for by in GROUPINGS:
        groups = sorted({f.group for f in tally.figures if f.by == by and tally.total(f).gold})
        if not groups or (by == "nesting" and groups == ["top"]):
            continue
        names = [n for n in BY_GROUP if any(f.name == n and f.by == by for f in tally.figures)]
        yield f"{'by ' + by + ': R F1':{_GROUP}} " + "   ".join(f"{_SHORT.get(n, n):{_CELL}}" for n in names).rstrip()
        for group in groups:
            counts = [tally.total(Figure(n, by, group)) for n in names]
            cells = [f"{_prf(c)[1]:.3f} {_prf(c)[2]:.3f}" if c.gold else "" for c in counts]
            row = "   ".join(f"{c:{_CELL}}" for c in cells).rstrip()
            yield f"  {group:{_GROUP - 2}} {row}  ({counts[0].gold})"


def as_record(measured: Measured) -> dict[str, Any]:
    """The same as JSON: P, R, F, counts and intervals of every figure, overall and by group."""
    tally, sure = measured.tally, intervals(measured.tally)
    overall: dict[str, Any] = {}
    groups: dict[str, dict[str, dict[str, Any]]] = {}
    for figure, low_high in zip(tally.figures, sure, strict=True):
        count = tally.total(figure)
        if count.gold:
            p, r, f = (round(float(x), 6) for x in _prf(count))
            interval = {n: [round(float(x), 6) for x in pair] for n, pair in zip("PRF", low_high, strict=True)}
            counts = {"found": count.found, "right": count.right, "predicted": count.predicted, "gold": count.gold}
            into = groups.setdefault(figure.by, {}).setdefault(figure.group, {}) if figure.by else overall
            into[figure.name] = {"P": p, "R": r, "F": f, **counts, "interval": interval}
    return {
        "name": measured.name, "sha256": measured.fingerprint, "articles": len(tally.articles),
        "missing": list(measured.missing), "figures": overall, "by": groups,
        "calibration error": measured.reliability.error(),
    }  # fmt: skip


def differences_as_text(name: str, old: str, found: Mapping[Figure, Difference]) -> str:
    """How the overall figures have changed, one a line."""
    lines = [f"{name}: F1 now, against {old}"]
    for figure in _sorted(f for f in found if not f.by):
        d = found[figure]
        if d.old or d.new:
            sure = f" [{d.low:+.3f}–{d.high:+.3f}]  p {d.p:.3f}" if (d.low, d.high) != (-1, 1) else ""
            change = f"{d.new - d.old:+.3f}{sure}"
            lines.append(f"{figure.name:{_WIDTH}} {d.old:.3f} → {d.new:.3f}  {change}")
    return "\n".join(lines)


def changes_as_text(changes: Changes) -> str:
    """The gold claims gained and lost, one a line."""
    lines = []
    for what, some in (("gained", changes.gained), ("lost", changes.lost)):
        lines.append(f"{what}: {len(some)} gold claims, by {changes.figure}")
        lines += [f"  {c.article}: {c.speaker or '–'} | {c.cue or '–'} | {_cut(c.content)}" for c in some]
    return "\n".join(lines)


def _cut(words: str) -> str:
    return words if len(words) <= 100 else f"{words[:99]}…"


def comparison_record(old: str, found: Mapping[Figure, Difference], changes: Changes | None) -> dict[str, Any]:
    """Differences and changed claims as JSON."""

    def claims(some: Sequence[Change]) -> list[dict[str, Any]]:
        return [{"article": c.article, "speaker": c.speaker, "cue": c.cue, "content": c.content} for c in some]

    return {
        "old": old,
        "figures": {
            f.name: {"old": d.old, "new": d.new, "low": d.low, "high": d.high, "p": d.p}
            for f, d in found.items() if not f.by
        },
        "by": changes.figure if changes else None,
        "gained": claims(changes.gained) if changes else [],
        "lost": claims(changes.lost) if changes else [],
    }  # fmt: skip
