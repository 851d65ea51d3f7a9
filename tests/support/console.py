"""Runs the blocks of a Markdown page as a reader would type them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(
    r"(?:^`([^`\n]+)`:\n\n)?^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE
)


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
        for part in re.split(r"^\$ ", self.text, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            yield command, shown


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of *page*, in order."""
    found = _BLOCK.findall(page.read_text(encoding="utf-8"))
    return [Block(language, text, path or None) for path, language, text in found]


def type_command(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run *command* in *folder* as in a terminal without colour."""
    scripts = Path(sys.executable).parent
    environment = os.environ | {
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
    lines = (_line(line) for line in shown.rstrip("\n").split("\n"))
    return re.fullmatch("\n".join(lines) + r"\n*", output.rstrip("\n")) is not None


def _line(line: str) -> str:
    if line.strip() == "…":
        return r"(?:.*\n?)*?"
    escaped = re.escape(line).replace("…", ".*")
    return re.sub(r"[0-9]+\\\.[0-9]+s", r"[0-9]+\\.[0-9]+s", escaped)
