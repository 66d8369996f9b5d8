"""Make ``attribution/comparison/data/relations.npz``: what WordNet 3.0 knows of common words, in a small table.

    python benchmarks/word_relations.py DICT     # the folder of data.noun, index.noun, …: of Debian's "wordnet-base", or of Princeton

A word's common meanings (synsets), what each is a kind of, the opposites of meanings, and the links of nouns, adjectives and
adverbs to the verbs and adjectives that they are made of. Words are base forms as ``attribution.comparison.forms`` makes them: make
the table again when those change. WordNet's licence asks for its notice, ``relations.txt`` beside the table.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_LZMA, ZipFile

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from attribution.comparison.forms import lemma, spelling  # noqa: E402
from attribution.comparison.vectors import _table  # noqa: E402
from attribution.comparison.words import FUNCTION  # noqa: E402

PARTS = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
MOST, MOST_OF_PHRASE = 6, 2  # meanings of a part of speech
TARGET = ROOT / "attribution" / "comparison" / "data" / "relations.npz"
PARTICLES = frozenset(
    "up down off out away back on over in into for with against through apart aside along to by of after".split()
)

Synset = tuple[str, int]


class Entry(NamedTuple):
    """A meaning: its words and its links (symbol and target)."""

    words: list[str]
    links: list[tuple[str, Synset]]


def read(folder: Path) -> dict[Synset, Entry]:
    """All meanings."""
    found = {}
    for part, name in PARTS.items():
        for line in (folder / f"data.{name}").read_text(encoding="utf-8").splitlines():
            if line.startswith(" "):
                continue
            fields = line.split(" | ")[0].split()
            count = int(fields[3], 16)
            words = [w.lower().partition("(")[0] for w in fields[4 : 4 + 2 * count : 2]]
            at = 4 + 2 * count
            links = []
            for k in range(int(fields[at])):
                symbol, offset, pos = fields[at + 1 + 4 * k : at + 4 + 4 * k]
                links.append((symbol, ("a" if pos == "s" else pos, int(offset))))
            found[part, int(fields[0])] = Entry(words, links)
    return found


def meanings(folder: Path) -> Iterator[tuple[str, bool, list[Synset]]]:
    """Each word or phrase, whether WordNet's texts have it, and its commonest meanings of a part of speech, the commonest first."""
    for part, name in PARTS.items():
        for line in (folder / f"index.{name}").read_text(encoding="utf-8").splitlines():
            if not line.startswith(" "):
                fields = line.split()
                senses, tagged = int(fields[2]), int(fields[-senses_at(fields)])
                kept = min(max(tagged, 3), MOST_OF_PHRASE if "_" in fields[0] else MOST)
                yield fields[0], tagged > 0, [(part, int(o)) for o in fields[-senses:][:kept]]


def senses_at(fields: list[str]) -> int:
    """How far from the end the count of tagged senses stands."""
    return int(fields[2]) + 1


def key(entry: str) -> str | None:
    """The form under which the package looks a word or phrase up; None for one that it need not know."""
    parts = entry.split("_")
    if not all(p.isascii() and p.isalpha() for p in parts):
        return None
    if len(parts) == 1:
        return lemma(spelling(entry)) if entry not in FUNCTION else None
    if len(parts) > 3 or not all(p in PARTICLES for p in parts[1:]) or parts[0] in FUNCTION - {"have", "do"}:
        return None
    return "_".join(lemma(spelling(p)) for p in parts)


def main() -> None:
    """Read, choose, write."""
    folder = Path(sys.argv[1])
    synsets = read(folder)
    common = {lemma(spelling(w)) for w in _table()[0]}
    words: dict[str, dict[Synset, int]] = defaultdict(dict)
    for entry, seen, senses in meanings(folder):
        name = key(entry)
        if name and ("_" in name or seen or name in common):
            for rank, synset in enumerate(senses):
                words[name][synset] = min(rank, words[name].get(synset, 99))
    numbers: dict[Synset, int] = {}

    def number(synset: Synset) -> int:
        return numbers.setdefault(synset, len(numbers))

    for senses in words.values():
        for synset in senses:
            number(synset)
    direct = list(numbers)
    kinds, opposites, made = set(), set(), set()
    for synset in direct:
        for symbol, other in synsets[synset].links:
            if symbol in ("@", "@i", "&", "$"):
                kinds.add((number(synset), number(other)))
            elif symbol == "!":
                opposites.add((number(synset), number(other)))
            elif symbol in ("+", "\\") and (other in numbers):
                made.add((number(synset), number(other)))
    names = sorted(words)
    starts, flat, ranks = [0], [], []
    for name in names:
        for synset, rank in sorted(words[name].items(), key=lambda p: (p[1], p[0])):
            flat.append(number(synset))
            ranks.append(rank)
        starts.append(len(flat))
    arrays = {
        "words": np.frombuffer("\n".join(names).encode("ascii"), dtype=np.uint8),
        "sizes": np.diff(starts).astype(np.uint8), "meanings": np.array(flat, dtype=np.uint32), "ranks": np.array(ranks, dtype=np.uint8),
        **{n: np.array(sorted(links), dtype=np.uint32) for n, links in (("kinds", kinds), ("opposites", opposites), ("made", made))},
    }  # fmt: skip
    with ZipFile(TARGET, "w", ZIP_LZMA) as target:
        for name, values in arrays.items():
            buffer = BytesIO()
            np.save(buffer, values)
            target.writestr(f"{name}.npy", buffer.getvalue())
    print(
        len(names),
        "words,",
        len(numbers),
        "meanings,",
        len(flat),
        "of words",
        {n: len(v) for n, v in arrays.items()},
        TARGET.stat().st_size,
    )


if __name__ == "__main__":
    main()
