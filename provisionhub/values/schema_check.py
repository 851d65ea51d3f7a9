"""A blueprint's schema, held to JSON Schema 2020-12 in words its author can use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Final

from provisionhub.errors import did_you_mean
from provisionhub.jsontypes import JsonObject, JsonValue, json_pointer
from provisionhub.values.bounds import fault
from provisionhub.values.error import SchemaError
from provisionhub.values.formats import FORMATS
from provisionhub.values.loops import check_loops
from provisionhub.values.patterns import PatternError, compile_pattern
from provisionhub.values.subschemas import (
    REFERENCES,
    SchemaPath,
    Subschemas,
    find_subschemas,
)
from provisionhub.values.vocabulary import (
    KEYWORDS,
    TYPES,
    fits,
    nearest,
    stray_keyword_hint,
)
from provisionhub.values.wording import literal

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_ALIASES: Final = {"url": "uri", "ip": "ipv4", "guid": "uuid", "datetime": "date-time"}


def check_schema(schema: JsonObject) -> Subschemas:
    """Return the subschemas of a copy of *schema*, all of them fit for use.

    Raises:
        SchemaError: With the first place where it is not: not of the dialect, a
            keyword that is nearly one, a reference that leads nowhere or away, a
            pattern or a format that does not exist.
    """
    problem = fault(schema)
    if problem is not None:
        raise SchemaError(f"the schema {problem}", "")
    found = Subschemas({})
    for path, subschema in find_subschemas(deepcopy(schema)):
        found.by_path[path] = subschema
        if isinstance(subschema, dict):
            _check_keywords(subschema, path)
            _note_anchors(subschema, path, found.anchors)
    _check_root(schema)
    for path in found.by_path:
        _check_references(path, found)
    check_loops(found)
    return found


def _check_root(schema: JsonObject) -> None:
    types = schema.get("type", "object")
    if "object" not in (types if isinstance(types, list) else [types]):
        message = "the values are an object, so the schema must accept one"
        raise SchemaError(message, "/type", hint="use `type: object`")


def _check_keywords(schema: JsonObject, path: SchemaPath) -> None:
    for keyword, value in schema.items():
        shape = KEYWORDS.get(keyword)
        if shape is None:
            _check_stray(keyword, path)
        elif not fits(value, shape):
            raise SchemaError(
                f"`{keyword}` must be {shape.value}",
                json_pointer((*path, keyword)),
                hint=_shape_hint(keyword, value),
            )
        elif keyword in _CHECKS:
            for problem, hint in _CHECKS[keyword](value, path):
                raise SchemaError(problem, json_pointer((*path, keyword)), hint=hint)


def _check_stray(keyword: str, path: SchemaPath) -> None:
    hint = stray_keyword_hint(keyword)
    if hint is not None:
        pointer = json_pointer((*path, keyword))
        message = f"unknown keyword {literal(keyword)}"
        raise SchemaError(message, pointer, hint=hint, of_name=True)


def _shape_hint(keyword: str, value: JsonValue) -> str | None:
    if keyword == "items" and isinstance(value, list):
        return "a schema for each place is `prefixItems`"
    if keyword == "required" and isinstance(value, bool):
        return "name the property in `required` of the object that holds it"
    return None


_Problem = tuple[str, str | None]


def _check_type(value: JsonValue, _path: SchemaPath) -> Iterator[_Problem]:
    for name in value if isinstance(value, list) else [value]:
        if name not in TYPES:
            hint = did_you_mean(str(name)[:100], TYPES)
            known = ", ".join(f"`{each}`" for each in TYPES)
            yield f"unknown type {literal(name)}", hint or f"types are {known}"


def _check_dialect(value: JsonValue, path: SchemaPath) -> Iterator[_Problem]:
    if path or str(value).removesuffix("#") != _DIALECT:
        yield (
            "only JSON Schema 2020-12 is accepted",
            f"use `{_DIALECT}`, or leave it out",
        )


def _check_id(value: JsonValue, path: SchemaPath) -> Iterator[_Problem]:
    if path:
        yield "only the whole schema may have an `$id`", "use `$defs` and `$anchor`"
    if "#" in str(value).removesuffix("#"):
        yield "an `$id` has no fragment", "use `$anchor`"


def _check_anchor(value: JsonValue, _path: SchemaPath) -> Iterator[_Problem]:
    if re.fullmatch(r"[A-Za-z_][-A-Za-z0-9._]*", str(value)) is None:
        problem = "an anchor is a letter or `_`, then letters, digits, `-`, `.` and `_`"
        yield problem, None


def _check_pattern(value: JsonValue, _path: SchemaPath) -> Iterator[_Problem]:
    # `properties` of patterns: the patterns are its keys.
    for pattern in value if isinstance(value, dict) else [str(value)]:
        try:
            compile_pattern(pattern)
        except PatternError as error:
            problem = f"{literal(pattern)} is not a regular expression: {error}"
            yield problem, "write it as ECMA-262 does with the flag `u`"


def _check_format(value: JsonValue, _path: SchemaPath) -> Iterator[_Problem]:
    name = str(value)
    near = _ALIASES.get(name.lower()) or nearest(name, FORMATS)
    if name not in FORMATS and near is not None:
        yield f"unknown format {literal(name)}", f"did you mean `{near}`?"


_CHECKS: Final[dict[str, Callable[[JsonValue, SchemaPath], Iterator[_Problem]]]] = {
    "type": _check_type,
    "$schema": _check_dialect,
    "$id": _check_id,
    "$anchor": _check_anchor,
    "$dynamicAnchor": _check_anchor,
    "pattern": _check_pattern,
    "patternProperties": _check_pattern,
    "format": _check_format,
}


def _note_anchors(
    schema: JsonObject, path: SchemaPath, anchors: dict[str, SchemaPath]
) -> None:
    for keyword in ("$anchor", "$dynamicAnchor"):
        name = schema.get(keyword)
        if not isinstance(name, str):
            continue
        if name in anchors:
            message = f"the anchor {literal(name)} is set twice"
            raise SchemaError(message, json_pointer((*path, keyword)))
        anchors[name] = path


def _check_references(path: SchemaPath, subschemas: Subschemas) -> None:
    for keyword in REFERENCES:
        reference = subschemas.keywords(path).get(keyword)
        if reference is None or subschemas.target(path, keyword) is not None:
            continue
        text = str(reference)
        shown = literal(reference)
        pointer = json_pointer((*path, keyword))
        if not text.startswith("#"):
            message = f"{shown} leads out of this schema, and nothing is ever fetched"
            raise SchemaError(message, pointer, hint="copy it to `$defs`")
        message = f"{shown} leads to no schema"
        hint = _near_definition(text[:100], subschemas)
        raise SchemaError(message, pointer, hint=hint)


def _near_definition(reference: str, subschemas: Subschemas) -> str | None:
    definitions = [
        "#" + json_pointer(path)
        for path in subschemas.by_path
        if path[:1] in {("$defs",), ("definitions",)} and len(path) == 2  # noqa: PLR2004
    ]
    return did_you_mean(reference, definitions[:1000])
