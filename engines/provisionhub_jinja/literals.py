"""What numbers and text stand for, as they are written inside tags."""

from __future__ import annotations

import math
import re
import sys
import unicodedata
from typing import Final, cast

from provisionhub.errors import LimitExceededError, TemplateSyntaxError
from provisionhub.source import Source
from provisionhub_jinja.limits import MAX_DIGITS

_ESCAPE: Final = re.compile(
    r"\\(?:(?P<line>\r\n|\n|\r)|(?P<octal>[0-7]{1,3})"
    r"|(?P<code>x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})"
    r"|N\{(?P<name>[^}]*)\}|(?P<character>.))",
    re.DOTALL,
)
_ESCAPED: Final = {
    "\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b",
    "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
}  # fmt: skip
_SURROGATES: Final = range(0xD800, 0xE000)


def read_literal(source: Source, offset: int, kind: str, text: str) -> str:
    """Return the value that the literal *text* stands for.

    Jinja2 types a token's value as text, yet puts numbers there too.

    Raises:
        TemplateSyntaxError: If an escape or a float stands for nothing.
        LimitExceededError: If an integer has too many digits.
    """
    if kind == "string":
        inner = text[1:-1]
        return _unescape(source, offset + 1, inner) if "\\" in inner else inner
    digits = text.replace("_", "")
    if kind == "integer":
        if len(text) > MAX_DIGITS:
            raise LimitExceededError(
                "the number has too many digits",
                limit="jinja2.digits",
                allowed=MAX_DIGITS,
                at=source.locate(offset, len(text)),
            )
        return cast("str", int(digits, 0))
    number = float(digits)
    if math.isinf(number):
        at = source.locate(offset, len(text))
        raise TemplateSyntaxError("the number is too large", at=at)
    return cast("str", number)


def _unescape(source: Source, offset: int, text: str) -> str:
    def character(escape: re.Match[str]) -> str:
        plain = _character(escape)
        if plain is None:
            raise TemplateSyntaxError(
                f"`{escape[0]}` is not an escape for a character",
                at=source.locate(offset + escape.start(), len(escape[0])),
                hint="write the character itself, or two backslashes for a backslash",
            )
        return plain

    return _ESCAPE.sub(character, text)


def _character(escape: re.Match[str]) -> str | None:
    """Return what *escape* stands for, as in Python; nothing if it is malformed."""
    match escape.lastgroup:
        case "line":
            return ""
        case "octal":
            return chr(int(escape["octal"], 8))
        case "code":
            code = int(escape["code"][1:], 16)
            is_character = code <= sys.maxunicode and code not in _SURROGATES
            return chr(code) if is_character else None
        case "name":
            return _named(escape["name"])
        case _:
            letter = escape["character"]
            return None if letter in "xuUN" else _ESCAPED.get(letter, escape[0])


def _named(name: str) -> str | None:
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return None
