"""Dates: Go's layouts, written and read, in zones of the tz database."""

from __future__ import annotations

import pytest

from support.go_rendering import complaint, render

_MOMENT = 1_700_000_000  # 2023-11-14 22:13:20 UTC


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        pytest.param("Mon Jan _2 15:04:05 2006", "Tue Nov 14 22:13:20 2023", id="ANSI"),
        pytest.param("02 Jan 06 15:04 MST", "14 Nov 23 22:13 UTC", id="RFC 822"),
        pytest.param("3:04PM", "10:13PM", id="kitchen"),
        pytest.param("3:4:5 pm", "10:13:20 pm", id="short"),
        pytest.param("2006-002", "2023-318", id="day of the year"),
        pytest.param("Z07:00 -07 -070000", "Z +00 +000000", id="offsets"),
        pytest.param("05.000 05.999", "20.000 20", id="fractions"),
        pytest.param("January Monday", "November Tuesday", id="long names"),
        pytest.param("Januar Month", "Januar Month", id="names inside words"),
        pytest.param("_2006", "_2023", id="underscore before a year"),
    ],
)
def test_writes_layouts_like_go(layout: str, expected: str) -> None:
    """Each part of the reference time is written in its form."""
    assert expected == render("{{ date .l .t }}", {"l": layout, "t": _MOMENT})


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        pytest.param("Europe/Berlin", "23:13 CET +0100", id="named"),
        pytest.param("Asia/Kolkata", "03:43 IST +0530", id="half an hour"),
        pytest.param("Local", "22:13 UTC +0000", id="local"),
        pytest.param("Nowhere/Here", "22:13 UTC +0000", id="unknown"),
        pytest.param("../../etc/passwd", "22:13 UTC +0000", id="outside"),
    ],
)
def test_shows_times_in_zones(zone: str, expected: str) -> None:
    """A zone that there is shifts the clock; any other is UTC."""
    data = {"t": _MOMENT, "z": zone}

    assert expected == render('{{ dateInZone "15:04 MST -0700" .t .z }}', data)


@pytest.mark.parametrize(
    ("layout", "value", "expected"),
    [
        pytest.param(
            "2006-01-02T15:04:05Z07:00",
            "2020-05-06T07:08:09.25+02:00",
            "2020-05-06 07:08:09.25 +0200 +0200",
            id="offset",
        ),
        pytest.param(
            "Jan _2 2006 3:04PM",
            "feb  3 2021 12:05AM",
            "2021-02-03 00:05:00 +0000 UTC",
            id="names in any case",
        ),
        pytest.param(
            "2006 002",
            "2020 060",
            "2020-02-29 00:00:00 +0000 UTC",
            id="day of the year",
        ),
        pytest.param("06", "69", "1969-01-01 00:00:00 +0000 UTC", id="last century"),
        pytest.param("x", "y", "0001-01-01 00:00:00 +0000 UTC", id="none"),
    ],
)
def test_reads_dates_like_go(layout: str, value: str, expected: str) -> None:
    """A date in the form of the layout is read; another is the zero time."""
    assert expected == render("{{ toDate .l .v }}", {"l": layout, "v": value})


@pytest.mark.parametrize(
    ("layout", "value", "message"),
    [
        pytest.param(
            "2006-01-02",
            "2020-1",
            '"2020-1" as "2006-01-02": cannot parse "1" as "01"',
            id="short",
        ),
        pytest.param(
            "2006-01-02",
            "2020/01",
            '"2020/01" as "2006-01-02": cannot parse "/01" as "-"',
            id="text",
        ),
        pytest.param(
            "2006-01-02", "2020-13-01", '"2020-13-01": month out of range', id="month"
        ),
        pytest.param(
            "2006-01-02", "2021-02-29", '"2021-02-29": day out of range', id="day"
        ),
        pytest.param("15", "24", '"24": hour out of range', id="hour"),
        pytest.param(
            "2006", "2020é", '"2020\\xc3\\xa9": extra text: "\\xc3\\xa9"', id="more"
        ),
    ],
)
def test_says_what_is_wrong_with_a_date_as_go_does(
    layout: str, value: str, message: str
) -> None:
    """A date that is none ends the template with the text of Go's parser."""
    said = complaint("{{ mustToDate .l .v }}", {"l": layout, "v": value})

    assert said == f"parsing time {message}"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('{{ duration "95" }}', "1m35s", id="seconds"),
        pytest.param("{{ duration 95 }}", "0s", id="an int does not count"),
        pytest.param("{{ duration (int64 7200) }}", "2h0m0s", id="an int64 does"),
        pytest.param('{{ durationRound "2400h10m5s" }}', "3mo", id="months"),
        pytest.param('{{ durationRound "-90m" }}', "1h", id="negative"),
        pytest.param(
            '{{ toDate "2006" "2020" | dateModify "-1.5h" | date "15:04" }}',
            "22:30",
            id="moved",
        ),
        pytest.param(
            '{{ (toDate "2006-01-02" "2020-01-31").AddDate 0 1 0 | htmlDate }}',
            "2020-03-02",
            id="method",
        ),
        pytest.param(
            '{{ (toDate "2006-01-02" "2020-03-04").Weekday }}',
            "Wednesday",
            id="weekday",
        ),
        pytest.param(
            '{{ toDate "2006" "2020" | toJson }}', '"2020-01-01T00:00:00Z"', id="JSON"
        ),
    ],
)
def test_computes_with_times_like_go(source: str, expected: str) -> None:
    """Durations and methods of times give what Go's do."""
    assert render(source) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", 'invalid duration ""', id="empty"),
        pytest.param("5", 'missing unit in duration "5"', id="no unit"),
        pytest.param("5x", 'unknown unit "x" in duration "5x"', id="unit"),
        pytest.param(".s", 'invalid duration ".s"', id="no number"),
        pytest.param("9999999h", 'invalid duration "9999999h"', id="too long"),
    ],
)
def test_says_what_is_wrong_with_a_duration_as_go_does(text: str, message: str) -> None:
    """A duration that is none ends the template with Go's text."""
    said = complaint('{{ mustDateModify .d (toDate "2006" "2020") }}', {"d": text})

    assert said == f"time: {message}"


def test_does_not_ask_the_clock_for_what_is_no_date() -> None:
    """Sprig shows the present for a text; a reproducible tree cannot."""
    assert "reproducible" in complaint('{{ date "2006" "today" }}')
