"""``time.Time``: a moment in a time zone, and how a layout writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, Final

from provisionhub_gotemplate.functions import Function, function
from provisionhub_gotemplate.sprig.durations import SECOND
from provisionhub_gotemplate.sprig.gregorian import (
    MONTHS,
    WEEKDAYS,
    date_from_days,
    days_before,
    days_from_date,
)
from provisionhub_gotemplate.sprig.layouts import Field, Part, split_layout
from provisionhub_gotemplate.sprig.zones import UTC, Zone
from provisionhub_gotemplate.values import Int64, Opaque

_DAY: Final = 86_400
_HOUR: Final = 3_600
_THURSDAY: Final = 4
"""The weekday of 1970-01-01, counted from Sunday."""

_ZERO: Final = -62_135_596_800
"""The start of the year 1, in seconds of Unix time."""

_STRING: Final = "2006-01-02 15:04:05.999999999 -0700 MST"
_RFC3339_NANO: Final = "2006-01-02T15:04:05.999999999Z07:00"


@dataclass(frozen=True, eq=True)
class Named(Opaque):
    """A month or a weekday: a number that prints as a name.

    Attributes:
        number: What Go counts it as.
        name: What it prints as.
    """

    number: int
    name: str

    def go_string(self) -> str:
        """Return the name."""
        return self.name


class Month(Named):
    """A ``time.Month``, counted from 1."""

    go_type: ClassVar[str] = "time.Month"
    go_kind: ClassVar[str] = "int"


class Weekday(Named):
    """A ``time.Weekday``, counted from 0 for Sunday."""

    go_type: ClassVar[str] = "time.Weekday"
    go_kind: ClassVar[str] = "int"


@dataclass(frozen=True)
class Time(Opaque):
    """A moment.

    Attributes:
        unix: Seconds since 1970-01-01 in UTC.
        nanosecond: What the seconds leave, from 0.
        zone: Where it is shown.
    """

    go_type: ClassVar[str] = "time.Time"

    unix: int = _ZERO
    nanosecond: int = 0
    zone: Zone = UTC

    @cached_property
    def abbreviation(self) -> str:
        """The zone's short name at that moment, or ``""``."""
        return self.zone.at(self.unix)[0]

    @cached_property
    def offset(self) -> int:
        """Seconds east of UTC."""
        return self.zone.at(self.unix)[1]

    @cached_property
    def date(self) -> tuple[int, int, int]:
        """The year, the month and the day."""
        return date_from_days((self.unix + self.offset) // _DAY)

    @property
    def second_of_day(self) -> int:
        """Seconds since midnight."""
        return (self.unix + self.offset) % _DAY

    @property
    def hour(self) -> int:
        """The hour, from 0 to 23."""
        return self.second_of_day // _HOUR

    @property
    def minute(self) -> int:
        """The minute, from 0 to 59."""
        return self.second_of_day // 60 % 60

    @property
    def second(self) -> int:
        """The second, from 0 to 59."""
        return self.second_of_day % 60

    @property
    def weekday(self) -> int:
        """The day of the week, from 0 for Sunday."""
        return ((self.unix + self.offset) // _DAY + _THURSDAY) % 7

    @property
    def year_day(self) -> int:
        """The day of the year, from 1."""
        year, month, day = self.date
        return days_before(month, year) + day

    def add(self, nanoseconds: int) -> Time:
        """Return the moment that is *nanoseconds* later."""
        seconds, rest = divmod(self.nanosecond + nanoseconds, SECOND)
        return replace(self, unix=self.unix + seconds, nanosecond=rest)

    def shown_in(self, zone: Zone) -> Time:
        """Return the same moment in another *zone*."""
        return replace(self, zone=zone)

    def format(self, layout: str) -> str:
        """Return the moment as *layout* writes Go's reference time."""
        return "".join(
            _WRITERS[part.field](self, part) for part in split_layout(layout)
        )

    def to_json(self) -> str:
        """Return the moment as RFC 3339 has it."""
        return self.format(_RFC3339_NANO)

    def go_string(self) -> str:
        """Return the moment as ``String`` writes it."""
        return self.format(_STRING)

    @property
    def go_methods(self) -> Mapping[str, object]:
        """The methods that templates may call."""
        return {name: _bound(self, method) for name, method in _METHODS.items()}


def _bound(time: Time, method: Function) -> Function:
    return replace(method, call=lambda *arguments: method.call(time, *arguments))


def time_of_date(
    date: tuple[int, int, int], clock: tuple[int, int, int], nanosecond: int = 0
) -> Time:
    """Return the moment of a date and a clock in UTC; either may overflow."""
    year, month, day = date
    years, months = divmod(month - 1, 12)
    days = days_from_date(year + years, months + 1, 1) + day - 1
    hour, minute, second = clock
    return Time(days * _DAY + hour * _HOUR + minute * 60 + second, nanosecond)


def depends_on_time(layout: str) -> bool:
    """Whether *layout* writes more than fixed text."""
    return any(part.field is not Field.TEXT for part in split_layout(layout))


def _year(time: Time, part: Part) -> str:
    del part
    year = time.date[0]
    return f"{year:04d}" if year >= 0 else f"-{-year:04d}"


def _zone_name(time: Time, part: Part) -> str:
    del part
    if time.abbreviation:
        return time.abbreviation
    minutes = _toward_zero(time.offset, 60)
    return (
        f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"
    )


def _zone_offset(time: Time, part: Part) -> str:
    if part.text[0] == "Z" and time.offset == 0:
        return "Z"
    minutes = _toward_zero(time.offset, 60)
    text = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}"
    pattern = part.text[3:]
    colon = ":" if ":" in pattern else ""
    if pattern:
        text += f"{colon}{abs(minutes) % 60:02d}"
    if len(pattern.replace(":", "")) > len("00"):
        text += f"{colon}{abs(time.offset) % 60:02d}"
    return text


def _toward_zero(number: int, divisor: int) -> int:
    return number // divisor if number >= 0 else -(-number // divisor)


def _fraction(time: Time, part: Part) -> str:
    return part.text[0] + f"{time.nanosecond:09d}"[: len(part.text) - 1]


def _trimmed_fraction(time: Time, part: Part) -> str:
    digits = f"{time.nanosecond:09d}"[: len(part.text) - 1].rstrip("0")
    return part.text[0] + digits if digits else ""


_WRITERS: Final[Mapping[Field, Callable[[Time, Part], str]]] = {
    Field.TEXT: lambda _, part: part.text,
    Field.LONG_YEAR: _year,
    Field.YEAR: lambda time, _: f"{abs(time.date[0]) % 100:02d}",
    Field.LONG_MONTH: lambda time, _: MONTHS[time.date[1] - 1],
    Field.MONTH: lambda time, _: MONTHS[time.date[1] - 1][:3],
    Field.NUMBER_MONTH: lambda time, _: str(time.date[1]),
    Field.ZERO_MONTH: lambda time, _: f"{time.date[1]:02d}",
    Field.LONG_WEEKDAY: lambda time, _: WEEKDAYS[time.weekday],
    Field.WEEKDAY: lambda time, _: WEEKDAYS[time.weekday][:3],
    Field.DAY: lambda time, _: str(time.date[2]),
    Field.UNDER_DAY: lambda time, _: f"{time.date[2]:2d}",
    Field.ZERO_DAY: lambda time, _: f"{time.date[2]:02d}",
    Field.UNDER_YEAR_DAY: lambda time, _: f"{time.year_day:3d}",
    Field.ZERO_YEAR_DAY: lambda time, _: f"{time.year_day:03d}",
    Field.HOUR: lambda time, _: f"{time.hour:02d}",
    Field.HOUR12: lambda time, _: str(time.hour % 12 or 12),
    Field.ZERO_HOUR12: lambda time, _: f"{time.hour % 12 or 12:02d}",
    Field.MINUTE: lambda time, _: str(time.minute),
    Field.ZERO_MINUTE: lambda time, _: f"{time.minute:02d}",
    Field.SECOND: lambda time, _: str(time.second),
    Field.ZERO_SECOND: lambda time, _: f"{time.second:02d}",
    Field.UPPER_HALF: lambda time, _: "PM" if time.hour >= 12 else "AM",  # noqa: PLR2004 - noon
    Field.LOWER_HALF: lambda time, _: "pm" if time.hour >= 12 else "am",  # noqa: PLR2004 - noon
    Field.ZONE_NAME: _zone_name,
    Field.ZONE_OFFSET: _zone_offset,
    Field.FRACTION: _fraction,
    Field.TRIMMED_FRACTION: _trimmed_fraction,
}


def _add_date(time: Time, years: int, months: int, days: int) -> Time:
    year, month, day = time.date
    clock = (time.hour, time.minute, time.second)
    moved = time_of_date((year + years, month + months, day + days), clock)
    return replace(time, unix=moved.unix - time.offset)


def _is_before(time: Time, other: Time) -> bool:
    return (time.unix, time.nanosecond) < (other.unix, other.nanosecond)


def _is_equal(time: Time, other: Time) -> bool:
    return (time.unix, time.nanosecond) == (other.unix, other.nanosecond)


_NUMBER: Final = "func() int"
_LONG: Final = "func() int64"
_TRUTH_OF_TWO: Final = "func(time.Time) bool"

_METHODS: Final[Mapping[str, Function]] = {
    "AddDate": function(_add_date, "func(int, int, int) time.Time"),
    "After": function(lambda time, other: _is_before(other, time), _TRUTH_OF_TWO),
    "Before": function(_is_before, _TRUTH_OF_TWO),
    "Day": function(lambda time: time.date[2], _NUMBER),
    "Equal": function(_is_equal, _TRUTH_OF_TWO),
    "Format": function(Time.format, "func(string) string"),
    "Hour": function(lambda time: time.hour, _NUMBER),
    "IsZero": function(
        lambda time: (time.unix, time.nanosecond) == (_ZERO, 0), "func() bool"
    ),
    "Local": function(lambda time: time.shown_in(UTC), "func() time.Time"),
    "Minute": function(lambda time: time.minute, _NUMBER),
    "Month": function(
        lambda time: Month(time.date[1], MONTHS[time.date[1] - 1]), "func() time.Month"
    ),
    "Nanosecond": function(lambda time: time.nanosecond, _NUMBER),
    "Second": function(lambda time: time.second, _NUMBER),
    "String": function(Time.go_string, "func() string"),
    "UTC": function(lambda time: time.shown_in(UTC), "func() time.Time"),
    "Unix": function(lambda time: Int64(time.unix), _LONG),
    "UnixMilli": function(
        lambda time: Int64(time.unix * 1000 + time.nanosecond // 10**6), _LONG
    ),
    "UnixNano": function(
        lambda time: Int64(time.unix * SECOND + time.nanosecond), _LONG
    ),
    "Weekday": function(
        lambda time: Weekday(time.weekday, WEEKDAYS[time.weekday]),
        "func() time.Weekday",
    ),
    "Year": function(lambda time: time.date[0], _NUMBER),
    "YearDay": function(lambda time: time.year_day, _NUMBER),
}
