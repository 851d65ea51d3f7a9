"""The tests behind ``is``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, cast

from jinja2.tests import TESTS

from provisionhub.errors import TemplateRuntimeError
from provisionhub_jinja.kinds import Value, describe, shallow
from provisionhub_jinja.undefined import Method, Missing

Test: TypeAlias = Callable[..., Value]
"""What a test is: it takes the value first, then its arguments."""

_FROM_JINJA: Final = (
    "defined", "undefined", "filter", "test", "none",
    "boolean", "false", "true", "integer", "float", "lower", "upper", "string",
    "mapping", "number", "sequence", "iterable", "escaped", "==", "eq", "equalto",
    "!=", "ne", ">", "gt", "greaterthan", "ge", ">=", "<", "lt", "lessthan", "<=", "le",
)  # fmt: skip


def is_divisible(value: object, divisor: object) -> bool:
    """Tell whether *value* is a multiple of *divisor*.

    Raises:
        TemplateRuntimeError: If one of them is no number.
    """
    for number in (value, divisor):
        if not isinstance(number, (int, float)):
            str(number) if isinstance(number, Missing) else None
            raise TemplateRuntimeError(f"{describe(number)} is not a number")
    return not value % divisor  # type: ignore[operator]  # both are numbers


def is_even(value: object) -> bool:
    """Tell whether *value* is an even number."""
    return is_divisible(value, 2)


def is_odd(value: object) -> bool:
    """Tell whether *value* is an odd number."""
    return not is_divisible(value, 2)


def is_same(value: object, other: object) -> bool:
    """Tell whether two values are equal and of one type.

    Jinja2 asks for the same object, which is an accident for text and numbers.
    """
    return type(value) is type(other) and value == other


def is_in(value: object, container: Value) -> bool:
    """Tell whether *value* is an item, a key or a part of *container*."""
    return shallow(value) in container


def is_callable(value: object) -> bool:
    """Tell whether a template can call *value*."""
    if isinstance(value, Missing):
        return isinstance(value, Method)
    return callable(value)


PREDICATES: Final[Mapping[str, Test]] = {
    **{name: cast("Test", TESTS[name]) for name in _FROM_JINJA},
    "callable": is_callable,
    "divisibleby": is_divisible,
    "even": is_even,
    "in": is_in,
    "odd": is_odd,
    "sameas": is_same,
}
"""All tests, by name."""
