"""What holds of the cases of any schema at all."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from provisionhub.errors import InvalidValuesError
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.matrix import derive_cases
from provisionhub.values import ValueSchema
from support.schemas import SCHEMAS, VALUES


@settings(max_examples=80, deadline=None)
@given(SCHEMAS, SCHEMAS, st.lists(VALUES, max_size=2))
def test_every_case_is_accepted(
    schema: JsonValue, definition: JsonValue, examples: list[JsonValue]
) -> None:
    """Cases are accepted by the schema, each differs, and they are always the same."""
    whole: JsonObject = {"$defs": {"d": definition}, "properties": {"v": schema}}
    try:
        accepting = ValueSchema(whole)
    except ValueError:
        return  # a definition that leads to itself
    given_values: list[JsonObject] = [{"v": each} for each in examples]

    matrix = derive_cases(accepting, given_values)

    for case in matrix.cases:
        accepting.accept(case.values)
    assert len({case.name for case in matrix.cases}) == len(matrix.cases)
    assert derive_cases(ValueSchema(whole), given_values) == matrix


@settings(max_examples=40, deadline=None)
@given(SCHEMAS, st.lists(VALUES, min_size=1, max_size=4))
def test_every_choice_that_can_be_is_covered(
    other: JsonValue, choices: list[JsonValue]
) -> None:
    """A value of an ``enum`` that the schema accepts is in a case; so are booleans."""
    whole: JsonObject = {
        "properties": {"v": {"enum": choices, "anyOf": [other, {"type": "boolean"}]}}
    }
    try:
        schema = ValueSchema(whole | {"$defs": {"d": {}}})
    except ValueError:
        return
    accepted = [each for each in choices if _accepts(schema, {"v": each})]

    cases = derive_cases(schema, []).cases

    covered = [case.values["v"] for case in cases if "v" in case.values]
    assert {_text(each) for each in covered} == {_text(each) for each in accepted}


def _text(value: JsonValue) -> str:
    """Return the same text for numbers that are equal, and for true another one."""
    if isinstance(value, list):
        return repr([_text(each) for each in value])
    if isinstance(value, dict):
        return repr({name: _text(each) for name, each in sorted(value.items())})
    return repr(float(value)) if type(value) in {int, float} else repr(value)  # type: ignore[arg-type] # a number


def _accepts(schema: ValueSchema, values: JsonObject) -> bool:
    try:
        schema.accept(values)
    except InvalidValuesError:
        return False
    return True
