"""What compiled code calls where one expression of Python is not enough."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Final, NoReturn, TypeVar

from provisionhub_gotemplate.budget import Budget
from provisionhub_gotemplate.fmt import sorted_keys
from provisionhub_gotemplate.values import (
    MISSING,
    Integer,
    Interface,
    Map,
    Slice,
    go_type,
)

_Item = TypeVar("_Item")

MAX_DEPTH: Final = 40
"""Templates inside each other, each a frame of Python's stack."""

_SMALL_LOOP: Final = 16
"""Turns of a loop after which the output is measured."""


class Bail(Exception):  # noqa: N818 - no error: the executor takes over
    """The compiled code does not know what to do here."""


def bail(*_: object) -> NoReturn:
    """Give up."""
    raise Bail


class Run:
    """One run of compiled code.

    Args:
        budget: What it may spend.

    Attributes:
        output: What is written so far.
    """

    __slots__ = ("_budget", "_measured", "output")

    def __init__(self, budget: Budget) -> None:
        self.output: list[str] = []
        self._budget = budget
        self._measured = 0

    def spend(self, steps: int) -> None:
        """Count turns of a loop that is about to start."""
        self._budget.steps -= steps
        if self._budget.steps < 0:
            raise Bail
        if len(self.output) - self._measured > _SMALL_LOOP:
            self.measure()

    def measure(self) -> None:
        """Give up if too much is written."""
        self._budget.characters -= sum(map(len, self.output[self._measured :]))
        self._measured = len(self.output)
        if self._budget.characters < 0:
            raise Bail


def elements(value: object, run: Run) -> Iterable[object]:
    """Return what ``range`` goes through, false if that is nothing."""
    if type(value) is list or type(value) is Slice:
        items: Iterable[object] = value
        count = len(value)
    elif type(value) is dict or type(value) is Map:
        items = [value[key] for key in sorted_keys(value)]
        count = len(value)
    elif type(value) is int or isinstance(value, Integer):
        count = max(0, value)
        items = range(count) if type(value) is int else map(type(value), range(count))
        if not count:
            return ()
    else:
        return _nothing(value)
    run.spend(count)
    return items if count <= _SMALL_LOOP else _measured(items, run)


def entries(value: object, run: Run) -> Iterable[tuple[object, object]]:
    """Return what ``range`` with two variables goes through."""
    if type(value) is list or type(value) is Slice:
        count = len(value)
        items: Iterable[tuple[object, object]] = enumerate(value)
    elif type(value) is dict or type(value) is Map:
        count = len(value)
        items = [(key, value[key]) for key in sorted_keys(value)]
    else:
        return _nothing(value)
    if not count:
        return ()
    run.spend(count)
    return items if count <= _SMALL_LOOP else _measured(items, run)


def _nothing(value: object) -> tuple[()]:
    if value is None or value is MISSING:
        return ()
    raise Bail


def _measured(items: Iterable[_Item], run: Run) -> Iterator[_Item]:
    for count, item in enumerate(items, start=1):
        yield item
        if count % _SMALL_LOOP == 0:
            run.measure()


def descend(depth: int) -> None:
    """Check the depth of templates inside each other."""
    if depth > MAX_DEPTH:
        raise Bail


def field(value: object, name: str) -> object:
    """Return a field of *value*, ``MISSING`` if it lacks it or is missing itself."""
    if type(value) is dict:
        return value.get(name, MISSING)
    if value is MISSING:
        return MISSING
    raise Bail


def nil(value: object) -> object:
    """Return *value* as an argument: what is missing is nil."""
    return None if value is MISSING else value


def typed(value: object, name: str) -> object:
    """Return *value* if it is of the type called *name*."""
    if value is None or value is MISSING or go_type(value) != name:
        raise Bail
    return value


def plain(value: object) -> object:
    """Return what a function returned as the end of a pipeline has it."""
    return value.value if type(value) is Interface else value


@cache
def guarded(builtin: Callable[..., object]) -> Callable[..., object]:
    """Return a builtin function that bails out for nil, of which there are two kinds.

    Go's executor tells a missing value from a nil one, and this code does not.
    """

    def call(*values: object) -> object:
        for value in values:
            if value is None or value is MISSING:
                raise Bail
        return builtin(*values)

    return call
