"""Numbers out of any value, as the ``spf13/cast`` package makes them.

What cannot be converted is 0; nothing here fails.
"""

from __future__ import annotations

import re
from typing import Final

from provisionhub_gotemplate.values import Int64, Integer

_MOST: Final = 2**63
_DECIMAL: Final = re.compile(r"([-+]?[0-9]*)\.[0-9]*\Z")
_DIGITS: Final = {
    2: re.compile("[01]+"),
    8: re.compile("[0-7]+"),
    10: re.compile("[0-9]+"),
    16: re.compile("[0-9a-fA-F]+"),
}
_SIGNED: Final = re.compile("[-+]?[0-9]+")
_PREFIXES: Final = {"0b": 2, "0o": 8, "0x": 16}
_FLOAT: Final = re.compile(
    r"[-+]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
    r"|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?)\Z|[nN][aA][nN]\Z"
)
_MISPLACED: Final = re.compile("(?<![0-9])_|_(?![0-9])")
_MISPLACED_IN_HEX: Final = re.compile("(?<![0-9a-fA-FxX])_|_(?![0-9a-fA-F])")
_HEX_PREFIX: Final = re.compile("[-+]?0[xX]")
_HEX_FLOAT: Final = re.compile(
    r"[-+]?0[xX](?=[0-9a-fA-F.]*[0-9a-fA-F])[0-9a-fA-F]*\.?[0-9a-fA-F]*"
    r"[pP][-+]?[0-9]+\Z"
)


def wrap64(number: int) -> int:
    """Return *number* as 64 bits with a sign hold it."""
    return (number + _MOST) % (2 * _MOST) - _MOST


def int64(number: int) -> Int64:
    """Return *number* as an ``int64``; what is too large wraps around."""
    return Int64(number if -_MOST <= number < _MOST else wrap64(number))


def to_integer(value: object) -> int:
    """Return *value* as an integer of 64 bits."""
    kind = type(value)
    if kind is int or isinstance(value, Integer):
        number = int(value)  # type: ignore[call-overload]
        return number if -_MOST <= number < _MOST else 0
    if kind is bool:
        return int(value is True)
    if isinstance(value, float):
        return int(value) if -_MOST <= value < _MOST else 0
    return parse_integer(_whole(value)) or 0 if isinstance(value, str) else 0


def to_float(value: object) -> float:
    """Return *value* as a number of 64 bits with a fraction."""
    if isinstance(value, (int, float)):
        return float(value)
    number = parse_float(value) if isinstance(value, str) else None
    return 0.0 if number is None else number


def parse_integer(text: str, base: int = 0) -> int | None:
    """Return the number *text* as ``strconv.ParseInt`` reads it, or nothing.

    Args:
        text: What to read.
        base: That of its digits; 0 to tell it by the prefix, as Go's constants do,
            which then may have underscores.
    """
    sign, digits = (text[0], text[1:]) if text[:1] in {"+", "-"} else ("", text)
    if base == 0:
        base, digits = _base(digits)
    if len(digits) > 100 or not _DIGITS[base].fullmatch(digits):  # noqa: PLR2004
        return _parse_long(sign, digits, base)
    number = int(sign + digits, base)
    return number if -_MOST <= number < _MOST else None


def _parse_long(sign: str, digits: str, base: int) -> int | None:
    """Return a number with more zeros in front than anyone writes, or nothing."""
    short = digits.lstrip("0") or "0"
    if digits != short and _DIGITS[base].fullmatch(digits):
        return parse_integer(sign + short, base)
    return None


def _base(digits: str) -> tuple[int, str]:
    """Return the base that the prefix of *digits* tells, and what follows it."""
    base = _PREFIXES.get(digits[:2].lower())
    if base is not None:
        rest = digits[2:].removeprefix("_")
    elif digits[:1] == "0" and len(digits) > 1:
        base, rest = 8, digits[1:].removeprefix("_")
    else:
        base, rest = 10, digits
    parts = rest.split("_")
    return base, "".join(parts) if all(parts) else ""


def parse_nearest(text: str) -> int:
    """Return the number *text* in decimal, or the nearest there is; 0 if it is none.

    This is what Go code has that ignores the error of ``strconv.ParseInt``.
    """
    number = parse_integer(text, 10)
    if number is not None or not _SIGNED.fullmatch(text):
        return number or 0
    return -_MOST if text.startswith("-") else _MOST - 1


def _whole(text: str) -> str:
    """Return *text* without its decimal places, if it is a decimal number."""
    match = _DECIMAL.fullmatch(text)
    if match is None:
        return text
    whole = match[1]
    return whole + "0" if whole in {"", "+", "-"} else whole


def parse_float(text: str) -> float | None:
    """Return the number *text* as ``strconv.ParseFloat`` reads it, or nothing."""
    if "_" in text:
        misplaced = _MISPLACED_IN_HEX if _HEX_PREFIX.match(text) else _MISPLACED
        text = "" if misplaced.search(text) else text.replace("_", "")
    if _FLOAT.match(text):
        number = float(text)
        is_too_large = (
            number in {float("inf"), float("-inf")} and "n" not in text.lower()
        )
        return None if is_too_large else number
    if _HEX_FLOAT.match(text):
        try:
            return float.fromhex(text)
        except OverflowError:
            return None
    return None
