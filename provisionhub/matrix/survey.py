"""The places that a schema knows, and what may stand at each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from provisionhub.matrix.applying import Applying, Paths
from provisionhub.matrix.facts import Facts
from provisionhub.matrix.names import ODD_NAMES, is_open, member_names
from provisionhub.matrix.numbers import number_options
from provisionhub.matrix.option import Kind, Option
from provisionhub.matrix.places import ABSENT, Held
from provisionhub.matrix.sampling import MOST_ITEMS, Sampler
from provisionhub.matrix.texts import LONGEST, text_options
from provisionhub.values.secrecy import ValuePath

_CONDITIONS: Final = frozenset(
    {"if", "not", "anyOf", "oneOf", "dependentSchemas", "contains"}
)
_MOST_PLACES: Final = 300
_MOST_GROUPS: Final = 20
_DEEPEST: Final = 10
_SHORTEST_SECRET: Final = 8
"""Shorter ones stand in every file by chance."""


class Survey:
    """Knows the places of a schema's values.

    Args:
        applying: Which subschemas apply where.
        sampler: What makes values.
    """

    def __init__(self, applying: Applying, sampler: Sampler) -> None:
        self._applying = applying
        self._sampler = sampler
        self._options: dict[ValuePath, tuple[Option, ...]] = {}
        self._samples: dict[ValuePath, Held] = {}
        self._untried: dict[ValuePath, list[str]] = {}

    def places(self) -> list[ValuePath]:
        """Return the places, outer ones first, in the order of the document."""
        return self._all_places

    def _walk(self) -> Iterator[ValuePath]:
        pending: list[ValuePath] = [()]
        for _ in range(_MOST_PLACES):
            if not pending:
                return
            place = pending.pop(0)
            yield place
            if len(place) < _DEEPEST:
                parts = dict.fromkeys(self._parts(place))
                inner = ((*place, part) for part in parts)
                pending += (each for each in inner if not self._goes_round(each))

    @cached_property
    def _all_places(self) -> list[ValuePath]:
        return list(self._walk())

    @cached_property
    def deciding_places(self) -> list[ValuePath]:
        """The places that an ``if``, ``not``, ``anyOf`` or the like speaks of."""
        named = {
            path[-1]
            for path in self._applying.subschemas.by_path
            if path[-2:-1] == ("properties",) and not _CONDITIONS.isdisjoint(path)
        }
        return [place for place in self._all_places if place and place[-1] in named]

    def options(self, place: ValuePath) -> tuple[Option, ...]:
        """Return what may stand at *place*: what the schema names first, each once."""
        if place not in self._options:
            found = sorted(self._found(place), key=lambda option: not option.is_named)
            by_value = {option.key: option for option in reversed(found)}
            kept = (option for option in found if by_value[option.key] is option)
            self._options[place] = tuple(kept)
        return self._options[place]

    def untried(self, place: ValuePath) -> list[str]:
        """Return what is not tried at *place* though the schema names it, and why."""
        self.options(place)
        return self._untried.get(place, [])

    def sample(self, place: ValuePath) -> Held:
        """Return a plain value for *place*; ``ABSENT`` if none is known."""
        if place not in self._samples:
            certain = self._applying.certain_at(place)
            paths = certain or self._applying.possible_at(place)
            self._samples[place] = self._sampler.sample(paths) if paths else ABSENT
        return self._samples[place]

    def has_default(self, place: ValuePath) -> bool:
        """Tell whether something stands at *place* where nothing was said."""
        possible = self._applying.possible_at(place)
        return bool(self._sampler.facts(possible).defaults)

    def member_names(self, place: ValuePath) -> list[str]:
        """Return names that members of an object at *place* may have."""
        paths = self._applying.possible_at(place)
        named = [part for part in self._parts(place) if isinstance(part, str)]
        return [*named, *member_names(self._applying.subschemas, paths)]

    def texts_fit(self, place: ValuePath, text: str) -> bool:
        """Tell whether any *text* may stand at *place*, and no secret does."""
        certain = self._applying.certain_at(place)
        facts = self._sampler.facts(certain)
        is_text = "string" in facts.types and facts.choices is None
        if not is_text or facts.formats or self._applying.is_secret(place):
            return False
        return self._sampler.fits(text, certain)

    def _parts(self, place: ValuePath) -> Iterator[str | int]:
        paths = self._applying.possible_at(place)
        subschemas = self._applying.subschemas
        for path in paths:
            yield from (inner[-1] for inner in subschemas.under(path, "properties"))
            required = subschemas.keywords(path).get("required", [])
            yield from map(str, required if isinstance(required, list) else ())
        prefixes = [len(subschemas.under(path, "prefixItems")) for path in paths]
        yield from range(max(prefixes, default=0))
        if any(subschemas.under(path, "items") for path in paths):
            yield max(prefixes, default=0)
        if any(_is_map(self._applying, path) for path in paths):
            yield from list(member_names(subschemas, paths))[:1]

    def _goes_round(self, place: ValuePath) -> bool:
        """Tell whether *place* repeats what two places above it have been."""
        own = set(self._applying.possible_at(place))
        above = [place[:length] for length in range(len(place))]
        same = [each for each in above if own & set(self._applying.possible_at(each))]
        return len(same) > 1

    def _found(self, place: ValuePath) -> Iterator[Option]:
        direct = self._direct(place)
        is_secret = self._applying.is_secret(place)
        for paths, is_named in self._groups(place):
            for option in self._of_group(paths, is_root=not place):
                if is_secret and _is_short(option):
                    continue
                if option.held is not ABSENT and self._sampler.fits(
                    option.held, direct
                ):
                    yield option if is_named else _unnamed(option)
                elif is_named and option.kind is Kind.CHOICE:
                    label = option.label(place, is_secret=is_secret)
                    self._note(place, f"the schema refuses {label} itself")
            self._note_long_texts(place, paths)
        if place and isinstance(place[-1], str):
            yield Option(ABSENT, Kind.PRESENCE)

    def _note_long_texts(self, place: ValuePath, paths: Paths) -> None:
        for bound in self._sampler.facts(paths).size("Length"):
            if bound is not None and bound > LONGEST:
                self._note(
                    place, f"texts of more than {LONGEST} characters are not made"
                )

    def _note(self, place: ValuePath, why: str) -> None:
        notes = self._untried.setdefault(place, [])
        if why not in notes:
            notes.append(why)

    def _direct(self, place: ValuePath) -> Paths:
        if not place:
            return ()
        return self._applying.inside(self._applying.certain_at(place[:-1]), place[-1])

    def _groups(self, place: ValuePath) -> Iterator[tuple[Paths, bool]]:
        """Yield the subschemas that apply together, branch by branch."""
        certain = self._applying.certain_at(place)
        if certain:
            yield certain, True
        # The forms of the whole are cases of their own.
        possible = self._applying.possible_at(place) if place else ()
        others = [path for path in possible if path not in certain]
        for path in others[:_MOST_GROUPS]:
            whole = self._applying.certain((path,))
            yield tuple(dict.fromkeys((*certain, *whole))), "if" not in path

    def _of_group(self, paths: Paths, *, is_root: bool) -> Iterator[Option]:
        facts = self._sampler.facts(paths)
        for value in facts.choices or ():
            yield Option(value, Kind.CHOICE, is_named=True)
        if facts.choices is not None:
            return
        for name in facts.types or (["object"] if is_root else []):
            yield from self._of_type(name, paths, facts)
        if not facts.types and not is_root:
            held = self._sampler.sample(paths)
            if held is not ABSENT:
                yield Option(held, Kind.FORM)
        for value in facts.suggested:
            yield Option(value, Kind.FORM)

    def _of_type(self, name: str, paths: Paths, facts: Facts) -> Iterable[Option]:
        match name:
            case "null":
                return [Option(None, Kind.CHOICE, is_named=True)]
            case "boolean":
                return [Option(each, Kind.CHOICE, is_named=True) for each in _BOTH]
            case "string":
                return text_options(facts)
            case "array":
                return self._arrays(paths, facts)
            case "object":
                return self._objects(paths)
            case _:
                return number_options(facts, is_integer=name == "integer")

    def _arrays(self, paths: Paths, facts: Facts) -> Iterator[Option]:
        fewest, most = facts.size("Items")
        if fewest == 0:
            yield Option([], Kind.FORM, is_named=True)
        for length, note in (
            (1, "one item"),
            (2, "two items"),
            (fewest, f"{fewest} items, the fewest"),
            (most, f"{most} items, the most"),
        ):
            if length and fewest <= length <= min(MOST_ITEMS, most or length):
                items = self._sampler.array(paths, length)
                if len(items) == length:
                    yield Option(items, Kind.FORM, note)

    def _objects(self, paths: Paths) -> Iterator[Option]:
        least = self._sampler.object(paths)
        yield Option(dict(least), Kind.FORM, "only what is required")
        full = self._sampler.object(paths, is_full=True)
        yield Option(dict(full), Kind.FORM, "everything")
        keywords = self._applying.subschemas.keywords
        if is_open([keywords(path) for path in paths]):
            plain = list(member_names(self._applying.subschemas, paths))[:1]
            for name in (*plain, *ODD_NAMES):
                held = self._sampler.sample(self._applying.inside(paths, name))
                value = "some text" if held is ABSENT else held
                note = f"with a member called {json.dumps(name)}"
                yield Option({**least, name: value}, Kind.FORM, note)


_BOTH: Final = (True, False)


def _is_map(applying: Applying, path: tuple[str, ...]) -> bool:
    keywords = applying.subschemas.keywords(path)
    return any(
        isinstance(keywords.get(name), dict)
        for name in ("additionalProperties", "patternProperties")
    )


def _is_short(option: Option) -> bool:
    held = option.held
    is_free = option.kind is not Kind.CHOICE
    return is_free and isinstance(held, str) and len(held) < _SHORTEST_SECRET


def _unnamed(option: Option) -> Option:
    return Option(option.held, option.kind, option.note)
