"""Values, held to a schema: what is wrong with them, and how it is put."""

from __future__ import annotations

import pytest

from provisionhub.errors import InvalidValuesError
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.values import ValueSchema


def violations(schema: JsonObject, values: JsonObject) -> list[str]:
    """Return ``pointer: message`` for each violation of *values*."""
    try:
        ValueSchema(schema).accept(values)
    except InvalidValuesError as error:
        return [f"{each.pointer}: {each.message}" for each in error.violations]
    return []


def complaint(schema: JsonValue, value: JsonValue) -> str | None:
    """Return what is wrong with *value* as the only member, if anything."""
    found = violations({"properties": {"a": schema}}, {"a": value})
    assert len(found) < 2
    return found[0].removeprefix("/a: ") if found else None


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        ({"type": "integer"}, "80", 'must be an integer, not the string `"80"`'),
        ({"type": "integer"}, 1.5, "must be an integer, not the number 1.5"),
        ({"type": "integer"}, True, "must be an integer, not true"),
        ({"type": "integer"}, 2.0, None),
        ({"type": "number"}, None, "must be a number, not null"),
        ({"type": "boolean"}, "yes", 'must be true or false, not the string `"yes"`'),
        ({"type": "string"}, {"x": 1}, "must be a string, not an object"),
        (
            {"type": ["string", "array", "null"]},
            1,
            "must be a string, a list or null, not the number 1",
        ),
        ({"type": "object"}, [1, 2], "must be an object, not a list"),
        ({"enum": ["a", "b"]}, "c", "must be one of `a`, `b`, not `c`"),
        (
            {"enum": ["none", "postgres", "mysql"]},
            "postgrse",
            (
                "must be one of `none`, `postgres`, `mysql`, not `postgrse`;"
                " did you mean `postgres`?"
            ),
        ),
        ({"enum": [1, None, ""]}, True, 'must be one of 1, null, `""`, not true'),
        (
            {"enum": ["3.11", "3.12"]},
            3.11,
            "must be one of `3.11`, `3.12`, not 3.11; write it in quotes",
        ),
        ({"enum": [1]}, 1.0, None),
        ({"enum": ["a"]}, [], "must be `a`, not a list"),
        (
            {"enum": list(range(30))},
            99,
            f"must be one of {', '.join(map(str, range(20)))}, …, not 99",
        ),
        ({"const": {"a": [1]}}, {"a": [1.0]}, None),
        ({"const": {"a": [1]}}, {"a": [True]}, 'must be `{"a": [1]}`, not an object'),
        ({"const": "x" * 100}, 0, "must be `" + "x" * 59 + "…`, not 0"),
        ({"minimum": 1}, 0, "must be at least 1, not 0"),
        ({"maximum": 65535}, 70000, "must be at most 65535, not 70000"),
        ({"exclusiveMinimum": 0}, 0, "must be above 0, not 0"),
        ({"exclusiveMaximum": 1.5}, 2, "must be below 1.5, not 2"),
        ({"maximum": 1}, True, None),
        ({"maximum": 1}, "2", None),
        ({"multipleOf": 0.1}, 0.3, None),
        ({"multipleOf": 0.1}, 0.35, "must be a multiple of 0.1, not 0.35"),
        ({"multipleOf": 1e-300}, 1e308, None),
        ({"multipleOf": 3}, 10**400, "must be a multiple of 3, not 1" + "0" * 58 + "…"),
        ({"multipleOf": 3}, "9", None),
        ({"minLength": 1}, "", "must not be empty"),
        ({"minLength": 3}, "ab", "must be at least 3 characters long"),
        ({"maxLength": 1}, "😀", None),
        ({"maxLength": 1}, "ab", "must be at most 1 character long"),
        ({"pattern": "^a$"}, "a\n", "must match `^a$`, not `a␊`"),
        ({"pattern": r"^\d$"}, "٣", r"must match `^\d$`, not `٣`"),
        ({"pattern": r"^\p{L}+$"}, "Ünïcødé", None),
        ({"pattern": "b"}, "abc", None),
        (
            {"pattern": "^.+:[0-9]+$", "x-expected": "a host and a port"},
            "x",
            "must be a host and a port, not `x`",
        ),
        ({"pattern": "a", "x-expected": "\x1b[2J"}, "x", "must be ␛[2J, not `x`"),
        ({"format": "email"}, "me", "must be an e-mail address, not `me`"),
        ({"format": "email"}, 5, None),
        ({"format": "password"}, "x", None),
        ({"minItems": 2}, [1], "must have at least 2 items"),
        ({"maxItems": 1}, [1, 2], "must have at most 1 item"),
        ({"minProperties": 1}, {}, "must have at least 1 member"),
        ({"maxProperties": 0}, {"x": 1}, "must have at most 0 members"),
        ({"contains": {"const": 1}}, [2], "must have at least 1 item equal to 1"),
        (
            {"contains": {"type": "string"}, "minContains": 2},
            ["a"],
            "must have at least 2 items that fit what `contains` asks for",
        ),
        (
            {"contains": {"const": 1}, "maxContains": 1},
            [1, 1],
            "must have at most 1 item equal to 1",
        ),
        ({"contains": False, "minContains": 0}, [], None),
        ({"contains": False}, "text", None),
        ({"not": {"const": "root"}}, "root", "must not be `root`"),
        ({"not": {"enum": [1, 2]}}, 2, "must be none of 1, 2"),
        ({"not": {"required": ["x"]}}, {"x": 1}, "must not have `x`"),
        (
            {"not": {"required": ["x", "y"]}},
            {"x": 1, "y": 1},
            "must not have all of `x`, `y`",
        ),
        ({"not": {"type": "null"}}, None, "fits a schema that it must not fit"),
        ({"not": {"type": "null"}}, 1, None),
        (False, 1, "is not accepted here"),
        (True, 1, None),
        (
            {"anyOf": [{"type": "string"}, {"type": "null"}]},
            3,
            "must be a string or null, not the number 3",
        ),
        (
            {"anyOf": [{"enum": ["a", "b"]}, {"type": "null"}]},
            "c",
            "must be one of `a`, `b` or null, not `c`",
        ),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, None, None),
        (
            {"anyOf": [False, False]},
            None,
            "is not accepted here (in the nearest of 2 forms)",
        ),
        (
            {"oneOf": [{"type": "integer"}, {"minimum": 2}, {"type": "string"}]},
            3,
            "must fit only one of 3 forms, and fits 1 and 2",
        ),
        ({"oneOf": [{"type": "integer"}, {"type": "string"}]}, 3, None),
        (
            {"if": {"type": "string"}, "then": {"minLength": 2}},
            "a",
            "must be at least 2 characters long",
        ),
        (
            {"if": {"type": "string"}, "else": {"minimum": 2}},
            1,
            "must be at least 2, not 1",
        ),
        ({"then": False, "else": False}, 1, None),
        (
            {"type": "string"},
            1 << 4000,
            "must be a string, not the number " + str(1 << 4000)[:59] + "…",
        ),
        (
            {"type": "integer"},
            "a\u202eb\x1b",
            'must be an integer, not the string `"a�b\\u001b"`',
        ),
        (
            {"type": "integer"},
            "x" * 500,
            'must be an integer, not the string `"' + "x" * 58 + "…`",
        ),
    ],
)
def test_message(schema: JsonValue, value: JsonValue, expected: str | None) -> None:
    """Each keyword says what is asked for and, if it may, what was found."""
    assert expected == complaint(schema, value)


@pytest.mark.parametrize(
    ("schema", "values", "expected"),
    [
        pytest.param(
            {"required": ["b", "a/b"]},
            {},
            ["/a~1b: is required", "/b: is required"],
            id="required at the member itself",
        ),
        pytest.param(
            {"additionalProperties": False, "properties": {"token": {}}},
            {"tokn": 1, "x": 2},
            [
                "/tokn: is not known here; did you mean `token`?",
                "/x: is not known here",
            ],
            id="unknown",
        ),
        pytest.param(
            {
                "properties": {"a": {}},
                "patternProperties": {r"^\p{Lu}": {"type": "null"}},
                "additionalProperties": {"type": "integer"},
            },
            {"a": "x", "É": None, "Z": 1, "b": 1, "c": ""},
            [
                "/Z: must be null, not the number 1",
                '/c: must be an integer, not the string `""`',
            ],
            id="additional by ECMA patterns",
        ),
        pytest.param(
            {"dependentRequired": {"tls": ["cert", "key"], "x": ["y"]}},
            {"tls": 1, "key": 1},
            ["/cert: is required where `tls` is set"],
            id="dependent",
        ),
        pytest.param(
            {"dependentSchemas": {"tls": {"required": ["cert"]}}},
            {"tls": 1},
            ["/cert: is required"],
            id="dependent schema",
        ),
        pytest.param(
            {"propertyNames": {"pattern": "^[a-z]+$"}, "properties": {"A": {}}},
            {"A": 1, "b": 1},
            ["/A: has a name that must match `^[a-z]+$`"],
            id="names",
        ),
        pytest.param(
            {"propertyNames": False},
            {"A": 1},
            ["/A: has a name that is not accepted here"],
            id="no names",
        ),
        pytest.param(
            {"properties": {"l": {"uniqueItems": True}}},
            {
                "l": [
                    1,
                    "1",
                    True,
                    1.0,
                    {"a": 1, "b": [0]},
                    {"b": [False]},
                    {"b": [0.0], "a": 1},
                ]
            },
            [
                "/l/3: must differ from the others, and equals item 1",
                "/l/6: must differ from the others, and equals item 5",
            ],
            id="unique",
        ),
        pytest.param(
            {"properties": {"l": {"uniqueItems": False}}},
            {"l": [1, 1]},
            [],
            id="not unique",
        ),
        pytest.param(
            {"properties": {"l": {"prefixItems": [{"type": "null"}], "items": False}}},
            {"l": [1, 2]},
            ["/l/0: must be null, not the number 1", "/l/1: is not accepted here"],
            id="items behind a prefix",
        ),
        pytest.param(
            {"properties": {"l": {"items": {"type": "integer"}}}},
            {"l": ["a", 1, *["b"] * 10]},
            [
                f'/l/{n}: must be an integer, not the string `"{t}"`'
                for n, t in [(0, "a"), *((n, "b") for n in range(2, 12))]
            ],
            id="places in natural order",
        ),
        pytest.param(
            {
                "allOf": [{"properties": {"a": {}}}, {"$ref": "#/$defs/b"}],
                "$defs": {"b": {"properties": {"b": {}}}},
                "anyOf": [
                    {"required": ["nope"], "properties": {"z": {}}},
                    {"properties": {"c": {}}},
                ],
                "if": {"properties": {"d": {"const": 1}}, "required": ["d"]},
                "then": {"properties": {"e": {}}},
                "else": {"properties": {"z": {}}},
                "dependentSchemas": {
                    "a": {"properties": {"f": {}}},
                    "nope": {"properties": {"z": {}}},
                },
                "patternProperties": {"^g": {}},
                "properties": {"h": {}},
                "unevaluatedProperties": False,
            },
            dict.fromkeys("abcdefghz", 1),
            ["/z: is not known here"],
            id="unevaluated members",
        ),
        pytest.param(
            {"allOf": [{"additionalProperties": True}], "unevaluatedProperties": False},
            {"a": 1},
            [],
            id="all evaluated",
        ),
        pytest.param(
            {"unevaluatedProperties": {"type": "integer"}},
            {"a": "x"},
            ['/a: must be an integer, not the string `"x"`'],
            id="unevaluated by schema",
        ),
        pytest.param(
            {
                "properties": {
                    "l": {
                        "prefixItems": [{}],
                        "contains": {"type": "string"},
                        "allOf": [{"prefixItems": [{}, {}]}, {"not": {"items": False}}],
                        "if": {"type": "array"},
                        "unevaluatedItems": False,
                    },
                    "m": {"allOf": [{"items": {}}], "unevaluatedItems": False},
                }
            },
            {"l": [1, 2, 3, "a", 4], "m": [1]},
            ["/l/2: is not accepted here", "/l/4: is not accepted here"],
            id="unevaluated items",
        ),
        pytest.param(
            {
                "properties": {
                    "db": {
                        "oneOf": [
                            {
                                "required": ["kind"],
                                "properties": {"kind": {"const": "none"}},
                                "additionalProperties": False,
                            },
                            {
                                "properties": {
                                    "kind": {"const": "sql"},
                                    "port": {"type": "integer"},
                                },
                                "required": ["kind", "port", "host"],
                            },
                            {"type": "null"},
                        ]
                    }
                }
            },
            {"db": {"kind": "sql", "port": "x"}},
            [
                "/db/host: is required (in the nearest of 3 forms)",
                (
                    "/db/port: must be an integer (in the nearest of 3 forms), not the"
                    ' string `"x"`'
                ),
            ],
            id="nearest form",
        ),
        pytest.param(
            {
                "properties": {"t": {"$dynamicRef": "#node"}},
                "$defs": {"n": {"$dynamicAnchor": "node", "type": "string"}},
            },
            {"t": 1},
            ["/t: must be a string, not the number 1"],
            id="dynamic reference",
        ),
        pytest.param(
            {
                "$id": "https://example.org/x",
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "properties": {
                    "t": {"pattern": r"^\p{L}$"},
                    "u": {"$ref": "#/properties/t"},
                },
            },
            {"t": "1", "u": "é"},
            [r"/t: must match `^\p{L}$`, not `1`"],
            id="schema with a name of its own",
        ),
        pytest.param(
            {
                "properties": {
                    "$ref": {"type": "integer"},
                    "$schema": {"type": "integer"},
                }
            },
            {"$ref": "x", "$schema": "http://json-schema.org/draft-04/schema#"},
            [
                '/$ref: must be an integer, not the string `"x"`',
                (
                    "/$schema: must be an integer, not the string"
                    ' `"http://json-schema.org/draft-04/schema#"`'
                ),
            ],
            id="members named like keywords",
        ),
    ],
)
def test_places(schema: JsonObject, values: JsonObject, expected: list[str]) -> None:
    """All violations come at once, each with its place, in the order of places."""
    assert expected == violations(schema, values)


def test_error_counts_and_lists() -> None:
    """The error says how many values do not fit, and lists them for a person."""
    with pytest.raises(InvalidValuesError) as raised:
        ValueSchema({"required": ["a", "b"]}).accept({})

    assert raised.value.explain() == (
        "error: 2 values do not fit the blueprint's schema\n"
        "  /a: is required\n"
        "  /b: is required"
    )


def test_one_violation_is_singular() -> None:
    """One is not called several."""
    with pytest.raises(InvalidValuesError, match=r"^1 value does not fit"):
        ValueSchema({"required": ["a"]}).accept({})


def test_values_are_shown_without_themselves() -> None:
    """The repr of accepted values tells how many, and nothing else."""
    schema = ValueSchema({"properties": {"a": {"writeOnly": True}}})

    values = schema.accept({"a": "hunter22", "b": 1})

    assert repr(values) == "Values(2 members, 1 secrets)"
