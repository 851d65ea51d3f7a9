"""Go's number literals: what each can be, as its untyped constants may be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isinf
from typing import Final

from provisionhub_gotemplate.quoting import INVALID_SYNTAX, quote, unquote_char

_MAX_INT: Final = (1 << 63) - 1
_MIN_INT: Final = -(1 << 63)
_MAX_UINT: Final = (1 << 64) - 1


class NumberError(ValueError):
    """A literal is no number; the text is Go's."""


@dataclass(slots=True)
class Number:
    """A constant under each type that can hold it; ``None`` where it does not fit.

    Attributes:
        integer: As an ``int64``.
        unsigned: As a ``uint64``.
        floating: As a ``float64``.
        complex: As a ``complex128``, for imaginary literals only.
    """

    integer: int | None = None
    unsigned: int | None = None
    floating: float | None = None
    complex: complex | None = None


def parse_number(text: str, kind: str) -> Number:
    """Return what a literal means.

    Args:
        text: The literal.
        kind: The token's: ``number``, ``complex`` or ``char_constant``.

    Raises:
        NumberError: If it means nothing.
    """
    if kind == "char_constant":
        return _character(text)
    if kind == "complex":
        return _of_complex(_scan_complex(text))
    if text.isascii() and text.isdigit() and text[0] != "0" and len(text) < 19:  # noqa: PLR2004 - surely below 2**63
        value = int(text)
        return Number(value, value, float(value))
    if text.endswith("i"):
        imaginary = parse_float(text[:-1])
        if imaginary is not None:
            return _of_complex(complex(0, imaginary))
    return _real(text)


def _character(text: str) -> Number:
    found = unquote_char(text)
    if found is None:
        raise NumberError(INVALID_SYNTAX)
    code, rest = found
    if rest != "'":
        raise NumberError(f"malformed character constant: {text}")
    return Number(code, code, float(code))


def _real(text: str) -> Number:
    number = Number()
    value = parse_integer(text)
    if value is not None:
        if _MIN_INT <= value <= _MAX_INT:
            number.integer = value
        if 0 <= value <= _MAX_UINT and (text[0] not in "+-" or value == 0):
            number.unsigned = value
        if number.integer is not None or number.unsigned is not None:
            number.floating = float(value)
            return number
    floating = parse_float(text)
    if floating is None:
        raise NumberError(f"illegal number syntax: {quote(text)}")
    if not any(letter in text for letter in ".eEpP"):
        # An integer beyond 64 bits, or one with a digit that its base lacks.
        raise NumberError(f"integer overflow: {quote(text)}")
    _set_float(number, floating)
    return number


def _set_float(number: Number, value: float) -> None:
    number.floating = value
    if value.is_integer():
        whole = int(value)
        number.integer = whole if _MIN_INT <= whole <= _MAX_INT else None
        number.unsigned = whole if 0 <= whole <= _MAX_UINT else None


def _of_complex(value: complex) -> Number:
    number = Number(complex=value)
    if value.imag == 0:
        _set_float(number, value.real)
    return number


_BASES: Final = {"b": 2, "o": 8, "x": 16}


def parse_integer(text: str) -> int | None:
    """Return the value of an integer in any of Go's notations, however large.

    That is ``strconv.ParseInt`` with base 0, without its bounds.
    """
    digits = text[1:] if text[:1] in {"+", "-"} else text
    base = 10
    if digits.startswith("0"):
        base = _BASES.get(digits[1:2].lower(), 8) if len(digits) > 2 else 8  # noqa: PLR2004 - 0x alone is none
        digits = digits[2:] if digits[1:2].lower() in _BASES else digits[1:] or "0"
    if "_" in digits:
        if not _is_well_spaced(text):
            return None
        digits = digits.replace("_", "")
    if not digits.isascii() or not digits.isalnum() or len(digits) > _MOST_DIGITS:
        return None
    try:
        value = int(digits, base)
    except ValueError:
        return None
    return -value if text[0] == "-" else value


_MOST_DIGITS: Final = 1000
_WELL_SPACED: Final = re.compile(
    r"[+-]?(?:"
    r"0[xX](?:_?[0-9a-fA-F])*(?:[^_]|(?<=[0-9a-fA-F])_(?=[0-9a-fA-F]))*"
    r"|(?!0[xX])(?:0[bBoO](?:_?[0-9])*)?(?:[^_]|(?<=[0-9])_(?=[0-9]))*)"
)


def _is_well_spaced(text: str) -> bool:
    """Whether each ``_`` stands between digits, or after a base's prefix."""
    return _WELL_SPACED.fullmatch(text) is not None


_DECIMAL: Final = re.compile(
    r"[+-]?(?=[._]*[0-9])[0-9_]*+(?:\.[0-9_]*+)?(?:[eE][+-]?[0-9][0-9_]*+)?"
)
_HEXADECIMAL: Final = re.compile(
    r"[+-]?0[xX](?=[._]*[0-9a-fA-F])[0-9a-fA-F_]*+(?:\.[0-9a-fA-F_]*+)?"
    r"[pP][+-]?[0-9][0-9_]*+"
)


def parse_float(text: str) -> float | None:
    """Return what ``strconv.ParseFloat`` makes of *text*; ``None`` for an error.

    Named values (``inf``, ``nan``) are none here: no literal spells them.
    """
    is_hexadecimal = _HEXADECIMAL.fullmatch(text) is not None
    if not is_hexadecimal and _DECIMAL.fullmatch(text) is None:
        return None
    if "_" in text:
        if not _is_well_spaced(text):
            return None
        text = text.replace("_", "")
    try:
        value = float.fromhex(text) if is_hexadecimal else float(text)
    except OverflowError:
        return None
    return None if isinf(value) else value


_COMPLEX_PART: Final = re.compile(
    r"[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?"
    r"|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)"
)


def _scan_complex(text: str) -> complex:
    """Read ``1+2i`` as ``fmt.Sscan`` does."""
    real = _match_part(text, 0)
    imaginary = _match_part(text, len(real))
    end = len(real) + len(imaginary)
    if imaginary[:1] not in {"+", "-"} or text[end:] != "i" or len(imaginary) == 1:
        raise NumberError("syntax error scanning complex number")
    return complex(_part(real), _part(imaginary))


def _match_part(text: str, start: int) -> str:
    found = _COMPLEX_PART.match(text, start)
    return "" if found is None else found[0]


def _part(text: str) -> float:
    value = parse_float(text)
    if value is None:
        reason = "value out of range" if _DECIMAL.fullmatch(text) else INVALID_SYNTAX
        raise NumberError(f"strconv.ParseFloat: parsing {quote(text)}: {reason}")
    return value
