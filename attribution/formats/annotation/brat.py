"""brat standoff: NAME.txt and NAME.ann an article, with annotation.conf and visual.conf.

Offsets are code points. A claim in pieces is one discontinuous annotation, and so is one that crosses a line break, as
brat holds none in an annotation; where that would leave unclear which breaks part pieces, the attribute *Whole* or
separate annotations with *part* say it. The speaker's name is the note of a Content, for brat's attributes are lists.
``articles.json`` keeps ids and titles.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from attribution.claims import ArticleClaims
from attribution.errors import InputError
from attribution.formats.annotation.gold import gold_record
from attribution.formats.annotation.graph import (
    CHOICES,
    COLOURS,
    LABELS,
    LINKS,
    PART,
    SPEAKER,
    Graph,
    Link,
    Mark,
    Spans,
    graph_of,
    in_single_spans,
    label_named,
)  # fmt: skip
from attribution.formats.annotation.names import FileNames
from attribution.formats.registry import Options

MANIFEST = "articles.json"
_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_WHOLE = "Whole"
_SPAN = re.compile(r"\d+ \d+(?:;\d+ \d+)*")


def write_brat(articles: Iterable[ArticleClaims], folder: Path, options: Options) -> None:
    """Write a folder that brat opens as a collection."""
    names = FileNames()
    manifest = {}
    for found in articles:
        name = names.name(found.article.id)
        manifest[name] = found.article.ref.model_dump(mode="json", exclude_none=True)
        (folder / f"{name}.txt").write_text(found.article.text, encoding="utf-8", newline="")
        lines = ann_lines(graph_of(found.article.text, found.claims))
        (folder / f"{name}.ann").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="")
    (folder / "annotation.conf").write_text(_annotation_conf(), encoding="utf-8")
    (folder / "visual.conf").write_text(_visual_conf(), encoding="utf-8")
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def ann_lines(graph: Graph) -> Iterator[str]:
    """The lines of an .ann file."""
    text = graph.text
    split = {m.id for m in graph.marks if _pieces(text, m.spans) is None}
    if split:
        graph = _with_pieces_apart(graph, split)
    numbers = {m.id: f"T{i}" for i, m in enumerate(graph.marks, 1)}
    attributes: list[tuple[str, str, str]] = []
    for m in graph.marks:
        fragments, whole = _pieces(text, m.spans) or (m.spans, False)
        places = ";".join(f"{s} {e}" for s, e in fragments)
        yield f"{numbers[m.id]}\t{m.label} {places}\t{' '.join(text[s:e] for s, e in fragments)}"
        attributes.extend((n.capitalize(), numbers[m.id], f" {v}") for n, v in m.attributes.items() if n in CHOICES)
        attributes.extend([(_WHOLE, numbers[m.id], "")] * whole)
    for i, link in enumerate(graph.links, 1):
        yield f"R{i}\t{link.label} Arg1:{numbers[link.start]} Arg2:{numbers[link.end]}"
    for i, (name, number, value) in enumerate(attributes, 1):
        yield f"A{i}\t{name} {number}{value}"
    noted = [m for m in graph.marks if SPEAKER in m.attributes]
    for i, m in enumerate(noted, 1):
        yield f"#{i}\tAnnotatorNotes {numbers[m.id]}\t{_one_line(m.attributes[SPEAKER])}"


def _one_line(text: str) -> str:
    return " ".join(_BREAK.sub(" ", text).split())


def _pieces(text: str, spans: Spans) -> tuple[Spans, bool] | None:
    """The fragments of spans without line breaks, and whether they need *Whole*; None if one annotation cannot say."""
    fragments = tuple(f for s, e in spans for f in _unbroken(text, s, e))
    for whole in (False, True):
        if _joined(text, fragments, whole=whole) == spans:
            return fragments, whole
    return None


def _unbroken(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for m in _BREAK.finditer(text, start, end):
        if at < m.start():
            yield at, m.start()
        at = m.end()
    if at < end:
        yield at, end


def _joined(text: str, fragments: Sequence[tuple[int, int]], *, whole: bool) -> Spans:
    """Fragments with those put together that only a line break parts, or with ``whole`` any white space with breaks."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(fragments):
        gap = text[out[-1][1] : start] if out else ""
        breaks = len(_BREAK.findall(gap))
        if breaks and not gap.strip() and (whole or breaks == 1):
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return tuple(out)


def _with_pieces_apart(graph: Graph, ids: set[str]) -> Graph:
    """The graph with the marks of these ids in single spans, the others as they are."""
    single = in_single_spans(graph)
    parts = {m.id: m.id.rpartition(".")[0] or m.id for m in single.marks}
    kept = {m.id: m for m in graph.marks if m.id not in ids}
    marks = [*kept.values(), *(m for m in single.marks if parts[m.id] in ids)]
    there = {m.id for m in marks}
    links = [x for x in single.links if x.start in there and x.end in there]
    return Graph(graph.text, tuple(marks), tuple(links))


def _annotation_conf() -> str:
    relations = "".join(f"{name}\tArg1:Content, Arg2:{end}\n" for name, end in LINKS.items())
    lists = "".join(f"{n.capitalize()}\tArg:Content, Value:{'|'.join(values)}\n" for n, values in CHOICES.items())
    entities = "".join(f"{label}\n" for label in LABELS)
    overlap = "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>\n"
    return (
        f"# The note of a Content is its speaker's name.\n[entities]\n{entities}\n[relations]\n{relations}{overlap}\n"
        f"[events]\n\n[attributes]\n{lists}{_WHOLE}\tArg:<ENTITY>\n"
    )


def _visual_conf() -> str:
    labels = "".join(f"{label} | {label}\n" for label in LABELS)
    drawing = "".join(f"{label}\tfgColor:black, bgColor:{COLOURS[label]}, borderColor:darken\n" for label in LABELS)
    return (
        f"[labels]\n{labels}\n[drawing]\nSPAN_DEFAULT\tfgColor:black, bgColor:#eeeeee, borderColor:darken\n{drawing}"
        "ARC_DEFAULT\tcolor:#444444, dashArray:-, arrowHead:triangle-5\n"
        f"{PART}\tdashArray:3-3\ninside\tdashArray:1-2\nATTRIBUTE_DEFAULT\tglyph:*\n"
    )


def read_brat(path: Path) -> Iterator[dict[str, Any] | InputError]:
    """Gold articles of a folder of .ann files, or of one; errors take their article's place."""
    files = [path] if path.is_file() else sorted(path.rglob("*.ann"))
    for file in files:
        try:
            yield _article(file)
        except InputError as error:
            yield error


def _article(path: Path) -> dict[str, Any]:
    source = path.with_suffix(".txt")
    try:
        with source.open(encoding="utf-8", newline="") as file:
            text = file.read()
        with path.open(encoding="utf-8", newline="") as file:
            lines = file.read().split("\n")
    except FileNotFoundError:
        raise InputError(str(path), f"there is no {source.name} beside it: an .ann file needs its text") from None
    except UnicodeDecodeError as error:
        raise InputError(str(path), f"it or {source.name} is not UTF-8 at byte {error.start}") from error
    known = _manifest(path).get(path.stem, {})
    return gold_record(known.get("id", path.stem), parse(lines, text, str(path)), str(path), meta=known)


def _manifest(path: Path) -> dict[str, dict[str, Any]]:
    file = path.with_name(MANIFEST)
    try:
        found = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    except ValueError as error:
        raise InputError(str(file), f"not JSON ({error}): export again, or delete it to go by file names") from error
    return found if isinstance(found, dict) else {}


def parse(lines: Iterable[str], text: str, where: str) -> Graph:
    """Marks and links of the lines of an .ann file.

    Raises:
        InputError: a line is no annotation, or its words are not those of the text.

    """
    spans: dict[str, tuple[str, Spans]] = {}
    attributes: dict[str, dict[str, str]] = {}
    links = []
    for n, line in enumerate(lines, 1):
        try:
            parts = line.rstrip("\r").split("\t", 2)
            if line.startswith("T"):
                spans[parts[0]] = _text_bound(parts, text)
            elif line.startswith("R"):
                label, start, end = parts[1].split(" ")
                links.append(Link(start.partition(":")[2], end.partition(":")[2], label))
            elif line.startswith(("A", "M")):
                name, of, *value = parts[1].split(" ", 2)
                attributes.setdefault(of, {})[name.casefold()] = "".join(value)
            elif line.startswith("#") and len(parts) == 3 and parts[1].startswith("AnnotatorNotes "):
                attributes.setdefault(parts[1].split(" ")[1], {})[SPEAKER] = parts[2].strip()
            elif line.strip() and not line.startswith(("#", "*", "N")):
                raise ValueError("this kind of annotation is none of ours")
        except (ValueError, IndexError) as error:
            raise InputError(f"{where}:{n}", f"not an annotation ({error}): {line[:80]!r}") from error
    return Graph(
        text, tuple(_mark(id_, *found, attributes.get(id_, {}), text) for id_, found in spans.items()), tuple(links)
    )


def _text_bound(parts: list[str], text: str) -> tuple[str, Spans]:
    label, _, places = parts[1].partition(" ")
    if not _SPAN.fullmatch(places):
        raise ValueError(f"{places!r} are no offsets")
    spans = tuple((int(s), int(e)) for s, e in (p.split(" ") for p in places.split(";")))
    words = " ".join(text[s:e] for s, e in spans)
    if len(parts) < 3 or parts[2].split() != words.split():
        raise ValueError(f"the text has {words[:60]!r} there: the .txt was changed")
    return label_named(label, LABELS) or label, spans


def _mark(id_: str, label: str, spans: Spans, given: dict[str, str], text: str) -> Mark:
    kept = {name: value for name, value in given.items() if name in CHOICES or name == SPEAKER}
    return Mark(id_, label, _joined(text, spans, whole=_WHOLE.casefold() in given), kept)
