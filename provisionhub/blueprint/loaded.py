"""A blueprint that was read in this very process."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

from provisionhub.blueprint.blueprint import Blueprint
from provisionhub.blueprint.examples import Example, read_example
from provisionhub.documents import YamlDocument
from provisionhub.errors import InvalidBlueprintError
from provisionhub.jsontypes import JsonObject
from provisionhub.matrix import MOST_CASES, Matrix, derive_cases
from provisionhub.source import Location
from provisionhub.values import Values, ValueSchema


@dataclass(frozen=True, slots=True)
class LoadedBlueprint(Blueprint):
    """A blueprint whose manifest and schema are at hand.

    Attributes:
        schema: What its values must satisfy.
        document: The manifest as it is written.
        schema_document: The document that the schema stands in: the manifest, or a
            file beside it.
    """

    schema: ValueSchema = field(repr=False)
    document: YamlDocument = field(repr=False)
    schema_document: YamlDocument = field(repr=False)

    @property
    def written_schema(self) -> JsonObject:
        """The schema as it is written."""
        schema = self.manifest.schema
        if isinstance(schema, str):
            return cast("JsonObject", self.schema_document.value)
        return schema

    def locate_in_schema(self, pointer: str) -> Location:
        """Return where the name of the subschema at JSON *pointer* stands."""
        above = "" if isinstance(self.manifest.schema, str) else "/schema"
        return self.schema_document.locate(above + pointer, key=True)

    def locate(self, pointer: str) -> Location:
        """Return where in the manifest the value at JSON *pointer* stands."""
        return self.document.locate(pointer)

    def accept(self, values: JsonObject) -> Values:
        """Return *values* with defaults filled in; raises as ``Blueprint``'s."""
        return self.schema.accept(values)

    def read_example(self, key: str, path: str) -> Example:
        """Return the example at *path*; raises as ``Blueprint``'s."""
        return read_example(key, path, self.files[path].content)

    def derive_cases(self, *, most: int = MOST_CASES, odd_texts: bool = True) -> Matrix:
        """Return cases derived from the schema; an example that is broken is none."""
        examples = []
        for key in self.example_names:
            with suppress(InvalidBlueprintError):
                examples.append(self.example(key).values)
        return derive_cases(self.schema, examples, most=most, odd_texts=odd_texts)
