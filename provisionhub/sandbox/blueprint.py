"""A blueprint of which this process knows facts only; the rest is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from provisionhub.blueprint import Blueprint, Example
from provisionhub.jsontypes import JsonObject
from provisionhub.matrix import MOST_CASES, Matrix
from provisionhub.source import Location
from provisionhub.values import Values


class Reads(Protocol):
    """What reads a blueprint's texts and runs its schema, in locked processes."""

    def accept(self, blueprint: Blueprint, values: JsonObject) -> Values:
        """Return *values* as the blueprint's schema accepts them."""
        ...

    def read_example(self, blueprint: Blueprint, key: str, path: str) -> Example:
        """Return the example in the blueprint's file at *path*."""
        ...

    def locate(self, blueprint: Blueprint, pointer: str) -> Location:
        """Return where in the manifest the value at JSON *pointer* stands."""
        ...

    def derive_cases(
        self, blueprint: Blueprint, *, most: int, odd_texts: bool
    ) -> Matrix:
        """Return cases derived from the blueprint's schema."""
        ...


@dataclass(frozen=True, slots=True)
class SandboxedBlueprint(Blueprint):
    """A blueprint whose texts are read and whose schema runs in locked processes.

    Attributes:
        sandbox: Where that is done.
    """

    sandbox: Reads = field(repr=False, compare=False)

    def locate(self, pointer: str) -> Location:
        """Return where in the manifest the value at JSON *pointer* stands."""
        return self.sandbox.locate(self, pointer)

    def accept(self, values: JsonObject) -> Values:
        """Return *values* with defaults filled in; raises as ``Blueprint``'s."""
        return self.sandbox.accept(self, values)

    def read_example(self, key: str, path: str) -> Example:
        """Return the example at *path*; raises as ``Blueprint``'s."""
        return self.sandbox.read_example(self, key, path)

    def derive_cases(self, *, most: int = MOST_CASES, odd_texts: bool = True) -> Matrix:
        """Return cases derived from the schema; raises as ``Blueprint``'s."""
        return self.sandbox.derive_cases(self, most=most, odd_texts=odd_texts)
