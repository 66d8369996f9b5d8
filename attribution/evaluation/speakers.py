"""Speakers alone: resolve the sources of gold claims, so that a wrong span costs nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from attribution.evaluation.metrics import name_key
from attribution.pipeline.blocks import FURNITURE, blocks, stretches
from attribution.pipeline.cast import assemble_cast
from attribution.pipeline.encoder import Pieces, pad, read_texts, windows
from attribution.pipeline.labels import ACTS, KINDS
from attribution.pipeline.links import Links, links
from attribution.pipeline.mentions import PRONOUNS, Name
from attribution.pipeline.names import names
from attribution.pipeline.network import FloatArray
from attribution.pipeline.noun_phrases import Word, noun_phrases, tagged
from attribution.pipeline.reader import Reader, in_bylines, in_the_story, lay_out
from attribution.pipeline.relations import Relation, set_parents
from attribution.pipeline.resolution import Article, Resolution
from attribution.pipeline.segmentation import Range, sentences
from attribution.pipeline.speakers import resolve_all
from attribution.pipeline.speaking_names import with_speaking_names
from attribution.pipeline.tagging import ScoredText


def gold_relations(record: dict[str, Any], kinds: Sequence[FloatArray] | None = None) -> list[Relation]:
    """A gold article's claims as relations, in its order.

    Args:
        record: the gold article.
        kinds: of each claim the kinds' probabilities, (kinds,); none by default.

    """
    out = []
    for i, a in enumerate(record["attributions"]):
        spans = {r: [Range(s, e) for s, e in sorted(a.get(r) or [])] for r in ("source", "cue", "content")}
        first = (spans["cue"] or spans["content"])[0].start
        kind = kinds[i] if kinds is not None else np.zeros(len(KINDS), np.float32)
        out.append(
            Relation(
                spans["source"], spans["cue"], spans["content"], [], first, not spans["cue"], 1.0, 1.0,
                np.zeros(len(ACTS), np.float32), kind,
            )
        )  # fmt: skip
    set_parents(out)
    return out


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model says of a gold article: names, for each gold claim the kind of its source, words with their parts, links."""

    names: Sequence[Name]
    kinds: Sequence[FloatArray] | None = None
    words: Sequence[Word] = ()
    links: Links | None = None


Readings = Callable[[dict[str, Any]], Reading]


def readings_by(reader: Reader) -> Readings:
    """A function that reads a gold article with a reader's model."""

    def read(record: dict[str, Any]) -> Reading:
        text = record["text"]
        paragraphs, marked = lay_out(text)
        [(pieces, scored)] = read_texts(
            [(text, paragraphs, marked, reader.settings.convention_of(text))],
            reader.tokenizer,
            reader.network,
            threshold=1.0,
        )
        likely = np.concatenate(
            [s.anchor[w.core_start - w.start : w.core_end - w.start, 0] for w, s in scored]
        ) if scored else np.zeros(0, np.float32)  # fmt: skip
        kinds = _kinds(reader, pieces, [_anchor(pieces, likely, a) for a in record["attributions"]])
        words = tagged(ScoredText(text, paragraphs, marked, pieces, scored))
        return Reading(names(text, pieces, scored), kinds, words, links(text, pieces, scored))

    return read


def _anchor(pieces: Pieces, none: FloatArray, claim: dict[str, Any]) -> int:
    """The piece of a gold claim's cue (or the first of its content) that is likeliest an anchor."""
    inside: list[int] = []
    for s, e in claim.get("cue") or claim["content"][:1]:
        a, b = np.searchsorted(pieces.ends, s, side="right"), np.searchsorted(pieces.starts, e, side="left")
        inside.extend(range(int(a), max(int(a) + 1, int(b))))
    inside = [i for i in inside if i < len(pieces)] or [len(pieces) - 1]
    return min(inside, key=lambda i: float(none[i])) if claim.get("cue") else inside[0]


def _kinds(reader: Reader, pieces: Pieces, anchors: Sequence[int]) -> list[FloatArray]:
    """The kind head's answer at given anchors: the network is asked for these pieces alone."""
    found = {a: np.zeros(len(KINDS), np.float32) for a in anchors}
    for w in windows(pieces):
        own = sorted({a for a in anchors if w.core_start <= a < w.core_end})
        if own:
            ids, types, mask, core = pad([(pieces, w)])
            core[:] = 0
            core[0, [a - w.start + 1 for a in own]] = 1
            out = reader.network(ids, types, mask, core, -1.0)
            for (_, at), kind in zip(out.where.tolist(), out.kind, strict=True):
                found[at - 1 + w.start] = np.exp(kind)
    return [found[a] for a in anchors]


def resolved(
    readings: Readings, records: Sequence[dict[str, Any]]
) -> Iterator[tuple[dict[str, Any], Article, list[Resolution]]]:
    """Each gold article with the resolutions of its claims.

    Args:
        readings: what the model says of an article, see ``readings_by``.
        records: gold articles.

    """
    for record in records:
        text = record["text"]
        paragraphs, _ = lay_out(text)
        found = [s for p in paragraphs for s in sentences(text, p)]
        read = readings(record)
        claims = gold_relations(record, read.kinds)
        furniture = [
            (kind, Range(a, b))
            for kind, a, b in stretches(text, paragraphs, blocks(text, paragraphs))
            if kind in FURNITURE
        ]
        named = with_speaking_names(text, in_the_story(read.names, furniture), claims)
        phrases = noun_phrases(text, read.words, found)
        cast = assemble_cast(text, named, found, phrases)
        article = Article(
            text, paragraphs, found, named, cast, claims, read.words, signed=in_bylines(read.names, furniture),
            phrases=phrases, links=read.links,
        )  # fmt: skip
        yield record, article, resolve_all(article)


def source_form(source: str) -> str:
    """ "none", "pronoun", "name" (has a capital after its first word) or "nominal"."""
    if not source:
        return "none"
    if source.casefold().strip(" ’'") in PRONOUNS:
        return "pronoun"
    rest = source.split()
    return "name" if any(w[:1].isupper() for w in rest[1:]) or (len(rest) == 1 and source[:1].isupper()) else "nominal"


@dataclass(slots=True)
class SpeakerScores:
    """Right and all by class: form of the source, kind, kind and form; ``kinds`` (right, all); ``wrong`` counts names
    given where another is right; ``errors`` has a line for each claim that is not right, with its class first.
    """

    right: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    kinds: tuple[int, int] = (0, 0)
    wrong: int = 0
    errors: list[tuple[str, str]] = field(default_factory=list)

    def share(self, key: str) -> float:
        """Accuracy of a class."""
        return self.right[key] / self.total[key] if self.total[key] else 0.0


def accuracy(readings: Readings, records: Sequence[dict[str, Any]]) -> SpeakerScores:
    """How many speakers of gold claims are right, by class."""
    scores = SpeakerScores()
    kinds_right = 0
    for record, article, found in resolved(readings, records):
        for a, who in zip(record["attributions"], found, strict=True):
            if "speaker" not in a:
                continue
            source = " ".join(article.text[s:e] for s, e in a["source"])
            form = source_form(source)
            ok = name_key(a["speaker"]) == name_key(who.name)
            kinds_right += a["kind"] == who.kind
            for key in ("all", form, f"{a['kind']}", f"{a['kind']} {form}"):
                scores.total[key] += 1
                scores.right[key] += ok
            if not ok:
                named = bool(who.entities) and all(e.named for e in who.entities)
                scores.wrong += named
                steps = ", ".join(s.step for s in who.steps)
                line = f"{source[:90]!r} → {who.name[:70]!r} ({steps}), gold {a['speaker']!r}"
                scores.errors.append((f"{a['kind']} {form}", f"{record['id']}: {line}"))
    scores.kinds = (kinds_right, scores.total["all"])
    return scores


def report(scores: SpeakerScores, *, shown: int = 0) -> str:
    """Accuracy by class and errors by class, as lines of text.

    Args:
        scores: see ``accuracy``.
        shown: examples of errors to show of each class.

    """
    lines = [
        f"speakers of {scores.total['all']} gold claims: {scores.share('all'):.3f} right, "
        f"{scores.wrong / max(1, scores.total['all']):.3f} have another's name; "
        f"kind {scores.kinds[0] / max(1, scores.kinds[1]):.3f}"
    ]
    for key in sorted(scores.total, key=lambda k: (" " in k, -scores.total[k], k)):
        if key != "all":
            lines.append(f"  {key:24} {scores.share(key):.3f}  ({scores.total[key]})")
    by_class = Counter(kind for kind, _ in scores.errors)
    lines.append("errors by class")
    for kind, n in by_class.most_common():
        lines.append(f"  {kind:24} {n:5}  {n / len(scores.errors):.3f}")
        lines.extend(f"      {line}" for k, line in [e for e in scores.errors if e[0] == kind][:shown])
    return "\n".join(lines)
