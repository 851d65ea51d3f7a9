"""The builtin functions that compiled code carries out itself, for plain values."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from provisionhub_gotemplate.builtins import BUILTINS
from provisionhub_gotemplate.compiled.formats import inline_format
from provisionhub_gotemplate.compiled.runtime import guarded, plain
from provisionhub_gotemplate.compiled.values import (
    ANY_KIND,
    Names,
    UnsupportedError,
    Value,
    all_of,
    bind,
    either,
    is_type,
    local,
)

Inline = Callable[[Names, Sequence[Value]], Value]

_KINDS: Final[Mapping[str, type]] = {
    "string": str,
    "int": int,
    "bool": bool,
    "float64": float,
}


def _not(_: Names, arguments: Sequence[Value]) -> Value:
    return Value(ast.UnaryOp(ast.Not(), arguments[0].node), "bool")


def _and(_: Names, arguments: Sequence[Value]) -> Value:
    return _boolean(ast.And(), arguments)


def _or(_: Names, arguments: Sequence[Value]) -> Value:
    return _boolean(ast.Or(), arguments)


def _boolean(operator: ast.boolop, arguments: Sequence[Value]) -> Value:
    if len(arguments) == 1:
        return arguments[0]
    kinds = {argument.kind for argument in arguments}
    node = ast.BoolOp(operator, [argument.node for argument in arguments])
    return Value(node, kinds.pop()) if len(kinds) == 1 else Value(node)


def _len(names: Names, arguments: Sequence[Value]) -> Value:
    name = names.fresh("l")
    test = is_type(bind(name, arguments[0].node), list)
    count = ast.Call(local("len"), [local(name)], [])
    slow = names.call(guarded(BUILTINS["len"].call), local(name))
    return Value(either(test, count, slow), "int")


def _index(names: Names, arguments: Sequence[Value]) -> Value:
    general = guarded(BUILTINS["index"].call)
    found = names.call(general, *[argument.node for argument in arguments])
    return Value(names.call(plain, found))


def _slice(names: Names, arguments: Sequence[Value]) -> Value:
    if not all(isinstance(given.node, ast.Constant) for given in arguments[1:]):
        # An index out of an interface is an error: the executor can tell.
        raise UnsupportedError
    general = guarded(BUILTINS["slice"].call)
    found = names.call(general, *[argument.node for argument in arguments])
    return Value(names.call(plain, found))


def _print(names: Names, arguments: Sequence[Value]) -> Value:
    general = BUILTINS["print"].call
    found = names.call(general, *[argument.node for argument in arguments])
    return Value(found, "string")


def _printf(names: Names, arguments: Sequence[Value]) -> Value:
    general = names.of(BUILTINS["printf"].call)
    form, *values = arguments
    if isinstance(form.node, ast.Constant) and isinstance(form.node.value, str):
        node = inline_format(form.node.value, values, names, general)
        if node is not None:
            return Value(node, "string")
    call = ast.Call(general, [argument.node for argument in arguments], [])
    return Value(call, "string")


def _comparison(name: str, operator: ast.cmpop, kinds: frozenset[str]) -> Inline:
    """Return how to compare, inline for *kinds* and by Go's rules for others."""

    def compare(names: Names, arguments: Sequence[Value]) -> Value:
        general = guarded(BUILTINS[name].call)
        if len(arguments) != 2:  # noqa: PLR2004 - `eq` takes more
            nodes = [argument.node for argument in arguments]
            return Value(names.call(general, *nodes), "bool")
        left, right = arguments
        tests, left_node = _checked(names, left, right, kinds)
        more, right_node = _checked(names, right, left, kinds)
        plainly = ast.Compare(left_node, [operator], [right_node])
        tests += more
        if not tests or left.kind == right.kind == ANY_KIND:
            return Value(names.call(general, left.node, right.node), "bool")
        slow = names.call(general, left_node, right_node)
        return Value(either(all_of(tests), plainly, slow), "bool")

    return compare


def _checked(
    names: Names, value: Value, other: Value, kinds: frozenset[str]
) -> tuple[list[ast.expr], ast.expr]:
    """Return the test that *value* is of the other's type, and how to name it then."""
    if value.kind in kinds and isinstance(value.node, ast.Constant):
        return [], value.node
    kind = other.kind if other.kind in kinds else value.kind
    if kind not in kinds:
        return [], value.node
    name = names.fresh("c")
    return [is_type(bind(name, value.node), _KINDS[kind])], local(name)


_EQUAL: Final = frozenset({"string", "int", "bool", "float64"})
_ORDERED: Final = frozenset({"int", "float64"})

INLINE: Final[Mapping[str, Inline]] = {
    "and": _and,
    "or": _or,
    "not": _not,
    "len": _len,
    "index": _index,
    "slice": _slice,
    "print": _print,
    "printf": _printf,
    "eq": _comparison("eq", ast.Eq(), _EQUAL),
    "ne": _comparison("ne", ast.NotEq(), _EQUAL),
    "lt": _comparison("lt", ast.Lt(), _ORDERED),
    "le": _comparison("le", ast.LtE(), _ORDERED),
    "gt": _comparison("gt", ast.Gt(), _ORDERED),
    "ge": _comparison("ge", ast.GtE(), _ORDERED),
}
"""How to carry out a builtin function, by its name."""
