"""Where in the context the value of an expression comes from, as far as can be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from jinja2 import nodes

from provisionhub.outline import ANYTHING, NamePath, Use
from provisionhub_jinja.outlining.places import Places
from provisionhub_jinja.runtime import GLOBALS

MAX_DEPTH: Final = 64
"""How deep in the context a value is followed; below, it may be anything."""

MAX_ORIGINS: Final = 32
"""How many values a name may mean; if there are more, it may mean anything."""


@dataclass(frozen=True, slots=True)
class Origin:
    """One value of the context that an expression's value may be, or be made from.

    Attributes:
        path: That value.
        has_default: Something else stands for it if it is absent.
        through: The filters that it has passed.
        is_made: The expression's value is made from it, and has nothing of it below.
    """

    path: NamePath
    has_default: bool = False
    through: tuple[str, ...] = ()
    is_made: bool = False

    def step(self, name: str | None) -> Origin:
        """Return the origin of the member *name*; None is any."""
        if self.path == ANYTHING or len(self.path) == MAX_DEPTH:
            return Origin(ANYTHING)
        return Origin((*self.path, name))


Origins: TypeAlias = tuple[Origin, ...]
"""What a value may come from; empty if it is from the template itself."""

ROOT: Origins = (Origin(()),)


@dataclass(frozen=True, slots=True)
class Usage:
    """What becomes of an expression's value.

    Attributes:
        use: As the outline has it; None if only something below it is used.
        has_default: Its absence is provided for.
        through: The filters that it passes next.
    """

    use: Use | None
    has_default: bool = False
    through: tuple[str, ...] = ()

    @property
    def whole(self) -> Usage:
        """The same, of a value that is looked through as a whole on the way."""
        is_plain = self.use in (Use.PRINTED, Use.COMPARED, Use.TESTED)
        return self if is_plain else replace(self, use=Use.PASSED)


STEP = Usage(None)
PRINTED = Usage(Use.PRINTED)
TESTED = Usage(Use.TESTED)
COMPARED = Usage(Use.COMPARED)
LOOPED = Usage(Use.LOOPED)
PASSED = Usage(Use.PASSED)
BOUND = Usage(Use.BOUND)


@dataclass(frozen=True, slots=True, eq=False)
class Closure:
    """A macro, or the body of a ``call`` block: what it says, and where.

    Attributes:
        node: Its parameters and body.
        scope: The names around it.
        text: The template in which it stands.
    """

    node: nodes.Macro | nodes.CallBlock
    scope: Scope
    text: Text


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """What has names of its own: an imported template, or the ``loop`` of a loop."""

    names: Mapping[str, Binding]


Binding: TypeAlias = Origins | Closure | Bundle


@dataclass(slots=True, eq=False)
class Scope:
    """Names and what they are bound to.

    Attributes:
        outer: Where a name is looked for that is not here.
        names: The bindings.
        has_context: Without an outer scope, names are the context's.
    """

    outer: Scope | None = None
    names: dict[str, Binding] = field(default_factory=dict)
    has_context: bool = True

    def find(self, name: str) -> Binding:
        """Return what *name* means here."""
        scope: Scope | None = self
        has_context = self.has_context
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            has_context = scope.has_context
            scope = scope.outer
        if not has_context or name in GLOBALS:
            return ()
        return (Origin((name,)),)

    @property
    def top(self) -> Scope:
        """The outermost scope: the context itself, or nothing of it."""
        return self if self.outer is None else self.outer.top


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A template that is walked through.

    Attributes:
        places: Where its words stand.
        tree: Its nodes.
    """

    places: Places
    tree: nodes.Template


def merged(*bindings: Binding) -> Binding:
    """Return the binding of a name that has one of *bindings*, values decide which."""
    origins: dict[Origin, None] = {}
    for binding in bindings:
        if not isinstance(binding, tuple):
            return binding
        origins.update(dict.fromkeys(binding))
    return tuple(origins) if len(origins) <= MAX_ORIGINS else (Origin(ANYTHING),)
