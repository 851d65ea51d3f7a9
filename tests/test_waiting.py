"""How long other servers ask us to wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisionhub.waiting import read_retry_after


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        pytest.param(None, None, id="no header"),
        pytest.param("0", 0.0, id="at once"),
        pytest.param("120", 120.0, id="seconds"),
        pytest.param("Fri, 31 Dec 1999 23:59:59 GMT", 0.0, id="a date that is past"),
        pytest.param("Fri, 31 Dec 1999 23:59:59 -0000", 0.0, id="a date of no zone"),
        pytest.param("-5", None, id="less than nothing"),
        pytest.param("1.5", None, id="no whole number"),
        pytest.param("\u0663", None, id="a digit that is not ASCII"),
        pytest.param("soon", None, id="neither"),
        pytest.param("", None, id="empty"),
    ],
)
def test_reads_what_is_asked_for(header: str | None, seconds: float | None) -> None:
    """Seconds and dates are understood; what is neither asks for nothing."""
    assert read_retry_after(header) == seconds


def test_reads_a_date_as_the_time_until_then() -> None:
    """A date is a wait from now on."""
    then = datetime.now(UTC) + timedelta(seconds=90)

    seconds = read_retry_after(format_datetime(then, usegmt=True))

    assert seconds == pytest.approx(90, abs=5)


@given(st.text(max_size=40))
def test_never_fails(header: str) -> None:
    """Whatever a server sends is read as a wait or as none."""
    seconds = read_retry_after(header)

    assert seconds is None or seconds >= 0
