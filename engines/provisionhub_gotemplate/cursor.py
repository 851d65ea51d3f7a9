"""A place among the tokens of a template, and the errors that Go reports from there."""

from __future__ import annotations

from typing import Final

from provisionhub_gotemplate.errors import ParseError
from provisionhub_gotemplate.lexer import KEYWORDS, Token
from provisionhub_gotemplate.nodes import Tree
from provisionhub_gotemplate.quoting import INVALID_SYNTAX, quote, unquote

_LONG_TOKEN: Final = 10
"""Bytes of a token that error texts show."""


class Cursor:
    """What reads the tokens of one template.

    Attributes:
        tree: The template that grows from them.
        index: Where the next token is.
        action_start: Where the action starts that is read; -1 outside of actions.
    """

    def __init__(self, tree: Tree, tokens: list[Token], index: int) -> None:
        self.tree = tree
        self.index = index
        self.action_start = -1
        self._tokens = tokens
        # The last token that this template took: Go says that errors are there.
        self._furthest = -1

    def next(self) -> Token:
        """Take the next token; after the last, take it again."""
        index = self.index
        self.index = index + 1
        if index > self._furthest:  # noqa: PLR1730 - twice as fast as max
            self._furthest = index
        try:
            return self._tokens[index]
        except IndexError:
            return self._tokens[-1]

    def peek(self) -> Token:
        """Return the next token without taking it."""
        token = self.next()
        self.index -= 1
        return token

    def next_non_space(self) -> Token:
        """Take the next token that is no space."""
        token = self.next()
        while token.kind == "space":
            token = self.next()
        return token

    def peek_non_space(self) -> Token:
        """Skip spaces, and return the next token without taking it."""
        token = self.next_non_space()
        self.index -= 1
        return token

    def expect(self, kinds: frozenset[str], context: str) -> Token:
        """Take the next token that is no space; it must be one of *kinds*.

        Raises:
            ParseError: If it is none; the text says that this is in *context*.
        """
        token = self.next_non_space()
        if token.kind not in kinds:
            raise self.unexpected(token, context)
        return token

    def unquoted(self, token: Token) -> str:
        """Return the text that a string literal means.

        Raises:
            ParseError: If it means none.
        """
        text = unquote(token.value)
        if text is None:
            raise self.error(INVALID_SYNTAX)
        return text

    @property
    def line(self) -> int:
        """The line of the last token taken, from 1; 0 before the first."""
        if self._furthest < 0:
            return 0
        index = min(self._furthest, len(self._tokens) - 1)
        return self._line_at(self._tokens[index].start)

    def error(self, message: str) -> ParseError:
        """Return an error at the last token taken."""
        name, line = self.tree.source_name, self.line
        text = f"template: {name}:{line}: {message}"
        return ParseError(text, template=name, line=line)

    def unexpected(self, token: Token, context: str) -> ParseError:
        """Return the error that *token* does not belong into *context*."""
        if token.kind != "error":
            return self.error(f"unexpected {_show(token)} in {context}")
        extra = ""
        if self.action_start >= 0:
            line = self._line_at(self.action_start)
            if line != self._line_at(token.start):
                extra = f" in action started at {self.tree.source_name}:{line}"
                if token.value.endswith(" action"):
                    extra = extra.removeprefix(" in action")
        return self.error(token.value + extra)

    def _line_at(self, position: int) -> int:
        return self.tree.source.count("\n", 0, position) + 1


def _show(token: Token) -> str:
    """Return *token* as error texts have it."""
    kind, value = token.kind, token.value
    if kind == "eof":
        return "EOF"
    if kind in KEYWORDS or kind == "dot":
        return f"<{value}>"
    if len(value.encode("utf-8", "surrogateescape")) > _LONG_TOKEN:
        return quote(value[:_LONG_TOKEN]) + "..."
    return quote(value)
