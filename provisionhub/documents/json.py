"""JSON (RFC 8259), read strictly.

Python's own reader takes duplicate keys, NaN and half surrogate pairs, and fails
with ``RecursionError`` on deep nesting. So a scan over the tokens comes first: it
is linear, knows the place of what it refuses, and builds nothing.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from typing import Final, NoReturn, cast

from provisionhub.documents.error import DocumentError
from provisionhub.documents.text import DEEPEST, LONGEST, LONGEST_NUMBER, clip, decode
from provisionhub.jsontypes import JsonValue
from provisionhub.source import Source

# Possessive quantifiers: a string that never ends costs one pass, not many.
_TOKEN: Final = re.compile(
    r"""
    (?P<string>"(?:[^"\\]|\\.)*+"?)
  | (?P<open>[\[{])
  | (?P<close>[\]}])
  | (?P<colon>:)
  | (?P<number>-?[0-9][0-9.eE+-]*+)
  | (?P<constant>-?Infinity|NaN)
    """,
    re.VERBOSE | re.DOTALL,
)
_TRAILING_COMMA: Final = re.compile(r",\s*+[\]}]")

_PLAIN_WORDS: Final = {
    "Expecting value": "a value is expected here",
    "Expecting property name enclosed in double quotes": (
        "a name in double quotes is expected here"
    ),
    "Expecting ':' delimiter": "a colon is expected here",
    "Expecting ',' delimiter": "a comma or a closing bracket is expected here",
    "Extra data": "something stands behind the end of the document",
    "Unterminated string starting at": "this string never ends",
    "Invalid control character at": (
        "a control character in a string is written as an escape, such as `\\n`"
    ),
    "Invalid \\escape": "this escape does not exist in JSON",
    "Invalid \\uXXXX escape": "`\\u` takes four hexadecimal digits",
}


def read_json(
    data: bytes, *, file: str, longest: int = LONGEST, deepest: int = DEEPEST
) -> JsonValue:
    """Return the value of a JSON document.

    Args:
        data: The document, UTF-8 without a byte order mark.
        file: Its name, for error places.
        longest: Bound on its size, in bytes.
        deepest: Bound on how many objects and arrays stand in one another.

    Raises:
        DocumentError: With a reason of ``too-large``, ``not-utf-8``,
            ``byte-order-mark``, ``empty``, ``too-deep``, ``duplicate-key``,
            ``not-finite``, ``number-too-long``, ``lone-surrogate`` or ``not-json``.
    """
    source = decode(data, file=file, longest=longest)
    _Scan(source, deepest).run()
    try:
        return cast("JsonValue", json.loads(source.text))
    except json.JSONDecodeError as error:
        raise _not_json(error, source) from None


def _not_json(error: json.JSONDecodeError, source: Source) -> DocumentError:
    comma = _TRAILING_COMMA.match(source.text, _before_gap(source.text, error.pos))
    if comma is not None:
        message = "a comma can't stand before a closing bracket"
        return DocumentError(message, "not-json", source.locate(comma.start()))
    message = _PLAIN_WORDS.get(error.msg, error.msg.lower())
    at = source.locate(min(error.pos, len(source.text.rstrip())))
    return DocumentError(message, "not-json", at)


def _before_gap(text: str, position: int) -> int:
    """Return where the last thing but blanks before *position* stands."""
    # Pythons differ in whether they point at a comma or at the bracket behind it.
    return (
        position
        if text[position : position + 1] == ","
        else (len(text[:position].rstrip()) - 1)
    )


@dataclass(slots=True)
class _Scan:
    """One pass over a document's tokens; what is not JSON at all is left to json."""

    source: Source
    deepest: int
    names: list[set[str]] = field(default_factory=list)
    """The names seen so far in each object or array that is open."""
    last: re.Match[str] | None = None
    """The string before the token at hand, if one stands there."""

    def run(self) -> None:
        for token in _TOKEN.finditer(self.source.text):
            match token.lastgroup:
                case "string":
                    self._check_string(token)
                case "open":
                    self._open(token)
                case "close":
                    del self.names[-1:]
                case "colon":
                    self._check_name()
                case "number":
                    self._check_number(token)
                case _:
                    self._refuse_infinite(token)
            self.last = token if token.lastgroup == "string" else None

    def _open(self, token: re.Match[str]) -> None:
        if len(self.names) == self.deepest:
            raise DocumentError(
                f"objects and arrays are nested deeper than {self.deepest}",
                "too-deep",
                self.source.locate(token.start()),
            )
        self.names.append(set())

    def _check_string(self, token: re.Match[str]) -> None:
        if "\\u" not in token[0]:
            return
        try:
            _string(token[0]).encode()
        except UnicodeEncodeError:
            raise DocumentError(
                "half of a surrogate pair is not a character",
                "lone-surrogate",
                self.source.locate(token.start(), len(token[0])),
                hint="write both halves, or the character itself",
            ) from None

    def _check_name(self) -> None:
        if self.last is None or not self.names:
            return
        name = _string(self.last[0])
        if name in self.names[-1]:
            raise DocumentError(
                f"the name `{clip(name)}` stands twice in one object",
                "duplicate-key",
                self.source.locate(self.last.start(), len(self.last[0])),
            )
        self.names[-1].add(name)

    def _check_number(self, token: re.Match[str]) -> None:
        if len(token[0]) > LONGEST_NUMBER:
            raise DocumentError(
                f"the number is longer than {LONGEST_NUMBER} characters",
                "number-too-long",
                self.source.locate(token.start(), len(token[0])),
            )
        if not token[0].lstrip("-").isdigit() and _overflows(token[0]):
            self._refuse_infinite(token)

    def _refuse_infinite(self, token: re.Match[str]) -> NoReturn:
        raise DocumentError(
            f"`{clip(token[0])}` is not a finite number",
            "not-finite",
            self.source.locate(token.start(), len(token[0])),
        )


def _string(token: str) -> str:
    """Return what a string token says, or the token itself if it is malformed."""
    if "\\" not in token:
        return token.strip('"')
    try:
        return cast("str", json.loads(token))
    except json.JSONDecodeError:
        return token.encode("unicode_escape").decode()


def _overflows(number: str) -> bool:
    try:
        return math.isinf(float(number))
    except ValueError:
        return False
