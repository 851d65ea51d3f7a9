"""What is wrong with a text that is no JSON, in the words of ``encoding/json``.

They are those of Go 1.27, whose second version of the package speaks for the first.
"""

from __future__ import annotations

import re
from typing import Final

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.quoting import quote
from provisionhub_gotemplate.sprig.runes import to_text

_SPACE: Final = re.compile(rb"[ \t\r\n]*")
_PLAIN: Final = re.compile(rb'[^\x00-\x1f"\\]*')
_DIGITS: Final = re.compile(rb"[0-9]*")
_HEX: Final = re.compile(rb"[0-9a-fA-F]{0,4}")
_LITERALS: Final = {b"t": b"true", b"f": b"false", b"n": b"null"}
_OPENED: Final = {b"{": b"}", b"[": b"]"}
_NEEDS_QUOTES: Final = re.compile("[` \ufffd]")
_HEX_DIGITS: Final = 4


def check_json(octets: bytes) -> None:
    """Find what is wrong with *octets*, if anything is.

    Raises:
        FunctionError: At the first byte that no JSON can have there.
    """
    _Scanner(octets).scan()


class _Scanner:
    """Reads JSON without making values of it; it needs no recursion."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._at = 0
        self._closers: list[bytes] = []

    def scan(self) -> None:
        """Read one value, and nothing after it."""
        self._skip(_SPACE)
        self._begin_value()
        while self._closers:
            self._after_element()
        self._skip(_SPACE)
        if self._at < len(self._octets):
            raise self._fault("after top-level value")

    def _begin_value(self) -> None:
        """Read a value, or as much of a list or object as starts its first one."""
        opened = self._peek()
        while opened in _OPENED:
            self._at += 1
            self._closers.append(_OPENED[opened])
            self._skip(_SPACE)
            if self._peek() == self._closers[-1]:
                return
            if opened == b"{":
                self._key()
            opened = self._peek()
        self._scalar(opened)

    def _after_element(self) -> None:
        closer = self._closers[-1]
        self._skip(_SPACE)
        found = self._peek()
        if found == closer:
            self._at += 1
            self._closers.pop()
        elif found == b",":
            self._at += 1
            self._skip(_SPACE)
            if closer == b"}":
                self._key()
            self._begin_value()
        else:
            where = "object key:value pair" if closer == b"}" else "array element"
            raise self._fault(f"after {where}")

    def _key(self) -> None:
        if self._peek() != b'"':
            raise self._fault("looking for beginning of object key string")
        self._string()
        self._skip(_SPACE)
        if self._peek() != b":":
            raise self._fault("after object key")
        self._at += 1
        self._skip(_SPACE)

    def _scalar(self, start: bytes) -> None:
        if start == b'"':
            self._string()
        elif start in _LITERALS:
            self._literal(_LITERALS[start])
        elif start == b"-" or start.isdigit():
            self._number()
        else:
            raise self._fault("looking for beginning of value")

    def _literal(self, word: bytes) -> None:
        for index in range(1, len(word)):
            self._at += 1
            expected = word[index : index + 1]
            if self._peek() != expected:
                raise self._fault(
                    f"in literal {word.decode()} (expecting '{expected.decode()}')"
                )
        self._at += 1

    def _number(self) -> None:
        if self._peek() == b"-":
            self._at += 1
        if self._peek() == b"0":
            self._at += 1
        else:
            self._digits()
        if self._peek() == b".":
            self._at += 1
            self._digits()
        if self._peek() in {b"e", b"E"}:
            self._at += 1
            if self._peek() in {b"+", b"-"}:
                self._at += 1
            self._digits()

    def _digits(self) -> None:
        if not self._skip(_DIGITS):
            raise self._fault("in numeric literal")

    def _string(self) -> None:
        self._at += 1
        self._skip(_PLAIN)
        while self._peek() != b'"':
            if self._peek() != b"\\":
                raise self._fault("in string")
            self._at += 1
            self._escape()
            self._skip(_PLAIN)
        self._at += 1

    def _escape(self) -> None:
        """Read what follows a backslash."""
        start = self._at - 1
        found = self._peek()
        if not found:
            raise self._fault("in string")
        if found in b'bfnrt\\/"':
            self._at += 1
            return
        if found != b"u":
            raise _bad_escape(self._octets[start : start + len(b"\\n")])
        self._at += 1
        digits = self._skip(_HEX)
        if digits < _HEX_DIGITS and self._at < len(self._octets):
            raise _bad_escape(self._octets[start : start + len(b"\\u0000")])

    def _peek(self) -> bytes:
        return self._octets[self._at : self._at + 1]

    def _skip(self, pattern: re.Pattern[bytes]) -> int:
        """Pass over what *pattern* matches; return how much that is."""
        start = self._at
        match = pattern.match(self._octets, start)
        self._at = match.end() if match else start
        return self._at - start

    def _fault(self, where: str) -> FunctionError:
        found = self._peek()
        if not found:
            return FunctionError("unexpected end of JSON input")
        rune = self._octets[self._at : self._at + 4].decode(errors="surrogateescape")[0]
        shown = {"'": "\\'", '"': '"'}.get(rune) or quote(rune)[1:-1]
        return FunctionError(f"invalid character '{shown}' {where}")


def _bad_escape(octets: bytes) -> FunctionError:
    text = to_text(octets)
    is_plain = text.isprintable() and not _NEEDS_QUOTES.search(text)
    shown = f"`{text}`" if is_plain else quote(text)
    return FunctionError(f"invalid escape sequence {shown} in string")
