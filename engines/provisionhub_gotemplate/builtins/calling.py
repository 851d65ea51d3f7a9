"""Functions about truth and functions."""

from __future__ import annotations

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.functions import ANY, REFLECT, Function
from provisionhub_gotemplate.values import (
    MISSING,
    Interface,
    go_type,
    indirect_interface,
    kind,
    kind_of_type,
)


def negate(value: object) -> bool:
    """Return whether *value* is empty."""
    return not (value.value if type(value) is Interface else value)


def executed_elsewhere(*_: object) -> object:
    """Stand in for ``and`` and ``or``, which the executor carries out itself."""
    raise NotImplementedError


def call_value(name: str, function: object, *arguments: object) -> object:
    """Call a function that is a value; *name* is how the template calls it."""
    function = indirect_interface(function)
    if function is MISSING:
        raise FunctionError("call of nil")
    if not isinstance(function, Function):
        raise FunctionError(f"non-function {name} of type {go_type(function)}")
    wanted, given = len(function.parameters), len(arguments)
    if function.variadic and given < wanted - 1:
        raise FunctionError(
            f"wrong number of args for {name}: got {given} want at least {wanted - 1}"
        )
    if not function.variadic and given != wanted:
        raise FunctionError(
            f"wrong number of args for {name}: got {given} want {wanted}"
        )
    prepared: list[object] = []
    for index, argument in enumerate(arguments):
        try:
            prepared.append(prepare(argument, function.parameter(index)))
        except FunctionError as error:
            raise FunctionError(f"arg {index}: {error}") from None
    return function.call(*prepared)


_NILABLE = frozenset({"func", "interface", "map", "ptr", "slice"})


def prepare(value: object, name: str) -> object:
    """Return *value* as an argument of the type called *name*."""
    value = indirect_interface(value)
    if value is MISSING:
        if name == REFLECT or kind_of_type(name) in _NILABLE:
            return None
        raise FunctionError(f"value is nil; should be of type {name}")
    found = go_type(value)
    if name in {found, ANY, REFLECT}:
        return value
    if isinstance(value, int) and name == "int" and kind(value) != "bool":
        return int(value)
    raise FunctionError(f"value has type {found}; should be {name}")
