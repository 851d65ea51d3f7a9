"""Values whose secrets are not at hand."""

from __future__ import annotations

import pytest

from provisionhub.jsontypes import JsonObject
from provisionhub.values import ValueSchema, with_stand_ins

SECRET: JsonObject = {"type": "string", "writeOnly": True}


@pytest.mark.parametrize(
    ("schema", "values"),
    [
        pytest.param(
            {"properties": {"token": SECRET}}, {"token": "x", "port": 1}, id="member"
        ),
        pytest.param(
            {"properties": {"auth": {"properties": {"a/b": SECRET}}}},
            {"auth": {"a/b": "x", "user": "u"}},
            id="inner member with a slash",
        ),
        pytest.param(
            {"properties": {"auth": {"type": "object", "writeOnly": True}}},
            {"auth": {"user": "x", "password": "x"}},
            id="whole object",
        ),
        pytest.param(
            {"properties": {"keys": {"type": "array", "items": SECRET}}},
            {"keys": ["x", "x"]},
            id="all items",
        ),
        pytest.param(
            {"properties": {"keys": {"prefixItems": [{}, SECRET, {}, SECRET]}}},
            {"keys": ["a", "x", "c", "x"]},
            id="some items",
        ),
        pytest.param(
            {"properties": {"users": {"items": {"properties": {"password": SECRET}}}}},
            {"users": [{"name": "a", "password": "x"}, {"password": "x"}]},
            id="members of items",
        ),
        pytest.param(
            {"properties": {"keys": {"type": "array", "writeOnly": True}}},
            {"keys": [{"a": "x"}, ["x"]]},
            id="whole array",
        ),
    ],
)
def test_stand_ins_take_the_secrets_places(
    schema: JsonObject, values: JsonObject
) -> None:
    """What is public, with stand-ins where secrets were, has the values' shape."""
    accepted = ValueSchema(schema).accept(values)
    pointers = [secret.pointer for secret in accepted.secrets]

    filled = with_stand_ins(accepted.public, pointers, "x")

    assert filled.data == values
    assert [secret.pointer for secret in filled.secrets] == pointers
    assert filled.public == accepted.public
