"""A schema at work: what jsonschema hands to a keyword, in our own types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from jsonschema import ValidationError

from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.values.bounds import Budget
from provisionhub.values.subschemas import Schema, Subschemas

Argument: TypeAlias = Any
"""What a keyword is set to; the check of the schema has made sure that it fits."""

Errors: TypeAlias = Iterator[ValidationError]

FALSE: Final = "false"
"""Stands for a keyword in the errors of a schema that is ``false``."""

_Foreign: TypeAlias = Any
"""A validator of jsonschema's, which has no type of its own."""


@dataclass(frozen=True, slots=True)
class Run:
    """The subschemas in use, and what work on them may still cost."""

    subschemas: Subschemas
    budget: Budget


current_run: ContextVar[Run] = ContextVar("current_run")
"""Set while values are checked: jsonschema hands keywords nothing of ours."""


@dataclass(frozen=True, slots=True)
class Part:
    """The subschema that a keyword stands in, applied to a value."""

    validator: _Foreign
    schema: JsonObject

    def setting(self, keyword: str, default: Argument = None) -> Argument:
        """Return what another keyword of this subschema is set to."""
        return self.schema.get(keyword, default)

    def apply(
        self, schema: Argument, value: JsonValue, *, at: str | int | None = None
    ) -> Errors:
        """Yield how *value*, which stands under *at*, does not fit *schema*."""
        if schema is False:
            # jsonschema's own error quotes the value and loses its place.
            path = [] if at is None else [at]
            yield ValidationError("is not accepted here", validator=FALSE, path=path)
        else:
            yield from self.validator.descend(value, schema, path=at)

    def fits(self, schema: Argument, value: JsonValue) -> bool:
        """Tell whether *value* fits *schema*."""
        return bool(self.validator.evolve(schema=schema).is_valid(value))

    def spend(self, steps: int) -> None:
        """Count work beyond a keyword's own step."""
        current_run.get().budget.spend(steps)

    def resolve(self, reference: str) -> Schema:
        """Return the schema that a reference, checked before, leads to."""
        subschemas = current_run.get().subschemas
        path = subschemas.resolve(reference)
        return True if path is None else subschemas.by_path[path]


Keyword: TypeAlias = Callable[[Argument, JsonValue, Part], Errors]
"""Yields how a value does not fit a keyword's argument."""


def for_jsonschema(keyword: Keyword) -> Callable[..., Errors]:
    """Return *keyword* in the form that jsonschema calls, each call counted."""

    def apply(
        validator: _Foreign, argument: Argument, value: JsonValue, schema: JsonObject
    ) -> Errors:
        current_run.get().budget.spend(_cost(argument, value))
        return keyword(argument, value, Part(validator, schema))

    return apply


def _cost(argument: Argument, value: JsonValue) -> int:
    """Return how many steps a keyword takes: long lists and texts count as more."""
    choices = len(argument) if isinstance(argument, list | dict) else 0
    size = len(value) if isinstance(value, list | dict | str) else 0
    return 1 + choices // 10 + size // 1000
