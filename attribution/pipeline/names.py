"""Names: from the name head's scores to named entities of whole words."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from attribution.lexicon import demonyms, forename_genders, lemmas_by_form, noun_kinds
from attribution.pipeline.encoder import Pieces, Scores, Window
from attribution.pipeline.labels import NAMES
from attribution.pipeline.long_names import is_title_alone, with_what_it_is_for
from attribution.pipeline.mentions import (
    OPENERS,
    POSSESSIVE,
    PRONOUNS,
    Name,
    bare,
    in_title,
    is_title,
    name_key,
    without_titles,
)
from attribution.pipeline.name_edges import in_one_piece, within_edges
from attribution.pipeline.segmentation import Range, is_abbreviation


def names(text: str, pieces: Pieces, scored: Sequence[tuple[Window, Scores]]) -> list[Name]:
    """Named entities from the name head, in order: whole words, completed by capitals and by names known elsewhere.

    A word takes the label that is likeliest over its pieces; a neighbour that is capitalised and not unlikely to
    belong (``_JOIN``) joins, so that a long or rare name is not cut.
    """
    tokens, own = _word_labels(text, pieces, scored)
    probabilities = _with_other_places(text, tokens, own)
    found = in_one_piece(text, _whole_institutions(text, _runs(text, tokens, probabilities)))
    found = with_what_it_is_for(text, found)
    found = [n for n in found if n.label != "PERSON" or not is_title_alone(text, n, found)]
    found = [n for n in found if bare(text[n.start : n.end]) not in _NO_NAMES]
    found = [_of_a_nation(text, n) for n in found]
    found = _cut_by_known(text, found, {t.start: float(q) for t, q in zip(tokens, own[:, 0], strict=True)})
    found = _surnames_of_people(text, found)
    return _with_known(text, tokens, within_edges(text, found))


def _of_a_nation(text: str, name: Name) -> Name:
    """A demonym alone before a noun ("the Dutch lawyer") is a nationality, whatever the model takes it for."""
    alone = name.label in ("ORG", "LOC") and text[name.start : name.end] in demonyms()
    return Name(name.start, name.end, "NORP") if alone and re.match(r" [a-z]", text[name.end : name.end + 2]) else name


_NO_NAMES = frozenset([*PRONOUNS, "the", "a", "an"])
_LABELS = ("PERSON", "ORG", "LOC", "NORP", "DATE")
_SEED, _JOIN, _JOIN_BEFORE, _FORENAME = 0.5, 0.12, 0.05, 0.2
_PARTICLES = frozenset(
    """
    de del della der den ter ten van von zu bin ibn bint al el da das do dos di du la le los las af av y e ap st
    abu ben ag ould uld arap ole wa zum zur vom ní nic mac ua
    """.split()
)
_INSIDE_ORG = frozenset(
    ["of", "the", "a", "and", "for", "&", "in", "on", "de", "du", "des", "la", "da", "do", "y", "e"]
)


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
    words = [Range(m.start(), m.end()) for m in _TOKEN.finditer(text)]
    places = np.array(words, dtype=np.int64).reshape(-1, 2)
    lows = np.searchsorted(pieces.ends, places[:, 0], side="right").tolist()
    highs = np.searchsorted(pieces.starts, places[:, 1], side="left").tolist()
    tokens: list[Range] = []
    rows: list[npt.NDArray[np.float32]] = []
    for word, low, high in zip(words, lows, highs, strict=True):
        if low < high:
            tokens.append(word)
            rows.append(by_label[low] if high - low == 1 else by_label[low:high].mean(0))
    return tokens, np.array(rows, dtype=np.float32).reshape(-1, len(_LABELS))


def _with_other_places(text: str, tokens: list[Range], own: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Probabilities of capitalised words, half their own and half those of the same word all over the article."""
    places: dict[str, list[int]] = {}
    for i, t in enumerate(tokens):
        if _capital(text, t):
            places.setdefault(bare(text[t.start : t.end]), []).append(i)
    out = own.copy()
    for at in places.values():
        if len(at) > 1:
            out[at] = (1 - _ELSEWHERE) * own[at] + _ELSEWHERE * own[at].mean(0)
    return out


_ELSEWHERE = 0.5
_TOKEN = re.compile(r"[^\W_]+(?:[._]?[^\W_]+)*(?:[-‑'’][^\W_]+(?:[._]?[^\W_]+)*)*\.?|&", re.UNICODE)


def _runs(text: str, tokens: list[Range], p: npt.NDArray[np.float32]) -> list[Name]:
    found: list[Name] = []
    i = 0
    while i < len(tokens):
        k = int(p[i].argmax())
        if p[i, 0] >= _FORENAME and text[tokens[i].start : tokens[i].end] in forename_genders():
            k = 0
        label = _LABELS[k]
        if not (_is_seed(text, tokens[i], p[i], k) and _may_start(text, tokens[i], label)):
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
        while a < j - 1 and label in ("PERSON", "ORG") and text[tokens[a].start : tokens[a].end] in OPENERS:
            a += 1
        while a < j - 1 and label == "ORG" and _is_post(text, tokens[a:j]):
            j -= 1
        name = _trimmed(text, tokens[a].start, tokens[j - 1].end, label)
        if name:
            found.append(name)
        i = j
    return found


def _is_post(text: str, tokens: list[Range]) -> bool:
    """True if an institution's name ends in somebody's post there: "PolitiFact Executive Director"."""
    inside = text[tokens[0].start : tokens[-1].end]
    return noun_kinds().get(bare(inside.rsplit(maxsplit=1)[-1])) == "person" and " of " not in inside


def _is_seed(text: str, token: Range, p: npt.NDArray[np.float32], k: int) -> bool:
    """True for a word that is likely a name: of one label, of some label where a capital speaks for it, or a forename."""
    if p[k] >= _SEED:
        return True
    word = text[token.start : token.end]
    if k == 0 and p[0] >= _FORENAME and word in forename_genders():
        return True
    return bool(
        p[:4].sum() >= _SEED and p[k] >= 0.25 and k < 4 and word[:1].isupper() and not _begins_sentence(text, token)
    )


def _begins_sentence(text: str, token: Range) -> bool:
    before = text[max(0, token.start - 3) : token.start].rstrip(" “\"‘'")
    return not before or before[-1] in ".!?:\n"


def _is_verb(word: str) -> bool:
    """True for an inflected cue verb, as title case writes it: "Rubio Endorses", "Sanders Told"."""
    form = word.casefold()
    lemma = lemmas_by_form().get(form)
    return lemma is not None and lemma != form and not form.endswith("ing")


def _is_office(text: str, token: Range) -> bool:
    """True for a title and for the end of one: "Secretary of State", "Speaker of the House"."""
    before = text[max(0, token.start - 8) : token.start]
    return is_title(text[token.start : token.end]) or before.endswith((" of ", " of the "))


def _capital(text: str, token: Range) -> bool:
    return any(c.isupper() for c in text[token.start : token.end]) or not text[token.start].islower()


def _may_start(text: str, token: Range, label: str) -> bool:
    word = text[token.start : token.end]
    return label == "DATE" or word[:1].isupper() or any(c.isupper() for c in word) or not word.isascii() or "_" in word


def _adjacent(text: str, tokens: list[Range], i: int) -> bool:
    """True if nothing but a blank, an initial's stop or a nickname's mark parts a token from the next."""
    gap = text[tokens[i].end : tokens[i + 1].start]
    word = text[tokens[i].start : tokens[i].end]
    if (
        word.endswith(".")
        and "." not in word[:-1]
        and len(word) > 3
        and not is_abbreviation(word[:-1])
        and not is_title(word)
    ):
        return False
    if gap == "\n":  # a line's end within a paragraph; a name's first word hardly ends a headline
        return word[:1].isupper() and _in_lines(text, tokens[i].end)
    return gap in (" ", "\xa0", "") or (gap in (' "', '" ', " “", "” ", " ‘", "’ ", " '", "' ") and len(gap) == 2)


def _in_lines(text: str, at: int) -> bool:
    """True at the end of a line of a text that is set in short lines: its paragraphs are parted by empty ones."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at + 1)
    following = text[at + 1 : end if end >= 0 else len(text)]
    return 40 <= at - start <= 90 and len(following) <= 90 and bool(following.strip())


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
        owned = POSSESSIVE.search(text[tokens[j - 1].start : tokens[j - 1].end])
        if owned and (label == "PERSON" or p[j, 0] > p[j, k] or word in forename_genders()):
            return False
        linked = label == "ORG" and text[tokens[j - 1].start : tokens[j - 1].end] in _INSIDE_ORG
        return bool(p[j, k] >= least and other < (0.9 if linked else 0.5))
    if label == "PERSON":
        return word.casefold() in _PARTICLES and p[j, k] >= _JOIN
    return label == "ORG" and word in _INSIDE_ORG and p[j, k] >= (_JOIN if word in ("of", "for", "the", "a") else 0.3)


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


def _cut_by_known(text: str, found: list[Name], person: dict[int, float]) -> list[Name]:
    """Cut a person's name to the name known from elsewhere in the article, where the words beyond it are doubtful.

    A capital says nothing at the beginning of a sentence ("Rival Hillary Clinton") and in a title ("Carly Fiorina
    Endorses Ted Cruz"); where a word has no other reason to be part of a name, the shorter name counts.
    """
    people = [n for n in found if n.label == "PERSON"]
    sure = {key for n in people if not in_title(text, n) and (key := _words_of(text, n))}
    others = {_words_of(text, n): n.label for n in found if n.label not in ("PERSON", "DATE")}
    out: list[Name] = []
    for n in found:
        if n.label != "PERSON":
            out.append(n)
        else:
            out.extend(_two_names(text, n, sure, others) or _parts_known(text, n, sure, person))
    return out


def _two_names(text: str, n: Name, people: set[tuple[str, ...]], others: dict[tuple[str, ...], str]) -> list[Name]:
    """A surname and the name of something else that the article names, too: "Qin told Blinken Washington should"."""
    tokens = [Range(m.start(), m.end()) for m in _TOKEN.finditer(text, n.start, n.end)]
    key = _words_of(text, n)
    surnames = {k[-1] for k in people if len(k) > 1 and k != key}
    if len(key) < 2 or key[0] not in surnames or key[1:] not in others:
        return []
    return [Name(n.start, tokens[0].end, "PERSON"), Name(tokens[1].start, n.end, others[key[1:]])]


def _surnames_of_people(text: str, found: list[Name]) -> list[Name]:
    """A word that was taken for an institution and is the surname of somebody named in full is that person, unless some
    institution has it in its name.
    """
    full = [_words_of(text, n) for n in found if n.label == "PERSON"]
    surnames = {key[-1] for key in full if len(key) > 1}
    surnames |= {key[0] for key in full if len(key) == 2 and key[0].title() not in forename_genders()}
    bodies = {w for n in found if n.label != "PERSON" and len(key := _words_of(text, n)) > 1 for w in key}
    return [
        Name(n.start, n.end, "PERSON")
        if n.label == "ORG" and len(key := _words_of(text, n)) == 1 and key[0] in surnames - bodies
        else n
        for n in found
    ]


def _words_of(text: str, n: Name) -> tuple[str, ...]:
    return tuple(bare(m.group()) for m in _TOKEN.finditer(text, n.start, n.end))


def _parts_known(text: str, n: Name, sure: set[tuple[str, ...]], person: dict[int, float]) -> list[Name]:
    tokens = [Range(m.start(), m.end()) for m in _TOKEN.finditer(text, n.start, n.end)]
    key = tuple(bare(text[t.start : t.end]) for t in tokens)
    titled = in_title(text, n)
    weak = len(key) == 2 and person.get(n.start, 1.0) < _WEAK
    out: list[Name] = []
    i = 0
    while i < len(key):
        j = next(
            (
                j
                for j in range(len(key), i, -1)
                if j - i < len(key) and key[i:j] in sure and (titled or j - i > 1 or weak)
            ),
            0,
        )
        if j:
            out.append(Name(tokens[i].start, tokens[j - 1].end, "PERSON"))
        i = j or i + 1
    if not out or (titled and key in sure):
        return [n]
    kept = {t.start for t in tokens if any(o.start <= t.start < o.end for o in out)}
    extra = [t for t in tokens if t.start not in kept]
    doubtful = all(person.get(t.start, 1.0) < _SURE and _doubtful(text, t, titled=titled) for t in extra)
    return out if doubtful else [n]


def _doubtful(text: str, token: Range, *, titled: bool) -> bool:
    """True for a word that may be capitalised for its place alone and is no forename, initial or suffix."""
    word = text[token.start : token.end]
    if word.title() in forename_genders() or len(word.rstrip(".")) == 1 or bare(word) in _NAME_SUFFIXES:
        return False
    return titled or _begins_sentence(text, token) or is_title(word)


_SURE, _WEAK = 0.6, 0.35  # a word less likely than this is no sure part of a name
_NAME_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv"])


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
