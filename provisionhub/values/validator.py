"""jsonschema's validator of 2020-12 with our keywords, bounded and offline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeAlias

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend
from referencing import Registry

from provisionhub.jsontypes import JsonValue
from provisionhub.values.applicators import APPLICATORS
from provisionhub.values.bounds import Budget
from provisionhub.values.choices import CHOICES
from provisionhub.values.keywords import ASSERTIONS
from provisionhub.values.run import Run, current_run, for_jsonschema
from provisionhub.values.subschemas import SchemaPath, Subschemas

_Foreign: TypeAlias = Any
"""jsonschema makes its validator classes when running."""

# jsonschema would look `$schema` up and use a validator without our keywords.
_IDENTITY: Final = ("$schema", "$id")


_OURS: Final = ASSERTIONS | APPLICATORS | CHOICES
_Validator: Final[Callable[..., _Foreign]] = extend(  # type: ignore[no-untyped-call]  # jsonschema's
    Draft202012Validator, {name: for_jsonschema(ours) for name, ours in _OURS.items()}
)


_MOST_ERRORS: Final = 1000


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks values against a schema and its parts.

    Attributes:
        subschemas: The schema, checked.
        budget: What all that is asked of this checker may cost together.
    """

    subschemas: Subschemas
    budget: Budget

    def errors(
        self, value: JsonValue, *, path: SchemaPath = ()
    ) -> list[ValidationError]:
        """Return in what ways *value* does not fit the subschema at *path*.

        Raises:
            LimitExceededError: If that takes more work than the budget has left.
        """
        with self._running():
            errors = self._validator(path).iter_errors(value)
            return list(islice(errors, _MOST_ERRORS))

    def fits(self, value: JsonValue, *, path: SchemaPath) -> bool:
        """Tell whether *value* fits the subschema at *path*.

        Raises:
            LimitExceededError: If that takes more work than the budget has left.
        """
        with self._running():
            return bool(self._validator(path).is_valid(value))

    @contextmanager
    def _running(self) -> Iterator[None]:
        token = current_run.set(Run(self.subschemas, self.budget))
        try:
            yield
        finally:
            current_run.reset(token)

    def _validator(self, path: SchemaPath) -> _Foreign:
        schema = self.subschemas.by_path[path]
        if isinstance(schema, dict):
            schema = {name: schema[name] for name in schema if name not in _IDENTITY}
        return _Validator(schema, registry=Registry())
