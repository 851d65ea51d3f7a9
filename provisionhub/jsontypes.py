"""The JSON data model as Python types, and RFC 6901 pointers into it.

Only these types ever reach a template: what JSON can say, and nothing that
carries behaviour.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

JsonScalar: TypeAlias = str | int | float | bool | None
JsonValue: TypeAlias = "JsonScalar | list[JsonValue] | dict[str, JsonValue]"
JsonObject: TypeAlias = dict[str, JsonValue]


def json_pointer(parts: Iterable[str | int]) -> str:
    """Return the JSON Pointer (RFC 6901) that leads through *parts*.

    The whole document is the empty string; ``~`` and ``/`` inside a part are
    escaped as ``~0`` and ``~1``.
    """
    return "".join(
        "/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts
    )
