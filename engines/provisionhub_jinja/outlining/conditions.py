"""What a condition asks of the context, where that can be said of single values."""

from __future__ import annotations

from typing import Final, Protocol

from jinja2 import nodes

from provisionhub.jsontypes import JsonValue
from provisionhub.outline import Guard, NamePath, Test
from provisionhub.source import Location


class Resolver(Protocol):
    """Who knows what names mean."""

    def resolve(self, node: nodes.Node) -> tuple[NamePath, Location] | None:
        """Return which one value of the context *node* is, and its place."""
        ...

    def place(self, node: nodes.Node) -> Location:
        """Return the place of a constant."""
        ...


_EQUALITY: Final = frozenset({"eq", "equalto", "==", "sameas"})
_INEQUALITY: Final = frozenset({"ne", "!="})
_LITERALS: Final[dict[str, JsonValue]] = {"none": None, "true": True, "false": False}
_COUNTING: Final = frozenset({"count", "length"})
_AS_LONG: Final = frozenset(
    {"batch", "dictsort", "items", "list", "reverse", "slice", "sort", "unique"}
)
"""Filters whose result is empty just if what they are given is."""
_VIEWS: Final = frozenset({"items", "keys", "values"})


def guards(
    node: nodes.Node, resolver: Resolver, *, holds: bool = True
) -> tuple[Guard, ...]:
    """Return what has to hold for *node* to be true, or false if not *holds*."""
    match node:
        case nodes.Not():
            return guards(node.node, resolver, holds=not holds)
        case nodes.Filter(node=nodes.Expr() as inner) if node.name in _COUNTING:
            return guards(inner, resolver, holds=holds)
        case nodes.And() | nodes.Or():
            return _both(node, resolver, holds=holds)
        case nodes.Compare(ops=[operand]):
            return _compared(node.expr, operand, resolver, holds=holds)
        case nodes.Test():
            return _tested(node, resolver, holds=holds)
        case _:
            return _truth(node, resolver, holds=holds)


def loop_guards(
    node: nodes.Node, resolver: Resolver, *, holds: bool = True
) -> tuple[Guard, ...]:
    """Return what has to hold for there to be items of *node*, or for none to be."""
    match node:
        case nodes.Call(node=nodes.EnvironmentAttribute(), args=[inner]):
            return loop_guards(inner, resolver, holds=holds)
        case nodes.Call(node=nodes.Getattr(attr=name, node=inner), args=[]):
            return loop_guards(inner, resolver, holds=holds) if name in _VIEWS else ()
        case nodes.Filter(name=name, node=inner) if inner is not None:
            return loop_guards(inner, resolver, holds=holds) if name in _AS_LONG else ()
    return _truth(node, resolver, holds=holds)


def _both(
    node: nodes.And | nodes.Or, resolver: Resolver, *, holds: bool
) -> tuple[Guard, ...]:
    if isinstance(node, nodes.And) is not holds:
        return ()
    left = guards(node.left, resolver, holds=holds)
    return (*left, *guards(node.right, resolver, holds=holds))


def _truth(node: nodes.Node, resolver: Resolver, *, holds: bool) -> tuple[Guard, ...]:
    if isinstance(node, nodes.Const):
        return (Guard((), resolver.place(node), holds=holds, constant=node.value),)
    value = resolver.resolve(node)
    if value is not None:
        return (Guard(*value, holds=holds),)
    return ()


def _compared(
    left: nodes.Node, operand: nodes.Operand, resolver: Resolver, *, holds: bool
) -> tuple[Guard, ...]:
    right = operand.expr
    if isinstance(left, nodes.Const):
        left, right = right, left
        if operand.op not in ("eq", "ne"):
            return ()
    match operand.op:
        case "in" | "notin":  # codespell:ignore notin
            if not isinstance(right, (nodes.List, nodes.Tuple)):
                return ()
            if len(right.items) != 1:
                return ()
            right = right.items[0]
        case "eq" | "ne":
            pass
        case _:
            return ()
    is_positive = operand.op in ("eq", "in")
    return _equality(left, right, resolver, holds=holds is is_positive)


def _equality(
    left: nodes.Node, right: nodes.Node, resolver: Resolver, *, holds: bool
) -> tuple[Guard, ...]:
    value = resolver.resolve(left)
    if value is None or not isinstance(right, nodes.Const):
        return ()
    path, at = value
    return (Guard(path, at, Test.EQUALITY, holds, right.value),)


def _tested(node: nodes.Test, resolver: Resolver, *, holds: bool) -> tuple[Guard, ...]:
    inner = node.node
    if node.name in _EQUALITY | _INEQUALITY and len(node.args) == 1:
        is_positive = node.name in _EQUALITY
        return _equality(inner, node.args[0], resolver, holds=holds is is_positive)
    if node.name in _LITERALS:
        literal = nodes.Const(_LITERALS[node.name])
        return _equality(inner, literal, resolver, holds=holds)
    value = resolver.resolve(inner)
    if value is None or node.name not in ("defined", "undefined"):
        return ()
    path, at = value
    is_there = holds is (node.name == "defined")
    return (Guard(path, at, Test.PRESENCE, is_there),)
