"""--help with examples that are right, shell completion, and how fast both answer."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main
from typer._completion_shared import get_completion_script

from attribution.cli import examples
from attribution.cli.extract import Act, By, Type
from attribution.cli.main import COMMANDS, app, complete_default_command, with_default_command
from attribution.formats.registry import FormatName

GROUP = typer.main.get_command(app)
ALL = {"top": examples.TOP} | {name: getattr(examples, name.upper()) for name in COMMANDS}


def run(*arguments: str, **environment: str) -> str:
    env = {**os.environ, "NO_COLOR": "1", "COLUMNS": "80", "TERMINAL_WIDTH": "80", **environment}
    done = subprocess.run([sys.executable, "-m", "attribution", *arguments], capture_output=True, text=True, env=env, check=False)
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("line", [line for shown in ALL.values() for _, line in shown])
def test_every_example_is_a_command_that_parses(line: str) -> None:
    words = shlex.split(re.split(" [<>] ", line)[0])
    assert words[0] == "attribution" and len(line) <= 74  # as wide as a terminal
    name, *rest = with_default_command(words[1:])
    if name in COMMANDS and "--help" not in rest:
        command = GROUP.commands[name]
        if hasattr(command, "commands"):
            command, *rest = command.commands[rest[0]], *rest[1:]
        command.make_context(name, rest)  # raises a usage error
    else:
        assert name in ("extract", "--install-completion")


@pytest.mark.parametrize("name", ["top", *COMMANDS])
def test_help_shows_its_examples(name: str) -> None:
    shown = run(*([] if name == "top" else [name]), "--help")
    flat = " ".join(shown.split())
    for what, line in ALL[name]:
        assert what in flat and f"$ {line}" in flat
    assert "Exit codes" in flat and max(map(len, shown.splitlines())) <= 80


def complete(shell: str, typed: str) -> list[str]:
    """What a shell is offered; ``typed`` ends with a blank where a new word begins."""
    words = typed.split()
    environment = {"_ATTRIBUTION_COMPLETE": f"complete_{shell}"}
    if shell == "bash":
        environment |= {"COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - (not typed.endswith(" ")))}
    else:
        environment |= {"_TYPER_COMPLETE_ARGS": typed, "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    return [line.split("\t")[0] for line in run(**environment).splitlines() if line]


@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_values_are_completed(shell: str) -> None:
    assert complete(shell, "attribution extract x.txt --format ") == [f.value for f in FormatName]
    assert complete(shell, "attribution extract x.txt --act ") == [a.value for a in Act]
    assert complete(shell, "attribution extract x.txt --type ") == [t.value for t in Type]
    assert complete(shell, "attribution extract x.txt --by ") == [b.value for b in By]
    assert complete(shell, "attribution extract x.txt --act pr") == ["promise", "prediction"]


@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_commands_options_and_the_default_command_are_completed(shell: str) -> None:
    assert complete(shell, "attribution ex") == ["extract", "explain"]
    assert complete(shell, "attribution extract --min") == ["--min-confidence"]
    assert complete(shell, "attribution x.txt --act den") == ["denial"]
    assert complete(shell, "attribution --act den") == ["denial"]
    assert complete(shell, "attribution --vers") == ["--version"]
    assert complete(shell, "attribution explain --") == ["--help"]
    assert complete(shell, "attribution art") == []  # the shell offers its files


def test_zsh_is_offered_the_values() -> None:
    offered = run(_ATTRIBUTION_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS="attribution x.txt --by ")
    assert "article" in offered and "speaker" in offered


@pytest.mark.parametrize(
    ("words", "cursor", "expected", "moved"),
    [
        ("attribution x.txt --f", 2, "attribution extract x.txt --f", 3),
        ("attribution extract --f", 2, "attribution extract --f", 2),
        ("attribution --by", 1, "attribution extract --by", 2),
        ("attribution --ver", 1, "attribution --ver", 1),
        ("attribution x.t", 1, "attribution x.t", 1),
        ("attribution", 1, "attribution", 1),
    ],
)
def test_words_of_the_default_command(words: str, cursor: int, expected: str, moved: int) -> None:
    environment = {"COMP_WORDS": words, "COMP_CWORD": str(cursor)}
    complete_default_command(environment)
    assert environment == {"COMP_WORDS": expected, "COMP_CWORD": str(moved)}


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_completes_in_earnest() -> None:
    script = get_completion_script(prog_name="attribution", complete_var="_ATTRIBUTION_COMPLETE", shell="bash")
    command = Path(sys.executable).with_name("attribution")
    typed = "COMP_WORDS=(attribution x.txt --act den); COMP_CWORD=3"
    program = f'{script}\n{typed}; _attribution_completion "{command}"; printf "%s\\n" "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "--norc", "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("denial\n", "")


def test_help_loads_nothing_heavy() -> None:
    heavy = ("spacy", "onnxruntime", "numpy", "tokenizers", "pandas", "duckdb", "pyarrow")
    for argument in ("--help", "extract --help", "corpus --help", "corpus add --help"):
        probe = f"import sys; sys.argv = ['attribution', *{argument!r}.split()]\nfrom attribution.cli.main import main\ntry: main()\nexcept SystemExit: pass\nprint([m for m in {heavy} if m in sys.modules])"
        done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
        assert done.stdout.splitlines()[-1] == "[]"
