"""What differs in wording: stretches and changes of a version against the row's fullest version."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from attribution.claims import Passage, Span
from attribution.comparison.alignment import Op
from attribution.comparison.models import Alignment, Change, ChangeKind, Stretch
from attribution.comparison.scoring import is_change
from attribution.comparison.words import Word


def changes(
    ops: Sequence[Op], fullest: Sequence[Word], here: Sequence[Word], fullest_text: str, here_text: str
) -> tuple[Change, ...]:
    """The changes of ``here`` against ``fullest``; leaving out at an end or at an ellipsis is none."""
    found = []
    for i, op in enumerate(ops):
        if is_change(op, i, ops, here):
            kind: ChangeKind = "replaced" if op.kind == "replaced" else "added" if op.kind == "added" else "dropped"
            found.append(
                Change(
                    kind=kind,
                    fullest=passage_of(fullest_text, fullest[op.a[0] : op.a[1]]),
                    here=passage_of(here_text, here[op.b[0] : op.b[1]]),
                )
            )
    return tuple(found)


def slots(ops: Sequence[Op]) -> tuple[Op, ...]:
    """Of a paraphrase's operations those that show: a word or two for another between words that stay."""
    found = []
    for i, op in enumerate(ops):
        flanked = 0 < i < len(ops) - 1 and ops[i - 1].kind == ops[i + 1].kind == "same"
        small = op.kind == "replaced" and max(op.a[1] - op.a[0], op.b[1] - op.b[0]) <= 2
        found.append(op if op.kind == "same" or (flanked and small) else Op("same", op.a, op.b))
    return tuple(found)


def passage_of(text: str, words: Sequence[Word]) -> Passage | None:
    """The text from the first to the last of some words, in pieces where the content is."""
    if not words:
        return None
    pieces: list[list[Word]] = [[]]
    for w in words:
        if pieces[-1] and w.gap:
            pieces.append([])
        pieces[-1].append(w)
    spans = tuple(Span(start=p[0].start, end=p[-1].end) for p in pieces)
    return Passage(text=" … ".join(text[s.start : s.end] for s in spans), spans=spans)


def states_here(ops: Sequence[Op], words: int) -> list[Alignment]:
    """The state of each word of a version."""
    states: list[Alignment] = ["same"] * words
    for op in ops:
        for j in range(*op.b):
            states[j] = "same" if op.kind == "same" else "changed" if op.kind == "replaced" else "added"
    return states


def states_of_fullest(every: Sequence[tuple[Sequence[Op], Sequence[Word]]], words: int) -> list[Alignment]:
    """The state of each word of the fullest version against all the others together."""
    states: list[Alignment] = ["same"] * words
    for ops, here in every:
        for i, op in enumerate(ops):
            if is_change(op, i, ops, here):
                for k in range(*op.a):
                    if states[k] != "changed":
                        states[k] = "changed" if op.kind == "replaced" else "added"
    return states


def stretches(
    text: str, spans: Sequence[Span], words: Sequence[Word], states: Sequence[Alignment]
) -> tuple[Stretch, ...]:
    """The whole version in stretches of one state; what stands between two alike words belongs to them."""
    found: list[Stretch] = []
    for span in spans:
        inside = [(w, s) for w, s in zip(words, states, strict=True) if span.start <= w.start < span.end]
        cuts: list[tuple[int, Alignment]] = [(span.start, "same")]
        last: Alignment = "same"
        end = span.start
        for w, state in inside:
            if state != last:
                # marks and blanks between a same and another stretch are the same one's
                cuts.append((w.start if state != "same" else end, state))
            last, end = state, w.end
        if last != "same":
            cuts.append((end, "same"))
        edges = [*cuts, (span.end, "same")]
        for (start, state), (stop, _) in pairwise(edges):
            if stop > start:
                found.append(Stretch(text=text[start:stop], start=start, end=stop, state=state))
    return tuple(found)
