"""Passages → words that compare across outlets: one spelling, one form, and their places in the article.

Contractions are split ("won|'t" reads as will, not), country names and abbreviations become one word, British and
American spellings meet, honorifics and opening "that" are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from attribution.claims import Span
from attribution.lexicon import countries, lemmas_by_form

FUNCTION = frozenset(
    "a an the and or but nor so if then than that which who whom whose this these those there here it its he him his "
    "she her hers they them their theirs we us our ours you your yours i me my mine himself herself itself themselves "
    "ourselves myself yourself is are was were be been being am has have had having do does did will would shall should "
    "can could may might must to of in on at by for with from as into onto about over after before between through "
    "during against under within upon also just only very too even still yet already again more most much many some any "
    "such own same other another each every both all when while where why how what 's not no because since until "
    "though although however per via out up down off now s".split()
)
MODALS = frozenset("will would shall should can could may might must".split())
NEGATIONS = frozenset("not no never neither nor none nobody nothing nowhere without cannot hardly scarcely".split())
_HONORIFICS = frozenset("mr mrs ms miss dr sir".split())
_PARTS = {"n't": "not", "wo": "will", "ca": "can", "sha": "shall", "'re": "are", "'ll": "will", "'ve": "have",
          "'m": "am", "'d": "would", "gonna": "going", "cannot": "not", "percent": "%", "per cent": "%"}  # fmt: skip
_FORMS = {
    form: lemma
    for lemma, forms in {
        "be": "is are was were been being am", "have": "has had having", "do": "does did done doing",
        "go": "goes went gone going", "get": "gets got gotten getting", "make": "makes made making",
        "take": "takes took taken taking", "give": "gives gave given giving", "come": "comes came coming",
        "rise": "rises rose risen rising", "fall": "falls fell fallen falling", "grow": "grows grew grown growing",
        "pay": "pays paid paying", "lose": "loses lost losing", "win": "wins won winning", "buy": "buys bought buying",
        "sell": "sells sold selling", "build": "builds built building", "leave": "leaves left leaving",
        "find": "finds found finding", "hold": "holds held holding", "keep": "keeps kept keeping",
        "meet": "meets met meeting", "send": "sends sent sending", "spend": "spends spent spending",
        "begin": "begins began begun beginning", "run": "runs ran running", "bring": "brings brought bringing",
        "show": "shows showed shown showing", "see": "sees saw seen seeing", "know": "knows knew known knowing",
        "speak": "speaks spoke spoken speaking", "break": "breaks broke broken breaking", "lead": "leads led leading",
        "drive": "drives drove driven driving", "die": "dies died dying", "lie": "lies lied lying lain",
        "close": "closes closed closing closure", "shut": "shuts shutting", "person": "people persons",
        "child": "children", "man": "men", "woman": "women", "life": "lives", "good": "better best",
        "bad": "worse worst", "steal": "steals stole stolen", "choose": "chose chosen chooses", "fly": "flew flown flies",
        "catch": "caught", "teach": "taught", "fight": "fought", "feel": "felt", "strike": "struck strikes",
    }.items()
    for form in (lemma, *forms.split())
}  # fmt: skip
_WORD = re.compile(
    r"per\ cent\b|[$£€]?\d+(?:[.,:]\d+)*(?:st|nd|rd|th|bn|m|k|pm|am)?%?|(?:[A-Za-z]\.){2,}|"
    r"(?:[^\W\d_](?!['’]t\b))+(?=n['’]t\b)|n['’]t\b|['’](?:re|ll|ve|m|d|s)\b|[^\W_]+|\.\.\.|…",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word: its common form ``norm``, its base ``lemma``, its place (code points of the article).

    ``gap``: an ellipsis or the seam of two pieces stands before it. ``name``: written with a capital within a sentence.
    """

    norm: str
    lemma: str
    start: int
    end: int
    gap: bool = False
    name: bool = False

    @property
    def content(self) -> bool:
        """A word that carries meaning of its own."""
        return self.norm not in FUNCTION


def words_of(text: str, spans: Sequence[Span]) -> list[Word]:
    """The words of a passage, in order; ``spans`` are code points into ``text``."""
    found: list[Word] = []
    for i, span in enumerate(spans):
        gap = i > 0
        for start, end in _merged(text, span):
            raw = text[start:end]
            if raw in ("...", "…"):
                gap = True
                continue
            norm = normal(raw)
            if norm in _HONORIFICS and raw[:1].isupper():
                continue
            name = raw[:1].isupper() and bool(found) and text[max(0, start - 2) : start].strip(" ") not in _OPENERS
            found.append(Word(norm, lemma(norm), start, end, gap and bool(found), name))
            gap = False
    return found[1:] if found and found[0].norm == "that" and len(found) > 3 else found


_OPENERS = frozenset('. “ " ‘ ! ?'.split())


def _merged(text: str, span: Span) -> Iterator[tuple[int, int]]:
    """Places of words; the words of a country's name are one."""
    places = [(m.start(), m.end()) for m in _WORD.finditer(text, span.start, span.end)]
    i = 0
    while i < len(places):
        size = next((n for n in (4, 3, 2) if i + n <= len(places) and _place(text, places[i : i + n])), 1)
        yield places[i][0], places[i + size - 1][1]
        i += size


def _place(text: str, places: Sequence[tuple[int, int]]) -> bool:
    return text[places[0][0]].isupper() and text[places[0][0] : places[-1][1]].casefold() in _countries()


@cache
def _countries() -> dict[str, str]:
    """Names of countries of several words or with full stops → one form."""
    names = {n.casefold(): c.name.casefold() for c in countries() for n in (c.name, *c.aliases)}
    return names | {"prime minister": "prime minister", "white house": "white house"}


def normal(raw: str) -> str:
    """The common form of a word: folded case, plain apostrophe, one spelling, full forms of contractions."""
    folded = raw.replace("’", "'").casefold()
    if (raw.isupper() or "." in raw or " " in raw) and (
        country := _countries().get(folded) or _countries().get(folded.replace(".", ""))
    ):
        return country
    if raw[:1].isupper() and folded in _countries():
        return _countries()[folded]
    folded = _PARTS.get(folded, folded)
    if folded[:1].isdigit() or folded[:1] in "$£€":
        return folded
    return spelling(folded.rstrip("."))


def spelling(word: str) -> str:
    """American spelling of a British word; others as they are."""
    if len(word) > 5:
        word = re.sub(r"is(e|es|ed|ing|ation|ations)$", r"iz\1", word) if word not in _ISE else word
        word = re.sub(r"our(s|ed|ing|able|ful|ite|ites)?$", r"or\1", word) if word not in _OUR else word
        word = re.sub(r"(?<=[^aeiou])tre(s?)$", r"ter\1", word)
        word = re.sub(r"([aeiou])ll(ed|ing|er)$", r"\1l\2", word) if word not in _DOUBLE else word
    return word


_ISE = frozenset("promise promises promised raise raises raised surprise surprised exercise exercises advise advised advises revise "
                 "revised arise arises rising raising praise praised otherwise likewise precise concise premise premises "
                 "expertise enterprise franchise disguise wise rise supervise televise compromise compromised devise noise "
                 "poise demise merchandise paradise promising surprising advising exercising disease increase release".split())  # fmt: skip
_OUR = frozenset("hours honour four pour tour tours sour source toured touring poured pouring detour contour velour".split()) - {"honour"}  # fmt: skip
_DOUBLE = frozenset("called calling killed killing rolled rolling filled filling pulled pulling polled polling billed "
                    "billing drilled drilling selling telling spelled spelling willing falling dealing taller smaller "
                    "fuller stalled stalling installed installing spilled spilling rallied pilling".split())  # fmt: skip


@cache
def lemma(word: str) -> str:
    """The base form of a common form, near enough to compare by."""
    known = _FORMS.get(word) or lemmas_by_form().get(word)
    if known:
        return _without_e(known)
    if len(word) < 4 or not word.isalpha():
        return word
    return _stripped(word)


def _stripped(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return _without_e(word[:-2])
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if word.endswith("ied") and len(word) > 4:
        return f"{word[:-3]}y"
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and re.search("[aeiouy]", word[: -len(ending)]):
            base = word[: -len(ending)]
            if len(base) > 3 and base[-1] == base[-2] and base[-1] not in "lsz":
                base = base[:-1]
            return _without_e(base)
    return _without_e(word)


def _without_e(word: str) -> str:
    """A final e goes, so that "closing" and "close" meet."""
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


@cache
def _synonyms() -> dict[str, str]:
    """Base form → that of the first word of its line in ``data/synonyms.tsv``."""
    found: dict[str, str] = {}
    for line in files(__package__).joinpath("data/synonyms.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            bases = [lemma(spelling(w)) for w in line.split()]
            for base in bases:
                found.setdefault(base, bases[0])
    return found


def synonym(base: str) -> str:
    """The base form that stands for a word's synonyms, or the base form itself."""
    return _synonyms().get(base, base)
