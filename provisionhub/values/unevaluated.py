"""Which members and items a schema has evaluated (2020-12 core, section 11).

Found with sets, through every subschema that applies to the same value and that
the value fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, TypeAlias, TypeVar

from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.values.patterns import matches
from provisionhub.values.run import Argument, Part
from provisionhub.values.subschemas import REFERENCES

_Value = TypeVar("_Value", JsonObject, list[JsonValue])
_Place = TypeVar("_Place", str, int)
_Own: TypeAlias = Callable[[_Value, Part], set[_Place]]

_REST_OF_NAMES: Final = ("additionalProperties", "unevaluatedProperties")
_REST_OF_ITEMS: Final = ("items", "unevaluatedItems")


def evaluated_names(value: JsonObject, part: Part) -> set[str]:
    """Return the names of the members of *value* that are evaluated.

    Args:
        value: The object.
        part: What holds ``unevaluatedProperties``, which itself does not count.
    """
    return _evaluated(value, _without(part, "unevaluatedProperties"), _own_names)


def evaluated_items(value: list[JsonValue], part: Part) -> set[int]:
    """Return the indices of the items of *value* that are evaluated.

    Args:
        value: The array.
        part: What holds ``unevaluatedItems``, which itself does not count.
    """
    return _evaluated(value, _without(part, "unevaluatedItems"), _own_items)


def _without(part: Part, keyword: str) -> Part:
    others = {name: part.schema[name] for name in part.schema if name != keyword}
    return replace(part, schema=others)


def _evaluated(value: _Value, part: Part, own: _Own[_Value, _Place]) -> set[_Place]:
    found = own(value, part)
    for subschema in _applied(value, part):
        if isinstance(subschema, dict):
            found |= _evaluated(value, replace(part, schema=subschema), own)
    return found


def _own_names(value: JsonObject, part: Part) -> set[str]:
    if any(keyword in part.schema for keyword in _REST_OF_NAMES):
        return set(value)
    known = part.setting("properties", {})
    part.spend(len(value) * len(part.setting("patternProperties", {})))
    patterns = part.setting("patternProperties", {})
    return {
        name
        for name in value
        if name in known or any(matches(pattern, name) for pattern in patterns)
    }


def _own_items(value: list[JsonValue], part: Part) -> set[int]:
    if any(keyword in part.schema for keyword in _REST_OF_ITEMS):
        return set(range(len(value)))
    found = set(range(len(part.setting("prefixItems", []))))
    wanted = part.setting("contains")
    if wanted is not None:
        found |= {place for place, each in enumerate(value) if part.fits(wanted, each)}
    return found


def _applied(value: JsonObject | list[JsonValue], part: Part) -> Iterator[Argument]:
    """Yield the schemas in *part* that apply to *value* itself and that it fits."""
    for keyword in REFERENCES:
        if keyword in part.schema:
            yield part.resolve(part.setting(keyword))
    for keyword in ("allOf", "anyOf", "oneOf"):
        forms = part.setting(keyword, [])
        yield from (form for form in forms if part.fits(form, value))
    for name, subschema in part.setting("dependentSchemas", {}).items():
        if name in value:
            yield subschema
    if "if" in part.schema:
        holds = part.fits(part.setting("if"), value)
        yield part.setting("if") if holds else None
        yield part.setting("then" if holds else "else")
