"""How much of blueprints was reached: by region, file and blueprint, and in all."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import floor
from pathlib import Path
from typing import TypeAlias

from provisionhub.blueprint import BlueprintFile
from provisionhub.coverage import Kind, Region
from provisionhub.renderer import FileRegion
from provisionhub.source import printable

Cases: TypeAlias = Mapping[str, Iterable[int]]
"""By the name of a case, the numbers of the regions that it reached."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many.

    Attributes:
        reached: How many were reached.
        total: How many there are.
    """

    reached: int
    total: int

    @property
    def missed(self) -> int:
        """How many were not reached."""
        return self.total - self.reached

    @property
    def percent(self) -> float:
        """What was reached, from 0 to 100; of nothing, everything was."""
        return 100 * self.reached / self.total if self.total else 100.0

    def __str__(self) -> str:
        # Rounded down: 100% is everything.
        return f"{floor(self.percent * 10) / 10:.1f}%"

    @classmethod
    def of(cls, shares: Iterable[Share]) -> Share:
        """Return all of *shares* taken together."""
        shares = list(shares)
        return cls(sum(s.reached for s in shares), sum(s.total for s in shares))


@dataclass(frozen=True, slots=True)
class Counted:
    """A region, and how often it was reached.

    Attributes:
        region: The region.
        cases: How many cases reached it.
    """

    region: Region
    cases: int

    @property
    def is_missed(self) -> bool:
        """Whether none did."""
        return not self.cases

    @property
    def has_text(self) -> bool:
        """Whether there is text of its own."""
        return self.region.start < self.region.end

    def holds(self, other: Counted) -> bool:
        """Whether *other* is inside this one."""
        inner, outer = other.region, self.region
        return (
            other is not self
            and self.has_text
            and outer.start <= inner.at
            and inner.end <= outer.end
        )


@dataclass(frozen=True, slots=True)
class Miss:
    """A region that no case reached, for people.

    Attributes:
        line: Where it begins, from 1; 0 if it is about the name of the file.
        end_line: The line of its last character that is not blank.
        kind: What it is.
        what: How it is called, printable.
    """

    line: int
    end_line: int
    kind: Kind
    what: str

    def __str__(self) -> str:
        if self.kind is Kind.NAME:
            return f"in its name: {self.what}"
        return f"{self.lines} {self.what}"

    @property
    def lines(self) -> str:
        """Its line, or the first and the last."""
        if self.end_line == self.line:
            return str(self.line)
        return f"{self.line}-{self.end_line}"


@dataclass(frozen=True)
class FileCoverage:
    """How much of one file was reached.

    Attributes:
        path: Its path in the blueprint.
        text: What it says; empty if it is no text.
        regions: Its regions.
    """

    path: str
    text: str
    regions: tuple[Counted, ...]

    @cached_property
    def share(self) -> Share:
        """How many of its regions were reached."""
        return Share(sum(not c.is_missed for c in self.regions), len(self.regions))

    @cached_property
    def misses(self) -> list[Miss]:
        """What was missed, in the order of the text; what is inside of it left out."""
        missed = [counted for counted in self.regions if counted.is_missed]
        # What is around stands before what is inside.
        missed.sort(key=lambda c: (c.region.at, -c.region.end))
        outermost: list[Counted] = []
        around: Counted | None = None
        for counted in missed:
            if around is not None and around.holds(counted):
                continue
            outermost.append(counted)
            if counted.has_text:
                around = counted
        return [self._miss(counted.region) for counted in outermost]

    def _miss(self, region: Region) -> Miss:
        line = self.line_of(region.at)
        own = self.text[region.start : region.end].rstrip()
        end_line = max(line, self.line_of(region.start + len(own) - 1))
        return Miss(line, end_line, region.kind, printable(region.what))

    @cached_property
    def starts(self) -> list[int]:
        """The offsets at which its lines start."""
        lengths = (len(line) + 1 for line in self.text.split("\n")[:-1])
        return list(accumulate(lengths, initial=0))

    def line_of(self, offset: int) -> int:
        """Return the line, from 1, of the character at *offset*."""
        return bisect_right(self.starts, max(0, offset))


@dataclass(frozen=True)
class BlueprintCoverage:
    """How much of one blueprint was reached.

    Attributes:
        folder: Where it lies.
        cases: How many cases were rendered.
        files: Its files that have regions; none if it was not measured.
        unmeasured: Why it was not measured, or empty.
    """

    folder: Path
    cases: int
    files: tuple[FileCoverage, ...] = ()
    unmeasured: str = ""

    @property
    def name(self) -> str:
        """How its folder is called."""
        return printable(self.folder.name)

    @cached_property
    def share(self) -> Share:
        """How many of its regions were reached."""
        return Share.of(file.share for file in self.files)


@dataclass(frozen=True)
class Coverage:
    """How much of all blueprints was reached.

    Attributes:
        blueprints: Each of them, in the order of their folders.
    """

    blueprints: tuple[BlueprintCoverage, ...]

    @cached_property
    def share(self) -> Share:
        """How many of all regions were reached."""
        return Share.of(blueprint.share for blueprint in self.blueprints)

    @property
    def is_measured(self) -> bool:
        """Whether anything was measured at all."""
        return any(not blueprint.unmeasured for blueprint in self.blueprints)


def count(
    folder: Path,
    files: Mapping[str, BlueprintFile],
    regions: Iterable[FileRegion],
    cases: Cases,
) -> BlueprintCoverage:
    """Return the coverage of one blueprint.

    Args:
        folder: Where it lies.
        files: Its files.
        regions: Its regions, in the order of their numbers.
        cases: What each case reached.
    """
    hits: dict[int, int] = {}
    for reached in cases.values():
        for number in set(reached):
            hits[number] = hits.get(number, 0) + 1
    by_path: dict[str, list[Counted]] = {}
    for number, found in enumerate(regions):
        counted = Counted(found.region, hits.get(number, 0))
        by_path.setdefault(found.path, []).append(counted)
    measured = (
        FileCoverage(path, _text(files[path]), tuple(by_path[path]))
        for path in sorted(by_path)
    )
    return BlueprintCoverage(folder, len(cases), tuple(measured))


def cases_shown(cases: int) -> str:
    """Return so many cases, in words."""
    return "1 case" if cases == 1 else f"{cases} cases"


def _text(file: BlueprintFile) -> str:
    try:
        return file.content.decode("utf-8")
    except UnicodeDecodeError:
        return ""
