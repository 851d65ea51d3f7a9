"""Tokens to pipelines: what stands between the delimiters of an action."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Final

from provisionhub_gotemplate.cursor import Cursor
from provisionhub_gotemplate.lexer import Token
from provisionhub_gotemplate.limits import MAX_PARENTHESES
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
    Tree,
    Variable,
)
from provisionhub_gotemplate.numbers import NumberError, parse_number
from provisionhub_gotemplate.quoting import quote


class PipelineParser(Cursor):
    """The parser of one template's pipelines.

    Attributes:
        functions: The names of the functions that may be called.
        variables: The names of the variables known, the last declared last.
    """

    def __init__(
        self, tree: Tree, tokens: list[Token], index: int, functions: Container[str]
    ) -> None:
        super().__init__(tree, tokens, index)
        self.functions = functions
        self.variables = ["$"]
        self._parentheses = 0

    def parse_pipeline(self, context: str, end: str) -> Pipeline:
        """Parse ``[$x [, $y] (:= | =)] command (| command)*`` and the *end* token."""
        token = self.peek_non_space()
        pipeline = Pipeline(token.start)
        if token.kind == "variable":
            self._parse_declarations(pipeline, context)
        commands = pipeline.commands
        while (token := self.next_non_space()).kind != end:
            if token.kind not in _TERMS:
                raise self.unexpected(token, context)
            self.index -= 1
            commands.append(self._parse_command())
        if not commands:
            raise self.error(f"missing value for {context}")
        for stage, command in enumerate(commands[1:], start=2):
            if type(command.arguments[0]) in _NOT_EXECUTABLE:
                raise self.error(f"non executable command in pipeline stage {stage}")
        return pipeline

    def _parse_declarations(self, pipeline: Pipeline, context: str) -> None:
        """Parse ``$x [, $y] (:= | =)`` if it is there; a variable is next."""
        while (token := self.peek_non_space()).kind == "variable":
            start = self.index
            self.index += 1
            following = self.next_non_space()
            if following.kind in {"assign", "declare"}:
                pipeline.is_assignment = following.kind == "assign"
                self._declare(pipeline, token)
                return
            if following.kind != "char" or following.value != ",":
                self.index = start
                return
            self._declare(pipeline, token)
            if context != "range" or len(pipeline.variables) > 1:
                raise self.error(f"too many declarations in {context}")
            if self.peek_non_space().kind not in _AFTER_COMMA:
                raise self.error("range can only initialize variables")

    def _declare(self, pipeline: Pipeline, token: Token) -> None:
        pipeline.variables.append(Variable(token.start, (token.value,)))
        self.variables.append(token.value)

    def _parse_command(self) -> Command:
        """Parse ``operand (space operand)*`` and a ``|`` after it."""
        command = Command(self.peek_non_space().start)
        arguments = command.arguments
        while True:
            operand = self._parse_operand()
            if operand is not None:
                arguments.append(operand)
            token = self.next()
            kind = token.kind
            if kind == "space":
                continue
            if kind in {"right_delim", "right_paren"}:
                self.index -= 1
            elif kind != "pipe":
                raise self.unexpected(token, "operand")
            break
        if not arguments:
            raise self.error("empty command")
        return command

    def _parse_operand(self) -> Term | None:
        """Parse ``term field*``; nothing if no term is next."""
        token = self.next_non_space()
        parse_term = _TERMS.get(token.kind)
        if parse_term is None:
            self.index -= 1
            return None
        term = parse_term(self, token)
        token = self.peek()
        if token.kind != "field":
            return term
        start = token.start
        names: list[str] = []
        while token.kind == "field":
            names.append(token.value[1:])
            self.index += 1
            token = self.peek()
        return self._chained(term, start, tuple(names))

    def _chained(self, term: Term, start: int, names: tuple[str, ...]) -> Term:
        # Go moves a chain's place to its second element, and so errors point there.
        if isinstance(term, Field):
            return Field(start, term.names + names)
        if isinstance(term, Variable):
            return Variable(start, term.names + names)
        if isinstance(term, Bool | String | NumberLiteral | Nil | Dot):
            raise self.error(f"unexpected . after term {quote(str(term))}")
        return Chain(start, term, names)

    def parse_identifier(self, token: Token) -> Term:
        """Return the node for a function's name."""
        if token.value not in self.functions:
            raise self.error(f"function {quote(token.value)} not defined")
        self.tree.functions.add(token.value)
        return Identifier(token.start, token.value)

    def parse_dot(self, token: Token) -> Term:
        """Return the node for ``.``."""
        return Dot(token.start)

    def parse_nil(self, token: Token) -> Term:
        """Return the node for ``nil``."""
        return Nil(token.start)

    def parse_variable(self, token: Token) -> Term:
        """Return the node for a variable."""
        if token.value not in self.variables:
            raise self.error(f"undefined variable {quote(token.value)}")
        return Variable(token.start, (token.value,))

    def parse_field(self, token: Token) -> Term:
        """Return the node for a field of the dot."""
        return Field(token.start, (token.value[1:],))

    def parse_bool(self, token: Token) -> Term:
        """Return the node for ``true`` or ``false``."""
        return Bool(token.start, token.value == "true")

    def parse_number(self, token: Token) -> Term:
        """Return the node for a number or a character."""
        try:
            number = parse_number(token.value, token.kind)
        except NumberError as error:
            raise self.error(str(error)) from None
        return NumberLiteral(token.start, token.value, number)

    def parse_string(self, token: Token) -> Term:
        """Return the node for a string."""
        return String(token.start, token.value, self.unquoted(token))

    def parse_parenthesis(self, _: Token) -> Term:
        """Parse ``(pipeline)``; the parenthesis is past."""
        if self._parentheses >= MAX_PARENTHESES:
            raise self.error("max expression depth exceeded")
        self._parentheses += 1
        pipeline = self.parse_pipeline("parenthesized pipeline", "right_paren")
        self._parentheses -= 1
        return pipeline


_TERMS: Final[dict[str, Callable[[PipelineParser, Token], Term]]] = {
    "identifier": PipelineParser.parse_identifier,
    "dot": PipelineParser.parse_dot,
    "nil": PipelineParser.parse_nil,
    "variable": PipelineParser.parse_variable,
    "field": PipelineParser.parse_field,
    "bool": PipelineParser.parse_bool,
    "number": PipelineParser.parse_number,
    "complex": PipelineParser.parse_number,
    "char_constant": PipelineParser.parse_number,
    "string": PipelineParser.parse_string,
    "raw_string": PipelineParser.parse_string,
    "left_paren": PipelineParser.parse_parenthesis,
}
_AFTER_COMMA: Final = frozenset({"variable", "right_delim", "right_paren"})
_NOT_EXECUTABLE: Final = frozenset({Bool, Dot, Nil, NumberLiteral, String})
