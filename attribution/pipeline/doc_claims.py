"""Claims on a spaCy ``Doc``: put there as plain data, read back as models.

They stand in ``doc.user_data`` under a key of the form that spaCy gives its own extensions, ("._.", name, offset,
None). So ``to_bytes``, ``DocBin`` and worker processes carry them, ``Doc.from_docs`` moves the offset on by the texts
before, and ``Span.as_doc(copy_user_data=True)`` back by what was cut off. Reading adds the offset to every span.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from spacy.tokens import Doc, Span

from attribution.claims import ArticleRef, ArticleSpeaker, Claim
from attribution.pipeline.assembly import selector
from attribution.pipeline.segmentation import Range, index_at, paragraphs

ROLES = ("content", "source", "cue", "addressee")
_NAME = "attribution claims"  # with a blank, so that it is no name that a Token's extension can have
ARTICLE = ("._.", "attribution article", 0, None)


def has_claims(doc: Doc) -> bool:
    """True if somebody has looked for claims in this ``Doc``, whether there are any or not."""
    return any(True for _ in _stored(doc))


def put_claims(doc: Doc, claims: list[dict[str, Any]]) -> None:
    """Put plain claims on a ``Doc`` in the place of those that it has."""
    for key, _, _ in list(_stored(doc)):
        del doc.user_data[key]
    doc.user_data["._.", _NAME, 0, None] = claims


def plain_claims(doc: Doc) -> list[dict[str, Any]]:
    """The claims of a ``Doc`` as plain data, in order of the text; offsets are code points into ``doc.text``.

    Of a part of a ``Doc`` those whose content, cue, source and addressee lie wholly in it.
    """
    stored = sorted(_stored(doc), key=lambda entry: entry[1])
    if [offset for _, offset, _ in stored] == [0] and _fit(doc, stored[0][2]):
        return stored[0][2]
    text = doc.text
    moved = [m for _, offset, claims in stored for c in claims if (m := _moved(text, c, offset)) is not None]
    ids = {c["id"] for c in moved}
    ranges = paragraphs(text)
    for c in moved:
        c["parent"] = c["parent"] if c["parent"] in ids else None
        c["paragraph"] = index_at(ranges, (c["cue"] or c["content"])["spans"][0]["start"])
    return moved


def _stored(doc: Doc) -> Iterator[tuple[Any, int, list[dict[str, Any]]]]:
    for key, value in doc.user_data.items():
        if isinstance(key, tuple) and len(key) == 4 and key[:2] == ("._.", _NAME):
            yield key, key[2], value


def _fit(doc: Doc, claims: list[dict[str, Any]]) -> bool:
    """False if the claims are of a longer text, of which this ``Doc`` is the beginning."""
    return not claims or max(s["end"] for c in claims for s in _spans(c)) <= len(doc.text)


def _spans(claim: dict[str, Any]) -> Iterator[dict[str, int]]:
    for role in ROLES:
        if claim[role]:
            yield from claim[role]["spans"]
    for e in claim["evidence"]:
        yield from e["spans"]


def _moved(text: str, claim: dict[str, Any], offset: int) -> dict[str, Any] | None:
    """A claim with its places moved; None if a part of it is not in the text."""

    def moved(spans: list[dict[str, int]]) -> list[dict[str, int]]:
        return [{"start": s["start"] + offset, "end": s["end"] + offset} for s in spans]

    def inside(spans: list[dict[str, int]]) -> list[dict[str, int]]:
        return [s for s in spans if s["start"] >= 0 and s["end"] <= len(text)]

    out = dict(claim)
    for role in ROLES:
        if claim[role]:
            places = moved(claim[role]["spans"])
            if inside(places) != places:
                return None
            out[role] = {**claim[role], "spans": places}
    if claim.get("entity"):
        out["entity"] = {**claim["entity"], "mentions": inside(moved(claim["entity"]["mentions"]))}
    out["evidence"] = [{**e, "spans": inside(moved(e["spans"]))} for e in claim["evidence"]]
    out["selectors"] = [selector(text, Range(s["start"], s["end"])) for s in out["content"]["spans"]]
    return out


def article_ref(doc: Doc) -> ArticleRef:
    """The article that a ``Doc`` stands for: what ``extract`` put there, else the hash of its text.

    A joined ``Doc`` has the articles of its parts, each at its offset; it stands for none of them.
    """
    stored = [key for key in doc.user_data if isinstance(key, tuple) and key[:2] == ARTICLE[:2]]
    if stored == [ARTICLE]:
        return ArticleRef.model_validate(doc.user_data[ARTICLE])
    digest = hashlib.sha256(doc.text.encode("utf-8", "surrogatepass")).hexdigest()
    return ArticleRef(id=digest[:16], sha256=digest)


def claims_of(doc: Doc) -> list[Claim]:
    """The claims of a ``Doc``, in order of the text; none if nobody has looked for them."""
    ref = article_ref(doc).model_dump()
    return [
        Claim.model_validate({**{k: v for k, v in c.items() if k != "entity"}, "article": ref})
        for c in plain_claims(doc)
    ]


def speakers_of(doc: Doc) -> list[ArticleSpeaker]:
    """The speakers of a ``Doc``'s claims, each once, in order of their first claim; unknown ones left out."""
    claims = [c for c in plain_claims(doc) if c["speaker"]["name"]]
    count = Counter(c["speaker"]["id"] for c in claims)
    seen = {c["speaker"]["id"]: c["entity"] for c in claims if c.get("entity")}
    found = {c["speaker"]["id"]: c["speaker"] for c in claims}
    return [ArticleSpeaker.model_validate({**s, **seen.get(k, {}), "claims": count[k]}) for k, s in found.items()]


def claim_spans(doc: Doc, claims: Iterable[dict[str, Any]], roles: Iterable[str]) -> list[Span]:
    """Spans of whole tokens over the passages of claims, in the claims' order.

    A span's label is the role in capitals, its ``id_`` the claim's id. Where a token reaches over the edge of a
    passage the span takes the whole token in; the claim itself keeps the exact code points.
    """
    return [
        doc.char_span(place["start"], place["end"], label=role.upper(), span_id=claim["id"], alignment_mode="expand")
        for claim in claims
        for role in roles
        if claim[role]
        for place in claim[role]["spans"]
    ]
