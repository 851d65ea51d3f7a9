"""From jsonschema's errors to violations that a person can act on.

Here, and only here, a value may be quoted: its place is known, and so is whether
it is a secret or holds one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final, TypeAlias, cast

from jsonschema import ValidationError

from provisionhub.errors import Violation
from provisionhub.jsontypes import JsonValue
from provisionhub.values.secrecy import Secrecy, ValuePath
from provisionhub.values.secrets import Secret, find_secret
from provisionhub.values.vocabulary import nearest
from provisionhub.values.wording import found, found_type, literal, pointer

_OF_NAMES: Final = frozenset(
    {"additionalProperties", "propertyNames", "unevaluatedProperties"}
)
_SHOWS_VALUE: Final = frozenset(
    {
        "const",
        "enum",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "format",
        "maximum",
        "minimum",
        "multipleOf",
        "pattern",
        "type",
    }
)


def explain(
    errors: Iterable[ValidationError], secrecy: Secrecy, secrets: tuple[Secret, ...]
) -> list[Violation]:
    """Return *errors* in plain words, in the order of their places, each once."""
    shown = {
        (
            tuple(error.absolute_path),
            _message(error, secrecy, secrets),
            error.validator in _OF_NAMES,
        )
        for error in errors
    }
    return [
        Violation(pointer(path), message, of_name=of_name)
        for path, message, of_name in sorted(shown, key=_by_place)
    ]


_Order: TypeAlias = tuple[list[tuple[bool, int, str]], str]


def _by_place(violation: tuple[ValuePath, str, bool]) -> _Order:
    """Return a key that sorts item 2 before item 10."""
    path, message, _ = violation
    parts = [
        (False, part, "") if isinstance(part, int) else (True, 0, part) for part in path
    ]
    return parts, message


def _message(
    error: ValidationError, secrecy: Secrecy, secrets: tuple[Secret, ...]
) -> str:
    keyword = error.validator
    if keyword not in _SHOWS_VALUE or secrecy.covers(tuple(error.absolute_path)):
        return error.message
    value = cast("JsonValue", error.instance)
    shown = found_type(value) if keyword == "type" else found(value)
    if find_secret(shown.encode(), secrets) is not None:
        return error.message
    return f"{error.message}, not {shown}{_suggestion(error, value)}"


def _suggestion(error: ValidationError, value: JsonValue) -> str:
    enum = cast("list[JsonValue]", error.validator_value)
    choices = enum if error.validator == "enum" else []
    known = [choice for choice in choices if isinstance(choice, str)]
    if not isinstance(value, str) and json.dumps(value) in known:
        return "; write it in quotes"
    near = nearest(value, known) if isinstance(value, str) else None
    return "" if near is None else f"; did you mean {literal(near)}?"
