"""Who does it to whom, read off the words of a claim that has an auxiliary: "the rebels had shelled the market".

Reported claims nearly always have one ("had", "would", "was"), so a few rules do for a parse: what stands before it is
the subject, the first word of meaning behind it the verb, the nouns up to the next preposition the object. Claims of
another form have no frame, and nothing is said of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from attribution.comparison.amounts import is_time
from attribution.comparison.words import NEGATIONS, Word

SELF = "(speaker)"
_SELVES = frozenset("i we he she it they me us him them".split())
_AUXILIARIES = frozenset(
    "had has have was were is are am be been being would will shall should could can may might must did do does".split()
)
_BEING = frozenset("was were is are am be been being".split())
_BREAKS = frozenset(
    "of in on at by for with from as into onto about over after before between through during against under within upon "
    "because that which who whom when while where if since until although though and but or without despite to than".split()
)
_CLAUSES = frozenset(
    "because that which who whom when while where if since until although though and but or than".split()
)
_BETWEEN = (
    frozenset("able unable to not never also already only just still even been being be have".split()) | NEGATIONS
)
_MUTUAL = frozenset("meet marry discuss negotiation agree clash border share contact".split())


@dataclass(frozen=True, slots=True)
class Frame:
    """Senses of the one who does it (``agent``), of whom or what it is done to (``patient``), and of the verb.

    ``every`` are those of all words of meaning. SELF is the speaker: "it", "he".
    """

    verb: str
    agent: frozenset[str]
    patient: frozenset[str]
    every: frozenset[str]
    passive: bool


def frame(words: Sequence[Word]) -> Frame | None:
    """The frame of a claim; None without a subject, an auxiliary and a verb that stands there once."""
    start = next((i for i, w in enumerate(words) if w.norm in _AUXILIARIES), 0)
    if not start or any(w.norm in _BREAKS - {"of", "in", "on", "at", "for", "from"} for w in words[:start]):
        return None
    at = _behind(words, start)
    if at == len(words) or not words[at].content or [w.sense for w in words].count(words[at].sense) != 1:
        return None
    subject = _phrase(words[:start])
    last = next((words[k].norm for k in range(at - 1, start - 1, -1) if words[k].norm in _AUXILIARIES), "")
    passive = last in _BEING and _participle(words[at])
    by = next((k for k in range(at + 1, min(at + 6, len(words))) if words[k].norm == "by"), None)
    done_to = subject if passive else _phrase(words[at + 1 :])
    doer = (_phrase(words[by + 1 :]) if by else frozenset()) if passive else subject
    every = frozenset(x for i, w in enumerate(words) if (x := _sense(w)) and (x != SELF or _stands(words, i, start)))
    return Frame(words[at].sense, doer, done_to, every, passive)


def _phrase(words: Sequence[Word]) -> frozenset[str]:
    """The senses of a noun phrase: up to the first preposition or clause, or an amount or time behind a noun."""
    found: list[str] = []
    for w in words:
        if w.norm in _BREAKS or (found and is_time(w)):
            break
        if (sense := _sense(w)) and not is_time(w):
            found.append(sense)
    return frozenset(found)


def _participle(word: Word) -> bool:
    """True for "beaten", "shelled", "sold", not for "guilty", "proof" or "running"."""
    return word.norm.endswith(("ed", "en")) or (word.norm != word.lemma and not word.norm.endswith(("ing", "e", "s")))


def _stands(words: Sequence[Word], i: int, start: int) -> bool:
    """True for a pronoun that is the subject or stands behind a preposition; one in a further clause may mean anybody."""
    return i < start or words[i - 1].norm in _BREAKS - _CLAUSES


def _sense(word: Word) -> str:
    return SELF if word.norm in _SELVES else word.sense if word.content else ""


def crossed(a: Frame | None, b: Frame | None) -> bool:
    """True if the one who does it, or to whom it is done, has another part in the other claim: "A shelled B", "B shelled A"."""
    if a is None or b is None or a.verb != b.verb or a.verb in _MUTUAL:
        return False
    if any(_turned(x, y) for x, y in ((a, b), (b, a))):
        return True
    if not a.patient or not b.patient:
        return False
    pairs = ((a.agent, b.agent), (a.patient, b.patient))
    return any(one and other and not one & other and (one & b.every or other & a.every) for one, other in pairs)


def _turned(a: Frame, b: Frame) -> bool:
    """True if what does it in one has it done in the other; not for "flights resume" and "it resumes flights"."""
    if not a.agent & b.patient or a.agent & b.agent or a.patient & b.patient:
        return False
    return bool(a.patient or (b.passive and b.agent))


def main_verb(words: Sequence[Word]) -> Word | None:
    """The first word of meaning behind the first auxiliary; None where there is no auxiliary, or a little word follows it."""
    _, at = predicate(words)
    return words[at] if at < len(words) and words[at].content and words[at].sense else None


def predicate(words: Sequence[Word]) -> tuple[int, int]:
    """Where the first auxiliary stands (the subject before it) and the word behind its like: 0 and the end where there is none."""
    start = next((i for i, w in enumerate(words) if w.norm in _AUXILIARIES), 0)
    return start, _behind(words, start) if start else len(words)


def has_passive(words: Sequence[Word]) -> bool:
    """True if a participle stands behind a form of "be" anywhere."""
    return any(w.norm in _BEING and v.content and _participle(v) for w, v in pairwise(words))


def _behind(words: Sequence[Word], start: int) -> int:
    """Where the auxiliaries, negations and adverbs end that begin at a word."""
    at = start + 1
    while at < len(words) and (words[at].norm in _AUXILIARIES | _BETWEEN or words[at].norm.endswith("ly")):
        at += 1
    return at
