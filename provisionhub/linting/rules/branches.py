"""Parts that are never rendered: ``unreachable-branch`` and ``unreachable-when``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from provisionhub.linting.conditions import guards_of, guards_of_file
from provisionhub.linting.context import value_pointer
from provisionhub.linting.contradiction import Contradiction, find_contradiction
from provisionhub.linting.findings import Code, Finding
from provisionhub.linting.subject import Linted
from provisionhub.linting.survey import Surveyed
from provisionhub.outline import Branch, Guard
from provisionhub.source import Location

_Key: TypeAlias = tuple[tuple[object, ...], ...]


def unreachable_branches(linted: Linted) -> Iterator[Finding]:
    """Find parts whose conditions can't hold: each other's, or the schema's."""
    survey = linted.survey
    for condition in survey.conditions.values():
        if guards_of(condition) is None:
            yield from _in_template(linted, condition, ())
    for file in survey.files:
        around = guards_of_file(survey, file)
        for template in (*file.parts, file.content):
            if isinstance(template, Surveyed):
                yield from _in_template(linted, template, around)
    if survey.commit_message is not None:
        yield from _in_template(linted, survey.commit_message, ())


def _in_template(
    linted: Linted, template: Surveyed, around: tuple[Guard, ...]
) -> Iterator[Finding]:
    seen: set[_Key] = set()
    for branch in template.outline.branches:
        guards = (*around, *branch.guards)
        found = find_contradiction(guards, linted.context)
        if found is None or found.index < len(around):
            continue
        # What is inside of a part that is never rendered is never rendered either.
        key = tuple(map(_key, guards[: found.index + 1]))
        if key not in seen:
            seen.add(key)
            yield _finding(branch, found)


def _key(guard: Guard) -> tuple[object, ...]:
    at = guard.at
    place = at.file, at.line, at.column
    return (*place, guard.path, guard.test, guard.holds, repr(guard.constant))


def _finding(branch: Branch, found: Contradiction) -> Finding:
    return Finding(
        Code.UNREACHABLE_BRANCH,
        f"this part is never rendered: {found.reason}",
        at=branch.at,
        hint=found.hint,
        pointer=value_pointer(found.path),
    )


def unreachable_conditions(linted: Linted) -> Iterator[Finding]:
    """Find rules whose ``when`` never holds, alone or with a file's other ones."""
    survey = linted.survey
    never: set[int] = set()
    for index, condition in survey.conditions.items():
        found = find_contradiction(guards_of(condition) or (), linted.context)
        if found is not None:
            never.add(index)
            message = f"these files are never made: {found.reason}"
            yield _of_rule(linted, index, message, found)
    told: set[tuple[int, ...]] = set()
    for file in survey.files:
        indices = file.treatment.conditions
        if len(indices) < 2 or never & {*indices} or indices in told:  # noqa: PLR2004 - two
            continue
        found = find_contradiction(guards_of_file(survey, file), linted.context)
        if found is not None:
            told.add(indices)
            message = f"`{file.path}` is never made: {found.reason}"
            yield _of_rule(linted, indices[-1], message, found)


def _of_rule(linted: Linted, index: int, message: str, found: Contradiction) -> Finding:
    at: Location = linted.blueprint.locate(f"/files/{index}/when")
    return Finding(
        Code.UNREACHABLE_WHEN,
        message,
        at=at,
        hint=found.hint or _several(linted, index),
        pointer=value_pointer(found.path),
    )


def _several(linted: Linted, index: int) -> str:
    rule = linted.blueprint.manifest.rules[index]
    return f"every entry that matches a file counts; this one is `{rule.path}`"
