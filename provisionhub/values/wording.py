"""Values and counts as a sentence shows them: short, on one line, unambiguous."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from provisionhub.jsontypes import JsonValue, json_pointer
from provisionhub.source import printable

_LONGEST: Final = 60
_LONGEST_PART: Final = 255
_MOST: Final = 20

_NOUNS: Final = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "an integer",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a string",
}


def pointer(path: Iterable[str | int]) -> str:
    """Return the JSON Pointer that leads through *path*, absurd names cut short.

    A name of a megabyte over a thousand items would be a gigabyte of pointers.
    """
    return json_pointer(
        part[:_LONGEST_PART] + "…"
        if isinstance(part, str) and len(part) > _LONGEST_PART
        else part
        for part in path
    )


def asked(text: str) -> str:
    """Return what a schema's author asks for in words, fit for a sentence."""
    return printable(text[:_LONGEST_PART])


def type_noun(name: str) -> str:
    """Return the type *name* of JSON Schema with its article, such as ``a list``."""
    return _NOUNS[name]


def one_of(nouns: Iterable[str]) -> str:
    """Return ``a, b or c``, each once."""
    *rest, last = dict.fromkeys(nouns)
    return f"{', '.join(rest)} or {last}" if rest else last


def literal(value: JsonValue) -> str:
    """Return a value that a schema names: a text in backticks, all else as JSON."""
    match value:
        case str() if value:
            return f"`{_clip(value)}`"
        case dict() | list() | str():
            return f"`{_clip(json.dumps(value, ensure_ascii=False))}`"
        case _:
            return _clip(json.dumps(value))


def literals(values: list[JsonValue]) -> str:
    """Return several values that a schema names, a long list cut short."""
    shown = [literal(value) for value in values[:_MOST]]
    return ", ".join(shown if len(values) <= _MOST else [*shown, "…"])


def found(value: JsonValue) -> str:
    """Return what stands in a value's place; of a list or object no more than that."""
    match value:
        case dict():
            return type_noun("object")
        case list():
            return type_noun("array")
        case _:
            return literal(value)


def found_type(value: JsonValue) -> str:
    """Return what stands in a value's place, where its type is what matters."""
    match value:
        case str():
            return f"the string `{_clip(json.dumps(value, ensure_ascii=False))}`"
        case bool() | None | dict() | list():
            return found(value)
        case _:
            return f"the number {literal(value)}"


def count(number: float, noun: str, plural: str | None = None) -> str:
    """Return ``1 item`` or ``2 items``."""
    word = noun if number == 1 else plural or f"{noun}s"
    return f"{int(number)} {word}"


def _clip(text: str) -> str:
    cut = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return printable(cut)
