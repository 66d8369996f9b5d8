"""The spaCy component: ``nlp.add_pipe("attribution")``. The only module that knows spaCy's registry.

Claims travel on a ``Doc`` as plain data in ``doc.user_data["attribution"]``, so that ``DocBin``, ``to_bytes`` and
``nlp.pipe(n_process=2)`` carry them; ``doc._.claims`` gives them as ``Claim`` objects. Spans of sources, cues and
contents stand in span groups, each span's ``id_`` the id of its claim.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import minibatch

from attribution.claims import ArticleRef, Claim, Speaker
from attribution.pipeline.reader import Reader, load_reader

USER_DATA = "attribution"
ROLES = ("content", "source", "cue")


class AttributionComponent:
    """Finds the claims of a ``Doc``; the model is loaded on first use, in each process."""

    def __init__(
        self, nlp: Language, name: str, *, model: str | None, threads: int | None, spans_key: str, overwrite: bool
    ) -> None:
        """Args:
        nlp: the pipeline; nothing of it is needed but its tokenizer.
        name: the component's name in it.
        model: a model folder; the shipped model by default.
        threads: threads of one forward pass; all cores by default.
        spans_key: prefix of the span groups, "attribution" → "attribution.content" and so on.
        overwrite: False keeps claims that a ``Doc`` already carries.
        """
        self.name = name
        self.model = model
        self.threads = threads
        self.spans_key = spans_key
        self.overwrite = overwrite
        self._reader: Reader | None = None
        _register()

    def reader(self) -> Reader:
        """The loaded model."""
        if self._reader is None:
            self._reader = load_reader(Path(self.model) if self.model else None, threads=self.threads)
        return self._reader

    def __call__(self, doc: Doc) -> Doc:
        """Find the claims of one ``Doc``."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 8) -> Iterator[Doc]:
        """Find the claims of a stream, several texts to a forward pass, in order."""
        for docs in minibatch(stream, size=batch_size):
            todo = [d for d in docs if self.overwrite or USER_DATA not in d.user_data]
            for doc, claims in zip(todo, self.predict(todo), strict=True):
                self.set_annotations(doc, claims)
            yield from docs

    def predict(self, docs: list[Doc]) -> list[list[dict[str, Any]]]:
        """Claims of each ``Doc`` as plain data."""
        known = [doc.user_data.get("attribution.blocks", ()) for doc in docs]
        return self.reader().read([doc.text for doc in docs], known=known) if docs else []

    def set_annotations(self, doc: Doc, claims: list[dict[str, Any]]) -> None:
        """Put claims and span groups on a ``Doc``."""
        doc.user_data[USER_DATA] = claims
        for role in ROLES:
            doc.spans[f"{self.spans_key}.{role}"] = [
                span for claim in claims if claim[role] for span in _token_spans(doc, claim, role)
            ]

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_reader": None}

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Nothing to write: the model stays in its folder."""

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> AttributionComponent:
        """Nothing to read."""
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Nothing to write."""
        return b""

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> AttributionComponent:
        """Nothing to read."""
        return self


def _token_spans(doc: Doc, claim: dict[str, Any], role: str) -> Iterator[Span]:
    for s in claim[role]["spans"]:
        span = doc.char_span(s["start"], s["end"], label=role.upper(), span_id=claim["id"], alignment_mode="expand")
        if span is not None:
            yield span


def article_ref(doc: Doc) -> ArticleRef:
    """The article that a ``Doc`` stands for: what ``extract`` put there, else the hash of its text."""
    given = doc.user_data.get("attribution.article")
    if given:
        return ArticleRef.model_validate(given)
    digest = hashlib.sha256(doc.text.encode("utf-8", "surrogatepass")).hexdigest()
    return ArticleRef(id=digest[:16], sha256=digest)


def claims_of(doc: Doc) -> list[Claim]:
    """The claims of a ``Doc``, in order of the text."""
    ref = article_ref(doc).model_dump()
    return [Claim.model_validate({**c, "article": ref}) for c in doc.user_data.get(USER_DATA, [])]


def speakers_of(doc: Doc) -> list[Speaker]:
    """The speakers of a ``Doc``'s claims, each once, in order of their first claim; unknown ones left out."""
    found = {c["speaker"]["id"]: c["speaker"] for c in doc.user_data.get(USER_DATA, []) if c["speaker"]["name"]}
    return [Speaker.model_validate(s) for s in found.values()]


def _register() -> None:
    if not Doc.has_extension("claims"):
        Doc.set_extension("claims", getter=claims_of)
    if not Doc.has_extension("speakers"):
        Doc.set_extension("speakers", getter=speakers_of)


@Language.factory(
    "attribution",
    assigns=["doc._.claims", "doc._.speakers", "doc.spans"],
    default_config={"model": None, "threads": None, "spans_key": "attribution", "overwrite": True},
)
def make_attribution(
    nlp: Language, name: str, model: str | None, threads: int | None, spans_key: str, overwrite: bool
) -> AttributionComponent:
    """Make the component "attribution"."""
    return AttributionComponent(nlp, name, model=model, threads=threads, spans_key=spans_key, overwrite=overwrite)


def load(*, model: Path | str | None = None, threads: int | None = None) -> Language:
    """A blank English pipeline with the component "attribution": ``nlp(text)._.claims``.

    Args:
        model: a model folder; the shipped model by default.
        threads: threads of one forward pass; all cores by default.

    """
    import spacy

    nlp = spacy.blank("en")
    nlp.max_length = 20_000_000
    config = {"model": str(model) if model else None, "threads": threads}
    nlp.add_pipe("attribution", config=config)
    return cast(Language, nlp)
