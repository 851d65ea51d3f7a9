"""What names mean: the stack of contexts, and how its values read.

Only JSON data is ever reached: the members of objects. An attribute of a Python
object, an index of a list and a method of a string are names like any other, which
nothing has.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final, Protocol, TypeAlias

from provisionhub.errors import TemplateRuntimeError, did_you_mean
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.source import Source
from provisionhub_mustache.lexer import Token, quoted


class Stack(Protocol):
    """The contexts at one place of a rendering.

    Attributes:
        top: The innermost context: what ``.`` means.
        scopes: Those of the contexts that are objects, innermost first.
    """

    top: JsonValue
    scopes: tuple[JsonObject, ...]


Find: TypeAlias = Callable[[Stack], JsonValue]
Miss: TypeAlias = Callable[[Stack, int, JsonValue], JsonValue]
"""What to do when part *n* of a name is missing from a value: an object's value for
it, or an error."""


def finder(name: str, miss: Miss) -> Find:
    """Return a function that looks *name* up.

    The first part of a dotted name is the first scope's that has it; each further
    part is a member of the value so far. ``.`` is the innermost context.

    Args:
        name: The name, its parts between dots.
        miss: Called when there is no such name; its result stands for the value.
    """
    if name == ".":
        return lambda stack: stack.top
    first, *rest = name.split(".")
    return _member_finder(first, rest, miss) if rest else _scope_finder(first, miss)


def _scope_finder(name: str, miss: Miss) -> Find:
    def find(stack: Stack) -> JsonValue:
        for scope in stack.scopes:
            if name in scope:
                return scope[name]
        return miss(stack, 0, None)

    return find


def _member_finder(first: str, members: list[str], miss: Miss) -> Find:
    def find(stack: Stack) -> JsonValue:
        for scope in stack.scopes:
            if first in scope:
                value = scope[first]
                break
        else:
            return miss(stack, 0, None)
        for index, member in enumerate(members, start=1):
            if not isinstance(value, dict) or member not in value:
                return miss(stack, index, value)
            value = value[member]
        return value

    return find


def overlook(stack: Stack, index: int, parent: JsonValue) -> None:
    """Take what is missing for nothing."""
    del stack, index, parent


def complain(source: Source, tag: Token) -> Miss:
    """Return what raises an error for the part of *tag*'s name that is missing."""

    def miss(stack: Stack, index: int, parent: JsonValue) -> JsonValue:
        parts = tag.path.split(".")
        part = parts[index]
        offset = tag.name_start + sum(len(known) + 1 for known in parts[:index])
        path = quoted(".".join(parts[:index]))
        if index == 0:
            message = f"{quoted(part)} is not defined"
            hint = nearest(part, _visible_names(stack))
        elif isinstance(parent, dict):
            message = f"{path} has no member {quoted(part)}"
            hint = nearest(part, parent)
        else:
            message = f"{path} is {describe(parent)}: it has no member {quoted(part)}"
            hint = _LOOP_HINT if isinstance(parent, list) else None
        at = source.locate(offset, len(part))
        raise TemplateRuntimeError(message, at=at, hint=hint)

    return miss


def is_falsy(value: JsonValue) -> bool:
    """Whether a section over *value* is left out.

    False, null, zero, empty text and empty lists are; objects never are.
    """
    return not value and not isinstance(value, dict)


def to_text(value: JsonValue) -> str | None:
    """Return how *value* reads: as JSON writes it, null as nothing.

    Returns:
        The text, or None if the value is not one that reads as text: a list, an
        object, or a number that JSON can't write.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list | dict):
        return None
    try:
        return json.dumps(value, allow_nan=False)
    except ValueError:  # infinite, not a number, or past Python's bound on digits
        return None


def unprintable(value: JsonValue, source: Source, tag: Token) -> TemplateRuntimeError:
    """Return the error for a *value* that does not read as text."""
    hint = None
    if isinstance(value, list):
        hint = "loop over it with a section, and print `.` or a member inside"
    elif isinstance(value, dict):
        hint = "print one of its members"
    elif isinstance(value, int | float):
        hint = "JSON has no infinite numbers, and Python prints no endless ones"
    return TemplateRuntimeError(
        f"{quoted(tag.path)} is {describe(value)}: it can't be printed",
        at=tag.locate(source),
        hint=hint,
    )


def describe(value: JsonValue) -> str:
    """Return what kind of value this is, in JSON's words; never the value itself."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "a list"
        case dict():
            return "an object"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return a hint if *name* is nearly a *known* one; only the first 1000 count."""
    if len(name) > _LONGEST_COMPARED:
        return None
    short = (each for each in known if len(each) <= _LONGEST_COMPARED)
    return did_you_mean(name, islice(short, _MOST_COMPARED))


_LONGEST_COMPARED: Final = 100
_MOST_COMPARED: Final = 1000
_LOOP_HINT: Final = "items have no names: loop over the list with a section"


def _visible_names(stack: Stack) -> Iterator[str]:
    for scope in stack.scopes:
        yield from scope
