"""A file's lines, each with how much of it was reached."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import count

from provisionhub.testing.coverage.figures import Counted, FileCoverage


class State(StrEnum):
    """How much of a line was reached."""

    REACHED = "reached"
    PARTLY = "partly"
    NEVER = "never"
    NONE = "none"
    """There is nothing in it to be reached."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file.

    Attributes:
        number: From 1.
        state: How much of it was reached.
        pieces: Its text, cut where what was reached and what was not meet; each
            with whether it was missed.
        missed: The regions that begin in it and were missed.
        reached: How many of the regions that begin in it were not.
        cases: How many cases reached it.
    """

    number: int
    state: State
    pieces: tuple[tuple[str, bool], ...]
    missed: tuple[Counted, ...]
    reached: int
    cases: int


def lines_of(file: FileCoverage) -> Iterator[Line]:
    """Yield the lines of *file*, without their ends; none if it is no text."""
    texts = file.text.split("\n")
    if not texts[-1]:
        texts.pop()
    beginning: dict[int, list[Counted]] = {}
    for counted in file.regions:
        beginning.setdefault(file.line_of(counted.region.at), []).append(counted)
    stretches = _Stretches(file.regions)
    for number, start, text in zip(count(1), file.starts, texts, strict=False):
        line = text.removesuffix("\r")
        yield _line(number, stretches.cut(line, start), beginning.get(number, []))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a line; *cases* is None where it is in no region."""

    text: str
    cases: int | None


def _line(number: int, pieces: list[_Piece], beginning: list[Counted]) -> Line:
    missed = tuple(counted for counted in beginning if counted.is_missed)
    inked = [piece for piece in pieces if piece.text.strip()] or pieces
    numbers = [piece.cases for piece in inked if piece.cases is not None]
    numbers += [counted.cases for counted in beginning]
    return Line(
        number,
        _state({cases > 0 for cases in numbers}),
        tuple((piece.text, piece.cases == 0) for piece in pieces),
        missed,
        len(beginning) - len(missed),
        max(numbers, default=0),
    )


def _state(seen: set[bool]) -> State:
    if not seen:
        return State.NONE
    if len(seen) > 1:
        return State.PARTLY
    return State.REACHED if True in seen else State.NEVER


class _Stretches:
    """Which stretches of a text the same number of cases reached.

    What counts for a character is the innermost region that it is in.
    """

    def __init__(self, regions: Iterable[Counted]) -> None:
        self._starts = [0]
        self._cases: list[int | None] = [None]
        around: list[Counted] = []
        with_text = [counted for counted in regions if counted.has_text]
        with_text.sort(key=lambda c: (c.region.start, -c.region.end))
        for counted in with_text:
            self._leave(around, counted.region.start)
            around.append(counted)
            self._begin(counted.region.start, counted.cases)
        self._leave(around, None)

    def cut(self, line: str, start: int) -> list[_Piece]:
        """Return the pieces of *line*, which starts at offset *start*; at least one."""
        first = bisect_right(self._starts, start) - 1
        pieces = []
        end = start + len(line)
        for index in range(first, len(self._starts)):
            following = self._starts[index + 1 : index + 2] or [end]
            until = min(end, following[0])
            begun = max(start, self._starts[index])
            text = line[begun - start : until - start]
            pieces.append(_Piece(text, self._cases[index]))
            if until == end:
                break
        return pieces

    def _leave(self, around: list[Counted], until: int | None) -> None:
        """End the regions that are past at *until*; all of them if that is None."""
        while around and (until is None or around[-1].region.end <= until):
            end = around.pop().region.end
            self._begin(end, around[-1].cases if around else None)

    def _begin(self, start: int, cases: int | None) -> None:
        if start == self._starts[-1]:
            self._cases[-1] = cases
        elif start > self._starts[-1]:
            self._starts.append(start)
            self._cases.append(cases)
