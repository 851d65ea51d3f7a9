"""What a template reads, written down the same way by every engine.

An outline is made without values: it is what ``provisionhub lint`` holds against a
blueprint's schema. An engine that gives one has a method ``outline`` beside
``compile``; one that has none is linted for its syntax only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol, TypeAlias, runtime_checkable

from provisionhub.errors import LimitExceededError
from provisionhub.jsontypes import JsonValue
from provisionhub.source import Location

NamePath: TypeAlias = tuple[str | None, ...]
"""Where a value stands in the context, from its root: ``("Values", "port")``.

``None`` is an element whose name or index is known only with values: one of a loop,
or one that an expression picks. The empty path is the whole context.
"""

ANYTHING: Final[NamePath] = (None,)
"""A value of the context of which can't be told where it stands, or how deep."""

MAX_STEPS: Final = 500_000
"""Tags and parts of expressions that an outline takes in, partials counted each time
that they are included."""


class Use(StrEnum):
    """What a template does with a value that it reads."""

    PRINTED = "printed"
    """It is written into the text, maybe through functions or filters; and if it is
    an object or a list, all below it is."""
    TESTED = "tested"
    """Only its truth or its presence counts: ``if``, ``is defined``. So does a section
    of Mustache, which may loop over the value as well, or look names up in it."""
    COMPARED = "compared"
    """It is held against another value, or decides in another way: which partial is
    included, which element is picked."""
    LOOPED = "looped"
    """Its elements are gone through."""
    PASSED = "passed"
    """It is given away as a whole, such as an argument: all below it may be read."""
    BOUND = "bound"
    """It gets another name: a variable's, a parameter's, Go's dot. What is read by that
    name is a read of its own."""


class Test(StrEnum):
    """What a guard asks of a value."""

    TRUTH = "truth"
    """Whether it is true, in the engine's sense."""
    PRESENCE = "presence"
    """Whether it is there at all, such as Jinja2's ``is defined``."""
    EQUALITY = "equality"
    """Whether it equals a constant."""


@dataclass(frozen=True, slots=True)
class Guard:
    """One condition that has to hold for a part of a template to be rendered.

    Parts behind ``and`` are guards of their own. A condition that can't be said in
    these terms (``or``, calls, two names) gives no guard: a reader must take the
    guards of a part as necessary, never as sufficient.

    Attributes:
        path: The value that is asked; empty with ``test`` ``TRUTH`` where the
            condition is a constant, which ``constant`` then gives. A loop's body has
            the guard that what it loops over is true, which means not empty.
        at: The condition's place.
        test: What is asked of it.
        holds: Whether the answer has to be yes; no behind ``else`` or ``not``.
        constant: What it is compared with, for ``EQUALITY``.
        otherwise: Other paths that the name may mean; see ``Read``.
    """

    path: NamePath
    at: Location
    test: Test = Test.TRUTH
    holds: bool = True
    constant: JsonValue = None
    otherwise: tuple[NamePath, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """One place at which a template reads a value of its context.

    Attributes:
        path: Which value.
        at: The name's place, in the template or in a partial that it includes.
        use: What becomes of it.
        guards: What has to hold for the place to be reached, outermost first, those
            around the partial's inclusion before those in it.
        has_default: Whether its absence is no error here, and provided for: by
            ``default``, by asking whether it is there, by a language (sections) or
            an option of the engine that takes what is missing for nothing. Whether
            what holds the value may be absent as well, is the language's affair.
        through: The functions or filters that the value passes, in their order.
        otherwise: Where a language looks through several contexts (Mustache), the
            other values that the name means if ``path`` is not there, in order. A
            name with dots is looked for by its first part. The last may be
            ``ANYTHING``, where there are too many.
    """

    path: NamePath
    at: Location
    use: Use
    guards: tuple[Guard, ...] = ()
    has_default: bool = False
    through: tuple[str, ...] = ()
    otherwise: tuple[NamePath, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """A part of a template that is rendered under a condition, ``else`` included.

    Attributes:
        at: Where it begins: its ``if``, ``else if``, ``else``, loop or section.
        guards: What has to hold, its own condition last.
    """

    at: Location
    guards: tuple[Guard, ...]


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A place at which a template includes another.

    Attributes:
        name: The key in ``partials`` that it means, or the name as it is written if
            that means none; ``None`` where the name is computed, so that any partial
            may be meant.
        at: The name's place.
        guards: What has to hold for the place to be reached.
    """

    name: str | None
    at: Location
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """What a template reads and includes, its partials' share among it.

    Attributes:
        reads: Every read, in the order in which the text has them.
        branches: Every part that is rendered under a condition.
        inclusions: Every inclusion, those in partials too.
        condition: Of a text that is one printed expression and blanks, such as a
            ``when``: what has to hold for the expression to be true. ``None`` of any
            other text.
    """

    reads: tuple[Read, ...] = ()
    branches: tuple[Branch, ...] = ()
    inclusions: tuple[Inclusion, ...] = ()
    condition: tuple[Guard, ...] | None = None


NOTHING: Final = Outline()
"""The outline of a text without tags."""


@runtime_checkable
class Outlines(Protocol):
    """What an engine has that can be asked what a template reads.

    An engine whose loops take more than lists and objects says so by an attribute
    ``loops_over``: the names of all types of JSON Schema that they take.
    """

    def outline(self, text: str, *, name: str, partials: Mapping[str, str]) -> Outline:
        """Return what *text* reads, without rendering it.

        What can't be parsed has no outline. Whether filters and functions exist, and
        whatever else may be wrong, is for ``compile`` to tell.

        Partials that it includes by a constant name are followed, each with the
        context that it is given. One that includes itself is followed once: what it
        is given the second time, and what one with a computed name is given, is
        ``PASSED``. Whatever rendering reads is among the reads, whatever the values.

        Args:
            text: The template's source.
            name: The file's name, for places.
            partials: As for ``compile``; a place in one bears its key as the file.

        Raises:
            TemplateSyntaxError: With the place in *text* (or in the partial).
            LimitExceededError: If that takes more than is allowed.
        """
        ...


class Draft:
    """An outline in the making, for engines that walk through a tree.

    Attributes:
        guards: What has to hold for the place to be reached where the walk is now.
    """

    def __init__(self) -> None:
        self.guards: tuple[Guard, ...] = ()
        self._reads: list[Read] = []
        self._branches: list[Branch] = []
        self._inclusions: list[Inclusion] = []
        self._steps = MAX_STEPS

    def read(  # noqa: PLR0913 - the members of a ``Read``
        self,
        path: NamePath,
        at: Location,
        use: Use,
        *,
        has_default: bool = False,
        through: tuple[str, ...] = (),
        otherwise: tuple[NamePath, ...] = (),
    ) -> None:
        """Note a read, under the guards of now."""
        self.spend(1 + len(otherwise), at)
        self._reads.append(
            Read(path, at, use, self.guards, has_default, through, otherwise)
        )

    def include(self, name: str | None, at: Location) -> None:
        """Note an inclusion, under the guards of now."""
        self._inclusions.append(Inclusion(name, at, self.guards))

    @contextmanager
    def branch(self, at: Location, guards: tuple[Guard, ...]) -> Iterator[None]:
        """Note a branch; what is noted inside is noted under *guards*, too."""
        with self.under(guards):
            self._branches.append(Branch(at, self.guards))
            yield

    @contextmanager
    def under(self, guards: tuple[Guard, ...]) -> Iterator[None]:
        """Note what is noted inside under *guards*, too."""
        outer = self.guards
        if guards:
            self.guards = (*outer, *guards)
            self.spend(len(self.guards), None)
        try:
            yield
        finally:
            self.guards = outer

    def spend(self, steps: int, at: Location | None) -> None:
        """Count *steps* of the walk: tags and parts of expressions.

        Partials that double each other make more of them than anyone can count.

        Raises:
            LimitExceededError: If they are more than ``MAX_STEPS`` altogether.
        """
        self._steps -= steps
        if self._steps < 0:
            raise LimitExceededError(
                f"the template reads too much: more than {MAX_STEPS} steps",
                limit="outline.steps",
                allowed=MAX_STEPS,
                at=at,
                hint="do partials include one another again and again?",
            )

    def finish(self) -> Outline:
        """Return the outline."""
        return Outline(
            tuple(self._reads), tuple(self._branches), tuple(self._inclusions)
        )
