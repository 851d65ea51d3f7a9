"""Pipelines to expressions of Python."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Final

from provisionhub_gotemplate.arguments import constant, untyped
from provisionhub_gotemplate.compiled.calls import INLINE
from provisionhub_gotemplate.compiled.runtime import bail, field, nil, plain, typed
from provisionhub_gotemplate.compiled.values import (
    ANY_KIND,
    LOAD,
    Names,
    UnsupportedError,
    Value,
    bind,
    either,
    is_type,
    local,
)
from provisionhub_gotemplate.functions import ANY, REFLECT, Function
from provisionhub_gotemplate.limits import MAX_TEXT
from provisionhub_gotemplate.nodes import (
    Bool,
    Chain,
    Command,
    Dot,
    Field,
    Identifier,
    Nil,
    NumberLiteral,
    Pipeline,
    String,
    Term,
    Variable,
)
from provisionhub_gotemplate.values import go_type


class Scope:
    """The variables known at one place, the last declared last."""

    def __init__(self) -> None:
        self._variables: list[tuple[str, Value]] = []

    def declare(self, name: str, value: Value) -> None:
        """Make a variable known."""
        self._variables.append((name, value))

    def mark(self) -> int:
        """Return how many variables are known."""
        return len(self._variables)

    def pop(self, mark: int) -> None:
        """Forget the variables declared since *mark*."""
        del self._variables[mark:]

    def find(self, name: str) -> Value:
        """Return the variable declared last with *name*."""
        for known, value in reversed(self._variables):
            if known == name:
                return value
        raise UnsupportedError


class Expressions:
    """What compiles the pipelines of one template.

    Args:
        names: Where names come from.
        functions: What templates may call.
        lenient: Whether keys may be missing; otherwise one that is bails out.
    """

    def __init__(
        self, names: Names, functions: Mapping[str, Function], *, lenient: bool
    ) -> None:
        self.names = names
        self.scope = Scope()
        self._functions = functions
        self._lenient = lenient

    def pipeline(self, dot: Value, pipeline: Pipeline) -> Value:
        """Return what a pipeline gives, its variables aside."""
        value: Value | None = None
        for command in pipeline.commands:
            value = self._command(dot, command, value)
        if value is None:
            raise UnsupportedError
        return value

    def _command(self, dot: Value, command: Command, final: Value | None) -> Value:
        first, *given = command.arguments
        if isinstance(first, Identifier):
            return self._call(dot, first.name, given, final)
        if given or final is not None or isinstance(first, Nil):
            raise UnsupportedError
        return self._term(dot, first)

    def _term(self, dot: Value, term: Term) -> Value:
        match term:
            case Dot():
                return dot
            case Field() | Variable() | Chain():
                skip = isinstance(term, Variable)
                return self._fields(self._start(dot, term), term.names[skip:])
            case Pipeline(variables=[]):
                return self.pipeline(dot, term)
            case Identifier():
                return self._call(dot, term.name, (), None)
            case Pipeline() | Nil():
                raise UnsupportedError
            case Bool() | NumberLiteral() | String():
                return self._literal(untyped(term, _refuse))

    def _start(self, dot: Value, term: Field | Variable | Chain) -> Value:
        """Return what the names of *term* are fields of."""
        if isinstance(term, Field):
            return dot
        if isinstance(term, Chain):
            return self._term(dot, term.term)
        return self.scope.find(term.names[0])

    def _literal(self, value: object) -> Value:
        return Value(self.names.constant(value), go_type(value))

    def _fields(self, value: Value, names: Sequence[str]) -> Value:
        if names and value.kind != ANY_KIND and not value.kind.startswith("map["):
            raise UnsupportedError
        node = value.node
        for name in names:
            key = ast.Constant(name)
            if self._lenient:
                node = self.names.call(field, node, key)
            else:
                # Anything but a map with that key raises, and so bails out.
                node = ast.Subscript(node, key, LOAD)
        return Value(node) if names else value

    def _call(
        self, dot: Value, name: str, given: Sequence[Term], final: Value | None
    ) -> Value:
        function = self._callable(name, len(given) + (final is not None))
        values = [
            self._argument(dot, function.parameter(index), term)
            for index, term in enumerate(given)
        ]
        if final is not None:
            values.append(self._checked(final, function.parameter(len(given))))
        if function.is_builtin and name in _SHORTCUTS and final is not None:
            return self._shortcut(name, values)
        if function.is_builtin and name in INLINE:
            return INLINE[name](self.names, values)
        node = self.names.call(function.call, *[value.node for value in values])
        if function.result in {ANY, REFLECT}:
            return Value(
                self.names.call(plain, node) if function.result == REFLECT else node
            )
        if function.result == "string":
            node = self._bounded(node)
        return Value(node, function.result)

    def _callable(self, name: str, count: int) -> Function:
        """Return the function called *name*, if compiled code may call it so."""
        function = self._functions.get(name)
        if function is None or not function.pure or function.mutates:
            raise UnsupportedError
        if function.is_builtin and name == "call":
            raise UnsupportedError
        wanted = len(function.parameters)
        most = count if function.variadic else wanted
        if not wanted - function.variadic <= count <= most:
            raise UnsupportedError
        return function

    def _bounded(self, node: ast.expr) -> ast.expr:
        """Return a text, or bails out if it is too long."""
        name = self.names.fresh("b")
        length = ast.Call(local("len"), [bind(name, node)], [])
        test = ast.Compare(length, [ast.LtE()], [ast.Constant(MAX_TEXT)])
        return either(test, local(name), self.names.call(bail))

    def _shortcut(self, name: str, values: list[Value]) -> Value:
        """Return ``last | and first``: *last* was evaluated before, in any case."""
        *given, final = values
        own = self.names.fresh("f")
        value = INLINE[name](self.names, [*given, Value(local(own), final.kind)])
        pair = ast.Tuple([bind(own, final.node), value.node], LOAD)
        return Value(ast.Subscript(pair, ast.Constant(1), LOAD), value.kind)

    def _argument(self, dot: Value, kind: str, term: Term) -> Value:
        if isinstance(term, Nil):
            if kind not in {ANY, REFLECT}:
                raise UnsupportedError
            return Value(ast.Constant(None))
        if isinstance(term, Dot | Field | Variable | Chain | Pipeline | Identifier):
            return self._checked(self._term(dot, term), kind)
        return self._literal(constant(term, kind, _refuse))

    def _checked(self, value: Value, kind: str) -> Value:
        """Return *value* as a parameter of the type *kind* takes it, or bails out."""
        if kind in {value.kind, REFLECT}:
            return value
        if kind == ANY:
            if value.kind != ANY_KIND or not self._lenient:
                return value
            return Value(self.names.call(nil, value.node))
        if value.kind != ANY_KIND:
            raise UnsupportedError
        plain_type = _PLAIN_TYPES.get(kind)
        if plain_type is None:
            return Value(self.names.call(typed, value.node, ast.Constant(kind)), kind)
        name = self.names.fresh("a")
        test = is_type(bind(name, value.node), plain_type)
        return Value(either(test, local(name), self.names.call(bail)), kind)


_SHORTCUTS: Final = frozenset({"and", "or"})

_PLAIN_TYPES: Final[Mapping[str, type]] = {
    "string": str,
    "int": int,
    "bool": bool,
    "float64": float,
    f"[]{ANY}": list,
    f"map[string]{ANY}": dict,
}


def _refuse(_: str) -> UnsupportedError:
    return UnsupportedError()
