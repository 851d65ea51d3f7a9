"""Bounds on what schema and values may ask for.

Ten lines of ``anyOf`` that refer to one another apply a schema two to the power
of ten times. Every walk over schema and values pays for its steps from a budget.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from provisionhub.errors import LimitExceededError
from provisionhub.jsontypes import JsonValue

DEEPEST: Final = 64
"""How many objects and arrays may stand in one another."""

_LONGEST_NUMBER: Final = 10_000
"""In bits; some 3000 digits."""

STEPS: Final = 200_000
"""Keywords applied to values: seconds of work, where ordinary jobs take hundreds."""


class Budget:
    """So many steps, and no more."""

    def __init__(self, steps: int = STEPS) -> None:
        self._allowed = steps
        self._left = steps

    def spend(self, steps: int = 1) -> None:
        """Take *steps* off.

        Raises:
            LimitExceededError: If that many are not left.
        """
        self._left -= steps
        if self._left < 0:
            raise LimitExceededError(
                "the schema asks for too much work on these values",
                limit="schema steps",
                allowed=self._allowed,
                hint="a schema that refers to itself in several places grows fast",
            )


@contextmanager
def bounded_recursion() -> Iterator[None]:
    """Turn Python's limit on recursion into an error of ours.

    A value 64 levels deep, and at each a chain of 64 references, is within all other
    bounds and beyond this one.

    Raises:
        LimitExceededError: If what is done within recurses too deeply.
    """
    try:
        yield
    except RecursionError:
        raise LimitExceededError(
            "schema and values are nested too deeply in one another",
            limit="schema depth",
            allowed="the interpreter's stack",
        ) from None


def fault(value: JsonValue) -> str | None:
    """Return why *value* can't be worked on: too deep, or not JSON after all."""
    level: list[JsonValue] = [value]
    for _ in range(DEEPEST + 1):
        if any(isinstance(each, float) and not math.isfinite(each) for each in level):
            return "holds a number that is not finite"
        if any(isinstance(each, int) and _is_endless(each) for each in level):
            return "holds a number of thousands of digits"
        if not all(_is_text(each) for each in level if isinstance(each, str)):
            return "holds half of a surrogate pair"
        level = [member for each in level for member in _members(each)]
    return f"is nested deeper than {DEEPEST}" if level else None


def _members(value: JsonValue) -> Iterable[JsonValue]:
    match value:
        case dict():
            return [*value, *value.values()]
        case list():
            return value
        case _:
            return ()


def _is_endless(number: int) -> bool:
    # Python itself refuses to write numbers beyond 4300 digits.
    return number.bit_length() > _LONGEST_NUMBER


def _is_text(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= each <= "\udfff" for each in text)
