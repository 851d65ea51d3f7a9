"""The keywords of JSON Schema 2020-12, and what each takes."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Final, TypeGuard

from provisionhub.jsontypes import JsonValue

TYPES: Final = ("array", "boolean", "integer", "null", "number", "object", "string")


class Shape(Enum):
    """What a keyword takes; the value says so to a person."""

    SCHEMA = "a schema: an object, true or false"
    SCHEMA_LIST = "a list of one or more schemas"
    SCHEMA_MAP = "an object of schemas"
    TYPE = "a type or a list of types"
    TEXT = "a string"
    FLAG = "true or false"
    NUMBER = "a number"
    POSITIVE = "a number above 0"
    COUNT = "a whole number, 0 or more"
    LIST = "a list"
    CHOICES = "a list of one or more values"
    NAMES = "a list of names, each once"
    NAMES_MAP = "an object of lists of names"
    ANYTHING = "anything"


KEYWORDS: Final[dict[str, Shape]] = {
    **dict.fromkeys(("$schema", "$id", "$ref", "$dynamicRef"), Shape.TEXT),
    **dict.fromkeys(("$anchor", "$dynamicAnchor", "$comment"), Shape.TEXT),
    **dict.fromkeys(("$defs", "definitions", "properties"), Shape.SCHEMA_MAP),
    **dict.fromkeys(("patternProperties", "dependentSchemas"), Shape.SCHEMA_MAP),
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), Shape.SCHEMA_LIST),
    **dict.fromkeys(("not", "if", "then", "else"), Shape.SCHEMA),
    **dict.fromkeys(("items", "contains", "unevaluatedItems"), Shape.SCHEMA),
    **dict.fromkeys(("additionalProperties", "propertyNames"), Shape.SCHEMA),
    **dict.fromkeys(("unevaluatedProperties", "contentSchema"), Shape.SCHEMA),
    "type": Shape.TYPE,
    "const": Shape.ANYTHING,
    "enum": Shape.CHOICES,
    "multipleOf": Shape.POSITIVE,
    **dict.fromkeys(("maximum", "exclusiveMaximum"), Shape.NUMBER),
    **dict.fromkeys(("minimum", "exclusiveMinimum"), Shape.NUMBER),
    **dict.fromkeys(("maxLength", "minLength"), Shape.COUNT),
    **dict.fromkeys(("maxItems", "minItems"), Shape.COUNT),
    **dict.fromkeys(("maxContains", "minContains"), Shape.COUNT),
    **dict.fromkeys(("maxProperties", "minProperties"), Shape.COUNT),
    "pattern": Shape.TEXT,
    "uniqueItems": Shape.FLAG,
    "required": Shape.NAMES,
    "dependentRequired": Shape.NAMES_MAP,
    "format": Shape.TEXT,
    **dict.fromkeys(("contentEncoding", "contentMediaType"), Shape.TEXT),
    **dict.fromkeys(("title", "description"), Shape.TEXT),
    "default": Shape.ANYTHING,
    "examples": Shape.LIST,
    **dict.fromkeys(("deprecated", "readOnly", "writeOnly"), Shape.FLAG),
    # Ours: what a `pattern` asks for, in words.
    "x-expected": Shape.TEXT,
}

# Other drafts' and OpenAPI's: to ignore them would accept what was to be refused.
_ABROAD: Final = {
    "additionalItems": "the schema of the items behind `prefixItems` is `items`",
    "dependencies": "use `dependentRequired` or `dependentSchemas`",
    "nullable": 'use `type: [string, "null"]`',
    "$recursiveRef": "use `$dynamicRef`",
    "$recursiveAnchor": "use `$dynamicAnchor`",
}
# Near to a keyword, but in common use as notes for people or tools.
_NOTES: Final = frozenset({"comment", "enumDescriptions", "example", "id"})
_NEARLY: Final = 0.8


def stray_keyword_hint(keyword: str) -> str | None:
    """Return what is meant by an unknown keyword that can't be a mere note.

    Unknown keywords are ignored, as the specification says, but not one that is
    nearly a known one: it would silently check nothing.
    """
    if keyword in _ABROAD:
        return _ABROAD[keyword]
    if keyword in KEYWORDS or keyword in _NOTES or keyword.startswith("x-"):
        return None
    near = nearest(keyword, KEYWORDS)
    return None if near is None else f"did you mean `{near}`?"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return which of the *known* names *name* is a slip of the pen for, if any."""
    by_lower = {each.lower(): each for each in known}
    near = difflib.get_close_matches(name[:100].lower(), by_lower, n=1, cutoff=_NEARLY)
    return by_lower[near[0]] if near else None


def fits(value: JsonValue, shape: Shape) -> bool:
    """Tell whether *value* is what a keyword of *shape* takes.

    Whether the members of a list or an object of schemas are schemas is not looked
    at: they are checked one by one, each with its own place.
    """
    return _FITS[shape](value)


def _is_number(value: JsonValue) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _are_names(value: JsonValue) -> bool:
    if not isinstance(value, list):
        return False
    texts = {each for each in value if isinstance(each, str)}
    return len(texts) == len(value)


def _is_filled_list(value: JsonValue) -> bool:
    return isinstance(value, list) and bool(value)


_FITS: Final[dict[Shape, Callable[[JsonValue], bool]]] = {
    Shape.SCHEMA: lambda value: isinstance(value, dict | bool),
    Shape.SCHEMA_LIST: _is_filled_list,
    Shape.SCHEMA_MAP: lambda value: isinstance(value, dict),
    Shape.TYPE: lambda value: (
        isinstance(value, str) or (bool(value) and _are_names(value))
    ),
    Shape.TEXT: lambda value: isinstance(value, str),
    Shape.FLAG: lambda value: isinstance(value, bool),
    Shape.NUMBER: _is_number,
    Shape.POSITIVE: lambda value: _is_number(value) and value > 0,
    Shape.COUNT: lambda value: _is_number(value) and value >= 0 and value % 1 == 0,
    Shape.LIST: lambda value: isinstance(value, list),
    Shape.CHOICES: _is_filled_list,
    Shape.NAMES: _are_names,
    Shape.NAMES_MAP: lambda value: (
        isinstance(value, dict) and all(map(_are_names, value.values()))
    ),
    Shape.ANYTHING: lambda _value: True,
}
