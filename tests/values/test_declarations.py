"""What a schema says of places, without any values."""

from __future__ import annotations

import pytest

from provisionhub.documents import read_yaml
from provisionhub.values import ValueSchema
from provisionhub.values.declarations import Declarations, Presence, Standing, Step
from provisionhub.values.properties import find_properties


def declarations(text: str) -> Declarations:
    """Return what the schema written as *text*, in YAML's flow style, says."""
    schema = read_yaml(f"{{type: object, {text}}}", file="schema").value
    assert isinstance(schema, dict)
    return ValueSchema(schema).declarations()


def at(text: str, path: str) -> tuple[Standing, Presence | None, set[str]]:
    """Return standing, presence of the last step and types at *path*."""
    found = declarations(text).at(steps(path))
    presence = found.presence[-1] if found.presence else None
    return found.standing, presence, set(found.domain.types)


def steps(path: str) -> tuple[Step, ...]:
    """Return the steps of *path*, in which ``*`` is any element."""
    return tuple(None if step == "*" else step for step in path.split("."))


@pytest.mark.parametrize(
    ("schema", "path", "standing"),
    [
        ("properties: {a: {}}", "a", Standing.DECLARED),
        ("properties: {a: {}}", "b", Standing.UNMENTIONED),
        ("properties: {a: {}}, additionalProperties: false", "b", Standing.REFUSED),
        ("additionalProperties: false", "b", Standing.REFUSED),
        ("properties: {a: {}}, additionalProperties: {}", "b", Standing.OPEN),
        ("properties: {a: {}}, patternProperties: {b: {}}", "b", Standing.OPEN),
        ("properties: {a: false}", "a", Standing.REFUSED),
        ("", "b", Standing.OPEN),
        ("properties: {a: {type: string}}", "a.b", Standing.BELOW),
        ("properties: {a: {type: string}}", "a.*", Standing.OPEN),
        ("properties: {a: {type: integer}}", "a.*", Standing.BELOW),
        ("properties: {a: {type: object}}", "a.b", Standing.OPEN),
        ("anyOf: [{properties: {a: {}}}, {}]", "a", Standing.DECLARED),
        ("if: {properties: {a: {}}}, then: {}", "a", Standing.DECLARED),
        (
            "allOf: [{properties: {a: {}}}], unevaluatedProperties: false",
            "a",
            Standing.DECLARED,
        ),
        (
            "allOf: [{properties: {a: {}}}], unevaluatedProperties: false",
            "b",
            Standing.REFUSED,
        ),
        (
            "allOf: [{properties: {a: {}}}], additionalProperties: false",
            "a",
            Standing.REFUSED,
        ),
        (
            "properties: {a: {items: {type: object, additionalProperties: false}}}",
            "a.*.b",
            Standing.REFUSED,
        ),
    ],
)
def test_names_stand_to_the_schema(schema: str, path: str, standing: Standing) -> None:
    """A name is declared, open, not mentioned, refused or below nothing."""
    assert at(schema, path)[0] is standing


@pytest.mark.parametrize(
    ("schema", "presence"),
    [
        ("properties: {a: {}}", Presence.SOMETIMES),
        ("properties: {a: {}}, required: [a]", Presence.ALWAYS),
        ("properties: {a: {default: 1}}", Presence.ALWAYS),
        (
            "properties: {a: {$ref: '#/$defs/d'}}, $defs: {d: {default: 1}}",
            Presence.ALWAYS,
        ),
        ("properties: {a: {anyOf: [{default: 1}]}}", Presence.SOMETIMES),
        ("allOf: [{required: [a]}], properties: {a: {}}", Presence.ALWAYS),
        ("anyOf: [{required: [a]}, {}], properties: {a: {}}", Presence.CONDITIONAL),
        ("if: {}, then: {required: [a]}, properties: {a: {}}", Presence.CONDITIONAL),
        ("dependentRequired: {b: [a]}, properties: {a: {}}", Presence.CONDITIONAL),
        ("not: {required: [a]}, properties: {a: {}}", Presence.SOMETIMES),
        ("additionalProperties: {}", Presence.UNKNOWN),
        ("additionalProperties: {}, required: [a]", Presence.ALWAYS),
    ],
)
def test_values_are_there_or_not(schema: str, presence: Presence) -> None:
    """What is required or has a default is there; what depends, depends."""
    assert at(schema, "a")[1] is presence


@pytest.mark.parametrize(
    ("schema", "types", "choices"),
    [
        ("type: string", {"string"}, None),
        ("type: number", {"integer", "number"}, None),
        ("type: [string, 'null']", {"string", "null"}, None),
        ("enum: [a, 1]", {"string", "integer"}, ("a", 1)),
        ("enum: [a, 1], type: string", {"string"}, ("a",)),
        ("const: true", {"boolean"}, (True,)),
        ("const: 1.0", {"integer"}, (1.0,)),
        ("enum: [a, b], allOf: [{enum: [b, c]}]", {"string"}, ("b",)),
        ("anyOf: [{const: a}, {const: b}]", {"string"}, ("a", "b")),
        ("anyOf: [{const: a}, {type: integer}]", {"string", "integer"}, None),
        (
            "oneOf: [{type: string}, {type: array}], type: [array, object]",
            {"array"},
            None,
        ),
        ("$ref: '#/$defs/d'", {"string"}, ("x",)),
        ("allOf: [{type: string}, {type: integer}]", set(), None),
    ],
)
def test_what_a_value_may_be(
    schema: str, types: set[str], choices: tuple[object, ...] | None
) -> None:
    """Types and choices are narrowed by all that applies for certain."""
    said = declarations(f"properties: {{a: {{{schema}}}}}, $defs: {{d: {{const: x}}}}")
    domain = said.at(("a",)).domain

    assert (set(domain.types), domain.choices) == (types, choices)


def test_conditional_schemas_count_only_where_that_is_asked() -> None:
    """What a condition adds is possible by itself, and not accepted anyhow."""
    said = declarations(
        "properties: {a: {type: string}}, if: {required: [b]}, then: {properties: "
        "{a: {maxLength: 1}}}"
    )

    assert said.accepts(("a",), "xx")
    assert not said.accepts_anyhow(("a",), "xx")
    assert not said.accepts(("a",), 1)


def test_element_may_be_any_of_those_that_are_listed() -> None:
    """Of an element of unknown index, all that may stand there is said."""
    schema = (
        "properties: {a: {type: array, prefixItems: [{const: 1}], items: {const: x}}}"
    )

    assert at(schema, "a.*")[2] == {"integer", "string"}


def test_properties_are_found_at_any_depth() -> None:
    """Every name is found once, with where it is declared and what it is."""
    found = find_properties(
        declarations(
            "properties: {a: {type: object, properties: {b: {writeOnly: true}}}, c: "
            "{type: array, items: {properties: {d: {deprecated: true}}}}, e: "
            "{$ref: '#/$defs/f'}}, $defs: {f: {properties: {g: {}}}}, if: {required: "
            "[c]}, then: {}"
        )
    )

    assert [".".join(step or "*" for step in each.path) for each in found] == [
        *("a", "a.b", "c", "c.*", "c.*.d", "e", "e.g"),
    ]
    assert [each.path for each in found if each.is_secret] == [("a", "b")]
    assert [each.path for each in found if each.is_deprecated] == [("c", None, "d")]
    assert [each.path for each in found if each.is_condition] == [("c",)]
    assert found[-1].schema == ("$defs", "f", "properties", "g")


def test_schema_of_itself_is_followed_once() -> None:
    """A tree's schema has no end, and the walk has."""
    schema = "properties: {a: {$ref: '#'}, b: {type: array, items: {$ref: '#'}}}"

    assert 2 <= len(find_properties(declarations(schema))) < 20
