"""From values that a schema refuses to near ones that it accepts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from provisionhub.jsontypes import JsonObject
from provisionhub.matrix.places import ABSENT, Held, held_at, overlap, put
from provisionhub.matrix.sampling import Sampler
from provisionhub.matrix.survey import Survey
from provisionhub.values import Fault, Trials
from provisionhub.values.equality import canonical
from provisionhub.values.secrecy import ValuePath
from provisionhub.values.subschemas import SchemaPath

_MOST_TRIED: Final = 24
_MOST_MENDS: Final = 12
_MISSING: Final = frozenset({"required", "dependentRequired"})
_SURPLUS: Final = frozenset(
    {"additionalProperties", "unevaluatedProperties", "propertyNames", "false"}
)
_UNCLEAR: Final = frozenset({"not", "oneOf"})
"""What does not say which member is at fault."""
_TOO_MANY: Final = frozenset({"maxProperties", "oneOf", "not", "maxItems"})


@dataclass(frozen=True, slots=True)
class Aim:
    """What values must have beside being accepted.

    Attributes:
        pins: Places whose content is given and stays as it is.
        branches: Subschemas that must apply, each with the place where.
    """

    pins: tuple[ValuePath, ...] = ()
    branches: tuple[tuple[ValuePath, SchemaPath], ...] = ()

    def allows(self, place: ValuePath) -> bool:
        """Tell whether what stands at *place* may be changed."""
        return not any(overlap(place, pin) for pin in self.pins)


@dataclass(frozen=True, slots=True)
class Search:
    """Finds values that a schema accepts.

    Attributes:
        trials: What tries values.
        survey: What may stand where.
        sampler: What makes values.
        bases: Values that are accepted; what they hold is sensible elsewhere too.
    """

    trials: Trials
    survey: Survey
    sampler: Sampler
    bases: list[JsonObject] = field(default_factory=list)

    def accepted(self, values: JsonObject, aim: Aim = Aim()) -> JsonObject | None:
        """Return *values* with defaults if they are accepted; None if not."""
        filled = self.trials.fill(values)
        return None if self._faults(filled, aim) else filled

    def reach(
        self, start: JsonObject, aim: Aim, *, most: int = _MOST_TRIED
    ) -> JsonObject | None:
        """Return values near *start* that are accepted and meet *aim*, or None.

        The fault that was found first is mended first, in each way that there is,
        and what comes of it tried in turn, *most* values in all.
        """
        pending: list[JsonObject] = [start]
        seen: set[str] = set()
        for _ in range(most):
            if not pending:
                return None
            values = pending.pop()
            filled = self.trials.fill(values)
            faults = self._faults(filled, aim)
            if not faults:
                return values
            mended = self._tried_next(values, filled, faults, aim)
            fresh = [each for each in mended if canonical(each) not in seen]
            seen.update(map(canonical, fresh))
            pending += reversed(fresh)
        return None

    def _faults(self, filled: JsonObject, aim: Aim) -> list[Fault]:
        faults = self.trials.faults(filled)
        for place, path in aim.branches:
            held = held_at(filled, place)
            if held is ABSENT:
                faults.append(Fault(place, "required"))
                continue
            faults += (
                Fault((*place, *fault.path), fault.keyword)
                for fault in self.trials.faults(held, path=path)
            )
        return faults

    def _tried_next(
        self, values: JsonObject, filled: JsonObject, faults: Sequence[Fault], aim: Aim
    ) -> list[JsonObject]:
        """Return what to try instead of *values*, the likeliest first."""
        mended = islice(self._mended(values, filled, faults, aim), _MOST_MENDS)
        decided = islice(self._decided_otherwise(values, filled, aim), _MOST_MENDS)
        if faults[0].keyword in _UNCLEAR:
            return [*decided, *mended]
        return [*mended, *decided]

    def _mended(
        self, values: JsonObject, filled: JsonObject, faults: Sequence[Fault], aim: Aim
    ) -> Iterator[JsonObject]:
        for fault in faults:
            for place, held in self._mends(filled, fault):
                if place and aim.allows(place):
                    changed = put(values, place, held)
                    if changed is not None:
                        yield changed

    def _decided_otherwise(
        self, values: JsonObject, filled: JsonObject, aim: Aim
    ) -> Iterator[JsonObject]:
        """Yield *values* with something else where a condition looks at.

        What is wrong may be that a condition holds, or that it does not.
        """
        for place in self.survey.deciding_places:
            if not aim.allows(place):
                continue
            there = held_at(filled, place)
            for option in self.survey.options(place):
                if option.held != there:
                    changed = put(values, place, option.held)
                    if changed is not None:
                        yield changed

    def _mends(
        self, filled: JsonObject, fault: Fault
    ) -> Iterator[tuple[ValuePath, Held]]:
        """Yield what might mend *fault*: a place, and what to put there."""
        place = fault.path
        if fault.keyword in _SURPLUS:
            yield place, ABSENT
        elif fault.keyword in _MISSING:
            yield from self._stand_ins(place)
        elif fault.keyword in _TOO_MANY:
            yield from self._without_one(filled, place)
        elif fault.keyword == "minProperties":
            yield from self._with_one(filled, place)
        yield from self._stand_ins(place)
        yield place, ABSENT

    def _stand_ins(self, place: ValuePath) -> Iterator[tuple[ValuePath, Held]]:
        """Yield what else might stand at *place*, each once, sensible values first."""
        seen: set[str] = set()
        for held in self._known(place):
            if held is not ABSENT and canonical(held) not in seen:
                seen.add(canonical(held))
                yield place, held

    def _known(self, place: ValuePath) -> Iterator[Held]:
        yield from (held_at(base, place) for base in self.bases)
        yield self.survey.sample(place)
        yield from (option.held for option in self.survey.options(place))

    def _without_one(
        self, filled: JsonObject, place: ValuePath
    ) -> Iterator[tuple[ValuePath, Held]]:
        match held_at(filled, place):
            case dict() as members:
                yield from (((*place, name), ABSENT) for name in reversed(members))
            case list() as items if items:
                yield (*place, len(items) - 1), ABSENT

    def _with_one(
        self, filled: JsonObject, place: ValuePath
    ) -> Iterator[tuple[ValuePath, Held]]:
        for name in self.survey.member_names(place):
            if held_at(filled, (*place, name)) is ABSENT:
                yield from islice(self._stand_ins((*place, name)), 2)
