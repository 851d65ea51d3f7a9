"""Values tried against a schema, again and again, to find some that it accepts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.values.bounds import Budget, bounded_recursion
from provisionhub.values.defaults import fill_defaults
from provisionhub.values.secrecy import ValuePath
from provisionhub.values.subschemas import SchemaPath, Subschemas
from provisionhub.values.validator import Checker


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which a value does not fit a schema.

    Attributes:
        path: Where the fault is; of a member that is missing, where it is missing.
        keyword: The keyword that found it; ``false`` stands for the schema ``false``.
    """

    path: ValuePath
    keyword: str


class Trials:
    """Tries values against a schema and its parts, all on one budget.

    The values must be workable: see ``check_workable``.

    Args:
        subschemas: The schema, checked.
        steps: What all trials may cost together.
    """

    def __init__(self, subschemas: Subschemas, *, steps: int) -> None:
        self.subschemas = subschemas
        self._checker = Checker(subschemas, Budget(steps))

    def fill(self, values: JsonObject) -> JsonObject:
        """Return *values* with defaults filled in.

        Raises:
            LimitExceededError: If that takes more work than is left.
        """
        with bounded_recursion():
            return cast("JsonObject", fill_defaults(values, self._checker, ()))

    def faults(self, value: JsonValue, *, path: SchemaPath = ()) -> list[Fault]:
        """Return in what ways *value* does not fit the subschema at *path*.

        Raises:
            LimitExceededError: If that takes more work than is left.
        """
        with bounded_recursion():
            errors = self._checker.errors(value, path=path)
        return [Fault(tuple(e.absolute_path), str(e.validator)) for e in errors]

    def fits(self, value: JsonValue, *, path: SchemaPath) -> bool:
        """Tell whether *value* fits the subschema at *path*.

        Raises:
            LimitExceededError: If that takes more work than is left.
        """
        with bounded_recursion():
            return self._checker.fits(value, path=path)
