"""Which subschemas apply to a place: for certain, or in some branch or other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from provisionhub.values.secrecy import ValuePath
from provisionhub.values.subschemas import REFERENCES, SchemaPath, Subschemas

Paths: TypeAlias = tuple[SchemaPath, ...]
"""Subschemas that apply to one value together, each once."""

BRANCHES: Final = ("anyOf", "oneOf")
_Follow: TypeAlias = Callable[[SchemaPath], Iterable[SchemaPath]]


class Applying:
    """Finds the subschemas that apply to the places of values.

    Args:
        subschemas: The schema.
    """

    def __init__(self, subschemas: Subschemas) -> None:
        self.subschemas = subschemas
        self._possible: dict[ValuePath, Paths] = {}
        self._certain: dict[ValuePath, Paths] = {}

    def certain(self, paths: Iterable[SchemaPath]) -> Paths:
        """Return *paths* and all that they bring in whatever the value is."""
        return _closure(paths, self._follow_certain)

    def chosen(self, paths: Paths) -> Paths:
        """Return what ``certain`` does, and one form wherever there are forms.

        That is the first, unless there is one among *paths*.
        """
        given = set(paths)
        return _closure(paths, lambda path: self._follow_one(path, given))

    def possible(self, paths: Iterable[SchemaPath]) -> Paths:
        """Return *paths* and all that they may bring in, but for ``not``."""
        return _closure(paths, self._follow_possible)

    def certain_at(self, place: ValuePath) -> Paths:
        """Return what applies at *place* whatever the values are."""
        if place not in self._certain:
            above = self.certain_at(place[:-1]) if place else ()
            inside = self.inside(above, place[-1]) if place else ((),)
            self._certain[place] = self.certain(inside)
        return self._certain[place]

    def possible_at(self, place: ValuePath) -> Paths:
        """Return what may apply at *place*."""
        if place not in self._possible:
            above = self.possible_at(place[:-1]) if place else ()
            inside = self.inside(above, place[-1]) if place else ((),)
            self._possible[place] = self.possible(inside)
        return self._possible[place]

    def inside(self, paths: Iterable[SchemaPath], part: str | int) -> Paths:
        """Return what *paths* apply to the member or item *part* of their value."""
        if isinstance(part, str):
            found = [
                inner
                for path in paths
                for inner in self.subschemas.for_member(path, part)
            ]
        else:
            found = [
                inner
                for path in paths
                for inner in self.subschemas.for_item(path, part)
                if inner[-1] != "contains"
            ]
        return tuple(dict.fromkeys(found))

    def is_secret(self, place: ValuePath) -> bool:
        """Tell whether what stands at *place* may be a secret, or inside one."""
        return any(
            self._is_write_only(path)
            for length in range(len(place) + 1)
            for path in self.possible_at(place[:length])
        )

    def is_marked(self, path: SchemaPath) -> bool:
        """Tell whether the subschema at *path* is of a secret, or inside one's."""
        above = (path[:length] for length in range(len(path) + 1))
        return any(self._is_write_only(each) for each in above)

    def _is_write_only(self, path: SchemaPath) -> bool:
        schema = self.subschemas.by_path.get(path)
        return isinstance(schema, dict) and schema.get("writeOnly") is True

    def _follow_certain(self, path: SchemaPath) -> Iterator[SchemaPath]:
        for keyword in REFERENCES:
            target = self.subschemas.target(path, keyword)
            if target is not None:
                yield target
        yield from self.subschemas.under(path, "allOf")

    def _follow_one(
        self, path: SchemaPath, given: set[SchemaPath]
    ) -> Iterator[SchemaPath]:
        yield from self._follow_certain(path)
        for keyword in BRANCHES:
            forms = self.subschemas.under(path, keyword)
            yield from forms[:1] if given.isdisjoint(forms) else ()

    def _follow_possible(self, path: SchemaPath) -> Iterator[SchemaPath]:
        for inner in self.subschemas.in_place(path):
            if inner != (*path, "not"):
                yield inner


def _closure(paths: Iterable[SchemaPath], follow: _Follow) -> Paths:
    found: dict[SchemaPath, None] = {}
    pending = list(paths)[::-1]
    while pending:
        path = pending.pop()
        if path not in found:
            found[path] = None
            pending += reversed(list(follow(path)))
    return tuple(found)
