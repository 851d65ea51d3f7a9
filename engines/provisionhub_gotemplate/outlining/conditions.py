"""What a condition asks of the data, where that can be said of single values."""

from __future__ import annotations

from typing import Final, Protocol

from provisionhub.outline import Guard, NamePath, Test
from provisionhub.source import Location
from provisionhub_gotemplate.nodes import Bool
from provisionhub_gotemplate.outlining.terms import (
    Argument,
    Call,
    constant,
    plain,
)

_NEGATIONS: Final = frozenset({"empty", "not"})
_MEMBERS: Final = {
    "get": Test.TRUTH,
    "hasKey": Test.PRESENCE,
    "index": Test.TRUTH,
}
_PAIR: Final = 2


class Resolver(Protocol):
    """Who knows what dot and variables are."""

    def resolve(self, term: Argument) -> tuple[NamePath, Location] | None:
        """Return which one value of the data *term* is, and its place."""
        ...

    def member(self, call: Call) -> tuple[NamePath, Location] | None:
        """Return which one value ``hasKey`` asks for, and its place."""
        ...

    def place(self, term: Bool) -> Location:
        """Return the place of a constant."""
        ...


def guards(
    term: Argument, resolver: Resolver, *, holds: bool = True
) -> tuple[Guard, ...]:
    """Return what has to hold for *term* to be true, or false if not *holds*."""
    match plain(term):
        case Call() as call:
            return _called(call, resolver, holds=holds)
        case Bool() as literal:
            at = resolver.place(literal)
            return (Guard((), at, holds=holds, constant=literal.value),)
        case _:
            value = resolver.resolve(term)
            return () if value is None else (Guard(*value, holds=holds),)


def _called(call: Call, resolver: Resolver, *, holds: bool) -> tuple[Guard, ...]:
    arguments = call.arguments
    if call.name in ("and", "or"):
        if (call.name == "and") is not holds:
            return ()
        each = [guards(one, resolver, holds=holds) for one in arguments]
        return tuple(guard for several in each for guard in several)
    if call.name in _NEGATIONS | {"len"} and len(arguments) == 1:
        is_same = call.name == "len"
        return guards(arguments[0], resolver, holds=holds is is_same)
    if call.name in ("eq", "ne") and len(arguments) == _PAIR:
        is_positive = holds is (call.name == "eq")
        return _compared(call, resolver, holds=is_positive)
    if call.name in _MEMBERS:
        value = resolver.member(call)
        return () if value is None else (Guard(*value, _MEMBERS[call.name], holds),)
    return ()


def _compared(call: Call, resolver: Resolver, *, holds: bool) -> tuple[Guard, ...]:
    left, right = call.arguments
    if constant(left) is not None:
        left, right = right, left
    literal, value = constant(right), resolver.resolve(left)
    if literal is None or value is None:
        return ()
    return (Guard(*value, Test.EQUALITY, holds, literal[0]),)
