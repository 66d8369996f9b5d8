"""The commands and snippets of README and docs: found, run, compared; ``python tests/snippets.py`` writes them anew.

* A ```console block holds commands ("$ …") and what a terminal shows. They run in a folder with ``seeds/``; those of
  one page see each other's files. "…" in the output stands for anything, "…" alone on a line for any lines.
* A ```python block runs in one namespace a page; a ```text block right behind it is what it prints.
* A ```sh block holds commands that are not run but whose words must parse.

Commands of ours run in this process, with the model that is loaded already; others in bash.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
WIDTHS = {"README.md": (96, 100)}  # its outputs were made at these; those of docs/ at 80
_FENCE = re.compile(r"^(?P<fence>```+)(?P<language>[^\s`]*)[^\n]*\n(?P<body>.*?)^(?P=fence)[ \t]*$", re.MULTILINE | re.DOTALL)
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_NOT_RUN = re.compile(r"(?:python3? -m (?:venv|pip)|pip|\S*/pip|sphinx-build|attribution (?:train|--install-completion))\b")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its lines, and where its body stands in the page."""

    language: str
    body: str
    start: int
    end: int


@dataclass(frozen=True)
class Step:
    """A command or snippet and the output that the page shows; ``start`` and ``end`` are that output's place."""

    code: str
    shown: str | None
    start: int
    end: int


def blocks(text: str) -> list[Block]:
    """All fenced blocks of a page."""
    return [Block(m["language"], m["body"], m.start("body"), m.end("body")) for m in _FENCE.finditer(text)]


def steps(text: str) -> Iterator[tuple[str, Step]]:
    """What a page has to run, in order, with the language."""
    found = blocks(text)
    for i, block in enumerate(found):
        if block.language == "console":
            for m in re.finditer(r"^\$ (?P<code>(?:.*\\\n)*.*)\n(?P<shown>(?:(?!\$ ).*\n)*)", block.body, re.MULTILINE):
                at = block.start + m.start("shown")
                yield "console", Step(m["code"].replace("\\\n", " "), m["shown"], at, block.start + m.end("shown"))
        elif block.language == "python":
            after = found[i + 1] if i + 1 < len(found) else None
            if after and after.language == "text" and not text[block.end : after.start].replace("`", "").replace("text", "").strip():
                yield "python", Step(block.body, after.body, after.start, after.end)
            else:
                yield "python", Step(block.body, None, 0, 0)


def agrees(shown: str, printed: str) -> bool:
    """True if an output is what the page shows; an ellipsis stands for anything."""
    pattern = ""
    for line in shown.rstrip().split("\n"):
        if line.strip() == "…":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += ".*".join(map(re.escape, line.rstrip().split("…"))) + "\n"
    tidy = "".join(f"{line.rstrip()}\n" for line in printed.rstrip().split("\n"))
    return re.fullmatch(pattern, tidy) is not None


class Session:
    """Runs the steps of one page in a folder of their own."""

    def __init__(self, folder: Path, *, width: int = 80) -> None:
        self.folder = folder
        self.width = width
        self.names: dict[str, Any] = {"__name__": "snippet"}
        self.code = 0
        for name in ("seeds", "tests", "training"):
            if not (folder / name).exists():
                (folder / name).symlink_to(ROOT / name)

    def run(self, language: str, code: str) -> str:
        """What a step prints."""
        with contextlib.chdir(self.folder), _environment(COLUMNS=str(self.width), NO_COLOR="1", TERM="xterm"):
            return _plain(self._python(code) if language == "python" else self._command(code))

    def _python(self, code: str) -> str:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, "<snippet>", "exec"), self.names)
        return out.getvalue()

    def _command(self, line: str) -> str:
        if _NOT_RUN.match(line):
            return ""
        if line == "echo $?":
            return f"{self.code}\n"
        command, _, rest = line.partition(" | ")
        words = shlex.split(command)
        if words[0] == "attribution" and not {">", ";", "&&"} & set(words):
            source = Path(words.pop()) if words[-2] == "<" and words.pop(-2) else None
            printed, errors = self._ours(words[1:], source, terminal=not rest)
            return errors.decode() + self._bash(rest, printed) if rest else (errors + printed).decode()
        return self._bash(line, b"")

    def _bash(self, line: str, given: bytes) -> str:
        env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        done = subprocess.run(
            ["bash", "-c", line], input=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env, check=False
        )
        self.code = done.returncode
        return done.stdout.decode()

    def _ours(self, arguments: list[str], source: Path | None, *, terminal: bool) -> tuple[bytes, bytes]:
        """What the command line prints, in this process, to standard output and to standard error."""
        from attribution.cli.main import main

        out = _Terminal(tty=terminal)
        errors = _Shared(out) if terminal else _Terminal(tty=False)
        before = sys.argv, sys.stdin, sys.stdout, sys.stderr
        sys.argv, sys.stdout, sys.stderr = ["attribution", *arguments], out, errors
        with (source or Path(os.devnull)).open(encoding="utf-8") as given:
            sys.stdin = given
            try:
                main()
                self.code = 0
            except SystemExit as end:
                self.code = int(end.code or 0)
            finally:
                sys.argv, sys.stdin, sys.stdout, sys.stderr = before
        return out.raw_bytes(), b"" if isinstance(errors, _Shared) else errors.raw_bytes()


class _Terminal(io.TextIOWrapper):
    """Standard output or error that may claim to be a terminal."""

    def __init__(self, *, tty: bool) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="", write_through=True)
        self._tty = tty

    def isatty(self) -> bool:
        return self._tty

    def raw_bytes(self) -> bytes:
        """All that was written."""
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue()


class _Shared(io.TextIOBase):
    """Standard error on the terminal that standard output is on; what both write stands in its order."""

    def __init__(self, terminal: _Terminal) -> None:
        super().__init__()
        self._terminal = terminal

    def write(self, text: str) -> int:
        return self._terminal.write(text)


def _plain(printed: str) -> str:
    return _ANSI.sub("", printed).replace("\r\n", "\n")


@contextlib.contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def commands(text: str) -> Iterator[str]:
    """Every command of ours that a page names: in console and sh blocks, and as inline code."""
    for block in blocks(text):
        if block.language in ("console", "sh"):
            for line in re.sub(r"\\\n\s*", "", block.body).splitlines():
                if line.startswith(("$ attribution ", "attribution ")):
                    yield line.removeprefix("$ ")
    prose = _FENCE.sub("", text)
    yield from re.findall(r"(?<!`)`(attribution [^`\n]*)`(?!`)", prose)


def refresh(page: Path, folder: Path) -> bool:
    """Run a page and write the outputs that have changed into it; True if any has."""
    text = page.read_text(encoding="utf-8")
    session = Session(folder, width=WIDTHS.get(page.name, (80,))[0])
    changes: list[tuple[Step, str]] = []
    for language, step in steps(text):
        printed = session.run(language, step.code)
        if step.shown is not None and not _NOT_RUN.match(step.code) and not agrees(step.shown, printed):
            tidy = "".join(f"{line.rstrip()}\n" for line in printed.rstrip().split("\n")) if printed.strip() else ""
            changes.append((replace(step, shown=step.shown), tidy))
    for step, printed in reversed(changes):
        text = text[: step.start] + printed + text[step.end :]
    page.write_text(text, encoding="utf-8")
    return bool(changes)


def main() -> None:
    """Refresh the pages named, by default those of docs/."""
    import tempfile

    for page in [Path(p).resolve() for p in sys.argv[1:]] or [p for p in PAGES if p.name != "README.md"]:
        with tempfile.TemporaryDirectory() as folder:
            try:
                changed = refresh(page, Path(folder))
            except Exception:
                traceback.print_exc()
                sys.exit(f"{page}: failed; the pages before it are written")
        sys.stdout.write(f"{page.relative_to(ROOT)}: {'written anew' if changed else 'as it was'}\n")


if __name__ == "__main__":
    main()
