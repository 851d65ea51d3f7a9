"""``reflect.DeepEqual``: values of different types are never equal."""

from __future__ import annotations

from provisionhub_gotemplate.sprig.limits import spend_depth
from provisionhub_gotemplate.values import go_type


def deep_equal(left: object, right: object, depth: int = 0) -> bool:
    """Whether two values are the same in type and content, all the way down.

    Raises:
        FunctionError: If they are nested too deeply.
    """
    if type(left) is not type(right):
        return False
    if isinstance(left, (list, dict)):
        spend_depth(depth)
        if go_type(left) != go_type(right):
            return False
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(
            deep_equal(one, other, depth + 1)
            for one, other in zip(left, right, strict=True)
        )
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(
            deep_equal(left[key], right[key], depth + 1) for key in left
        )
    return left == right


def contains(items: list[object], needle: object) -> bool:
    """Whether one of *items* is deeply equal to *needle*."""
    return any(deep_equal(needle, each) for each in items)
