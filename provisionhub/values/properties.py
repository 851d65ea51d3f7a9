"""Everything that a schema names in the values, at any depth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from provisionhub.values.declarations import Applying, Declarations, Step
from provisionhub.values.subschemas import SchemaPath, Subschemas

_DEEPEST: Final = 12
_MOST: Final = 5_000
_HOLDERS: Final = ("items", "prefixItems", "additionalProperties", "patternProperties")


@dataclass(frozen=True, slots=True)
class Property:
    """A value that the schema names, or an element of one.

    Attributes:
        path: Where it stands in the values.
        schema: The subschema that declares it, which references may share.
        is_named: Whether it has a name of its own, as elements have not.
        is_secret: Whether any subschema calls it ``writeOnly``.
        is_deprecated: Whether any calls it ``deprecated``.
        is_condition: Whether the schema itself asks about a member of its name.
    """

    path: tuple[Step, ...]
    schema: SchemaPath
    is_named: bool
    is_secret: bool
    is_deprecated: bool
    is_condition: bool


def find_properties(declarations: Declarations) -> tuple[Property, ...]:
    """Return every property that the schema names, outer ones before inner ones.

    A schema that refers to itself is followed once; at most 5000 are returned.
    """
    return tuple(_Walk(declarations).below((), ()))[:_MOST]


class _Walk:
    def __init__(self, declarations: Declarations) -> None:
        self._declarations = declarations
        self._asked = frozenset(_asked(declarations.subschemas))
        self._left = _MOST

    def below(
        self, path: tuple[Step, ...], above: tuple[frozenset[SchemaPath], ...]
    ) -> Iterator[Property]:
        applying = self._declarations.at(path).applying
        every = applying.certain | applying.maybe
        if len(path) >= _DEEPEST or not every or every in above or self._left <= 0:
            return
        for step in self._steps(path, applying):
            inner = (*path, step)
            declared = self._declarations.at(inner)
            if declared.is_possible:
                self._left -= 1
                yield self._property(inner, applying)
                yield from self.below(inner, (*above, every))

    def _steps(self, path: tuple[Step, ...], applying: Applying) -> Iterator[Step]:
        """Yield the names in the value at *path*; None for what has no names."""
        names = self._declarations.names(path)
        yield from names
        subschemas = self._declarations.subschemas
        every = applying.certain | applying.maybe
        inner = (
            p for each in every for h in _HOLDERS for p in subschemas.under(each, h)
        )
        if not names and any(subschemas.by_path[each] is not False for each in inner):
            yield None

    def _property(self, path: tuple[Step, ...], above: Applying) -> Property:
        said = self._declarations.keyword
        name = path[-1]
        return Property(
            path,
            self._declaring(above, name) if name is not None else (),
            is_named=name is not None,
            is_secret=True in said(path, "writeOnly"),
            is_deprecated=True in said(path, "deprecated"),
            is_condition=name in self._asked,
        )

    def _declaring(self, above: Applying, name: str) -> SchemaPath:
        """Return the subschema that declares *name*: one that holds for certain."""
        subschemas = self._declarations.subschemas
        for group in (above.certain, above.maybe):
            found = [
                (*each, "properties", name)
                for each in group
                if (*each, "properties", name) in subschemas.by_path
            ]
            if found:
                return min(found, key=lambda path: (len(path), path))
        return ()


def _asked(subschemas: Subschemas) -> Iterator[str]:
    """Yield the names on which the schema makes something depend."""
    for path in subschemas.by_path:
        keywords = subschemas.keywords(path)
        for keyword in ("dependentRequired", "dependentSchemas"):
            dependent = keywords.get(keyword)
            yield from dependent if isinstance(dependent, dict) else ()
        if "if" in path:
            yield from (part[-1] for part in subschemas.under(path, "properties"))
            required = keywords.get("required")
            names = required if isinstance(required, list) else []
            yield from map(str, names)
