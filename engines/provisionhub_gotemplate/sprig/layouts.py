"""Go's layouts of dates: the reference time, cut into what stands for what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from typing import Final


class Field(Enum):
    """What a part of a layout stands for."""

    TEXT = auto()
    LONG_YEAR = auto()
    YEAR = auto()
    LONG_MONTH = auto()
    MONTH = auto()
    NUMBER_MONTH = auto()
    ZERO_MONTH = auto()
    LONG_WEEKDAY = auto()
    WEEKDAY = auto()
    DAY = auto()
    UNDER_DAY = auto()
    ZERO_DAY = auto()
    UNDER_YEAR_DAY = auto()
    ZERO_YEAR_DAY = auto()
    HOUR = auto()
    HOUR12 = auto()
    ZERO_HOUR12 = auto()
    MINUTE = auto()
    ZERO_MINUTE = auto()
    SECOND = auto()
    ZERO_SECOND = auto()
    UPPER_HALF = auto()
    LOWER_HALF = auto()
    ZONE_NAME = auto()
    ZONE_OFFSET = auto()
    FRACTION = auto()
    TRIMMED_FRACTION = auto()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a layout.

    Attributes:
        field: What it stands for.
        text: How the layout writes it.
    """

    field: Field
    text: str


_SPELLED: Final[tuple[tuple[str, Field], ...]] = (
    ("January", Field.LONG_MONTH),
    ("Jan(?![a-z])", Field.MONTH),
    ("Monday", Field.LONG_WEEKDAY),
    ("Mon(?![a-z])", Field.WEEKDAY),
    ("MST", Field.ZONE_NAME),
    ("01", Field.ZERO_MONTH),
    ("02", Field.ZERO_DAY),
    ("03", Field.ZERO_HOUR12),
    ("04", Field.ZERO_MINUTE),
    ("05", Field.ZERO_SECOND),
    ("06", Field.YEAR),
    ("002", Field.ZERO_YEAR_DAY),
    ("15", Field.HOUR),
    ("1", Field.NUMBER_MONTH),
    ("2006", Field.LONG_YEAR),
    ("2", Field.DAY),
    ("_2(?!006)", Field.UNDER_DAY),
    ("__2", Field.UNDER_YEAR_DAY),
    ("3", Field.HOUR12),
    ("4", Field.MINUTE),
    ("5", Field.SECOND),
    ("PM", Field.UPPER_HALF),
    ("pm", Field.LOWER_HALF),
    ("[-Z]07(?:0000|:00:00|00|:00)?", Field.ZONE_OFFSET),
    (r"[.,]0+(?![0-9])", Field.FRACTION),
    (r"[.,]9+(?![0-9])", Field.TRIMMED_FRACTION),
)
_FIELDS: Final = tuple(field for _, field in _SPELLED)
_PART: Final = re.compile("|".join(f"({pattern})" for pattern, _ in _SPELLED))


@lru_cache(maxsize=512)
def split_layout(layout: str) -> tuple[Part, ...]:
    """Return the parts of *layout*, with the text between them."""
    parts: list[Part] = []
    end = 0
    for match in _PART.finditer(layout):
        if match.start() > end:
            parts.append(Part(Field.TEXT, layout[end : match.start()]))
        parts.append(Part(_FIELDS[(match.lastindex or 1) - 1], match[0]))
        end = match.end()
    if end < len(layout):
        parts.append(Part(Field.TEXT, layout[end:]))
    return tuple(parts)
