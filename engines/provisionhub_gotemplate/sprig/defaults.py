"""Sprig's functions of what is empty, and what to take instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.functions import Function, function
from provisionhub_gotemplate.values import MISSING, Opaque


def is_empty(value: object) -> bool:
    """Whether *value* is nil, false, 0 or has no elements."""
    if value is None or value is MISSING:
        return True
    return not isinstance(value, Opaque) and not value


def default(fallback: object, *given: object) -> object:
    """Return the first of *given*, or *fallback* if that is empty."""
    return fallback if not given or is_empty(given[0]) else given[0]


def coalesce(*values: object) -> object:
    """Return the first of *values* that is not empty."""
    return next((each for each in values if not is_empty(each)), None)


def ternary(if_true: object, if_false: object, condition: bool) -> object:  # noqa: FBT001 - a Go signature
    """Return one of two values by *condition*."""
    return if_true if condition else if_false


def fail(message: str) -> str:
    """End the template with *message*."""
    raise FunctionError(message)


DEFAULTS: Final[Mapping[str, Function]] = {
    "default": function(default, "func(any, ...any) any"),
    "empty": function(is_empty, "func(any) bool"),
    "coalesce": function(coalesce, "func(...any) any"),
    "all": function(
        lambda *values: not any(map(is_empty, values)),
        "func(...any) bool",
        about="Whether none of *values* is empty.",
    ),
    "any": function(
        lambda *values: not all(map(is_empty, values)),
        "func(...any) bool",
        about="Whether one of *values* is not empty.",
    ),
    "ternary": function(ternary, "func(any, any, bool) any"),
    "fail": function(fail, "func(string) (string, error)"),
}
"""The functions, by their names in templates."""
