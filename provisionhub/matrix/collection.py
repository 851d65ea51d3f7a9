"""The cases found so far, each once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from provisionhub.jsontypes import JsonObject
from provisionhub.matrix.case import Case, Matrix
from provisionhub.values.equality import canonical

_LONGEST: Final = 100


class FullError(Exception):
    """There are as many cases as there may be."""


@dataclass(slots=True)
class Collection:
    """Cases, each with values and a name of its own.

    Attributes:
        most: How many there may be.
        cases: Those that there are.
        filled: Their values with defaults, and those of examples before them.
        missed: What no case covers.
    """

    most: int
    cases: list[Case] = field(default_factory=list)
    filled: list[JsonObject] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)
    _names: set[str] = field(default_factory=set)

    def note(self, filled: JsonObject) -> None:
        """Take note of values that an example has already."""
        self._known.add(canonical(filled))
        self.filled.append(filled)

    def add(self, name: str, values: JsonObject, filled: JsonObject) -> None:
        """Add a case, unless its values (*filled* with defaults) are known.

        Raises:
            FullError: If there are as many as there may be.
        """
        if canonical(filled) in self._known:
            return
        if len(self.cases) >= self.most:
            raise FullError
        self.note(filled)
        self.cases.append(Case(self._own_name(name), values))

    def miss(self, what: str) -> None:
        """Take note of something that no case covers."""
        if what not in self.missed:
            self.missed.append(what)

    def matrix(self) -> Matrix:
        """Return all cases."""
        return Matrix(tuple(self.cases), tuple(self.missed))

    def _own_name(self, name: str) -> str:
        short = name if len(name) <= _LONGEST else name[: _LONGEST - 3] + "..."
        own, number = short, 1
        while own in self._names:
            number += 1
            own = f"{short} #{number}"
        self._names.add(own)
        return own
