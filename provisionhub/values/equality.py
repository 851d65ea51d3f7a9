"""Equality as JSON Schema means it: ``1`` is ``1.0``, and neither is ``true``."""

from __future__ import annotations

import json

from provisionhub.jsontypes import JsonValue


def canonical(value: JsonValue) -> str:
    """Return a text that is the same for equal values, and only for them.

    Comparing many values by it is linear, and immune to chosen hash collisions.
    """
    return json.dumps(_with_plain_numbers(value), sort_keys=True)


def _with_plain_numbers(value: JsonValue) -> JsonValue:
    match value:
        case float() if value.is_integer():
            return int(value)
        case dict():
            return {name: _with_plain_numbers(each) for name, each in value.items()}
        case list():
            return [_with_plain_numbers(each) for each in value]
        case _:
            return value
