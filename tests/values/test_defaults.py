"""Defaults, filled in."""

from __future__ import annotations

import copy

import pytest

from provisionhub.errors import InvalidValuesError, LimitExceededError
from provisionhub.jsontypes import JsonObject
from provisionhub.values import SchemaError, ValueSchema

TLS: JsonObject = {
    "if": {"properties": {"tls": {"const": True}}, "required": ["tls"]},
    "then": {"properties": {"port": {"default": 443}}},
    "else": {"properties": {"port": {"default": 80}}},
}


@pytest.mark.parametrize(
    ("schema", "values", "expected"),
    [
        pytest.param(
            {"properties": {"a": {"default": 1}, "b": {"default": None}, "c": {}}},
            {"b": 2},
            {"b": 2, "a": 1},
            id="what is missing",
        ),
        pytest.param(
            {"required": ["a"], "properties": {"a": {"default": False}}},
            {},
            {"a": False},
            id="required",
        ),
        pytest.param(
            {"properties": {"a": {"properties": {"b": {"default": 1}}}}},
            {"a": {}},
            {"a": {"b": 1}},
            id="inside a member",
        ),
        pytest.param(
            {"properties": {"a": {"properties": {"b": {"default": 1}}}}},
            {},
            {},
            id="no parent is made",
        ),
        pytest.param(
            {"properties": {"a": {"default": {}, "properties": {"b": {"default": 1}}}}},
            {},
            {"a": {"b": 1}},
            id="inside a default",
        ),
        pytest.param(
            {
                "$defs": {
                    "port": {"type": "integer", "default": 80},
                    "more": {"properties": {"c": {"default": 3}}},
                },
                "$ref": "#/$defs/more",
                "properties": {
                    "a": {"$ref": "#/$defs/port"},
                    "b": {"$ref": "#/$defs/port", "default": 81},
                    "d": {"allOf": [{}, {"$ref": "#/$defs/port"}]},
                },
            },
            {},
            {"a": 80, "b": 81, "d": 80, "c": 3},
            id="references",
        ),
        pytest.param(
            {
                "properties": {"a": {"default": 1}},
                "allOf": [{"properties": {"a": {"default": 2}, "b": {"default": 2}}}],
            },
            {},
            {"a": 1, "b": 2},
            id="nearest wins",
        ),
        pytest.param(TLS, {"tls": True}, {"tls": True, "port": 443}, id="then"),
        pytest.param(TLS, {}, {"port": 80}, id="else"),
        pytest.param(
            {**TLS, "properties": {"tls": {"default": True}}},
            {},
            {"tls": True, "port": 443},
            id="branch by default",
        ),
        pytest.param(
            {
                "dependentSchemas": {
                    "a": {"properties": {"b": {"default": 1}}},
                    "x": {"properties": {"y": {"default": 1}}},
                }
            },
            {"a": 0},
            {"a": 0, "b": 1},
            id="dependent schemas",
        ),
        pytest.param(
            {
                "properties": {
                    "l": {
                        "prefixItems": [{"properties": {"a": {"default": 1}}}],
                        "items": {"properties": {"b": {"default": 2}}},
                        "contains": {"properties": {"c": {"default": 3}}},
                    }
                }
            },
            {"l": [{}, {}, 5]},
            {"l": [{"a": 1}, {"b": 2}, 5]},
            id="items",
        ),
        pytest.param(
            {
                "patternProperties": {"^x": {"properties": {"a": {"default": 1}}}},
                "additionalProperties": {"properties": {"b": {"default": 2}}},
            },
            {"x": {}, "y": {}},
            {"x": {"a": 1}, "y": {"b": 2}},
            id="members by pattern and the rest",
        ),
        pytest.param(
            {"anyOf": [{"properties": {"a": {"default": 1}}}, {}]},
            {},
            {},
            id="not from forms",
        ),
        pytest.param(
            {"properties": {"a": {"$ref": "#"}, "n": {"default": 0}}},
            {"a": {"a": {}}},
            {"a": {"a": {"n": 0}, "n": 0}, "n": 0},
            id="recursion",
        ),
    ],
)
def test_fills_in(schema: JsonObject, values: JsonObject, expected: JsonObject) -> None:
    """Defaults come from each schema that applies, and what was given stays."""
    given = copy.deepcopy(values)

    assert expected == ValueSchema(schema).accept(values).data
    assert given == values


def test_defaults_are_copied() -> None:
    """What is done with the values changes neither the schema nor the next values."""
    schema = ValueSchema({"properties": {"a": {"default": {"b": []}}}})

    schema.accept({}).data.clear()
    first = schema.accept({}).data["a"]
    assert isinstance(first, dict)
    first["b"] = 1

    assert schema.accept({}).data == {"a": {"b": []}}


def test_schema_is_copied() -> None:
    """What becomes of the schema later changes nothing."""
    schema: JsonObject = {"properties": {"a": {"default": 1}}}
    accepting = ValueSchema(schema)

    schema.clear()

    assert accepting.accept({}).data == {"a": 1}


def test_defaults_are_validated_in_their_place() -> None:
    """A default that another schema forbids is a violation like any other."""
    schema = ValueSchema(
        {
            "properties": {"a": {"default": 1}},
            "dependentSchemas": {"b": {"properties": {"a": {"maximum": 0}}}},
        }
    )

    with pytest.raises(InvalidValuesError) as raised:
        schema.accept({"b": 1})

    assert [str(each) for each in raised.value.violations] == [
        "/a: must be at most 0, not 1"
    ]


def test_default_that_brings_in_itself_is_refused() -> None:
    """A default that never ends is found when the schema is read."""
    schema: JsonObject = {"properties": {"a": {"$ref": "#", "default": {}}}}

    with pytest.raises(SchemaError) as raised:
        ValueSchema(schema)

    assert raised.value.pointer == "/properties/a/default"
    assert raised.value.hint == "a default that brings in itself never ends"


def test_defaults_that_multiply_are_stopped() -> None:
    """Twenty lines can't fill in millions of values."""
    layers: JsonObject = {
        f"a{n}": {
            "properties": {
                name: {"$ref": f"#/$defs/a{n + 1}", "default": {}} for name in "xyz"
            }
        }
        for n in range(20)
    }
    with pytest.raises((LimitExceededError, SchemaError)):
        ValueSchema({"$defs": {**layers, "a20": {}}, "$ref": "#/$defs/a0"}).accept({})


def test_large_defaults_are_counted_in_characters() -> None:
    """A large default in each of many items is stopped by its size."""
    schema = ValueSchema(
        {
            "properties": {
                "l": {"items": {"properties": {"a": {"default": "x" * 100_000}}}}
            }
        }
    )

    with pytest.raises(LimitExceededError, match="more than 4194304 characters"):
        schema.accept({"l": [{} for _ in range(50)]})
