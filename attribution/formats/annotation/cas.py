"""UIMA CAS XMI for INCEpTION: NAME.xmi an article, with TypeSystem.xml.

Two layers: ``custom.AttributionSpan`` (features role, claimType, act, polarity, kind, speaker) and the relation layer
``custom.AttributionLink`` (feature label) on it. In INCEpTION import TypeSystem.xml under *Layers*, allow both layers
to overlap and to cross sentences, at the granularity of characters, then import the documents as *UIMA CAS XMI*.
Offsets in the files are UTF-16 units, as everywhere in UIMA. Characters that XML forbids become U+FFFD.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from attribution.claims import ArticleClaims
from attribution.errors import InputError, MissingExtraError
from attribution.formats.annotation.gold import gold_record
from attribution.formats.annotation.graph import (
    CHOICES,
    LABELS,
    SPEAKER,
    Graph,
    Link,
    Mark,
    graph_of,
    in_single_spans,
    label_named,
)  # fmt: skip
from attribution.formats.annotation.names import FileNames
from attribution.formats.registry import Options
from attribution.formats.tokens import edges, tokens
from attribution.pipeline.segmentation import paragraphs, sentences

if TYPE_CHECKING:
    from cassis import Cas, TypeSystem

TYPES = "TypeSystem.xml"
_SPAN, _LINK = "custom.AttributionSpan", "custom.AttributionLink"
_SEGMENTATION = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type."
_METADATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
_FEATURES = {name: "claimType" if name == "type" else name for name in (*CHOICES, SPEAKER)}  # "type" is UIMA's own
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def _cassis() -> Any:
    try:
        import cassis
    except ImportError as error:
        raise MissingExtraError("cas", "UIMA CAS XMI") from error
    return cassis


def write_cas(articles: Iterable[ArticleClaims], folder: Path, options: Options) -> None:
    """Write a folder of XMI files and their type system.

    Raises:
        MissingExtraError: dkpro-cassis is not installed.

    """
    cassis = _cassis()
    layout = type_system(cassis)
    layout.to_xml(folder / TYPES)
    names = FileNames()
    for found in articles:
        make(cassis, layout, found).to_xmi(folder / f"{names.name(found.article.id)}.xmi")


def type_system(cassis: Any) -> TypeSystem:
    """Our two layers, and those of DKPro Core that INCEpTION reads a document's form from."""
    out = cassis.TypeSystem()
    metadata = out.create_type(_METADATA, supertypeName="uima.tcas.DocumentAnnotation")
    for name in ("documentTitle", "documentId", "documentUri"):
        out.create_feature(metadata, name, "uima.cas.String")
    out.create_type(f"{_SEGMENTATION}Sentence", supertypeName="uima.tcas.Annotation")
    out.create_type(f"{_SEGMENTATION}Token", supertypeName="uima.tcas.Annotation")
    span = out.create_type(_SPAN, supertypeName="uima.tcas.Annotation")
    for name in ("role", *_FEATURES.values()):
        out.create_feature(span, name, "uima.cas.String")
    link = out.create_type(_LINK, supertypeName="uima.tcas.Annotation")
    out.create_feature(link, "Governor", _SPAN)
    out.create_feature(link, "Dependent", _SPAN)
    out.create_feature(link, "label", "uima.cas.String")
    return out


def make(cassis: Any, layout: TypeSystem, found: ArticleClaims) -> Cas:
    """An article's CAS."""
    article = found.article
    cas = cassis.Cas(typesystem=layout)
    cas.sofa_string, cas.sofa_mime = _clean(article.text), "text/plain"
    metadata = {"documentId": article.id, "documentTitle": article.title or article.id, "documentUri": article.url}
    cas.add(layout.get_type(_METADATA)(
        begin=0, end=len(article.text), language=article.language or "en",
        **{name: _clean(value) for name, value in metadata.items() if value},
    ))  # fmt: skip
    sentence, token = (layout.get_type(f"{_SEGMENTATION}{name}") for name in ("Sentence", "Token"))
    cas.add_all(sentence(begin=s, end=e) for p in paragraphs(article.text) for s, e in sentences(article.text, p))
    cas.add_all(token(begin=s, end=e) for s, e in tokens(article.text, edges(found.claims)))
    graph = in_single_spans(graph_of(article.text, found.claims))
    marks = {m.id: _annotation(layout, m) for m in graph.marks}
    cas.add_all(marks.values())
    link = layout.get_type(_LINK)
    for x in graph.links:
        start, end = marks[x.start], marks[x.end]
        cas.add(link(begin=end.begin, end=end.end, Governor=start, Dependent=end, label=x.label))
    return cas


def _annotation(layout: TypeSystem, mark: Mark) -> Any:
    ((start, end),) = mark.spans
    features = {_FEATURES[name]: _clean(value) for name, value in mark.attributes.items()}
    return layout.get_type(_SPAN)(begin=start, end=end, role=mark.label, **features)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)


def read_cas(xmi: BinaryIO, types: BinaryIO, where: str, *, name: str) -> dict[str, Any]:
    """The gold article of one XMI document.

    Args:
        xmi: the document.
        types: its type system.
        where: its place, for errors.
        name: the article's id where the document brings none.

    Raises:
        InputError: it is no CAS of ours.
        MissingExtraError: dkpro-cassis is not installed.

    """
    cassis = _cassis()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of features that another version of INCEpTION adds
            cas = cassis.load_cas_from_xmi(xmi, typesystem=cassis.load_typesystem(types))
    except Exception as error:  # cassis and lxml raise whatever they meet
        raise InputError(
            where, f"not UIMA CAS XMI ({type(error).__name__}: {error}): export as UIMA CAS XMI"
        ) from error
    text = cas.sofa_string
    if not isinstance(text, str):
        raise InputError(where, "the document has no text")
    layers = {t.name.rpartition(".")[2]: t.name for t in cas.typesystem.get_types()}
    if "AttributionSpan" not in layers:
        raise InputError(where, f"no layer {_SPAN}: import the {TYPES} that attribution writes into the project")
    spans = list(cas.select(layers["AttributionSpan"]))
    links = list(cas.select(layers["AttributionLink"])) if "AttributionLink" in layers else []
    ids = {s.xmiID: f"span {i}" for i, s in enumerate(spans, 1)}
    graph = Graph(
        text,
        tuple(_mark(ids[s.xmiID], s) for s in spans),
        tuple(Link(_id(x.Governor, ids), _id(x.Dependent, ids), x.label or "") for x in links),
    )  # fmt: skip
    known = _metadata(cas, layers)
    return gold_record(known.pop("id", name), graph, where, meta=known)


def _id(span: Any, ids: dict[Any, str]) -> str:
    return ids.get(getattr(span, "xmiID", None), "")


def _mark(id_: str, span: Any) -> Mark:
    attributes = {ours: str(v).strip() for ours, theirs in _FEATURES.items() if (v := getattr(span, theirs, None))}
    role = str(span.role or "")
    return Mark(id_, label_named(role, LABELS) or role, ((int(span.begin), int(span.end)),), attributes)


def _metadata(cas: Cas, layers: dict[str, str]) -> dict[str, Any]:
    if "DocumentMetaData" not in layers:
        return {}
    found: Iterator[Any] = iter(cas.select(layers["DocumentMetaData"]))
    first = next(found, None)
    named = {"id": "documentId", "title": "documentTitle", "url": "documentUri"}
    return {ours: str(v) for ours, theirs in named.items() if (v := getattr(first, theirs, None))}
