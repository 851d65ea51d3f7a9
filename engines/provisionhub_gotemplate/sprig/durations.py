"""``time.Duration``: nanoseconds, read from ``1h30m`` and written the same way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.functions import Function, function
from provisionhub_gotemplate.sprig.casting import parse_nearest, wrap64
from provisionhub_gotemplate.sprig.refused import refusal
from provisionhub_gotemplate.sprig.runes import to_bytes
from provisionhub_gotemplate.values import Int64, Opaque

MICROSECOND: Final = 1_000
MILLISECOND: Final = 1_000_000
SECOND: Final = 1_000_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE

_UNITS: Final = {
    "ns": 1,
    "us": MICROSECOND,
    "\u00b5s": MICROSECOND,
    "\u03bcs": MICROSECOND,
    "ms": MILLISECOND,
    "s": SECOND,
    "m": MINUTE,
    "h": HOUR,
}
_PART: Final = re.compile(r"([0-9]*)(\.([0-9]*))?([^0-9.]*)")
_MOST: Final = 2**63
_LONGEST_NUMBER: Final = 30

_DAY: Final = 24 * HOUR
_ROUNDED: Final = (
    (365 * _DAY, "y"),
    (30 * _DAY, "mo"),
    (_DAY, "d"),
    (HOUR, "h"),
    (MINUTE, "m"),
    (SECOND, "s"),
)


def parse_duration(text: str) -> int:
    """Return the nanoseconds that *text* tells, such as ``-1.5h``.

    Raises:
        FunctionError: If it tells none.
    """
    invalid = FunctionError(f"time: invalid duration {quote_time(text)}")
    is_negative = text.startswith("-")
    rest = text[1:] if text[:1] in {"-", "+"} else text
    if rest == "0":
        return 0
    if not rest:
        raise invalid
    total = 0
    while rest:
        part = _PART.match(rest)
        if part is None or not (part[1] or part[3]):
            raise invalid
        total += _part(part, text)
        if total > _MOST or len(part[1]) > _LONGEST_NUMBER:
            raise invalid
        rest = rest[part.end() :]
    if total == _MOST and not is_negative:
        raise invalid
    return -total if is_negative else total


def _part(part: re.Match[str], text: str) -> int:
    """Return the nanoseconds of one number with its unit."""
    whole, fraction, unit = part[1], part[3] or "", part[4]
    if not unit:
        raise FunctionError(f"time: missing unit in duration {quote_time(text)}")
    scale = _UNITS.get(unit)
    if scale is None:
        raise FunctionError(
            f"time: unknown unit {quote_time(unit)} in duration {quote_time(text)}"
        )
    nanoseconds = int(whole[:_LONGEST_NUMBER] or "0") * scale
    if fraction:
        digits = fraction[:18]
        nanoseconds += int(int(digits) * (scale / 10 ** len(digits)))
    return nanoseconds


def quote_time(text: str) -> str:
    """Return *text* in double quotes, as the package ``time`` quotes it.

    All but printable ASCII is in hexadecimal.
    """
    escaped = [
        f"\\{chr(octet)}"
        if octet in b'"\\'
        else chr(octet)
        if ord(" ") <= octet < 0x80  # noqa: PLR2004 - the end of ASCII
        else f"\\x{octet:02x}"
        for octet in to_bytes(text)
    ]
    return f'"{"".join(escaped)}"'


def format_duration(nanoseconds: int) -> str:
    """Return a duration as ``String`` writes it: ``1h0m1.5s``, ``20ms``."""
    size = abs(nanoseconds)
    sign = "-" if nanoseconds < 0 else ""
    if size == 0:
        return "0s"
    for unit, scale in (("ns", 1), ("\u00b5s", MICROSECOND), ("ms", MILLISECOND)):
        if size < min(scale * 1000, SECOND):
            return f"{sign}{_decimal(size, scale)}{unit}"
    minutes, rest = divmod(size, MINUTE)
    hours, minutes = divmod(minutes, 60)
    text = f"{_decimal(rest, SECOND)}s"
    if hours or minutes:
        text = f"{minutes}m{text}"
    return f"{sign}{hours}h{text}" if hours else sign + text


def _decimal(amount: int, scale: int) -> str:
    whole, fraction = divmod(amount, scale)
    if not fraction:
        return str(whole)
    places = len(str(scale)) - 1
    return f"{whole}.{fraction:0{places}d}".rstrip("0")


def duration(seconds: object) -> str:
    """Return *seconds*, a text or an ``int64``, as a duration; all else as 0."""
    number = 0
    if isinstance(seconds, str):
        number = parse_nearest(seconds)
    elif isinstance(seconds, Int64):
        number = int(seconds)
    return format_duration(wrap64(number * SECOND))


def duration_round(value: object) -> str:
    """Return a duration in its largest unit: ``2h``, ``3mo``; of anything else, 0."""
    nanoseconds = 0
    if isinstance(value, str):
        try:
            nanoseconds = parse_duration(value)
        except FunctionError:
            nanoseconds = 0
    elif isinstance(value, Int64):
        nanoseconds = int(value)
    elif isinstance(value, Opaque) and value.go_type == "time.Time":
        raise refusal("the time since then is another each time")
    for scale, unit in _ROUNDED:
        if abs(nanoseconds) > scale:
            return f"{abs(nanoseconds) // scale}{unit}"
    return "0s"


DURATIONS: Final[Mapping[str, Function]] = {
    "duration": function(duration, "func(any) string"),
    "durationRound": function(duration_round, "func(any) string"),
}
"""The functions, by their names in templates."""
