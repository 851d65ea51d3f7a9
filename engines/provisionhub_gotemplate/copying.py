"""Copies of data, for templates that change what they are given."""

from __future__ import annotations

from provisionhub_gotemplate.values import Map, Slice


def copied(value: object) -> object:
    """Return *value* with every list and map in it copied."""
    if type(value) is dict:
        return {key: copied(item) for key, item in value.items()}
    if type(value) is list:
        return [copied(item) for item in value]
    if isinstance(value, Map):
        return Map(value.elem, {key: copied(item) for key, item in value.items()})
    if isinstance(value, Slice):
        return Slice(value.elem, [copied(item) for item in value])
    return value
