"""Source text to tokens, each of which knows its offset.

Jinja2's own lexer makes all line ends alike and knows lines only. This one reads the
same language, keeps every character as it stands in the file, and puts a token's
*offset* where Jinja2 puts its line: the parser copies that into the nodes it makes,
so every node knows its place and nothing more has to be recorded.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass
from typing import Final, NoReturn

from jinja2._identifier import pattern as name_re
from jinja2.lexer import (
    Token,
    float_re,
    integer_re,
    operator_re,
    operators,
    string_re,
)

from provisionhub.errors import LimitExceededError, TemplateSyntaxError
from provisionhub.source import Source
from provisionhub_jinja.limits import (
    MAX_BRACKETS,
    MAX_EXPRESSION_DEPTH,
)
from provisionhub_jinja.literals import read_literal
from provisionhub_jinja.options import Options

_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_LINE_END: Final = r"(?:\r\n|\n|\r)?"
_TOKENS: Final = (
    r"(?P<blank>\s+)"
    rf"|(?P<float>(?ix:{float_re.pattern}))"
    rf"|(?P<integer>(?ix:{integer_re.pattern}))"
    rf"|(?P<name>{name_re.pattern})"
    rf"|(?P<string>(?s:{string_re.pattern}))"
    rf"|(?P<operator>{operator_re.pattern})"
)
_TOKEN: Final = re.compile(_TOKENS)


@dataclass(frozen=True, slots=True)
class Tag:
    """A kind of tag: how it opens, and how the parser's tokens name it."""

    name: str
    start: str
    end: str
    inside: re.Pattern[str]


class Lexer:
    """The lexical rules that follow from a blueprint's options."""

    def __init__(self, options: Options) -> None:
        self._lstrip = options.lstrip_blocks
        trim = _LINE_END if options.trim_blocks else ""
        block, variable, comment = (
            tuple(map(re.escape, options.delimiters[name]))
            for name in ("block", "variable", "comment")
        )
        ends = {
            "block": rf"(?P<end>\+{block[1]}|-{block[1]}\s*|{block[1]}{trim})",
            "variable": rf"(?P<end>-{variable[1]}\s*|{variable[1]})",
        }
        self._tags = {
            name: Tag(name, *options.delimiters[name], re.compile(f"{end}|{_TOKENS}"))
            for name, end in ends.items()
        }
        self._comment_start = options.delimiters["comment"][0]
        self._comment_end = re.compile(
            rf"\+{comment[1]}|-{comment[1]}\s*|{comment[1]}{trim}"
        )
        self._raw_end = re.compile(
            rf"{block[0]}(?P<sign>[-+]?)\s*endraw\s*"
            rf"(?:\+{block[1]}|-{block[1]}\s*|{block[1]}{trim})"
        )
        # The longest delimiter wins where one begins another: `<%` and `<%=`.
        starts = sorted(
            options.delimiters, key=lambda name: -len(options.delimiters[name][0])
        )
        self._start = re.compile(
            rf"(?P<raw>{block[0]}(?P<raw_sign>[-+]?)\s*raw\s*"
            rf"(?:-{block[1]}\s*|{block[1]}))|(?:"
            + "|".join(
                f"(?P<{name}>{re.escape(options.delimiters[name][0])})"
                for name in starts
            )
            + r")(?P<sign>[-+]?)"
        )

    def tokens(
        self, source: Source, long_tags: list[int]
    ) -> Generator[Token, None, None]:
        """Yield the tokens of *source*, whose ``lineno`` is the offset.

        Args:
            source: The template.
            long_tags: Gets the offsets of tags that are long enough to hold an
                expression that is too deep.

        Raises:
            TemplateSyntaxError: At the first character that fits nowhere.
            LimitExceededError: If brackets nest too deeply or a number is too long.
        """
        text = source.text
        position = 0
        while start := self._start.search(text, position):
            if data := self._before(text, position, start):
                yield Token(position, "data", data)
            position = start.end()
            if start["raw"] is not None:
                end = self._end_of_raw(source, start)
                if data := self._before(text, position, end):
                    yield Token(position, "data", data)
                position = end.end()
            elif start["comment"] is not None:
                position = self._after_comment(source, start)
            else:
                tag = self._tags["variable" if start["variable"] else "block"]
                position = yield from self._inside(source, tag, start)
                long_tags += _if_long(start.start(), position)
        if position < len(text):
            yield Token(position, "data", text[position:])

    def width_at(self, text: str, offset: int) -> int:
        """Return the width of the token at *offset*, at least 1."""
        for tag in self._tags.values():
            if text.startswith(tag.end, offset):
                return len(tag.end)
        token = _TOKEN.match(text, offset)
        return len(token[0]) if token and token.lastgroup != "blank" else 1

    def _before(self, text: str, position: int, tag: re.Match[str]) -> str:
        """Return the text before *tag*, without what the tag strips from it."""
        data = text[position : tag.start()]
        groups = tag.groupdict()
        sign = groups["sign"] or groups.get("raw_sign")
        if sign == "-":
            return data.rstrip()
        if sign == "+" or not self._lstrip or groups.get("variable") is not None:
            return data
        line = max(data.rfind("\n"), data.rfind("\r")) + 1
        at_line_start = line > 0 or position == 0 or text[position - 1] in "\r\n"
        return data[:line] if at_line_start and data[line:].isspace() else data

    def _end_of_raw(self, source: Source, start: re.Match[str]) -> re.Match[str]:
        end = self._raw_end.search(source.text, start.end())
        if end is None:
            _fail(source, start, "`raw` is never closed", "add an `endraw` tag")
        return end

    def _after_comment(self, source: Source, start: re.Match[str]) -> int:
        end = self._comment_end.search(source.text, start.end())
        if end is None:
            _fail(source, start, f"`{self._comment_start}` is never closed")
        return end.end()

    def _inside(
        self, source: Source, tag: Tag, start: re.Match[str]
    ) -> Generator[Token, None, int]:
        """Yield a tag's tokens and return the offset behind it."""
        yield Token(start.start(), f"{tag.name}_begin", tag.start)
        text, position = source.text, start.end()
        open_brackets: list[tuple[int, str]] = []
        pattern = tag.inside
        while token := pattern.match(text, position):
            kind, value = token.lastgroup or "", token[0]
            if kind == "end":
                yield Token(position, f"{tag.name}_end", value)
                return token.end()
            if kind == "name":
                yield Token(position, "name", value)
            elif kind == "operator":
                if value in "()[]{}":
                    _balance(source, open_brackets, position, value)
                    pattern = _TOKEN if open_brackets else tag.inside
                yield Token(position, operators[value], value)
            elif kind != "blank":
                yield Token(position, kind, read_literal(source, position, kind, value))
            position = token.end()
        _fail_inside(source, tag, start, open_brackets, position)


def _if_long(start: int, end: int) -> list[int]:
    # Each level of an expression takes two characters at least.
    return [start] if end - start > 2 * MAX_EXPRESSION_DEPTH else []


def _balance(
    source: Source, open_brackets: list[tuple[int, str]], offset: int, bracket: str
) -> None:
    if bracket in _CLOSING:
        open_brackets.append((offset, bracket))
        if len(open_brackets) > MAX_BRACKETS:
            raise LimitExceededError(
                "brackets are nested too deeply",
                limit="jinja2.brackets",
                allowed=MAX_BRACKETS,
                at=source.locate(offset),
            )
        return
    if not open_brackets:
        raise TemplateSyntaxError(f"unexpected `{bracket}`", at=source.locate(offset))
    opened, opening = open_brackets.pop()
    if _CLOSING[opening] != bracket:
        raise TemplateSyntaxError(
            f"`{opening}` is not closed before `{bracket}`", at=source.locate(opened)
        )


def _fail_inside(
    source: Source,
    tag: Tag,
    start: re.Match[str],
    open_brackets: list[tuple[int, str]],
    position: int,
) -> NoReturn:
    character = source.text[position : position + 1]
    if not character and open_brackets:
        offset, bracket = open_brackets[-1]
        raise TemplateSyntaxError(
            f"`{bracket}` is never closed", at=source.locate(offset)
        )
    if not character:
        _fail(source, start, f"`{tag.start}` is never closed", f"add `{tag.end}`")
    message = f"unexpected `{character}`"
    if character in "\"'":
        message = f"the text that begins with `{character}` is never closed"
    raise TemplateSyntaxError(message, at=source.locate(position))


def _fail(
    source: Source, start: re.Match[str], message: str, hint: str | None = None
) -> NoReturn:
    at = source.locate(start.start(), len(start[0].rstrip()))
    raise TemplateSyntaxError(message, at=at, hint=hint)
