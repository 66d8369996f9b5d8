"""Marks and links, as somebody has corrected them, → a gold article.

Gold is what ``attribution evaluate`` and ``attribution train --gold`` read. Whatever cannot be understood is said, all
at once, with its words and place, so that it can be put right in the tool.
"""

from __future__ import annotations

import json
from typing import Any

from attribution.errors import InputError
from attribution.formats.annotation.graph import (
    CHOICES,
    CONTENT,
    INSIDE,
    LABELS,
    LINKS,
    PART,
    SPEAKER,
    Graph,
    Link,
    Mark,
    label_named,
)  # fmt: skip

_SHOWN = 5  # problems said at once


def gold_record(id_: str, graph: Graph, where: str, *, meta: dict[str, Any] | None = None) -> dict[str, Any]:
    """``{"id", "text", "attributions", "meta"}`` of one article, its claims in order of the text.

    Args:
        id_: the article's id.
        graph: its marks and links.
        where: file and document, for errors.
        meta: what else is known of the article.

    Raises:
        InputError: marks or links that make no claim; each is named.

    """
    reading = _Reading(graph)
    claims = reading.claims()
    if reading.problems:
        more = len(reading.problems) - _SHOWN
        said = "; ".join(reading.problems[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")
        raise InputError(where, f"{said}: correct this in the tool and export again")
    return {"id": id_, "text": graph.text, "attributions": claims, "meta": meta or {}}


MALFORMED = (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError)
"""What JSON of another shape than it should have raises where it is read."""


def gold_line(record: dict[str, Any]) -> str:
    """A gold article as a line of JSONL."""
    return json.dumps(record, ensure_ascii=False) + "\n"


class _Reading:
    """One article's marks put together to claims; problems are gathered on the way."""

    def __init__(self, graph: Graph) -> None:
        self.text = graph.text
        self.problems: list[str] = []
        self.marks = {m.id: m for m in graph.marks if self._is_sound(m)}
        self.head = {m.id: m.id for m in self.marks.values() if m.label == CONTENT}
        self.roles: dict[str, list[Mark]] = {id_: [] for id_ in self.head}
        self.parents: list[tuple[str, str]] = []
        self.linked: set[str] = set()
        for link in graph.links:
            self._take(link)

    def _is_sound(self, mark: Mark) -> bool:
        if mark.label not in LABELS:
            self.problems.append(f"{mark.id} is labelled {mark.label!r}, not one of {', '.join(LABELS)}")
            return False
        if not mark.spans or any(not 0 <= s < e <= len(self.text) for s, e in mark.spans):
            self.problems.append(f"the {mark.label} {mark.id} at {list(mark.spans)} lies outside the text")
            return False
        return True

    def _named(self, mark: Mark) -> str:
        (start, end), words = mark.spans[0], " … ".join(self.text[s:e] for s, e in mark.spans)
        short = " ".join(words.split())
        return f"the {mark.label} “{short if len(short) <= 40 else short[:39] + '…'}” at {start}–{end}"

    def _take(self, link: Link) -> None:
        a, b = self.marks.get(link.start), self.marks.get(link.end)
        if a is None or b is None:
            if link.start not in self.marks and link.end not in self.marks:
                return  # both marks were refused already
            known = a or b
            self.problems.append(
                f"a link {link.label!r} from or to {self._named(known)} leads nowhere" if known else ""
            )
            return
        if a.label == b.label == CONTENT:
            self._join_contents(link, a, b)
        elif CONTENT in (a.label, b.label):
            content, other = (a, b) if a.label == CONTENT else (b, a)
            self.roles[content.id].append(other)
            self.linked.add(other.id)
        else:
            self.problems.append(f"a link joins {self._named(a)} and {self._named(b)}: draw it from their Content")

    def _join_contents(self, link: Link, a: Mark, b: Mark) -> None:
        label = label_named(link.label, LINKS)
        if label not in (PART, INSIDE):
            if link.label:
                what = f"a link {link.label!r} joins {self._named(a)} and {self._named(b)}"
                self.problems.append(f"{what}: between Contents there are {PART} and {INSIDE}")
                return
            label = INSIDE if _holds(b, a) or _holds(a, b) else PART
            a, b = (b, a) if _holds(a, b) else (a, b)
        if label == INSIDE:
            self.parents.append((a.id, b.id))
        else:
            new, old = sorted((self._root(a.id), self._root(b.id)), key=lambda i: self.marks[i].spans)
            self.head[old] = new

    def _root(self, id_: str) -> str:
        while self.head[id_] != id_:
            id_ = self.head[id_]
        return id_

    def claims(self) -> list[dict[str, Any]]:
        """The claims, numbered in order of the text."""
        for m in self.marks.values():
            if m.label != CONTENT and m.id not in self.linked:
                self.problems.append(
                    f"{self._named(m)} belongs to no Content: draw a link from its Content, or delete it"
                )
        groups: dict[str, list[Mark]] = {}
        for id_ in self.head:
            groups.setdefault(self._root(id_), []).append(self.marks[id_])
        claims = {root: self._claim(group) for root, group in groups.items()}
        order = sorted(claims, key=lambda root: _place(claims[root]))
        numbers = {root: n for n, root in enumerate(order, 1)}
        parents = self._parents()
        return [
            {"n": numbers[r], **claims[r], "parent": numbers[parents[r]] if r in parents else None} for r in order
        ]  # fmt: skip

    def _parents(self) -> dict[str, str]:
        out: dict[str, str] = {}
        for child, parent in ((self._root(c), self._root(p)) for c, p in self.parents):
            if out.get(child, parent) != parent or child == parent:
                named = self._named(self.marks[child])
                self.problems.append(f"{named} stands {INSIDE} {'itself' if child == parent else 'two claims'}")
            out[child] = parent
        for child, parent in out.items():
            seen, at = {child}, child
            while (at := out.get(at, "")) and at not in seen:
                seen.add(at)
            if at == child and parent != child:
                self.problems.append(
                    f"{self._named(self.marks[child])} stands {INSIDE} a claim that stands {INSIDE} it"
                )
        return out

    def _claim(self, group: list[Mark]) -> dict[str, Any]:
        given = self._attributes(group)
        by_label: dict[str, set[tuple[int, int]]] = {label: set() for label in LABELS}
        for mark in (*group, *(m for g in group for m in self.roles[g.id])):
            by_label[mark.label].update(mark.spans)
        spans = {label.casefold(): [list(s) for s in sorted(found)] for label, found in by_label.items()}
        return {
            "source": spans["source"], "cue": spans["cue"], "content": spans["content"],
            "addressee": spans["addressee"], "type": given.get("type"), "act": given.get("act"),
            "polarity": given.get("polarity", "affirmed"), "speaker": given.get(SPEAKER), "kind": given.get("kind"),
            "to": " … ".join(self.text[s:e] for s, e in spans["addressee"]) or None,
        }  # fmt: skip

    def _attributes(self, group: list[Mark]) -> dict[str, str]:
        out: dict[str, str] = {}
        for mark in group:
            for name, value in mark.attributes.items():
                allowed = CHOICES.get(name)
                if allowed and value not in allowed:
                    self.problems.append(f"{self._named(mark)} has {name} {value!r}, not one of {', '.join(allowed)}")
                elif out.setdefault(name, value) != value:
                    self.problems.append(f"{self._named(mark)} has {name} {value!r}, another piece of it {out[name]!r}")
        return out


def _holds(outer: Mark, inner: Mark) -> bool:
    low, high = outer.spans[0][0], outer.spans[-1][1]
    return outer.spans != inner.spans and low <= inner.spans[0][0] and inner.spans[-1][1] <= high


def _place(claim: dict[str, Any]) -> tuple[int, list[list[int]], list[list[int]]]:
    first = min(claim[role][0][0] for role in ("content", "cue", "source") if claim[role])
    return first, claim["content"], claim["cue"]
