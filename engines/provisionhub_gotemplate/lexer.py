"""Text to tokens, as Go's ``text/template/parse`` cuts them.

A plain action is cut by one regular expression. Whatever that does not take (letters
beyond ASCII, rare numbers, every fault) goes to ``_Odd``, which follows Go's lexer
step by step. Neither decides what is legal: that is the parser's part.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from provisionhub_gotemplate.quoting import quote, show_rune

SPACES: Final = " \t\r\n"
"""All that trim markers trim; Python's ``str.strip`` takes much more."""

KEYWORDS: Final = frozenset(
    [
        "block",
        "break",
        "continue",
        "define",
        "else",
        "end",
        "if",
        "nil",
        "range",
        "template",
        "with",
    ]
)
_LEFT_COMMENT: Final = "/*"
_RIGHT_COMMENT: Final = "*/"


class Token(NamedTuple):
    """A piece of a template.

    Attributes:
        kind: ``text``, ``left_delim``, ``right_delim``, ``space``, ``field``,
            ``variable``, ``identifier``, ``dot``, ``bool``, ``number``, ``complex``,
            ``char_constant``, ``string``, ``raw_string``, ``assign``, ``declare``,
            ``pipe``, ``left_paren``, ``right_paren``, ``char``, ``eof``, ``error``,
            or a keyword.
        start: Where it starts, in characters.
        value: Its text, or the error's.
    """

    kind: str
    start: int
    value: str


def tokenize(
    text: str, delimiters: tuple[str, str], *, plain_words: frozenset[str] = frozenset()
) -> list[Token]:
    """Return the tokens of *text*; the last is ``eof``, maybe after an ``error``.

    Args:
        text: The template.
        delimiters: What actions begin and end with.
        plain_words: ``break`` and ``continue`` where a function has that name.
    """
    return _Lexer(text, delimiters, plain_words).run()


class _Lexer:
    """One pass over a template."""

    def __init__(
        self, text: str, delimiters: tuple[str, str], plain_words: frozenset[str]
    ) -> None:
        self._text = text
        self._left, self._right = delimiters
        self._plain_words = plain_words
        self._tokens: list[Token] = []

    def run(self) -> list[Token]:
        """Cut the whole text."""
        text, left = self._text, self._left
        position: int | None = 0
        while position is not None:
            start = text.find(left, position)
            if start < 0:
                self._add_text(position, len(text))
                break
            end = start
            after = start + len(left)
            if _is_left_trim(text, after):
                end = position + len(text[position:start].rstrip(SPACES))
            self._add_text(position, end)
            position = self._action(start, after)
        self._tokens.append(Token("eof", len(text), "EOF"))
        return self._tokens

    def _add_text(self, start: int, end: int) -> None:
        if start < end:
            self._tokens.append(Token("text", start, self._text[start:end]))

    def _action(self, start: int, after: int) -> int | None:
        """Cut the action or comment at *start*; return where it ends."""
        inside = after + 2 if _is_left_trim(self._text, after) else after
        if self._text.startswith(_LEFT_COMMENT, inside):
            return self._comment(inside)
        self._tokens.append(Token("left_delim", start, self._left))
        return self._inside(inside)

    def _comment(self, start: int) -> int | None:
        text = self._text
        end = text.find(_RIGHT_COMMENT, start + len(_LEFT_COMMENT))
        if end < 0:
            return self._fail(start, "unclosed comment")
        closing = _patterns(self._right).closing.match(text, end + len(_RIGHT_COMMENT))
        if closing is None:
            return self._fail(start, "comment ends before closing delimiter")
        return self._past(closing)

    def _past(self, closing: re.Match[str]) -> int:
        """Return where the text after the right delimiter starts."""
        end = closing.end()
        if closing[1] is None:
            return end
        return _AFTER_TRIM.match(self._text, end).end()  # type: ignore[union-attr]

    def _inside(self, position: int) -> int | None:
        """Cut what stands between the delimiters."""
        text, add = self._text, self._tokens.append
        patterns = _patterns(self._right)
        match = patterns.plain.match
        closing = patterns.closing.match
        depth = 0
        while True:
            found = match(text, position)
            if found is None:
                end = closing(text, position)
                if end is not None:
                    return self._close(end, depth)
                token = _Odd(text, position, self._right).token()
                if token.kind == "error":
                    return self._fail(token.start, token.value)
            else:
                token = Token(found.lastgroup or "", position, found[0])
            if token.kind == "identifier":
                token = self._word(token)
            depth += _DEPTHS.get(token.kind, 0)
            if depth < 0:
                return self._fail(position, "unexpected right paren")
            add(token)
            position += len(token.value)

    def _close(self, closing: re.Match[str], depth: int) -> int | None:
        if depth:
            return self._fail(closing.start(), "unclosed left paren")
        end = closing.end()
        start = end - len(self._right)
        self._tokens.append(Token("right_delim", start, self._right))
        return self._past(closing)

    def _word(self, token: Token) -> Token:
        word = token.value
        if word in KEYWORDS and word not in self._plain_words:
            return token._replace(kind=word)
        return token._replace(kind="bool") if word in {"true", "false"} else token

    def _fail(self, start: int, message: str) -> int | None:
        """Add an error; nothing is cut after it."""
        self._tokens.append(Token("error", start, message))
        return None


_DEPTHS: Final = {"left_paren": 1, "right_paren": -1}
_AFTER_TRIM: Final = re.compile(f"[{SPACES}]*")


def _is_left_trim(text: str, after: int) -> bool:
    return text.startswith("-", after) and text[after + 1 : after + 2] in _BLANKS


_BLANKS: Final = frozenset(SPACES)


class _Patterns(NamedTuple):
    plain: re.Pattern[str]
    closing: re.Pattern[str]


@lru_cache(maxsize=64)
def _patterns(right: str) -> _Patterns:
    """Return the expressions for actions that end with *right*."""
    end = re.escape(right)
    # What may follow a name or a number of the plain kind.
    stop = rf"(?=[ \t\r\n.,|:)(]|{end})"
    kinds = {
        "space": rf"[ \t\r\n]+(?=[ \t\r\n]-{end})|[ \t\r\n]+",
        "field": rf"\.(?![0-9])\w+{stop}",
        "variable": rf"\$\w*{stop}",
        "identifier": rf"[A-Za-z_]\w*{stop}",
        "string": r'"(?:[^"\\\n]|\\[^\n])*"',
        "number": rf"-?[0-9]+(?:\.[0-9]+)?(?=[ \t\r\n|)]|{end})",
        "pipe": r"\|",
        "left_paren": r"\(",
        "right_paren": r"\)",
        "declare": ":=",
        "assign": "=",
        "dot": rf"\.{stop}",
        "raw_string": "`[^`]*`",
        "char_constant": r"'(?:[^'\\\n]|\\[^\n])*'",
    }
    groups = "|".join(f"(?P<{kind}>{text})" for kind, text in kinds.items())
    return _Patterns(
        # The closing delimiter comes before all else, whatever it looks like.
        plain=re.compile(rf"(?![ \t\r\n]-{end}|{end})(?:{groups})", re.ASCII),
        closing=re.compile(rf"([ \t\r\n]-)?{end}"),
    )


_NUMBER: Final = re.compile(
    r"""[+-]? (?: 0[xX] [0-9a-fA-F_]* (?:\.[0-9a-fA-F_]*)? (?:[pP][+-]?[0-9_]*)?
              |   0[oO] [0-7_]* (?:\.[0-7_]*)?
              |   0[bB] [01_]* (?:\.[01_]*)?
              |   [0-9_]* (?:\.[0-9_]*)? (?:[eE][+-]?[0-9_]*)? ) i?""",
    re.VERBOSE,
)


class _Odd:
    """The token at one place that the plain pattern does not take."""

    def __init__(self, text: str, start: int, right: str) -> None:
        self._text = text
        self._start = start
        self._right = right

    def token(self) -> Token:
        """Return the token, or an ``error``."""
        character = self._peek(self._start)
        message = _UNTERMINATED.get(character)
        if message is not None:
            return self._error(message)
        kind = self._kind_from(character)
        if kind == "number":
            return self._number()
        if kind == "char":
            return self._emit(kind, self._start + 1)
        if kind is not None:
            return self._name(kind)
        shown = show_rune(character)
        return self._error(f"unrecognized character in action: {shown}")

    def _kind_from(self, character: str) -> str | None:
        """Return the kind of token that starts with *character*."""
        if character == "$":
            return "variable"
        if character == "." and self._peek(self._start + 1) not in _AFTER_POINT:
            return "field"
        if character in _NUMBER_STARTS:
            return "number"
        if is_alphanumeric(character):
            return "identifier"
        return "char" if " " < character <= "~" else None

    def _peek(self, position: int) -> str:
        return self._text[position : position + 1]

    def _emit(self, kind: str, end: int) -> Token:
        return Token(kind, self._start, self._text[self._start : end])

    def _error(self, message: str) -> Token:
        return Token("error", self._start, message)

    def _name(self, kind: str) -> Token:
        end = self._start + (kind != "identifier")
        if kind == "field" and self._is_terminator(end):
            return self._emit("dot", end)
        while (character := self._peek(end)) and is_alphanumeric(character):
            end += 1
        if not self._is_terminator(end):
            return self._error(f"bad character {show_rune(self._peek(end))}")
        return self._emit(kind, end)

    def _is_terminator(self, position: int) -> bool:
        character = self._peek(position)
        return (
            not character
            or character in _TERMINATORS
            or self._text.startswith(self._right, position)
        )

    def _number(self) -> Token:
        end, good = self._scan_number(self._start)
        if good and self._peek(end) not in {"+", "-"}:
            return self._emit("number", end)
        if good:
            end, good = self._scan_number(end)
        if good and self._text[end - 1] == "i":
            return self._emit("complex", end)
        text = self._text[self._start : end]
        return self._error(f"bad number syntax: {quote(text)}")

    def _scan_number(self, start: int) -> tuple[int, bool]:
        """Return where the number ends, and whether what follows lets it end there."""
        found = _NUMBER.match(self._text, start)
        end = start if found is None else found.end()
        following = self._peek(end)
        if following and is_alphanumeric(following):
            return end + 1, False
        return end, True


_DIGITS: Final = "0123456789"
_NUMBER_STARTS: Final = frozenset("+-." + _DIGITS)
_TERMINATORS: Final = frozenset(SPACES + ".,|:)(")
_AFTER_POINT: Final = frozenset(["", *_DIGITS])
_UNTERMINATED: Final = {
    "": "unclosed action",
    ":": "expected :=",
    '"': "unterminated quoted string",
    "`": "unterminated raw quoted string",
    "'": "unterminated character constant",
}


def is_alphanumeric(character: str) -> bool:
    """Whether Go lets *character* stand in a name: a letter, a digit, or ``_``."""
    if character < "\x80":
        return character.isalnum() or character == "_"
    category = unicodedata.category(character)
    return category[0] == "L" or category == "Nd"


def is_empty(text: str) -> bool:
    """Whether Go's ``bytes.TrimSpace`` leaves nothing of *text*."""
    return not text.strip(_UNICODE_SPACES)


_UNICODE_SPACES: Final = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
