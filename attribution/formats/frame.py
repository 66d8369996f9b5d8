"""Claims as a data frame, a claim a row: pandas or polars, each an extra."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal, get_args, overload

from attribution.claims import Act, ArticleClaims, BlockKind, Claim, ClaimType, Kind, Polarity
from attribution.errors import MissingExtraError
from attribution.formats.rows import COLUMNS, row

if TYPE_CHECKING:
    import pandas
    import polars

Claims = ArticleClaims | Iterable[Claim | ArticleClaims]

INTEGERS = frozenset(["start", "end", "paragraph"])
FLOATS = frozenset(["confidence"])
CATEGORIES: dict[str, tuple[str, ...]] = {
    "kind": get_args(Kind), "type": get_args(ClaimType), "act": get_args(Act), "polarity": get_args(Polarity),
    "block": get_args(BlockKind),
}  # fmt: skip


@overload
def to_frame(claims: Claims, *, library: Literal["pandas"] = "pandas") -> pandas.DataFrame: ...
@overload
def to_frame(claims: Claims, *, library: Literal["polars"]) -> polars.DataFrame: ...
def to_frame(claims: Claims, *, library: str = "pandas") -> Any:
    """Claims as a data frame, a claim a row, in the order given.

    The columns are those of the CSV output. ``start`` and ``end`` are code points into the article's text, from the
    first piece of the content to its last; ``spans`` are all its pieces, "12-40 52-60". ``paragraph`` counts from 0;
    ``confidence`` is not rounded. ``kind``, ``type``, ``act``, ``polarity`` and ``block`` are categories with all
    values that can occur. What the text does not say (a role, a cue, a speaker's name) is missing, not "".

    Args:
        claims: claims, the claims of an article, or an iterable of either, as ``extract_many`` gives.
        library: "pandas" or "polars".

    Raises:
        ValueError: ``library`` is neither.
        TypeError: something in ``claims`` is no claim, an ``InputError`` that ``extract_many`` yielded for instance.
        MissingExtraError: the library is not installed.

    """
    if library not in ("pandas", "polars"):
        raise ValueError(f"library is {library!r}; it takes 'pandas' or 'polars'")
    values: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for claim in _each(claims):
        for name, text in row(claim).items():
            values[name].append(_typed(name, text, claim))
    return _pandas(values) if library == "pandas" else _polars(values)


def _each(claims: Claims) -> Iterator[Claim]:
    for item in [claims] if isinstance(claims, ArticleClaims) else claims:
        if isinstance(item, ArticleClaims):
            yield from item.claims
        elif isinstance(item, Claim):
            yield item
        else:
            raise TypeError(f"neither a claim nor an article's claims: {item!r}")


def _typed(name: str, text: str, claim: Claim) -> Any:
    if name == "confidence":
        return claim.confidence
    return int(text) if name in INTEGERS else text or None


def _pandas(values: dict[str, list[Any]]) -> Any:
    try:
        import pandas as pd
    except ImportError as error:
        raise MissingExtraError("pandas", "a pandas data frame") from error
    dtypes: dict[str, Any] = dict.fromkeys(values, "string")
    dtypes |= dict.fromkeys(INTEGERS, "int64") | dict.fromkeys(FLOATS, "float64")
    dtypes |= {name: pd.CategoricalDtype(list(known)) for name, known in CATEGORIES.items()}
    return pd.DataFrame({name: pd.Series(column, dtype=dtypes[name]) for name, column in values.items()})


def _polars(values: dict[str, list[Any]]) -> Any:
    try:
        import polars as pl
    except ImportError as error:
        raise MissingExtraError("polars", "a polars data frame") from error
    schema: dict[str, Any] = dict.fromkeys(values, pl.String)
    schema |= dict.fromkeys(INTEGERS, pl.Int64) | dict.fromkeys(FLOATS, pl.Float64)
    schema |= {name: pl.Enum(known) for name, known in CATEGORIES.items()}
    return pl.DataFrame(values, schema={name: schema[name] for name in values})
