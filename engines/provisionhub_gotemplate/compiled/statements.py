"""Blocks to statements of Python.

Texts, values and small conditions that follow each other become one f-string, written
at once; what loops or sets variables stands between.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Final

from provisionhub_gotemplate.compiled.expressions import Expressions
from provisionhub_gotemplate.compiled.runtime import descend, elements, entries
from provisionhub_gotemplate.compiled.values import (
    STORE,
    UnsupportedError,
    Value,
    assign,
    bind,
    either,
    formatted,
    is_type,
    joined,
    local,
)
from provisionhub_gotemplate.nodes import (
    Action,
    Block,
    Break,
    Call,
    Continue,
    If,
    Pipeline,
    Probe,
    Range,
    Statement,
    Text,
    With,
)
from provisionhub_gotemplate.printing import show

_MAX_PARTS: Final = 200
"""Texts and values in one f-string: all of them are on Python's stack at once."""

_MAX_INLINE_DEPTH: Final = 8

RUN: Final = "run"
DEPTH: Final = "depth"
WRITE: Final = "write"


class Statements:
    """What compiles the blocks of one template.

    Args:
        expressions: What compiles its pipelines.
        assigned: Names of the variables that are assigned after their declaration.
        template: Returns an expression for the function of the template called so.
    """

    def __init__(
        self,
        expressions: Expressions,
        assigned: frozenset[str],
        template: Callable[[str], ast.expr],
    ) -> None:
        self._expressions = expressions
        self._names = expressions.names
        self._scope = expressions.scope
        self._assigned = assigned
        self._template = template
        self._is_in_else = False

    def block(self, dot: Value, block: Block) -> list[ast.stmt]:
        """Return the statements for *block*; its variables end with it."""
        mark = self._scope.mark()
        body: list[ast.stmt] = []
        parts: list[ast.expr] = []
        for node in block.nodes:
            part = self._part(dot, node, depth=0)
            if part is not None:
                parts.append(part)
                if len(parts) >= _MAX_PARTS:
                    body += _flush(parts)
                continue
            body += _flush(parts)
            body += self._statement(dot, node)
            if isinstance(node, Break | Continue):
                break
        body += _flush(parts)
        self._scope.pop(mark)
        return body or [ast.Pass()]

    # What is part of an f-string.

    def _part(self, dot: Value, node: Statement, *, depth: int) -> ast.expr | None:
        """Return *node* as a part of an f-string, if it can be one."""
        if isinstance(node, Text):
            return ast.Constant(node.text)
        if isinstance(node, Action) and not node.pipeline.variables:
            return self._shown(self._expressions.pipeline(dot, node.pipeline))
        if isinstance(node, If) and not node.pipeline.variables:
            return self._condition(dot, node, depth)
        return None

    def _condition(self, dot: Value, node: If, depth: int) -> ast.expr | None:
        if depth >= _MAX_INLINE_DEPTH:
            return None
        then = self._parts(dot, node.body, depth)
        otherwise = self._parts(dot, node.otherwise, depth) if node.otherwise else []
        if then is None or otherwise is None:
            return None
        test = self._expressions.pipeline(dot, node.pipeline).node
        return formatted(either(test, joined(then), joined(otherwise)))

    def _parts(self, dot: Value, block: Block, depth: int) -> list[ast.expr] | None:
        if not all(map(_may_be_part, block.nodes)) or len(block.nodes) > _MAX_PARTS:
            return None
        parts: list[ast.expr] = []
        for node in block.nodes:
            part = self._part(dot, node, depth=depth + 1)
            if part is None:
                return None
            parts.append(part)
        return parts

    def _shown(self, value: Value) -> ast.expr:
        """Return what an action prints, as a part of an f-string."""
        node = value.node
        if value.kind in {"string", "int"}:
            return formatted(node)
        name = self._names.fresh("v")
        test = is_type(bind(name, node), str)
        slow = self._names.call(show, local(name))
        return formatted(either(test, local(name), slow))

    # What stands by itself.

    def _statement(self, dot: Value, node: Statement) -> list[ast.stmt]:
        match node:
            case Action():
                return self._set(dot, node.pipeline)[0]
            case If() | With() | Range():
                return self._branch(dot, node)
            case Call():
                return self._call(dot, node)
            case Break():
                return self._break()
            case Continue():
                return [ast.Continue()]
            case Text() | Probe():
                raise UnsupportedError

    def _break(self) -> list[ast.stmt]:
        if self._is_in_else:
            # Go ends the loop that has nothing to go through, which is none here.
            raise UnsupportedError
        return [ast.Break()]

    def _branch(self, dot: Value, node: If | With | Range) -> list[ast.stmt]:
        match node:
            case If():
                return self._if(dot, node)
            case With():
                return self._with(dot, node)
            case Range():
                return self._range(dot, node)

    def _set(self, dot: Value, pipeline: Pipeline) -> tuple[list[ast.stmt], Value]:
        """Return what evaluates a pipeline and sets its variables, and the value."""
        value = self._expressions.pipeline(dot, pipeline)
        if not pipeline.variables:
            return [], value
        name = self._names.fresh("x")
        body = [assign(name, value.node)]
        for variable in pipeline.variables:
            body += self._set_variable(
                variable.names[0], Value(local(name), value.kind), pipeline
            )
        return body, Value(local(name), value.kind)

    def _set_variable(
        self, name: str, value: Value, pipeline: Pipeline
    ) -> list[ast.stmt]:
        if pipeline.is_assignment:
            target = self._scope.find(name).node
            if not isinstance(target, ast.Name):
                raise UnsupportedError
            return [assign(target.id, value.node)]
        if name not in self._assigned:
            self._scope.declare(name, value)
            return []
        own = self._names.fresh("y")
        self._scope.declare(name, Value(local(own)))
        return [assign(own, value.node)]

    def _if(self, dot: Value, node: If) -> list[ast.stmt]:
        mark = self._scope.mark()
        body, value = self._set(dot, node.pipeline)
        then = self.block(dot, node.body)
        otherwise = self.block(dot, node.otherwise) if node.otherwise else []
        self._scope.pop(mark)
        return [*body, ast.If(value.node, then, otherwise)]

    def _with(self, dot: Value, node: With) -> list[ast.stmt]:
        mark = self._scope.mark()
        body, value = self._set(dot, node.pipeline)
        name = self._names.fresh("d")
        body.append(assign(name, value.node))
        then = self.block(Value(local(name), value.kind), node.body)
        otherwise = self.block(dot, node.otherwise) if node.otherwise else []
        self._scope.pop(mark)
        return [*body, ast.If(local(name), then, otherwise)]

    def _range(self, dot: Value, node: Range) -> list[ast.stmt]:
        pipeline = node.pipeline
        mark = self._scope.mark()
        body, value = self._set(dot, pipeline)
        self._scope.pop(mark)
        over = self._names.fresh("r")
        element = self._names.fresh("e")
        has_index = len(pipeline.variables) > 1
        loop = self._names.call(
            entries if has_index else elements, value.node, local(RUN)
        )
        targets = [self._names.fresh("i")] if has_index else []
        targets.append(element)
        turn: list[ast.stmt] = []
        for variable, name in zip(
            pipeline.variables, targets[-len(pipeline.variables) :], strict=False
        ):
            turn += self._set_variable(variable.names[0], Value(local(name)), pipeline)
        was_in_else, self._is_in_else = self._is_in_else, False
        turn += self.block(Value(local(element)), node.body)
        self._scope.pop(mark)
        self._is_in_else = True
        otherwise = self.block(dot, node.otherwise) if node.otherwise else []
        self._is_in_else = was_in_else
        return [
            *body,
            assign(over, loop),
            ast.If(
                local(over),
                [ast.For(_target(targets), local(over), turn, [])],
                otherwise,
            ),
        ]

    def _call(self, dot: Value, node: Call) -> list[ast.stmt]:
        function = self._template(node.name)
        body: list[ast.stmt] = []
        value = Value(ast.Constant(None))
        if node.pipeline is not None:
            body, value = self._set(dot, node.pipeline)
        deeper = ast.BinOp(local(DEPTH), ast.Add(), ast.Constant(1))
        call = ast.Call(function, [value.node, local(RUN), deeper], [])
        return [*body, ast.Expr(call)]

    def function(self, name: str, block: Block) -> ast.FunctionDef:
        """Return the function for a whole template."""
        dot = Value(local("dot"))
        self._scope.declare("$", Value(local("data")))
        output = ast.Attribute(local(RUN), "output", ast.Load())
        body = [
            assign("data", dot.node),
            ast.Expr(self._names.call(descend, local(DEPTH))),
            assign(WRITE, ast.Attribute(output, "append", ast.Load())),
            *self.block(dot, block),
        ]
        parameters = [ast.arg(parameter) for parameter in ("dot", RUN, DEPTH)]
        arguments = ast.arguments(
            posonlyargs=[],
            args=parameters,
            kwonlyargs=[],
            kw_defaults=[],
            defaults=[],
        )
        return ast.FunctionDef(name, arguments, body, [])


def _may_be_part(node: Statement) -> bool:
    return isinstance(node, Text | Action | If)


def _flush(parts: list[ast.expr]) -> list[ast.stmt]:
    """Return what writes *parts*, which are then none."""
    if not parts:
        return []
    call = ast.Call(local(WRITE), [joined(parts)], [])
    parts.clear()
    return [ast.Expr(call)]


def _target(names: Sequence[str]) -> ast.expr:
    stored: list[ast.expr] = [ast.Name(name, STORE) for name in names]
    return stored[0] if len(stored) == 1 else ast.Tuple(stored, STORE)
