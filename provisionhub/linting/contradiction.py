"""Conditions that can't hold together, or not at all by the schema."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from provisionhub.errors import did_you_mean
from provisionhub.linting.context import Context, Meaning, shown
from provisionhub.linting.possible import Possible, truths_of
from provisionhub.outline import Guard, NamePath, Test
from provisionhub.values.wording import literal, literals

_MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The first of some guards that can't hold.

    Attributes:
        index: Which of them.
        reason: Why it can't, in words: a sentence's part.
        hint: How to mend it.
        path: The value that it asks about.
    """

    index: int
    reason: str
    hint: str | None
    path: NamePath


def find_contradiction(
    guards: Sequence[Guard], context: Context
) -> Contradiction | None:
    """Return the first of *guards* that can't hold with those before it, if any.

    Only what is certain is counted on: guards of names that may mean several values
    are passed over, and elements of loops are not taken for one another.
    """
    states: dict[NamePath, Possible] = {}
    for index, guard in enumerate(guards):
        if not guard.path and guard.test is Test.TRUTH:
            if guard.holds not in truths_of(guard.constant):
                reason = f"the condition is always {literal(guard.constant)}"
                return Contradiction(index, reason, None, ())
            continue
        meaning = context.meanings(guard).only
        if meaning is None:
            continue
        path = meaning.path
        before = states.get(path) or Possible.of(meaning, context)
        after = before.where(guard)
        if after.is_nothing and not before.is_nothing:
            return _contradiction(index, guard, meaning, is_first=path not in states)
        if None not in path:
            states[path] = after
    return None


def _contradiction(
    index: int, guard: Guard, meaning: Meaning, *, is_first: bool
) -> Contradiction:
    name = f"`{shown(meaning.path)}`"
    by = "by the schema" if is_first else "after the conditions around it"
    reason = f"{name} {_never(guard)} {by}"
    return Contradiction(index, reason, _hint(guard, meaning), meaning.path)


def _never(guard: Guard) -> str:
    match guard.test:
        case Test.TRUTH:
            return "is never true" if guard.holds else "is always true"
        case Test.PRESENCE:
            return "is never there" if guard.holds else "is always there"
        case Test.EQUALITY:
            verb = "is never" if guard.holds else "is always"
            return f"{verb} {literal(guard.constant)}"


def _hint(guard: Guard, meaning: Meaning) -> str | None:
    choices = meaning.declared.domain.choices
    if guard.test is not Test.EQUALITY or choices is None or guard.constant in choices:
        return None
    texts = [each for each in choices if isinstance(each, str)]
    near = did_you_mean(str(guard.constant), texts) if guard.holds else None
    more = "…" if len(choices) > _MOST_SHOWN else ""
    return near or f"it is one of {literals(list(choices[:_MOST_SHOWN]))}{more}"
