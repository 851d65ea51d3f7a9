"""A blueprint that was read in this very process."""

from __future__ import annotations

from dataclasses import dataclass, field

from provisionhub.blueprint.blueprint import Blueprint
from provisionhub.blueprint.examples import Example, read_example
from provisionhub.documents import YamlDocument
from provisionhub.jsontypes import JsonObject
from provisionhub.source import Location
from provisionhub.values import Values, ValueSchema


@dataclass(frozen=True, slots=True)
class LoadedBlueprint(Blueprint):
    """A blueprint whose manifest and schema are at hand.

    Attributes:
        schema: What its values must satisfy.
        document: The manifest as it is written.
    """

    schema: ValueSchema = field(repr=False)
    document: YamlDocument = field(repr=False)

    def locate(self, pointer: str) -> Location:
        """Return where in the manifest the value at JSON *pointer* stands."""
        return self.document.locate(pointer)

    def accept(self, values: JsonObject) -> Values:
        """Return *values* with defaults filled in; raises as ``Blueprint``'s."""
        return self.schema.accept(values)

    def read_example(self, key: str, path: str) -> Example:
        """Return the example at *path*; raises as ``Blueprint``'s."""
        return read_example(key, path, self.files[path].content)
