"""The formats by name: what each is called, which files it makes, and where its writer stands.

A writer is named by its place and imported on use, so that ``--help`` loads no library and a missing extra costs only
the format that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from attribution.errors import OutputError


class FormatName(StrEnum):
    """Names of the formats, as ``--format`` takes them."""

    table = "table"
    markdown = "markdown"
    csv = "csv"
    tsv = "tsv"
    json = "json"
    jsonl = "jsonl"
    parquet = "parquet"
    xlsx = "xlsx"
    html = "html"
    webannotation = "webannotation"
    schemaorg = "schemaorg"
    conll = "conll"
    brat = "brat"
    cas = "cas"
    labelstudio = "labelstudio"
    prodigy = "prodigy"
    docbin = "docbin"


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may ask of a format.

    Args:
        where: add links that open the article's page at the claim; of no effect for articles without a URL.
        excel: begin CSV and TSV with a byte order mark, by which Excel knows UTF-8.
        by_speaker: group the table by speaker, not by article.
        width: the table's width in columns.
        colour: write the table with a terminal's colours and links.
        numbers: by claim id the number in the whole article, for claims of which others were left out; the others are
            numbered as they come.

    """

    where: bool = False
    excel: bool = False
    by_speaker: bool = False
    width: int = 100
    colour: bool = False
    numbers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    ``kind`` tells what it makes: "text" (a stream of text, for a terminal or pipe, too), "binary" (one file) or
    "folder" (several files; a .zip of them if the target is called so). ``takes`` are the options it heeds.
    """

    name: FormatName
    suffixes: tuple[str, ...]
    kind: Literal["text", "binary", "folder"]
    place: str
    about: str
    takes: frozenset[str] = frozenset()

    @property
    def writer(self) -> Callable[..., Any]:
        """The function that writes it.

        Text: ``(articles, options) -> Iterator[str]``; binary: ``(articles, file, options) -> None``; folder:
        ``(articles, folder, options) -> None``.
        """
        module, _, function = self.place.partition(":")
        return getattr(import_module(f"attribution.formats.{module}"), function)  # type: ignore[no-any-return]


_WHERE = frozenset(["where"])
_F = FormatName
FORMATS: dict[FormatName, Format] = {
    f.name: f
    for f in (
        Format(_F.table, (".txt",), "text", "table:as_table", "who said what, for reading", _WHERE | {"by_speaker"}),
        Format(_F.markdown, (".md", ".markdown"), "text", "markdown:as_markdown", "a table an article", _WHERE),
        Format(_F.csv, (".csv",), "text", "delimited:as_csv", "a claim a row", _WHERE | {"excel"}),
        Format(_F.tsv, (".tsv", ".tab"), "text", "delimited:as_tsv", "a claim a row, parted by tabs", _WHERE | {"excel"}),
        Format(_F.json, (".json",), "text", "records:as_json", "one array of articles"),
        Format(_F.jsonl, (".jsonl", ".ndjson"), "text", "records:as_jsonl", "an article a line"),
        Format(_F.parquet, (".parquet",), "binary", "parquet:write_parquet", "a claim a row, nested, for data frames"),
        Format(_F.xlsx, (".xlsx",), "binary", "xlsx:write_xlsx", "a workbook of claims and speakers", _WHERE),
        Format(_F.html, (".html", ".htm"), "text", "html.page:as_html", "a page of articles with marked claims", _WHERE),
        Format(_F.webannotation, (".jsonld",), "text", "webannotation:as_webannotation", "W3C Web Annotations, JSON-LD"),
        Format(_F.schemaorg, (".schemaorg.jsonld",), "text", "schemaorg:as_schemaorg", "Quotations and Claims, JSON-LD"),
        Format(_F.conll, (".conll", ".bio"), "text", "conll:as_conll", "a token a line, BIO tags"),
        Format(_F.brat, (), "folder", "annotation.brat:write_brat", "standoff files for brat"),
        Format(_F.cas, (), "folder", "annotation.cas:write_cas", "UIMA CAS XMI for INCEpTION"),
        Format(_F.labelstudio, (), "folder", "annotation.labelstudio:write_labelstudio", "tasks and labels for Label Studio"),
        Format(_F.prodigy, (".prodigy.jsonl",), "text", "annotation.prodigy:as_prodigy", "tasks for Prodigy"),
        Format(_F.docbin, (".spacy",), "binary", "docbin:write_docbin", "spaCy Docs with doc._.claims"),
    )
}  # fmt: skip


def format_of(name: str) -> Format:
    """The format of a name.

    Raises:
        OutputError: there is none; the message lists those there are.

    """
    try:
        return FORMATS[FormatName(name)]
    except ValueError:
        raise OutputError(name, f"no such format; there are {', '.join(FORMATS)}") from None


def format_for(path: Path) -> Format:
    """The format that a file's name ends in; of two endings that fit, the longer tells.

    Raises:
        OutputError: no format has such an ending.

    """
    fitting = [(len(s), f) for f in FORMATS.values() for s in f.suffixes if path.name.lower().endswith(s)]
    if not fitting:
        endings = ", ".join(s for f in FORMATS.values() for s in f.suffixes)
        raise OutputError(
            str(path), f"its ending names no format: give --format, or end the name with one of {endings}"
        )
    return max(fitting, key=lambda x: x[0])[1]


def check_options(chosen: Format, options: Options) -> None:
    """Raise OutputError if a format is asked for what it does not do."""
    for option in ("where", "excel", "by_speaker"):
        if getattr(options, option) and option not in chosen.takes:
            able = ", ".join(f.name for f in FORMATS.values() if option in f.takes)
            flag = "--by speaker" if option == "by_speaker" else f"--{option}"
            raise OutputError(chosen.name, f"this format has no {flag}; these have: {able}")
