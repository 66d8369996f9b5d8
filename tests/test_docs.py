"""Documentation that cannot drift: commands run, snippets run, options and fields are all there, the site builds."""

from __future__ import annotations

import doctest
import json
import re
import shlex
import subprocess
import sys
import tomllib
import typing
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum
from pathlib import Path

import pytest
import typer.main
from conftest import ROOT
from snippets import PAGES, WIDTHS, Session, agrees, blocks, commands, steps

import attribution
from attribution.cli.main import COMMANDS, app, with_default_command
from attribution.pipeline.given import Given
from attribution.pipeline.layers import Reading
from attribution.pipeline.reader import Reader

GROUP = typer.main.get_command(app)
BY_COMMAND = {name: each for top, command in GROUP.commands.items() for name, each in [(top, command), *((f"{top} {n}", c) for n, c in getattr(command, "commands", {}).items())]}
DOCS = ROOT / "docs"
BY_NAME = {p.relative_to(ROOT).as_posix(): p for p in PAGES}
_FOREIGN_OPTIONS = frozenset(["--no-deps", "--convention"])  # of other programs than this one


@pytest.fixture(scope="module", autouse=True)
def every_text_is_read_once() -> Iterator[None]:
    """The pages read the same articles again and again; what is found in them is found once."""
    known: dict[tuple[str, Given], tuple[str, Reading]] = {}
    read_in_earnest = Reader.read_layers

    def remembered(self: Reader, texts: Sequence[str], *, given: Sequence[Given] | None = None) -> list[Reading]:
        keys = list(zip(texts, given or [Given()] * len(texts), strict=True))
        new = [k for k in dict.fromkeys(keys) if k not in known]
        if new:
            found = read_in_earnest(self, [t for t, _ in new], given=[g for _, g in new])
            known.update(zip(new, ((json.dumps(x.claims), x) for x in found), strict=True))
        return [replace(found, claims=json.loads(claims)) for claims, found in map(known.__getitem__, keys)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Reader, "read_layers", remembered)
        yield


def read(name: str) -> str:
    return BY_NAME[name].read_text(encoding="utf-8")


@pytest.mark.model
@pytest.mark.parametrize("name", BY_NAME)
def test_commands_and_snippets(name: str, tmp_path: Path) -> None:
    widths = WIDTHS.get(name, (80,))
    session = Session(tmp_path)
    for language, step in steps(read(name)):
        printed = []
        for session.width in widths:
            printed.append(session.run(language, step.code))
            if step.shown is None or agrees(step.shown, printed[-1]):
                break
        else:
            pytest.fail(f"{name}: {step.code}\n--- the page shows\n{step.shown}\n--- now\n{printed[0]}")


def test_outputs_are_compared() -> None:
    assert agrees("a … c\n…\nz\n", "a b c  \nx\ny\nz\n\n") and agrees("a\n…\nb", "a\nb")
    assert not agrees("a\nb\n", "a\nc\n") and not agrees("a\n", "a\nb\n") and not agrees("a.c", "abc")
    text = "x\n```console\n$ attribution a \\\n  b\nout\n$ echo $?\n1\n```\n```python\nprint(1)\n```\n\n```text\n1\n```\n"
    assert [(lang, s.code, s.shown) for lang, s in steps(text)] == [
        ("console", "attribution a    b", "out\n"), ("console", "echo $?", "1\n"), ("python", "print(1)\n", "1\n"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", BY_NAME)
def test_every_command_named_is_one(name: str) -> None:
    for line in commands(read(name)):
        words = shlex.split(re.split(r" [<>|] ", line)[0])
        first, *rest = with_default_command(words[1:])
        assert first in COMMANDS or first in ("--install-completion", "--show-completion", "--version", "--help"), line
        if first in COMMANDS and rest and "--help" not in rest:
            if f"{first} {rest[0]}" in BY_COMMAND:
                first, *rest = f"{first} {rest[0]}", *rest[1:]
            assert not getattr(BY_COMMAND[first], "commands", {}), line
            if rest:
                BY_COMMAND[first].make_context(first, rest)  # raises a usage error


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def options_of(command: str) -> set[str]:
    return {o for p in BY_COMMAND[command].params for o in (*p.opts, *p.secondary_opts) if o.startswith("--")}


def values_of(command: str) -> list[str]:
    """Values of the options that take one of a few."""
    hints = typing.get_type_hints(BY_COMMAND[command].callback, include_extras=False).values() if BY_COMMAND[command].callback else []
    parts = [part for hint in hints for part in (hint, *typing.get_args(hint), *(x for a in typing.get_args(hint) for x in typing.get_args(a)))]
    return [member.value for part in parts if isinstance(part, type) and issubclass(part, Enum) for member in part]


def sections(text: str, level: int) -> dict[str, str]:
    """Parts of a page by heading of a level, the heading without its marks."""
    parts = re.split(rf"^{'#' * level} (.+)$", text, flags=re.MULTILINE)
    return {h.strip().strip("`"): body for h, body in zip(parts[1::2], parts[2::2], strict=True)}


def test_the_reference_has_every_option_of_every_command_and_no_other() -> None:
    parts = sections(read("docs/reference/cli.md"), 2)
    for name, command in BY_COMMAND.items():
        part = parts[f"attribution {name}"]
        rows = re.findall(r"^\| `(--[a-z-]+)", part, re.MULTILINE)
        assert sorted(rows) == sorted(options_of(name) - {"--help"}), name
        for p in command.params:
            for short in (o for o in p.opts if re.fullmatch("-[a-z]", o)):
                assert f"`{short}`" in part, (name, short)
        for value in values_of(name):
            assert f"`{value}`" in part, (name, value)
    assert set(re.findall(r"^\| `(--[a-z-]+)", parts["attribution"], re.MULTILINE)) == {
        "--help", "--version", "--install-completion", "--show-completion",
    }  # fmt: skip


@pytest.mark.parametrize("name", BY_NAME)
def test_no_option_is_named_that_does_not_exist(name: str) -> None:
    known = {"--help", "--version", "--install-completion", "--show-completion"}.union(*map(options_of, BY_COMMAND))
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", read(name)))
    if name == "README.md":
        named -= {"--config", "--data"} - known
    assert named - known - _FOREIGN_OPTIONS == set()


@pytest.mark.parametrize("name", BY_NAME)
def test_every_extra_named_exists(name: str) -> None:
    for named in re.findall(r"(?:claim-attribution|\.)\[([a-z,]+)\]", read(name)):
        assert set(named.split(",")) <= set(project()["optional-dependencies"]), named


def test_the_reference_names_every_extra() -> None:
    assert [extra for extra in project()["optional-dependencies"] if f"| `{extra}` |" not in read("docs/install.md")] == []


def test_the_python_reference_has_every_public_name() -> None:
    text = read("docs/reference/python.md")
    assert [n for n in attribution.__all__ if f"attribution.{n}" not in text] == []


@pytest.mark.model
def test_the_example_of_the_package_is_right() -> None:
    result = doctest.testmod(attribution)
    assert (result.attempted, result.failed) == (2, 0)


# --- the claim's fields --------------------------------------------------------------------------------------------


def test_every_field_has_its_row_and_its_example_is_real() -> None:
    from attribution import claims

    found = attribution.extract(attribution.read(ROOT / "seeds" / "wire.txt"))[3]
    article = attribution.read(ROOT / "seeds" / "wire.txt")
    examples = {
        "Claim": found, "Passage": found.content, "Cue": found.cue, "Span": found.content.spans[0], "Speaker": found.speaker,
        "Evidence": found.evidence[0], "Selector": found.selectors[0], "Quote": found.selectors[0].quote,
        "ArticleRef": found.article, "Article": article, "Block": article.blocks[1],
        "ArticleClaims": None,
    }  # fmt: skip
    parts = sections(read("docs/reference/fields.md"), 2)
    assert set(parts) >= set(examples)
    for name, example in examples.items():
        model = getattr(claims, name)
        rows = re.findall(r"^\| `(\w+)` \| (.+?) \|(.*?)\|$", parts[name], re.MULTILINE)
        fields = [f.alias or n for n, f in model.model_fields.items() if name != "Article" or n not in claims.ArticleRef.model_fields]
        assert [r[0] for r in rows] == [f for f in fields if name != "Cue" or f == "lemma"], name
        values = example.model_dump(mode="json", by_alias=True) if example else {}
        for field, _, shown in rows:
            if shown.strip() and example:
                actual = json.dumps(values[field], ensure_ascii=False)
                assert agrees(shown.strip().strip("`"), actual), (name, field, actual)


def test_every_value_of_a_field_is_explained() -> None:
    from typing import get_args

    from attribution import claims

    text = read("docs/reference/fields.md")
    for kind in (claims.ClaimType, claims.Act, claims.Kind, claims.Polarity, claims.BlockKind):
        assert [v for v in get_args(kind) if f"`{v}`" not in text] == []


def test_every_format_has_its_row_and_sample() -> None:
    from attribution.formats.registry import FORMATS

    text = read("docs/formats/writing.md")
    code = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "attribution" / "formats").rglob("*.py"))
    rows = {name: (ending, extra) for name, ending, extra in re.findall(r"^\| `(\w+)` \| (.+?) \| .+? \| (.+?) \|$", text, re.MULTILINE)}
    assert set(rows) == {f.value for f in FORMATS}
    for each in FORMATS.values():
        ending, extra = rows[each.name.value]
        assert ending == (f"`{each.suffixes[0]}`" if each.suffixes else "a folder or `.zip`")
        assert extra == (f"`{each.name}`" if f'MissingExtraError("{each.name}"' in code else "–")
    for name in rows:
        assert name in text.split("The samples below")[1]


def test_every_kind_of_input_has_its_row_and_every_limit_is_right() -> None:
    from attribution.articles import limits
    from attribution.articles.registry import FORMATS

    text = read("docs/formats/reading.md")
    table = text[: text.index("`readers` is")]
    assert [s for each in FORMATS for s in each.suffixes if f"`{s}`" not in table] == []
    said = " ".join(text[text.index("Hostile and mistaken") :].split())
    assert f"{limits.MAX_CHARACTERS:,} characters, a file of one article {limits.readable(limits.MAX_FILE_BYTES)}" in said
    assert f"a page or a line {limits.readable(limits.MAX_PAGE_BYTES)}, a PDF {limits.MAX_PDF_PAGES:,} pages" in said
    assert limits.MAX_LINE_BYTES == limits.MAX_PAGE_BYTES == limits.FETCH_BYTES and limits.FETCH_SECONDS == 30
    assert "within half a minute and 32 MiB" in " ".join(text.split())


def test_every_setting_of_the_component_has_its_row() -> None:
    from dataclasses import fields

    from attribution.pipeline.components import ComponentSettings

    rows = re.findall(r"^\| `(\w+)` \| `(.+?)` \|", read("docs/users/spacy.md"), re.MULTILINE)
    expected = {f.name: f.default for f in fields(ComponentSettings)}
    assert {name: json.loads(default.replace("True", "true").replace("None", "null")) for name, default in rows} == json.loads(json.dumps(expected))


def test_every_column_of_a_frame_is_explained() -> None:
    from attribution.formats.rows import COLUMNS

    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", read("docs/formats/frames.md"), re.MULTILINE)
    assert [name for row in rows for name in re.findall(r"\w+", row)] == list(COLUMNS)


@pytest.mark.model
def test_every_step_of_evidence_is_explained(seeds: list[Path]) -> None:
    text = read("docs/explain/speakers.md")
    table = text[text.index("| step |") : text.index("## Kinds of speakers")]
    explained = set(re.findall(r"^\| `([a-z', ]+)` \|", table, re.MULTILINE))
    code = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "attribution").rglob("*.py"))
    assert [step for step in explained if f'"{step}"' not in code] == []
    articles = attribution.extract_many([*seeds, *_texts_of_gold()])
    assert {e.step for found in articles for c in found.claims for e in c.evidence} - explained == set()


def _texts_of_gold() -> list[attribution.Article]:
    from attribution.articles.read import make_article
    from attribution.evaluation.report import read_gold_records

    return [make_article(r["text"], id_=r["id"]) for r in read_gold_records(ROOT / "tests" / "gold")[:4]]


# --- the site ------------------------------------------------------------------------------------------------------


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("sphinx")
    build = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "-d", str(tmp_path / "trees"), str(DOCS), str(tmp_path / "html")]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    pages = {p.relative_to(tmp_path / "html").with_suffix("").as_posix() for p in (tmp_path / "html").rglob("*.html")}
    assert {p.relative_to(DOCS).with_suffix("").as_posix() for p in DOCS.rglob("*.md")} <= pages


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} → {target}"


def test_blocks_have_a_language() -> None:
    assert [(p.name, b.body[:40]) for p in PAGES for b in blocks(p.read_text(encoding="utf-8")) if not b.language and p.name != "README.md" and not b.body.startswith(":")] == []
