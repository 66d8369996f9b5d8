"""Evidence in words: "“he” → Daniel Kritenbrink: whom the pronoun most likely means, named in the same paragraph"."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from attribution.claims import Claim, Evidence
from attribution.pipeline.segmentation import Range
from attribution.web.corrections import STEP

WORDS = {
    "several": "several are named together",
    "pronoun": "whom the pronoun most likely means",
    "speaker of the quotation": "“I” and “we” inside a quotation are its speaker",
    "byline": "“I” outside of every quotation is who signed the article",
    "signature": "“I” in a letter is who signed it",
    "people of a country": "a people is a group, not its government",
    "anonymity": "the reason that the article gives for not naming the source",
    "people list": "the entry of your own list that has this name",
    "across articles": "another article of the run has the fuller name",
    "relative pronoun": "the noun phrase right before it",
    "metonym": "a capital or seat speaks for its government",
    "country": "the government of the country at hand",
    "name": "the name stands there",
    "fullest form": "the fullest form of the name in this article",
    "apposition": "the name stands beside it",
    "institution": "the institution that is named or meant",
    "head noun": "a part of the institution’s name",
    "role": "the one whose role it is",
    "age": "the one of this age",
    "nationality": "the one of this nationality",
    "same noun phrase": "the same unnamed source as before",
    "as written": "an unnamed source, kept in the words of the text",
    "continues": "it goes on the quotation before",
    "turn": "whoever has the word, as nobody is named",
    "acts before": "who acts in the sentence before",
    "same subject": "the subject of the verb before",
    "interview label": "the name or initials before the turn of an interview",
    "same words": "the same quotation stands in the text, with its speaker",
    "no source": "the text names nobody here, and nobody is inferred",
    "unresolved": "nobody was found whom the pronoun could mean",
    STEP: "corrected by hand",
}
"""What each step of evidence means; a step that is not here is shown by its own name."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One step in words: what was seen, what it was taken for ("" for the same), and why."""

    seen: str
    taken: str
    why: str


def reasons(claim: Claim, paragraphs: Sequence[Range]) -> list[Reason]:
    """A claim's evidence in words, in order."""
    return [_reason(e, paragraphs) for e in claim.evidence]


def _reason(evidence: Evidence, paragraphs: Sequence[Range]) -> Reason:
    why = WORDS.get(evidence.step, evidence.step)
    taken = "" if evidence.to == evidence.from_ else evidence.to or "nobody"
    return Reason(evidence.from_, taken, f"{why}{_apart(evidence, paragraphs)}")


def _apart(evidence: Evidence, paragraphs: Sequence[Range]) -> str:
    """How far what was seen and what it was taken for stand apart."""
    if len(evidence.spans) < 2:
        return ""
    starts = [p.start for p in paragraphs]
    here, there = (bisect_right(starts, s.start) for s in evidence.spans[:2])
    if here == there:
        return ", in the same paragraph"
    count, side = abs(here - there), "before" if there < here else "after"
    return f", in the paragraph {side}" if count == 1 else f", {count} paragraphs {side}"
