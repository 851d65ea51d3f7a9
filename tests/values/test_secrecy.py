"""Which values are secret, and that they are never shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisionhub.errors import InvalidValuesError
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.values import ValueSchema

SECRET: JsonObject = {"writeOnly": True}


def secrets(schema: JsonObject, values: JsonObject) -> dict[str, JsonValue]:
    """Return the secrets that *schema* sees in *values*, by pointer."""
    accepted = ValueSchema(schema).accept(values)
    return {secret.pointer: secret.value for secret in accepted.secrets}


@pytest.mark.parametrize(
    ("schema", "values", "expected"),
    [
        pytest.param(
            {"properties": {"b": SECRET, "a/b": SECRET, "c": {}, "d": SECRET}},
            {"b": "x", "c": "y", "a/b": 1},
            {"/b": "x", "/a~1b": 1},
            id="members, in the order of the values",
        ),
        pytest.param(
            {"properties": {"a": {"writeOnly": True, "default": "x"}}},
            {},
            {"/a": "x"},
            id="default",
        ),
        pytest.param(
            {"properties": {"a": SECRET}},
            {"a": {"b": ["x", {"c": None}], "d": True}},
            {"/a/b/0": "x", "/a/b/1/c": None, "/a/d": True},
            id="each scalar in a secret object",
        ),
        pytest.param(
            {"properties": {"l": {"prefixItems": [SECRET], "items": {}}}},
            {"l": ["x", "y"]},
            {"/l/0": "x"},
            id="first item",
        ),
        pytest.param(
            {"properties": {"l": {"prefixItems": [{}], "items": SECRET}}},
            {"l": ["x", "y"]},
            {"/l/1": "y"},
            id="other items",
        ),
        pytest.param(
            {
                "properties": {
                    "l": {"unevaluatedItems": SECRET},
                    "m": {"contains": SECRET},
                }
            },
            {"l": ["x"], "m": ["y"]},
            {"/l/0": "x", "/m/0": "y"},
            id="items in other ways",
        ),
        pytest.param(
            {"patternProperties": {"^p": SECRET}, "additionalProperties": {}},
            {"pw": "x", "q": "y"},
            {"/pw": "x"},
            id="by pattern",
        ),
        pytest.param(
            {"properties": {"a": {}}, "additionalProperties": SECRET},
            {"a": "x", "b": "y"},
            {"/b": "y"},
            id="the rest",
        ),
        pytest.param(
            {"properties": {"a": {}}, "unevaluatedProperties": SECRET},
            {"a": "x", "b": "y"},
            {"/b": "y"},
            id="the unevaluated rest",
        ),
        pytest.param(
            {"$defs": {"s": SECRET}, "properties": {"a": {"$ref": "#/$defs/s"}}},
            {"a": "x"},
            {"/a": "x"},
            id="by reference",
        ),
        pytest.param(
            {
                "$defs": {"s": {"$dynamicAnchor": "s", "writeOnly": True}},
                "properties": {"a": {"$dynamicRef": "#s"}},
            },
            {"a": "x"},
            {"/a": "x"},
            id="by dynamic reference",
        ),
        pytest.param(
            {"properties": {"a": {"properties": {"a": {"$ref": "#"}, "s": SECRET}}}},
            {"a": {"a": {"a": {"s": "x"}}}},
            {"/a/a/a/s": "x"},
            id="by recursion",
        ),
        pytest.param(SECRET, {"a": "x"}, {"/a": "x"}, id="all of them"),
        pytest.param({"writeOnly": False}, {"a": "x"}, {}, id="none of them"),
    ],
)
def test_finds_secrets(
    schema: JsonObject, values: JsonObject, expected: dict[str, JsonValue]
) -> None:
    """Whatever a schema calls write-only is a secret, wherever it stands."""
    found = secrets(schema, values)

    assert expected == found
    assert list(expected) == list(found)


def test_absurd_names_are_cut_short_in_places() -> None:
    """A long name over many secrets is not copied into each place."""
    values: JsonObject = {"k" * 500_000: list(range(10_000))}

    accepted = ValueSchema({"additionalProperties": SECRET}).accept(values)

    assert accepted.secrets[0].pointer == "/" + "k" * 255 + "…/0"


MARK: JsonObject = {"properties": {"s": SECRET}}
FAILS: JsonObject = {"required": ["nope"], **MARK}


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param({"allOf": [{}, MARK]}, id="allOf"),
        pytest.param({"anyOf": [{}, FAILS]}, id="anyOf"),
        pytest.param({"oneOf": [{}, FAILS]}, id="oneOf"),
        pytest.param({"not": FAILS}, id="not"),
        pytest.param({"if": FAILS}, id="if"),
        pytest.param({"if": False, "then": MARK}, id="then"),
        pytest.param({"if": True, "else": MARK}, id="else"),
        pytest.param({"dependentSchemas": {"nope": MARK}}, id="dependentSchemas"),
    ],
)
def test_branches_count_whether_or_not_they_hold(schema: JsonObject) -> None:
    """A value is not shown merely because another branch was taken."""
    assert secrets(schema, {"s": "x"}) == {"/s": "x"}


@pytest.mark.parametrize(
    ("schema", "values", "public"),
    [
        pytest.param(
            {"properties": {"a": SECRET}}, {"a": 1, "b": 2}, {"b": 2}, id="member"
        ),
        pytest.param(
            {"properties": {"o": {"properties": {"a": SECRET}}}},
            {"o": {"a": {"x": 1}, "b": [1]}},
            {"o": {"b": [1]}},
            id="inside",
        ),
        pytest.param(
            {"properties": {"l": {"prefixItems": [SECRET]}}},
            {"l": [1, 2, {"a": 3}]},
            {"l": [2, {"a": 3}]},
            id="item",
        ),
        pytest.param(SECRET, {"a": 1}, {}, id="all"),
    ],
)
def test_public_is_the_rest(
    schema: JsonObject, values: JsonObject, public: JsonObject
) -> None:
    """Public values are all but the secret ones."""
    assert public == ValueSchema(schema).accept(values).public


CLEARTEXT = "hunter2-correct-horse"


@pytest.mark.parametrize(
    "keyword",
    [
        {"type": "integer"},
        {"enum": ["a"]},
        {"const": 1},
        {"pattern": "^x$"},
        {"format": "uuid"},
        {"maxLength": 1},
        {"anyOf": [{"type": "null"}, {"type": "integer"}]},
        {"oneOf": [{}, {}]},
        {"not": {}},
        {"$ref": "#/$defs/never"},
    ],
)
@pytest.mark.parametrize(
    ("wrap", "values"),
    [
        pytest.param(
            lambda schema: {"properties": {"a": {**schema, "writeOnly": True}}},
            {"a": CLEARTEXT},
            id="secret",
        ),
        pytest.param(
            lambda schema: {
                "properties": {"o": {"writeOnly": True, "properties": {"a": schema}}}
            },
            {"o": {"a": CLEARTEXT}},
            id="in a secret",
        ),
        pytest.param(
            lambda schema: {"properties": {"a": schema, "s": SECRET}},
            {"a": f"https://me:{CLEARTEXT}@example.org", "s": CLEARTEXT},
            id="holding a secret",
        ),
        pytest.param(
            lambda schema: {
                "properties": {"o": {"allOf": [{"properties": {"a": schema}}, MARK]}}
            },
            {"o": {"s": CLEARTEXT, "a": CLEARTEXT}},
            id="equal to a secret",
        ),
    ],
)
def test_violations_never_quote_secrets(
    keyword: JsonObject, wrap: object, values: JsonObject
) -> None:
    """No message shows a secret's value, or a value in which it stands."""
    assert callable(wrap)
    schema = ValueSchema({"$defs": {"never": False}, **wrap(keyword)})

    with pytest.raises(InvalidValuesError) as raised:
        schema.accept(values)

    assert "hunter2" not in str(raised.value.to_json()) + raised.value.explain()


@given(st.text("abc", min_size=4), st.sampled_from(["", "a/", "x: "]))
def test_value_that_is_not_secret_is_quoted(text: str, prefix: str) -> None:
    """What holds no secret is shown, so that its author finds it."""
    schema = ValueSchema({"properties": {"a": {"const": 1}, "s": SECRET}})

    with pytest.raises(InvalidValuesError, match="1 value") as raised:
        schema.accept({"a": prefix + text, "s": "secret" + text})

    assert raised.value.violations[0].message.startswith("must be 1, not `")
