"""Integers to text, for each verb that takes them."""

from __future__ import annotations

from typing import Final

from provisionhub_gotemplate.fmt.flags import Flags
from provisionhub_gotemplate.printable import is_printable
from provisionhub_gotemplate.quoting import quote_rune

_BASES: Final = {"b": "b", "o": "o", "O": "o", "x": "x", "X": "x"}
_PREFIXES: Final = {"b": "0b", "x": "0x", "X": "0X"}
_LAST_RUNE: Final = 0x10FFFF


def format_integer(value: int, verb: str, flags: Flags) -> str:
    """Return *value* for one of ``b c d o O q U v x X``."""
    if verb == "c":
        return flags.pad(rune(value))
    if verb == "q":
        return flags.pad(quote_rune(rune(value), ascii_only=flags.plus))
    if verb == "U":
        return _unicode(value, flags)
    return _digits(value, verb, flags)


def rune(value: int) -> str:
    """Return the character with the code *value*, U+FFFD if there is none."""
    is_rune = 0 <= value <= _LAST_RUNE and not 0xD800 <= value <= 0xDFFF  # noqa: PLR2004
    return chr(value) if is_rune else "\ufffd"


def _digits(value: int, verb: str, flags: Flags) -> str:
    if flags.precision == 0 and value == 0:
        return " " * (flags.width or 0)
    sign = "-" if value < 0 else "+" if flags.plus else " " if flags.space else ""
    least = flags.precision or 0
    if flags.precision is None and flags.zero and not flags.minus:
        least = (flags.width or 0) - len(sign)
    digits = format(abs(value), _BASES.get(verb, "d"))
    if verb == "X":
        digits = digits.upper()
    digits = digits.rjust(least, "0")
    return flags.pad_blank(sign + _prefix(digits, verb, flags) + digits)


def _prefix(digits: str, verb: str, flags: Flags) -> str:
    if verb == "O":
        octal = "0" if flags.sharp and not digits.startswith("0") else ""
        return f"0o{octal}"
    if not flags.sharp:
        return ""
    if verb == "o":
        return "" if digits.startswith("0") else "0"
    return _PREFIXES.get(verb, "")


def _unicode(value: int, flags: Flags) -> str:
    code = value if value >= 0 else value + (1 << 64)
    digits = format(code, "X").rjust(max(4, flags.precision or 0), "0")
    shown = f"U+{digits}"
    if flags.sharp and code <= _LAST_RUNE and is_printable(chr(code)):
        shown += f" '{chr(code)}'"
    return flags.pad_blank(shown)
