"""The keywords that assert something, each with a message of our own.

A message is what is asked for, such as ``must be an integer``, and never quotes
the value: whether that may be shown is known only when its place is.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Final, TypeAlias

from jsonschema import Draft202012Validator, ValidationError

from provisionhub.jsontypes import JsonValue
from provisionhub.values.equality import canonical
from provisionhub.values.formats import FORMATS
from provisionhub.values.patterns import matches
from provisionhub.values.run import Argument, Errors, Keyword, Part, current_run
from provisionhub.values.wording import (
    asked,
    count,
    literal,
    literals,
    one_of,
    type_noun,
)

_Compare: TypeAlias = Callable[[float, float], bool]

_is_type: Final = Draft202012Validator.TYPE_CHECKER.is_type


def _type(types: Argument, value: JsonValue, _part: Part) -> Errors:
    names = [types] if isinstance(types, str) else types
    if not any(_is_type(value, name) for name in names):
        yield ValidationError(f"must be {one_of(map(type_noun, names))}")


def _canonical(value: JsonValue) -> str:
    text = canonical(value)
    current_run.get().budget.spend(len(text) // 100)
    return text


def _const(const: Argument, value: JsonValue, _part: Part) -> Errors:
    if _canonical(const) != _canonical(value):
        yield ValidationError(f"must be {literal(const)}")


def _enum(enum: Argument, value: JsonValue, _part: Part) -> Errors:
    if _canonical(value) not in map(canonical, enum):
        choice = "must be" if len(enum) == 1 else "must be one of"
        yield ValidationError(f"{choice} {literals(enum)}")


def _bound(message: str, is_kept: _Compare) -> Keyword:
    def check(bound: Argument, value: JsonValue, _part: Part) -> Errors:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return
        if not is_kept(value, bound):
            yield ValidationError(f"{message} {literal(bound)}")

    return check


def _multiple_of(divisor: Argument, value: JsonValue, _part: Part) -> Errors:
    if not _is_type(value, "number"):
        return
    # As written, in decimal: 0.3 is a multiple of 0.1, and nothing overflows.
    quotient = Fraction(repr(value)) / Fraction(repr(divisor))
    if quotient.denominator != 1:
        yield ValidationError(f"must be a multiple of {literal(divisor)}")


def _size(
    kind: type[str | list[JsonValue] | dict[str, JsonValue]],
    message: str,
    is_kept: _Compare,
    noun: str,
) -> Keyword:
    def check(bound: Argument, value: JsonValue, _part: Part) -> Errors:
        if isinstance(value, kind) and not is_kept(len(value), bound):
            yield ValidationError(message.format(count(bound, noun)))

    return check


def _min_length(bound: Argument, value: JsonValue, _part: Part) -> Errors:
    if isinstance(value, str) and len(value) < bound:
        length = f"must be at least {count(bound, 'character')} long"
        yield ValidationError("must not be empty" if bound == 1 else length)


def _pattern(pattern: Argument, value: JsonValue, part: Part) -> Errors:
    if isinstance(value, str) and not matches(pattern, value):
        words = part.setting("x-expected")
        yield ValidationError(
            f"must match {literal(pattern)}"
            if words is None
            else f"must be {asked(words)}"
        )


def _format(name: Argument, value: JsonValue, _part: Part) -> Errors:
    known = FORMATS.get(name)
    if known is not None and isinstance(value, str) and not known.accepts(value):
        yield ValidationError(f"must be {known.noun}")


def _required(names: Argument, value: JsonValue, _part: Part) -> Errors:
    if isinstance(value, dict):
        for name in names:
            if name not in value:
                yield ValidationError("is required", path=[name])


def _dependent_required(names: Argument, value: JsonValue, _part: Part) -> Errors:
    members = value if isinstance(value, dict) else {}
    for name in members:
        for other in names.get(name, ()):
            if other not in members:
                message = f"is required where {literal(name)} is set"
                yield ValidationError(message, path=[other])


def _unique_items(is_wanted: Argument, value: JsonValue, _part: Part) -> Errors:
    first: dict[str, int] = {}
    for index, each in enumerate(value if isinstance(value, list) else ()):
        twin = first.setdefault(canonical(each), index)
        if is_wanted and twin != index:
            message = f"must differ from the others, and equals item {twin + 1}"
            yield ValidationError(message, path=[index])


def _at_least(value: float, bound: float) -> bool:
    return value >= bound


def _at_most(value: float, bound: float) -> bool:
    return value <= bound


ASSERTIONS: Final[dict[str, Keyword]] = {
    "type": _type,
    "const": _const,
    "enum": _enum,
    "minimum": _bound("must be at least", _at_least),
    "maximum": _bound("must be at most", _at_most),
    "exclusiveMinimum": _bound("must be above", lambda value, bound: value > bound),
    "exclusiveMaximum": _bound("must be below", lambda value, bound: value < bound),
    "multipleOf": _multiple_of,
    "minLength": _min_length,
    "maxLength": _size(str, "must be at most {} long", _at_most, "character"),
    "minItems": _size(list, "must have at least {}", _at_least, "item"),
    "maxItems": _size(list, "must have at most {}", _at_most, "item"),
    "minProperties": _size(dict, "must have at least {}", _at_least, "member"),
    "maxProperties": _size(dict, "must have at most {}", _at_most, "member"),
    "pattern": _pattern,
    "format": _format,
    "required": _required,
    "dependentRequired": _dependent_required,
    "uniqueItems": _unique_items,
}
"""By name."""
