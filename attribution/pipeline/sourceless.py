"""Claims without a source: a quotation that goes on, one that follows what somebody does, words said elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attribution.lexicon import noun_kinds
from attribution.pipeline.mentions import bare, phrase, words
from attribution.pipeline.resolution import Article, Resolution, Source, SourceStep, Step, names_in, start_of
from attribution.pipeline.segmentation import Range


def without_source(article: Article, i: int, steps: Sequence[SourceStep]) -> Resolution:
    """A claim without a source: a quotation goes on the speaker before it; a passive stays unknown."""
    r = article.claims[i]
    cue = article.text[r.cue[0].start : r.cue[-1].end] if r.cue else ""
    continues = r.free or re.match(r"\w+ing\b", cue)
    if not continues and _is_second_verb(article, i):
        return _same_subject(article, i, steps)
    if not continues:
        return Resolution("", "unknown", [], [Step("no source", cue, "")])
    at = start_of(r)
    if r.free and (acting := _who_acts_before(article, i, steps)) is not None:
        return acting
    paragraph = article.paragraph_of(at)
    before = [
        j for j, found in article.resolved.items()
        if found.name and start_of(article.claims[j]) < at and article.claims[j].parent == r.parent
        and paragraph - article.paragraph_of(article.claims[j].content[-1].end - 1) <= (2 if r.free else 0)
    ]  # fmt: skip
    if not before:
        return Resolution("", "unknown", [], [Step("no source", cue, "")])
    last = max(before, key=lambda j: start_of(article.claims[j]))
    outer = article.resolved[last]
    step = Step("continues", cue or "quotation without a cue", outer.name, list(article.claims[last].source[:1]))
    return Resolution(outer.name, outer.kind, outer.entities, [step])


def _is_second_verb(article: Article, i: int) -> bool:
    """True for a cue whose subject stands before the verb that it follows: "Aides say it is early but noted that …"."""
    start = article.claims[i].cue[0].start
    sentence = article.sentences[article.sentence_of(start)]
    if article.part_at(start) != "VERB":
        return False
    verb = article.text[start : start + 40].split(maxsplit=1)[0].casefold()
    after = _AND if not verb.endswith("s") else _AND_OR_COMMA  # ", known as" has no subject of its own
    return verb not in _HEARS and after.search(article.text, sentence.start, start) is not None


_AND = re.compile(r"\b(?:and|but|then|or)\s(?:also\s|then\s|later\s)?$")
_AND_OR_COMMA = re.compile(r"(?:\b(?:and|but|then|or)\s(?:also\s|then\s|later\s)?|,\s)$")
_HEARS = frozenset(["asked", "pressed", "told", "urged", "questioned", "according"])


def _same_subject(article: Article, i: int, steps: Sequence[SourceStep]) -> Resolution:
    """Who the sentence's claim before is by, or else the phrase that the sentence begins with."""
    r = article.claims[i]
    k = article.sentence_of(r.cue[0].start)
    sentence = article.sentences[k]
    before = [
        j for j, found in article.resolved.items()
        if found.name and article.claims[j].parent == r.parent and sentence.start <= start_of(article.claims[j]) < r.cue[0].start
    ]  # fmt: skip
    if before:
        last = max(before, key=lambda j: start_of(article.claims[j]))
        outer = article.resolved[last]
        seen = list(article.claims[last].source[:1])
        return Resolution(outer.name, outer.kind, outer.entities, [Step("same subject", "", outer.name, seen)])
    first = next((p for p in article.phrases if p.base.start == sentence.start and p.whole.end < r.cue[0].start), None)
    if first is not None:
        text = article.text[first.whole.start : first.whole.end]
        source = Source(i, r, first.whole, text, phrase(article.text, first.whole))
        found = next((x for s in steps if (x := s(article, source)) is not None), None)
        if found is not None and found.entities:
            return Resolution(
                found.name, found.kind, found.entities, [Step("same subject", text, found.name, [first.whole])]
            )
    return Resolution("", "unknown", [], [Step("no source", "", "")])


def _who_acts_before(article: Article, i: int, steps: Sequence[SourceStep]) -> Resolution | None:
    """The subject of the sentence right before a quotation, where that sentence only says what somebody does.

    "She shrugs. “It was cold.”" is hers, whoever spoke last. A sentence that belongs to a claim itself does not count.
    """
    r = article.claims[i]
    at = r.content[0].start
    k = article.sentence_of(at)
    if article.sentences[k].start < at:  # "Moss kept it short. “…”": the sentence splitter may join them
        return None
    if k == 0 or article.paragraph_of(article.sentences[k - 1].start) != article.paragraph_of(at):
        return None
    before = article.sentences[k - 1]
    spans = (s for c in article.claims for s in (*c.source, *c.cue, *c.content))
    if any(s.start < before.end and before.start < s.end for s in spans):
        return None
    subject = _subject_of(article, before)
    if subject is None:
        return None
    text = article.text[subject.start : subject.end]
    source = Source(i, r, subject, text, phrase(article.text, subject))
    found = next((x for s in steps if (x := s(article, source)) is not None), None)
    if found is None or found.kind != "person" or not all(e.named for e in found.entities):
        return None
    step = Step("acts before", text, found.name, [subject])
    return Resolution(found.name, found.kind, found.entities, [step, *found.steps])


def _subject_of(article: Article, sentence: Range) -> Range | None:
    """The person that a sentence begins with: a pronoun, a name with what stands before it, or a definite role."""
    pronoun = _HE_OR_SHE.match(article.text, sentence.start, sentence.end)
    if pronoun:
        return Range(pronoun.start(), pronoun.end())
    for n in names_in(article, sentence)[:3]:
        if n.label == "PERSON":
            lead = words(article.text[sentence.start : n.start])
            plain = all(w[:1].isupper() or noun_kinds().get(bare(w)) == "person" or bare(w) in _LEADS for w in lead)
            follows = _VERB_AFTER.match(article.text, n.end, sentence.end)
            return Range(sentence.start, n.end) if plain and follows and len(lead) <= 5 else None
    m = _ROLE_FIRST.match(article.text, sentence.start, sentence.end)
    if m and noun_kinds().get(bare(m[1])) == "person":
        return Range(sentence.start, m.end(1))
    return None


_HE_OR_SHE = re.compile(r"(?:He|She)\b(?!['’]s\s(?:not\s)?been)")
_LEADS = frozenset(["the", "a", "an", "point", "guard", "and", "but", "then", "team", "club", "head"])
_VERB_AFTER = re.compile(r"(?:,\s[^.]{1,80},)?\s[a-z]+\b")
_ROLE_FIRST = re.compile(r"The\s(?:[a-z-]+\s)?([a-z-]+)\b")


def said_elsewhere(article: Article, i: int) -> Resolution | None:
    """A quotation without a source that another claim of the article has with one: a headline's, mostly."""
    wanted = _plain_words(article, i)
    if len(wanted.split()) < 3:
        return None
    for j, other in article.resolved.items():
        apart = not any(
            a.start < b.end and b.start < a.end for a in article.claims[i].content for b in article.claims[j].content
        )
        if apart and other.name and wanted in _plain_words(article, j):
            step = Step(
                "same words",
                article.text[slice(*article.claims[i].content[0])],
                other.name,
                article.claims[j].content[:1],
            )
            return Resolution(other.name, other.kind, other.entities, [step, *other.steps])
    return None


def _plain_words(article: Article, i: int) -> str:
    found = " ".join(article.text[s:e] for s, e in article.claims[i].content)
    return " ".join(bare(w) for w in words(found))
