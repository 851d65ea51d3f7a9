"""A schema as the set of its subschemas, and which of them apply to what.

Found once, when a blueprint is read; defaults, secrets and checks then walk
schema and values side by side without parsing a keyword again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from urllib.parse import unquote

from provisionhub.jsontypes import JsonObject, JsonValue, json_pointer
from provisionhub.values.error import SchemaError
from provisionhub.values.patterns import matches
from provisionhub.values.vocabulary import KEYWORDS, Shape

SchemaPath: TypeAlias = tuple[str, ...]
"""The keys and indices (as text) that lead from the root to a subschema."""

Schema: TypeAlias = JsonObject | bool

REFERENCES: Final = ("$ref", "$dynamicRef")
_IN_PLACE: Final = ("not", "if", "then", "else", "allOf", "anyOf", "oneOf")


@dataclass(frozen=True, slots=True)
class Subschemas:
    """Every subschema of a schema that has been checked.

    Attributes:
        by_path: Each of them, the root first, in the order of the document.
        anchors: Those that have a name of their own, by it.
    """

    by_path: dict[SchemaPath, Schema]
    anchors: dict[str, SchemaPath] = field(default_factory=dict)

    def keywords(self, path: SchemaPath) -> JsonObject:
        """Return the subschema at *path*; true and false have no keywords."""
        schema = self.by_path[path]
        return schema if isinstance(schema, dict) else {}

    def resolve(self, reference: str) -> SchemaPath | None:
        """Return where a local reference leads to: ``#``, ``#/…`` or ``#anchor``."""
        if not reference.startswith("#"):
            return None
        fragment = unquote(reference[1:])
        if fragment and not fragment.startswith("/"):
            return self.anchors.get(fragment)
        path = tuple(
            part.replace("~1", "/").replace("~0", "~")
            for part in fragment.split("/")[1:]
        )
        return path if path in self.by_path else None

    def target(self, path: SchemaPath, keyword: str) -> SchemaPath | None:
        """Return where the reference *keyword* at *path* leads to, if it is there."""
        reference = self.keywords(path).get(keyword)
        return self.resolve(reference) if isinstance(reference, str) else None

    def in_place(self, path: SchemaPath) -> Iterator[SchemaPath]:
        """Yield the subschemas that may apply to the very value that *path* does."""
        for keyword in REFERENCES:
            target = self.target(path, keyword)
            if target is not None:
                yield target
        for keyword in _IN_PLACE:
            yield from self.under(path, keyword)
        yield from self.under(path, "dependentSchemas")

    def under(self, path: SchemaPath, keyword: str) -> list[SchemaPath]:
        """Return the subschemas that *keyword* at *path* holds."""
        value = self.keywords(path).get(keyword)
        match KEYWORDS[keyword], value:
            case Shape.SCHEMA, dict() | bool():
                return [(*path, keyword)]
            case Shape.SCHEMA_LIST, list():
                return [(*path, keyword, str(index)) for index in range(len(value))]
            case Shape.SCHEMA_MAP, dict():
                return [(*path, keyword, name) for name in value]
            case _:
                return []

    def cost(self, path: SchemaPath, value: JsonValue) -> int:
        """Return how many steps it takes to find what *path* applies inside *value*."""
        patterns = _object(self.keywords(path), "patternProperties")
        members = len(value) if isinstance(value, dict | list) else 0
        return 1 + members // 10 + members * len(patterns)

    def for_member(self, path: SchemaPath, name: str) -> Iterator[SchemaPath]:
        """Yield the subschemas that *path* applies to an object's member *name*."""
        schema = self.keywords(path)
        found = False
        if name in _object(schema, "properties"):
            found = True
            yield (*path, "properties", name)
        for pattern in _object(schema, "patternProperties"):
            if matches(pattern, name):
                found = True
                yield (*path, "patternProperties", pattern)
        if not found:
            yield from self.under(path, "additionalProperties")
            yield from self.under(path, "unevaluatedProperties")

    def for_item(self, path: SchemaPath, index: int) -> Iterator[SchemaPath]:
        """Yield the subschemas that *path* may apply to an array's item *index*."""
        prefix = self.under(path, "prefixItems")
        if index < len(prefix):
            yield prefix[index]
        else:
            yield from self.under(path, "items")
            yield from self.under(path, "unevaluatedItems")
        yield from self.under(path, "contains")


def find_subschemas(root: Schema) -> Iterator[tuple[SchemaPath, Schema]]:
    """Yield *root* and all schemas in it, each with its path, in document order.

    What is yielded must be checked before the next is asked for: only then may its
    keywords be trusted.

    Raises:
        SchemaError: If a schema is neither an object nor true nor false.
    """
    pending: list[tuple[SchemaPath, JsonValue]] = [((), root)]
    while pending:
        path, schema = pending.pop()
        if not isinstance(schema, dict | bool):
            message = f"must be {Shape.SCHEMA.value}"
            raise SchemaError(message, json_pointer(path))
        yield path, schema
        if isinstance(schema, dict):
            pending += reversed(list(_children(path, schema)))


def _children(
    path: SchemaPath, schema: JsonObject
) -> Iterator[tuple[SchemaPath, JsonValue]]:
    for keyword, value in schema.items():
        match KEYWORDS.get(keyword), value:
            case Shape.SCHEMA, _:
                yield (*path, keyword), value
            case Shape.SCHEMA_LIST, list():
                for index, each in enumerate(value):
                    yield (*path, keyword, str(index)), each
            case Shape.SCHEMA_MAP, dict():
                for name, each in value.items():
                    yield (*path, keyword, name), each
            case _:
                pass


def _object(schema: JsonObject, keyword: str) -> JsonObject:
    value = schema.get(keyword)
    return value if isinstance(value, dict) else {}
