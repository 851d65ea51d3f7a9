"""``eq`` and its like: no two types are compared that Go keeps apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.fmt import format_value, sprintf
from provisionhub_gotemplate.values import (
    INTEGER_TYPES,
    MISSING,
    Opaque,
    go_type,
    indirect_interface,
    kind,
)

_INVALID: Final = ""
_BAD_TYPE: Final = "invalid type for comparison"
_EXACT: Final = frozenset({int, str})
"""Types whose values Python compares as Go does."""
_INTEGERS: Final = frozenset({"int", "uint"})
_BASIC_KINDS: Final[Mapping[str, str]] = {
    "bool": "bool",
    "string": "string",
    "complex128": "complex",
    "float32": "float",
    "float64": "float",
    "int": "int",
    **{
        name: "int" if integer.signed else "uint"
        for name, integer in INTEGER_TYPES.items()
    },
}


def _basic_kind(value: object) -> str:
    return _BASIC_KINDS.get(kind(value), _INVALID)


def equal(first: object, *others: object) -> bool:
    """Return whether *first* is equal to one of *others*."""
    if not others:
        raise FunctionError("missing argument for comparison")
    first = indirect_interface(first)
    for other in others:  # noqa: SIM110 - much faster than any()
        if _equal(first, indirect_interface(other)):
            return True
    return False


def _equal(left: object, right: object) -> bool:
    if type(left) is type(right) and type(left) in _EXACT:
        return left == right
    kinds = {_basic_kind(left), _basic_kind(right)}
    if kinds == {_INVALID}:
        return _equal_composites(left, right)
    if len(kinds) == 1 or kinds == _INTEGERS:
        return left == right
    if left is MISSING or right is MISSING:
        return False
    raise _incompatible(left, right)


def _equal_composites(left: object, right: object) -> bool:
    if left is MISSING or right is MISSING:
        return left is right
    if kind(left) != kind(right):
        raise FunctionError(
            f"non-comparable types {sprintf('%s', left)}: {go_type(left)},"
            f" {go_type(right)}: {format_value(right)}"
        )
    if not isinstance(right, Opaque):
        shown = sprintf("%s", right)
        raise FunctionError(f"non-comparable type {shown}: {go_type(right)}")
    return left == right


def _incompatible(left: object, right: object) -> FunctionError:
    return FunctionError(
        f"incompatible types for comparison: {go_type(left)} and {go_type(right)}"
    )


def not_equal(left: object, right: object) -> bool:
    """Return whether the two are not equal."""
    return not equal(left, right)


def less(left: object, right: object) -> bool:
    """Return whether *left* comes before *right*."""
    left, right = indirect_interface(left), indirect_interface(right)
    if type(left) is int and type(right) is int:
        return left < right
    kinds = [_basic_kind(left), _basic_kind(right)]
    if _INVALID in kinds:
        raise FunctionError(_BAD_TYPE)
    if kinds[0] != kinds[1] and set(kinds) != _INTEGERS:
        raise _incompatible(left, right)
    if isinstance(left, str) and isinstance(right, str):
        return _bytes(left) < _bytes(right)
    if kinds[0] in {"bool", "complex"}:
        raise FunctionError(_BAD_TYPE)
    if isinstance(left, int | float) and isinstance(right, int | float):
        return left < right
    raise FunctionError(_BAD_TYPE)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def less_or_equal(left: object, right: object) -> bool:
    """Return whether *left* comes before *right*, or is equal."""
    return less(left, right) or equal(left, right)


def greater(left: object, right: object) -> bool:
    """Return whether *left* comes after *right*."""
    return not less_or_equal(left, right)


def greater_or_equal(left: object, right: object) -> bool:
    """Return whether *left* comes after *right*, or is equal."""
    return not less(left, right)
