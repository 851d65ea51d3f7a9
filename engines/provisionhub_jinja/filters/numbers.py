"""Filters that make or change numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

from jinja2.filters import do_filesizeformat, do_float, do_int

from provisionhub.errors import TemplateRuntimeError
from provisionhub_jinja.kinds import Value, describe, to_text
from provisionhub_jinja.limits import exceed
from provisionhub_jinja.operators import check_integer
from provisionhub_jinja.undefined import Missing

_MAX_PRECISION: Final = 100
_ROUNDINGS: Final[Mapping[str, Callable[[float], float]]] = {
    "ceil": math.ceil,
    "floor": math.floor,
}


def as_number(value: object) -> Value:
    """Return *value* if it is a number.

    Raises:
        TemplateRuntimeError: If it is something else.
    """
    if isinstance(value, Missing):
        value.fail()
    if not isinstance(value, (int, float)):
        raise TemplateRuntimeError(f"{describe(value)} is not a number")
    return value


def to_int(value: object, default: object = 0, base: int = 10) -> object:
    """Return *value* as an integer, or *default* if it is none."""
    return check_integer(do_int(value, default, base))  # type: ignore[arg-type]  # any default


def to_float(value: object, default: object = 0.0) -> object:
    """Return *value* as a float, or *default* if it is none."""
    return do_float(value, default)  # type: ignore[arg-type]  # any default


def absolute(value: object) -> object:
    """Return *value* without its sign."""
    return abs(as_number(value))


def round_number(value: object, precision: int = 0, method: str = "common") -> object:
    """Return *value* rounded to *precision* digits, ``common``, ``ceil`` or ``floor``.

    Raises:
        LimitExceededError: If *precision* is beyond any float.
    """
    number = as_number(value)
    if abs(as_number(precision)) > _MAX_PRECISION:
        exceed("the precision is too large", "jinja2.precision", _MAX_PRECISION)
    if method == "common":
        return round(number, precision)
    if method not in _ROUNDINGS:
        raise TemplateRuntimeError(
            f"there is no rounding `{method}`",
            hint="accepted are `common`, `ceil` and `floor`",
        )
    return _ROUNDINGS[method](number * 10**precision) / 10**precision


def file_size(value: object, binary: bool = False) -> str:  # noqa: FBT001, FBT002 - Jinja2's signature
    """Return a number of bytes for people, such as ``1.5 MB``."""
    if isinstance(value, str):
        return do_filesizeformat(to_text(value), binary)
    return do_filesizeformat(as_number(value), binary)


NUMBER_FILTERS: Final[Mapping[str, Callable[..., Value]]] = {
    "abs": absolute,
    "filesizeformat": file_size,
    "float": to_float,
    "int": to_int,
    "round": round_number,
}
"""The filters of this module, by name."""
