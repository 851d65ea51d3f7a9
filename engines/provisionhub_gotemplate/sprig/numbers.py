"""Sprig's arithmetic: integers of 64 bits that wrap around, and decimal fractions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.functions import Function, function
from provisionhub_gotemplate.sprig import panics
from provisionhub_gotemplate.sprig.casting import (
    int64,
    parse_integer,
    parse_nearest,
    to_float,
    to_integer,
    wrap64,
)
from provisionhub_gotemplate.sprig.printing import print_value
from provisionhub_gotemplate.values import Int64

_DIVISION_PLACES: Final = 16
"""Decimal places that the ``decimal`` package keeps of a quotient."""

_EXACT: Final = Context(prec=3000)
_QUOTIENT_DIGITS: Final = Decimal(1).scaleb(-_DIVISION_PLACES)

_Operation = Callable[[Decimal, Decimal], Decimal]


def add(*numbers: object) -> Int64:
    """Return the sum of *numbers*."""
    return int64(sum(map(to_integer, numbers)))


def sub(left: object, right: object) -> Int64:
    """Return the difference of two numbers."""
    return int64(to_integer(left) - to_integer(right))


def mul(first: object, *others: object) -> Int64:
    """Return the product of all numbers."""
    product = to_integer(first)
    for other in others:
        product = wrap64(product * to_integer(other))
    return int64(product)


def div(left: object, right: object) -> Int64:
    """Return the quotient of two numbers, cut toward 0."""
    divisor = to_integer(right)
    if divisor == 0:
        raise panics.division_by_zero()
    dividend = to_integer(left)
    quotient = abs(dividend) // abs(divisor)
    return int64(quotient if (dividend < 0) == (divisor < 0) else -quotient)


def mod(left: object, right: object) -> Int64:
    """Return what the quotient leaves; its sign is that of *left*."""
    divisor = to_integer(right)
    if divisor == 0:
        raise panics.division_by_zero()
    dividend = to_integer(left)
    rest = abs(dividend) % abs(divisor)
    return int64(-rest if dividend < 0 else rest)


def largest(first: object, *others: object) -> Int64:
    """Return the largest of the numbers."""
    return int64(max(map(to_integer, (first, *others))))


def smallest(first: object, *others: object) -> Int64:
    """Return the smallest of the numbers."""
    return int64(min(map(to_integer, (first, *others))))


def largest_float(first: object, *others: object) -> float:
    """Return the largest of the numbers; NaN if one is."""
    numbers = [to_float(each) for each in (first, *others)]
    return math.nan if any(map(math.isnan, numbers)) else max(numbers)


def smallest_float(first: object, *others: object) -> float:
    """Return the smallest of the numbers; NaN if one is."""
    numbers = [to_float(each) for each in (first, *others)]
    return math.nan if any(map(math.isnan, numbers)) else min(numbers)


def _decimal(value: object) -> Decimal:
    number = to_float(value)
    if not math.isfinite(number):
        raise FunctionError(f"Cannot create a Decimal from {print_value(number)}")
    return Decimal(repr(number))


def _fold(operation: _Operation, first: object, others: tuple[object, ...]) -> float:
    result = _decimal(first)
    for other in others:
        result = operation(result, _decimal(other))
    # Go's decimals know no negative 0.
    return float(result) if result else 0.0


def _divide(dividend: Decimal, divisor: Decimal) -> Decimal:
    if not divisor:
        raise FunctionError("decimal division by 0")
    quotient = _EXACT.divide(dividend, divisor)
    return quotient.quantize(_QUOTIENT_DIGITS, ROUND_HALF_UP, _EXACT)


def add_float(*numbers: object) -> float:
    """Return the sum of *numbers* as decimal fractions."""
    return _fold(_EXACT.add, 0.0, numbers)


def sub_float(first: object, *others: object) -> float:
    """Return *first* less the *others* as decimal fractions."""
    return _fold(_EXACT.subtract, first, others)


def mul_float(first: object, *others: object) -> float:
    """Return the product of all numbers as decimal fractions."""
    return _fold(_EXACT.multiply, first, others)


def div_float(first: object, *others: object) -> float:
    """Return *first* by each of the *others*, with 16 decimal places."""
    return _fold(_divide, first, others)


def ceil(value: object) -> float:
    """Return the next whole number up."""
    return _whole(math.ceil, to_float(value))


def floor(value: object) -> float:
    """Return the next whole number down."""
    return _whole(math.floor, to_float(value))


def _whole(rounding: Callable[[float], int], number: float) -> float:
    if not math.isfinite(number):
        return number
    return math.copysign(float(rounding(number)), number)


def round_number(value: object, places: int, *threshold: float) -> float:
    """Return *value* with so many decimal *places*.

    Args:
        value: The number.
        places: How many digits to keep after the point.
        threshold: The fraction of the last place from which to round up; .5 if absent.
    """
    round_up_from = threshold[0] if threshold else 0.5
    power = _power_of_ten(places)
    digits = power * to_float(value)
    if not math.isfinite(digits) or power == 0:
        return _quotient(digits, power)
    fraction = math.modf(digits)[0]
    rounded = ceil(digits) if fraction >= round_up_from else floor(digits)
    return _quotient(rounded, power)


def _power_of_ten(exponent: int) -> float:
    try:
        return math.pow(10, exponent)
    except OverflowError:
        return math.inf


def _quotient(dividend: float, divisor: float) -> float:
    """Return the quotient as a processor has it: nothing by nothing is NaN."""
    if divisor:
        return dividend / divisor
    if dividend == 0 or math.isnan(dividend):
        return math.nan
    return math.copysign(math.inf, dividend)


def to_decimal(value: object) -> Int64:
    """Return the number that *value*, printed, is in octal digits."""
    return int64(parse_integer(print_value(value), 8) or 0)


NUMBERS: Final[Mapping[str, Function]] = {
    "atoi": function(parse_nearest, "func(string) int"),
    "int": function(to_integer, "func(any) int"),
    "int64": function(
        lambda value: int64(to_integer(value)),
        "func(any) int64",
        about="Return *value* as an ``int64``.",
    ),
    "float64": function(to_float, "func(any) float64"),
    "toDecimal": function(to_decimal, "func(any) int64"),
    "add": function(add, "func(...any) int64"),
    "add1": function(
        lambda value: add(value, 1),
        "func(any) int64",
        about="Return *value* plus 1.",
    ),
    "sub": function(sub, "func(any, any) int64"),
    "mul": function(mul, "func(any, ...any) int64"),
    "div": function(div, "func(any, any) int64"),
    "mod": function(mod, "func(any, any) int64"),
    "max": function(largest, "func(any, ...any) int64"),
    "biggest": function(largest, "func(any, ...any) int64"),
    "min": function(smallest, "func(any, ...any) int64"),
    "maxf": function(largest_float, "func(any, ...any) float64"),
    "minf": function(smallest_float, "func(any, ...any) float64"),
    "addf": function(add_float, "func(...any) float64"),
    "add1f": function(
        lambda value: add_float(value, 1),
        "func(any) float64",
        about="Return *value* plus 1 as a decimal fraction.",
    ),
    "subf": function(sub_float, "func(any, ...any) float64"),
    "mulf": function(mul_float, "func(any, ...any) float64"),
    "divf": function(div_float, "func(any, ...any) float64"),
    "ceil": function(ceil, "func(any) float64"),
    "floor": function(floor, "func(any) float64"),
    "round": function(round_number, "func(any, int, ...float64) float64"),
}
"""The functions, by their names in templates."""
