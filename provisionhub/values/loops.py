"""References that would apply a schema to one value for ever, or nearly so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from provisionhub.jsontypes import json_pointer
from provisionhub.values.error import SchemaError
from provisionhub.values.subschemas import SchemaPath, Subschemas

_LONGEST: Final = 64


def check_loops(subschemas: Subschemas) -> None:
    """Refuse schemas that lead back to themselves without going into the value.

    Raises:
        SchemaError: If one does, or if a chain of schemas that apply to one value
            has more than 64 links.
    """
    chains = _Chains(subschemas)
    for path in subschemas.by_path:
        chains.measure(path)


@dataclass(slots=True)
class _Chains:
    subschemas: Subschemas
    lengths: dict[SchemaPath, int] = field(default_factory=dict)
    way: set[SchemaPath] = field(default_factory=set)
    """The schemas that led to the one at hand: at most 64, so recursion is safe."""

    def measure(self, path: SchemaPath) -> int:
        """Return how many schemas stand on the longest chain from *path* on."""
        if path in self.way:
            message = "this schema leads back to itself without going into the value"
            raise SchemaError(message, json_pointer(path))
        if path not in self.lengths:
            self._follow(path)
        if self.lengths[path] > _LONGEST:
            raise _too_long(path)
        return self.lengths[path]

    def _follow(self, path: SchemaPath) -> None:
        if len(self.way) == _LONGEST:
            raise _too_long(path)
        self.way.add(path)
        following = [self.measure(each) for each in self.subschemas.in_place(path)]
        self.way.remove(path)
        self.lengths[path] = 1 + max(following, default=0)


def _too_long(path: SchemaPath) -> SchemaError:
    message = f"more than {_LONGEST} schemas apply to one value, one through another"
    return SchemaError(message, json_pointer(path))
