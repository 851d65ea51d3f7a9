"""Coverage in Cobertura's format, which GitLab shows beside the lines of a change.

Its lines are those of the files; what of a line was missed counts as branches of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from xml.sax.saxutils import quoteattr

from provisionhub import __version__
from provisionhub.source import printable
from provisionhub.testing.coverage.figures import (
    BlueprintCoverage,
    Coverage,
    FileCoverage,
    Share,
)
from provisionhub.testing.coverage.figures_json import shown_below
from provisionhub.testing.coverage.lines import Line, State, lines_of

_HEAD: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
"""


def write(coverage: Coverage, file: Path, root: Path) -> None:
    """Write *coverage* into *file*; its files are named as seen from *root*."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_HEAD + "\n".join(_report(coverage, root)) + "\n", "utf-8")


def _report(coverage: Coverage, root: Path) -> Iterator[str]:
    files = [file for blueprint in coverage.blueprints for file in blueprint.files]
    lines, branches = _rates(files)
    yield _tag(
        "coverage",
        **_figures(lines, branches),
        lines_covered=lines.reached,
        lines_valid=lines.total,
        branches_covered=branches.reached,
        branches_valid=branches.total,
        version=__version__,
        timestamp=0,
    )
    yield f"<sources><source>{_escaped(str(root))}</source></sources>"
    yield "<packages>"
    for blueprint in coverage.blueprints:
        if blueprint.files:
            yield from _package(blueprint, root)
    yield "</packages>"
    yield "</coverage>"


def _package(blueprint: BlueprintCoverage, root: Path) -> Iterator[str]:
    folder = shown_below(blueprint.folder, root)
    yield _tag("package", name=folder, **_figures(*_rates(blueprint.files)))
    yield "<classes>"
    for file in blueprint.files:
        name = f"{folder}/{file.path}"
        figures = _figures(*_rates([file]))
        yield _tag("class", name=file.path, filename=name, **figures)
        yield "<methods/>"
        yield "<lines>"
        for line in _counted(file):
            yield _line(line)
        yield "</lines>"
        yield "</class>"
    yield "</classes>"
    yield "</package>"


def _line(line: Line) -> str:
    hits = 0 if line.state is State.NEVER else line.cases
    total = line.reached + len(line.missed)
    if not line.missed or not total:
        return _tag("line", number=line.number, hits=hits) + "</line>"
    part = f"{100 * line.reached // total}% ({line.reached}/{total})"
    opened = _tag(
        "line",
        number=line.number,
        hits=hits,
        branch="true",
        condition_coverage=part,
    )
    return f"{opened}</line>"


def _counted(file: FileCoverage) -> Iterator[Line]:
    return (line for line in lines_of(file) if line.state is not State.NONE)


def _rates(files: Iterable[FileCoverage]) -> tuple[Share, Share]:
    """Return how many lines were reached, and how many regions."""
    lines, branches = [], []
    for file in files:
        states = [line.state for line in _counted(file)]
        lines.append(Share(len(states) - states.count(State.NEVER), len(states)))
        branches.append(file.share)
    return Share.of(lines), Share.of(branches)


def _figures(lines: Share, branches: Share) -> dict[str, str]:
    return {
        "line_rate": f"{lines.percent / 100:.4f}",
        "branch_rate": f"{branches.percent / 100:.4f}",
        "complexity": "0",
    }


def _tag(tag: str, **attributes: str | int) -> str:
    said = "".join(
        f" {name.replace('_', '-')}={quoteattr(printable(str(value)))}"
        for name, value in attributes.items()
    )
    return f"<{tag}{said}>"


def _escaped(text: str) -> str:
    return quoteattr(printable(text))[1:-1]
