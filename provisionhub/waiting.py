"""How long another server asks us to wait."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def read_retry_after(header: str | None) -> float | None:
    """Return what a ``Retry-After`` header asks for, in seconds; None if nothing.

    It holds a number of seconds or a date (RFC 9110, 10.2.3); a date that is past
    asks for no wait, and what is neither asks for nothing.
    """
    if header is None:
        return None
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:
        # `-0000`: a date of UTC whose zone nobody knows (RFC 5322, 3.3).
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
