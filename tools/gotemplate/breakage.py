"""Breaks templates, so that the errors of the parser are met too."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

_PIECES: Final = (
    "{{", "}}", "{{-", "-}}", "{", "}", "(", ")", "|", ":=", "=", ",", ".", "..", "$",
    "$q", '"', "'", "`", "\\", "/*", "*/", "-", "+", "@", "#", "é", "\n", " ", "\t",
    "\x00", "0x", "1_", ":", "!", "{{end}}", "{{else}}", "{{if}}", "{{range}}",
    "{{break}}", "{{define}}", "{{nil}}", "{{else if 1}}", "{{else with 1}}", "{{.}}",
    "{{template}}", '{{template "zz"}}', "{{block}}", '{{define "a"}}', "{{continue}}",
    "{{(}}", "{{)}}", "{{$u}}", " if ", " end ", " else ", " range ", " with ", " nil ",
    " true ", ".x", "nope", "1.2.3",
)  # fmt: skip


def broken(source: str, random: Random) -> str:
    """Return *source* with one to three things wrong."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        source = random.choice(_WAYS)(source, random)
    return source


def _without_a_piece(source: str, random: Random) -> str:
    start = random.randint(0, len(source))
    return source[:start] + source[start + random.choice((1, 1, 2, 5)) :]


def _with_a_piece(source: str, random: Random) -> str:
    place = random.randint(0, len(source))
    return source[:place] + random.choice(_PIECES) + source[place:]


def _cut(source: str, random: Random) -> str:
    return source[: random.randint(0, len(source))]


def _twice(source: str, random: Random) -> str:
    start = random.randint(0, len(source))
    piece = source[start : start + random.randint(1, 12)]
    place = random.randint(0, len(source))
    return source[:place] + piece + source[place:]


_WAYS: Final[tuple[Callable[[str, Random], str], ...]] = (
    _without_a_piece,
    _with_a_piece,
    _with_a_piece,
    _cut,
    _twice,
)
