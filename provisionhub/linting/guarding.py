"""Whether what has to hold for a place to be reached makes sure of a value."""

from __future__ import annotations

from collections.abc import Iterable

from provisionhub.outline import Guard, NamePath, Read, Test


def is_guarded(read: Read, path: NamePath) -> bool:
    """Tell whether the guards of *read* make sure that *path* is there."""
    return assured_length(read.guards, path) == len(path)


def assured_length(guards: Iterable[Guard], path: NamePath) -> int:
    """Return how many of the first steps of *path* the *guards* make sure of."""
    meant = (each for guard in guards if _assures(guard) for each in _paths(guard))
    return max((common_length(each, path) for each in meant), default=0)


def _assures(guard: Guard) -> bool:
    if guard.test is Test.EQUALITY:
        return guard.holds and guard.constant is not None
    return guard.holds


def _paths(guard: Guard) -> tuple[NamePath, ...]:
    return (guard.path, *guard.otherwise)


def common_length(first: NamePath, second: NamePath) -> int:
    """Return how many steps *first* and *second* have in common from the root."""
    for length, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            return length
    return min(len(first), len(second))
