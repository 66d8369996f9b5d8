"""Universal Dependencies treebanks as running text: words with their places, parts of speech and lemmas.

Source: CoNLL-U, https://universaldependencies.org/format.html. spaCy's own converter knows neither documents nor
paragraphs, and puts blanks into contractions ("do n't"), so that its texts are not those that somebody wrote.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from attribution.errors import InputError

Row = list[str]


class Word(NamedTuple):
    """A syntactic word: its half-open place in the text, form, part of speech (UPOS) and lemma.

    ``part`` and ``lemma`` are "" where a contraction cannot be parted by its letters ("ain't" that stands for "is not").
    """

    start: int
    end: int
    form: str
    part: str
    lemma: str


@dataclass(frozen=True, slots=True)
class Tree:
    """A document: its text, words in order, and where its sentences start (code points)."""

    text: str
    words: tuple[Word, ...]
    starts: tuple[int, ...]

    def sentences(self) -> Iterator[tuple[Word, ...]]:
        """The words of each sentence."""
        edges = [*(bisect_left(self.words, s, key=lambda w: w.start) for s in self.starts), len(self.words)]
        return (self.words[a:b] for a, b in pairwise(edges))


def read_trees(path: Path) -> list[Tree]:
    """The documents of a CoNLL-U file; paragraphs stand in lines of their own, sentences apart by a blank.

    Raises:
        InputError: no such file, or a line that has not ten columns.

    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        raise InputError(str(path), "no such file") from None
    out: list[Tree] = []
    text, words, starts = "", list[Word](), list[int]()
    for comments, rows in _sentences(lines, path):
        if words and any(c.startswith("# newdoc") for c in comments):
            out.append(Tree(text, tuple(words), tuple(starts)))
            text, words, starts = "", [], []
        if text:
            text = text.rstrip() + ("\n" if any(c.startswith("# newpar") for c in comments) else " ")
        starts.append(len(text))
        for row, parts in _tokens(rows):
            words.extend(_words(row[1], parts, len(text)))
            text += row[1] + ("" if "SpaceAfter=No" in row[9].split("|") else " ")
    if words:
        out.append(Tree(text, tuple(words), tuple(starts)))
    return out


def _sentences(lines: Sequence[str], path: Path) -> Iterator[tuple[list[str], list[Row]]]:
    comments: list[str] = []
    rows: list[Row] = []
    for n, line in enumerate([*lines, ""], 1):
        if line.startswith("#"):
            comments.append(line)
        elif line.strip():
            rows.append(line.split("\t"))
            if len(rows[-1]) != 10:
                raise InputError(f"{path}:{n}", f"{len(rows[-1])} columns; CoNLL-U has 10, parted by tabs")
        elif rows:
            yield comments, rows
            comments, rows = [], []


def _tokens(rows: Sequence[Row]) -> Iterator[tuple[Row, list[Row]]]:
    """Each token of the text with the syntactic words that it stands for; empty nodes are left out."""
    covered = 0
    for row in rows:
        if "-" in row[0]:
            first, last = map(int, row[0].split("-"))
            covered = last
            yield row, [r for r in rows if r[0].isdigit() and first <= int(r[0]) <= last]
        elif row[0].isdigit() and int(row[0]) > covered:
            yield row, [row]


def _words(surface: str, parts: Sequence[Row], at: int) -> Iterator[Word]:
    if "".join(p[1] for p in parts) != surface:
        yield Word(at, at + len(surface), surface, "", "")
        return
    for p in parts:
        lemma = p[1] if p[2] == "_" else p[2]  # of a word written in two, the second half has no lemma
        yield Word(at, at + len(p[1]), p[1], p[3], lemma)
        at += len(p[1])
