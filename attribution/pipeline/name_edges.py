"""Edges of people's names: words before a name that a capital made look like part of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attribution.lexicon import forename_genders, noun_kinds, titles, world_forenames
from attribution.pipeline.mentions import POSSESSIVE, Name, bare, is_title, singular, without_titles
from attribution.pipeline.noun_phrases import is_time
from attribution.pipeline.segmentation import Range

_WORD = re.compile(r"\S+")
_OCCUPATION = re.compile(r"[A-Z][a-z]{2,}(?:er|or|ist|man|woman|ian|eer)")
_INITIALS = re.compile(r"(?:[A-Z]\.?){1,2}$|(?:[A-Z]\.)+$")


def within_edges(text: str, found: Sequence[Name]) -> list[Name]:
    """Names without what stands before them ("Chefs Ana Ruiz", "Secretary of [State John Kerry]", "Perth-based Outback
    Grain"), and with a forename between a title and a surname ("Sister Concepta [Lawless]"); labels that their own words
    contradict are set right.

    A first word goes where at least two are left and something other than the name speaks against it: the article has
    it in small letters too, it ends an office ("of State"), or it is all capitals or digits beside a name that is not.
    What stands before a particle of another language is part of the name ("Litios del Norte").
    What an institution is goes where it begins a sentence and the article has the name without it ("Developer Low Barn").
    """
    small = {m.group() for m in re.finditer(r"\b[a-z][a-z-]{2,}\b", text)}
    relabelled = [_relabelled(text, n) for n in found]
    names = {text[n.start : n.end] for n in relabelled if n.label in ("ORG", "PERSON")}
    out: list[Name] = []
    for n in (_without_sort(text, _with_particle(text, m), names) for m in relabelled):
        while out and out[-1].start >= n.start:
            out.pop()
        low = out[-1].end if out else 0
        out.append(_with_forename(text, _without_lead(text, n, small), low) if n.label == "PERSON" else n)
    return out


def in_one_piece(text: str, found: Sequence[Name]) -> list[Name]:
    """Join what is one name in pieces: "Coast" + "Guard", "Groupe" + "Delmas", "Richard" + "Sung".

    Two pieces of institutions are one; a single word taken for a person goes with the words before it, as a person's name
    where they are a forename or the article has that surname alone. Titles and what ends an office stay apart.
    """
    out: list[Name] = []
    for n in found:
        label = _label_of_both(text, out[-1], n) if out and text[out[-1].end : n.start] == " " else ""
        if label:
            out[-1] = Name(out[-1].start, n.end, label)
        else:
            out.append(n)
    return out


def _label_of_both(text: str, a: Name, b: Name) -> str:
    """The label of two adjoining names that are one; "" where they are two."""
    before, after = text[a.start : a.end].split(), text[b.start : b.end].split()
    if POSSESSIVE.search(before[-1]) or is_title(before[-1]) or not after[0][:1].isupper():
        return ""
    if a.label == b.label == "ORG":
        post = is_title(after[-1]) and (bare(after[-1]) in titles() or re.match(r",|\s[A-Z]", text[b.end : b.end + 2]))
        return "" if post or (is_title(after[0]) and len(after) > 1) else "ORG"
    if b.label != "PERSON" or a.label not in ("ORG", "PERSON") or len(after) > 1 or len(before) > 2:
        return ""
    if re.search(r"\b(?:of|in|for)\s(?:the\s)?$", text[max(0, a.start - 8) : a.start]) or any(map(is_title, before)):
        return ""
    forename = before[0].title() in forename_genders() or before[0].title() in world_forenames()
    return "PERSON" if a.label == "PERSON" or forename or _is_again(text, b) else "ORG"


def _is_again(text: str, n: Name) -> bool:
    return len(re.findall(rf"(?<!\w){re.escape(text[n.start : n.end])}(?!\w)", text)) > 1


def _relabelled(text: str, n: Name) -> Name:
    """ "Ms Carruthers" is a person, "Eric Trump Foundation" none."""
    parts = text[n.start : n.end].split()
    if n.label == "ORG" and len(parts) == 2 and bare(parts[0]) in ("mr", "mrs", "ms", "miss", "mx"):
        return Name(n.start, n.end, "PERSON")
    if n.label == "ORG" and len(parts) > 2 and without_titles(text[n.start : n.end]) == " ".join(parts[:-1]):
        return Name(n.start, n.end, "PERSON")  # with letters of honour behind: "Ana Ruiz-Peel QC"
    if (
        n.label == "ORG"
        and (len(parts) > 1 and is_time(bare(parts[0])))
        and _WHEN.search(text, max(0, n.start - 8), n.start)
    ):
        return Name(n.start + text[n.start : n.end].index(parts[1]), n.end, "ORG")
    if n.label != "DATE" and all(is_time(bare(p)) for p in parts):
        return Name(n.start, n.end, "DATE")
    if n.label == "PERSON" and len(parts) > 1 and bare(parts[-1]) in _BODIES:
        return Name(n.start, n.end, "ORG")
    return n


_WHEN = re.compile(r"\b(?:[Ll]ast|[Nn]ext|[Tt]his|[Ii]n|[Oo]n|[Ss]ince|[Bb]y|[Ee]arly|[Ll]ate|[Mm]id|\d+)[ -]$")
_BODIES = frozenset(
    """
    foundation university college institute hospital ministry committee council association academy museum library
    federation commission corporation airport stadium campaign organization organisation administration
    """.split()
)


def _with_forename(text: str, n: Name, low: int) -> Name:
    if " " in text[n.start : n.end] or not text[n.start].isupper():
        return n
    m = _WORD_BEFORE.search(text, max(low, n.start - 40), n.start)
    if m is None or is_title(m[2]) or bare(m[2]) in noun_kinds():
        return n
    plain = m[2].title() if m[2].isupper() and text[n.start : n.end].isupper() else m[2]
    forename = (
        m[2].isupper()
        and (plain in forename_genders() or plain in world_forenames())
        and text[n.start : n.end].isupper()
    )
    if forename or (m[1] and is_title(m[1]) and not m[2].isupper()):
        return Name(m.start(2), n.end, n.label)
    return n


_WORD_BEFORE = re.compile(r"(?:\b([A-Z][\w-]*\.?) )?(?<![\w’'-])([A-ZÀ-Þ][\w’'-]+) $")


def _without_lead(text: str, n: Name, small: set[str]) -> Name:
    tokens = [Range(n.start + m.start(), n.start + m.end()) for m in _WORD.finditer(text[n.start : n.end])]
    while len(tokens) > 1 and text[tokens[0].start : tokens[0].end] in ("BY", "WITH", "FROM"):
        tokens = tokens[1:]
    while len(tokens) > 2 and _is_lead(text, tokens, small):
        tokens = tokens[1:]
    return Name(tokens[0].start, n.end, n.label) if tokens and tokens[0].start > n.start else n


def _with_particle(text: str, n: Name) -> Name:
    m = _PARTICLE_BEFORE.search(text, max(0, n.start - 60), n.start) if n.label != "DATE" else None
    return Name(m.start(), n.end, n.label) if m and not is_title(m[1]) else n


_PARTICLE_BEFORE = re.compile(
    r"(?<![\w’'-])([A-ZÀ-Þ][\w’'-]+) (?:del|dell[aeo]|degli|des|du|das|dos|para|für|pour|della|nel|y) (?:el |la |las |los |les )?$"
)


def _without_sort(text: str, n: Name, names: set[str]) -> Name:
    first = _FIRST_OF_NAME.match(text, n.start, n.end)
    if first is None or n.label == "DATE":
        return n
    word, rest = first[1], Name(first.end(), n.end, n.label)
    if WHERE_FROM.fullmatch(word):
        return rest
    if n.label != "ORG":
        return n
    sort = noun_kinds().get(bare(word)) in ("organization", "person") or word.endswith("maker")
    begins = n.start == 0 or _BEGINS.search(text, max(0, n.start - 4), n.start) is not None
    return rest if sort and begins and text[rest.start : rest.end] in names else n


_FIRST_OF_NAME = re.compile(r"([A-ZÀ-Þ][\w.’'-]+) (?=[A-ZÀ-Þ])")
WHERE_FROM = re.compile(r"[A-ZÀ-Þ][\w.’'-]*-(?:based|born|listed|owned|backed|run|led|registered|headquartered)")
_BEGINS = re.compile(r"(?:\n|[.!?:][”\"’']?[ ])[“\"‘']?$")


def _is_lead(text: str, tokens: list[Range], small: set[str]) -> bool:
    word, following = (text[t.start : t.end] for t in tokens[:2])
    plain = bare(word)
    if (word[:1].islower() or word[:1].isdigit()) and "-" in word:
        return True
    if word.title() in forename_genders() or word.title() in world_forenames() or not following[:1].isupper():
        return _is_police_rank(text, tokens)
    if plain in titles() or noun_kinds().get(plain) == "person":
        return False  # a title: it stays in the name's range, and out of the name
    rest = text[tokens[1].start : tokens[-1].end]
    if not rest.isupper() and re.fullmatch(r"[A-Z]+\d+|[A-Z]{3,}(?:-[A-Z]+)*", word):
        return True
    if re.search(r"\b(?:of|for) (?:the )?$", text[max(0, tokens[0].start - 8) : tokens[0].start]):
        office = re.search(r"([\w-]+) (?:of|for) (?:the )?$", text[max(0, tokens[0].start - 40) : tokens[0].start])
        of_office = (
            office is not None and office[1][0].isupper() and is_title(office[1])
        )  # "Mayor of London Sadiq Khan"
        return following in forename_genders() or following in world_forenames() or of_office
    noun, plural = singular(plain)
    if plural and (noun in titles() or noun_kinds().get(noun) == "person" or plain[:-2] in titles()):
        return True
    if _OCCUPATION.fullmatch(word) and (following in forename_genders() or following in world_forenames()):
        return True
    return plain in small and not _INITIALS.match(word)


def _is_police_rank(text: str, tokens: list[Range]) -> bool:
    """True for "Con" after "Det", which is a forename too."""
    before = text[max(0, tokens[0].start - 5) : tokens[0].start]
    return bool(re.search(r"\bDet\.? $", before)) and text[tokens[0].start : tokens[0].end].rstrip(".") in ("Con", "Ch")
