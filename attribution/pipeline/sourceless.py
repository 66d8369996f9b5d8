"""Claims without a source: a quotation that goes on, one that follows what somebody does, words said elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attribution.lexicon import noun_kinds
from attribution.pipeline.cueless import spans_overlap, speakers_at_hand, turn, whose_turn
from attribution.pipeline.mentions import bare, phrase, words
from attribution.pipeline.resolution import Article, Resolution, Source, SourceStep, Step, names_in, start_of
from attribution.pipeline.segmentation import Range


def without_source(article: Article, i: int, steps: Sequence[SourceStep]) -> Resolution:
    """A claim without a source: a quotation is whose turn it is; a participle goes on; a passive stays unknown."""
    r = article.claims[i]
    cue = article.text[r.cue[0].start : r.cue[-1].end] if r.cue else ""
    unknown = Resolution("", "unknown", [], [Step("no source", cue, "")])
    if r.free:
        return cueless(article, i, steps) or unknown
    if not re.match(r"\w+ing\b", cue):
        if _is_second_verb(article, i):
            return _same_subject(article, i, steps)
        return unknown
    at = start_of(r)
    before = [
        j for j, found in article.resolved.items()
        if found.name and start_of(article.claims[j]) < at and article.claims[j].parent == r.parent
        and article.paragraph_of(at) == article.paragraph_of(article.claims[j].content[-1].end - 1)
    ]  # fmt: skip
    if not before:
        return unknown
    last = max(before, key=lambda j: start_of(article.claims[j]))
    outer = article.resolved[last]
    step = Step("continues", cue, outer.name, list(article.claims[last].source[:1]))
    return Resolution(outer.name, outer.kind, outer.entities, [step])


def cueless(article: Article, i: int, steps: Sequence[SourceStep], *, last_word: bool = False) -> Resolution | None:
    """Who says a quotation that has neither source nor cue.

    A quotation before all other claims, as a headline's, waits for them: it is resolved with the ``last_word``.
    """
    here = article.paragraph_of(start_of(article.claims[i]))
    acting = _who_acts_before(article, i, steps)
    actor = acting.entities[0] if acting is not None else None
    acts_here = acting is not None and article.paragraph_of(acting.steps[0].spans[0].start) == here
    t = turn(article, i, actor, actor_here=acts_here)
    if t.headline and not last_word:
        return None
    last = t.before[0] if t.before else None
    unnamed = last is not None and not article.resolved[last].entities and actor is None
    if last is not None and unnamed and here - article.paragraph_of(start_of(article.claims[last])) <= 1:
        return _goes_on(article, last)
    who = whose_turn(article, t, speakers_at_hand(article, t))
    if who is None:
        return None
    if acting is not None and who is actor:
        return acting
    said = next((j for j in t.before if any(who is e for e in article.resolved[j].entities)), None)
    if said is not None and said == last:
        return _goes_on(article, said)
    seen = list(article.claims[said].source[:1]) if said is not None else who.mentions[:1]
    return Resolution(who.name, who.kind, [who], [Step("turn", "quotation without a cue", who.name, seen)])


def _goes_on(article: Article, j: int) -> Resolution:
    """The speaker of an earlier claim, whose words a quotation without a cue continues."""
    outer = article.resolved[j]
    step = Step("continues", "quotation without a cue", outer.name, list(article.claims[j].source[:1]))
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
    before = article.sentences[k]
    if before.start >= at - 1:
        if k == 0:
            return None
        before = article.sentences[k - 1]
    before = Range(before.start, min(before.end, at))
    apart = article.paragraph_of(at) - article.paragraph_of(before.start)
    if apart > 1 or spans_overlap(article, before):
        return None
    subject = _subject_of(article, before)
    if subject is None:
        return None
    text = article.text[subject.start : subject.end]
    source = Source(i, r, subject, text, phrase(article.text, subject))
    known = article.referred.get(subject.start) if _HE_OR_SHE.fullmatch(text) else None
    if known is not None and known.named:
        return Resolution(known.name, known.kind, [known], [Step("acts before", text, known.name, [subject])])
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
            if plain and follows and len(lead) <= 5:
                return Range(sentence.start, n.end)
            return _first_actor(article, sentence)
    m = _ROLE_FIRST.match(article.text, sentence.start, sentence.end)
    if m and noun_kinds().get(bare(m[1])) == "person":
        return Range(sentence.start, m.end(1))
    return None


def _first_actor(article: Article, sentence: Range) -> Range | None:
    """The first person named at the head of a sentence who owns nothing and stands after no preposition."""
    for n in names_in(article, Range(sentence.start, min(sentence.end, sentence.start + 90))):
        owns = re.match(r"['’]s?\s", article.text[n.end : n.end + 3])
        aside = _ASIDE.search(article.text, sentence.start, n.start)
        if n.label == "PERSON" and not owns and not (aside and aside.end() == n.start):
            return Range(n.start, n.end)
    return None


_ASIDE = re.compile(r"\b(?:of|with|to|for|from|by|against|about|on|at|in|than|over|like|and)\s(?:[A-Z][\w.]*\s)*$")
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
