"""The reader: a text goes in, claims come out; every step of the pipeline in its order."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from attribution.claims import BlockKind
from attribution.errors import ModelError
from attribution.pipeline.addressee_phrases import whole_addressees
from attribution.pipeline.assembly import assemble, joined, polish
from attribution.pipeline.blocks import FURNITURE, blocks, stretches
from attribution.pipeline.cast import assemble_cast
from attribution.pipeline.confidence import Calibration
from attribution.pipeline.conventions import AUTO, GUIDE, POLNEAR, convention_of
from attribution.pipeline.encoder import CONVENTIONS, read_texts
from attribution.pipeline.given import Given, sentences_within, with_given
from attribution.pipeline.labels import ACTS, ADDRESSEE, ANCHORS, KINDS, NAMES, PARTS, ROLES
from attribution.pipeline.later_roles import add_later_roles
from attribution.pipeline.layers import Reading
from attribution.pipeline.links import links
from attribution.pipeline.mentions import Name, phrase_before
from attribution.pipeline.names import names
from attribution.pipeline.network import Network, OnnxNetwork
from attribution.pipeline.noun_phrases import noun_phrases, tagged
from attribution.pipeline.quotation import Quotation, depths, quotations
from attribution.pipeline.relations import Crf, Relation, relations, set_parents
from attribution.pipeline.resolution import Article
from attribution.pipeline.said_once import said_once
from attribution.pipeline.segmentation import Range, paragraphs, sentences
from attribution.pipeline.speakers import resolve_all
from attribution.pipeline.speaking_names import with_speaking_names
from attribution.pipeline.standing_quotations import standing_quotations
from attribution.pipeline.tagging import ScoredText

MODEL_FILES = ("model.onnx", "tokenizer.json", "labels.json", "meta.json")
LABELS = {"roles": ROLES, "anchors": ANCHORS, "names": NAMES, "acts": ACTS, "kinds": KINDS, "addressee": ADDRESSEE,
          "parts": PARTS}  # fmt: skip
_RELATIVE = re.compile(r"\b(?:which|whom|that)\s+$")
_AS = re.compile(r"\s+as\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Tuning:
    """What was fitted for a convention: from which confidence on a claim is kept, and how scores become confidence."""

    keep: float = 0.0
    calibration: Calibration = field(default_factory=Calibration)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the model was tuned to, and how it is used.

    * ``threshold``: from which probability on a word is read as an anchor.
    * ``tunings``: of each convention that the model learnt.
    * ``convention``: by whose rules claims are marked: "auto", "guide" or "polnear", see ``pipeline.conventions``.
    """

    threshold: float = 0.5
    tunings: Mapping[str, Tuning] = field(default_factory=lambda: {GUIDE: Tuning(), POLNEAR: Tuning()})
    convention: str = AUTO

    def convention_of(self, text: str) -> str:
        """By whose rules a text is read."""
        if self.convention != AUTO:
            return self.convention
        return convention_of(text) if POLNEAR in self.tunings else GUIDE


@dataclass(frozen=True, slots=True)
class Reader:
    """Everything that reading takes: tokenizer, network, transition scores, settings."""

    tokenizer: Tokenizer
    network: Network
    crf: Crf
    settings: Settings

    def read(self, texts: Sequence[str], *, given: Sequence[Given] | None = None) -> list[list[dict[str, Any]]]:
        """The claims of each text as plain data, see ``assembly.assemble``.

        Args:
            texts: the articles' texts.
            given: what is told of each, see ``pipeline.given``.

        """
        return [found.claims for found in self.read_layers(texts, given=given)]

    def read_layers(self, texts: Sequence[str], *, given: Sequence[Given] | None = None) -> list[Reading]:
        """The claims of each text, and what the same pass says of its names, parts of speech and sentences.

        Args:
            texts: the articles' texts.
            given: what is told of each, see ``pipeline.given``.

        """
        told = given or [Given()] * len(texts)
        return [self._reading(one, given_) for one, given_ in zip(self._scored(texts), told, strict=True)]

    def articles(self, texts: Sequence[str]) -> list[Article]:
        """The texts with their claims and cast, before anybody has asked who speaks; training looks on from there."""
        out = []
        for one in self._scored(texts):
            kinds = blocks(one.text, one.paragraphs)
            out.append(self._article(one, names(one.text, one.pieces, one.windows), Given(), kinds))
        return out

    def _scored(self, texts: Sequence[str]) -> list[ScoredText]:
        laid_out = [lay_out(text) for text in texts]
        scored = read_texts(
            [(t, p, q, self.settings.convention_of(t)) for t, (p, q) in zip(texts, laid_out, strict=True)],
            self.tokenizer, self.network, threshold=self.settings.threshold,
        )  # fmt: skip
        return [ScoredText(t, *layout, *scores) for t, layout, scores in zip(texts, laid_out, scored, strict=True)]

    def _reading(self, one: ScoredText, given: Given) -> Reading:
        found = names(one.text, one.pieces, one.windows)
        return Reading(self._claims(one, found, given), found, one)

    def _claims(self, one: ScoredText, found_names: Sequence[Name], given: Given) -> list[dict[str, Any]]:
        kinds = blocks(one.text, one.paragraphs, given.blocks)
        article = self._article(one, found_names, given, kinds)
        who = resolve_all(article)
        add_later_roles(article, who)
        return assemble(article.text, article.claims, who, article.depth, article.paragraphs, kinds, article.words)

    def _article(
        self, one: ScoredText, found_names: Sequence[Name], given: Given, kinds: Sequence[BlockKind]
    ) -> Article:  # fmt: skip
        text, paragraphs_, marked = one.text, one.paragraphs, one.marked
        tuning = self.settings.tunings[self.settings.convention_of(text)]
        furniture = [(kind, Range(a, b)) for kind, a, b in stretches(text, paragraphs_, kinds) if kind in FURNITURE]
        likely = relations(one.pieces, one.windows, self.crf)
        apart = [p for kind, p in zip(kinds, paragraphs_, strict=True) if kind in ("headline", "caption")]
        depth = depths(text, marked)
        likely = polished(text, likely, marked, [span for _, span in furniture], apart)
        found = sure(text, likely, depth, tuning)
        said_once(found, marked, paragraphs_)
        if self.settings.convention_of(text) == GUIDE:
            alone = standing_quotations(text, found, marked, paragraphs_, kinds)
            found = sorted([*found, *alone], key=_place)
            set_parents(found)
        own = (s for p in paragraphs_ for s in sentences(text, p))
        sentences_ = list(own) if given.sentences is None else sentences_within(text, paragraphs_, given.sentences)
        everybody = with_given(found_names, given.names)
        named = with_speaking_names(text, in_the_story(everybody, furniture), found)
        words = tagged(one)
        whole_addressees(text, found, words, sentences_)
        phrases = noun_phrases(text, words, sentences_)
        cast = assemble_cast(text, named, sentences_, phrases)
        signed = in_bylines(everybody, furniture)
        return Article(
            text, paragraphs_, sentences_, named, cast, found, words, signed=signed, depth=depth, phrases=phrases,
            links=links(text, one.pieces, one.windows),
        )  # fmt: skip


def lay_out(text: str) -> tuple[list[Range], list[Quotation]]:
    """Paragraphs and quotations of a text."""
    found = paragraphs(text)
    return found, quotations(text, found)


def polished(
    text: str,
    found: Sequence[Relation],
    marked: Sequence[Quotation],
    furniture: Sequence[Range] = (),
    apart: Sequence[Range] = (),
) -> list[Relation]:
    """Relations with polished spans, in order of the text; parents set anew. What has no content left is dropped.

    No span reaches into ``furniture``; a relation whose cue stands there is none. Nor does any run out of a paragraph
    that stands ``apart``, a headline or caption, or into one.
    """
    out = []
    for r in found:
        if furniture:
            if any(within(s, furniture) for s in r.cue):
                continue
            r.content, r.source, r.addressee = (outside(s, furniture) for s in (r.content, r.source, r.addressee))
        if apart and (r.cue or r.content):
            home = (r.cue or r.content)[0]
            r.content, r.source, r.addressee = (_at_home(s, home, apart) for s in (r.content, r.source, r.addressee))
        if not r.source and joined(text, r.cue).casefold() == "asked":
            continue  # "Asked whether …, she said": nobody is said to have asked
        r.content = _with_antecedents(text, r)
        r.content = polish(text, r.content, marked, content=True)
        r.source = polish(text, r.source, marked, content=False)[:1]
        r.cue = polish(text, r.cue, marked, content=False)
        r.addressee = polish(text, r.addressee, marked, content=False)
        if r.content and (r.cue or r.free):
            out.append(r)
    out.sort(key=_place)
    set_parents(out)
    return out


def _place(claim: Relation) -> tuple[int, int]:
    return min(s[0].start for s in (claim.content, claim.cue, claim.source) if s), claim.anchor


def sure(text: str, found: Sequence[Relation], depth: bytearray, tuning: Tuning) -> list[Relation]:
    """The relations of which the model is sure enough, with their confidence; parents set anew."""
    for r, confidence in zip(found, tuning.calibration.confidences(text, found, depth), strict=True):
        r.confidence = confidence
    out = [r for r in found if r.confidence >= tuning.keep]
    set_parents(out)
    return out


def in_the_story(named: Sequence[Name], furniture: Sequence[tuple[str, Range]]) -> list[Name]:
    """Names without those in furniture: a link to another story names people who are not in this one. Organizations in
    bylines and notices stay: they are the outlet, which the story calls by a shorter name ("the Dispatch").
    """
    hidden = [span for _, span in furniture]
    away = [span for kind, span in furniture if kind in ("related", "share", "newsletter", "breadcrumb")]
    return [n for n in named if not within(Range(n.start, n.end), away if n.label == "ORG" else hidden)]


def in_bylines(named: Sequence[Name], furniture: Sequence[tuple[str, Range]]) -> list[Name]:
    """The people whom bylines name: they wrote the story, and are in it only where it says "I"."""
    lines = [span for kind, span in furniture if kind == "byline"]
    return [n for n in named if n.label == "PERSON" and within(Range(n.start, n.end), lines)]


def within(span: Range, furniture: Sequence[Range]) -> bool:
    """True if a span lies in one of the stretches."""
    return any(f.start <= span.start and span.end <= f.end for f in furniture)


def outside(spans: Sequence[Range], furniture: Sequence[Range]) -> list[Range]:
    """What of the spans lies in none of the stretches."""
    left = list(spans)
    for f in furniture:
        left = [
            Range(start, end)
            for s in left
            for start, end in ((s.start, min(s.end, f.start)), (max(s.start, f.end), s.end))
            if start < end
        ]
    return left


def _at_home(spans: Sequence[Range], home: Range, apart: Sequence[Range]) -> list[Range]:
    """Of spans that run into or out of a paragraph that stands apart, the part on the side where ``home`` starts; spans
    that lie wholly on the other side stay.
    """
    own = next((p for p in apart if p.start <= home.start < p.end), None)
    if own is None:
        return outside(spans, apart) or list(spans)
    kept = [Range(max(s.start, own.start), min(s.end, own.end)) for s in spans]
    return [s for s in kept if s.start < s.end] or list(spans)


def _with_antecedents(text: str, claim: Relation) -> list[Range]:
    """A relative pronoun that is a piece of a content gives way to what it stands for: "Taiwan, which X claims as its own",
    and so does one that the content leaves out.
    """
    content = claim.content
    if len(content) > 1 and text[content[0].start : content[0].end].casefold() in ("which", "whom", "who", "that"):
        found = phrase_before(text, 0, content[0].start)
        return [found, *content[1:]] if found else content
    seen_as = _AS.match(text, claim.cue[-1].end) if claim.source and claim.cue and len(content) == 1 else None
    if not seen_as or not claim.cue[-1].end <= content[0].start <= seen_as.end():
        return content
    pronoun = _RELATIVE.search(text, max(0, claim.source[0].start - 8), claim.source[0].start)
    found = phrase_before(text, 0, pronoun.start()) if pronoun else None
    return [found, *content] if found else content


def model_folder() -> Path:
    """The folder of the shipped model: inside the installed package, or beside it in a checkout.

    Raises:
        ModelError: neither is there.

    """
    package = Path(str(files("attribution")))
    for folder in (package / "models" / "en", package.parent / "models" / "en"):
        if (folder / "model.onnx").is_file():
            return folder
    raise ModelError(f"no model in {package / 'models' / 'en'}: reinstall claim-attribution, or name a model folder")


def load_reader(folder: Path | None = None, *, threads: int | None = None, convention: str = AUTO) -> Reader:
    """The reader with the model of a folder (by default the shipped one).

    Args:
        folder: with the files that ``attribution train`` makes.
        threads: of one forward pass; all cores by default.
        convention: by whose rules claims are marked, see ``pipeline.conventions``.

    Raises:
        ValueError: there is no such convention.
        ModelError: a file is missing, the model's labels are not those of this version, or it has not learnt the
            convention.

    """
    folder = folder or model_folder()
    if convention not in (AUTO, *CONVENTIONS):
        raise ValueError(f"convention is {convention!r}; it takes {', '.join((AUTO, *CONVENTIONS))}")
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{folder}: not a model folder of attribution ({error})") from error
    for head, expected in LABELS.items():
        if tuple(labels[head]) != expected:
            raise ModelError(f"{folder}: labels of {head} are {labels[head]}, this version reads {list(expected)}")
    crf = Crf.constrained(
        np.array(labels["transitions"], dtype=np.float32), np.array(labels["first"], dtype=np.float32)
    )
    tunings = {name: _tuning(found) for name, found in meta.get("tunings", {GUIDE: meta}).items()}
    if convention != AUTO and convention not in tunings:
        raise ModelError(f"{folder}: the model has learnt {', '.join(tunings)}, not {convention}")
    settings = Settings(float(meta["threshold"]), tunings, convention)
    return Reader(tokenizer, OnnxNetwork(folder / "model.onnx", threads=threads), crf, settings)


def _tuning(meta: Mapping[str, Any]) -> Tuning:
    c = meta["calibration"]
    return Tuning(float(meta.get("keep", 0.0)), Calibration(c["bias"], {k: v for k, v in c.items() if k != "bias"}))
