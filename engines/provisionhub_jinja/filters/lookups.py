"""How filters reach into values: as templates do, through the environment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from provisionhub.errors import TemplateRuntimeError
from provisionhub_jinja.kinds import Value, describe
from provisionhub_jinja.limits import spend_steps
from provisionhub_jinja.runtime import count_turns
from provisionhub_jinja.undefined import Missing

Environment: TypeAlias = Any
"""The `TemplateEnvironment`, which imports this package."""


def as_list(value: Value) -> list[Value]:
    """Return the items of *value*: of a mapping its keys, of text its characters."""
    return list(count_turns(value))


def as_mapping(value: Value) -> dict[Value, Value]:
    """Return *value* if it is a mapping.

    Raises:
        TemplateRuntimeError: If it is something else.
    """
    if isinstance(value, Missing):
        str(value)
        return {}
    if not isinstance(value, dict):
        raise TemplateRuntimeError(f"{describe(value)} is not a mapping")
    spend_steps(len(value))
    return value


def look_up(environment: Environment, item: Value, path: Value) -> Value:
    """Return what *path* (``name``, ``a.b.0`` or an index) leads to in *item*."""
    parts = path.split(".") if isinstance(path, str) else [path]
    for part in parts:
        is_index = isinstance(part, str) and part.isdecimal()
        item = environment.getitem(item, int(part) if is_index else part)
    return item


def key_of(
    environment: Environment, path: Value, *, case_sensitive: bool
) -> Callable[[Value], Value]:
    """Return what orders items: themselves or what *path* leads to in each."""

    def key(item: Value) -> Value:
        value = item if path is None else look_up(environment, item, path)
        return value.lower() if isinstance(value, str) and not case_sensitive else value

    return key
