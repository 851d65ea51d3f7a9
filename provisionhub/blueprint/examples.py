"""Examples: named inputs, each a preview and a snapshot case."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Final

from provisionhub.blueprint.files import EXAMPLES
from provisionhub.blueprint.manifest import hold_to, read_document
from provisionhub.jsontypes import JsonObject
from provisionhub.values import ValueSchema

EXAMPLE_SUFFIXES: Final = (".yaml", ".yml", ".json")

EXAMPLE_SCHEMA: Final[JsonObject] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "name": {
            "description": "The name of the repository that is pretended.",
            "type": "string",
            "minLength": 1,
            "default": "example",
        },
        "namespace": {
            "description": "The group that it is pretended in.",
            "type": "string",
            "minLength": 1,
            "default": "examples",
        },
        "values": {
            "description": "What the blueprint's own schema asks for.",
            "type": "object",
            "default": {},
        },
    },
}
"""What an example, or a file of values, may say."""


@dataclass(frozen=True, slots=True)
class Example:
    """Named inputs: each is a preview and a snapshot case.

    Attributes:
        key: The example's own name, its file's without the suffix.
        name: Name of the repository it pretends to make.
        namespace: The group it pretends to make it in.
        values: What the schema is applied to.
    """

    key: str
    name: str
    namespace: str
    values: JsonObject = field(repr=False)


def read_example(key: str, path: str, content: bytes) -> Example:
    """Return the example (or values file) in *content*.

    Raises:
        InvalidBlueprintError: With the place, if it is not written as one.
    """
    said = hold_to(_example_schema(), read_document(content, file=path))
    return Example(key, said["name"], said["namespace"], said["values"])


def is_example(path: str) -> bool:
    """Return whether the file at *path* of a blueprint is an example."""
    name = path.removeprefix(EXAMPLES)
    return (
        path.startswith(EXAMPLES)
        and "/" not in name
        and name.endswith(EXAMPLE_SUFFIXES)
    )


def example_key(path: str) -> str:
    """Return the name of the example at *path*: its file's without the suffix."""
    return path.removeprefix(EXAMPLES).rpartition(".")[0]


@cache
def _example_schema() -> ValueSchema:
    return ValueSchema(EXAMPLE_SCHEMA)
