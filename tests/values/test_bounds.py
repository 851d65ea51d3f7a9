"""Values and schemas that ask for too much."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from provisionhub.errors import InvalidValuesError, LimitExceededError
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.values import SchemaError, ValueSchema
from provisionhub.values.vocabulary import KEYWORDS


def violations(schema: JsonObject, values: JsonObject) -> list[str]:
    """Return ``pointer: message`` for each violation of *values*."""
    with pytest.raises(InvalidValuesError) as raised:
        ValueSchema(schema).accept(values)
    return [f"{each.pointer}: {each.message}" for each in raised.value.violations]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(float("nan"), "holds a number that is not finite", id="NaN"),
        pytest.param(10**4000, "holds a number of thousands of digits", id="endless"),
        pytest.param("\udc00", "holds half of a surrogate pair", id="half a character"),
        pytest.param({"\udc00": 1}, "holds half of a surrogate pair", id="half a name"),
    ],
)
def test_values_that_are_not_json(value: JsonValue, expected: str) -> None:
    """Values that JSON could not carry are refused before anything is done."""
    assert [f": {expected}"] == violations({}, {"a": [value]})


def nested(depth: int) -> JsonObject:
    """Return objects that stand *depth* deep in one another."""
    value: JsonObject = {}
    for _ in range(depth - 1):
        value = {"a": value}
    return value


def test_depth_of_values_is_bounded() -> None:
    """64 levels pass, through a schema that refers to itself; many more do not."""
    schema: JsonObject = {"properties": {"a": {"allOf": [{"$ref": "#"}]}}}

    ValueSchema(schema).accept(nested(64))
    assert violations(schema, nested(20_000)) == [": is nested deeper than 64"]


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param(
            {
                "$defs": {
                    **{
                        f"a{n}": {"anyOf": [{"$ref": f"#/$defs/a{n + 1}"}] * 2}
                        for n in range(30)
                    },
                    "a30": {"type": "null"},
                },
                "properties": {"a": {"$ref": "#/$defs/a0"}},
            },
            id="forms of forms",
        ),
        pytest.param(
            {
                "properties": {
                    "a": {"allOf": [{"$ref": "#"}, {"$ref": "#"}, {"$ref": "#"}]}
                }
            },
            id="recursion thrice a level",
        ),
        pytest.param(
            {
                "$defs": {
                    **{f"a{n}": {"$ref": f"#/$defs/a{n + 1}"} for n in range(60)},
                    "a60": {"properties": {"a": {"$ref": "#/$defs/a0"}}},
                },
                "properties": {"a": {"$ref": "#/$defs/a0"}},
            },
            id="long chain a level",
        ),
    ],
)
def test_schemas_that_explode_are_stopped(schema: JsonObject) -> None:
    """A small schema can't ask for exponential work, or overrun the stack."""
    with pytest.raises(LimitExceededError):
        ValueSchema(schema).accept(nested(60))


def test_many_patterns_on_many_names_are_stopped() -> None:
    """What takes a step for each pattern and each name is counted so."""
    patterns: JsonObject = {f"^{number}$": {} for number in range(900)}
    members: JsonObject = {f"n{number}": 1 for number in range(900)}

    for rest in ("additionalProperties", "unevaluatedProperties"):
        schema = ValueSchema({"patternProperties": patterns, rest: False})
        with pytest.raises(LimitExceededError):
            schema.accept(members)


def test_large_arrays_take_linear_time() -> None:
    """Distinct items and unevaluated items are found without comparing each pair."""
    items: list[JsonValue] = [{"n": number} for number in range(20_000)]
    schema = ValueSchema(
        {
            "properties": {
                "a": {"uniqueItems": True, "prefixItems": [{}], "unevaluatedItems": {}}
            }
        }
    )
    start = time.monotonic()

    schema.accept({"a": items})

    assert time.monotonic() - start < 20


def test_number_of_violations_is_bounded() -> None:
    """A thousand violations say enough."""
    schema: JsonObject = {"properties": {"a": {"items": {"type": "null"}}}}

    assert len(violations(schema, {"a": [1] * 5000})) == 1000


def test_long_places_are_clipped() -> None:
    """A name of half a megabyte is not repeated in full."""
    found = violations({"additionalProperties": False}, {"k" * 500_000: 1})

    assert found == ["/" + "k" * 255 + "…: is not known here"]


@pytest.mark.parametrize("keyword", ["properties", "items", "allOf", "x-note"])
def test_deep_schemas_are_refused(keyword: str) -> None:
    """Nesting beyond the bound is an error of ours, at any depth."""
    schema: Any = {}
    for _ in range(20_000):
        schema = {keyword: [schema] if keyword == "allOf" else schema}

    with pytest.raises(SchemaError, match="the schema is nested deeper than 64"):
        ValueSchema(schema)


def test_long_names_cost_nothing() -> None:
    """Places are kept as paths, so a long name is not copied into each of them."""
    schema: JsonObject = {"properties": {"k" * 500_000: {"anyOf": [{}] * 2000}}}
    start = time.monotonic()

    ValueSchema(schema)

    assert time.monotonic() - start < 5


SMALL_VALUES: st.SearchStrategy[JsonValue] = st.sampled_from(
    [None, True, False, 0, 1, -1, 1.5, "", "a", "string", [], ["a"], {}, {"a": {}}]
)
KEYWORD_NAMES = st.sampled_from(sorted(KEYWORDS.keys() - {"$schema", "$id"}))


@settings(max_examples=300)
@given(st.dictionaries(KEYWORD_NAMES, SMALL_VALUES, max_size=4))
def test_what_is_accepted_fits_the_metaschema(schema: JsonObject) -> None:
    """Nothing is accepted that the specification's own schema refuses."""
    try:
        ValueSchema(schema)
    except SchemaError as error:
        assert error.message  # noqa: PT017 - either outcome is right
    else:
        Draft202012Validator.check_schema(schema)


@given(
    st.recursive(
        SMALL_VALUES,
        lambda inner: (
            st.dictionaries(
                KEYWORD_NAMES | st.sampled_from(["a", "#", "x-a", "requirred"]), inner
            )
            | st.lists(inner, max_size=3)
        ),
        max_leaves=15,
    )
)
def test_no_schema_raises_anything_else(schema: JsonValue) -> None:
    """Any JSON object is a usable schema or raises a SchemaError."""
    try:
        ValueSchema(schema if isinstance(schema, dict) else {"allOf": [schema]})
    except SchemaError as error:
        assert error.message  # noqa: PT017 - either outcome is right
