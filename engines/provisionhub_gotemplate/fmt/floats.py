"""Floating-point numbers to text: ``strconv.FormatFloat`` and what ``fmt`` adds."""

from __future__ import annotations

import math
import struct
from typing import Final

from provisionhub_gotemplate.fmt.flags import Flags
from provisionhub_gotemplate.values import Float32

_SHORTEST: Final = -1
_LARGEST_PLAIN: Final = 6
"""Digits before the point from which on the shortest form takes an exponent."""
_SMALLEST_PLAIN: Final = -4


def format_float(value: float, verb: str, flags: Flags) -> str:
    """Return *value* for one of ``b e E f F g G v x X``."""
    precision = 6 if verb in "eEfF" else _SHORTEST
    if flags.precision is not None:
        precision = flags.precision
    shown = {"v": "g", "F": "f"}.get(verb, verb)
    text = float_text(value, shown, precision)
    text = _signed(text, flags)
    if math.isfinite(value):
        return _padded(text, verb, precision, flags)
    if text[1] == "N" and not flags.space and not flags.plus:
        text = text[1:]
    return flags.pad_blank(text)


def _padded(text: str, verb: str, precision: int, flags: Flags) -> str:
    """Return the finite number *text*, which has a sign, as *flags* ask for it."""
    if flags.sharp and verb != "b":
        text = _with_point(text, verb, precision)
    if not flags.plus and text[0] == "+":
        return flags.pad(text[1:])
    if flags.zero and not flags.minus and (flags.width or 0) > len(text):
        return text[0] + "0" * ((flags.width or 0) - len(text)) + text[1:]
    return flags.pad(text)


def _signed(text: str, flags: Flags) -> str:
    """Return *text* with a sign, or with the space that stands for one."""
    if text[0] not in "+-":
        text = f"+{text}"
    has_space = flags.space and text[0] == "+" and not flags.plus
    return f" {text[1:]}" if has_space else text


def _with_point(text: str, verb: str, precision: int) -> str:
    """Return *text* with a point, and with the zeros that ``%#g`` keeps."""
    digits = 0
    if verb in "vgGx":
        digits = 6 if precision == _SHORTEST else precision
    marks = "pP" if verb in "xX" else "eE"
    end = next((i for i, c in enumerate(text) if i and c in marks), len(text))
    number, tail = text[:end], text[end:]
    significant = number[1:].replace(".", "").lstrip("0")
    digits -= len(significant)
    if "." not in number:
        if number[1:] == "0":
            digits -= 1
        number += "."
    return number + "0" * digits + tail


def float_text(value: float, verb: str, precision: int) -> str:
    """Return what ``strconv.FormatFloat`` makes of *value*.

    Args:
        value: Any number, finite or not.
        verb: One of ``b e E f g G x X``.
        precision: As in Go; -1 for the shortest text that means the same number.
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    if verb == "b":
        return _binary(value)
    if verb in "xX":
        text = _hexadecimal(value, precision)
        return text.upper() if verb == "X" else text
    if precision != _SHORTEST:
        return format(value, f".{precision}{verb}")
    return _shortest(value, verb)


def shortest_digits(value: float) -> tuple[str, int]:
    """Return the fewest digits that mean *value*, and where the point is in them."""
    if value == 0:
        return "0", 1
    mantissa, exponent = _scientific(_magnitude(value)).split("e")
    digits = mantissa.replace(".", "").rstrip("0")
    return digits, int(exponent) + 1


def _magnitude(value: float) -> float:
    magnitude = abs(value)
    return Float32(magnitude) if isinstance(value, Float32) else magnitude


def _scientific(value: float) -> str:
    if isinstance(value, Float32):
        for precision in range(9):
            text = format(float(value), f".{precision}e")
            if struct.pack("f", float(text)) == struct.pack("f", value):
                return text
    text = repr(float(value))
    if "e" in text:
        return text
    whole, _, fraction = text.partition(".")
    digits = (whole + fraction).lstrip("0")
    exponent = len(whole) - 1 if whole != "0" else len(digits) - len(fraction) - 1
    return f"{digits[:1]}.{digits[1:]}e{exponent}"


def _shortest(value: float, verb: str) -> str:
    sign = "-" if math.copysign(1, value) < 0 else ""
    digits, point = shortest_digits(value)
    exponent = point - 1 if value else 0
    is_general = verb in "gG"
    if verb in "eE" or (
        is_general and not _SMALLEST_PLAIN <= exponent < _LARGEST_PLAIN
    ):
        mark = "e" if verb in "eg" else "E"
        fraction = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{fraction}{mark}{exponent:+03d}"
    return sign + _plain(digits, point)


def _plain(digits: str, point: int) -> str:
    if point <= 0:
        return "0." + "0" * -point + digits
    if point >= len(digits):
        return digits + "0" * (point - len(digits))
    return f"{digits[:point]}.{digits[point:]}"


def _binary(value: float) -> str:
    sign = "-" if math.copysign(1, value) < 0 else ""
    digits, least = (24, -149) if isinstance(value, Float32) else (53, -1074)
    exponent = max(math.frexp(value)[1] - digits, least) if value else least
    mantissa = int(math.ldexp(abs(value), -exponent))
    return f"{sign}{mantissa}p{exponent:+d}"


def _hexadecimal(value: float, precision: int) -> str:
    sign = "-" if math.copysign(1, value) < 0 else ""
    mantissa, exponent = math.frexp(abs(value))
    if mantissa == 0:
        zeros = "." + "0" * precision if precision > 0 else ""
        return f"{sign}0x0{zeros}p+00"
    whole = int(mantissa * (1 << 53))  # 53 bits, the first of them set
    exponent -= 1
    digits = 13
    if 0 <= precision < digits:
        drop = 4 * (digits - precision)
        half, rest = 1 << (drop - 1), whole & ((1 << drop) - 1)
        whole >>= drop
        if rest > half or (rest == half and whole & 1):
            whole += 1
        digits = precision
        if whole >> (4 * digits + 1):
            whole >>= 1
            exponent += 1
    fraction = format(whole & ((1 << 4 * digits) - 1), f"0{digits}x") if digits else ""
    if precision == _SHORTEST:
        fraction = fraction.rstrip("0")
    else:
        fraction = fraction.ljust(precision, "0")
    point = "." if fraction else ""
    return f"{sign}0x1{point}{fraction}p{exponent:+03d}"
