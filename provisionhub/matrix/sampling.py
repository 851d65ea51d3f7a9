"""Plain values for schemas: what is put where something must stand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.matrix.applying import Applying, Paths
from provisionhub.matrix.facts import Facts
from provisionhub.matrix.names import member_names
from provisionhub.matrix.numbers import more_numbers, number_options
from provisionhub.matrix.places import ABSENT, Held
from provisionhub.matrix.texts import more_texts, text_options
from provisionhub.values import Trials
from provisionhub.values.equality import canonical
from provisionhub.values.vocabulary import TYPES

_MOST_REPEATED: Final = 2
_MOST_TRIED: Final = 40
MOST_ITEMS: Final = 256
"""Longer arrays are not made."""


class Sampler:
    """Makes values that subschemas accept.

    Args:
        applying: Which subschemas apply where.
        trials: What tries values against them.
    """

    def __init__(self, applying: Applying, trials: Trials) -> None:
        self._applying = applying
        self._trials = trials
        self._known: dict[Paths, Held] = {}
        self._under_way: list[Paths] = []
        self._filling: list[Paths] = []

    def facts(self, paths: Paths) -> Facts:
        """Return what *paths* ask of a value together."""
        facts = Facts.of(map(self._applying.subschemas.keywords, paths))
        facts.is_secret = any(map(self._applying.is_marked, paths))
        return facts

    def fits(self, value: JsonValue, paths: Paths) -> bool:
        """Tell whether *value* fits all of *paths*."""
        return all(self._trials.fits(value, path=path) for path in paths)

    def sample(self, paths: Paths) -> Held:
        """Return a plain value that fits *paths*, or nearly; ``ABSENT`` if none is.

        A schema that leads to itself is followed twice at most.
        """
        if self._under_way.count(paths) >= _MOST_REPEATED:
            return ABSENT
        if self._under_way:
            return self._sample(paths)
        if paths not in self._known:
            self._known[paths] = self._sample(paths)
        return self._known[paths]

    def _sample(self, paths: Paths) -> Held:
        self._under_way.append(paths)
        try:
            first: Held = ABSENT
            for value in islice(self._candidates(paths), _MOST_TRIED):
                if self.fits(value, paths):
                    return value
                first = value if first is ABSENT else first
            return first
        finally:
            self._under_way.pop()

    def array(self, paths: Paths, length: int) -> list[JsonValue]:
        """Return *length* items for an array that *paths* apply to, or fewer."""
        if self._filling.count(paths) >= _MOST_REPEATED:
            return []
        self._filling.append(paths)
        try:
            return self._array(paths, length)
        finally:
            self._filling.pop()

    def _array(self, paths: Paths, length: int) -> list[JsonValue]:
        whole = self._applying.chosen(paths)
        is_unique = self.facts(whole).is_unique
        streams: dict[Paths, Iterator[JsonValue]] = {}
        items: list[JsonValue] = []
        seen: set[str] = set()
        for index in range(length):
            inside = self._applying.inside(whole, index) or self._contained(whole)
            if is_unique and inside not in streams:
                streams[inside] = islice(self._varied(inside), MOST_ITEMS * 2)
            item = (
                self._fresh(streams[inside], inside, seen)
                if is_unique
                else self.sample(inside)
            )
            if item is ABSENT:
                break
            seen.add(canonical(item))
            items.append(item)
        return items

    def object(self, paths: Paths, *, is_full: bool = False) -> JsonObject:
        """Return the members that an object must have, or all that it can have."""
        whole = self._applying.chosen(paths)
        required = self._names(whole, "required")
        known = list(dict.fromkeys([*required, *self._names(whole, "properties")]))
        wanted = known if is_full else required
        fewest, most = self.facts(whole).size("Properties")
        while len(wanted) < fewest:
            names = [*known, *member_names(self._applying.subschemas, whole)]
            fresh = [name for name in names if name not in wanted]
            if not fresh:
                break
            wanted.append(fresh[0])
        made: JsonObject = {}
        for name in wanted[:most]:
            held = self.sample(self._applying.inside(whole, name))
            if held is not ABSENT:
                made[name] = held
        return made

    def _names(self, paths: Paths, keyword: str) -> list[str]:
        found: dict[str, None] = {}
        for path in paths:
            named = self._applying.subschemas.keywords(path).get(keyword, [])
            if isinstance(named, list | dict):
                found |= dict.fromkeys(map(str, named))
        return list(found)

    def _candidates(self, paths: Paths) -> Iterator[JsonValue]:
        whole = self._applying.chosen(paths)
        facts = self.facts(whole)
        yield from (*facts.suggested, *facts.defaults)
        if facts.choices is not None:
            yield from facts.choices
            return
        for name in facts.types or ("string", *TYPES):
            yield from self._of_type(name, paths, facts)

    def _of_type(self, name: str, paths: Paths, facts: Facts) -> Iterator[JsonValue]:
        match name:
            case "null":
                yield None
            case "boolean":
                yield from (True, False)
            case "string":
                yield from (str(option.held) for option in text_options(facts))
                yield from more_texts(facts)
            case "array":
                fewest, most = facts.size("Items")
                if fewest == 0 and most != 0:
                    yield self.array(paths, 1)
                yield self.array(paths, min(fewest, MOST_ITEMS))
            case "object":
                yield self.object(paths)
                yield self.object(paths, is_full=True)
            case _:
                yield from numbers(facts, is_integer=name == "integer")

    def _contained(self, paths: Paths) -> Paths:
        """Return what an array of anything must contain."""
        under = self._applying.subschemas.under
        return tuple(inner for path in paths for inner in under(path, "contains"))

    def _fresh(self, stream: Iterator[JsonValue], paths: Paths, seen: set[str]) -> Held:
        for value in stream:
            if canonical(value) not in seen and self.fits(value, paths):
                return value
        return ABSENT

    def _varied(self, paths: Paths) -> Iterator[JsonValue]:
        """Yield what ``_candidates`` does, then objects that differ in one member."""
        yield from self._candidates(paths)
        plain = self.sample(paths)
        if not isinstance(plain, dict):
            return
        whole = self._applying.chosen(paths)
        streams = {
            name: self._candidates(self._applying.inside(whole, name)) for name in plain
        }
        for _ in range(MOST_ITEMS):
            fresh = {name: next(stream, ABSENT) for name, stream in streams.items()}
            if all(each is ABSENT for each in fresh.values()):
                return
            kept = {name: each for name, each in fresh.items() if each is not ABSENT}
            yield {**plain, **kept}


def numbers(facts: Facts, *, is_integer: bool) -> Iterator[JsonValue]:
    """Yield numbers that *facts* may allow, those at the bounds first."""
    for option in number_options(facts, is_integer=is_integer):
        if option.held is not ABSENT:
            yield option.held
    yield from more_numbers(facts, is_integer=is_integer)
