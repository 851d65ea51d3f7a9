"""What a value can still be where some conditions hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from provisionhub.jsontypes import JsonValue
from provisionhub.linting.context import Context, Meaning
from provisionhub.outline import Guard, Test
from provisionhub.values.equality import canonical

_EMPTY: Final[dict[str, JsonValue]] = {"string": "", "integer": 0, "array": []}


@dataclass(frozen=True, slots=True)
class Possible:
    """What a value can be.

    Attributes:
        absent: Whether it can be absent.
        listed: Which values it can have; None if they can't be listed.
        truths: Which truth a value that is not listed can have.
        accepts: Tells whether the schema accepts a value that is not listed.
    """

    absent: bool
    listed: tuple[JsonValue, ...] | None
    truths: frozenset[bool]
    accepts: Callable[[JsonValue], bool]

    @classmethod
    def of(cls, meaning: Meaning, context: Context) -> Possible:
        """Return what the value *meaning* can be by the schema alone."""
        path, declared = meaning
        domain = declared.domain

        def accepts(value: JsonValue) -> bool:
            return context.accepts(path, value)

        listed = domain.choices
        if listed is None and domain.types <= {"boolean", "null"}:
            known: dict[str, tuple[JsonValue, ...]] = {
                "boolean": (True, False),
                "null": (None,),
            }
            listed = tuple(each for name in domain.types for each in known[name])
        if listed is not None:
            listed = tuple(each for each in listed if accepts(each))
        truths = {True, not _can_be_false(domain.types, accepts)}
        absent = not declared.is_always_there
        return cls(absent, listed, frozenset(truths), accepts)

    @property
    def is_nothing(self) -> bool:
        """Whether it can be nothing at all: what was asked can't be."""
        rest = bool(self.truths) if self.listed is None else bool(self.listed)
        return not self.absent and not rest

    def where(self, guard: Guard) -> Possible:
        """Return what it can be where *guard*, which asks about it, holds."""
        match guard.test:
            case Test.TRUTH:
                return self._of_truth(holds=guard.holds)
            case Test.PRESENCE if guard.holds:
                return replace(self, absent=False)
            case Test.PRESENCE:
                return replace(self, listed=())
            case Test.EQUALITY if guard.holds:
                return self._only(guard.constant)
            case Test.EQUALITY:
                return self._without(guard.constant)

    def _of_truth(self, *, holds: bool) -> Possible:
        listed = self.listed
        if listed is not None:
            listed = tuple(each for each in listed if holds in truths_of(each))
        return replace(
            self,
            absent=self.absent and not holds,
            listed=listed,
            truths=self.truths & {holds},
        )

    def _only(self, constant: JsonValue) -> Possible:
        if self.listed is not None:
            listed = tuple(each for each in self.listed if _equal(each, constant))
        elif truths_of(constant) & self.truths and self.accepts(constant):
            listed = (constant,)
        else:
            listed = ()
        return replace(self, absent=False, listed=listed)

    def _without(self, constant: JsonValue) -> Possible:
        if self.listed is None:
            return self
        listed = tuple(each for each in self.listed if not _equal(each, constant))
        return replace(self, listed=listed)


def truths_of(value: JsonValue) -> frozenset[bool]:
    """Return whether languages take *value* for true; they differ about ``{}``."""
    if value == {} and isinstance(value, dict):
        return frozenset({True, False})
    return frozenset({bool(value)})


def _can_be_false(types: frozenset[str], accepts: Callable[[JsonValue], bool]) -> bool:
    if types & {"boolean", "null", "object"}:
        return True
    if "number" in types and accepts(0.0):
        return True
    return any(accepts(_EMPTY[name]) for name in types & _EMPTY.keys())


def _equal(first: JsonValue, second: JsonValue) -> bool:
    """Tell whether any language may take the two for equal: some say ``1 == true``."""
    if isinstance(first, int | float) and isinstance(second, int | float):
        return first == second
    return canonical(first) == canonical(second)
