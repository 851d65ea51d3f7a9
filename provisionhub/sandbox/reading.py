"""Reads what a locked process answered, believing nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.sandbox.frames import BrokenFrameError

T = TypeVar("T")

_LARGEST: Final = 2**53


@dataclass(frozen=True, slots=True)
class Reader:
    """Takes the members of an answer, each of the one type that it may have.

    Every method raises ``BrokenFrameError`` if the member is missing or otherwise.

    Attributes:
        said: The answer.
    """

    said: JsonValue

    def get(self, name: str) -> JsonValue:
        """Return the member *name*, of any type."""
        return self.object().get(name)

    def object(self) -> JsonObject:
        """Return the answer, which must be an object."""
        if not isinstance(self.said, dict):
            raise self.broken("something else than an object")
        return self.said

    def text(self, name: str) -> str:
        """Return the text *name*."""
        value = self.get(name)
        if not isinstance(value, str):
            raise self.broken(f"a `{name}` that is no text")
        return value

    def optional_text(self, name: str) -> str | None:
        """Return the text *name*, or None."""
        return None if self.get(name) is None else self.text(name)

    def flag(self, name: str) -> bool:
        """Return the truth value *name*."""
        value = self.get(name)
        if not isinstance(value, bool):
            raise self.broken(f"a `{name}` that is neither true nor false")
        return value

    def count(self, name: str, *, most: int = _LARGEST) -> int:
        """Return the whole number *name*, from 0 to *most*."""
        value = self.get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.broken(f"a `{name}` that is no whole number")
        if not 0 <= value <= most:
            raise self.broken(f"a `{name}` out of bounds")
        return value

    def items(self, name: str, *, most: int) -> list[JsonValue]:
        """Return the array *name*, which may hold *most* items."""
        value = self.get(name)
        if not isinstance(value, list) or len(value) > most:
            raise self.broken(f"a `{name}` that is no array, or too long")
        return value

    def texts(self, name: str, *, most: int) -> list[str]:
        """Return the array of texts *name*, which may hold *most*."""
        return [self._as_text(item) for item in self.items(name, most=most)]

    def counts(self, name: str, *, most: int, below: int) -> list[int]:
        """Return the array *name* of at most *most* whole numbers from 0, in bounds.

        Args:
            name: The array's.
            most: How many it may hold.
            below: What each must be less than.
        """
        counted = []
        for item in self.items(name, most=most):
            if isinstance(item, bool) or not isinstance(item, int):
                raise self.broken("an item that is no whole number")
            if not 0 <= item < below:
                raise self.broken("an item out of bounds")
            counted.append(item)
        return counted

    def each(self, name: str, read: Callable[[Reader], T], *, most: int) -> list[T]:
        """Return what *read* makes of each item of the array *name*."""
        return [read(Reader(item)) for item in self.items(name, most=most)]

    def child(self, name: str) -> JsonObject:
        """Return the object *name*."""
        return Reader(self.get(name)).object()

    def broken(self, what: str) -> BrokenFrameError:
        """Return the error that an answer holds *what*."""
        return BrokenFrameError(what)

    def _as_text(self, item: JsonValue) -> str:
        if not isinstance(item, str):
            raise self.broken("an item that is no text")
        return item
