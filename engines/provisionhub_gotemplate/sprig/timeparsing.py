"""Reading dates by a layout, as ``time.Parse`` does, with its complaints."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.sprig.durations import quote_time
from provisionhub_gotemplate.sprig.gregorian import (
    MONTHS,
    WEEKDAYS,
    days_before,
    days_in,
    is_leap,
)
from provisionhub_gotemplate.sprig.layouts import Field, Part, split_layout
from provisionhub_gotemplate.sprig.times import Time, time_of_date
from provisionhub_gotemplate.sprig.zones import UTC, Zone

_FRACTIONS: Final = frozenset({Field.FRACTION, Field.TRIMMED_FRACTION})
_FRACTION: Final = re.compile(r"[.,][0-9]+")
_ZONE_NAME: Final = re.compile(
    r"ChST|MeST|(?:WITA|[A-Z]{4}T|[A-Z]{3}T|[A-Z]{3})(?![A-Z])"
)
_SIGNED: Final = re.compile(r"[-+]([0-9]+)")
_SIGNED_DIGITS: Final = re.compile(r"[-+]?[0-9]+")
_MOST_HOURS_OF_ZONE: Final = 23
_LAST_CENTURY: Final = 69
_NOON: Final = 12
_LEAP_DAY: Final = 60


class _MismatchError(Exception):
    """The value is not what the layout asks for."""


class _RangeError(Exception):
    """A number is outside of its range; the text says which."""


@dataclass
class _Reading:
    """What was read so far; -1 is nothing.

    Attributes:
        rest: What is still to be read.
        parts: The parts of the layout.
        index: That of the part being read.
    """

    rest: str
    parts: tuple[Part, ...]
    index: int = 0
    numbers: dict[str, int] = field(default_factory=dict)
    half: str = ""
    zone: Zone | None = None
    zone_offset: int | None = None
    zone_name: str = ""

    def take(self, count: int) -> str:
        if len(self.rest) < count:
            raise _MismatchError
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def number(self, *, is_fixed: bool, most_digits: int = 2) -> int:
        match = re.match(f"[0-9]{{1,{most_digits}}}", self.rest)
        if match is None or (is_fixed and len(match[0]) < most_digits):
            raise _MismatchError
        return int(self.take(len(match[0])))

    def skip(self, text: str) -> None:
        """Pass over *text*; spaces stand for any number of them."""
        while text:
            if text[0] == " ":
                if self.rest and self.rest[0] != " ":
                    raise _MismatchError
                text, self.rest = text.lstrip(" "), self.rest.lstrip(" ")
            elif self.rest[:1] == text[0]:
                text, self.rest = text[1:], self.rest[1:]
            else:
                raise _MismatchError


def parse_time(layout: str, value: str) -> Time:
    """Return the moment that *value* tells in the form of *layout*.

    Raises:
        FunctionError: If it does not; the text is Go's.
    """
    reading = _Reading(value, split_layout(layout))
    for index, part in enumerate(reading.parts):
        reading.index = index
        before = reading.rest
        try:
            _READERS[part.field](reading, part)
        except _MismatchError:
            # Go shows where fixed text went wrong, but all of any other part.
            at = reading.rest if part.field is Field.TEXT else before
            message = f"cannot parse {quote_time(at)} as {quote_time(part.text)}"
            raise _complaint(value, message, layout) from None
        except _RangeError as error:
            raise _complaint(value, f"{error} out of range") from None
    if reading.rest:
        raise _complaint(value, f"extra text: {quote_time(reading.rest)}")
    try:
        return _moment(reading)
    except _RangeError as error:
        raise _complaint(value, str(error)) from None


def _complaint(value: str, message: str, layout: str | None = None) -> FunctionError:
    form = "" if layout is None else f" as {quote_time(layout)}"
    return FunctionError(f"parsing time {quote_time(value)}{form}: {message}")


def _moment(reading: _Reading) -> Time:
    numbers = reading.numbers
    hour = numbers.get("hour", 0)
    if reading.half == "pm" and hour < _NOON:
        hour += _NOON
    elif reading.half == "am" and hour == _NOON:
        hour = 0
    year = numbers.get("year", 0)
    month, day = _month_and_day(numbers, year)
    if not 1 <= day <= days_in(month, year):
        raise _RangeError("day out of range")
    clock = (hour, numbers.get("minute", 0), numbers.get("second", 0))
    time = time_of_date((year, month, day), clock, numbers.get("nanosecond", 0))
    return _placed(reading, time)


def _month_and_day(numbers: Mapping[str, int], year: int) -> tuple[int, int]:
    month, day = numbers.get("month"), numbers.get("day")
    year_day = numbers.get("year_day")
    if year_day is None:
        return month or 1, 1 if day is None else day
    if not 1 <= year_day <= 365 + is_leap(year):
        raise _RangeError("day-of-year out of range")
    found = next(
        each for each in range(12, 0, -1) if days_before(each, year) < year_day
    )
    found_day = year_day - days_before(found, year)
    if month is not None and month != found:
        raise _RangeError("day-of-year does not match month")
    if day is not None and day != found_day:
        raise _RangeError("day-of-year does not match day")
    return found, found_day


def _placed(reading: _Reading, time: Time) -> Time:
    """Return *time*, read as UTC, in the zone that was read."""
    if reading.zone is not None:
        return replace(time, zone=reading.zone)
    if reading.zone_offset is not None:
        offset, name = reading.zone_offset, reading.zone_name
        moved = replace(time, unix=time.unix - offset)
        is_utc = offset == 0 and name in {"", "UTC"}
        return replace(moved, zone=UTC if is_utc else Zone(name, offset))
    if reading.zone_name:
        hours = reading.zone_name[3:] if reading.zone_name.startswith("GMT") else ""
        offset = int(hours) * 3600 if _SIGNED.fullmatch(hours) else 0
        return replace(time, zone=Zone(reading.zone_name, offset))
    return time


def _read_year(reading: _Reading, part: Part) -> None:
    del part
    digits = reading.take(2)
    if not _SIGNED_DIGITS.fullmatch(digits):
        raise _MismatchError
    year = int(digits)
    reading.numbers["year"] = year + (1900 if year >= _LAST_CENTURY else 2000)


def _read_long_year(reading: _Reading, part: Part) -> None:
    if not reading.rest[:1].isdigit():
        raise _MismatchError
    reading.numbers["year"] = _digits(reading.take(len(part.text)))


def _digits(text: str) -> int:
    if not _is_number(text):
        raise _MismatchError
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _name_reader(
    names: tuple[str, ...], key: str | None, *, letters: int | None = None
) -> Callable[[_Reading, Part], None]:
    """Return what reads one of *names*, or of their first *letters*, in any case."""
    shown = [name[:letters].lower() for name in names]

    def read(reading: _Reading, part: Part) -> None:
        del part
        rest = reading.rest.lower()
        for index, name in enumerate(shown):
            if rest.startswith(name):
                reading.take(len(name))
                if key is not None:
                    reading.numbers[key] = index + 1
                return
        raise _MismatchError

    return read


def _number_reader(
    key: str, most: int, *, least: int = 0, is_fixed: bool = False
) -> Callable[[_Reading, Part], None]:
    """Return what reads a number of one or two digits up to *most*."""

    def read(reading: _Reading, part: Part) -> None:
        del part
        number = reading.number(is_fixed=is_fixed)
        if not least <= number <= most:
            raise _RangeError(key)
        reading.numbers[key] = number

    return read


def _second_reader(*, is_fixed: bool) -> Callable[[_Reading, Part], None]:
    read_number = _number_reader("second", 59, is_fixed=is_fixed)

    def read(reading: _Reading, part: Part) -> None:
        read_number(reading, part)
        following = reading.parts[reading.index + 1 :]
        expected = next(
            (each for each in following if each.field is not Field.TEXT), None
        )
        if expected is None or expected.field not in _FRACTIONS:
            _read_trimmed_fraction(reading, part)

    return read


def _read_day(reading: _Reading, part: Part) -> None:
    if part.field is Field.UNDER_DAY:
        reading.rest = reading.rest.removeprefix(" ")
    is_fixed = part.field is Field.ZERO_DAY
    reading.numbers["day"] = reading.number(is_fixed=is_fixed)


def _read_year_day(reading: _Reading, part: Part) -> None:
    is_fixed = part.field is Field.ZERO_YEAR_DAY
    if not is_fixed:
        reading.rest = reading.rest.removeprefix(" ").removeprefix(" ")
    reading.numbers["year_day"] = reading.number(is_fixed=is_fixed, most_digits=3)


def _read_half(reading: _Reading, part: Part) -> None:
    half = reading.take(2)
    if half not in (("AM", "PM") if part.field is Field.UPPER_HALF else ("am", "pm")):
        raise _MismatchError
    reading.half = half.lower()


def _read_zone_offset(reading: _Reading, part: Part) -> None:
    if part.text[0] == "Z" and reading.rest.startswith("Z"):
        reading.take(1)
        reading.zone = UTC
        return
    taken = reading.take(len(part.text))
    for index, character in enumerate(part.text):
        if character == ":" and taken[index] != ":":
            raise _MismatchError
    digits = taken[1:].replace(":", "") if ":" in part.text else taken[1:]
    pairs = [digits[at : at + 2] for at in range(0, len(digits), 2)]
    read = [int(pair) for pair in itertools.takewhile(_is_number, pairs)]
    hours, minutes, seconds = [*read, 0, 0, 0][:3]
    # A number out of range is told before one that is none; of several, the last.
    for number, most, name in (
        (seconds, 60, "second"),
        (minutes, 60, "minute"),
        (hours, 24, "hour"),
    ):
        if number > most:
            raise _RangeError(f"time zone offset {name}")
    if len(read) < len(pairs) or taken[0] not in "+-":
        raise _MismatchError
    offset = (hours * 60 + minutes) * 60 + seconds
    reading.zone_offset = -offset if taken[0] == "-" else offset


def _read_zone_name(reading: _Reading, part: Part) -> None:
    del part
    if reading.rest.startswith("UTC"):
        reading.take(3)
        reading.zone = UTC
        return
    reading.zone_name = reading.take(_length_of_zone_name(reading.rest))


def _length_of_zone_name(text: str) -> int:
    if text.startswith("GMT"):
        return len("GMT") + _length_of_offset(text[3:])
    length = _length_of_offset(text)
    if length:
        return length
    match = _ZONE_NAME.match(text)
    if match is None:
        raise _MismatchError
    return match.end()


def _length_of_offset(text: str) -> int:
    match = _SIGNED.match(text)
    return match.end() if match and int(match[1]) <= _MOST_HOURS_OF_ZONE else 0


def _read_fraction(reading: _Reading, part: Part) -> None:
    taken = reading.take(len(part.text))
    if not _FRACTION.fullmatch(taken):
        raise _MismatchError
    reading.numbers["nanosecond"] = _nanoseconds(taken)


def _read_trimmed_fraction(reading: _Reading, part: Part) -> None:
    del part
    match = _FRACTION.match(reading.rest)
    if match:
        reading.numbers["nanosecond"] = _nanoseconds(reading.take(match.end()))


def _nanoseconds(fraction: str) -> int:
    return int(fraction[1:10].ljust(9, "0"))


_READERS: Final[Mapping[Field, Callable[[_Reading, Part], None]]] = {
    Field.TEXT: lambda reading, part: reading.skip(part.text),
    Field.LONG_YEAR: _read_long_year,
    Field.YEAR: _read_year,
    Field.LONG_MONTH: _name_reader(MONTHS, "month"),
    Field.MONTH: _name_reader(MONTHS, "month", letters=3),
    Field.NUMBER_MONTH: _number_reader("month", 12, least=1),
    Field.ZERO_MONTH: _number_reader("month", 12, least=1, is_fixed=True),
    Field.LONG_WEEKDAY: _name_reader(WEEKDAYS, None),
    Field.WEEKDAY: _name_reader(WEEKDAYS, None, letters=3),
    Field.DAY: _read_day,
    Field.UNDER_DAY: _read_day,
    Field.ZERO_DAY: _read_day,
    Field.UNDER_YEAR_DAY: _read_year_day,
    Field.ZERO_YEAR_DAY: _read_year_day,
    Field.HOUR: _number_reader("hour", 23),
    Field.HOUR12: _number_reader("hour", 12),
    Field.ZERO_HOUR12: _number_reader("hour", 12, is_fixed=True),
    Field.MINUTE: _number_reader("minute", 59),
    Field.ZERO_MINUTE: _number_reader("minute", 59, is_fixed=True),
    Field.SECOND: _second_reader(is_fixed=False),
    Field.ZERO_SECOND: _second_reader(is_fixed=True),
    Field.UPPER_HALF: _read_half,
    Field.LOWER_HALF: _read_half,
    Field.ZONE_NAME: _read_zone_name,
    Field.ZONE_OFFSET: _read_zone_offset,
    Field.FRACTION: _read_fraction,
    Field.TRIMMED_FRACTION: _read_trimmed_fraction,
}
