"""Files that may get one path: ``path-collision``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from provisionhub.blueprint.files import TEMPLATE
from provisionhub.linting.conditions import guards_of_file, is_plain
from provisionhub.linting.context import value_pointer
from provisionhub.linting.contradiction import find_contradiction
from provisionhub.linting.findings import Code, Finding
from provisionhub.linting.name_patterns import NamePattern, pattern_of
from provisionhub.linting.subject import Linted
from provisionhub.linting.survey import SurveyedFile
from provisionhub.outline import NamePath
from provisionhub.source import Source

_Named: TypeAlias = tuple[SurveyedFile, NamePattern]


def path_collisions(linted: Linted) -> Iterator[Finding]:
    """Find files of which some accepted values make two with one path."""
    if not linted.survey.is_outlined:
        return
    seen = _Seen()
    for file in linted.survey.files:
        pattern = pattern_of(file, linted.context)
        if pattern is None:
            continue
        for other, its in seen.rivals(pattern):
            path = _meeting(linted, pattern, its)
            if path is not None and _may_both_be_made(linted, file, other):
                yield _finding(file, other, path, (*pattern.values, *its.values))
                break
        seen.add(file, pattern)


@dataclass(frozen=True, slots=True)
class _Seen:
    """The files before one, those whose names hold values apart.

    Names without values are looked up: a blueprint may have thousands.
    """

    plain: dict[NamePattern, SurveyedFile] = field(default_factory=dict)
    named: list[_Named] = field(default_factory=list)

    def add(self, file: SurveyedFile, pattern: NamePattern) -> None:
        """Note *file*."""
        if pattern.values:
            self.named.append((file, pattern))
        else:
            self.plain.setdefault(pattern, file)

    def rivals(self, pattern: NamePattern) -> Iterator[_Named]:
        """Yield the files whose paths may be *pattern*'s."""
        if not pattern.values and pattern in self.plain:
            yield self.plain[pattern], pattern
        plain = self.plain if pattern.values else {}
        for its, file in plain.items():
            if pattern.may_meet(its):
                yield file, its
        for file, its in self.named:
            if pattern.may_meet(its):
                yield file, its


def _meeting(linted: Linted, one: NamePattern, two: NamePattern) -> str | None:
    """Return a path that both patterns can be, with the same values."""
    for first, second in ((one, two), (two, one)):
        for path, given in first.paths(linted.context):
            found = second.match(path, linted.context)
            if found is not None and all(
                given.get(name, value) == value for name, value in found.items()
            ):
                return path
    return None


def _may_both_be_made(linted: Linted, one: SurveyedFile, two: SurveyedFile) -> bool:
    """Tell whether conditions leave both, which they must say plainly."""
    survey = linted.survey
    unshared = {*one.treatment.conditions} ^ {*two.treatment.conditions}
    conditions = [survey.conditions.get(index) for index in unshared]
    if not all(each is not None and is_plain(each) for each in conditions):
        return False
    guards = (*guards_of_file(survey, one), *guards_of_file(survey, two))
    return find_contradiction(guards, linted.context) is None


def _finding(
    file: SurveyedFile, other: SurveyedFile, path: str, values: tuple[NamePath, ...]
) -> Finding:
    at = Source(TEMPLATE + file.path, file.path).at(1, 1, len(file.path))
    both = f"`{TEMPLATE}{other.path}` and `{TEMPLATE}{file.path}`"
    return Finding(
        Code.PATH_COLLISION,
        f"{both} can both become `{path}`",
        at=at,
        hint="give one of them a `when`, or another name"
        + (", or keep the values apart by the schema" if values else ""),
        pointer=value_pointer(values[0]) if values else None,
    )
