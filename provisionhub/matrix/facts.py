"""What several subschemas that apply to one value ask of it together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, TypeAlias, cast

from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.values.equality import canonical
from provisionhub.values.vocabulary import TYPES

Number: TypeAlias = int | float

_TELLING: Final = {
    "object": ("properties", "required", "additionalProperties", "patternProperties"),
    "array": ("items", "prefixItems", "minItems", "maxItems", "uniqueItems"),
    "string": ("pattern", "minLength", "maxLength", "format"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
}
"""Keywords by which a type is meant where none is named."""


@dataclass(slots=True)
class Facts:
    """What subschemas ask of a value together.

    Attributes:
        types: The types that it may have; none is named if empty.
        choices: The values of ``enum`` and ``const``; None if it may be any.
        patterns: What texts match.
        formats: The formats of texts.
        least: The bounds from below by keyword, of numbers and sizes.
        most: The bounds from above.
        divisors: What numbers are multiples of.
        suggested: What ``examples`` lists.
        defaults: Each ``default``.
        is_unique: Whether an array's items differ.
        is_secret: Whether it is marked as a secret.
    """

    types: list[str] = field(default_factory=list)
    choices: list[JsonValue] | None = None
    patterns: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    least: dict[str, Number] = field(default_factory=dict)
    most: dict[str, Number] = field(default_factory=dict)
    divisors: list[Fraction] = field(default_factory=list)
    suggested: list[JsonValue] = field(default_factory=list)
    defaults: list[JsonValue] = field(default_factory=list)
    is_unique: bool = False
    is_secret: bool = False

    @classmethod
    def of(cls, schemas: Iterable[JsonObject]) -> Facts:
        """Return what *schemas* ask together."""
        facts = cls()
        meant: list[str] = []
        for schema in schemas:
            facts._add(schema)
            meant += (
                name
                for name, keywords in _TELLING.items()
                if any(keyword in schema for keyword in keywords)
            )
        if not facts.types and facts.choices is None:
            facts.types = list(dict.fromkeys(meant))
        return facts

    def size(self, noun: str) -> tuple[int, int | None]:
        """Return the bounds of a size: ``Length``, ``Items`` or ``Properties``."""
        most = self.most.get(f"max{noun}")
        return int(self.least.get(f"min{noun}", 0)), None if most is None else int(most)

    def _add(self, schema: JsonObject) -> None:
        self._add_types(schema)
        self._add_choices(schema)
        self._add_bounds(schema)
        for keyword, found in (("pattern", self.patterns), ("format", self.formats)):
            if keyword in schema:
                found.append(str(schema[keyword]))
        self.suggested += cast("list[JsonValue]", schema.get("examples", []))
        if "default" in schema:
            self.defaults.append(schema["default"])
        self.is_unique = self.is_unique or schema.get("uniqueItems") is True

    def _add_types(self, schema: JsonObject) -> None:
        asked = schema.get("type")
        if asked is None:
            return
        names = [str(each) for each in (asked if isinstance(asked, list) else [asked])]
        both = names if not self.types else _common_types(self.types, names)
        # Types that exclude one another: whatever is tried, nothing is accepted.
        self.types = both or names

    def _add_choices(self, schema: JsonObject) -> None:
        for keyword in ("enum", "const"):
            if keyword not in schema:
                continue
            value = schema[keyword]
            choices = value if keyword == "enum" else [value]
            named = cast("list[JsonValue]", choices)
            if self.choices is not None:
                known = set(map(canonical, self.choices))
                named = [each for each in named if canonical(each) in known]
            self.choices = named

    def _add_bounds(self, schema: JsonObject) -> None:
        for keyword in (each for each in _LEAST if each in schema):
            bound = cast("Number", schema[keyword])
            self.least[keyword] = max(self.least.get(keyword, bound), bound)
        for keyword in (each for each in _MOST if each in schema):
            bound = cast("Number", schema[keyword])
            self.most[keyword] = min(self.most.get(keyword, bound), bound)
        if "multipleOf" in schema:
            self.divisors.append(Fraction(repr(schema["multipleOf"])))


_LEAST: Final[tuple[str, ...]] = (
    "minimum",
    "exclusiveMinimum",
    "minLength",
    "minItems",
    "minProperties",
)
_MOST: Final[tuple[str, ...]] = (
    "maximum",
    "exclusiveMaximum",
    "maxLength",
    "maxItems",
    "maxProperties",
)


def _common_types(some: list[str], others: list[str]) -> list[str]:
    def allows(names: list[str], name: str) -> bool:
        return name in names or (name == "integer" and "number" in names)

    return [name for name in TYPES if allows(some, name) and allows(others, name)]
