"""Sprig's runs of integers: ``until``, ``untilStep`` and ``seq``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from provisionhub_gotemplate.functions import Function, function
from provisionhub_gotemplate.sprig.limits import spend_items
from provisionhub_gotemplate.values import Slice


def until(count: int) -> Slice:
    """Return the integers from 0 up or down to *count*, without it."""
    return until_step(0, count, -1 if count < 0 else 1)


def until_step(start: int, stop: int, step: int) -> Slice:
    """Return the integers from *start* to *stop*, without it."""
    return Slice("int", _run(start, stop, step))


def seq(*bounds: int) -> str:
    """Return a run of integers as text, like the program ``seq``.

    Args:
        bounds: The last; or the first and the last; or the first, the step and the
            last, which are all in the run.
    """
    match bounds:
        case (last,):
            return _listed(_run_through(1, last, -1 if last < 1 else 1))
        case (first, last):
            return _listed(_run_through(first, last, -1 if last < first else 1))
        case (first, step, last) if last >= first or step <= 0:
            return _listed(_run(first, last + (-1 if last < first else 1), step))
        case _:
            return ""


def _run_through(first: int, last: int, step: int) -> range:
    return _run(first, last + step, step)


def _run(start: int, stop: int, step: int) -> range:
    numbers = range(0)
    if (stop < start and step < 0) or (stop >= start and step > 0):
        numbers = range(start, stop, step)
        spend_items(_length(numbers))
    return numbers


def _length(numbers: range) -> int:
    """Return how long a run is that may be too long for ``len``."""
    return max(0, (numbers.stop - numbers.start) // numbers.step)


def _listed(numbers: Sequence[int]) -> str:
    return " ".join(map(str, numbers))


COUNTING: Final[Mapping[str, Function]] = {
    "until": function(until, "func(int) []int"),
    "untilStep": function(until_step, "func(int, int, int) []int"),
    "seq": function(seq, "func(...int) string"),
}
"""The functions, by their names in templates."""
