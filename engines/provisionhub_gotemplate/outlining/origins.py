"""Where in the data a term's value comes from, as far as that can be told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Final, TypeAlias

from provisionhub.outline import ANYTHING, NamePath, Use

MAX_DEPTH: Final = 64
"""How deep in the data a value is followed; below, it may be anything."""

MAX_ORIGINS: Final = 32
"""How many values a variable may hold; if there are more, it may hold anything."""

MAX_FUNCTIONS: Final = 32
"""How many functions a value is known to have passed; the last ones count."""


class Absence(IntEnum):
    """What becomes of a value that is not there."""

    ERROR = 0
    """Looking it up fails."""
    NIL = 1
    """It is nil: false in conditions, and ``<no value>`` where it is printed."""
    PROVIDED = 2
    """Something else stands for it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """One value of the data that a term's value may be, or be made from.

    Attributes:
        path: That value.
        absence: What is if it is not there.
        through: The functions that it has passed.
        is_made: The term's value is made from it, and has nothing of it below.
    """

    path: NamePath
    absence: Absence = Absence.ERROR
    through: tuple[str, ...] = ()
    is_made: bool = False

    def step(self, name: str | None, absence: Absence) -> Origin:
        """Return the origin of the member *name*; None is any."""
        if self.path == ANYTHING or len(self.path) == MAX_DEPTH:
            return Origin(ANYTHING, absence)
        return Origin((*self.path, name), absence)


@dataclass(slots=True, eq=False)
class Shape:
    """A dictionary or list that the template itself makes.

    Attributes:
        members: What its members come from; under None, those of which the name is
            not known, or the items of a list.
    """

    members: dict[str | None, Origins] = field(default_factory=dict)

    def add(self, name: str | None, origins: Origins) -> None:
        """Let the member *name* come from *origins*, too."""
        self.members[name] = merged(self.members.get(name, ()), origins)

    def step(self, name: str | None) -> Origins:
        """Return what the member *name* comes from; None is any."""
        if name is None:
            return merged(*self.members.values())
        return merged(self.members.get(name, ()), self.members.get(None, ()))


Origins: TypeAlias = tuple[Origin | Shape, ...]
"""What a value may come from; empty if it is from the template itself."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What becomes of a term's value.

    Attributes:
        use: As the outline has it; None if only something below it is used.
        is_provided: If it is nil, something else stands for it.
        through: The functions that it passes next.
    """

    use: Use | None
    is_provided: bool = False
    through: tuple[str, ...] = ()

    def via(self, name: str, *, use: Use | None = None) -> Usage:
        """Return the usage of what is given to the function *name*."""
        through = (name, *self.through)
        return replace(self, use=use or self.use or Use.COMPARED, through=through)


STEP = Usage(None)
PRINTED = Usage(Use.PRINTED)
TESTED = Usage(Use.TESTED)
COMPARED = Usage(Use.COMPARED)
LOOPED = Usage(Use.LOOPED)
PASSED = Usage(Use.PASSED)
BOUND = Usage(Use.BOUND)


@dataclass(slots=True, eq=False)
class Scope:
    """Variables, and what they hold.

    Attributes:
        dot: What ``.`` is.
        outer: Where a variable is looked for that is not here.
        names: The variables declared here.
        is_loop: What is inside is repeated.
    """

    dot: Origins
    outer: Scope | None = None
    names: dict[str, Origins] = field(default_factory=dict)
    is_loop: bool = False

    def around(self) -> Iterator[Scope]:
        """Yield this scope and those around it, innermost first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer

    def find(self, name: str) -> Origins:
        """Return what the variable *name* holds."""
        for scope in self.around():
            if name in scope.names:
                return scope.names[name]
        return ()

    def assign(self, name: str, origins: Origins) -> None:
        """Let the variable *name* hold *origins* from now on, or what it held."""
        for scope in self.around():
            if name in scope.names:
                scope.names[name] = merged(scope.names[name], origins)

    @property
    def repeats(self) -> bool:
        """Whether what is here is inside a loop."""
        return any(scope.is_loop for scope in self.around())


def merged(*several: Origins) -> Origins:
    """Return the origins of what has one of *several*, values decide which."""
    origins = tuple(dict.fromkeys(origin for each in several for origin in each))
    return origins if len(origins) <= MAX_ORIGINS else (Origin(ANYTHING),)


def stepped(origins: Origins, name: str | None, absence: Absence) -> Origins:
    """Return what the member *name* of something from *origins* comes from."""
    found: list[Origin | Shape] = []
    for origin in origins:
        if isinstance(origin, Shape):
            found += origin.step(name)
        elif not origin.is_made:
            found.append(origin.step(name, absence))
    return merged(tuple(found))


def passing(origins: Origins, name: str, *, is_made: bool = True) -> Origins:
    """Return the origins of what the function *name* makes of something."""
    return tuple(
        replace(
            origin,
            through=(*origin.through, name)[-MAX_FUNCTIONS:],
            is_made=is_made or origin.is_made,
        )
        for origin in origins
        if isinstance(origin, Origin)
    )


def provided(origins: Origins) -> Origins:
    """Return *origins*, something standing in for those that may be nil."""
    return tuple(
        replace(origin, absence=Absence.PROVIDED)
        if isinstance(origin, Origin) and origin.absence is Absence.NIL
        else origin
        for origin in origins
    )
