"""Claims of our training articles as other outlets would carry them.

A folder of .tsv files in the form of ``claim_groups``; a group's topic is the claim that it has versions of,
``article:number``, or several joined by ``+`` where the article says a thing twice. Claims of one speaker of an article that
are not joined so are different ones: invented near misses teach what is hardly the same, these what news puts side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from attribution.errors import InputError
from attribution.evaluation.gold import read_gold_records
from attribution.training.claim_groups import Group, groups_of, read_groups
from attribution.training.corpora import own_folders


class _Claim(NamedTuple):
    """Of an article; ``how`` it is said: d, i or m."""

    article: str
    speaker: str
    how: str
    text: str


def all_groups(settings: dict[str, Any], beside: Path) -> list[Group]:
    """What a training configuration's cross-encoder learns from: groups, and versions of our own articles' claims.

    Raises:
        InputError: see ``read_groups`` and ``read_versions``.

    """
    of = settings["cross_encoder"]
    return [*read_groups(beside / of["groups"]), *read_versions(beside / of["versions"], own_folders(settings, beside))]


def read_versions(folder: Path, articles: Sequence[Path]) -> list[Group]:
    """The groups of every .tsv file of a folder, each with the claims that it has versions of and those beside them.

    Args:
        folder: of versions.
        articles: folders of .gold files.

    Raises:
        InputError: there are no versions, a line is not as it should be, or a claim is in no article.

    """
    claims = _claims(articles)
    by_speaker: dict[tuple[str, str], list[Group]] = defaultdict(list)
    for path in sorted(folder.glob("*.tsv")):
        for group in groups_of(path):
            names = group.topic.split("+")
            if unknown := [name for name in names if name not in claims]:
                raise InputError(str(path), f"no such claim in the training articles: {unknown[0]!r}")
            group.full[:0] = [claims[name].text for name in names]
            group.how |= {claims[name].text: claims[name].how for name in names}
            by_speaker[claims[names[0]].article, claims[names[0]].speaker].append(group)
    if not by_speaker:
        raise InputError(str(folder), "no .tsv file with versions of claims")
    for (article, speaker), groups in by_speaker.items():
        if speaker:  # who is not named may be several
            said = {name: c for name, c in claims.items() if (c.article, c.speaker) == (article, speaker)}
            _lay_beside(groups, said)
    return [g for of in by_speaker.values() for g in of if len(g.full) > 1 or g.another]


def _claims(articles: Sequence[Path]) -> dict[str, _Claim]:
    """Every claim of some folders of articles, by ``article:number``."""
    return {
        f"{r['id']}:{c['n']}": _Claim(r["id"], c["speaker"] or "", c["type"][0], _words(r["text"], c["content"]))
        for path in articles
        for r in read_gold_records(path)
        for c in r["attributions"]
        if c["content"]
    }


def _words(text: str, spans: Sequence[Sequence[int]]) -> str:
    return " ".join(" ".join(text[start:end] for start, end in spans).split())


def _lay_beside(groups: Sequence[Group], said: dict[str, _Claim]) -> None:
    """Tell each group what its speaker says besides, in the claims that have versions and in those that have none."""
    known = {name for g in groups for name in g.topic.split("+")}
    others = {c.text: c.how for name, c in said.items() if name not in known}
    for group in groups:
        rest = [g for g in groups if g is not group]
        group.beside = [*others, *(text for g in rest for text in g.same)]
        group.how = {**others, **{text: how for g in rest for text, how in g.how.items()}, **group.how}
