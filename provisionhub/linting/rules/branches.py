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

_Key: TypeAlias = tuple[object, ...]


def unreachable_branches(linted: Linted) -> Iterator[Finding]:
    """Find parts whose conditions can't hold: each other's, or the schema's.

    A part of a partial or a macro is one only if it is so wherever that is used.
    """
    dead: dict[_Key, Finding] = {}
    alive: set[_Key] = set()
    for template, around in _templates(linted):
        seen: set[tuple[_Key, ...]] = set()
        for branch in template.outline.branches:
            guards = (*around, *branch.guards)
            found = find_contradiction(guards, linted.context)
            place = _place(branch.at)
            if found is None:
                alive.add(place)
                continue
            # What is inside of a part that is never rendered is never rendered either.
            key = tuple(map(_key, guards[: found.index + 1]))
            if found.index >= len(around) and key not in seen:
                seen.add(key)
                dead.setdefault(place, _finding(branch, found))
    yield from (finding for place, finding in dead.items() if place not in alive)


def _templates(linted: Linted) -> Iterator[tuple[Surveyed, tuple[Guard, ...]]]:
    """Yield every template with what has to hold for it to be rendered at all."""
    survey = linted.survey
    for condition in survey.conditions.values():
        if guards_of(condition) is None:
            yield condition, ()
    for file in survey.files:
        around = guards_of_file(survey, file)
        for template in (*file.parts, file.content):
            if isinstance(template, Surveyed):
                yield template, around
    if survey.commit_message is not None:
        yield survey.commit_message, ()


def _place(at: Location) -> _Key:
    return at.file, at.line, at.column


def _key(guard: Guard) -> _Key:
    place = _place(guard.at)
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
