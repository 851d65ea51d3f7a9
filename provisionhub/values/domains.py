"""The types and the listed values that a schema leaves open to a value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from typing import Final

from provisionhub.jsontypes import JsonValue
from provisionhub.values.equality import canonical
from provisionhub.values.subschemas import REFERENCES, SchemaPath, Subschemas
from provisionhub.values.vocabulary import TYPES

_ALTERNATIVES: Final = ("anyOf", "oneOf")


@dataclass(frozen=True, slots=True)
class Domain:
    """What a value may be.

    Attributes:
        types: Its JSON types; a number may be an integer too, and both are named.
        choices: The only values that it may have; None if there is no such list.
    """

    types: frozenset[str] = frozenset(TYPES)
    choices: tuple[JsonValue, ...] | None = None

    def __and__(self, other: Domain) -> Domain:
        types = self.types & other.types
        choices = _common(self.choices, other.choices)
        if choices is None:
            return Domain(types)
        fitting = tuple(each for each in choices if type_of(each) in types)
        return Domain(types & frozenset(map(type_of, fitting)), fitting)

    def __or__(self, other: Domain) -> Domain:
        types = self.types | other.types
        if self.choices is None or other.choices is None:
            return Domain(types)
        return Domain(types, _distinct((*self.choices, *other.choices)))


_NOTHING: Final = Domain(frozenset(), ())


@dataclass(frozen=True, slots=True)
class Domains:
    """Finds what is left of a value by the subschemas that apply to it.

    Attributes:
        subschemas: The schema, checked: no reference leads back to itself in place.
    """

    subschemas: Subschemas
    _known: dict[SchemaPath, Domain] = field(default_factory=dict, repr=False)

    def at(self, paths: Iterable[SchemaPath]) -> Domain:
        """Return what a value may be to which all of *paths* apply."""
        return reduce(Domain.__and__, map(self._at, paths), Domain())

    def of_any(self, paths: Iterable[SchemaPath]) -> Domain:
        """Return what a value may be to which one of *paths* applies, if any is."""
        found = [self._at(path) for path in paths]
        return reduce(Domain.__or__, found) if found else Domain()

    def _at(self, path: SchemaPath) -> Domain:
        if path not in self._known:
            self._known[path] = self._find(path)
        return self._known[path]

    def _find(self, path: SchemaPath) -> Domain:
        if self.subschemas.by_path[path] is False:
            return _NOTHING
        targets = (self.subschemas.target(path, keyword) for keyword in REFERENCES)
        beside = [each for each in targets if each is not None]
        found = self._own(path) & self.at(beside + self.subschemas.under(path, "allOf"))
        for keyword in _ALTERNATIVES:
            forms = [self._at(form) for form in self.subschemas.under(path, keyword)]
            if forms:
                found &= reduce(Domain.__or__, forms)
        return found

    def _own(self, path: SchemaPath) -> Domain:
        keywords = self.subschemas.keywords(path)
        domain = Domain()
        if "type" in keywords:
            domain &= Domain(_types(keywords["type"]))
        if "const" in keywords:
            domain &= _listed([keywords["const"]])
        choices = keywords.get("enum")
        if isinstance(choices, list):
            domain &= _listed(choices)
        return domain


def type_of(value: JsonValue) -> str:
    """Return the name of the JSON type of *value*; ``1.0`` is an integer."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "integer" if value == int(value) else "number"
        case str():
            return "string"
        case list():
            return "array"
        case dict():
            return "object"


def _types(said: JsonValue) -> frozenset[str]:
    names = {str(name) for name in (said if isinstance(said, list) else [said])}
    return frozenset(names | {"integer"} if "number" in names else names)


def _listed(values: list[JsonValue]) -> Domain:
    return Domain(frozenset(map(type_of, values)), _distinct(values))


def _distinct(values: Iterable[JsonValue]) -> tuple[JsonValue, ...]:
    return tuple({canonical(each): each for each in values}.values())


def _common(
    first: tuple[JsonValue, ...] | None, second: tuple[JsonValue, ...] | None
) -> tuple[JsonValue, ...] | None:
    if first is None or second is None:
        return second if first is None else first
    others = set(map(canonical, second))
    return tuple(each for each in first if canonical(each) in others)
