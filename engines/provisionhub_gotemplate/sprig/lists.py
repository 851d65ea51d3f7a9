"""Sprig's functions of lists.

Each comes in two: ``first`` panics where ``mustFirst`` returns an error. Both end a
template with the same text, so that one function serves both names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.functions import ANY, Function, function
from provisionhub_gotemplate.sprig import panics
from provisionhub_gotemplate.sprig.casting import to_integer
from provisionhub_gotemplate.sprig.defaults import is_empty
from provisionhub_gotemplate.sprig.equality import contains
from provisionhub_gotemplate.sprig.limits import spend_items
from provisionhub_gotemplate.sprig.nothing import NilSlice
from provisionhub_gotemplate.sprig.printing import to_string, to_strings
from provisionhub_gotemplate.sprig.runes import to_bytes
from provisionhub_gotemplate.values import Slice, kind


def _items(value: object, complaint: str) -> list[object]:
    """Return *value* if it is a list.

    Raises:
        FunctionError: If it is not; *complaint* and the value's kind tell.
    """
    if isinstance(value, list):
        return value
    if value is None:
        raise panics.nil_dereference()
    raise FunctionError(f"{complaint} {kind(value)}")


def make_list(*values: object) -> list[object]:
    """Return *values* as a list."""
    return list(values)


def push(items: object, value: object) -> list[object]:
    """Return a list with *value* at its end."""
    return [*_items(items, "Cannot push on type"), value]


def prepend(items: object, value: object) -> list[object]:
    """Return a list with *value* at its start."""
    return [value, *_items(items, "Cannot prepend on type")]


def first(items: object) -> object:
    """Return the first element; nil of an empty list."""
    return next(iter(_items(items, "Cannot find first on type")), None)


def last(items: object) -> object:
    """Return the last element; nil of an empty list."""
    elements = _items(items, "Cannot find last on type")
    return elements[-1] if elements else None


def rest(items: object) -> list[object]:
    """Return all elements but the first."""
    elements = _items(items, "Cannot find rest on type")
    return elements[1:] if elements else NilSlice()


def initial(items: object) -> list[object]:
    """Return all elements but the last."""
    elements = _items(items, "Cannot find initial on type")
    return elements[:-1] if elements else NilSlice()


def reverse(items: object) -> list[object]:
    """Return the elements from last to first."""
    return _items(items, "Cannot find reverse on type")[::-1]


def compact(items: object) -> list[object]:
    """Return the elements that are not empty."""
    return [
        each for each in _items(items, "Cannot compact on type") if not is_empty(each)
    ]


def uniq(items: object) -> list[object]:
    """Return the elements without those that came before."""
    kept: list[object] = []
    seen: set[object] = set()
    for each in _items(items, "Cannot find uniq on type"):
        if type(each) is str or type(each) is int:
            if each in seen:
                continue
            seen.add(each)
        elif contains(kept, each):
            continue
        kept.append(each)
    return kept


def without(items: object, *omitted: object) -> list[object]:
    """Return the elements that are none of *omitted*."""
    unwanted = list(omitted)
    return [
        each
        for each in _items(items, "Cannot find without on type")
        if not contains(unwanted, each)
    ]


def has(needle: object, items: object) -> bool:
    """Whether *needle* is one of the elements; never of nil."""
    if items is None:
        return False
    return contains(_items(items, "Cannot find has on type"), needle)


def cut(items: object, *bounds: object) -> object:
    """Return the elements from the first of *bounds* to the second, if given."""
    elements = _items(items, "list should be type of slice or array but")
    if not elements:
        return None
    start = to_integer(bounds[0]) if bounds else 0
    end = to_integer(bounds[1]) if len(bounds) > 1 else len(elements)
    if not 0 <= start <= end <= len(elements):
        raise FunctionError("reflect.Value.Slice: slice index out of bounds")
    taken = elements[start:end]
    return Slice(elements.elem, taken) if isinstance(elements, Slice) else taken


def concat(*lists: object) -> list[object]:
    """Return the elements of all *lists*."""
    joined: list[object] = []
    for each in lists:
        if each is None:
            raise panics.nil_dereference()
        if not isinstance(each, list):
            raise FunctionError(f"Cannot concat type {kind(each)} as list")
        joined.extend(each)
    spend_items(len(joined))
    return joined or NilSlice()


def chunk(size: int, items: object) -> Slice:
    """Return the elements in lists of *size*; the last may be shorter."""
    elements = _items(items, "Cannot chunk type")
    length = len(elements)
    if size > 0:
        starts = range(0, length, size)
        return Slice(f"[]{ANY}", [elements[at : at + size] for at in starts])
    # Go computes how many chunks there are, and rarely gets away with it.
    if size < 0 and (length - 1) // size == -1:
        return Slice(f"[]{ANY}")
    if size < -1 and length == 1:
        return Slice(f"[]{ANY}", [list(elements)])
    raise FunctionError("runtime error: makeslice: len out of range")


def sort_alpha(items: object) -> Slice:
    """Return the elements as text, sorted by their bytes.

    A list of strings is sorted in place, as in Go.
    """
    if not isinstance(items, list):
        return Slice("string", [to_string(items)])
    if isinstance(items, Slice) and items.elem == "string":
        items.sort(key=_octets)
        return items
    return Slice("string", sorted(to_strings(items), key=to_bytes))


def _octets(text: object) -> bytes:
    return to_bytes(text) if isinstance(text, str) else b""


_EXTEND: Final = "func(any, any) []any"
_PART: Final = "func(any) []any"
_ONE: Final = "func(any) any"


def _both(name: str, call: Function, must: str) -> dict[str, Function]:
    """Return a function under its name, and under that which returns errors."""
    return {name: call, "must" + name[0].upper() + name[1:]: function(call.call, must)}


LISTS: Final[Mapping[str, Function]] = {
    "list": function(make_list, "func(...any) []any"),
    "tuple": function(make_list, "func(...any) []any"),
    "concat": function(concat, "func(...any) any"),
    "sortAlpha": function(sort_alpha, "func(any) []string"),
    **_both("append", function(push, _EXTEND), "func(any, any) ([]any, error)"),
    **_both("push", function(push, _EXTEND), "func(any, any) ([]any, error)"),
    **_both("prepend", function(prepend, _EXTEND), "func(any, any) ([]any, error)"),
    **_both("first", function(first, _ONE), "func(any) (any, error)"),
    **_both("last", function(last, _ONE), "func(any) (any, error)"),
    **_both("rest", function(rest, _PART), "func(any) ([]any, error)"),
    **_both("initial", function(initial, _PART), "func(any) ([]any, error)"),
    **_both("reverse", function(reverse, _PART), "func(any) ([]any, error)"),
    **_both("compact", function(compact, _PART), "func(any) ([]any, error)"),
    **_both("uniq", function(uniq, _PART), "func(any) ([]any, error)"),
    **_both(
        "without",
        function(without, "func(any, ...any) []any"),
        "func(any, ...any) ([]any, error)",
    ),
    **_both(
        "has", function(has, "func(any, any) bool"), "func(any, any) (bool, error)"
    ),
    **_both(
        "slice",
        function(cut, "func(any, ...any) any"),
        "func(any, ...any) (any, error)",
    ),
    **_both(
        "chunk",
        function(chunk, "func(int, any) [][]any"),
        "func(int, any) ([][]any, error)",
    ),
}
"""The functions, by their names in templates."""
