"""Numbers at the edges of what is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Final

from provisionhub.matrix.facts import Facts, Number
from provisionhub.matrix.option import Kind, Option

_SMALL: Final = Fraction(1, 2)
_MOST: Final = 600


def number_options(facts: Facts, *, is_integer: bool) -> Iterator[Option]:
    """Yield a number at each bound, and some where there is none."""
    step = _step(facts, is_integer=is_integer)
    lowest, highest = _lowest(facts, step), _highest(facts, step)
    for bound, note in ((lowest, "minimum"), (highest, "maximum")):
        if bound is not None:
            yield _option(bound, note, is_integer=is_integer)
    base = _on_grid(lowest if lowest is not None else highest, step)
    if lowest is None and highest is None:
        for factor in (0, 1, -1):
            yield _option(factor * step, "", is_integer=is_integer)
    elif lowest is None or highest is None:
        away = step if highest is None else -step
        yield _option(base + away, "", is_integer=is_integer)
    if not is_integer and not facts.divisors and lowest is not None:
        yield _option(lowest + _SMALL, "a fraction", is_integer=False)


def _step(facts: Facts, *, is_integer: bool) -> Fraction:
    """Return what all of them are multiples of, or how far apart they are tried."""
    divisors = [*facts.divisors, *([Fraction(1)] if is_integer else [])]
    if not divisors:
        return _SMALL
    # The least common multiple of fractions in lowest terms.
    numerator = lcm(*(each.numerator for each in divisors))
    shared = divisors[0].denominator
    for each in divisors[1:]:
        shared = _common_divisor(shared, each.denominator)
    return Fraction(numerator, shared)


def _common_divisor(one: int, other: int) -> int:
    while other:
        one, other = other, one % other
    return one


def _lowest(facts: Facts, step: Fraction) -> Fraction | None:
    bounds = [
        _above(bound, step, keyword == "exclusiveMinimum", facts)
        for keyword, bound in facts.least.items()
        if keyword in {"minimum", "exclusiveMinimum"}
    ]
    return max(bounds, default=None)


def _highest(facts: Facts, step: Fraction) -> Fraction | None:
    bounds = [
        -_above(-bound, step, keyword == "exclusiveMaximum", facts)
        for keyword, bound in facts.most.items()
        if keyword in {"maximum", "exclusiveMaximum"}
    ]
    return min(bounds, default=None)


def _above(bound: Number, step: Fraction, is_exclusive: bool, facts: Facts) -> Fraction:  # noqa: FBT001
    """Return the least number that a lower bound allows."""
    exact = Fraction(repr(bound))
    if not facts.divisors and step == _SMALL:
        return exact + step if is_exclusive else exact
    times = exact / step
    return step * (floor(times) + 1 if is_exclusive else ceil(times))


def _on_grid(bound: Fraction | None, step: Fraction) -> Fraction:
    return step * 0 if bound is None else bound


def _option(number: Fraction, note: str, *, is_integer: bool) -> Option:
    whole = number.denominator == 1
    value: Number = int(number) if whole or is_integer else float(number)
    return Option(value, Kind.BOUND, note, is_named=bool(note))


def more_numbers(facts: Facts, *, is_integer: bool) -> Iterator[Number]:
    """Yield numbers that differ from one another, from a bound on or from nothing."""
    step = _step(facts, is_integer=is_integer)
    lowest, highest = _lowest(facts, step), _highest(facts, step)
    start, away = (lowest, step) if lowest is not None else (highest, -step)
    for turn in range(_MOST):
        number = (start or Fraction(0)) + away * turn
        if lowest is not None and highest is not None and number > highest:
            return
        yield int(number) if number.denominator == 1 else float(number)
