"""The keywords that apply other schemas to a value, its members or its items.

jsonschema's own take patterns for Python's, quote values in their messages, look
references up in a registry and find what is unevaluated in quadratic time.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from jsonschema import ValidationError

from provisionhub.jsontypes import JsonValue
from provisionhub.values.patterns import matches
from provisionhub.values.run import Argument, Errors, Keyword, Part
from provisionhub.values.unevaluated import evaluated_items, evaluated_names
from provisionhub.values.vocabulary import nearest
from provisionhub.values.wording import count, literal, literals

_MOST_NAMES: Final = 100
"""How many names an unknown one is compared with: that takes a while."""


def _reference(reference: Argument, value: JsonValue, part: Part) -> Errors:
    yield from part.apply(part.resolve(reference), value)


def _all_of(forms: Argument, value: JsonValue, part: Part) -> Errors:
    for form in forms:
        yield from part.apply(form, value)


def _if(condition: Argument, value: JsonValue, part: Part) -> Errors:
    branch = "then" if part.fits(condition, value) else "else"
    yield from part.apply(part.setting(branch, default=True), value)


def _dependent_schemas(schemas: Argument, value: JsonValue, part: Part) -> Errors:
    for name, _ in _members(value):
        yield from part.apply(schemas.get(name, True), value)


def _properties(schemas: Argument, value: JsonValue, part: Part) -> Errors:
    for name, each in _members(value):
        yield from part.apply(schemas.get(name, True), each, at=name)


def _pattern_properties(patterns: Argument, value: JsonValue, part: Part) -> Errors:
    for name, each in _members(value):
        part.spend(len(patterns))
        for pattern, subschema in patterns.items():
            if matches(pattern, name):
                yield from part.apply(subschema, each, at=name)


def _additional_properties(subschema: Argument, value: JsonValue, part: Part) -> Errors:
    known = part.setting("properties", {})
    patterns = part.setting("patternProperties", {})
    for name, each in _members(value):
        part.spend(len(patterns))
        if name not in known and not any(matches(each, name) for each in patterns):
            yield from _extra(subschema, each, part, name, known)


def _unevaluated_properties(
    subschema: Argument, value: JsonValue, part: Part
) -> Errors:
    if isinstance(value, dict):
        evaluated = evaluated_names(value, part)
        for name, each in value.items():
            if name not in evaluated:
                known = part.setting("properties", {})
                yield from _extra(subschema, each, part, name, known)


def _extra(
    subschema: Argument, value: JsonValue, part: Part, name: str, known: Argument
) -> Errors:
    """Apply a schema to a member that no other schema is for."""
    if subschema is not False:
        yield from part.apply(subschema, value, at=name)
        return
    near = nearest(name, islice(known, _MOST_NAMES))
    hint = "" if near is None else f"; did you mean {literal(near)}?"
    yield ValidationError(f"is not known here{hint}", path=[name])


def _prefix_items(schemas: Argument, value: JsonValue, part: Part) -> Errors:
    items = value if isinstance(value, list) else []
    for index, (schema, each) in enumerate(zip(schemas, items, strict=False)):
        yield from part.apply(schema, each, at=index)


def _items(subschema: Argument, value: JsonValue, part: Part) -> Errors:
    if isinstance(value, list):
        first = len(part.setting("prefixItems", []))
        for index, each in enumerate(value[first:], start=first):
            yield from part.apply(subschema, each, at=index)


def _unevaluated_items(subschema: Argument, value: JsonValue, part: Part) -> Errors:
    if isinstance(value, list):
        evaluated = evaluated_items(value, part)
        for index, each in enumerate(value):
            if index not in evaluated:
                yield from part.apply(subschema, each, at=index)


def _property_names(subschema: Argument, value: JsonValue, part: Part) -> Errors:
    for name, _ in _members(value):
        for error in part.apply(subschema, name):
            yield ValidationError(f"has a name that {error.message}", path=[name])


def _contains(subschema: Argument, value: JsonValue, part: Part) -> Errors:
    if not isinstance(value, list):
        return
    number = sum(part.fits(subschema, each) for each in value)
    least = part.setting("minContains", 1)
    most = part.setting("maxContains", len(value))
    what = _described(subschema)
    if number < least:
        yield ValidationError(f"must have at least {count(least, 'item')} {what}")
    if number > most:
        yield ValidationError(f"must have at most {count(most, 'item')} {what}")


def _described(subschema: Argument) -> str:
    match subschema:
        case {"const": const}:
            return f"equal to {literal(const)}"
        case _:
            return "that fit what `contains` asks for"


def _not(subschema: Argument, value: JsonValue, part: Part) -> Errors:
    if part.fits(subschema, value):
        yield ValidationError(_ruled_out(subschema))


def _ruled_out(subschema: Argument) -> str:
    match subschema:
        case {"const": const}:
            return f"must not be {literal(const)}"
        case {"enum": enum}:
            return f"must be none of {literals(enum)}"
        case {"required": [name]}:
            return f"must not have {literal(name)}"
        case {"required": names}:
            return f"must not have all of {literals(names)}"
        case _:
            return "fits a schema that it must not fit"


def _members(value: JsonValue) -> Iterator[tuple[str, JsonValue]]:
    return iter(value.items() if isinstance(value, dict) else ())


APPLICATORS: Final[dict[str, Keyword]] = {
    "$ref": _reference,
    "$dynamicRef": _reference,
    "allOf": _all_of,
    "if": _if,
    "not": _not,
    "dependentSchemas": _dependent_schemas,
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "propertyNames": _property_names,
    "prefixItems": _prefix_items,
    "items": _items,
    "contains": _contains,
    "unevaluatedProperties": _unevaluated_properties,
    "unevaluatedItems": _unevaluated_items,
}
"""By name."""
