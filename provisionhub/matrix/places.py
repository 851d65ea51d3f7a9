"""Places in values: reading, setting and leaving out what stands there.

Values are never changed: what is set gives new values.
"""

from __future__ import annotations

import json
from copy import deepcopy
from enum import Enum
from typing import Final, TypeAlias

from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.values.secrecy import ValuePath


class Absence(Enum):
    """The type of ``ABSENT``: what a place holds that holds nothing, not even null."""

    ABSENT = "absent"


ABSENT: Final = Absence.ABSENT

Held: TypeAlias = "JsonValue | Absence"
"""What a place holds."""


def held_at(values: JsonValue, path: ValuePath) -> Held:
    """Return what stands at *path* of *values*."""
    for part in path:
        match values, part:
            case dict(), str() if part in values:
                values = values[part]
            case list(), int() if 0 <= part < len(values):
                values = values[part]
            case _:
                return ABSENT
    return values


def put(values: JsonObject, path: ValuePath, held: Held) -> JsonObject | None:
    """Return *values* with *held* at *path*; containers on the way are made.

    None if that can't be: the way leads through a scalar, or beyond a list's end.
    """
    if not path:
        return deepcopy(held) if isinstance(held, dict) else None
    copy = deepcopy(values)
    *way, last = path
    inside: JsonValue = copy
    for part, following in zip(way, path[1:], strict=True):
        if held is ABSENT and held_at(inside, (part,)) is ABSENT:
            return copy
        inside = _enter(inside, part, following)
        if inside is None:
            return None
    return copy if _set(inside, last, deepcopy(held)) else None


def _enter(
    inside: JsonValue, part: str | int, following: str | int
) -> JsonObject | list[JsonValue] | None:
    """Return the container at *part*, made if there is none; None if it can't be."""
    container: JsonObject | list[JsonValue] = [] if isinstance(following, int) else {}
    found = held_at(inside, (part,))
    if found is ABSENT:
        return container if _set(inside, part, container) else None
    return found if isinstance(found, type(container)) else None


def _set(inside: JsonValue, part: str | int, held: Held) -> bool:
    match inside, part:
        case dict(), str():
            inside.pop(part, None)
            if held is not ABSENT:
                inside[part] = held
        case list(), int() if part <= len(inside):
            inside[part : part + 1] = [] if held is ABSENT else [held]
        case _:
            return False
    return True


def overlap(one: ValuePath, other: ValuePath) -> bool:
    """Tell whether one of two places is the other, or lies inside it."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def shown_place(path: ValuePath) -> str:
    """Return how a person names a place, such as ``ingress.hosts[0]``."""
    text = "".join(
        f"[{part}]" if isinstance(part, int) else f".{_shown_name(part)}"
        for part in path
    )
    return text.removeprefix(".") or "values"


def _shown_name(name: str) -> str:
    plain = (
        name.isascii() and name.isprintable() and name and not set(name) & set(" .[")
    )
    return name if plain else json.dumps(name)
