"""Runs the blocks of a Markdown page as a reader would type them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(
    r"(?:^`([^`\n]+)`:\n\n)?^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE
)


SCRIPTS = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: a file to write, or commands to type with what they show.

    Attributes:
        language: What stands behind the fence.
        text: What stands between the fences.
        path: The file that the line before the block names, or None.
    """

    language: str
    text: str
    path: str | None

    def commands(self) -> Iterator[tuple[str, str]]:
        """Yield each command of a console block, and the output shown below it."""
        if self.language != "console":
            return
        for part in re.split(r"^\$ ", self.text, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            yield command, shown


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of *page*, in order."""
    return blocks_of(page.read_text(encoding="utf-8"))


def blocks_of(text: str) -> list[Block]:
    """Return the fenced blocks in a page's *text*, in order."""
    found = _BLOCK.findall(text)
    return [Block(language, text, path or None) for path, language, text in found]


def play(found: Iterable[Block], folder: Path, *, scripts: Path = SCRIPTS) -> list[str]:
    """Do what the blocks say, in order; return what did not turn out as shown.

    Args:
        found: The blocks of a page.
        folder: Where its reader begins.
        scripts: Where the commands are found first.
    """
    wrong = []
    here = folder
    for block in found:
        if block.path is not None:
            file = here / block.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
        for command, shown in block.commands():
            if command.startswith("make "):
                continue
            if command.startswith("cd "):
                here /= command.removeprefix("cd ")
                continue
            output = type_command(command, here, scripts=scripts).stdout
            if not is_shown(shown, output.replace(str(folder), "…")):
                wrong.append(f"$ {command}\n{output}")
    return wrong


def type_command(
    command: str, folder: Path, *, scripts: Path = SCRIPTS
) -> subprocess.CompletedProcess[str]:
    """Run *command* in *folder* as in a terminal without colour."""
    # A reader's terminal is not below make or pytest, nor in CI.
    around = ("MAKE", "MFLAGS", "PYTEST", "CI")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(around)}
    environment = kept | {
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "XDG_CACHE_HOME": str(folder / ".cache"),
        "NO_COLOR": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def is_shown(shown: str, output: str) -> bool:
    """Return whether *output* is what the page shows.

    A line ``…`` stands for any lines, ``…`` in a line for any characters, and
    times such as ``0.02s`` for any other time.
    """
    stretches: list[list[re.Pattern[str]]] = [[]]
    for line in shown.rstrip("\n").split("\n"):
        if line.strip() == "…":
            stretches.append([])
        else:
            stretches[-1].append(_line(line))
    lines = output.rstrip("\n").split("\n")
    first, *others = stretches
    if not others:
        return len(first) == len(lines) and _stands_at(0, first, lines)
    *between, last = others
    at = len(first)
    if not _stands_at(0, first, lines):
        return False
    for stretch in between:
        places = range(at, len(lines) - len(stretch) + 1)
        found = next((i for i in places if _stands_at(i, stretch, lines)), None)
        if found is None:
            return False
        at = found + len(stretch)
    ending = len(lines) - len(last)
    return ending >= at and _stands_at(ending, last, lines)


def _stands_at(at: int, stretch: list[re.Pattern[str]], lines: list[str]) -> bool:
    there = lines[at : at + len(stretch)]
    return len(there) == len(stretch) and all(
        pattern.fullmatch(line) for pattern, line in zip(stretch, there, strict=True)
    )


def _line(line: str) -> re.Pattern[str]:
    escaped = re.escape(line).replace("…", ".*")
    return re.compile(re.sub(r"[0-9]+\\\.[0-9]+s", r"[0-9]+\\.[0-9]+s", escaped))
