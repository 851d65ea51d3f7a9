"""``anyOf`` and ``oneOf``: where no form fits, what the nearest one asks for."""

from __future__ import annotations

from typing import Final, TypeAlias

from jsonschema import ValidationError

from provisionhub.jsontypes import JsonValue
from provisionhub.values.run import FALSE, Argument, Errors, Keyword, Part
from provisionhub.values.wording import one_of

_MUST_BE: Final = "must be "
_Form: TypeAlias = list[ValidationError]
"""How a value does not fit one of the forms."""


def _any_of(forms: Argument, value: JsonValue, part: Part) -> Errors:
    failed: list[_Form] = []
    for form in forms:
        errors = list(part.apply(form, value))
        if not errors:
            return
        failed.append(errors)
    yield from _explain(failed)


def _one_of(forms: Argument, value: JsonValue, part: Part) -> Errors:
    failures = [list(part.apply(form, value)) for form in forms]
    fitting = [place for place, errors in enumerate(failures, start=1) if not errors]
    if not fitting:
        yield from _explain(failures)
    elif len(fitting) > 1:
        which = " and ".join(map(str, fitting))
        message = f"must fit only one of {len(forms)} forms, and fits {which}"
        yield ValidationError(message)


def _explain(failed: list[_Form]) -> Errors:
    """Yield one error that names every form, or else those of the nearest form."""
    nouns = [_noun(form) for form in failed]
    if None not in nouns:
        kinds = {str(error.validator) for form in failed for error in form}
        asked = one_of(noun for noun in nouns if noun is not None)
        kind = kinds.pop() if len(kinds) == 1 else "enum"
        yield ValidationError(f"{_MUST_BE}{asked}", validator=kind)
        return
    for error in min(failed, key=_distance):
        if len(failed) > 1:
            error.message += f" (in the nearest of {len(failed)} forms)"
        yield error


def _noun(form: _Form) -> str | None:
    """Return what a form asks for, if that is one thing about the value itself."""
    match form:
        case [error] if not error.path and error.message.startswith(_MUST_BE):
            return error.message.removeprefix(_MUST_BE)
        case _:
            return None


def _distance(form: _Form) -> tuple[bool, int, int]:
    """Return how far a value is from a form: wrong type, wrong kind, or details."""
    own = [error for error in form if not error.path]
    is_other_type = any(error.validator in {"type", FALSE} for error in own)
    kinds = sum(error.validator in {"const", "enum"} for error in form)
    return is_other_type, kinds, len(form)


CHOICES: Final[dict[str, Keyword]] = {"anyOf": _any_of, "oneOf": _one_of}
"""By name."""
