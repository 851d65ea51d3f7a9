"""Cases that have every two choices together at least once.

The greedy way: a row is begun with a pair that no case has yet, and goes on with the
choices that bring the most further ones. What the schema excludes is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Final, TypeAlias

from provisionhub.jsontypes import JsonObject
from provisionhub.matrix.collection import Collection
from provisionhub.matrix.option import Kind, Option
from provisionhub.matrix.places import ABSENT, Held, held_at, put
from provisionhub.matrix.search import Aim, Search
from provisionhub.values.equality import canonical
from provisionhub.values.secrecy import ValuePath

_MOST_AXES: Final = 40
_MOST_BASES: Final = 4
_MOST_NEAR: Final = 12
_SMALL: Final = 1000
_MOST_TRIED: Final = 8
_LONGEST: Final = 90

Setting: TypeAlias = tuple[int, int]
"""An axis and one of its options, by number."""

Pair: TypeAlias = tuple[Setting, Setting]


@dataclass(frozen=True, slots=True)
class Axis:
    """A place with a few options.

    Attributes:
        place: Where.
        options: What may stand there; the last of two may stand for anything at all.
        labels: What each is called.
    """

    place: ValuePath
    options: tuple[Option, ...]
    labels: tuple[str, ...]

    def setting(self, filled: JsonObject) -> int | None:
        """Return which option *filled* has; None if it has none of them."""
        held = held_at(filled, self.place)
        for number, option in enumerate(self.options):
            if option.kind is Kind.PRESENCE:
                if (held is ABSENT) is (option.held is ABSENT):
                    return number
            elif held is not ABSENT and canonical(held) == option.key:
                return number
        return None


@dataclass(slots=True)
class Pairs:
    """Adds the cases of all pairs.

    Attributes:
        axes: What is combined.
        search: What finds accepted values.
        found: Where cases go.
    """

    axes: list[Axis]
    search: Search
    found: Collection
    _open: dict[Pair, None] = field(default_factory=dict)
    _sizes: list[int] = field(default_factory=list)

    def add(self) -> None:
        """Add cases until every pair that the schema allows is in one."""
        self.axes = self.axes[:_MOST_AXES]
        self._open = dict.fromkeys(_pairs(self.axes))
        for filled in self.found.filled:
            self._close(filled)
        while self._open:
            first = next(iter(self._open))
            row = self._row(first)
            if row is None:
                del self._open[first]
                continue
            filled = self.search.trials.fill(row)
            self._close(filled)
            self._open.pop(first, None)
            self.found.add(self._name(filled), row, filled)

    def _row(self, pair: Pair) -> JsonObject | None:
        """Return accepted values with *pair*, and with as many open ones as can be."""
        chosen = dict(pair)
        row = self._begun(chosen)
        if row is None:
            return None
        wanted = self._wanted(chosen)
        whole = self._reach(row, wanted)
        if whole is not None:
            return whole
        for axis, option in wanted.items():
            more = self._reach(row, {**chosen, axis: option})
            if more is not None:
                row = more
                chosen[axis] = option
        return row

    def _begun(self, chosen: Mapping[int, int]) -> JsonObject | None:
        """Return accepted values with *chosen*: of what has one of the two, if any."""
        near = [
            filled
            for filled in self._starts()
            if any(
                self.axes[axis].setting(filled) == option
                for axis, option in chosen.items()
            )
        ]
        for start in near[:_MOST_NEAR]:
            row = self._reach(start, chosen, most=1)
            if row is not None:
                return row
        for base in self.search.bases[:_MOST_BASES]:
            row = self._reach(base, chosen, most=_MOST_TRIED)
            if row is not None:
                return row
        return None

    def _starts(self) -> list[JsonObject]:
        """Return the values of cases that are not much larger than the first."""
        for filled in self.found.filled[len(self._sizes) :]:
            self._sizes.append(len(canonical(filled)))
        allowed = self._sizes[0] * 2 + _SMALL
        sized = zip(self.found.filled, self._sizes, strict=True)
        return [filled for filled, size in sized if size <= allowed]

    def _wanted(self, chosen: Mapping[int, int]) -> dict[int, int]:
        """Return *chosen* and, for each other axis, what brings the most open pairs."""
        wanted = dict(chosen)
        for axis in range(len(self.axes)):
            if axis in wanted:
                continue
            gains = [
                sum(
                    _pair((axis, option), each) in self._open for each in wanted.items()
                )
                for option in range(len(self.axes[axis].options))
            ]
            if max(gains) > 0:
                wanted[axis] = gains.index(max(gains))
        return wanted

    def _reach(
        self, base: JsonObject, chosen: Mapping[int, int], *, most: int = _MOST_TRIED
    ) -> JsonObject | None:
        values: JsonObject | None = base
        pins: list[ValuePath] = []
        # Outer places first: what stands inside them is set afterwards.
        for axis, option in sorted(
            chosen.items(), key=lambda each: self._depth(each[0])
        ):
            place = self.axes[axis].place
            held = self._held(self.axes[axis].options[option], place, values or {})
            values = None if values is None else put(values, place, held)
            pins.append(place)
        if values is None:
            return None
        reached = self.search.reach(values, Aim(self._pins(chosen)), most=most)
        return reached if reached is not None and self._has(reached, chosen) else None

    def _pins(self, chosen: Mapping[int, int]) -> tuple[ValuePath, ...]:
        return tuple(self.axes[axis].place for axis in chosen)

    def _held(self, option: Option, place: ValuePath, values: JsonObject) -> Held:
        """Return what *option* puts at *place*; one that means anything keeps it."""
        if option.kind is Kind.PRESENCE and option.held is not ABSENT:
            there = held_at(values, place)
            return option.held if there is ABSENT else there
        return option.held

    def _has(self, values: JsonObject, chosen: Mapping[int, int]) -> bool:
        filled = self.search.trials.fill(values)
        return all(
            self.axes[axis].setting(filled) == option for axis, option in chosen.items()
        )

    def _close(self, filled: JsonObject) -> None:
        settings = [
            (number, setting)
            for number, axis in enumerate(self.axes)
            if (setting := axis.setting(filled)) is not None
        ]
        for pair in combinations(settings, 2):
            self._open.pop(pair, None)

    def _depth(self, axis: int) -> int:
        return len(self.axes[axis].place)

    def _name(self, filled: JsonObject) -> str:
        base = self.search.trials.fill(self.search.bases[0])
        labels = [
            axis.labels[setting]
            for axis in self.axes
            if (setting := axis.setting(filled)) is not None
            and setting != axis.setting(base)
        ]
        return _joined(labels)


def _joined(labels: list[str]) -> str:
    """Return as many *labels* as a name has room for, and how many more there are."""
    shown = ""
    for number, label in enumerate(labels):
        longer = f"{shown}+{label}" if shown else label
        if len(longer) > _LONGEST and shown:
            return f"{shown}+{len(labels) - number} more"
        shown = longer
    return shown


def _pairs(axes: list[Axis]) -> Iterator[Pair]:
    for one, other in combinations(range(len(axes)), 2):
        options = product(
            range(len(axes[one].options)), range(len(axes[other].options))
        )
        for first, second in options:
            if not _is_void(axes[one], first, axes[other]) and not _is_void(
                axes[other], second, axes[one]
            ):
                yield (one, first), (other, second)


def _is_void(outer: Axis, option: int, inner: Axis) -> bool:
    """Tell whether *option* leaves out the very place that *inner* is in."""
    is_inside = inner.place[: len(outer.place)] == outer.place
    return is_inside and outer.options[option].held is ABSENT


def _pair(one: Setting, other: Setting) -> Pair:
    return (one, other) if one < other else (other, one)
