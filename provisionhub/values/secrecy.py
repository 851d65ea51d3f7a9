"""Which values are secret: whatever any schema that may apply calls ``writeOnly``.

On the safe side: a branch of ``anyOf`` or ``if`` makes a secret whether or not the
value fits it, so that no value is told apart by being shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from provisionhub.jsontypes import JsonObject, JsonScalar, JsonValue
from provisionhub.values.bounds import Budget
from provisionhub.values.secrets import Secret
from provisionhub.values.subschemas import SchemaPath, Subschemas
from provisionhub.values.wording import pointer

ValuePath: TypeAlias = tuple[str | int, ...]
"""The names and indices that lead from the values to one of them."""


@dataclass(frozen=True, slots=True)
class Secrecy:
    """Where the secrets of some values are.

    Attributes:
        paths: What is secret as a whole: scalars, objects or arrays.
    """

    paths: frozenset[ValuePath]

    def covers(self, path: ValuePath) -> bool:
        """Tell whether the value at *path* is secret, or in one that is."""
        return any(path[:length] in self.paths for length in range(len(path) + 1))

    def secrets(self, values: JsonValue) -> tuple[Secret, ...]:
        """Return every scalar that is secret, in the order of the values."""
        return tuple(
            Secret(pointer(path), value)
            for path, value in _leaves(values)
            if self.covers(path)
        )

    def public(self, values: JsonObject) -> JsonObject:
        """Return *values* without what is secret; items that are secret move up."""
        public = self._public((), values)
        return public if isinstance(public, dict) and () not in self.paths else {}

    def _public(self, path: ValuePath, value: JsonValue) -> JsonValue:
        match value:
            case dict():
                return {
                    name: self._public((*path, name), each)
                    for name, each in value.items()
                    if (*path, name) not in self.paths
                }
            case list():
                return [
                    self._public((*path, index), each)
                    for index, each in enumerate(value)
                    if (*path, index) not in self.paths
                ]
            case _:
                return value


def find_secrecy(
    values: JsonValue,
    subschemas: Subschemas,
    budget: Budget,
    *,
    root: SchemaPath = (),
) -> Secrecy:
    """Return which of *values* are secret, by the subschema at *root*.

    Raises:
        LimitExceededError: If that takes more work than *budget* has left.
    """
    paths: set[ValuePath] = set()
    seen: set[tuple[SchemaPath, ValuePath]] = set()
    pending: list[tuple[SchemaPath, ValuePath, JsonValue]] = [(root, (), values)]
    while pending:
        schema_path, path, value = pending.pop()
        if (schema_path, path) in seen or path in paths:
            continue
        seen.add((schema_path, path))
        budget.spend(subschemas.cost(schema_path, value))
        if subschemas.keywords(schema_path).get("writeOnly") is True:
            paths.add(path)
            continue
        pending += ((each, path, value) for each in subschemas.in_place(schema_path))
        pending += _inside(subschemas, schema_path, path, value)
    return Secrecy(frozenset(paths))


def _inside(
    subschemas: Subschemas, schema_path: SchemaPath, path: ValuePath, value: JsonValue
) -> Iterator[tuple[SchemaPath, ValuePath, JsonValue]]:
    match value:
        case dict():
            for name, each in value.items():
                for subschema in subschemas.for_member(schema_path, name):
                    yield subschema, (*path, name), each
        case list():
            for index, each in enumerate(value):
                for subschema in subschemas.for_item(schema_path, index):
                    yield subschema, (*path, index), each
        case _:
            pass


def _leaves(values: JsonValue) -> Iterator[tuple[ValuePath, JsonScalar]]:
    pending: list[tuple[ValuePath, JsonValue]] = [((), values)]
    while pending:
        path, value = pending.pop()
        match value:
            case dict():
                members = [((*path, name), each) for name, each in value.items()]
                pending += reversed(members)
            case list():
                items = [((*path, index), each) for index, each in enumerate(value)]
                pending += reversed(items)
            case _:
                yield path, value
