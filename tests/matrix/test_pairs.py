"""Pairs: every two choices that the schema allows together are in one case."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from provisionhub.errors import InvalidValuesError
from provisionhub.jsontypes import JsonObject
from provisionhub.matrix import derive_cases
from provisionhub.values import ValueSchema

CHOICES: dict[str, list[Any]] = {
    "database": ["none", "postgres", "mysql"],
    "license": ["MIT", "Apache-2.0", "none"],
    "ci": ["gitlab", "github"],
    "tls": [True, False],
    "metrics": [True, False],
}
RULES: list[dict[str, Any]] = [
    {
        "if": {"properties": {"database": {"const": "none"}}},
        "then": {"properties": {"tls": {"const": False}}},
    },
    {"not": {"properties": {"ci": {"const": "github"}, "metrics": {"const": True}}}},
    {"properties": {"license": {"enum": ["MIT", "none"]}}},
    {
        "oneOf": [
            {"properties": {"tls": {"const": True}}},
            {"properties": {"tls": {"const": False}, "ci": {"const": "gitlab"}}},
        ]
    },
]


def schema_with(rules: list[dict[str, Any]]) -> JsonObject:
    """Return a schema of all choices that also asks for *rules*."""
    properties: JsonObject = {name: {"enum": each} for name, each in CHOICES.items()}
    return {
        "required": list(CHOICES),
        "additionalProperties": False,
        "properties": properties,
        "allOf": [{}, *rules],
    }


def pairs_of(values: JsonObject) -> set[tuple[Any, ...]]:
    """Return every two settings of *values*."""
    settings = [(name, repr(values[name])) for name in CHOICES]
    return set(combinations(settings, 2))


@settings(max_examples=10, deadline=None)
@given(st.lists(st.sampled_from(RULES), unique_by=repr))
def test_every_allowed_pair_is_in_a_case(rules: list[dict[str, Any]]) -> None:
    """Pairs are complete: whatever two choices the schema allows, a case has both."""
    schema = ValueSchema(schema_with(rules))
    allowed: set[tuple[Any, ...]] = set()
    for chosen in product(*CHOICES.values()):
        values: JsonObject = dict(zip(CHOICES, chosen, strict=True))
        if _accepts(schema, values):
            allowed |= pairs_of(values)

    cases = derive_cases(schema, []).cases

    covered = set().union(*(pairs_of(case.values) for case in cases))
    assert covered == allowed


def test_pairs_take_few_cases() -> None:
    """All pairs of many choices are in far fewer cases than there are combinations."""
    schema = ValueSchema(
        {
            "required": [f"p{number}" for number in range(10)],
            "properties": {f"p{n}": {"enum": [1, 2, 3]} for n in range(10)},
        }
    )

    cases = derive_cases(schema, []).cases

    # 20 of them vary one choice alone; 3 to the power of 10 is 59049.
    assert len(cases) < 50


def test_presence_is_a_choice() -> None:
    """An optional member is there, and left out, together with every other choice."""
    schema = ValueSchema(
        {
            "properties": {
                "ingress": {"type": "object", "properties": {"tls": {"const": 1}}},
                "metrics": {"type": "boolean"},
            }
        }
    )

    cases = derive_cases(schema, []).cases

    seen = {("ingress" in case.values, case.values.get("metrics")) for case in cases}
    assert {(True, True), (True, False), (False, True), (False, False)} <= seen


def _accepts(schema: ValueSchema, values: JsonObject) -> bool:
    try:
        schema.accept(values)
    except InvalidValuesError:
        return False
    return True
