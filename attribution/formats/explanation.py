"""A claim explained: its paragraph with source, cue and content marked, and how its speaker was found."""

from __future__ import annotations

from itertools import pairwise

from rich.text import Text

from attribution.claims import Article, Claim
from attribution.formats.rows import kind_of_act, role_of
from attribution.formats.table import printable
from attribution.pipeline.segmentation import paragraphs

_MARKS = {"content": ("⟦", "⟧", "reverse"), "cue": ("⟨", "⟩", "bold underline"), "source": ("{", "}", "bold green")}


def explanation(article: Article, claim: Claim) -> Text:
    """Lines for a terminal: the claim in a sentence, its paragraph with marks, and the evidence.

    Contents stand in ⟦ ⟧, the cue in ⟨ ⟩, the source in { }; where there is colour they have that, too.
    """
    out = Text()
    who = claim.speaker
    described = ", ".join(x for x in (who.kind, role_of(who) or who.role) if x)
    out.append(f"{printable(who.name) or 'nobody named'}", style="bold")
    out.append(f" ({printable(described)})\n{kind_of_act(claim)}, confidence {claim.confidence:.0%}, id {claim.id}\n\n")
    out.append_text(_marked(article.text, claim))
    out.append("\n\n⟦claim⟧ ⟨cue⟩ {source}\n", style="dim")
    if claim.addressee:
        out.append(f"said to: {printable(claim.addressee.text)}\n")
    out.append("\nWhy this speaker:\n", style="bold")
    for e in claim.evidence:
        places = ", ".join(f"{s.start}–{s.end}" for s in e.spans)
        seen, taken = printable(e.from_), printable(e.to)
        line = f"“{seen}”" if seen == taken else f"“{seen}” → {taken or 'nobody'}"
        out.append(f"  {e.step}: {line}{f'  [{places}]' if places else ''}\n")
    return out


def _marked(text: str, claim: Claim) -> Text:
    spans = [(s.start, s.end, role) for role, p in (("content", claim.content), ("cue", claim.cue), ("source", claim.source))
             if p for s in p.spans]  # fmt: skip
    low, high = min(s for s, _, _ in spans), max(e for _, e, _ in spans)
    shown = [p for p in paragraphs(text) if p.start < high and low < p.end]
    start, end = min([low, *(p.start for p in shown)]), max([high, *(p.end for p in shown)])
    edges = sorted({start, end, *(x for s, e, _ in spans for x in (s, e))})
    out = Text()
    for a, b in pairwise(edges):
        for s, _, role in sorted(spans, key=lambda x: -x[1]):
            if s == a:
                out.append(_MARKS[role][0], style="bold")
        style = " ".join(_MARKS[role][2] for s, e, role in spans if s <= a and b <= e)
        out.append(_flat(text[a:b]), style=style)
        for _, e, role in sorted(spans, key=lambda x: -x[0]):
            if e == b:
                out.append(_MARKS[role][1], style="bold")
    return out


def _flat(text: str) -> str:
    """White space as it is shown, without what a terminal would obey."""
    head = " " if text[:1].isspace() else ""
    tail = " " if text[-1:].isspace() and text.strip() else ""
    return f"{head}{printable(text)}{tail}"
