"""The quality gate: figures that may not fall, each for the very gold that it was measured on.

A file of floors is JSON: by gold (its path, seen from the file), the SHA-256 of the gold and the least F1 of each figure.
Floors go up by ``raised``; down only if that is asked for. On other gold they mean nothing, so a changed gold fails.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from attribution.errors import InputError
from attribution.evaluation.bootstrap import precision_recall_f1
from attribution.evaluation.measure import Measured
from attribution.evaluation.metrics import Figure

MARGIN = 0.01
"""How far a floor lies below the measured figure, or by one gold claim where that is more: processors round differently,
and some claims stand on the edge."""
FLOORED = (
    "content exact", "content overlap", "cue exact", "source exact", "attribution", "who said what",
    "type of matched claims", "act of matched claims", "addressee", "nested claims", "source exact, tokens",
    "cue exact, tokens", "content exact, tokens",
)  # fmt: skip
Floors = dict[str, dict[str, Any]]


def read_floors(path: Path) -> Floors:
    """Floors by gold: ``{"gold": {"sha256": "…", "top": false, "floors": {"attribution": 0.9}}}``.

    Raises:
        InputError: the file is missing or of another form.

    """
    try:
        floors = json.loads(path.read_text(encoding="utf-8"))
        for entry in floors.values():
            if not isinstance(entry["sha256"], str) or not all(0 <= f <= 1 for f in entry["floors"].values()):
                raise ValueError("a floor is no number from 0 to 1, or sha256 no string")
    except FileNotFoundError:
        raise InputError(str(path), "no such file: --raise-floors makes one") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(str(path), f"no file of floors ({error!r})") from error
    result: Floors = floors
    return result


def write_floors(path: Path, floors: Floors) -> None:
    """Write floors, sorted, so that a change shows as one in the version control."""
    path.write_text(json.dumps(floors, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def key(gold: str, path: Path) -> str:
    """What a gold is called in a file of floors: its path from there, with slashes."""
    return Path(os.path.relpath(gold, path.parent)).as_posix()


def figures(measured: Measured) -> dict[str, float]:
    """F1 of the figures that have floors, as far as the gold has them; of nested claims the recall."""
    counts = {name: measured.tally.total(Figure(name)) for name in FLOORED}
    column = {"nested claims": 1}
    return {
        name: float(precision_recall_f1(_array(c))[column.get(name, 2)]) for name, c in counts.items() if c.gold
    }  # fmt: skip


def _array(count: Iterable[int]) -> Any:
    import numpy as np

    return np.array(tuple(count), np.float64)


def missed(floors: Floors, measured: Sequence[Measured], path: Path, *, top: bool = False) -> list[str]:
    """What does not hold, each in a line; empty if all is well.

    Args:
        floors: of the file ``path``.
        measured: the golds measured; each must have floors.
        path: where the floors stand.
        top: whether nested claims were left out.

    """
    out = []
    for m in measured:
        name = key(m.name, path)
        entry = floors.get(name)
        if entry is None:
            out.append(f"{name}: no floors for it in {path}; --raise-floors sets them")
            continue
        if entry["sha256"] != m.fingerprint:
            out.append(
                f"{name}: the gold is not what the floors hold for (SHA-256 {m.fingerprint[:12]}…, not {entry['sha256'][:12]}…)"
            )
            continue
        if bool(entry.get("top")) != top:
            out.append(f"{name}: the floors hold {'with' if entry.get('top') else 'without'} --top")
            continue
        now = figures(m)
        for figure, floor in entry["floors"].items():
            if now.get(figure, 0.0) < floor:
                out.append(f"{name}: {figure} is {now.get(figure, 0.0):.3f}, the floor {floor:.3f}")
    return out


def raised(
    floors: Floors, measured: Sequence[Measured], path: Path, *, top: bool = False, lower: bool = False
) -> Floors:
    """Floors as high as the figures now allow, none lower than before.

    Args:
        floors: as they are.
        measured: the golds measured; others keep their floors.
        path: the file of floors, from which golds are named.
        top: whether nested claims were left out.
        lower: let floors go down, and golds be others than before.

    Raises:
        InputError: a figure is below its floor, or a gold has changed, and ``lower`` is not given.

    """
    known = {key(m.name, path) for m in measured} & set(floors)
    problems = missed({k: floors[k] for k in known}, [m for m in measured if key(m.name, path) in known], path, top=top)
    if problems and not lower:
        raise InputError(str(path), f"floors never go down silently: {'; '.join(problems)}. --lower-floors allows it")
    out = dict(floors)
    for m in measured:
        name = key(m.name, path)
        before = {} if lower else floors.get(name, {}).get("floors", {})
        now = {f: _below(v, m.tally.total(Figure(f)).gold) for f, v in figures(m).items()}
        higher = {f: max(v, before.get(f, 0.0)) for f, v in now.items()}
        out[name] = {"sha256": m.fingerprint, "floors": {**before, **higher}}
        if top:
            out[name]["top"] = True
    return out


def _below(figure: float, gold: int) -> float:
    """The floor under a figure that is counted over so many gold claims, in thousandths."""
    return max(0.0, math.floor(round((figure - max(MARGIN, 1 / gold)) * 1000, 6)) / 1000)
