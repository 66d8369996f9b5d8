"""The same speaker in several articles of one run: "Qin" here and "Qin Gang" there.

Full names meet by their words, institutions also by initials; somebody known by surname alone meets the one full name
that ends or begins with it, if role or affiliation agree, or if nothing is known that could speak against it and the two
articles have another speaker in common. Whoever is not named stays apart. Nothing depends on the order of articles.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from attribution.claims import ArticleClaims, Evidence, Speaker
from attribution.sources.naming import content_words, name_words
from attribution.sources.renaming import renamed

Key = tuple[str, tuple[str, ...]]  # kind and the words of the name


@dataclass(frozen=True, slots=True)
class Seen:
    """A named speaker in one article."""

    article: str
    speaker: Speaker

    @property
    def key(self) -> Key:
        """Kind and the words of the name."""
        return self.speaker.kind, name_words(self.speaker.name)


def unified(articles: Iterable[ArticleClaims]) -> list[ArticleClaims]:
    """The same articles with one id, and the fullest name, for a speaker that appears in several.

    Unnamed speakers (groups, anonymous, documents) get ids of their article, so that "officials" of two articles are
    two. The articles keep their order.
    """
    given = list(articles)
    seen = sorted(
        (Seen(a.article.id, s) for a in given for s in a.speakers if not s.unnamed and name_words(s.name)),
        key=lambda x: (x.key, x.article, x.speaker.id),
    )
    groups = _joined(seen)
    who = {k: _speaker([x for x in seen if x.key in keys]) for keys in groups for k in keys}
    out = []
    for found in given:
        meant: dict[str, tuple[Speaker, Evidence | None]] = {}
        for s in found.speakers:
            key = (s.kind, name_words(s.name))
            if key in who and not s.unnamed:
                new = who[key].model_copy(update={
                    "role": s.role or who[key].role, "affiliation": s.affiliation or who[key].affiliation,
                })  # fmt: skip
                step = (
                    Evidence.model_validate({"step": "across articles", "from": s.name, "to": new.name})
                    if new.name != s.name
                    else None
                )
                meant[s.id] = (new, step)
            elif s.unnamed:
                meant[s.id] = (s.model_copy(update={"id": _id(found.article.id, s.kind, s.name)}), None)
        out.append(renamed(found, meant))
    return out


def _joined(seen: Sequence[Seen]) -> list[set[Key]]:
    """Keys that mean one speaker, together."""
    by_key: dict[Key, list[Seen]] = defaultdict(list)
    for x in seen:
        by_key[x.key].append(x)
    company: dict[str, set[Key]] = defaultdict(set)
    for x in seen:
        company[x.article].add(x.key)
    home: dict[Key, Key] = {}
    for key in sorted(by_key, key=lambda k: (len(k[1]), k)):
        fuller = [other for other in by_key if _may_be(key, other)]
        agreeing = [other for other in sorted(fuller) if _agree(by_key[key], by_key[other], company)]
        if len(agreeing) == 1:
            home[key] = agreeing[0]
    groups: dict[Key, set[Key]] = defaultdict(set)
    for key in by_key:
        end = key
        while end in home:
            end = home[end]
        groups[end].add(key)
    return list(groups.values())


def _may_be(short: Key, full: Key) -> bool:
    """True if a name may be the short form of another: its surname or first name, its initials, or its beginning."""
    (kind, a), (other_kind, b) = short, full
    if kind != other_kind or len(a) >= len(b):
        return False
    if kind == "person":
        return len(a) == 1 and a[0] in (b[0], b[-1])
    initials = "".join(w[0] for w in b if w not in ("of", "the", "and", "for"))
    return (
        (len(a) == 1 and len(a[0]) > 1 and a[0] == initials) or b[: len(a)] == a or (len(a) > 1 and b[-len(a) :] == a)
    )


def _agree(short: Sequence[Seen], full: Sequence[Seen], company: dict[str, set[Key]]) -> bool:
    if any(x.article == y.article for x in short for y in full):
        return False  # the article itself keeps them apart
    if short[0].speaker.kind != "person":
        return True
    said, told = _known(short), _known(full)
    if said and told:
        return bool(said & told)
    own = {x.key for x in (*short, *full)}
    return any((company[x.article] & company[y.article]) - own for x in short for y in full)


def _known(seen: Sequence[Seen]) -> frozenset[str]:
    return content_words(*(p for x in seen for p in (x.speaker.role, x.speaker.affiliation)))


def _speaker(seen: Sequence[Seen]) -> Speaker:
    """The speaker of a group: its fullest name, then the commonest; the commonest role and affiliation."""
    names = Counter(x.speaker.name for x in seen)
    name = min(names, key=lambda n: (-len(name_words(n)), -names[n], n))
    kind = seen[0].speaker.kind
    return Speaker(
        id=_id("", kind, " ".join(name_words(name))), name=name, kind=kind,
        role=_commonest(x.speaker.role for x in seen), affiliation=_commonest(x.speaker.affiliation for x in seen),
    )  # fmt: skip


def _commonest(values: Iterable[str | None]) -> str | None:
    counts = Counter(v for v in values if v)
    return min(counts, key=lambda v: (-counts[v], v)) if counts else None


def _id(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
