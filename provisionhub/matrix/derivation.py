"""From a schema and examples to the matrix of cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from provisionhub.errors import InvalidValuesError, LimitExceededError
from provisionhub.jsontypes import JsonObject
from provisionhub.matrix.applying import Applying
from provisionhub.matrix.case import Matrix
from provisionhub.matrix.collection import Collection, FullError
from provisionhub.matrix.option import Kind, Option
from provisionhub.matrix.pairs import Axis, Pairs
from provisionhub.matrix.places import ABSENT
from provisionhub.matrix.sampling import Sampler
from provisionhub.matrix.search import Aim, Search
from provisionhub.matrix.singles import Singles
from provisionhub.matrix.survey import Survey
from provisionhub.values import ValueSchema, check_workable
from provisionhub.values.secrecy import ValuePath

MOST_CASES: Final = 200
_STEPS: Final = 250_000
_MOST_EXAMPLES: Final = 8


def derive_cases(
    schema: ValueSchema,
    examples: Sequence[JsonObject],
    *,
    most: int = MOST_CASES,
    odd_texts: bool = True,
) -> Matrix:
    """Return cases that cover what *schema* allows; the same for equal arguments.

    Args:
        schema: What each case's values satisfy.
        examples: Values to vary, the first before the others; those that the schema
            refuses are left out.
        most: How many cases there may be.
        odd_texts: Whether texts that templates forget about are put wherever any
            text is allowed.
    """
    return _Derivation(schema, most, _STEPS).run(examples, odd_texts=odd_texts)


class _Derivation:
    def __init__(self, schema: ValueSchema, most: int, steps: int) -> None:
        trials = schema.trials(steps=steps)
        self._applying = Applying(trials.subschemas)
        sampler = Sampler(self._applying, trials)
        self._survey = Survey(self._applying, sampler)
        self._search = Search(trials, self._survey, sampler)
        self._found = Collection(most)
        self._singles = Singles(self._applying, self._search, self._found)

    def run(self, examples: Sequence[JsonObject], *, odd_texts: bool) -> Matrix:
        """Return the matrix: single changes first, then odd texts, then pairs.

        It is empty where the schema names nothing that values could have.
        """
        if all(place == () for place in self._survey.places()):
            return Matrix()
        stages: list[Callable[[], None]] = [
            lambda: self._take(examples),
            self._singles.add_branches,
            self._singles.add_options,
            *([self._singles.add_odd_texts] if odd_texts else []),
            self._add_pairs,
            self._singles.miss_conditions,
            self._singles.miss_places,
        ]
        try:
            for stage in stages:
                stage()
        except FullError:
            self._found.miss(f"there would be more than {self._found.most} cases")
        except LimitExceededError as error:
            self._found.miss(f"what remains: {error.message}")
        return self._found.matrix()

    def _take(self, examples: Sequence[JsonObject]) -> None:
        """Note the examples, and make values of the schema alone."""
        for values in examples[:_MOST_EXAMPLES]:
            filled = self._accepted(values)
            if filled is not None:
                self._search.bases.append(values)
                self._found.note(filled)
        for option in self._survey.options(()):
            if isinstance(option.held, dict):
                made = self._search.reach(option.held, Aim())
                if made is not None:
                    self._search.bases.append(made)

    def _accepted(self, values: JsonObject) -> JsonObject | None:
        try:
            check_workable(values)
        except InvalidValuesError:
            return None
        return self._search.accepted(values)

    def _add_pairs(self) -> None:
        if self._search.bases:
            axes = [axis for axis in map(self._axis, self._survey.places()) if axis]
            Pairs(axes, self._search, self._found).add()

    def _axis(self, place: ValuePath) -> Axis | None:
        refused = self._singles.refused
        finite = self._finite(place)
        options = tuple(each for each in finite if (place, each.key) not in refused)
        is_secret = self._applying.is_secret(place)
        labels = tuple(
            self._label(place, each, is_secret=is_secret) for each in options
        )
        return Axis(place, options, labels) if len(options) > 1 else None

    def _finite(self, place: ValuePath) -> Iterator[Option]:
        options = self._survey.options(place)
        choices = [each for each in options if each.kind is Kind.CHOICE]
        yield from choices
        is_optional = any(each.held is ABSENT for each in options)
        if not is_optional or self._survey.has_default(place):
            return
        yield Option(ABSENT, Kind.PRESENCE)
        sample = self._survey.sample(place)
        if not choices and sample is not ABSENT:
            yield Option(sample, Kind.PRESENCE, "given")

    def _label(self, place: ValuePath, option: Option, *, is_secret: bool) -> str:
        is_any = option.kind is Kind.PRESENCE
        return option.label(place, is_secret=is_secret or is_any)
