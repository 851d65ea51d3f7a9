"""Cases that vary one thing: each option of each place, each branch of each schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from provisionhub.jsontypes import JsonObject
from provisionhub.matrix.applying import BRANCHES, Applying
from provisionhub.matrix.collection import Collection
from provisionhub.matrix.odd_texts import ODD_TEXTS
from provisionhub.matrix.option import Option
from provisionhub.matrix.places import ABSENT, held_at, put, shown_place
from provisionhub.matrix.search import Aim, Search
from provisionhub.values.secrecy import ValuePath
from provisionhub.values.subschemas import SchemaPath

_MOST_BASES: Final = 12
_MOST_REPAIRED: Final = 5
_NOTHING: Final = "nothing was found that the schema accepts there"
_NOBODY: Final = "no values that the schema accepts were found with it"


@dataclass(frozen=True, slots=True)
class Singles:
    """Adds cases that vary one thing.

    Attributes:
        applying: Which subschemas apply where.
        search: What finds accepted values.
        found: Where cases go.
        refused: Options with which nothing accepted was found, each with its place.
    """

    applying: Applying
    search: Search
    found: Collection
    refused: set[tuple[ValuePath, str]] = field(default_factory=set)

    def add_branches(self) -> None:
        """Add a case for each form and each ``then`` that nothing has taken yet."""
        for place in self.search.survey.places():
            for path, label in self._branches(place):
                if self._is_taken(place, path):
                    continue
                values = self._with_branch(place, path)
                self._add(f"{shown_place(place)} ({label})", values, is_base=True)

    def add_options(self) -> None:
        """Add a case for each option of each place, the shapes of the whole last."""
        first, *places = self.search.survey.places()
        for place in (*places, first):
            is_filled = any(held_at(e, place) is not ABSENT for e in self.search.bases)
            for option in self.search.survey.options(place):
                if not (option.is_plain and is_filled):
                    self._add_option(place, option)
            for why in self.search.survey.untried(place):
                self.found.miss(f"{shown_place(place)}: {why}")

    def miss_places(self) -> None:
        """Tell of each place at which no case has anything."""
        subschemas = self.applying.subschemas
        for place in self.search.survey.places():
            is_shut = any(
                subschemas.by_path[path] is False
                for path in self.applying.possible_at(place)
            )
            held = (held_at(filled, place) for filled in self.found.filled)
            if not is_shut and all(each is ABSENT for each in held):
                self.found.miss(f"{shown_place(place)}: {_NOTHING}")

    def miss_conditions(self) -> None:
        """Tell of each ``if`` that holds in every case, or in none."""
        for place in self.search.survey.places():
            for path in self.applying.possible_at(place):
                for condition in self.applying.subschemas.under(path, "if"):
                    if all(self._fits(place, condition)):
                        what = f"{shown_place(place)}: `if` holds in every case"
                        self.found.miss(what)

    def add_odd_texts(self) -> None:
        """Add a case for each odd text, wherever it fits at once."""
        places = [each for each in self.search.survey.places() if each]
        for name, text in ODD_TEXTS.items():
            fitting = [
                place for place in places if self.search.survey.texts_fit(place, text)
            ]
            values = self._with_text(fitting, text)
            if values is not None:
                self._add(f"every text: {name}", values)

    def _with_text(self, places: list[ValuePath], text: str) -> JsonObject | None:
        """Return values with *text* at as many of the *places* as can be at once."""
        base = self.search.bases[0] if self.search.bases else {}
        found = self._with_texts(base, places, text)
        if found is not None:
            return found if places else None
        pins: list[ValuePath] = []
        for place in places:
            reached = self._with_texts(found or base, [*pins, place], text)
            if reached is not None:
                found = reached
                pins.append(place)
        return found

    def _with_texts(
        self, base: JsonObject, places: list[ValuePath], text: str
    ) -> JsonObject | None:
        values: JsonObject | None = base
        for place in places:
            values = None if values is None else put(values, place, text)
        aim = Aim(tuple(places))
        return None if values is None else self.search.reach(values, aim)

    def _branches(self, place: ValuePath) -> Iterator[tuple[SchemaPath, str]]:
        subschemas = self.applying.subschemas
        for path in self.applying.possible_at(place):
            for keyword in BRANCHES:
                forms = subschemas.under(path, keyword)
                for number, form in enumerate(forms, start=1):
                    title = subschemas.keywords(form).get("title")
                    shown = f": {title}" if _is_plain(title) else ""
                    yield form, f"form {number} of {len(forms)}{shown}"
            for condition in subschemas.under(path, "if"):
                yield condition, "if holds"

    def _is_taken(self, place: ValuePath, path: SchemaPath) -> bool:
        return any(self._fits(place, path))

    def _fits(self, place: ValuePath, path: SchemaPath) -> Iterator[bool]:
        for filled in self.found.filled:
            held = held_at(filled, place)
            if held is not ABSENT:
                yield self.search.trials.fits(held, path=path)

    def _with_branch(self, place: ValuePath, path: SchemaPath) -> JsonObject | None:
        paths = (*self.applying.certain_at(place), path)
        sample = self.search.sampler.sample(tuple(dict.fromkeys(paths)))
        aim = Aim(branches=((place, path),))
        for base in self.search.bases[:_MOST_REPAIRED]:
            changed = None if sample is ABSENT else put(base, place, sample)
            for start in (changed, base):
                reached = None if start is None else self.search.reach(start, aim)
                if reached is not None:
                    return reached
        return None

    def _add_option(self, place: ValuePath, option: Option) -> None:
        is_secret = self.applying.is_secret(place)
        label = option.label(place, is_secret=is_secret)
        if place or option.held is ABSENT:
            values = self._with_option(place, option)
        else:
            label = option.note
            made = put({}, place, option.held)
            values = None if made is None else self.search.reach(made, Aim())
        if values is not None:
            self._add(label, values)
            return
        self.refused.add((place, option.key))
        if option.is_named:
            self.found.miss(f"{label}: {_NOBODY}")

    def _with_option(self, place: ValuePath, option: Option) -> JsonObject | None:
        bases = self.search.bases[:_MOST_BASES]
        changed = [put(base, place, option.held) for base in bases]
        possible = [values for values in changed if values is not None]
        for values in possible:
            if self.search.accepted(values) is not None:
                return values
        if option.held is ABSENT:
            return None
        for values in possible[:_MOST_REPAIRED]:
            reached = self.search.reach(values, Aim((place,)))
            if reached is not None:
                return reached
        return None

    def _add(
        self, name: str, values: JsonObject | None, *, is_base: bool = False
    ) -> None:
        if values is None:
            self.found.miss(f"{name}: {_NOBODY}")
            return
        filled = self.search.trials.fill(values)
        self.found.add(name, values, filled)
        if is_base:
            self.search.bases.append(values)


def _is_plain(title: object) -> bool:
    return isinstance(title, str) and title.isascii() and title.isprintable()
