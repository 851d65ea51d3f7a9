"""Outlines as lines to compare, and whether one tells of what was really read."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from provisionhub.errors import ProvisionError
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.outline import (
    Branch,
    Guard,
    Inclusion,
    NamePath,
    Outline,
    Read,
    Test,
    Use,
)


def reads(outline: Outline) -> list[str]:
    """Return a line for each read: ``printed Values.port | quote if Values.on``."""
    return [_read(read) for read in outline.reads]


def branches(outline: Outline) -> list[str]:
    """Return a line for each branch: ``2:1 if Values.on, not Values.off``."""
    return [_branch(branch) for branch in outline.branches]


def inclusions(outline: Outline) -> list[str]:
    """Return a line for each inclusion."""
    return [_inclusion(inclusion) for inclusion in outline.inclusions]


def tells_of(outline: Outline, path: NamePath) -> bool:
    """Whether a value that a rendering has read, at *path*, is among the reads."""
    return any(
        _leads_to(meaning, path, deeper=_REACH[read.use])
        for read in outline.reads
        for meaning in (read.path, *read.otherwise)
    )


def influential(
    render: Callable[[JsonObject], str], context: JsonObject
) -> Iterator[NamePath]:
    """Yield the paths of values without which *render* does not do the same."""
    expected = _outcome(render, context)
    for holder, key, path in _members(context, ()):
        whole = copy.copy(holder)
        del holder[key]  # type: ignore[arg-type]  # a list's index or a name
        if _outcome(render, context) != expected:
            yield path
        _refill(holder, whole)


_REACH: Final[Mapping[Use, float]] = {
    Use.PRINTED: math.inf,
    Use.COMPARED: math.inf,
    Use.PASSED: math.inf,
    Use.LOOPED: 1,  # how many items there are
    Use.TESTED: 1,  # whether there are any
    Use.BOUND: 0,
}
"""How far below the value itself a use may reach."""


def _outcome(render: Callable[[JsonObject], str], context: JsonObject) -> str:
    try:
        return render(copy.deepcopy(context))
    except ProvisionError as error:
        return f"failed: {error.message}"


def _members(
    value: JsonValue, path: NamePath
) -> Iterator[tuple[JsonObject | list[JsonValue], str | int, NamePath]]:
    if isinstance(value, dict):
        for name in list(value):
            yield from _members(value[name], (*path, name))
            yield value, name, (*path, name)
    elif isinstance(value, list):
        for index in range(len(value)):
            yield from _members(value[index], (*path, None))
            yield value, index, (*path, None)


def _refill(
    holder: JsonObject | list[JsonValue], whole: JsonObject | list[JsonValue]
) -> None:
    """Make *holder* what it was, the order of its names included."""
    holder.clear()
    if isinstance(holder, dict) and isinstance(whole, dict):
        holder.update(whole)
    elif isinstance(holder, list):
        holder.extend(whole)


def recording(value: JsonValue, found: set[NamePath], path: NamePath = ()) -> JsonValue:
    """Return *value* as dicts and lists that note in *found* what is read of them."""
    if isinstance(value, dict):
        return _RecordingDict(value, found, path)
    if isinstance(value, list):
        return _RecordingList(value, found, path)
    return value


class _RecordingDict(dict[str, JsonValue]):
    def __init__(
        self, members: dict[str, JsonValue], found: set[NamePath], path: NamePath
    ) -> None:
        super().__init__(
            {
                name: recording(member, found, (*path, name))
                for name, member in members.items()
            }
        )
        self._found, self._path = found, path

    def __getitem__(self, name: str) -> JsonValue:
        self._found.add((*self._path, name))
        return super().__getitem__(name)


class _RecordingList(list[JsonValue]):
    def __init__(
        self, items: list[JsonValue], found: set[NamePath], path: NamePath
    ) -> None:
        super().__init__(recording(item, found, (*path, None)) for item in items)
        self._found, self._path = found, path

    def __iter__(self) -> Iterator[JsonValue]:
        self._found.add(self._path)
        return super().__iter__()


def _leads_to(meaning: NamePath, path: NamePath, *, deeper: float) -> bool:
    """Whether *meaning* is the value at *path*, or lies in it, or holds it."""
    if meaning == (None,):
        return True
    agrees = all(
        one is None or other is None or one == other
        for one, other in zip(meaning, path, strict=False)
    )
    return agrees and len(path) - len(meaning) <= deeper


def _read(read: Read) -> str:
    parts = [read.use.value, _meanings(read.path, read.otherwise)]
    parts += [f"| {function}" for function in read.through]
    if read.has_default:
        parts.append("or nothing")
    return " ".join(parts) + _condition(read.guards)


def _branch(branch: Branch) -> str:
    return f"{branch.at.line}:{branch.at.column}{_condition(branch.guards)}"


def _inclusion(inclusion: Inclusion) -> str:
    return f"{inclusion.name or '?'}{_condition(inclusion.guards)}"


def _condition(guards: tuple[Guard, ...]) -> str:
    return " if " + ", ".join(map(_guard, guards)) if guards else ""


def _guard(guard: Guard) -> str:
    path = _meanings(guard.path, guard.otherwise)
    match guard.test:
        case Test.TRUTH:
            asked = path if guard.path else f"{guard.constant!r}"
        case Test.PRESENCE:
            asked = f"{path} is there"
        case Test.EQUALITY:
            asked = f"{path} is {guard.constant!r}"
    return asked if guard.holds else f"not {asked}"


def _meanings(path: NamePath, otherwise: tuple[NamePath, ...]) -> str:
    return " or ".join(map(_path, (path, *otherwise)))


def _path(path: NamePath) -> str:
    return ".".join("[]" if part is None else part for part in path) or "$"
