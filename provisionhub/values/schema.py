"""A blueprint's schema, ready to accept values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from provisionhub.errors import InvalidValuesError, LimitExceededError, Violation
from provisionhub.jsontypes import JsonObject, JsonValue, json_pointer
from provisionhub.values.bounds import Budget, bounded_recursion, fault
from provisionhub.values.declarations import Declarations
from provisionhub.values.defaults import fill_defaults
from provisionhub.values.error import SchemaError
from provisionhub.values.schema_check import check_schema
from provisionhub.values.secrecy import find_secrecy
from provisionhub.values.secrets import Secret
from provisionhub.values.subschemas import SchemaPath
from provisionhub.values.trials import Trials
from provisionhub.values.validator import Checker
from provisionhub.values.violations import explain


@dataclass(frozen=True, slots=True, weakref_slot=True, repr=False)
class Values:
    """Values that a schema has accepted; shown without any of them.

    Attributes:
        data: All of them, defaults filled in.
        public: Those that are not secret.
        secrets: Each secret scalar, with its place.
    """

    data: JsonObject
    public: JsonObject
    secrets: tuple[Secret, ...] = ()

    def __repr__(self) -> str:
        return f"Values({len(self.data)} members, {len(self.secrets)} secrets)"


class ValueSchema:
    """A JSON Schema 2020-12 for an object of values.

    References are local, formats are asserted, patterns are ECMA-262's with the flag
    ``u``, so matching may take long: accept values where a limit on time holds.
    ``writeOnly`` marks secrets. ``x-expected`` beside ``pattern`` says in
    words what it asks for, such as ``a host and a port``. Unknown keywords are
    ignored, unless they are nearly known ones.

    Args:
        schema: The schema, as JSON.

    Raises:
        SchemaError: If it can't be used, with the place.
    """

    def __init__(self, schema: JsonObject) -> None:
        self._subschemas = check_schema(schema)
        self._check_defaults()

    def declarations(self) -> Declarations:
        """Return what the schema says of places, without any values."""
        return Declarations(self._subschemas)

    def accept(self, values: JsonObject) -> Values:
        """Return *values* with defaults filled in; they themselves stay as they are.

        Raises:
            InvalidValuesError: With every violation, in the order of their places.
            LimitExceededError: If schema and values together ask for too much work.
        """
        check_workable(values)
        with bounded_recursion():
            return self._accept(values, self._checker())

    def trials(self, *, steps: int) -> Trials:
        """Return what tries values against this schema, within so many *steps*."""
        return Trials(self._subschemas, steps=steps)

    def _accept(self, values: JsonObject, checker: Checker) -> Values:
        data = cast("JsonObject", fill_defaults(values, checker, ()))
        secrecy = find_secrecy(data, self._subschemas, checker.budget)
        secrets = secrecy.secrets(data)
        violations = explain(checker.errors(data), secrecy, secrets)
        if violations:
            raise _invalid(violations)
        return Values(data, secrecy.public(data), secrets)

    def _checker(self) -> Checker:
        return Checker(self._subschemas, Budget())

    def _check_defaults(self) -> None:
        """Refuse defaults that the schema itself would refuse; all on one budget."""
        checker = self._checker()
        for path in self._subschemas.by_path:
            keywords = self._subschemas.keywords(path)
            if "default" in keywords:
                pointer = json_pointer((*path, "default"))
                _check_default(keywords["default"], path, checker, pointer)


def check_workable(values: JsonObject) -> None:
    """Refuse *values* that no schema could be applied to.

    Raises:
        InvalidValuesError: If they are nested too deeply, or not JSON after all.
    """
    problem = fault(values)
    if problem is not None:
        raise _invalid([Violation("", problem)])


def _check_default(
    default: JsonValue, path: SchemaPath, checker: Checker, pointer: str
) -> None:
    try:
        with bounded_recursion():
            filled = fill_defaults(default, checker, path)
            errors = checker.errors(filled, path=path)
            secrecy = find_secrecy(
                filled, checker.subschemas, checker.budget, root=path
            )
    except LimitExceededError as error:
        raise SchemaError(error.message, pointer, error.hint) from None
    for violation in explain(errors, secrecy, secrecy.secrets(filled))[:1]:
        where = f"`{violation.pointer}` " if violation.pointer else ""
        message = f"the default does not fit its own schema: {where}"
        raise SchemaError(message + violation.message, pointer)


def _invalid(violations: list[Violation]) -> InvalidValuesError:
    number = len(violations)
    what = "1 value does" if number == 1 else f"{number} values do"
    message = f"{what} not fit the blueprint's schema"
    return InvalidValuesError(message, violations=violations)
