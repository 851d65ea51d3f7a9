"""What a regular expression is made of, as far as texts are made from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Final, TypeAlias

from provisionhub.values.patterns import matches

_PLAIN: Final = "abcxyz059AZ_-. "
_ODD: Final = "/:@,;=+!?#%&*'\"`\\()[]{}<>|~^$éß漢🎉\t\n"


@dataclass(frozen=True)
class OneOf:
    """One character of some: a letter, an escape, a class or a dot.

    Attributes:
        source: How the pattern writes it; what is one of them, its engine tells.
        hints: Characters that stand in the source.
    """

    source: str
    hints: str = ""

    least: Final = 1
    most: Final = 1.0

    @cached_property
    def characters(self) -> str:
        """Some of them, plain ones first; empty if none is known."""
        if len(self.source) == 1 and self.source != ".":
            return self.source
        whole = f"^(?:{self.source})$"
        tried = dict.fromkeys(_PLAIN + self.hints + _ODD)
        return "".join(each for each in tried if matches(whole, each))


@dataclass(frozen=True)
class Nothing:
    """What takes no character: an anchor, or a look ahead or behind."""

    least: Final = 0
    most: Final = 0.0


@dataclass(frozen=True)
class Sequence:
    """One part after another."""

    parts: tuple[Node, ...]

    @cached_property
    def least(self) -> int:
        """How many characters it takes at least."""
        return sum(part.least for part in self.parts)

    @cached_property
    def most(self) -> float:
        """How many characters it takes at most."""
        return sum(part.most for part in self.parts)


@dataclass(frozen=True)
class Either:
    """One of several parts."""

    parts: tuple[Node, ...]

    @cached_property
    def least(self) -> int:
        """How many characters it takes at least."""
        return min(part.least for part in self.parts)

    @cached_property
    def most(self) -> float:
        """How many characters it takes at most."""
        return max(part.most for part in self.parts)


@dataclass(frozen=True)
class Repeat:
    """A part, so many times."""

    part: Node
    fewest: int
    many: float

    @cached_property
    def least(self) -> int:
        """How many characters it takes at least."""
        return self.part.least * self.fewest

    @cached_property
    def most(self) -> float:
        """How many characters it takes at most."""
        return self.part.most * self.many if self.part.most and self.many else 0.0


Node: TypeAlias = OneOf | Nothing | Sequence | Either | Repeat

UNBOUNDED: Final = inf
