"""The spaCy component: ``nlp.add_pipe("attribution")``. The only module that knows spaCy's registry.

It finds claims in any English pipeline. Sentences and entities of the components before it are used where they are
there (``pipeline.given``), and set where they are not, with parts of speech and lemmas (``pipeline.layers``); how
claims travel on a ``Doc`` stands in ``pipeline.doc_claims``.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from multiprocessing import parent_process
from pathlib import Path
from typing import Any, cast

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import minibatch, raise_error

from attribution.pipeline.doc_claims import ROLES, claim_spans, claims_of, has_claims, put_claims, speakers_of
from attribution.pipeline.given import Use, given_by
from attribution.pipeline.layers import LAYERS, Layer, Reading, set_layers
from attribution.pipeline.reader import MODEL_FILES, Reader, load_reader

MAX_LENGTH = 20_000_000
BATCH = 32  # texts that a worker process is handed at once
_TEXTS_AT_ONCE = 8
_EXTENSIONS: dict[str, Callable[[Doc], Any]] = {"claims": claims_of, "speakers": speakers_of}

ErrorHandler = Callable[[str, Any, list[Doc], Exception], Any]


@dataclass(frozen=True, slots=True)
class ComponentSettings:
    """The settings of a component, as they stand in a pipeline's config.

    * ``model``: a model folder; the shipped model by default.
    * ``threads``: threads of one forward pass; by default all cores, and one in a worker process.
    * ``spans_key``: the span groups. A string is the group of all spans, and with ".content", ".source", ".cue" and
      ".addressee" behind it the group of each role. A mapping names the wanted groups: ``{"content": "said"}``, with
      "all" for the group of all spans.
    * ``overwrite``: False keeps claims that a ``Doc`` already carries.
    * ``use_sents``, ``use_ents``: "auto" uses a ``Doc``'s sentences and entities if it has any, False does not look at
      them, True raises where there are none.
    * ``annotate``: what is set besides where nobody has set it before: "sents", "ents", "pos", "lemma".
    """

    model: str | None = None
    threads: int | None = None
    spans_key: str | Mapping[str, str] = "attribution"
    overwrite: bool = True
    use_sents: Use = "auto"
    use_ents: Use = "auto"
    annotate: Sequence[Layer] = LAYERS

    def __post_init__(self) -> None:
        object.__setattr__(self, "annotate", tuple(self.annotate))  # a list where it comes from JSON
        if strange := [layer for layer in self.annotate if layer not in LAYERS]:
            raise ValueError(f"annotate has {', '.join(strange)}; it takes {', '.join(LAYERS)}")
        unknown = [] if isinstance(self.spans_key, str) else [r for r in self.spans_key if r not in ("all", *ROLES)]
        if unknown:
            raise ValueError(f"spans_key has {', '.join(unknown)}; it takes {', '.join(('all', *ROLES))}")

    def groups(self) -> dict[str, tuple[str, ...]]:
        """Keys of the span groups, with the roles that each holds."""
        if isinstance(self.spans_key, str):
            return {self.spans_key: ROLES} | {f"{self.spans_key}.{role}": (role,) for role in ROLES}
        return {key: ROLES if role == "all" else (role,) for role, key in self.spans_key.items()}


class AttributionComponent:
    """Finds the claims of a ``Doc``; the model is loaded on first use, in each process."""

    def __init__(self, nlp: Language, name: str, settings: ComponentSettings) -> None:
        """Args:
        nlp: the pipeline; nothing of it is needed but its tokenizer.
        name: the component's name in it.
        settings: see there.

        Raises:
            ValueError: ``doc._.claims`` or ``doc._.speakers`` already mean something else.

        """
        self.name = name
        self.settings = settings
        self._folder = Path(settings.model) if settings.model else None
        self._reader: Reader | None = None
        self._process = 0
        self._error_handler: ErrorHandler = raise_error
        _register()

    def reader(self) -> Reader:
        """The loaded model, in this process: an onnxruntime session does not survive a fork."""
        if self._reader is None or self._process != os.getpid():
            threads = self.settings.threads or (1 if parent_process() else None)
            self._reader, self._process = load_reader(self._folder, threads=threads), os.getpid()
        return self._reader

    def __call__(self, doc: Doc) -> Doc:
        """Find the claims of one ``Doc``."""
        try:
            self._annotate([doc])
        except Exception as error:
            self._error_handler(self.name, self, [doc], error)
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = _TEXTS_AT_ONCE) -> Iterator[Doc]:
        """Find the claims of a stream, a few texts to a forward pass, in order.

        A ``Doc`` that fails goes to the pipeline's error handler, alone, and is left out if that does not raise.
        """
        for docs in minibatch(stream, size=min(batch_size, _TEXTS_AT_ONCE)):
            try:
                self._annotate(docs)
            except Exception:
                yield from self._one_by_one(docs)
            else:
                yield from docs

    def _one_by_one(self, docs: list[Doc]) -> Iterator[Doc]:
        for doc in docs:
            try:
                self._annotate([doc])
            except Exception as error:
                self._error_handler(self.name, self, [doc], error)
            else:
                yield doc

    def _annotate(self, docs: list[Doc]) -> None:
        todo = [d for d in docs if self.settings.overwrite or not has_claims(d)]
        for doc, found in zip(todo, self.predict(todo), strict=True):
            set_layers(doc, found, self.settings.annotate)
            self.set_annotations(doc, found.claims)

    def predict(self, docs: list[Doc]) -> list[Reading]:
        """What is found in each ``Doc``: its claims as plain data, and the scores that other layers are made of."""
        if not docs:
            return []
        uses = {"use_sents": self.settings.use_sents, "use_ents": self.settings.use_ents}
        return self.reader().read_layers([doc.text for doc in docs], given=[given_by(doc, **uses) for doc in docs])

    def set_annotations(self, doc: Doc, claims: list[dict[str, Any]]) -> None:
        """Put claims and span groups on a ``Doc``; the group of all spans is in order of the text."""
        put_claims(doc, claims)
        for key, roles in self.settings.groups().items():
            spans = claim_spans(doc, claims, roles)
            doc.spans[key] = sorted(spans, key=lambda s: (s.start, -s.end)) if len(roles) > 1 else spans

    def set_error_handler(self, error_handler: ErrorHandler) -> None:
        """Give failing ``Doc``s to a function instead of raising; ``nlp.set_error_handler`` calls this."""
        self._error_handler = error_handler

    def get_error_handler(self) -> ErrorHandler:
        """The function that failing ``Doc``s are given to."""
        return self._error_handler

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_reader": None}

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write which model the settings name, and a copy of a model that is not the shipped one.

        The other settings stand in the pipeline's config.
        """
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "cfg").write_text(json.dumps({"model": self.settings.model}), encoding="utf-8")
        copy = folder / "model"
        if self._folder and "model" not in exclude and copy.resolve() != self._folder.resolve():
            copy.mkdir(exist_ok=True)
            for name in MODEL_FILES:
                shutil.copyfile(self._folder / name, copy / name)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> AttributionComponent:
        """Use the copied model, unless the settings name another than the one that was copied."""
        written = json.loads((Path(path) / "cfg").read_text(encoding="utf-8"))
        copy = Path(path) / "model"
        if "model" not in exclude and copy.is_dir() and self.settings.model == written["model"]:
            self._folder, self._reader = copy, None
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """The settings; a model folder is named, not contained."""
        return json.dumps(asdict(self.settings)).encode()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> AttributionComponent:
        """Take over the settings."""
        self.settings, self._reader = ComponentSettings(**json.loads(data)), None
        self._folder = Path(self.settings.model) if self.settings.model else None
        return self


def _register() -> None:
    """Register ``doc._.claims`` and ``doc._.speakers``; a second time is no harm."""
    for name, getter in _EXTENSIONS.items():
        if Doc.has_extension(name):
            there = Doc.get_extension(name)[2]
            if getattr(there, "__module__", None) != getter.__module__:
                raise ValueError(
                    f"doc._.{name} is already registered by somebody else; Doc.remove_extension({name!r}) frees it"
                )
        Doc.set_extension(name, getter=getter, force=True)


@Language.factory(
    "attribution",
    assigns=[
        "doc._.claims",
        "doc._.speakers",
        "doc.spans",
        "doc.sents",
        "doc.ents",
        "token.is_sent_start",
        "token.ent_iob",
        "token.ent_type",
        "token.pos",
        "token.lemma",
    ],
    requires=[],
    default_config={**asdict(ComponentSettings()), "annotate": list(LAYERS)},
)
def make_attribution(
    nlp: Language, name: str, model: str | None, threads: int | None, spans_key: str | dict[str, str], overwrite: bool,
    use_sents: Use, use_ents: Use, annotate: list[Layer],
) -> AttributionComponent:  # fmt: skip
    """Make the component "attribution"."""
    settings = ComponentSettings(model, threads, spans_key, overwrite, use_sents, use_ents, annotate)
    return AttributionComponent(nlp, name, settings)


def displacy_colors() -> dict[str, str]:
    """Colours of displaCy for the labels of the span groups."""
    return {"CONTENT": "#ffe08a", "CUE": "#f3b8a8", "SOURCE": "#a9d8b8", "ADDRESSEE": "#b9cbea"}


def load(
    *, model: Path | str | None = None, threads: int | None = None, annotate: Sequence[Layer] = LAYERS
) -> Language:
    """A blank English pipeline with the component "attribution": ``nlp(text)._.claims``.

    Args:
        model: a model folder; the shipped model by default.
        threads: threads of one forward pass; all cores by default.
        annotate: what is set besides claims: sentences, entities, parts of speech, lemmas.

    """
    import spacy

    nlp = spacy.blank("en", config={"nlp": {"batch_size": BATCH}})
    nlp.max_length = MAX_LENGTH
    config = {"model": str(model) if model else None, "threads": threads, "annotate": list(annotate)}
    nlp.add_pipe("attribution", config=config)
    return cast(Language, nlp)
