"""Who said what: every claim that a text attributes to somebody.

>>> import attribution
>>> for claim in attribution.extract('"We will not pay," Ana Ruiz, the mayor of Lugo, told reporters on Monday.'):
...     print(claim.speaker.name, claim.cue.text, claim.content.text)
Ana Ruiz told "We will not pay,"
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = [
    "Article", "ArticleClaims", "AttributionError", "Claim", "Evidence", "InputError", "LanguageError", "MissingExtraError",
    "ModelError", "Passage", "Span", "Speaker", "compare", "extract", "extract_many", "extract_table", "load", "read",
    "to_frame",
]  # fmt: skip

if TYPE_CHECKING:
    from attribution.articles.read import read
    from attribution.claims import Article, ArticleClaims, Claim, Evidence, Passage, Span, Speaker
    from attribution.comparison.compare import compare
    from attribution.corpus.tables import extract_table
    from attribution.errors import AttributionError, InputError, LanguageError, MissingExtraError, ModelError
    from attribution.extraction import extract, extract_many
    from attribution.formats.frame import to_frame
    from attribution.pipeline.components import load

_HOMES = {"extract": "extraction", "extract_many": "extraction", "load": "pipeline.components", "read": "articles.read"}
_HOMES |= {"to_frame": "formats.frame", "compare": "comparison.compare", "extract_table": "corpus.tables"}
_HOMES |= dict.fromkeys(
    ["AttributionError", "InputError", "LanguageError", "MissingExtraError", "ModelError"], "errors"
)
_HOMES |= dict.fromkeys(["Article", "ArticleClaims", "Claim", "Evidence", "Passage", "Span", "Speaker"], "claims")


def __getattr__(name: str) -> Any:
    """Names are imported on first use: the command line answers --help without loading spaCy."""
    if name not in _HOMES:
        raise AttributeError(f"module 'attribution' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"attribution.{_HOMES[name]}"), name)
