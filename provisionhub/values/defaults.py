"""Defaults, filled in wherever a schema that applies has one.

They come from ``properties``, through references, ``allOf``, the branch of ``if``
that holds, ``dependentSchemas``, and inside members and items that exist. What
``anyOf`` and ``oneOf`` would fill in depends on what was chosen, so they fill nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Final

from provisionhub.errors import LimitExceededError
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.values.bounds import DEEPEST
from provisionhub.values.equality import canonical
from provisionhub.values.subschemas import REFERENCES, SchemaPath
from provisionhub.values.validator import Checker

_MOST_FILLED: Final = 4 * 1024 * 1024
"""Bound on all that is filled in, in characters of JSON."""

_EACH: Final = 100
"""What a default costs beside its characters: it may bring in others."""


def fill_defaults(value: JsonValue, checker: Checker, path: SchemaPath) -> JsonValue:
    """Return a copy of *value* with the defaults of the schema at *path*.

    Raises:
        LimitExceededError: If the defaults go on for ever, or nearly so.
    """
    copy = deepcopy(value)
    _Filling(checker).fill(copy, path, 1)
    return copy


@dataclass(slots=True)
class _Filling:
    checker: Checker
    left: int = _MOST_FILLED
    seen: set[tuple[SchemaPath, int]] = field(default_factory=set)
    """Schemas and the containers (by identity) that they have been applied to."""

    def fill(self, value: JsonValue, path: SchemaPath, depth: int) -> None:
        """Fill in what is missing from *value*, in place."""
        if not isinstance(value, dict | list) or (path, id(value)) in self.seen:
            return
        if depth > DEEPEST:
            raise _endless(f"{DEEPEST} levels")
        self.seen.add((path, id(value)))
        self.checker.budget.spend(self.checker.subschemas.cost(path, value))
        if isinstance(value, dict):
            self._fill_object(value, path, depth)
        else:
            self._fill_array(value, path, depth)
        for subschema in self._in_place(value, path):
            self.fill(value, subschema, depth)

    def _fill_object(self, value: JsonObject, path: SchemaPath, depth: int) -> None:
        subschemas = self.checker.subschemas
        for member in subschemas.under(path, "properties"):
            if member[-1] not in value:
                value.update(self._default(member[-1], member))
        for name, each in value.items():
            for subschema in subschemas.for_member(path, name):
                self.fill(each, subschema, depth + 1)

    def _fill_array(self, value: list[JsonValue], path: SchemaPath, depth: int) -> None:
        for index, each in enumerate(value):
            for subschema in self.checker.subschemas.for_item(path, index):
                if subschema[-1] != "contains":
                    self.fill(each, subschema, depth + 1)

    def _default(self, name: str, path: SchemaPath) -> JsonObject:
        """Return ``{name: default}``, or nothing if the schema at *path* has none."""
        subschemas = self.checker.subschemas
        keywords = subschemas.keywords(path)
        if "default" in keywords:
            self._charge(keywords["default"])
            return {name: deepcopy(keywords["default"])}
        targets = (subschemas.target(path, keyword) for keyword in REFERENCES)
        for each in (*targets, *subschemas.under(path, "allOf")):
            found = self._default(name, each) if each is not None else {}
            if found:
                return found
        return {}

    def _charge(self, default: JsonValue) -> None:
        self.left -= _EACH + len(canonical(default))
        if self.left < 0:
            raise _endless(f"{_MOST_FILLED} characters")

    def _in_place(
        self, value: JsonObject | list[JsonValue], path: SchemaPath
    ) -> Iterator[SchemaPath]:
        """Yield the subschemas at *path* that apply to *value* itself for certain."""
        subschemas = self.checker.subschemas
        for keyword in REFERENCES:
            target = subschemas.target(path, keyword)
            if target is not None:
                yield target
        yield from subschemas.under(path, "allOf")
        for condition in subschemas.under(path, "if"):
            holds = self.checker.fits(value, path=condition)
            yield from subschemas.under(path, "then" if holds else "else")
        for dependent in subschemas.under(path, "dependentSchemas"):
            if dependent[-1] in value:
                yield dependent


def _endless(allowed: str) -> LimitExceededError:
    return LimitExceededError(
        f"the defaults of the schema fill in more than {allowed}",
        limit="schema defaults",
        allowed=allowed,
        hint="a default that brings in itself never ends",
    )
