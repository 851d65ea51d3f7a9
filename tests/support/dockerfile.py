"""A Dockerfile's instructions, and a stage of it played without an engine."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

INSTRUCTION = re.compile(r"^([A-Z]+)\s+((?:.*\\\n)*.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Instruction:
    """One instruction, its lines joined.

    Attributes:
        word: Such as ``RUN``.
        text: What stands behind it.
    """

    word: str
    text: str


def stages(path: Path) -> list[list[Instruction]]:
    """Return the instructions of each stage, its ``FROM`` first."""
    found: list[list[Instruction]] = []
    for word, text in INSTRUCTION.findall(path.read_text(encoding="utf-8")):
        if word == "FROM":
            found.append([])
        if found:
            found[-1].append(Instruction(word, re.sub(r"\\\n\s*", "", text).strip()))
    return found


def environment(stage: list[Instruction]) -> dict[str, str]:
    """Return what a stage sets in its environment."""
    pairs = (pair for each in stage if each.word == "ENV" for pair in each.text.split())
    return dict(pair.split("=", 1) for pair in pairs)


def play(
    stage: list[Instruction],
    context: Path,
    moved: Mapping[str, Path],
    env: Mapping[str, str],
) -> None:
    """Do what a stage's ``COPY`` and ``RUN`` say, below other folders than its own.

    Args:
        stage: The instructions; its work folder must be one of *moved*.
        context: What ``COPY`` copies from.
        moved: Where each absolute folder of the stage lies here.
        env: The environment of its commands.
    """
    workdir = next(each.text for each in stage if each.word == "WORKDIR")
    here = moved[workdir]
    for each in stage:
        if each.word == "COPY":
            *sources, target = each.text.split()
            for source in sources:
                _copy(context / source, here / target, into=len(sources) > 1)
        elif each.word == "RUN":
            command = each.text
            for folder, path in moved.items():
                command = command.replace(folder, str(path))
            subprocess.run(command, shell=True, check=True, cwd=here, env=env)  # noqa: S602 - our own Dockerfile


def _copy(source: Path, target: Path, *, into: bool) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
        return
    if into or target.is_dir() or not target.suffix:
        target.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)
