"""``len``, ``index`` and ``slice``: strings are bytes to them."""

from __future__ import annotations

from typing import Final

from provisionhub_gotemplate.builtins.calling import prepare
from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.functions import ANY
from provisionhub_gotemplate.values import (
    INTEGER_TYPES,
    MISSING,
    Interface,
    Map,
    Slice,
    Uint8,
    go_type,
    indirect_interface,
)


def length(value: object) -> int:
    """Return how many elements, entries or bytes *value* has."""
    if value is MISSING:
        raise FunctionError("reflect: call of reflect.Value.Type on zero Value")
    held = value.value if type(value) is Interface else value
    if isinstance(held, str):
        return len(held) if held.isascii() else len(_bytes(held))
    if isinstance(held, list | dict):
        return len(held)
    if held is None:
        raise FunctionError("len of nil pointer")
    raise FunctionError(f"len of type {go_type(held)}")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def index(value: object, *indexes: object) -> object:
    """Return an element of an element of *value*, and so on."""
    value = indirect_interface(value)
    if value is MISSING:
        raise FunctionError("index of untyped nil")
    for key in indexes:
        held = value.value if type(value) is Interface else value
        if held is None:
            raise FunctionError("index of nil pointer")
        value = _element(held, indirect_interface(key))
    return value


def _element(value: object, key: object) -> object:
    if isinstance(value, str):
        data = _bytes(value)
        place = _position(key, len(data))
        if place == len(data):
            raise FunctionError("reflect: string index out of range")
        return Uint8(data[place])
    if isinstance(value, list):
        place = _position(key, len(value))
        if place == len(value):
            raise FunctionError("reflect: slice index out of range")
        item = value[place]
        return item if isinstance(value, Slice) else Interface(item)
    if isinstance(value, dict):
        name = prepare(key, "string")
        if isinstance(value, Map) and value.elem != ANY:
            return value[str(name)] if name in value else _zero(value.elem)
        return Interface(value.get(str(name)))
    raise FunctionError(f"can't index item of type {go_type(value)}")


def _zero(elem: str) -> object:
    if elem in INTEGER_TYPES:
        return INTEGER_TYPES[elem](0)
    return {"string": "", "int": 0, "bool": False, "float64": 0.0}.get(elem)


def _position(key: object, most: int) -> int:
    if key is MISSING:
        raise FunctionError("cannot index slice/array with nil")
    if not isinstance(key, int) or isinstance(key, bool):
        raise FunctionError(f"cannot index slice/array with type {go_type(key)}")
    if not 0 <= key <= most:
        raise FunctionError(f"index out of range: {int(key)}")
    return int(key)


def cut(value: object, *indexes: object) -> object:
    """Return a part of *value*, from the first index to before the second."""
    value = indirect_interface(value)
    if value is MISSING:
        raise FunctionError("slice of untyped nil")
    if len(indexes) > 3:  # noqa: PLR2004 - from, to, capacity
        raise FunctionError(f"too many slice indexes: {len(indexes)}")
    if isinstance(value, str):
        if len(indexes) == 3:  # noqa: PLR2004 - strings have no capacity
            raise FunctionError("cannot 3-index slice a string")
        data = _bytes(value)
        start, end = _bounds(indexes, len(data), len(data))
        return data[start:end].decode("utf-8", "surrogateescape")
    if not isinstance(value, list):
        raise FunctionError(f"can't slice item of type {go_type(value)}")
    start, end = _bounds(indexes, len(value), capacity(value))
    # A slice may grow into the room behind it, where Go's zero values are.
    part = value[start:end] + [None] * (end - max(start, len(value)))
    return Slice(value.elem, part) if isinstance(value, Slice) else part


def capacity(items: list[object]) -> int:
    """Return the capacity of a list read from JSON: what Go's ``append`` makes it."""
    if isinstance(items, Slice):
        return len(items)
    room = 0
    while room < len(items):
        if room < _DOUBLED_BELOW:
            room = max(1, 2 * room)
        else:
            room = _rounded(room + (room + 3 * _DOUBLED_BELOW) // 4)
    return room


_DOUBLED_BELOW: Final = 256
_INTERFACE_BYTES: Final = 16
_PAGE_BYTES: Final = 8192
_SIZE_CLASSES: Final = (
    8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336, 16384,
    18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768,
)  # fmt: skip
"""The sizes in bytes, from 8 kB on, of what Go's allocator hands out."""


def _rounded(room: int) -> int:
    """Return how many interfaces the block has that Go allocates for *room* of them."""
    size = room * _INTERFACE_BYTES
    for whole in _SIZE_CLASSES:
        if size <= whole:
            return whole // _INTERFACE_BYTES
    return -(-size // _PAGE_BYTES) * _PAGE_BYTES // _INTERFACE_BYTES


def _bounds(indexes: tuple[object, ...], size: int, room: int) -> tuple[int, int]:
    bounds = [0, size, room]
    for place, key in enumerate(indexes):
        bounds[place] = _position(key, room)
    start, end, last = bounds
    if start > end:
        raise FunctionError(f"invalid slice index: {start} > {end}")
    if len(indexes) == 3 and end > last:  # noqa: PLR2004
        raise FunctionError(f"invalid slice index: {end} > {last}")
    return start, end
