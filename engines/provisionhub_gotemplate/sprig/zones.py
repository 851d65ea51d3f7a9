"""Time zones: UTC, offsets, and the names of the tz database.

The database is that of the ``tzdata`` package, not the machine's: a tree shall not
depend on where it was made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC as UTC_ZONE
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from provisionhub_gotemplate.errors import FunctionError

_NAME: Final = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*")
_FIRST: Final = -62_135_510_400
_LAST: Final = 253_402_214_400
"""The seconds between which Python's ``datetime`` can tell offsets."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone.

    Attributes:
        name: Its name; that of an offset may be empty.
        offset: Seconds east of UTC, if they are always the same.
        rules: The rules to look offsets up in, if they are not.
    """

    name: str
    offset: int = 0
    rules: ZoneInfo | None = None

    def at(self, unix: int) -> tuple[str, int]:
        """Return the abbreviation and the seconds east of UTC at *unix* seconds."""
        if self.rules is None:
            return self.name, self.offset
        moment = datetime.fromtimestamp(min(max(unix, _FIRST), _LAST), UTC_ZONE)
        local = moment.astimezone(self.rules)
        offset = local.utcoffset()
        return local.tzname() or "", int(offset.total_seconds()) if offset else 0


UTC: Final = Zone("UTC")


@lru_cache(maxsize=256)
def load_zone(name: str) -> Zone:
    """Return the zone called *name*; the empty name and ``Local`` are UTC.

    Raises:
        FunctionError: If there is no such zone.
    """
    if name in {"", "UTC", "Local"}:
        return UTC
    unknown = FunctionError(f"unknown time zone {name}")
    if not _NAME.fullmatch(name):
        raise unknown
    try:
        with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
            return Zone(name, rules=ZoneInfo.from_file(file, key=name))
    except (OSError, ValueError):
        raise unknown from None
