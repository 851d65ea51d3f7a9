"""Time zones: UTC, offsets, and the names of the tz database.

The database is that of the ``tzdata`` package, not the machine's: a tree shall not
depend on where it was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC as UTC_ZONE
from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Final
from zoneinfo import ZoneInfo

from provisionhub_gotemplate.errors import FunctionError

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


@cache
def read_database() -> Mapping[str, bytes]:
    """Return every zone's rules by its name, as the tz database's files have them.

    Read as a whole, and once: where templates are rendered, no file can be opened.
    """
    folder = files("tzdata")
    names = folder.joinpath("zones").read_text(encoding="utf-8").split()
    zones = folder.joinpath("zoneinfo")
    return {name: zones.joinpath(*name.split("/")).read_bytes() for name in names}


@lru_cache(maxsize=256)
def load_zone(name: str) -> Zone:
    """Return the zone called *name*; the empty name and ``Local`` are UTC.

    Raises:
        FunctionError: If there is no such zone.
    """
    if name in {"", "UTC", "Local"}:
        return UTC
    rules = read_database().get(name)
    if rules is None:
        raise FunctionError(f"unknown time zone {name}")
    return Zone(name, rules=ZoneInfo.from_file(BytesIO(rules), key=name))
