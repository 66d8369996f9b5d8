"""Augmentation: what the corpora lack, made from what they have.

PolNeAR has no claim inside a claim, one typography and a dozen politicians. Each function takes an article and gives
a changed copy in which every span still marks the same words.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from attribution.pipeline.segmentation import paragraphs, sentences
from attribution.training.corpora import Article, Marked
from attribution.training.layout import (
    add_boilerplate,
    join_paragraphs,
    recase_headline,
    single_marks,
    split_quotations,
    unclose,
)
from attribution.training.rewriting import Edit, rewrite

_AGENCIES = (
    "Reuters", "The Associated Press", "AFP", "state television", "the daily Hürriyet", "Kyodo", "the BBC",
    "local media", "the Financial Times", "Al Jazeera", "the court clerk", "a spokeswoman", "the ministry",
    "a person familiar with the matter", "two officials", "her lawyer", "the mayor", "Mr Oduya", "Tanaka",
    "the newspaper", "witnesses", "the union", "the club", "Lindqvist", "an aide", "the report", "she", "he", "they",
)  # fmt: skip
_PREFIX_CUES = (
    ("said", "that "), ("reported", "that "), ("said", ""), ("wrote", "that "), ("claimed", "that "),
    ("noted", "that "), ("believes", "that "), ("added", "that "), ("says", ""), ("has reported", "that "),
)  # fmt: skip
_SUFFIX_CUES = ("said", "reported", "wrote", "says", "added", "has reported", "told reporters")
_FUNCTION = frozenset(
    [
        "The",
        "A",
        "An",
        "He",
        "She",
        "It",
        "They",
        "In",
        "On",
        "At",
        "But",
        "And",
        "This",
        "That",
        "These",
        "Those",
        "His",
        "Her",
        "Their",
        "We",
        "You",
    ]
)


def swap_names(article: Article, forenames: Sequence[str], surnames: Sequence[str], rng: random.Random) -> Article:
    """Give the politicians that fill PolNeAR other names, the same one all through the article."""
    new_for = {w: rng.choice(forenames) for w in _FORENAMES}
    new_sur = {w: rng.choice(surnames) for w in _SURNAMES}
    edits = []
    for m in _POLITICIAN.finditer(article.text):
        word = m.group()
        edits.append((m.start(), m.end(), new_for.get(word) or new_sur[word]))
    text, claims = rewrite(article, edits)
    return Article(article.id, text, claims, article.complete, article.annotator)


_FORENAMES = (
    "Donald",
    "Hillary",
    "Barack",
    "Bernie",
    "Bill",
    "Mike",
    "Tim",
    "Ted",
    "Marco",
    "Mitt",
    "Paul",
    "Kellyanne",
)
_SURNAMES = (
    "Trump", "Clinton", "Obama", "Sanders", "Pence", "Kaine", "Cruz", "Rubio", "Romney", "Ryan", "Conway", "Comey",
    "Podesta", "Bush", "Kasich", "Carson", "Giuliani", "Biden", "Warren", "McConnell", "Johnson", "Stein", "Mook",
)  # fmt: skip
_POLITICIAN = re.compile(r"\b(?:" + "|".join(_FORENAMES + _SURNAMES) + r")\b")


def swap_politics(article: Article, rng: random.Random) -> Article:
    """Move an article to another country: its parties, seats and institutions, the same ones all through."""
    new = rng.choice(_COUNTRIES)
    there = dict(zip(_AMERICAN, new, strict=True))
    edits = [(m.start(), m.end(), there[m.group()]) for m in _POLITICS.finditer(article.text)]
    text, claims = rewrite(article, edits)
    return Article(article.id, text, claims, article.complete, article.annotator)


_AMERICAN = (
    "Republicans", "Republican", "Democrats", "Democratic", "Democrat", "White House", "Congress", "Senate",
    "Washington", "American", "Americans", "America", "United States", "U.S.", "Pentagon", "FBI",
)  # fmt: skip
_COUNTRIES = (
    ("Conservatives", "Conservative", "Liberals", "Liberal", "Liberal", "Prime Minister's Office", "Parliament", "Senate",
     "Ottawa", "Canadian", "Canadians", "Canada", "Federation", "Canadian", "Defence Department", "RCMP"),
    ("Tories", "Tory", "Labour members", "Labour", "Labour", "Cabinet Office", "Parliament", "Commons",
     "London", "British", "Britons", "Britain", "United Kingdom", "U.K.", "Ministry of Defence", "MI5"),
    ("Nationals", "National", "Greens", "Green", "Green", "Chancellery", "Bundestag", "Bundesrat",
     "Berlin", "German", "Germans", "Germany", "Federal Republic", "German", "Defence Ministry", "BKA"),
    ("Progressives", "Progressive", "Centrists", "Centre", "Centre", "State House", "Parliament", "Upper House",
     "Nairobi", "Kenyan", "Kenyans", "Kenya", "Republic", "Kenyan", "Defence Ministry", "NIS"),
    ("Congressmen", "Congress", "Janata members", "Janata", "Janata", "South Block", "Lok Sabha", "Rajya Sabha",
     "New Delhi", "Indian", "Indians", "India", "Union", "Indian", "Defence Ministry", "CBI"),
)  # fmt: skip
_POLITICS = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(_AMERICAN, key=len, reverse=True))) + r")(?!\w)")


def wrap(article: Article, share: float, rng: random.Random) -> Article:
    """Put some sentences inside a claim of somebody else's: “X said that …”, “…, X reported.”

    The claims of the sentence become nested ones. Sentences that a claim reaches across are left alone.
    """
    text = article.text
    sources = rng.choices(_AGENCIES, k=64)
    plans: list[tuple[int, int, str, str, str, bool]] = []
    for p in paragraphs(text):
        for s, e in sentences(text, p):
            if rng.random() >= share or not _wrappable(article, s, e):
                continue
            source = sources[len(plans) % len(sources)]
            prefix = rng.random() < 0.6
            cue, link = rng.choice(_PREFIX_CUES) if prefix else (rng.choice(_SUFFIX_CUES), "")
            plans.append((s, e, source, cue, link, prefix))
    return _apply_wraps(article, plans) if plans else article


def _wrappable(article: Article, s: int, e: int) -> bool:
    text = article.text
    if e - s < 25 or text[e - 1] != "." or any(c in text[s:e] for c in '"“”«»'):
        return False
    spans = [x for c in article.claims for role in (c.source, c.cue, c.content) for x in role]
    crossing = any(a < s < b or a < e - 1 < b for a, b in spans)
    inside = any(s <= a < e for c in article.claims for a, _ in c.cue)
    partly = any(
        len({s <= a < e for role in (c.source, c.cue, c.content) for a, _ in role}) > 1 for c in article.claims
    )
    return inside and not crossing and not partly


def _apply_wraps(article: Article, plans: Sequence[tuple[int, int, str, str, str, bool]]) -> Article:
    text = article.text
    edits: list[Edit] = []
    for s, e, source, cue, link, prefix in plans:
        if prefix:
            opening = f"{source[:1].upper()}{source[1:]} {cue} {link}"
            first = text[s:e].split(None, 1)[0]
            lowered = text[s].lower() if first in _FUNCTION else text[s]
            edits += [(s, s, opening), (s, s + 1, lowered)]
        else:
            edits.append((e - 1, e - 1, f", {source} {cue}"))
    new_text, claims = rewrite(article, edits)
    shift = 0
    for s, e, source, cue, link, prefix in plans:
        a = s + shift
        if prefix:
            lead = len(source) + 1 + len(cue) + 1 + len(link)
            where = (a, a + len(source))
            at = a + len(source) + 1
            # Our guide leaves the linking "that" out of the content, PolNeAR's annotators take it in.
            content = (a + lead - (0 if article.complete else len(link)), e - 1 + shift + lead)
            shift += lead
        else:
            content = (a, e - 1 + shift)
            where = (content[1] + 2, content[1] + 2 + len(source))
            at = where[1] + 1
            shift += 2 + len(source) + 1 + len(cue)
        for c in claims:
            if all(content[0] <= x and y <= content[1] for x, y in [*c.cue, *c.content]):
                c.top = False
        claims.append(Marked([where], [(at, at + len(cue.split(" reporters")[0]))], [content]))
    return Article(article.id, new_text, claims, article.complete, article.annotator)


def augmented(
    article: Article, rng: random.Random, *, forenames: Sequence[str] = (), surnames: Sequence[str] = ()
) -> Article:
    """One random variant of an article, often the article itself."""
    if surnames and rng.random() < 0.4:
        article = swap_names(article, forenames, surnames, rng)
    if rng.random() < 0.2:
        article = swap_politics(article, rng)
    article = wrap(article, 0.12, rng)
    article = split_quotations(article, 0.12, rng)
    if rng.random() < 0.15:
        article = recase_headline(article, rng)
    if rng.random() < 0.08:
        article = single_marks(article)
    if rng.random() < 0.05:
        article = unclose(article, 0.3, rng)
    if rng.random() < 0.12:
        article = add_boilerplate(article, rng)
    layout = rng.random()
    if layout < 0.08:
        article = join_paragraphs(article, " ")
    elif layout < 0.26:
        article = join_paragraphs(article, "\n")
    return article
