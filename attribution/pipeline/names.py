"""Names: from the name head's scores to named entities of whole words."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from attribution.lexicon import lemmas_by_form
from attribution.pipeline.encoder import Pieces, Scores, Window
from attribution.pipeline.labels import NAMES
from attribution.pipeline.mentions import POSSESSIVE, Name, bare, is_title, name_key, without_titles
from attribution.pipeline.segmentation import Range


def names(text: str, pieces: Pieces, scored: Sequence[tuple[Window, Scores]]) -> list[Name]:
    """Named entities from the name head, in order: whole words, completed by capitals and by names known elsewhere.

    A word takes the label that is likeliest over its pieces; a neighbour that is capitalised and not unlikely to
    belong (``_JOIN``) joins, so that a long or rare name is not cut.
    """
    tokens, probabilities = _word_labels(text, pieces, scored)
    found = _whole_institutions(text, _runs(text, tokens, probabilities))
    return _with_known(text, tokens, found)


_LABELS = ("PERSON", "ORG", "LOC", "NORP", "DATE")
_SEED, _JOIN, _JOIN_BEFORE = 0.5, 0.12, 0.05
_PARTICLES = frozenset(
    """
    de del della der den ter ten van von zu bin ibn bint al el da das do dos di du la le los las af av y e ap st
    abu ben
    """.split()
)
_INSIDE_ORG = frozenset(["of", "the", "and", "for", "&", "in", "on", "de", "du", "des", "la", "da", "do", "y", "e"])


def _word_labels(
    text: str, pieces: Pieces, scored: Sequence[tuple[Window, Scores]]
) -> tuple[list[Range], npt.NDArray[np.float32]]:
    """Words (runs of pieces with nothing between them but hyphens) and their probability of each label."""
    labels = np.zeros((len(pieces), len(NAMES)), dtype=np.float32)
    for w, s in scored:
        labels[w.core_start : w.core_end] = s.names[w.core_start - w.start : w.core_end - w.start]
    by_label = np.stack(
        [np.exp(labels[:, [NAMES.index(f"B-{x}"), NAMES.index(f"I-{x}")]]).sum(1) for x in _LABELS], 1
    ) if len(pieces) else np.zeros((0, len(_LABELS)), dtype=np.float32)  # fmt: skip
    tokens: list[Range] = []
    rows: list[npt.NDArray[np.float32]] = []
    for m in _TOKEN.finditer(text):
        low = int(np.searchsorted(pieces.ends, m.start(), side="right"))
        high = int(np.searchsorted(pieces.starts, m.end(), side="left"))
        if low < high:
            tokens.append(Range(m.start(), m.end()))
            rows.append(by_label[low:high].mean(0))
    return tokens, np.array(rows, dtype=np.float32).reshape(-1, len(_LABELS))


_TOKEN = re.compile(r"[^\W_]+(?:[._]?[^\W_]+)*(?:[-‑'’][^\W_]+(?:[._]?[^\W_]+)*)*\.?|&", re.UNICODE)


def _runs(text: str, tokens: list[Range], p: npt.NDArray[np.float32]) -> list[Name]:
    found: list[Name] = []
    i = 0
    while i < len(tokens):
        k = int(p[i].argmax())
        label = _LABELS[k]
        if p[i, k] < _SEED or not _may_start(text, tokens[i], label):
            i += 1
            continue
        j = i + 1
        while j < len(tokens) and _adjacent(text, tokens, j - 1) and _joins(text, tokens, p, j, k, label):
            j += 1
        while j - 1 > i and not _capital(text, tokens[j - 1]) and label != "DATE":
            j -= 1
        a = i
        low = found[-1].end if found else 0
        while (
            a > 0 and label in ("PERSON", "ORG") and tokens[a - 1].start >= low and _adjacent(text, tokens, a - 1)
            and _joins(text, tokens, p, a - 1, k, label) and _capital(text, tokens[a - 1])
            and not (label == "PERSON" and _is_office(text, tokens[a - 1]))
        ):  # fmt: skip
            a -= 1
        name = _trimmed(text, tokens[a].start, tokens[j - 1].end, label)
        if name:
            found.append(name)
        i = j
    return found


def _begins_sentence(text: str, token: Range) -> bool:
    before = text[max(0, token.start - 3) : token.start].rstrip(" “\"‘'")
    return not before or before[-1] in ".!?:\n"


def _is_verb(word: str) -> bool:
    """True for an inflected cue verb, as title case writes it: "Rubio Endorses", "Sanders Told"."""
    form = word.casefold()
    lemma = lemmas_by_form().get(form)
    return lemma is not None and lemma != form and not form.endswith("ing")


def _is_office(text: str, token: Range) -> bool:
    """True for a title and for the end of one: "Secretary of State", "Minister of Health"."""
    return is_title(text[token.start : token.end]) or text[max(0, token.start - 4) : token.start] == " of "


def _capital(text: str, token: Range) -> bool:
    return any(c.isupper() for c in text[token.start : token.end]) or not text[token.start].islower()


def _may_start(text: str, token: Range, label: str) -> bool:
    word = text[token.start : token.end]
    return label == "DATE" or word[:1].isupper() or any(c.isupper() for c in word) or not word.isascii() or "_" in word


def _adjacent(text: str, tokens: list[Range], i: int) -> bool:
    """True if nothing but a blank, an initial's stop or a nickname's mark parts a token from the next."""
    gap = text[tokens[i].end : tokens[i + 1].start]
    word = text[tokens[i].start : tokens[i].end]
    if word.endswith(".") and len(word) > 5:
        return False
    return gap in (" ", "\xa0", "") or (gap in (' "', '" ', " “", "” ", " ‘", "’ ", " '", "' ") and len(gap) == 2)


def _joins(
    text: str, tokens: list[Range], p: npt.NDArray[np.float32], j: int, k: int, label: str, least: float = _JOIN
) -> bool:
    word = text[tokens[j].start : tokens[j].end]
    if least < _JOIN and _begins_sentence(text, tokens[j]):
        least = _JOIN
    other = float(p[j].max()) if int(p[j].argmax()) != k else 0.0
    if label == "DATE":
        return bool(p[j, k] >= 0.4)
    if _capital(text, tokens[j]):
        if label == "PERSON" and _is_verb(word):
            return False
        if POSSESSIVE.search(text[tokens[j - 1].start : tokens[j - 1].end]) and label == "PERSON":
            return False
        linked = label == "ORG" and text[tokens[j - 1].start : tokens[j - 1].end] in _INSIDE_ORG
        return bool(p[j, k] >= least and other < (0.9 if linked else 0.6))
    if label == "PERSON":
        return word.casefold() in _PARTICLES and p[j, k] >= _JOIN
    return label == "ORG" and word in _INSIDE_ORG and p[j, k] >= 0.3


def _trimmed(text: str, start: int, end: int, label: str) -> Name | None:
    while end > start:
        m = POSSESSIVE.search(text[start:end])
        if m:
            end = start + m.start()
        elif text[end - 1] in ",;:'’\"”“ )" or (text[end - 1] == "." and not _keeps_stop(text, start, end)):
            end -= 1
        else:
            break
    return Name(start, end, label) if any(c.isalpha() for c in text[start:end]) else None


def _keeps_stop(text: str, start: int, end: int) -> bool:
    last = text[start:end].rsplit(maxsplit=1)[-1] if text[start:end].split() else ""
    return last.casefold() in ("jr.", "sr.", "inc.", "corp.", "co.", "ltd.") or last.count(".") > 1


def _whole_institutions(text: str, found: list[Name]) -> list[Name]:
    """Join a person or place with the institution right behind it: "Skylark" + "Airways"."""
    out: list[Name] = []
    for name in found:
        if (
            out and name.label == "ORG" and out[-1].label in ("PERSON", "LOC")
            and text[out[-1].end : name.start] == " " and not is_title(text[name.start : name.end].split(maxsplit=1)[0])
        ):  # fmt: skip
            out[-1] = Name(out[-1].start, name.end, "ORG")
        else:
            out.append(name)
    return out


def _with_known(text: str, tokens: list[Range], found: list[Name]) -> list[Name]:
    """Label capitalised words that carry no label but are the surname of a person named in full elsewhere."""
    surnames = {
        key[-1]
        for n in found
        if n.label == "PERSON" and len(key := name_key(without_titles(text[n.start : n.end]))) > 1
    }
    taken = [False] * (len(text) + 1)
    for n in found:
        taken[n.start : n.end] = [True] * (n.end - n.start)
    extra = []
    for t in tokens:
        word = text[t.start : t.end]
        if not taken[t.start] and word[:1].isupper() and bare(word) in surnames and len(bare(word)) > 2:
            name = _trimmed(text, t.start, t.end, "PERSON")
            if name:
                extra.append(name)
    return sorted([*found, *extra], key=lambda n: n.start)
