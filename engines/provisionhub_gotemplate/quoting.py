"""Go's quoted strings, both ways: ``strconv.Quote``, ``Unquote`` and ``UnquoteChar``.

A byte that is no part of UTF-8 is a lone surrogate, as Python's ``surrogateescape``
has it.
"""

from __future__ import annotations

import re
from typing import Final

from provisionhub_gotemplate.printable import is_printable

INVALID_SYNTAX: Final = "invalid syntax"
"""What ``strconv`` calls a fault in a quoted string."""

_SIMPLE: Final = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    "'": "'",
    '"': '"',
}
_ESCAPED: Final = {text: f"\\{name}" for name, text in _SIMPLE.items() if text != "'"}
_ESCAPE: Final = re.compile(
    r"""\\(?: (?P<simple>[abfnrtv\\'"])
            | x(?P<byte>[0-9a-fA-F]{2}) | (?P<octal>[0-3][0-7]{2})
            | u(?P<short>[0-9a-fA-F]{4}) | U(?P<long>[0-9a-fA-F]{8}) )""",
    re.VERBOSE,
)
_LAST_RUNE: Final = 0x10FFFF
_LAST_OF_BMP: Final = 0xFFFF
_REPLACEMENT: Final = "\ufffd"


def quote(text: str) -> str:
    """Return *text* as a Go string literal in double quotes."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return '"' + "".join(map(_escape, text)) + '"'


def _escape(character: str) -> str:
    escaped = _ESCAPED.get(character)
    if escaped is not None:
        return escaped
    if is_printable(character):
        return character
    code = ord(character)
    if is_raw_byte(character):
        return f"\\x{code & 0xFF:02x}"
    if code < ord(" ") or character == "\x7f":
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _LAST_OF_BMP else f"\\U{code:08x}"


def quote_ascii(text: str) -> str:
    """Return *text* as a Go string literal of ASCII characters only."""
    return '"' + "".join(map(_escape_ascii, text)) + '"'


def _escape_ascii(character: str) -> str:
    if character.isascii() or is_raw_byte(character):
        return _escape(character)
    code = ord(character)
    return f"\\u{code:04x}" if code <= _LAST_OF_BMP else f"\\U{code:08x}"


def quote_rune(character: str, *, ascii_only: bool = False) -> str:
    """Return *character* as a Go literal in single quotes."""
    if character == "'":
        return "'\\''"
    if character == '"':
        return "'\"'"
    escaped = _escape_ascii(character) if ascii_only else _escape(character)
    return f"'{escaped}'"


def can_backquote(text: str) -> bool:
    """Whether *text* can stand between backquotes as it is."""
    return not _NO_RAW.search(text)


_NO_RAW: Final = re.compile("[\x00-\x08\x0a-\x1f`\x7f\ufeff\ud800-\udfff]")


def is_raw_byte(character: str) -> bool:
    """Whether *character* stands for a byte that is no part of UTF-8."""
    return "\udc80" <= character <= "\udcff"


_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_NO_BYTE: Final = re.compile("[\ud800-\udc7f\udd00-\udfff]")


def utf8(text: str) -> str:
    """Return *text* with bytes that together are characters put together.

    Halves of surrogate pairs that stand for no byte are replaced, as Go's JSON does.
    """
    if text.isascii() or not _SURROGATE.search(text):
        return text
    encoded = _NO_BYTE.sub(_REPLACEMENT, text).encode("utf-8", "surrogateescape")
    return encoded.decode("utf-8", "surrogateescape")


def show_rune(character: str) -> str:
    """Return *character* as Go's ``%#U`` shows it: ``U+00E9 'é'``."""
    if is_raw_byte(character):
        character = _REPLACEMENT
    shown = f"U+{ord(character):04X}"
    return f"{shown} '{character}'" if is_printable(character) else shown


def unquote(literal: str) -> str | None:
    """Return the text that a Go string literal means; ``None`` if it is faulty.

    Args:
        literal: With its double quotes or backquotes.
    """
    body = literal[1:-1]
    if literal[0] == "`":
        return body.replace("\r", "")
    if "\\" not in body:
        return body
    return _unescape(body)


def _unescape(body: str) -> str | None:
    parts: list[bytes] = []
    position = 0
    while (escape := body.find("\\", position)) >= 0:
        parts.append(body[position:escape].encode("utf-8", "surrogateescape"))
        found = _ESCAPE.match(body, escape)
        meant = None if found is None else _meaning(found, other_quote="'")
        if found is None or meant is None:
            return None
        parts.append(meant)
        position = found.end()
    parts.append(body[position:].encode("utf-8", "surrogateescape"))
    return b"".join(parts).decode("utf-8", "surrogateescape")


def _meaning(found: re.Match[str], *, other_quote: str) -> bytes | None:
    """Return the bytes an escape means; ``None`` if it means none."""
    simple = found["simple"]
    if simple is not None:
        return None if simple == other_quote else _SIMPLE[simple].encode()
    code = _code(found)
    if found["byte"] or found["octal"]:
        return bytes([code])
    return chr(code).encode() if _is_rune(code) else None


def _code(found: re.Match[str]) -> int:
    if found["octal"]:
        return int(found["octal"], 8)
    return int(found["byte"] or found["short"] or found["long"], 16)


def _is_rune(code: int) -> bool:
    return code <= _LAST_RUNE and not 0xD800 <= code <= 0xDFFF  # noqa: PLR2004


def unquote_char(literal: str) -> tuple[int, str] | None:
    """Return the rune that a literal in single quotes starts with, and what follows.

    Args:
        literal: With its quotes; the closing one belongs to what follows.
    """
    first = literal[1:2]
    if first in {"", "'"}:
        return None
    if first != "\\":
        code = ord(_REPLACEMENT) if is_raw_byte(first) else ord(first)
        return code, literal[2:]
    found = _ESCAPE.match(literal, 1)
    if found is None:
        return None
    simple = found["simple"]
    code = _code(found) if simple is None else ord(_SIMPLE[simple])
    if simple == '"' or not (found["byte"] or found["octal"] or _is_rune(code)):
        return None
    return code, literal[found.end() :]
