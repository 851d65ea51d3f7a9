"""What a template reads, written down the same way by every engine.

An outline is made without values: it is what ``provisionhub lint`` holds against a
blueprint's schema. An engine that gives one has a method ``outline`` beside
``compile``; one that has none is linted for its syntax only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol, TypeAlias, runtime_checkable

from provisionhub.jsontypes import JsonValue
from provisionhub.source import Location

NamePath: TypeAlias = tuple[str | None, ...]
"""Where a value stands in the context, from its root: ``("Values", "port")``.

``None`` is an element whose name or index is known only with values: one of a loop,
or one that an expression picks. The empty path is the whole context.
"""


class Use(StrEnum):
    """What a template does with a value that it reads."""

    PRINTED = "printed"
    """It is written into the text, maybe through functions or filters."""
    TESTED = "tested"
    """Only its truth counts: ``if``, a section, ``is defined``."""
    COMPARED = "compared"
    """It is held against another value, or is part of a larger condition."""
    LOOPED = "looped"
    """Its elements are gone through."""
    PASSED = "passed"
    """It is given away as a whole, such as an argument: all below it may be read."""


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
            condition is a constant, which ``constant`` then gives.
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
        has_default: Whether its absence is provided for where it is read, such as by
            ``default``.
        through: The functions or filters that the value passes, in their order.
        otherwise: Where a language looks through several contexts (Mustache), the
            other values that the name means if ``path`` is not there, in order.
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
        name: The key in ``partials`` that it means; ``None`` where the name is
            computed, so that any partial may be meant.
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
    """

    reads: tuple[Read, ...] = ()
    branches: tuple[Branch, ...] = ()
    inclusions: tuple[Inclusion, ...] = ()


NOTHING: Final = Outline()
"""The outline of a text without tags."""


@runtime_checkable
class Outlines(Protocol):
    """What an engine has that can be asked what a template reads."""

    def outline(self, text: str, *, name: str, partials: Mapping[str, str]) -> Outline:
        """Return what *text* reads, without rendering it.

        Partials that it includes by a constant name are followed, each with the
        context that it is given; one that includes itself is followed once.

        Args:
            text: The template's source.
            name: The file's name, for places.
            partials: As for ``compile``; a place in one bears its key as the file.

        Raises:
            TemplateSyntaxError: With the place in *text* (or in the partial).
            LimitExceededError: If that takes more than is allowed.
        """
        ...
