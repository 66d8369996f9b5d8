"""spaCy DocBin: Docs that carry their claims.

``DocBin().from_disk(path).get_docs(vocab)`` gives Docs whose ``doc._.claims`` are the same Claim objects, with the span
groups of the component; any pipeline with the component ("en_attribution" is one) brings the extensions.
The articles' words are kept as spaCy's English tokenizer parts them; the Docs are held until all have come.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from spacy.tokens import DocBin

from attribution.claims import ArticleClaims
from attribution.formats.registry import Options
from attribution.pipeline.components import AttributionComponent, load
from attribution.pipeline.doc_claims import ARTICLE
from attribution.pipeline.documents import make_doc


def write_docbin(articles: Iterable[ArticleClaims], file: BinaryIO, options: Options) -> None:
    """Write a DocBin with the attributes ORTH and SPACY, span groups and user data."""
    nlp = load()
    component: AttributionComponent = nlp.get_pipe("attribution")
    docs = DocBin(attrs=["ORTH", "SPACY"], store_user_data=True)
    for found in articles:
        doc = make_doc(nlp, found.article.text)
        doc.user_data[ARTICLE] = found.article.ref.model_dump()
        claims = [c.model_dump(mode="json", by_alias=True, exclude={"article"}) for c in found.claims]
        component.set_annotations(doc, claims)
        docs.add(doc)
    file.write(docs.to_bytes())
