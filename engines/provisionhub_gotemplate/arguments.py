"""Values to parameters: what Go's ``reflect`` would let pass, and what it says if not.

The functions here raise what the *error* that they are given makes of a message: it
knows the place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from provisionhub_gotemplate.functions import ANY, REFLECT
from provisionhub_gotemplate.nodes import Bool, Node, NumberLiteral, String
from provisionhub_gotemplate.values import (
    INTEGER_TYPES,
    MISSING,
    Float32,
    Integer,
    Interface,
    Map,
    Slice,
    go_type,
    kind_of_type,
)

ErrorAt: TypeAlias = Callable[[str], Exception]

_NILABLE: Final = frozenset({"func", "interface", "map", "ptr", "slice"})


def can_be_nil(name: str) -> bool:
    """Whether nil may be passed for the type called *name*."""
    return name == REFLECT or kind_of_type(name) in _NILABLE


def zero_value(name: str) -> object:
    """Return the zero value of the type called *name*."""
    if name == REFLECT:
        return MISSING
    kind = kind_of_type(name)
    if kind == "slice":
        elem = name.removeprefix("[]")
        return [] if elem == ANY else Slice(elem)
    if kind == "map":
        elem = name.removeprefix("map[string]")
        return {} if elem == ANY else Map(elem)
    if kind in INTEGER_TYPES:
        return INTEGER_TYPES[kind](0)
    return _ZEROS.get(kind)


_ZEROS: Final[dict[str, object]] = {
    "bool": False,
    "int": 0,
    "string": "",
    "float64": 0.0,
    "float32": Float32(0.0),
    "complex128": 0j,
}


def accept(value: object, name: str, error: ErrorAt) -> object:
    """Return *value* as a parameter of the type called *name* gets it.

    Args:
        value: A value as the executor holds it: ``MISSING`` and ``Interface`` may be.
        name: The type, as Go writes it.
        error: What makes an error of a message, if it cannot be passed.
    """
    if name == REFLECT:
        return value
    if name == ANY:
        held = value.value if type(value) is Interface else value
        return None if held is MISSING else held
    if value is MISSING:
        if can_be_nil(name):
            return zero_value(name)
        raise error(f"invalid value; expected {name}")
    if type(value) is Interface and value.value is not None:
        value = value.value
    found = go_type(value)
    if found != name:
        raise error(f"wrong type for value; expected {name}; got {found}")
    return value


def constant(node: Node, name: str, error: ErrorAt) -> object:
    """Return a literal as a constant of the type called *name*, as Go's adapt.

    Args:
        node: A truth value, a number or a string.
        name: The parameter's type.
        error: What makes an error of a message, if the literal is no such constant.
    """
    if name in {ANY, REFLECT}:
        return untyped(node, error)
    kind = kind_of_type(name)
    if kind == "bool":
        if isinstance(node, Bool):
            return node.value
        raise error(f"expected bool; found {node}")
    if kind == "string":
        if isinstance(node, String):
            return node.text
        raise error(f"expected string; found {node}")
    if kind in _NUMERIC:
        return _number(node, kind, error)
    raise error(f"can't handle {node} for arg of type {name}")


_NUMERIC: Final = frozenset(
    {"int", "float64", "float32", "complex128", "complex64", *INTEGER_TYPES}
)


def _number(node: Node, kind: str, error: ErrorAt) -> object:
    if kind.startswith("complex"):
        if isinstance(node, NumberLiteral) and node.number.complex is not None:
            return node.number.complex
        raise error(f"expected complex; found {node}")
    if kind.startswith("float"):
        if isinstance(node, NumberLiteral) and node.number.floating is not None:
            value = node.number.floating
            return value if kind == "float64" else Float32(value)
        raise error(f"expected float; found {node}")
    return _integer(node, kind, error)


def _integer(node: Node, kind: str, error: ErrorAt) -> int:
    number = node.number if isinstance(node, NumberLiteral) else None
    if kind.startswith("uint"):
        if number is None or number.unsigned is None:
            raise error(f"expected unsigned integer; found {node}")
        return wrap(number.unsigned, INTEGER_TYPES[kind])
    if number is None or number.integer is None:
        raise error(f"expected integer; found {node}")
    if kind == "int":
        return number.integer
    return wrap(number.integer, INTEGER_TYPES[kind])


def wrap(value: int, target: type[Integer]) -> Integer:
    """Return *value* as *target*, high bits dropped as Go drops them."""
    value &= (1 << target.bits) - 1
    if target.signed and value >> (target.bits - 1):
        value -= 1 << target.bits
    return target(value)


def untyped(node: Node, error: ErrorAt) -> object:
    """Return a literal as a value of the type that its notation tells."""
    if isinstance(node, Bool):
        return node.value
    if isinstance(node, String):
        return node.text
    if isinstance(node, NumberLiteral):
        return _ideal(node, error)
    raise error(f"can't handle assignment of {node} to empty interface argument")


def _ideal(node: NumberLiteral, error: ErrorAt) -> object:
    number, text = node.number, node.text
    if number.complex is not None:
        return number.complex
    if number.floating is not None and _is_floating(text):
        return number.floating
    if number.integer is None:
        raise error(f"{text} overflows int")
    return number.integer


def _is_floating(text: str) -> bool:
    is_rune = text.startswith("'")
    is_hexadecimal = text[:2] in {"0x", "0X"} and not any(mark in text for mark in "pP")
    return not (is_rune or is_hexadecimal) and any(mark in text for mark in ".eEpP")
