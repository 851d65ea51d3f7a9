"""The operators that can make much of little, with the size checked beforehand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from jinja2 import Undefined

from provisionhub.errors import TemplateRuntimeError
from provisionhub_jinja.kinds import Value, describe, to_text
from provisionhub_jinja.limits import (
    MAX_FIELD,
    MAX_INTEGER_BITS,
    exceed,
    spend_steps,
    spend_text,
)

_SURROGATES: Final = range(0xD800, 0xE000)
_FIELD: Final = re.compile(
    r"%(?:\((?P<key>[^()]*)\))?"
    r"(?P<spec>[-+ #0]*(?P<width>\d*)(?:\.(?P<precision>\d*))?)"
    r"(?P<type>[diouxXeEfFgGcrsa%])"
)


def add(left: Value, right: Value) -> Value:
    """Return ``left + right``."""
    if isinstance(left, str) and isinstance(right, str):
        spend_text(len(left) + len(right))
    elif isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        spend_steps(len(left) + len(right))
    return check_integer(left + right)


def multiply(left: Value, right: Value) -> Value:
    """Return ``left * right``."""
    if isinstance(left, int) and isinstance(right, int):
        _check_bits(left.bit_length() + right.bit_length())
    elif isinstance(left, int):
        _check_growth(right, left)
    elif isinstance(right, int):
        _check_growth(left, right)
    return left * right


def power(left: Value, right: Value) -> Value:
    """Return ``left ** right``."""
    if isinstance(left, int) and isinstance(right, int) and abs(left) > 1:
        _check_bits(left.bit_length() * right)
    return left**right


def modulo(left: Value, right: Value) -> Value:
    """Return ``left % right``: a remainder, or for text its ``printf``."""
    return printf(left, right) if isinstance(left, str) else left % right


OPERATORS: Final[Mapping[str, Callable[[Value, Value], Value]]] = {
    "+": add,
    "*": multiply,
    "**": power,
    "%": modulo,
}
"""The operators that templates call through the environment."""


def check_integer(value: Value) -> Value:
    """Return *value* if it is not too large an integer.

    Raises:
        LimitExceededError: If it is.
    """
    if isinstance(value, int):
        _check_bits(value.bit_length())
    return value


def printf(template: str, values: Value) -> str:
    """Return *template* with its ``%`` fields filled from *values*.

    As Python does it, but field by field, so that no field can grow unseen.

    Args:
        template: The text with the fields.
        values: A tuple of values, a mapping for fields with keys, or one value.

    Raises:
        TemplateRuntimeError: If fields and values do not fit.
        LimitExceededError: If a field is too wide, or the text too long.
    """
    if isinstance(values, Undefined):
        str(values)
    fields = _Fields(values)
    parts: list[str] = []
    position = 0
    while (start := template.find("%", position)) >= 0:
        field = _FIELD.match(template, start)
        if field is None:
            wrong = template[start : start + 10]
            raise TemplateRuntimeError(
                f"`{wrong}` does not begin with a field that `%` knows",
                hint="write `%%` for a percent sign",
            )
        parts += [template[position:start], fields.fill(type(template), field)]
        position = field.end()
    fields.check_used_up()
    parts.append(template[position:])
    spend_text(sum(map(len, parts)))
    return type(template)("").join(map(type(template), parts))


class _Fields:
    """Hands out the values of a ``%`` template, one field at a time."""

    def __init__(self, values: object) -> None:
        self._mapping = values if isinstance(values, dict) else None
        self._rest: Iterator[object] = iter(
            values if isinstance(values, tuple) else (values,)
        )

    def fill(self, kind: type[str], field: re.Match[str]) -> str:
        """Return the text for *field*."""
        if field["type"] == "%":
            return "%"
        for size in (field["width"], field["precision"]):
            if size and (len(size) > len(str(MAX_FIELD)) or int(size) > MAX_FIELD):
                exceed("the field is too wide", "jinja2.field", MAX_FIELD)
        value = self._next(field["key"])
        text = to_text(value)
        spend_text(len(text))
        if field["type"] == "c" and isinstance(value, int) and value in _SURROGATES:
            raise TemplateRuntimeError("half of a surrogate pair is not a character")
        try:
            filled: str = kind("%" + field["spec"] + field["type"]) % (value,)
        except (TypeError, ValueError, OverflowError):
            raise TemplateRuntimeError(
                f"`%{field['type']}` does not take {describe(value)}"
            ) from None
        return filled

    def check_used_up(self) -> None:
        """Refuse values that no field has used."""
        if self._mapping is None and next(self._rest, self) is not self:
            raise TemplateRuntimeError("there are more values than `%` fields")

    def _next(self, key: str | None) -> object:
        if key is not None:
            if self._mapping is None:
                raise TemplateRuntimeError(f"`%({key})` needs a mapping of values")
            if key not in self._mapping:
                raise TemplateRuntimeError(f"there is no value for `%({key})`")
            return self._mapping[key]
        value = next(self._rest, self)
        if value is self:
            raise TemplateRuntimeError("there are fewer values than `%` fields")
        return value


def _check_growth(value: object, times: int) -> None:
    if isinstance(value, str):
        spend_text(len(value) * max(times, 0))
    elif isinstance(value, (list, tuple)):
        spend_steps(len(value) * max(times, 0))


def _check_bits(bits: int) -> None:
    if bits > MAX_INTEGER_BITS:
        exceed("the number is too large", "jinja2.integer", f"{MAX_INTEGER_BITS} bits")


def refuse_operands(operator: str, left: object, right: object) -> TemplateRuntimeError:
    """Return the error for two values that *operator* does not take."""
    return TemplateRuntimeError(
        f"`{operator}` does not take {describe(left)} and {describe(right)}"
    )
