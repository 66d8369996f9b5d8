"""The table of lemmas, ``attribution/lexicon/lemmas.tsv``, learnt from treebanks.

    python -m attribution.training.lemmas ud/ewt-train.conllu ud/gum_free-train.conllu --out attribution/lexicon/lemmas.tsv

Edit rules on the longest ending, as in Chrupala (2006) and spaCy's edit-tree lemmatizer, without a classifier: the part
of speech and the ending decide, and what they get wrong is listed. The same treebanks give the same bytes.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from attribution.evaluation.conllu import Tree, read_trees
from attribution.evaluation.conllu import Word as TreeWord
from attribution.lexicon import LemmaTable
from attribution.pipeline.lemmas import edited, key_of, places, shape

Edit = tuple[int, str]
Word = tuple[str, str]  # part of speech and word
_LONGEST = 7  # letters of an ending, the mark of the beginning included
_OWN = 5  # how many times our own list counts, so that an error in a treebank ("flead") does not outweigh it
_PROPN = (5, 0.9)  # names end in -s for many reasons: an ending needs more words, and has to be almost always right
_NAME = re.compile(r"[^\W\d_]+(?:[-.'&][^\W\d_]+)*\.?")
_ADDRESS = re.compile(r"[@_]|\w/\w|www\.")
_VOWELS = "aeiou"
_SHORT = re.compile(r"[^aeiou]*(?:qu)?[aeiouy][^aeiouwxy]")  # "stop", "swim", "quit", but not "show", "fix", "rain"
_COMPARED = re.compile(r"[^aeiou]*[aeiouy]{1,2}[^aeiouy]*e?|\w+y")  # of one syllable, or "happy"
_HEADER = """\
# Lemmas by part of speech (UPOS), learnt by attribution.training.lemmas from the training parts of the English Web Treebank and
# of GUM (free genres), Universal Dependencies 2.16, both CC BY-SA 4.0. This file is adapted from them and is licensed under
# CC BY-SA 4.0, https://creativecommons.org/licenses/by-sa/4.0/. Do not edit: learn it anew.
# word<TAB>part<TAB>lemma<TAB><TAB>forms | rule<TAB>part<TAB>ending, ^ is the word's beginning<TAB>letters off<TAB>letters on |
# case<TAB>part<TAB>way of writing<TAB>keep or lower the lemma's capitals<TAB>words of which the opposite is true
"""


@dataclass(slots=True)
class Observed:
    """What treebanks show: how often a (part, word) has a lemma in small letters, how often one that is only seen with a
    capital has, and how often the lemma of (part, way of writing, word) keeps its capitals.
    """

    lower: defaultdict[Word, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    capital: defaultdict[Word, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    kept: defaultdict[tuple[str, str, str], Counter[bool]] = field(default_factory=lambda: defaultdict(Counter))

    def commonest(self) -> dict[Word, str]:
        """The commonest lemma of each word, in small letters if it is ever written so."""
        return {at: _first(count) for at, count in {**self.capital, **self.lower}.items()}


def observe(trees: Iterable[Tree]) -> Observed:
    """Count the lemmas of all words that have one."""
    seen = Observed()
    for sentence in (s for tree in trees for s in tree.sentences()):
        for word, place in zip(sentence, places([w.form for w in sentence]), strict=True):
            if not word.lemma or not _usable(word):
                continue
            key, written = key_of(word.form, word.part), shape(word.form, place)
            if word.part == "PROPN" or written == "lower":
                seen.lower[word.part, key][word.lemma] += 1
            else:
                seen.capital[word.part, key][word.lemma.lower()] += 1
                seen.kept[word.part, written, key][word.lemma != word.lemma.lower()] += 1
    return seen


def _usable(word: TreeWord) -> bool:
    """False for what is no word of the language: addresses, names of files, words with blanks."""
    whole = word.form.split() == [word.form] and word.lemma.split() == [word.lemma]
    named = word.part != "PROPN" or _NAME.fullmatch(word.lemma) is not None
    return whole and named and not _ADDRESS.search(word.form + word.lemma)


def learn(trees: Iterable[Tree], *, least: int = 2) -> LemmaTable:
    """The table that gives every word of the trees its commonest lemma.

    Args:
        trees: treebanks with parts of speech and lemmas.
        least: how many words more than without it an ending must get right to become a rule.

    """
    seen = observe(trees)
    irregular = irregular_words()
    for at, lemma in irregular.items():
        seen.lower[at][lemma] += _OWN
    commonest = seen.commonest()
    for at, lemma in _regular(commonest, irregular).items():
        commonest.setdefault(at, lemma)
    rules: dict[Word, Edit] = {}
    for part in sorted({part for part, _ in commonest}):
        of_part = {word: lemma for (p, word), lemma in commonest.items() if p == part}
        edits = {f"^{w.lower()}": e for w, lemma in of_part.items() if (e := edit(w, lemma)) is not None}
        found = _rules(edits, *(_PROPN if part == "PROPN" else (least, 0.0)))
        rules.update(((part, ending), e) for ending, e in found.items())
    table = LemmaTable({}, rules, max(len(ending) for _, ending in rules), {})
    words = {at: lemma for at, lemma in commonest.items() if edited(at[1], at[0], table) != lemma}
    return table._replace(words=words, cases=_cases(seen))


def irregular_words() -> dict[Word, str]:
    """(part, form) → lemma of ``irregular_words.tsv``."""
    text = files("attribution.training").joinpath("irregular_words.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return {(part, form): lemma for part, lemma, forms in rows for form in forms.split()}


def _regular(commonest: dict[Word, str], irregular: dict[Word, str]) -> dict[Word, str]:
    """Regular forms of the lemmas seen, so that what is seen in one form is known in all."""
    own = {(part, lemma) for (part, _), lemma in irregular.items()}
    found: dict[Word, str] = {}
    for part, lemma in sorted({(part, lemma) for (part, _), lemma in commonest.items()}):
        if not (lemma.isascii() and lemma.isalpha() and lemma.islower()):
            continue
        found[part, lemma] = lemma
        if part in ("NOUN", "VERB"):
            found[part, plural(lemma)] = lemma
        if part == "VERB" and (part, lemma) not in own:
            found.update(((part, form), lemma) for form in past_and_participle(lemma))
        if part == "ADJ" and (part, lemma) not in own and _COMPARED.fullmatch(lemma):
            found.update(((part, form), lemma) for form in comparative_and_superlative(lemma))
    return found


def plural(word: str) -> str:
    """The regular plural of a noun, or third person of a verb."""
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "sh", "ch", "x", "z")) else f"{word}s"


def past_and_participle(verb: str) -> tuple[str, str]:
    """The regular -ed and -ing of a verb; a consonant after a single short vowel is doubled in words of one syllable."""
    if verb.endswith("ee") or verb.endswith(("ye", "oe")):
        return f"{verb}d", f"{verb}ing"
    if verb.endswith("e"):
        return f"{verb}d", f"{verb[:-1]}ing"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return f"{verb[:-1]}ied", f"{verb}ing"
    doubled = f"{verb}{verb[-1]}" if _SHORT.fullmatch(verb) else verb
    return f"{doubled}ed", f"{doubled}ing"


def comparative_and_superlative(adjective: str) -> tuple[str, str]:
    """The regular -er and -est of an adjective."""
    stem = past_and_participle(adjective)[0][:-1]
    return f"{stem}r", f"{stem}st"


def _first(count: Counter[str]) -> str:
    return min(count, key=lambda value: (-count[value], value))


def edit(form: str, lemma: str) -> Edit | None:
    """Letters off the end and letters on that make the lemma of the form; None if they share no beginning."""
    same = 0
    while same < min(len(form), len(lemma)) and form[same] == lemma[same]:
        same += 1
    return (len(form) - same, lemma[same:]) if same else None


def _rules(edits: dict[str, Edit], least: int, share: float) -> dict[str, Edit]:
    """Endings whose edit is right for at least ``least`` words more than that of the ending one letter shorter, and for
    that share of all words.
    """
    rules = {"": (0, "")}
    level = {"": sorted(edits)}
    while level:
        longer: dict[str, list[str]] = defaultdict(list)
        for ending, words in sorted(level.items()):
            inherited = rules[_known(ending, rules)]
            count = Counter(edits[w] for w in words)
            best = min(count, key=lambda e: (-count[e], e))
            if count[best] - count[inherited] >= least and count[best] >= share * len(words):
                rules[ending] = best
            for w in words if len(count) > 1 and len(ending) < _LONGEST else ():
                if len(w) > len(ending):
                    longer[w[len(w) - len(ending) - 1 :]].append(w)
        level = longer
    return rules


def _known(ending: str, rules: dict[str, Edit]) -> str:
    return next(ending[i:] for i in range(len(ending) + 1) if ending[i:] in rules)


def _cases(seen: Observed) -> dict[tuple[str, str], tuple[bool, frozenset[str]]]:
    """For each part and way of writing what most words do, and the words that do the opposite."""
    kept: dict[tuple[str, str], dict[str, bool]] = defaultdict(dict)
    for (part, written, key), count in sorted(seen.kept.items()):
        kept[part, written][key] = count[True] > count[False]
        if written == "Title" and (part, key) not in seen.lower and count.total() > 1:
            kept[part, "first Title"].setdefault(key, count[True] > count[False])  # "French" has its capital anywhere
    found = {}
    for at, by_word in kept.items():
        keeps = "first" not in at[1] and sum(by_word.values()) * 2 > len(by_word)
        found[at] = (keeps, frozenset(key for key, kept_ in by_word.items() if kept_ != keeps))
    return found


def write(table: LemmaTable, path: Path) -> None:
    """Write the table as the package reads it, in order."""
    forms: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (part, form), lemma in table.words.items():
        forms[part, lemma].append(form)
    rows = [["word", part, lemma, "", " ".join(sorted(f))] for (part, lemma), f in sorted(forms.items())]
    rows += [["rule", part, ending, str(off), on] for (part, ending), (off, on) in sorted(table.rules.items())]
    for (part, written), (keeps, others) in sorted(table.cases.items()):
        rows.append(["case", part, written, "keep" if keeps else "lower", " ".join(sorted(others))])
    path.write_text(_HEADER + "".join("\t".join(row) + "\n" for row in rows), encoding="utf-8", newline="\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Learn the table from the treebanks named and write it."""
    parser = argparse.ArgumentParser(description="Learn the table of lemmas from treebanks.")
    parser.add_argument("treebanks", nargs="+", type=Path, help="CoNLL-U files")
    parser.add_argument("--out", type=Path, required=True, help="the table, attribution/lexicon/lemmas.tsv")
    options = parser.parse_args(arguments)
    write(learn(tree for path in options.treebanks for tree in read_trees(path)), options.out)


if __name__ == "__main__":
    main()
