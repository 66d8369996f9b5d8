"""Articles with inline marks (.gold) → training articles.

A file holds articles parted by a line of ``=====``. An article is a header, a line ``-----`` and the text, in which
``<s1>source</s1> <c1>cue</c1> <q1>content</q1>`` mark the parts of claim 1; marks may nest and repeat. Header lines
are ``key: value``, or ``1: speaker=…; kind=person; type=direct; act=statement; parent=3; to=reporters``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attribution.errors import InputError

_TAG = re.compile(r"<(/?)([scq])(\d+)>")
_ROLE = {"s": "source", "c": "cue", "q": "content"}


def read_gold(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the articles of a .gold file as ``{"id", "text", "attributions", "meta"}``, offsets in code points.

    Raises:
        InputError: where marks and header do not fit.

    """
    for n, raw in enumerate(re.split(r"\n?=====\n", path.read_text(encoding="utf-8"))):
        if raw.strip():
            yield _article(raw, f"{path} article {n + 1}")


def _article(raw: str, where: str) -> dict[str, Any]:
    head, found, body = raw.partition("\n-----\n")
    if not found:
        raise InputError(where, "no line ----- between header and text")
    meta: dict[str, str] = {}
    claims: dict[str, dict[str, str]] = {}
    for line in head.strip().splitlines():
        key, _, value = (part.strip() for part in line.partition(":"))
        if key.isdigit():
            fields = (f.split("=", 1) for f in value.split(";") if "=" in f)
            claims[key] = {k.strip(): v.strip() for k, v in fields}
        else:
            meta[key] = value
    text, spans = _strip_marks(body.strip("\n"), where)
    if set(spans) != set(claims):
        raise InputError(where, f"header and marks differ on claims {sorted(set(spans) ^ set(claims))}")
    attributions = [
        {
            "n": int(n), **{role: spans[n].get(tag, []) for tag, role in _ROLE.items()},
            "type": claims[n].get("type"), "speaker": claims[n].get("speaker"), "kind": claims[n].get("kind"),
            "act": claims[n].get("act"), "to": claims[n].get("to"),
            "parent": int(claims[n]["parent"]) if claims[n].get("parent") else None,
        }
        for n in sorted(claims, key=int)
    ]  # fmt: skip
    return {"id": meta.get("id", where), "text": text, "attributions": attributions, "meta": meta}


def _strip_marks(body: str, where: str) -> tuple[str, dict[str, dict[str, list[list[int]]]]]:
    parts: list[str] = []
    spans: dict[str, dict[str, list[list[int]]]] = {}
    opened: dict[tuple[str, str], int] = {}
    at = length = 0
    for m in _TAG.finditer(body):
        parts.append(body[at : m.start()])
        length += m.start() - at
        at = m.end()
        closing, role, n = m.groups()
        if not closing:
            if (role, n) in opened:
                raise InputError(where, f"{m.group()} is opened twice")
            opened[role, n] = length
        else:
            start = opened.pop((role, n), None)
            if start is None:
                raise InputError(where, f"{m.group()} closes what is not open")
            spans.setdefault(n, {}).setdefault(role, []).append([start, length])
    if opened:
        raise InputError(where, f"left open: {sorted(opened)}")
    return "".join([*parts, body[at:]]), spans
