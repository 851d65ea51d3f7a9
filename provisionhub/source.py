"""Places in source texts, and how they are shown to a person.

Every error that comes from something an author wrote says where: file, line,
column, and the lines around it with a caret under the word.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Final

_LINES_AROUND: Final = 2
_LONGEST_LINE: Final = 160
_TAB: Final = 4


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The lines around a place, as they stand in the source.

    Attributes:
        first_line: Number of the first line shown, counted from 1.
        lines: The lines, without their line ends.
    """

    first_line: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file.

    Attributes:
        file: The file as its author knows it, such as ``template/README.md.j2``.
        line: Counted from 1.
        column: Counted from 1, in characters (Unicode code points).
        width: How many characters from *column* on are meant.
        excerpt: The lines around it, where the source is at hand.
    """

    file: str
    line: int
    column: int
    width: int = 1
    excerpt: Excerpt | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def show(self) -> str:
        """Return the place and its lines with a caret under the characters meant."""
        shown = [f"  --> {_printable(str(self))}"]
        if self.excerpt is not None:
            shown += self._show_lines(self.excerpt)
        return "\n".join(shown)

    def _show_lines(self, excerpt: Excerpt) -> list[str]:
        shown: list[str] = []
        for number, text in enumerate(excerpt.lines, start=excerpt.first_line):
            if number != self.line:
                shown.append(f"{number:>5} | {_clip(_printable(text))}".rstrip())
                continue
            start, line, caret = self._mark(text)
            shown.append(f"{number:>5} > {line}")
            shown.append(" " * (8 + start) + "^" * caret)
        return shown

    def _mark(self, text: str) -> tuple[int, str, int]:
        """Return the caret's indent, the line and the caret's width, in cells."""
        before = _printable(text[: self.column - 1])
        word = _printable(text[self.column - 1 : self.column - 1 + self.width])
        after = _printable(text[self.column - 1 + self.width :])
        if len(before) > _LONGEST_LINE // 2:
            before = "…" + before[-_LONGEST_LINE // 2 :]
        word = _clip(word)
        line = _clip(before + word + after, longest=_LONGEST_LINE * 2)
        return _cells(before), line, max(1, _cells(word))


class Source:
    """A text with a name, which knows the place of each of its characters."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self._lines: list[str] | None = None
        self._excerpts: dict[int, Excerpt] = {}

    @property
    def lines(self) -> list[str]:
        """The lines without their ends; a line ends with LF or CR LF."""
        if self._lines is None:
            self._lines = [line.removesuffix("\r") for line in self.text.split("\n")]
        return self._lines

    def locate(self, offset: int, width: int = 1) -> Location:
        """Return the place of the character at *offset* (from 0)."""
        line = bisect_right(self._starts, offset)
        return self.at(line, offset - self._starts[line - 1] + 1, width)

    def at(self, line: int, column: int = 1, width: int = 1) -> Location:
        """Return the place at *line* and *column*, both from 1, with its lines."""
        excerpt = self._excerpts.get(line)
        if excerpt is None:
            excerpt = self._excerpts[line] = self._excerpt(line)
        return Location(self.file, line, column, width, excerpt)

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line starts: a long text may be asked for many places."""
        ends = accumulate(len(line) + 1 for line in self.text.split("\n"))
        return [0, *ends][:-1]

    def _excerpt(self, line: int) -> Excerpt:
        first = max(1, line - _LINES_AROUND)
        lines = tuple(self.lines[first - 1 : line + _LINES_AROUND])
        while len(lines) > line - first + 1 and not lines[-1].strip():
            lines = lines[:-1]
        return Excerpt(first, lines)


def printable(text: str) -> str:
    """Return *text* with all that could steer a terminal or mislead a reader shown.

    Control characters become their Unicode pictures, bidirectional marks and
    other unprintable characters the replacement character.
    """
    return "".join(map(_picture, text))


def _printable(line: str) -> str:
    return printable(line.replace("\t", " " * _TAB))


def _picture(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x20:  # noqa: PLR2004 - the C0 controls, pictured from U+2400 on
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"  # noqa: PLR2004 - DEL


def _clip(text: str, longest: int = _LONGEST_LINE) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _cells(text: str) -> int:
    """Return how many terminal cells *text* takes."""
    return sum(
        0
        if unicodedata.combining(character)
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )
