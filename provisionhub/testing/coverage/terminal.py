"""Coverage as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from provisionhub.source import printable
from provisionhub.testing.coverage.figures import (
    BlueprintCoverage,
    Coverage,
    Share,
    cases_shown,
)

_TOTAL: Final = "all blueprints"
_WIDEST: Final = 72
"""Columns for names; longer ones push their figures to the right."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table.

    Attributes:
        text: What it says.
        is_miss: Whether it tells of something that was not reached.
        is_sum: Whether it sums others up.
    """

    text: str
    is_miss: bool = False
    is_sum: bool = False


def table(coverage: Coverage) -> Iterator[Line]:
    """Yield the table: each file with what was missed in it, and sums."""
    width = min(_WIDEST, max(map(len, _names(coverage))))
    yield Line(f"{'':{width}}  regions  missed  reached", is_sum=True)
    for blueprint in coverage.blueprints:
        yield from _blueprint(blueprint, width)
    if coverage.is_measured:
        yield Line(_row(_TOTAL, coverage.share, width), is_sum=True)


def _blueprint(blueprint: BlueprintCoverage, width: int) -> Iterator[Line]:
    title = _title(blueprint)
    if blueprint.unmeasured:
        yield Line(f"{title}: not measured: {blueprint.unmeasured}", is_miss=True)
        return
    for file in blueprint.files:
        name = _indented(file.path)
        yield Line(_row(name, file.share, width), is_miss=file.share.missed > 0)
        for miss in file.misses:
            yield Line(f"      {miss}", is_miss=True)
    yield Line(_row(title, blueprint.share, width), is_sum=True)


def _names(coverage: Coverage) -> Iterator[str]:
    yield _TOTAL
    for blueprint in coverage.blueprints:
        if not blueprint.unmeasured:
            yield _title(blueprint)
        yield from (_indented(file.path) for file in blueprint.files)


def _title(blueprint: BlueprintCoverage) -> str:
    return f"{blueprint.name}, {cases_shown(blueprint.cases)}"


def _indented(path: str) -> str:
    return f"  {printable(path)}"


def _row(name: str, share: Share, width: int) -> str:
    return f"{name:{width}}  {share.total:7}  {share.missed:6}  {share!s:>7}"
