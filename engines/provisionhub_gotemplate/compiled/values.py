"""Pieces of Python syntax, and what is known of the values that they give.

Text from templates enters code as constants only; every name is made up here.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

LOAD: Final = ast.Load()
STORE: Final = ast.Store()

ANY_KIND: Final = "any"
"""Nothing is known of the value: it may be nil."""


class UnsupportedError(Exception):
    """The template is for the executor alone."""


@dataclass(frozen=True, slots=True)
class Value:
    """An expression of Python.

    Attributes:
        node: The expression.
        kind: The Go type of what it gives, ``any`` where that is not known.
    """

    node: ast.expr
    kind: str = ANY_KIND

    @property
    def is_simple(self) -> bool:
        """Whether evaluating it twice costs nothing."""
        return isinstance(self.node, ast.Constant | ast.Name)


class Names:
    """Makes names up, and keeps what code of one module refers to.

    Attributes:
        globals: What the names refer to.
    """

    def __init__(self) -> None:
        self.globals: dict[str, object] = {}
        self._known: dict[int, str] = {}
        self._count = 0

    def fresh(self, prefix: str) -> str:
        """Return a name that is not yet used."""
        self._count += 1
        return f"{prefix}{self._count}"

    def of(self, value: object) -> ast.Name:
        """Return an expression for *value*, which the module keeps."""
        known = self._known.get(id(value))
        if known is None:
            known = self.fresh("g")
            self._known[id(value)] = known
            self.globals[known] = value
        return ast.Name(known, LOAD)

    def constant(self, value: object) -> ast.expr:
        """Return an expression for a constant of Go."""
        if type(value) in _CONSTANTS:
            return ast.Constant(value)  # type: ignore[arg-type]
        return self.of(value)

    def call(self, function: Callable[..., object], *values: ast.expr) -> ast.expr:
        """Return a call of *function*."""
        return ast.Call(self.of(function), list(values), [])


_CONSTANTS: Final = frozenset({bool, complex, float, int, str, type(None)})


def local(name: str) -> ast.Name:
    """Return an expression for a local variable."""
    return ast.Name(name, LOAD)


def bind(name: str, node: ast.expr) -> ast.expr:
    """Return ``(name := node)``."""
    return ast.NamedExpr(ast.Name(name, STORE), node)


def assign(name: str, node: ast.expr) -> ast.stmt:
    """Return ``name = node``."""
    return ast.Assign([ast.Name(name, STORE)], node)


def is_type(node: ast.expr, kind: type) -> ast.expr:
    """Return ``type(node) is kind``."""
    of_node = ast.Call(local("type"), [node], [])
    return ast.Compare(of_node, [ast.Is()], [local(kind.__name__)])


def either(test: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.expr:
    """Return ``then if test else otherwise``."""
    return ast.IfExp(test, then, otherwise)


def all_of(tests: Sequence[ast.expr]) -> ast.expr:
    """Return an expression for all of *tests*; each is evaluated in any case."""
    result = tests[0]
    for test in tests[1:]:
        result = ast.BinOp(result, ast.BitAnd(), test)
    return result


def formatted(node: ast.expr, specification: str = "") -> ast.expr:
    """Return ``{node:specification}``, a part of ``joined``."""
    if not specification:
        return ast.FormattedValue(node, -1)
    return ast.FormattedValue(node, -1, ast.JoinedStr([ast.Constant(specification)]))


def joined(parts: Sequence[ast.expr]) -> ast.expr:
    """Return one text of *parts*, which are constants and ``formatted``."""
    if not parts:
        return ast.Constant("")
    if len(parts) == 1 and isinstance(parts[0], ast.Constant):
        return parts[0]
    return ast.JoinedStr(list(parts))
