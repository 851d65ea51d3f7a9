"""Sprig's functions of dates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.functions import Function, function
from provisionhub_gotemplate.sprig.durations import parse_duration
from provisionhub_gotemplate.sprig.refused import refusal
from provisionhub_gotemplate.sprig.timeparsing import parse_time
from provisionhub_gotemplate.sprig.times import Time, depends_on_time
from provisionhub_gotemplate.sprig.zones import UTC, load_zone
from provisionhub_gotemplate.values import Int32, Int64

_HTML: Final = "2006-01-02"


def date_in_zone(layout: str, date: object, zone: str) -> str:
    """Return *date* as *layout* writes it, in the *zone*; UTC if there is none such.

    Args:
        layout: How the reference time would be written.
        date: A time, or seconds since 1970. Sprig takes the present for anything
            else, which a reproducible tree cannot.
        zone: A name of the tz database.
    """
    try:
        shown_in = load_zone(zone)
    except FunctionError:
        shown_in = UTC
    if isinstance(date, Time):
        return date.shown_in(shown_in).format(layout)
    if type(date) is int or isinstance(date, (Int64, Int32)):
        return Time(int(date), zone=shown_in).format(layout)
    if depends_on_time(layout):
        raise refusal("what is neither a time nor an integer stands for now")
    return layout


def date_modify(change: str, date: Time) -> Time:
    """Return *date*, moved by a duration; as it is if that is none."""
    try:
        return date.add(parse_duration(change))
    except FunctionError:
        return date


def must_date_modify(change: str, date: Time) -> Time:
    """Return *date*, moved by a duration."""
    return date.add(parse_duration(change))


def to_date(layout: str, text: str) -> Time:
    """Return the time that *text* tells; the first of the year 1 if it tells none."""
    try:
        return parse_time(layout, text)
    except FunctionError:
        return Time()


_MODIFY: Final = "func(string, time.Time) time.Time"
_MUST_MODIFY: Final = "func(string, time.Time) (time.Time, error)"
_IN_ZONE: Final = "func(string, any, string) string"

DATES: Final[Mapping[str, Function]] = {
    "date": function(
        lambda layout, date: date_in_zone(layout, date, "Local"),
        "func(string, any) string",
        about="Return *date* as *layout* writes it, in UTC.",
    ),
    "dateInZone": function(date_in_zone, _IN_ZONE),
    "date_in_zone": function(date_in_zone, _IN_ZONE),
    "htmlDate": function(
        lambda date: date_in_zone(_HTML, date, "Local"),
        "func(any) string",
        about="Return *date* as ``2006-01-02``, in UTC.",
    ),
    "htmlDateInZone": function(
        lambda date, zone: date_in_zone(_HTML, date, zone),
        "func(any, string) string",
        about="Return *date* as ``2006-01-02``, in the *zone*.",
    ),
    "dateModify": function(date_modify, _MODIFY),
    "date_modify": function(date_modify, _MODIFY),
    "mustDateModify": function(must_date_modify, _MUST_MODIFY),
    "must_date_modify": function(must_date_modify, _MUST_MODIFY),
    "toDate": function(to_date, "func(string, string) time.Time"),
    "mustToDate": function(parse_time, "func(string, string) (time.Time, error)"),
    "unixEpoch": function(
        lambda date: str(date.unix),
        "func(time.Time) string",
        about="Return the seconds from 1970 to *date*.",
    ),
}
"""The functions, by their names in templates."""
