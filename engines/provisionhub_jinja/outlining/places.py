"""Where names stand in a template: the whole chain of them, ``Values.db['host']``."""

from __future__ import annotations

from bisect import bisect_left

from jinja2 import nodes
from jinja2.lexer import Token

from provisionhub.source import Location, Source
from provisionhub_jinja.lexer import Lexer

_OPENING = frozenset({"lparen", "lbracket", "lbrace"})
_CLOSING = frozenset({"rparen", "rbracket", "rbrace"})


class Places:
    """The places of one template's words.

    Args:
        lexer: The lexical rules.
        source: The template.
    """

    def __init__(self, lexer: Lexer, source: Source) -> None:
        self.source = source
        self._lexer = lexer
        self._tokens = list(lexer.tokens(source, []))

    def chain(self, node: nodes.Node) -> Location:
        """Return the place of a name with what is looked up in it."""
        first = node
        while isinstance(first, (nodes.Getattr, nodes.Getitem)):
            first = first.node
        start = min(first.lineno, node.lineno)
        return self._span(start, self._end(node))

    def word(self, offset: int) -> Location:
        """Return the place of the token at *offset*; of a text without its quotes."""
        text = self.source.text
        width = self._lexer.width_at(text, offset)
        if text[offset : offset + 1] in ("'", '"') and width > 2:  # noqa: PLR2004 - both quotes
            return self.source.locate(offset + 1, width - 2)
        return self.source.locate(offset, width)

    def otherwise(self, node: nodes.If | nodes.For) -> Location:
        """Return the place of the ``else`` of *node*, which has one."""
        index = self._index(node.else_[0].lineno) - 1
        while index > 0 and self._tokens[index].value != "else":
            index -= 1
        return self.word(self._tokens[index].lineno)

    def _end(self, node: nodes.Node) -> int:
        """Return the offset behind the last token of a look-up or a name."""
        if not isinstance(node, (nodes.Getattr, nodes.Getitem)):
            return node.lineno + self._width(node.lineno)
        index = self._index(node.lineno)
        if index + 1 >= len(self._tokens) or self._tokens[index].type != "lbracket":
            last = self._tokens[min(index + 1, len(self._tokens) - 1)].lineno
            return last + self._width(last)
        depth = 1
        while depth and index + 1 < len(self._tokens):
            index += 1
            kind = self._tokens[index].type
            depth += (kind in _OPENING) - (kind in _CLOSING)
        return self._tokens[index].lineno + 1

    def _span(self, start: int, end: int) -> Location:
        line_end = self.source.text.find("\n", start, end)
        return self.source.locate(start, (end if line_end < 0 else line_end) - start)

    def _width(self, offset: int) -> int:
        return self._lexer.width_at(self.source.text, offset)

    def _index(self, offset: int) -> int:
        return bisect_left(self._tokens, offset, key=_offset)


def _offset(token: Token) -> int:
    return token.lineno
