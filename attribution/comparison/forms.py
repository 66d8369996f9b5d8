"""The common and the base form of a written word: spelling, contractions, countries, inflections."""

from __future__ import annotations

import re
from functools import cache

from attribution.lexicon import countries, lemma_table, lemmas_by_form

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
        "hang": "hung hangs hanging", "catch": "caught", "teach": "taught", "fight": "fought", "feel": "felt", "strike": "struck strikes",
        "withdraw": "withdrew withdrawn withdraws",
        "sweep": "swept", "throw": "threw thrown", "tear": "tore torn", "shake": "shook shaken", "sink": "sank sunk", "shrink": "shrank shrunk",
        "hide": "hid hidden", "bite": "bit bitten", "drink": "drank drunk", "ring": "rang rung", "spring": "sprang sprung", "ride": "rode ridden",
        "overthrow": "overthrew overthrown", "withhold": "withheld", "undergo": "underwent undergone", "bleed": "bled", "breed": "bred", "feed": "fed",
        "flee": "fled", "sleep": "slept", "weep": "wept", "cling": "clung", "swing": "swung", "arise": "arose arisen", "retake": "retook retaken",
        "overtake": "overtook overtaken", "mistake": "mistook mistaken", "become": "became", "overcome": "overcame", "oversee": "oversaw overseen",
        "wake": "woke woken", "wear": "wore worn", "bear": "borne", "rebuild": "rebuilt", "swell": "swollen", "slide": "slid", "stick": "stuck",
        "sting": "stung", "dig": "dug", "lend": "lent", "bend": "bent", "seek": "sought", "shine": "shone", "swim": "swam swum",
    }.items()
    for form in (lemma, *forms.split())
}  # fmt: skip


@cache
def country_names() -> dict[str, str]:
    """Names of countries of several words or with full stops → one form."""
    names = {n.casefold(): c.name.casefold() for c in countries() for n in (c.name, *c.aliases)}
    return names | {"prime minister": "prime minister", "white house": "white house"}


def normal(raw: str) -> str:
    """The common form of a word: folded case, plain apostrophe, one spelling, full forms of contractions."""
    folded = raw.replace("’", "'").casefold()
    if (raw.isupper() or "." in raw or " " in raw) and (
        country := country_names().get(folded) or country_names().get(folded.replace(".", ""))
    ):
        return country
    if raw[:1].isupper() and folded in country_names():
        return country_names()[folded]
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
    known = _FORMS.get(word) or lemmas_by_form().get(word) or _irregular(word)
    if known:
        return _without_e(known)
    if len(word) < 4 or not word.isalpha():
        return word
    return _stripped(word)


def _irregular(word: str) -> str | None:
    """The base form of an irregular verb or noun; None for words that are as often a base form themselves."""
    words = lemma_table().words
    return None if word in _BASES else words.get(("VERB", word)) or words.get(("NOUN", word))


_BASES = frozenset("wound ground bound lay fell found saw wind bore rent felt shot media data pants".split())


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
            elif _MUTE_E.fullmatch(base):
                return f"{base}e"  # "hired" is of "hire": a short verb without an e doubles its consonant
            return _without_e(base)
    return _without_e(word)


_MUTE_E = re.compile("[^aeiou][aeiou][^aeiouwxy]")


def _without_e(word: str) -> str:
    """A final e goes, so that "closing" and "close" meet."""
    return word[:-1] if word.endswith("e") and len(word) > 4 else word
