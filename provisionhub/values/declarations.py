"""What a schema says of the value at a place, without any values.

Subschemas that apply for certain (through references and ``allOf``) are told from
those that only may (``anyOf``, ``if``, ``dependentSchemas``…): what is concluded
from the former holds for all values, and the latter are never counted on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final, TypeAlias

from provisionhub.errors import LimitExceededError
from provisionhub.jsontypes import JsonValue
from provisionhub.values.bounds import Budget, bounded_recursion
from provisionhub.values.domains import Domain, Domains
from provisionhub.values.patterns import matches
from provisionhub.values.subschemas import REFERENCES, SchemaPath, Subschemas
from provisionhub.values.validator import Checker

Step: TypeAlias = str | None
"""A member's name; None is an element whose name or index is not known."""

_BRANCHES: Final = ("anyOf", "oneOf", "if", "then", "else", "dependentSchemas")
_MEMBERS: Final = ("properties", "patternProperties")
_ITEMS: Final = ("prefixItems", "items", "unevaluatedItems", "contains")


class Standing(Enum):
    """How a name stands to the schema."""

    DECLARED = "declared"
    """The schema names it."""
    OPEN = "open"
    """It is one of any number of names that the schema says are accepted."""
    UNMENTIONED = "unmentioned"
    """The object has names and this is none of them, though it would be accepted."""
    REFUSED = "refused"
    """No accepted values have it."""
    BELOW = "below"
    """It is looked for in something that has no members."""


class Presence(Enum):
    """Whether a value is there, given that what holds it is."""

    ALWAYS = "always"
    """It is required, or has a default."""
    SOMETIMES = "sometimes"
    CONDITIONAL = "conditional"
    """Only where another part of the schema asks for it."""
    UNKNOWN = "unknown"
    """It is a name that the schema accepts without naming it."""


@dataclass(frozen=True, slots=True)
class Applying:
    """The subschemas that apply to one value, those in the same place included.

    Attributes:
        entries: The outermost of those that apply for certain.
        certain: All that do.
        maybe: Those that may.
    """

    entries: tuple[SchemaPath, ...]
    certain: frozenset[SchemaPath]
    maybe: frozenset[SchemaPath]


@dataclass(frozen=True, slots=True)
class Declared:
    """What is said of the value at one place.

    Attributes:
        standing: How its last name stands to the schema, or the name on the way to
            it that is not declared.
        reached: How many of its steps stand.
        presence: Of each step.
        domain: What it may be.
        known: The names that stand where the path goes astray.
        applying: The subschemas that apply to it.
        is_held: Whether all that it is looked up in can be nothing but what holds
            values: objects, and lists for elements.
    """

    standing: Standing
    reached: int
    presence: tuple[Presence, ...]
    domain: Domain
    known: tuple[str, ...]
    applying: Applying
    is_held: bool = True

    @property
    def is_possible(self) -> bool:
        """Whether any accepted values have it."""
        return self.standing not in {Standing.REFUSED, Standing.BELOW}

    @property
    def is_always_there(self) -> bool:
        """Whether all accepted values have it."""
        is_there = all(each is Presence.ALWAYS for each in self.presence)
        return self.is_possible and self.is_held and is_there


class Declarations:
    """What a checked schema says of places; each is looked at once.

    Attributes:
        subschemas: The schema.
    """

    def __init__(self, subschemas: Subschemas) -> None:
        self.subschemas = subschemas
        self._domains = Domains(subschemas)
        self._known: dict[tuple[Step, ...], Declared] = {}

    def at(self, path: Sequence[Step]) -> Declared:
        """Return what is said of the value at *path*; the empty path is the whole."""
        key = tuple(path)
        if key not in self._known:
            self._known[key] = self._step(key) if key else self._root()
        return self._known[key]

    def accepts(self, path: Sequence[Step], value: JsonValue) -> bool:
        """Tell whether some values may have *value* at *path*.

        What applies under a condition only is left out of account.
        """
        return self._fits(value, self.at(path).applying.entries)

    def accepts_anyhow(self, path: Sequence[Step], value: JsonValue) -> bool:
        """Tell whether even what applies under a condition has nothing against it."""
        applying = self.at(path).applying
        return self._fits(value, (*applying.entries, *sorted(applying.maybe)))

    def names(self, path: Sequence[Step]) -> tuple[str, ...]:
        """Return the names that the schema gives members of the value at *path*."""
        applying = self.at(path).applying
        every = (*sorted(applying.certain), *sorted(applying.maybe))
        found = (each[-1] for s in every for each in self._under(s, "properties"))
        return tuple(dict.fromkeys(found))

    def keyword(self, path: Sequence[Step], name: str) -> Iterator[JsonValue]:
        """Yield what each subschema that may apply at *path* sets keyword *name* to."""
        applying = self.at(path).applying
        for each in sorted(applying.certain | applying.maybe):
            keywords = self.subschemas.keywords(each)
            if name in keywords:
                yield keywords[name]

    def _fits(self, value: JsonValue, paths: Iterable[SchemaPath]) -> bool:
        checker = Checker(self.subschemas, Budget())
        try:
            with bounded_recursion():
                return all(checker.fits(value, path=each) for each in paths)
        except LimitExceededError:
            return True  # nobody can tell, so it counts as possible

    def _root(self) -> Declared:
        return self._declared(Standing.DECLARED, (), self._expand([()], []))

    def _step(self, path: tuple[Step, ...]) -> Declared:
        above, step = self.at(path[:-1]), path[-1]
        if above.standing not in {Standing.DECLARED, Standing.OPEN}:
            return above
        types, holders = above.domain.types, _HOLDERS if step is None else {"object"}
        if types and not types & holders:
            return self._astray(Standing.BELOW, above)
        if step is None:
            found = self._element(above)
        else:
            found = self._member(above, step, path)
        # The values as a whole are an object, whether the schema says so or not.
        is_held = len(path) == 1 or types <= {"object" if step is not None else "array"}
        return replace(found, is_held=above.is_held and is_held)

    def _member(self, above: Declared, name: str, path: tuple[Step, ...]) -> Declared:
        applying = above.applying
        certain = [e for s in applying.certain for e in self._for_member(s, name)]
        maybe = [e for s in applying.maybe for e in self._for_member(s, name)]
        if any(self.subschemas.by_path[each] is False for each in certain):
            return self._astray(Standing.REFUSED, above, self.names(path[:-1]))
        standing = self._standing(above, certain + maybe)
        if standing is Standing.UNMENTIONED:
            return self._astray(standing, above, self.names(path[:-1]))
        presence = Presence.UNKNOWN
        if standing is Standing.DECLARED:
            presence = self._presence(applying, name)
        elif any(self._requires(each, name) for each in applying.certain):
            presence = Presence.ALWAYS
        inner = self._expand(certain, maybe)
        return self._declared(standing, (*above.presence, presence), inner)

    def _standing(self, above: Declared, entries: list[SchemaPath]) -> Standing:
        accepting = [e for e in entries if self.subschemas.by_path[e] is not False]
        if any(each[-2:-1] == ("properties",) for each in accepting):
            return Standing.DECLARED
        if accepting:
            return Standing.OPEN
        every = above.applying.certain | above.applying.maybe
        is_named = any(self._under(s, "properties") for s in every)
        return Standing.UNMENTIONED if is_named else Standing.OPEN

    def _element(self, above: Declared) -> Declared:
        """Return what is said of an element, of which nobody knows which it is."""
        schemas = above.applying.certain
        presence = (*above.presence, Presence.ALWAYS)
        items = [each for s in schemas for each in self._under(s, "items")]
        is_mixed = any(self._under(schema, "prefixItems") for schema in schemas)
        is_list = above.domain.types <= {"array"} or not any(
            self._under(schema, keyword)
            for schema in schemas
            for keyword in (*_MEMBERS, "additionalProperties")
        )
        if is_list and items and not is_mixed:
            return self._declared(Standing.OPEN, presence, self._expand(items, []))
        inside = [each for s in schemas for each in self._inside(s)]
        others = [e for s in above.applying.maybe for e in self._inside(s)]
        found = self._declared(
            Standing.OPEN, presence, self._expand([], inside + others)
        )
        return replace(found, domain=self._domains.of_any(inside))

    def _inside(self, schema: SchemaPath) -> Iterator[SchemaPath]:
        for keyword in (*_MEMBERS, "additionalProperties", *_ITEMS):
            for each in self._under(schema, keyword):
                if self.subschemas.by_path[each] is not False:
                    yield each

    def _for_member(self, schema: SchemaPath, name: str) -> Iterator[SchemaPath]:
        """Yield the subschemas that *schema* applies to the member *name*."""
        for each in self.subschemas.for_member(schema, name):
            if each[-1] == "unevaluatedProperties" and each[:-1] == schema:
                inner = self._expand([schema], [])
                others = (inner.certain | inner.maybe) - {schema}
                if any(self._evaluates(other, name) for other in others):
                    continue
            yield each

    def _evaluates(self, schema: SchemaPath, name: str) -> bool:
        return any(
            each[-1] == name
            or each[-1] == "additionalProperties"
            or (each[-2:-1] == ("patternProperties",) and matches(each[-1], name))
            for each in self.subschemas.for_member(schema, name)
        )

    def _presence(self, applying: Applying, name: str) -> Presence:
        if any(self._requires(each, name) for each in applying.certain):
            return Presence.ALWAYS
        if any(self._has_default(s, name) for s in applying.certain):
            return Presence.ALWAYS
        if any(self._may_require(s, name) for s in applying.certain | applying.maybe):
            return Presence.CONDITIONAL
        return Presence.SOMETIMES

    def _requires(self, schema: SchemaPath, name: str) -> bool:
        required = self.subschemas.keywords(schema).get("required")
        return isinstance(required, list) and name in required

    def _may_require(self, schema: SchemaPath, name: str) -> bool:
        dependent = self.subschemas.keywords(schema).get("dependentRequired")
        names = dependent.values() if isinstance(dependent, dict) else ()
        listed = any(isinstance(each, list) and name in each for each in names)
        return listed or self._requires(schema, name)

    def _has_default(self, schema: SchemaPath, name: str) -> bool:
        if name not in (each[-1] for each in self._under(schema, "properties")):
            return False
        inner = self._expand([(*schema, "properties", name)], [])
        return any("default" in self.subschemas.keywords(s) for s in inner.certain)

    def _under(self, schema: SchemaPath, keyword: str) -> list[SchemaPath]:
        return self.subschemas.under(schema, keyword)

    def _expand(
        self, entries: Iterable[SchemaPath], maybe: Iterable[SchemaPath]
    ) -> Applying:
        entries = tuple(dict.fromkeys(entries))
        certain = _closure(entries, self._certainly_beside)
        branches = (e for s in certain for e in self._maybe_beside(s))
        reached = _closure(
            (*maybe, *branches),
            lambda s: (*self._certainly_beside(s), *self._maybe_beside(s)),
        )
        return Applying(entries, frozenset(certain), frozenset(reached - certain))

    def _certainly_beside(self, schema: SchemaPath) -> Iterator[SchemaPath]:
        for keyword in REFERENCES:
            target = self.subschemas.target(schema, keyword)
            if target is not None:
                yield target
        yield from self._under(schema, "allOf")

    def _maybe_beside(self, schema: SchemaPath) -> Iterator[SchemaPath]:
        for keyword in _BRANCHES:
            yield from self._under(schema, keyword)

    def _declared(
        self,
        standing: Standing,
        presence: tuple[Presence, ...],
        applying: Applying,
    ) -> Declared:
        domain = self._domains.at(applying.entries)
        return Declared(standing, len(presence), presence, domain, (), applying)

    def _astray(
        self, standing: Standing, above: Declared, known: tuple[str, ...] = ()
    ) -> Declared:
        nothing = Applying((), frozenset(), frozenset())
        return Declared(
            standing, above.reached, above.presence, Domain(), known, nothing
        )


def _closure(
    start: Iterable[SchemaPath],
    follow: Callable[[SchemaPath], Iterable[SchemaPath]],
) -> set[SchemaPath]:
    found: set[SchemaPath] = set()
    pending = list(start)
    while pending:
        each = pending.pop()
        if each not in found:
            found.add(each)
            pending += follow(each)
    return found


_HOLDERS: Final = frozenset({"object", "array", "string"})
"""What an index may lead into: languages give characters of texts by index."""
