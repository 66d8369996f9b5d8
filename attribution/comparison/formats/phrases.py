"""What the table, the Markdown and the page say in the same words."""

from __future__ import annotations

from collections.abc import Sequence

from attribution.comparison.models import Comparison, Credit, Row, Version
from attribution.formats.rows import role_of

RELATIONS = {
    "same": "same words", "part": "part of it", "altered": "altered", "paraphrase": "in other words",
    "text": "in the text, no claim found",
}  # fmt: skip


def n(count: int, noun: str) -> str:
    """ "1 claim", "2 claims"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def summary(found: Comparison) -> str:
    """ "2 articles: 9 claims in both, 4 of them with changed words, 2 credited differently, 17 in one only"."""
    shared = found.shared
    alone = len(found.rows) - len(shared)
    parts = []
    if shared or not alone:
        parts.append(f"{n(len(shared), 'claim')} in {'both' if len(found.articles) == 2 else 'several'}")
    if drifting := sum(r.drifts for r in shared):
        parts.append(f"{drifting} with changed words")
    if otherwise := sum(r.credited_differently for r in shared):
        parts.append(f"{otherwise} credited differently")
    if alone:
        parts.append(f"{alone if shared else n(alone, 'claim')} in one only")
    return f"{n(len(found.articles), 'article')}: {', '.join(parts)}"


def speaker(row: Row) -> str:
    """The speaker's name."""
    return row.speaker.name or "nobody named"


def described(row: Row) -> str:
    """Role and affiliation; empty for none."""
    return role_of(row.speaker)


def verdicts(row: Row) -> list[str]:
    """What stands out in a row: "changed words", "other relay", "in other words"."""
    found = ["changed words"] if row.drifts else []
    names = {"relay": "relayed by others", "source": "source named otherwise", "cue": "another act"}
    seen = {d for v in row.versions for d in v.credit.differs}
    found += [text for name, text in names.items() if name in seen]
    relations = {v.relation for v in row.versions}
    found += [RELATIONS[r] for r in ("part", "paraphrase", "text") if r in relations]
    return found or (["same words"] if row.shared else [])


def manner(version: Version) -> str:
    """ "direct · said", "indirect · urged · via Reuters"."""
    if version.claim is None:
        return RELATIONS["text"]
    parts = [str(version.type), credit(version.credit)]
    if version.relation not in ("same", "altered"):
        parts.append(RELATIONS[version.relation])
    if version.claim.block != "body":
        parts.append(version.claim.block)
    return " · ".join(p for p in parts if p)


def credit(given: Credit) -> str:
    """ "US officials said, via Reuters": the words of the text, and who relays them."""
    words = " ".join(" ".join(x.split()) for x in (given.source, given.cue) if x)
    short = words if len(words) <= 60 else f"{words[:28].rsplit(' ', 1)[0]} … {words[-28:].split(' ', 1)[-1]}"
    return ", ".join([x for x in (short, f"via {' via '.join(given.via)}" if given.via else "") if x])


def missing(row: Row, labels: Sequence[str]) -> str:
    """ "not in daily, herald": empty where all have it or only one does."""
    return f"not in {', '.join(labels[i] for i in row.missing)}" if row.shared and row.missing else ""


def change_words(version: Version) -> list[tuple[str, str]]:
    """The changes as (words of the fullest, words here); empty for none."""
    return [(c.fullest.text if c.fullest else "", c.here.text if c.here else "") for c in version.changes]


def labels(found: Comparison) -> list[str]:
    """The articles' labels."""
    return [c.label for c in found.articles]
