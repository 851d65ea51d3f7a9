"""Our keywords, compared with jsonschema's own on schemas of every kind."""

from __future__ import annotations

from hypothesis import given, settings
from jsonschema import Draft202012Validator

from provisionhub.errors import InvalidValuesError
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.values import ValueSchema
from support.schemas import SCHEMAS, VALUES


@settings(max_examples=500, deadline=None)
@given(SCHEMAS, SCHEMAS, VALUES)
def test_agrees_with_jsonschema(
    schema: JsonValue, definition: JsonValue, value: JsonValue
) -> None:
    """A value is accepted exactly if jsonschema finds it valid."""
    whole: JsonObject = {"$defs": {"d": definition}, "properties": {"v": schema}}
    values: JsonObject = {"v": value}
    try:
        accepting = ValueSchema(whole)
    except ValueError:
        # A definition that leads to itself: jsonschema would recurse for ever.
        return

    expected = Draft202012Validator(whole).is_valid(values)

    try:
        accepting.accept(values)
    except InvalidValuesError as error:
        assert not expected
        assert error.violations  # noqa: PT017 - and says why
    else:
        assert expected
