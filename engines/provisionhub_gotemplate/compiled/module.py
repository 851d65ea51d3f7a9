"""Templates that call each other to functions that do."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from provisionhub_gotemplate.budget import Budget
from provisionhub_gotemplate.compiled.expressions import Expressions
from provisionhub_gotemplate.compiled.runtime import Run
from provisionhub_gotemplate.compiled.statements import Statements
from provisionhub_gotemplate.compiled.values import Names, UnsupportedError, local
from provisionhub_gotemplate.functions import Function
from provisionhub_gotemplate.nodes import (
    Action,
    Block,
    Branch,
    Call,
    Pipeline,
    Tree,
)

Compiled: TypeAlias = Callable[[object, Budget], str]

_MAX_SOURCE: Final = 200_000
"""Characters of a source that is worth compiling, or safe to."""


def compile_tree(
    tree: Tree,
    trees: Mapping[str, Tree],
    functions: Mapping[str, Function],
    *,
    lenient: bool,
) -> Compiled:
    """Return a function that does what *tree* does with plain data.

    It raises at anything else: ``Bail``, or what Python raises for a missing key.

    Args:
        tree: The template to start with.
        trees: The templates that it may call.
        functions: The functions that it may call.
        lenient: Whether keys may be missing.

    Raises:
        UnsupportedError: If the template does what compiled code does not.
    """
    module = _Module(trees, functions, lenient=lenient)
    try:
        module.add(tree)
        start = module.load(tree)
    except (RecursionError, MemoryError, SyntaxError, ValueError) as error:
        # Too deep, or too much, for Python's own compiler.
        raise UnsupportedError from error

    def run(data: object, budget: Budget) -> str:
        state = Run(budget)
        start(data, state, 0)
        state.measure()
        return "".join(state.output)

    return run


class _Module:
    """The functions of the templates that one template reaches."""

    def __init__(
        self,
        trees: Mapping[str, Tree],
        functions: Mapping[str, Function],
        *,
        lenient: bool,
    ) -> None:
        self._trees = trees
        self._functions = functions
        self._lenient = lenient
        self._names = Names()
        self._known: dict[str, str] = {}
        self._waiting: list[Tree] = []
        self._code: list[ast.stmt] = []

    def add(self, tree: Tree) -> None:
        """Compile *tree* and all that it calls."""
        self._function_of(tree)
        while self._waiting:
            self._compile(self._waiting.pop())

    def load(self, tree: Tree) -> Callable[[object, Run, int], None]:
        """Return the function of *tree*."""
        module = ast.Module(self._code, type_ignores=[])
        ast.fix_missing_locations(module)
        code = compile(module, f"<template {tree.name}>", "exec", dont_inherit=True)
        namespace = dict(self._names.globals)
        exec(code, namespace)  # noqa: S102 - code made of our own syntax nodes alone
        start: Callable[[object, Run, int], None] = namespace[self._known[tree.name]]  # type: ignore[assignment]
        return start

    def _function_of(self, tree: Tree) -> str:
        known = self._known.get(tree.name)
        if known is None:
            if len(tree.source) > _MAX_SOURCE:
                raise UnsupportedError
            known = self._known[tree.name] = self._names.fresh("template")
            self._waiting.append(tree)
        return known

    def _template(self, name: str) -> ast.expr:
        tree = self._trees.get(name)
        if tree is None:
            raise UnsupportedError
        return local(self._function_of(tree))

    def _compile(self, tree: Tree) -> None:
        expressions = Expressions(self._names, self._functions, lenient=self._lenient)
        assigned = frozenset(_assigned(tree.root))
        statements = Statements(expressions, assigned, self._template)
        name = self._known[tree.name]
        self._code.append(statements.function(name, tree.root))


def _assigned(block: Block) -> Iterator[str]:
    """Yield the names of the variables that *block* assigns."""
    for node in block.nodes:
        if isinstance(node, Action | Branch):
            yield from _assigned_by(node.pipeline)
        if isinstance(node, Branch):
            yield from _assigned(node.body)
            if node.otherwise is not None:
                yield from _assigned(node.otherwise)
        if isinstance(node, Call) and node.pipeline is not None:
            yield from _assigned_by(node.pipeline)


def _assigned_by(pipeline: Pipeline) -> Iterator[str]:
    if pipeline.is_assignment:
        yield from (variable.names[0] for variable in pipeline.variables)
