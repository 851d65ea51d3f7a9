"""Tokens to a tree, with bounds on its depth and with messages for people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NoReturn, TypeVar, cast

from jinja2 import TemplateSyntaxError as JinjaSyntaxError
from jinja2 import nodes
from jinja2.lexer import Token, TokenStream
from jinja2.parser import Parser

from provisionhub.errors import (
    LimitExceededError,
    TemplateSyntaxError,
)
from provisionhub.source import Location, Source
from provisionhub_jinja.lexer import Lexer
from provisionhub_jinja.limits import (
    MAX_BLOCKS,
    MAX_BRANCHES,
    MAX_EXPRESSION_DEPTH,
    MAX_LOOPS,
    MAX_OPERANDS,
)
from provisionhub_jinja.options import Options
from provisionhub_jinja.rewording import suggest

if TYPE_CHECKING:
    from provisionhub_jinja.environment import TemplateEnvironment

_MacroCall = TypeVar("_MacroCall", nodes.Macro, nodes.CallBlock)

_TAGS: Final = (
    "block", "break", "call", "continue", "do", "extends", "filter", "for", "from",
    "if", "import", "include", "macro", "raw", "set", "with", "autoescape", "print",
)  # fmt: skip
_INSIDE: Final = ("else", "elif")
_QUOTED: Final = re.compile(r"(?<!\w)'([^']*)'(?!\w)")


class OffsetStream(TokenStream):
    """The tokens of one source.

    Attributes:
        source: What they were read from.
        long_tags: Offsets of the tags read so far that may nest too deeply.
    """

    def __init__(self, lexer: Lexer, source: Source) -> None:
        self.lexer = lexer
        self.source = source
        self.long_tags: list[int] = []
        super().__init__(lexer.tokens(source, self.long_tags), source.file, None)

    def locate(self, offset: int) -> Location:
        """Return the place of the token at *offset*."""
        width = self.lexer.width_at(self.source.text, offset)
        return self.source.locate(offset, width)


class TemplateParser(Parser):
    """Jinja2's parser, whose nodes know their offset (``lineno``) in the source."""

    stream: OffsetStream

    def __init__(self, environment: TemplateEnvironment, source: Source) -> None:
        super().__init__(environment, source.text, source.file)
        self._options = environment.options
        self._open: list[Token] = []
        self._operands = 0
        self._loops = 0

    def parse(self) -> nodes.Template:
        """Return the tree of the whole template.

        Raises:
            TemplateSyntaxError: With the place of what does not fit.
            LimitExceededError: If the template is nested too deeply.
        """
        try:
            template = super().parse()
        except JinjaSyntaxError as error:
            message = _reword(error.message or "", self._options)
            at = self.stream.locate(error.lineno)
            raise TemplateSyntaxError(message, at=at) from None
        except RecursionError:
            offset = self.stream.current.lineno
            self._exceed("is nested too deeply", "nesting", MAX_BLOCKS, offset)
        if self.stream.long_tags:
            self._check_depth(template)
        return template

    def parse_statement(self) -> nodes.Node | list[nodes.Node]:
        """Parse a block tag; its first token is current."""
        token = self.stream.current
        self._open.append(token)
        if len(self._open) > MAX_BLOCKS:
            self._exceed("nests too many blocks", "blocks", MAX_BLOCKS, token.lineno)
        try:
            return super().parse_statement()
        finally:
            self._open.pop()

    def parse_for(self) -> nodes.For:
        """Parse a loop, which counts what it loops over."""
        self._loops += 1
        if self._loops > MAX_LOOPS:
            offset = self.stream.current.lineno
            self._exceed("nests too many loops", "loops", MAX_LOOPS, offset)
        node = super().parse_for()
        self._loops -= 1
        count = nodes.EnvironmentAttribute("count_turns", lineno=node.iter.lineno)
        node.iter = nodes.Call(
            count, [node.iter], [], None, None, lineno=node.iter.lineno
        )
        return node

    def parse_set(self) -> nodes.Assign | nodes.AssignBlock:
        """Parse ``set``; the filter of a block becomes a block of its own.

        Jinja2 3.1 can't compile a name among the arguments of such a filter.
        """
        node = super().parse_set()
        if isinstance(node, nodes.AssignBlock) and node.filter is not None:
            node.body = [nodes.FilterBlock(node.body, node.filter, lineno=node.lineno)]
            node.filter = None
        return node

    def parse_if(self) -> nodes.If:
        """Parse a condition, whose branches Python nests in one another."""
        node = super().parse_if()
        if len(node.elif_) > MAX_BRANCHES:
            offset = node.elif_[MAX_BRANCHES].lineno
            self._exceed("has too many branches", "branches", MAX_BRANCHES, offset)
        return node

    def parse_signature(self, node: _MacroCall) -> None:
        """Parse the parameters of a macro; each name may stand there once."""
        super().parse_signature(node)
        names: set[str] = set()
        for argument in node.args:
            if argument.name in names:
                self.fail(
                    f"there are two parameters '{argument.name}'", argument.lineno
                )
            names.add(argument.name)

    def parse_condexpr(self) -> nodes.Expr:
        """Parse ``a if b else c``, as every expression in brackets is parsed."""
        self._enter_operand()
        node = super().parse_condexpr()
        self._operands -= 1
        return node

    def parse_not(self) -> nodes.Expr:
        """Parse ``not a``."""
        if not self.stream.current.test("name:not"):
            return super().parse_not()
        self._enter_operand()
        node = super().parse_not()
        self._operands -= 1
        return node

    def parse_unary(self, with_filter: bool = True) -> nodes.Expr:  # noqa: FBT001, FBT002 - Jinja2's signature
        """Parse ``-a`` or what a sign can stand before."""
        if self.stream.current.type not in ("sub", "add"):
            return super().parse_unary(with_filter)
        self._enter_operand()
        node = super().parse_unary(with_filter)
        self._operands -= 1
        return node

    def _enter_operand(self) -> None:
        self._operands += 1
        if self._operands > MAX_OPERANDS:
            offset = self.stream.current.lineno
            self._exceed("nests too many operands", "operands", MAX_OPERANDS, offset)

    def _check_depth(self, template: nodes.Template) -> None:
        """Refuse an expression so deep that those who walk the tree would fall."""
        pending: list[tuple[nodes.Node, int]] = [(template, 0)]
        while pending:
            node, depth = pending.pop()
            depth = depth + 1 if isinstance(node, nodes.Expr) else 0
            if depth > MAX_EXPRESSION_DEPTH:
                what, allowed = "nests expressions too deeply", MAX_EXPRESSION_DEPTH
                self._exceed(what, "expression_depth", allowed, node.lineno)
            pending += [(child, depth) for child in node.iter_child_nodes()]

    def _exceed(self, what: str, limit: str, allowed: int, offset: int) -> NoReturn:
        raise LimitExceededError(
            f"the template {what}",
            limit=f"jinja2.{limit}",
            allowed=allowed,
            at=self.stream.locate(offset),
        )

    def _fail_ut_eof(
        self,
        name: str | None,
        end_token_stack: list[tuple[str, ...]],
        lineno: int | None,
    ) -> NoReturn:
        """Fail at the end of the template, or at a tag that does not fit."""
        del end_token_stack
        if name is None:
            self._fail_unclosed(self._open[-1])
        at = self.stream.locate(cast(int, lineno))
        around = self._open[-2] if len(self._open) > 1 else None
        if not name.startswith("end") and name not in _INSIDE:
            hint = suggest(name, _TAGS)
            raise TemplateSyntaxError(f"unknown tag `{name}`", at=at, hint=hint)
        if around is None:
            raise TemplateSyntaxError(f"`{name}` belongs to no open tag", at=at)
        opened = self.stream.locate(around.lineno).line
        raise TemplateSyntaxError(
            f"`{name}` does not belong to the open tag `{around.value}`",
            at=at,
            hint=f"`{around.value}` on line {opened} needs {self._end(around)}",
        )

    def _fail_unclosed(self, opened: Token) -> NoReturn:
        raise TemplateSyntaxError(
            f"`{opened.value}` is never closed",
            at=self.stream.locate(opened.lineno),
            hint=f"add {self._end(opened)}",
        )

    def _end(self, opened: Token) -> str:
        start, end = self._options.delimiters["block"]
        return f"`{start} end{opened.value} {end}`"


def _reword(message: str, options: Options) -> str:
    """Return Jinja2's *message* in this product's style."""
    tokens = {
        "begin of statement block": options.delimiters["block"][0],
        "end of statement block": options.delimiters["block"][1],
        "begin of print statement": options.delimiters["variable"][0],
        "end of print statement": options.delimiters["variable"][1],
    }

    def quote(quoted: re.Match[str]) -> str:
        word = quoted[1]
        return "a name" if word == "name" else f"`{tokens.get(word, word)}`"

    message = message.removesuffix(".").replace("expected token", "expected")
    return _QUOTED.sub(quote, message[:1].lower() + message[1:])
