"""The Gregorian calendar, without an end: days since 1970 and dates."""

from __future__ import annotations

from typing import Final

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS: Final = (
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
)

_LENGTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY: Final = 2
_DAYS_OF_ERA: Final = 146_097
_YEARS_OF_ERA: Final = 400
_EPOCH: Final = 719_468
"""Days from 0000-03-01 to 1970-01-01."""


def is_leap(year: int) -> bool:
    """Whether *year* has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in(month: int, year: int) -> int:
    """Return the days of a *month*, counted from 1."""
    return 29 if month == _FEBRUARY and is_leap(year) else _LENGTHS[month - 1]


def days_before(month: int, year: int) -> int:
    """Return the days of *year* that are over when *month* starts."""
    return sum(days_in(earlier, year) for earlier in range(1, month))


def days_from_date(year: int, month: int, day: int) -> int:
    """Return the days from 1970-01-01 to a date."""
    # Years start in March here, so that a leap day is the last of its year.
    shifted_year = year - (month <= _FEBRUARY)
    era, year_of_era = divmod(shifted_year, _YEARS_OF_ERA)
    day_of_year = (153 * ((month - 3) % 12) + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * _DAYS_OF_ERA + day_of_era - _EPOCH


def date_from_days(days: int) -> tuple[int, int, int]:
    """Return the year, month and day that are so many *days* after 1970-01-01."""
    era, day_of_era = divmod(days + _EPOCH, _DAYS_OF_ERA)
    year_of_era = (
        day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096
    ) // 365
    day_of_year = day_of_era - (
        365 * year_of_era + year_of_era // 4 - year_of_era // 100
    )
    shifted_month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted_month + 2) // 5 + 1
    month = shifted_month + 3 if shifted_month < 10 else shifted_month - 9  # noqa: PLR2004 - March is 0
    return year_of_era + era * _YEARS_OF_ERA + (month <= _FEBRUARY), month, day
