"""From a spot in the generated Python code back to the word in the template.

Rendering keeps no record of places. Only when something has failed is the template
parsed and compiled once more, now noting which stretch of code each node of the tree
has written; Python knows the exact stretch of code that failed (PEP 657), and the
smallest noted stretch around it is the node.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Final, cast

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.lexer import Token

from provisionhub.source import Location, Source
from provisionhub_jinja.compiler import TemplateCompiler

if TYPE_CHECKING:
    from provisionhub_jinja.environment import TemplateEnvironment
    from provisionhub_jinja.templates import CompiledTemplate


_OWN_FUNCTION: Final = nodes.EnvironmentAttribute
_LONGEST_WORD: Final = 100
_ENDS: Final = ("variable_end", "block_end")
# What they name has no node of its own.
_STATEMENTS: Final = (nodes.FromImport, nodes.Template)
_PARTS: Final[Mapping[type[nodes.Node], str]] = {
    nodes.Assign: "target",
    nodes.Call: "node",
    nodes.CallBlock: "call",
    nodes.CondExpr: "expr1",
    nodes.Extends: "template",
    nodes.FilterBlock: "filter",
    nodes.For: "iter",
    nodes.FromImport: "template",
    nodes.Getitem: "arg",
    nodes.If: "test",
    nodes.Import: "template",
    nodes.Include: "template",
    nodes.Keyword: "value",
}
"""The attribute of a node that holds what stands for all of it."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of generated code, in characters, and the node that wrote it."""

    start: int
    end: int
    node: nodes.Node


class RecordingCompiler(TemplateCompiler):
    """Writes the same code as its base, and notes which node wrote what.

    Attributes:
        spans: The notes, in no particular order.
    """

    def __init__(self, environment: TemplateEnvironment, file: str) -> None:
        super().__init__(environment, file, None, optimized=False)
        self.spans: list[Span] = []
        self._starts: list[int] = []

    @property
    def code(self) -> str:
        """The code written so far."""
        code: str = self.stream.getvalue()  # type: ignore[attr-defined]  # a StringIO
        return code

    def visit(self, node: nodes.Node, *args: object, **kwargs: object) -> object:
        """Write *node*'s code."""
        start = self.stream.tell()
        result: object = super().visit(node, *args, **kwargs)
        self.spans.append(Span(start, self.stream.tell(), node))
        return result

    def write_checked(self, check: str, node: nodes.Expr, frame: Frame) -> None:
        """Write *node*'s code and the check around it."""
        start = self.stream.tell()
        super().write_checked(check, node, frame)
        self.spans.append(Span(start, self.stream.tell(), node))

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        is_yielded = frame.buffer is None
        self._starts.append(self.stream.tell() - (len("yield ") if is_yielded else 0))
        super()._output_child_pre(node, frame, finalize)

    def _output_child_post(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        super()._output_child_post(node, frame, finalize)
        self.spans.append(Span(self._starts.pop(), self.stream.tell(), node))


class SourceMap:
    """The places of one template."""

    def __init__(self, environment: TemplateEnvironment, source: Source) -> None:
        self._lexer = environment.token_rules
        self._environment = environment
        self.source = source

    def node_at(self, code: CodeType, instruction: int) -> nodes.Node | None:
        """Return the node that wrote the *instruction* (its index) of *code*."""
        positions = list(code.co_positions())
        line, end_line, column, end_column = positions[instruction // 2]
        if line is None or end_line is None:
            return None
        try:
            if column is None or end_column is None:  # python -X no_debug_ranges
                text = self._lines[line - 1]
                column, end_column = len(text) - len(text.lstrip()), len(text.encode())
            start = self._offset(line, column)
            return self._smallest(start, self._offset(end_line, end_column))
        except RecursionError:  # there is little room left below whoever renders
            return None

    def node_near(self, line: int, column: int) -> nodes.Node | None:
        """Return the node that wrote what stands at *line* and *column* of the code."""
        offset = self._offset(line, column)
        return self._smallest(offset, offset)

    def place(self, node: nodes.Node | None, word: object = None) -> Location:
        """Return the place of the word that *node* is about.

        Args:
            node: A node of this template; without one, its beginning is meant.
            word: What to look for inside the node's tag, if it stands there as text.
        """
        if node is None:
            return self.source.at(1)
        if isinstance(word, str) and len(word) <= _LONGEST_WORD:
            inner = self._word(node, word)
            if inner is not None:
                return inner
        return self._locate(self._anchor(node))

    def path(self, node: nodes.Node | None) -> str | None:
        """Return *node* as it was written, if it is a name with dots and keys."""
        if isinstance(node, nodes.Name):
            return node.name
        if isinstance(node, nodes.Getattr):
            return _joined(self.path(node.node), f".{node.attr}")
        if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            return _joined(self.path(node.node), f"[{node.arg.value!r}]")
        return None

    def function_of(self, node: nodes.Filter | nodes.Test) -> Callable[..., object]:
        """Return what implements the filter or test of *node*."""
        is_filter = isinstance(node, nodes.Filter)
        environment = self._environment
        known = environment.filters if is_filter else environment.tests
        return cast("Callable[..., object]", known[node.name])

    @cached_property
    def tree(self) -> nodes.Template:
        """The template, parsed once more."""
        return self._environment.parse_source(self.source)

    @cached_property
    def _compiled(self) -> RecordingCompiler:
        compiler = RecordingCompiler(self._environment, self.source.file)
        compiler.visit(self.tree)
        return compiler

    @cached_property
    def _lines(self) -> list[str]:
        return self._compiled.code.split("\n")

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        for line in self._lines:
            starts.append(starts[-1] + len(line) + 1)
        return starts

    @cached_property
    def _tokens(self) -> list[Token]:
        return list(self._lexer.tokens(self.source, []))

    def _offset(self, line: int, column: int) -> int:
        """Return the offset in the code of *line* (from 1) and *column* (in bytes)."""
        text = self._lines[line - 1].encode()[:column].decode(errors="replace")
        return self._line_starts[line - 1] + len(text)

    def _smallest(self, start: int, end: int) -> nodes.Node | None:
        around = [
            span
            for span in self._compiled.spans
            if span.start <= start and end <= span.end
        ]
        if not around:
            return None
        return min(around, key=lambda span: span.end - span.start).node

    def _locate(self, offset: int) -> Location:
        text = self.source.text
        width = self._lexer.width_at(text, offset)
        if text[offset] in "\"'" and width > 2:  # noqa: PLR2004 - both quotes
            return self.source.locate(offset + 1, width - 2)
        return self.source.locate(offset, width)

    def _word(self, node: nodes.Node, word: str) -> Location | None:
        """Return the place of *word* inside a text literal of *node*'s tag."""
        is_statement = isinstance(node, _STATEMENTS)
        for token in self._tokens[self._index(_leftmost(node)) :]:
            if token.type in _ENDS and not isinstance(node, nodes.Template):
                break
            if token.type == "name" and token.value == word and is_statement:
                return self.source.locate(token.lineno, len(word))
            if token.type == "string":
                raw = self.source.text[token.lineno :]
                raw = raw[: self._lexer.width_at(self.source.text, token.lineno)]
                if found := re.search(rf"(?<![^\W]){re.escape(word)}(?!\w)", raw):
                    return self.source.locate(token.lineno + found.start(), len(word))
        return None

    def _index(self, offset: int) -> int:
        return bisect_left(self._tokens, offset, key=lambda token: token.lineno)

    def _after(self, offset: int) -> int:
        return self._tokens[self._index(offset) + 1].lineno

    def _operator_before(self, right: nodes.Node) -> int:
        index = self._index(_leftmost(right)) - 1
        while index > 0 and self._tokens[index].type == "lparen":
            index -= 1
        return self._tokens[index].lineno

    def _anchor(self, node: nodes.Node) -> int:
        """Return the offset of the token that stands for *node*."""
        match node:
            case nodes.Getattr() | nodes.Getitem(arg=nodes.Const()):
                return self._after(node.lineno)
            case nodes.Test():
                after = self._after(node.lineno)
                is_negated = self._tokens[self._index(after)].value == "not"
                return self._after(after) if is_negated else after
            case nodes.BinExpr(right=right) | nodes.Concat(nodes=[_, right, *_]):
                return self._operator_before(right)
            case nodes.Compare(ops=[first, *_]):
                return self._operator_before(first.expr)
            case _:
                inner = _part(node)
                return node.lineno if inner is None else self._anchor(inner)


@dataclass(frozen=True, slots=True)
class Spot:
    """A node of a template that failed; no node if it can't be told."""

    map: SourceMap
    node: nodes.Node | None

    def place(self, word: object = None) -> Location:
        """Return the place in the source; see `SourceMap.place`."""
        return self.map.place(self.node, word)

    @classmethod
    def of(cls, frame: FrameType, instruction: int) -> Spot:
        """Return what *instruction* of the template's code in *frame* stands for."""
        template: CompiledTemplate = frame.f_globals["__jinja_template__"]
        source_map = template.source_map
        return cls(source_map, source_map.node_at(frame.f_code, instruction))


def _part(node: nodes.Node) -> nodes.Node | None:
    """Return the part of *node* that stands for all of it, if there is one."""
    if isinstance(node, nodes.Call) and isinstance(node.node, _OWN_FUNCTION):
        return node.args[0]
    if isinstance(node, (nodes.Tuple, nodes.Output)):
        return next(iter(node.iter_child_nodes()), None)
    part: nodes.Node | None = getattr(node, _PARTS.get(type(node), ""), None)
    return part


def _leftmost(node: nodes.Node) -> int:
    """Return the offset of the first token of *node* that is in the tree."""
    offset, pending = node.lineno, [node]
    while pending:
        each = pending.pop()
        if isinstance(each, nodes.Expr):
            offset = min(offset, each.lineno)
        pending += each.iter_child_nodes()
    return offset


def _joined(path: str | None, step: str) -> str | None:
    return None if path is None else path + step
