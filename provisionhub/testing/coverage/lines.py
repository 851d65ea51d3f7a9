"""A file's lines, each with how much of it was reached."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

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
    if file.text:
        yield from _Lines(file).lines()


class _Lines:
    def __init__(self, file: FileCoverage) -> None:
        self._text = file.text
        self._starts = [0]
        for line in file.text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._beginning: dict[int, list[Counted]] = {}
        for counted in file.regions:
            index = bisect_right(self._starts, counted.region.at) - 1
            self._beginning.setdefault(index, []).append(counted)
        self._cases = _paint(file)

    def lines(self) -> Iterator[Line]:
        for index in range(len(self._starts) - 1):
            start, end = self._starts[index], self._starts[index + 1] - 1
            if start < len(self._text) or not index:
                yield self._line(index, start, end)

    def _line(self, index: int, start: int, end: int) -> Line:
        text = self._text[start:end].removesuffix("\r")
        cases = self._cases[start : start + len(text)]
        beginning = self._beginning.get(index, [])
        missed = tuple(counted for counted in beginning if counted.is_missed)
        seen = {_is_hit(of) for of, c in zip(cases, text, strict=True) if c.strip()}
        seen |= {not counted.is_missed for counted in beginning if not counted.has_text}
        if not text.strip():
            seen |= {_is_hit(self._cases[start])} if start < len(self._text) else set()
        most = max((of or 0 for of in cases), default=0)
        most = max([most, *(counted.cases for counted in beginning)])
        return Line(
            index + 1,
            _state(seen - {None}),
            tuple(_pieces(text, cases)),
            missed,
            len(beginning) - len(missed),
            most,
        )


def _paint(file: FileCoverage) -> list[int | None]:
    """Return, for each character, how many cases reached the innermost region of it.

    None where it is in no region.
    """
    painted: list[int | None] = [None] * len(file.text)
    with_text = [counted for counted in file.regions if counted.has_text]
    # From the outermost to the innermost, each paints over those around it.
    for counted in sorted(with_text, key=lambda c: (c.region.start, -c.region.end)):
        start, end = counted.region.start, counted.region.end
        painted[start:end] = [counted.cases] * (end - start)
    return painted


def _is_hit(cases: int | None) -> bool | None:
    return None if cases is None else cases > 0


def _state(seen: Iterable[bool | None]) -> State:
    match sorted(map(bool, seen)):
        case [False, True]:
            return State.PARTLY
        case [True]:
            return State.REACHED
        case [False]:
            return State.NEVER
        case _:
            return State.NONE


def _pieces(text: str, cases: list[int | None]) -> Iterator[tuple[str, bool]]:
    start = 0
    for end in range(1, len(text) + 1):
        is_missed = cases[start] == 0
        if end == len(text) or (cases[end] == 0) is not is_missed:
            yield text[start:end], is_missed
            start = end
