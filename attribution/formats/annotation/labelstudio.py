"""Label Studio: tasks.json with predictions, and labels.xml, the labelling configuration they need.

Offsets are code points, which Label Studio's editor counts in texts (``charsToCodePoints`` in its selection tools), and
a CRLF is two of them. Until 2021 it counted UTF-16 units: a region whose words show that is understood, too. Import labels.xml as the project's labelling
interface, then tasks.json; export as *JSON* to have corrections read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from attribution import __version__
from attribution.claims import ArticleClaims
from attribution.errors import InputError
from attribution.formats.annotation.gold import MALFORMED, gold_record
from attribution.formats.annotation.graph import (
    CHOICES,
    COLOURS,
    CONTENT,
    LABELS,
    LINKS,
    SPEAKER,
    Graph,
    Link,
    Mark,
    graph_of,
    in_single_spans,
    label_named,
)  # fmt: skip
from attribution.formats.registry import Options
from attribution.offsets import Utf16Offsets

TASKS, LABELLING = "tasks.json", "labels.xml"
_TEXT, _ROLE = "text", "role"


def write_labelstudio(articles: Iterable[ArticleClaims], folder: Path, options: Options) -> None:
    """Write tasks with predictions and the labelling configuration, a task as its article comes."""
    (folder / LABELLING).write_text(labelling(), encoding="utf-8")
    with (folder / TASKS).open("w", encoding="utf-8") as file:
        opening = "[\n"
        for found in articles:
            file.write(opening + json.dumps(task(found), ensure_ascii=False))
            opening = ",\n"
        file.write("[]\n" if opening == "[\n" else "\n]\n")


def task(found: ArticleClaims) -> dict[str, Any]:
    """An article as a task, its claims as one prediction."""
    article = found.article
    graph = in_single_spans(graph_of(article.text, found.claims))
    regions = [region for mark in graph.marks for region in _regions(mark, graph.text)]
    relations = [
        {"type": "relation", "from_id": x.start, "to_id": x.end, "direction": "right", "labels": [x.label]}
        for x in graph.links
    ]
    sure = [c.confidence for c in found.claims]
    prediction: dict[str, Any] = {"model_version": f"attribution {__version__}", "result": regions + relations}
    if sure:
        prediction["score"] = round(sum(sure) / len(sure), 4)
    data = {**article.ref.model_dump(mode="json", exclude_none=True), "title": article.title or article.id}
    return {"data": {_TEXT: article.text, **data}, "predictions": [prediction]}


def _regions(mark: Mark, text: str) -> Iterator[dict[str, Any]]:
    ((start, end),) = mark.spans
    place = {"start": start, "end": end}
    shared = {"id": mark.id, "to_name": _TEXT, "origin": "prediction"}
    yield {
        **shared,
        "from_name": _ROLE,
        "type": "labels",
        "value": {**place, "text": text[start:end], "labels": [mark.label]},
    }
    for name, value in mark.attributes.items():
        if name == SPEAKER:
            yield {**shared, "from_name": SPEAKER, "type": "textarea", "value": {**place, "text": [value]}}
        else:
            yield {**shared, "from_name": name, "type": "choices", "value": {**place, "choices": [value]}}


def labelling() -> str:
    """The labelling configuration."""
    labels = "".join(f'    <Label value="{label}" background="{COLOURS[label]}"/>\n' for label in LABELS)
    links = "".join(f'    <Relation value="{name}"/>\n' for name in LINKS)
    choices = "".join(
        f'    <Header value="{name}" size="6"/>\n'
        f'    <Choices name="{name}" toName="{_TEXT}" perRegion="true" choice="single-radio" showInline="true">\n'
        + "".join(f'      <Choice value="{escape(value)}"/>\n' for value in values)
        + "    </Choices>\n"
        for name, values in CHOICES.items()
    )
    return (
        "<View>\n  <Style>.htx-text { white-space: pre-wrap; }</Style>\n"
        f'  <Relations>\n{links}  </Relations>\n  <Labels name="{_ROLE}" toName="{_TEXT}" showInline="true">\n{labels}'
        f'  </Labels>\n  <Header value="$title" size="4"/>\n  <Text name="{_TEXT}" value="$text"/>\n'
        f'  <View visibleWhen="region-selected" whenTagName="{_ROLE}" whenLabelValue="{CONTENT}">\n'
        f'    <Header value="{SPEAKER}" size="6"/>\n'
        f'    <TextArea name="{SPEAKER}" toName="{_TEXT}" perRegion="true" maxSubmissions="1" editable="true" rows="1"/>\n'
        f"{choices}  </View>\n</View>\n"
    )


def read_labelstudio(path: Path) -> Iterator[dict[str, Any] | InputError]:
    """Gold articles of a JSON export; tasks that nobody has annotated are errors in their place."""
    text = path.read_text(encoding="utf-8-sig")
    try:
        tasks = json.loads(text)
    except (ValueError, RecursionError) as error:
        yield InputError(str(path), f"not JSON ({error}): export from Label Studio as JSON")
        return
    for i, found in enumerate(tasks if isinstance(tasks, list) else [tasks], 1):
        where = f"{path} task {found.get('id', i) if isinstance(found, dict) else i}"
        try:
            yield _gold(found, where)
        except InputError as error:
            yield error
        except MALFORMED as error:
            yield InputError(where, f"not a task of Label Studio ({type(error).__name__}: {error}): export as JSON")


def _gold(found: Any, where: str) -> dict[str, Any]:
    if not isinstance(found, dict) or not isinstance(found.get("data"), dict):
        raise InputError(where, "not a task of Label Studio: export as JSON, not JSON-MIN or another format")
    data = found["data"]
    text = data.get(_TEXT)
    if not isinstance(text, str):
        raise InputError(where, f"no text in data.{_TEXT}: label with the {LABELLING} that attribution writes")
    graph = _parse(_chosen(found, where), text, where)
    meta = {name: value for name, value in data.items() if name not in (_TEXT, "id")}
    return gold_record(str(data.get("id", found.get("id", where))), graph, where, meta=meta)


def _chosen(found: dict[str, Any], where: str) -> list[dict[str, Any]]:
    """The results of the annotation that counts: the one marked as ground truth, else the one last changed."""
    made = [a for a in found.get("annotations") or [] if isinstance(a, dict) and not a.get("was_cancelled")]
    if not made:
        raise InputError(where, "nobody has annotated it: submit it in Label Studio, or export annotated tasks only")
    best = max(made, key=lambda a: (bool(a.get("ground_truth")), str(a.get("updated_at") or "")))
    results = best.get("result")
    return [r for r in results if isinstance(r, dict)] if isinstance(results, list) else []


def _parse(results: list[dict[str, Any]], text: str, where: str) -> Graph:
    marks: dict[str, Mark] = {}
    attributes: dict[str, dict[str, str]] = {}
    links = []
    for r in results:
        try:
            if r.get("type") == "relation":
                start, end = str(r["from_id"]), str(r["to_id"])
                if r.get("direction") == "left":
                    start, end = end, start
                links.append(Link(start, end, next(iter(r.get("labels") or []), "")))
                continue
            value, id_ = r["value"], str(r["id"])
            if r.get("type") == "labels":
                marks[id_] = _mark(id_, value, text, attributes.setdefault(id_, {}))
            elif r.get("from_name") in (*CHOICES, SPEAKER):
                given = value.get("choices") or value.get("text") or []
                words = " ".join(given if isinstance(given, list) else [given]).strip()
                attributes.setdefault(id_, {}).update({r["from_name"]: words} if words else {})
        except MALFORMED as error:
            raise InputError(where, f"a result that cannot be read ({error}): {json.dumps(r)[:120]}") from error
    return Graph(text, tuple(marks.values()), tuple(links))


def _mark(id_: str, value: dict[str, Any], text: str, attributes: dict[str, str]) -> Mark:
    start, end = int(value["start"]), int(value["end"])
    words = value.get("text")
    if isinstance(words, str) and text[start:end].split() != words.split():
        start, end = _from_utf16(text, start, end, words)
    label = str(next(iter(value.get("labels") or []), ""))
    return Mark(id_, label_named(label, LABELS) or label, ((start, end),), attributes)


def _from_utf16(text: str, start: int, end: int, words: str) -> tuple[int, int]:
    """The region's place if its offsets count UTF-16 units, as old versions of Label Studio did."""
    offsets = Utf16Offsets(text)
    try:
        a, b = offsets.to_code_points(start), offsets.to_code_points(end)
    except ValueError:
        a, b = start, end
    if text[a:b].split() != words.split():
        raise ValueError(f"the text has {text[start:end][:60]!r} at {start}-{end}, the region {words[:60]!r}")
    return a, b
