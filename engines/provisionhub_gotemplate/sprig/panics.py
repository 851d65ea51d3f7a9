"""The texts of Go's own panics that Sprig's functions run into."""

from __future__ import annotations

from provisionhub_gotemplate.errors import FunctionError


def nil_dereference() -> FunctionError:
    """Return the error of asking nil for its type."""
    return FunctionError(
        "runtime error: invalid memory address or nil pointer dereference"
    )


def division_by_zero() -> FunctionError:
    """Return the error of dividing an integer by 0."""
    return FunctionError("runtime error: integer divide by zero")


def negative_repeat() -> FunctionError:
    """Return the error of repeating a text less than no times."""
    return FunctionError("strings: negative Repeat count")


def slice_bounds(what: str) -> FunctionError:
    """Return the error of cutting a text outside of it, at *what*."""
    return FunctionError(f"runtime error: slice bounds out of range {what}")


def index_range(index: int, length: int) -> FunctionError:
    """Return the error of looking at *index* of something with *length* elements."""
    return FunctionError(
        f"runtime error: index out of range [{index}] with length {length}"
    )


def not_a(wanted: str, found: str) -> FunctionError:
    """Return the error of taking an ``interface {}`` for a *wanted*."""
    return FunctionError(
        f"interface conversion: interface {{}} is {found}, not {wanted}"
    )
