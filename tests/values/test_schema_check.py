"""Schemas that can be used, and those that can't."""

from __future__ import annotations

import pickle

import pytest

from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.values import SchemaError, ValueSchema


def refusal(schema: JsonObject) -> SchemaError:
    """Return the error that *schema* raises."""
    with pytest.raises(SchemaError) as raised:
        ValueSchema(schema)
    return raised.value


def property_a(schema: JsonValue) -> JsonObject:
    """Return a schema for an object whose member ``a`` fits *schema*."""
    return {"properties": {"a": schema}}


TYPES = "types are `array`, `boolean`, `integer`, `null`, `number`, `object`, `string`"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    ("schema", "pointer", "message", "hint"),
    [
        pytest.param(
            property_a({"type": "integr"}),
            "/properties/a/type",
            "unknown type `integr`",
            "did you mean `integer`?",
            id="misspelled type",
        ),
        pytest.param(
            property_a({"type": ["string", "date"]}),
            "/properties/a/type",
            "unknown type `date`",
            TYPES,
            id="foreign type",
        ),
        pytest.param(
            property_a({"type": []}),
            "/properties/a/type",
            "`type` must be a type or a list of types",
            None,
            id="no type",
        ),
        pytest.param(
            property_a({"type": [{}]}),
            "/properties/a/type",
            "`type` must be a type or a list of types",
            None,
            id="type that is no text",
        ),
        pytest.param(
            {"requirred": ["a"]},
            "/requirred",
            "unknown keyword `requirred`",
            "did you mean `required`?",
            id="misspelled required",
        ),
        pytest.param(
            {"types\u202e": {}},
            "/types\u202e",
            "unknown keyword `types�`",
            "did you mean `type`?",
            id="misleading keyword",
        ),
        pytest.param(
            {"propertties": {}},
            "/propertties",
            "unknown keyword `propertties`",
            "did you mean `properties`?",
            id="misspelled properties",
        ),
        pytest.param(
            property_a({"minlength": 1}),
            "/properties/a/minlength",
            "unknown keyword `minlength`",
            "did you mean `minLength`?",
            id="wrong case",
        ),
        pytest.param(
            property_a({"nullable": True}),
            "/properties/a/nullable",
            "unknown keyword `nullable`",
            'use `type: [string, "null"]`',
            id="OpenAPI 3.0",
        ),
        pytest.param(
            {"dependencies": {}},
            "/dependencies",
            "unknown keyword `dependencies`",
            "use `dependentRequired` or `dependentSchemas`",
            id="draft 7",
        ),
        pytest.param(
            {"properties": []},
            "/properties",
            "`properties` must be an object of schemas",
            None,
            id="properties in a list",
        ),
        pytest.param(
            {"properties": {"a/b": 1}},
            "/properties/a~1b",
            "must be a schema: an object, true or false",
            None,
            id="number for a schema",
        ),
        pytest.param(
            {"allOf": [{}, "x"]},
            "/allOf/1",
            "must be a schema: an object, true or false",
            None,
            id="text for a schema",
        ),
        pytest.param(
            {"anyOf": []},
            "/anyOf",
            "`anyOf` must be a list of one or more schemas",
            None,
            id="no forms",
        ),
        pytest.param(
            property_a({"items": [{}]}),
            "/properties/a/items",
            "`items` must be a schema: an object, true or false",
            "a schema for each place is `prefixItems`",
            id="items in a list",
        ),
        pytest.param(
            property_a({"required": True}),
            "/properties/a/required",
            "`required` must be a list of names, each once",
            "name the property in `required` of the object that holds it",
            id="required as a flag",
        ),
        pytest.param(
            {"required": ["a", "a"]},
            "/required",
            "`required` must be a list of names, each once",
            None,
            id="name twice",
        ),
        pytest.param(
            {"dependentRequired": {"a": "b"}},
            "/dependentRequired",
            "`dependentRequired` must be an object of lists of names",
            None,
            id="name for a list",
        ),
        pytest.param(
            property_a({"enum": []}),
            "/properties/a/enum",
            "`enum` must be a list of one or more values",
            None,
            id="no choices",
        ),
        pytest.param(
            property_a({"minLength": -1}),
            "/properties/a/minLength",
            "`minLength` must be a whole number, 0 or more",
            None,
            id="negative length",
        ),
        pytest.param(
            property_a({"maxItems": 1.5}),
            "/properties/a/maxItems",
            "`maxItems` must be a whole number, 0 or more",
            None,
            id="half an item",
        ),
        pytest.param(
            property_a({"maximum": True}),
            "/properties/a/maximum",
            "`maximum` must be a number",
            None,
            id="true is no number",
        ),
        pytest.param(
            property_a({"multipleOf": 0}),
            "/properties/a/multipleOf",
            "`multipleOf` must be a number above 0",
            None,
            id="multiple of nothing",
        ),
        pytest.param(
            property_a({"writeOnly": "yes"}),
            "/properties/a/writeOnly",
            "`writeOnly` must be true or false",
            None,
            id="text for a flag",
        ),
        pytest.param(
            property_a({"examples": "x"}),
            "/properties/a/examples",
            "`examples` must be a list",
            None,
            id="one example",
        ),
        pytest.param(
            property_a({"pattern": "("}),
            "/properties/a/pattern",
            "`(` is not a regular expression: unbalanced parenthesis",
            "write it as ECMA-262 does with the flag `u`",
            id="broken pattern",
        ),
        pytest.param(
            property_a({"pattern": "(?P<n>a)"}),
            "/properties/a/pattern",
            "`(?P<n>a)` is not a regular expression: invalid group modifier",
            "write it as ECMA-262 does with the flag `u`",
            id="pattern of Python",
        ),
        pytest.param(
            {"patternProperties": {"[": {}}},
            "/patternProperties",
            "`[` is not a regular expression: unbalanced bracket",
            "write it as ECMA-262 does with the flag `u`",
            id="broken pattern of names",
        ),
        pytest.param(
            property_a({"format": "emial"}),
            "/properties/a/format",
            "unknown format `emial`",
            "did you mean `email`?",
            id="misspelled format",
        ),
        pytest.param(
            property_a({"format": "url"}),
            "/properties/a/format",
            "unknown format `url`",
            "did you mean `uri`?",
            id="format by its other name",
        ),
        pytest.param(
            {"$schema": "http://json-schema.org/draft-07/schema#"},
            "/$schema",
            "only JSON Schema 2020-12 is accepted",
            f"use `{DIALECT}`, or leave it out",
            id="other dialect",
        ),
        pytest.param(
            property_a({"$schema": DIALECT}),
            "/properties/a/$schema",
            "only JSON Schema 2020-12 is accepted",
            f"use `{DIALECT}`, or leave it out",
            id="dialect inside",
        ),
        pytest.param(
            property_a({"$id": "https://example.org/a"}),
            "/properties/a/$id",
            "only the whole schema may have an `$id`",
            "use `$defs` and `$anchor`",
            id="identity inside",
        ),
        pytest.param(
            property_a({"$ref": "https://example.org/a.json"}),
            "/properties/a/$ref",
            "`https://example.org/a.json` leads out of this schema, and nothing is"
            " ever fetched",
            "copy it to `$defs`",
            id="remote reference",
        ),
        pytest.param(
            property_a({"$ref": "file.json#/x"}),
            "/properties/a/$ref",
            "`file.json#/x` leads out of this schema, and nothing is ever fetched",
            "copy it to `$defs`",
            id="reference to a file",
        ),
        pytest.param(
            {"$defs": {"port": {}}, "properties": {"a": {"$ref": "#/$defs/prot"}}},
            "/properties/a/$ref",
            "`#/$defs/prot` leads to no schema",
            "did you mean `#/$defs/port`?",
            id="misspelled reference",
        ),
        pytest.param(
            {"x-a": {"b": {}}, "properties": {"a": {"$ref": "#/x-a/b"}}},
            "/properties/a/$ref",
            "`#/x-a/b` leads to no schema",
            None,
            id="reference into a note",
        ),
        pytest.param(
            property_a({"$dynamicRef": "#nowhere"}),
            "/properties/a/$dynamicRef",
            "`#nowhere` leads to no schema",
            None,
            id="unknown anchor",
        ),
        pytest.param(
            {"$id": "https://example.org/#a"},
            "/$id",
            "an `$id` has no fragment",
            "use `$anchor`",
            id="identity with a fragment",
        ),
        pytest.param(
            property_a({"$anchor": "a/b"}),
            "/properties/a/$anchor",
            "an anchor is a letter or `_`, then letters, digits, `-`, `.` and `_`",
            None,
            id="anchor like a path",
        ),
        pytest.param(
            {"$defs": {"a": {"$anchor": "x"}, "b": {"$dynamicAnchor": "x"}}},
            "/$defs/b/$dynamicAnchor",
            "the anchor `x` is set twice",
            None,
            id="anchor twice",
        ),
        pytest.param(
            {"$ref": "#"},
            "",
            "this schema leads back to itself without going into the value",
            None,
            id="reference to itself",
        ),
        pytest.param(
            {
                "$defs": {
                    "a": {"anyOf": [{"$ref": "#/$defs/b"}]},
                    "b": {"not": {"$ref": "#/$defs/a"}},
                }
            },
            "/$defs/a",
            "this schema leads back to itself without going into the value",
            None,
            id="loop of two",
        ),
        pytest.param(
            {
                "$defs": {f"a{n}": {"$ref": f"#/$defs/a{n + 1}"} for n in range(500)}
                | {"a500": True}
            },
            "/$defs/a64",
            "more than 64 schemas apply to one value, one through another",
            None,
            id="long chain",
        ),
        pytest.param(
            {
                "$defs": {
                    f"a{n}": {"$ref": f"#/$defs/a{n + 1}"} for n in reversed(range(500))
                }
                | {"a500": True}
            },
            "/$defs/a436",
            "more than 64 schemas apply to one value, one through another",
            None,
            id="long chain from its end",
        ),
        pytest.param(
            {"type": "array"},
            "/type",
            "the values are an object, so the schema must accept one",
            "use `type: object`",
            id="values in a list",
        ),
        pytest.param(
            property_a({"maximum": 10, "default": 11}),
            "/properties/a/default",
            "the default does not fit its own schema: must be at most 10, not 11",
            None,
            id="default too large",
        ),
        pytest.param(
            {
                "$defs": {"port": {"type": "integer"}},
                "properties": {"a": {"$ref": "#/$defs/port", "default": "80"}},
            },
            "/properties/a/default",
            "the default does not fit its own schema: must be an integer, not the"
            ' string `"80"`',
            None,
            id="default beside a reference",
        ),
        pytest.param(
            property_a({"properties": {"b": {"type": "null"}}, "default": {"b": 1}}),
            "/properties/a/default",
            "the default does not fit its own schema: `/b` must be null, not the"
            " number 1",
            None,
            id="place inside a default",
        ),
        pytest.param(
            property_a({"type": "integer", "writeOnly": True, "default": "hunter2"}),
            "/properties/a/default",
            "the default does not fit its own schema: must be an integer",
            None,
            id="secret default is not shown",
        ),
        pytest.param(
            property_a(
                {
                    "properties": {"b": {"type": "integer", "writeOnly": True}},
                    "default": {"b": "hunter2"},
                }
            ),
            "/properties/a/default",
            "the default does not fit its own schema: `/b` must be an integer",
            None,
            id="secret in a default is not shown",
        ),
        pytest.param(
            property_a({"const": float("inf")}),
            "",
            "the schema holds a number that is not finite",
            None,
            id="infinity",
        ),
        pytest.param(
            property_a({"const": "\ud800"}),
            "",
            "the schema holds half of a surrogate pair",
            None,
            id="half a character",
        ),
    ],
)
def test_refuses_with_place_and_remedy(
    schema: JsonObject, pointer: str, message: str, hint: str | None
) -> None:
    """A schema that can't be used is refused with the place, in plain words."""
    error = refusal(schema)

    assert (pointer, message, hint) == (error.pointer, error.message, error.hint)


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param({}, id="empty"),
        pytest.param({"$schema": DIALECT, "$id": "https://example.org/x"}, id="named"),
        pytest.param({"$schema": DIALECT + "#"}, id="empty fragment"),
        pytest.param({"type": ["object", "null"]}, id="object among types"),
        pytest.param({"x-proprties": 1, "x-anything": {"type": "integr"}}, id="x-"),
        pytest.param({"widget": "slider", "example": {}, "id": "a"}, id="notes"),
        pytest.param(property_a({"format": "password"}), id="format as a note"),
        pytest.param(property_a({"$ref": "#"}), id="recursion into the value"),
        pytest.param(
            {"$defs": {"a b": {}}, "allOf": [{"$ref": "#/$defs/a%20b"}]}, id="%"
        ),
        pytest.param(
            {"$defs": {"a/b~": {}}, "allOf": [{"$ref": "#/$defs/a~1b~0"}]}, id="~"
        ),
        pytest.param(
            {"definitions": {"a": {}}, "allOf": [{"$ref": "#/definitions/a"}]},
            id="old name",
        ),
        pytest.param(
            {"$defs": {"a": {"$anchor": "x"}}, "allOf": [{"$ref": "#x"}]}, id="anchor"
        ),
        pytest.param(
            {"$defs": {"a": False}, "properties": {"a": {"$ref": "#/$defs/a"}}},
            id="false",
        ),
        pytest.param(
            {"properties": {"$ref": {"const": "http://x"}, "type": {}}},
            id="names like keywords",
        ),
        pytest.param(
            {"enum": [{"$ref": "http://x", "type": "integr"}, {}]},
            id="values like schemas",
        ),
        pytest.param(property_a({"minLength": 2.0}), id="whole float"),
        pytest.param(
            property_a(
                {"required": ["b"], "properties": {"b": {"default": 1}}, "default": {}}
            ),
            id="default that needs a default",
        ),
    ],
)
def test_accepts(schema: JsonObject) -> None:
    """What the specification allows and can be used here is accepted."""
    ValueSchema(schema)


def test_error_survives_pickling() -> None:
    """An error crosses from one process to another whole."""
    error = refusal({"type": "array"})

    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert vars(error) == vars(copy)
    assert str(copy) == (
        "the values are an object, so the schema must accept one"
        " (at `/type` of the schema)"
    )
