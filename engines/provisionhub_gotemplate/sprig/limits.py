"""How large a result of one function may be, long before memory matters."""

from __future__ import annotations

from typing import Final

from provisionhub_gotemplate.errors import FunctionError

MOST_TEXT: Final = 16 * 2**20
"""Characters that one call may return."""

MOST_ITEMS: Final = 1_000_000
"""Elements of a list that one call may return."""

MOST_DEPTH: Final = 200
"""Levels of lists and maps in a value that a call walks through."""


def spend_text(size: int) -> None:
    """Check that a text of *size* characters may be made.

    Raises:
        FunctionError: If it would be too large.
    """
    if size > MOST_TEXT:
        raise FunctionError(
            f"the result of {size} characters is above the limit of {MOST_TEXT}"
        )


def spend_items(count: int) -> None:
    """Check that a list of *count* elements may be made.

    Raises:
        FunctionError: If it would be too large.
    """
    if count > MOST_ITEMS:
        raise FunctionError(
            f"the result of {count} elements is above the limit of {MOST_ITEMS}"
        )


def spend_depth(depth: int) -> None:
    """Check that a value may be walked down to the level *depth*.

    Raises:
        FunctionError: If it is nested too deeply, or holds itself.
    """
    if depth > MOST_DEPTH:
        raise FunctionError(f"the value is nested deeper than {MOST_DEPTH} levels")
