"""``eq`` and its like: no two types are compared that Go keeps apart."""

from __future__ import annotations

from typing import Final

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.fmt import format_value, sprintf
from provisionhub_gotemplate.values import (
    MISSING,
    Opaque,
    go_type,
    indirect_interface,
    kind,
)

_INVALID: Final = ""
_BAD_TYPE: Final = "invalid type for comparison"


def _basic_kind(value: object) -> str:
    name = kind(value)
    if name.startswith("uint"):
        return "uint"
    if name.startswith("int") and name != "interface":
        return "int"
    for basic in ("float", "complex"):
        if name.startswith(basic):
            return basic
    return name if name in {"bool", "string"} else _INVALID


def equal(first: object, *others: object) -> bool:
    """Return whether *first* is equal to one of *others*."""
    if not others:
        raise FunctionError("missing argument for comparison")
    first = indirect_interface(first)
    return any(_equal(first, indirect_interface(other)) for other in others)


def _equal(left: object, right: object) -> bool:
    if type(left) is str and type(right) is str:
        return left == right
    kinds = {_basic_kind(left), _basic_kind(right)}
    if kinds == {"int", "uint"}:
        return left == right
    if len(kinds) == 2:  # noqa: PLR2004 - of two kinds
        if left is not MISSING and right is not MISSING:
            raise _incompatible(left, right)
        return False
    if kinds != {_INVALID}:
        return left == right
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
    kinds = [_basic_kind(left), _basic_kind(right)]
    if _INVALID in kinds:
        raise FunctionError(_BAD_TYPE)
    if kinds[0] != kinds[1] and set(kinds) != {"int", "uint"}:
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
