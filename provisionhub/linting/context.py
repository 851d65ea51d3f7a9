"""What is known, without values, of each name that a template may read."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, NamedTuple

from provisionhub.jsontypes import JsonObject, JsonValue, json_pointer
from provisionhub.outline import ANYTHING, Guard, NamePath, Read
from provisionhub.values import ValueSchema
from provisionhub.values.declarations import (
    Declarations,
    Declared,
    Presence,
    Standing,
)

VALUES: Final = "Values"

_TEXT: Final[JsonObject] = {"type": "string", "minLength": 1}


def _object(**properties: JsonValue) -> JsonObject:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [*properties],
        "properties": properties,
    }


# What `provisionhub.renderer.context` gives; of the values, their schema tells.
_AROUND: Final = _object(
    Name=_TEXT,
    Namespace=_TEXT,
    Values={"type": "object"},
    Meta=_object(
        run_id=_TEXT,
        type={"enum": ["component", "system"]},
        timestamp=_TEXT,
        version=_TEXT,
        blueprint=_object(name=_TEXT, version=_TEXT, digest=_TEXT),
    ),
)


@cache
def _around() -> Declarations:
    return ValueSchema(_AROUND).declarations()


class Meaning(NamedTuple):
    """One value that a name may mean, and what is said of it."""

    path: NamePath
    declared: Declared


@dataclass(frozen=True, slots=True)
class Meanings:
    """All values that a name may mean, by the schema.

    Attributes:
        found: Those that accepted values may have, the likeliest first; none behind
            one that is always there.
        astray: The names that the schema does not know, in the same order.
        is_open: Whether it may mean anything else as well.
    """

    found: tuple[Meaning, ...]
    astray: tuple[Meaning, ...]
    is_open: bool

    @property
    def only(self) -> Meaning | None:
        """The one value that it means, if it can't mean another."""
        return self.found[0] if len(self.found) == 1 and not self.is_open else None


def near_name(astray: Meaning) -> str | None:
    """Return the name that was meant by one that is not known, if one is near."""
    path, declared = astray
    name = str(path[declared.reached])
    near = difflib.get_close_matches(name, declared.known, n=1)
    return near[0] if near else None


class Context:
    """What a template sees, without values.

    Args:
        schema: What the values must satisfy.
    """

    def __init__(self, schema: ValueSchema) -> None:
        self._values = schema.declarations()
        self._known: dict[NamePath, Declared] = {}
        self._meanings: dict[tuple[NamePath, ...], Meanings] = {}
        self._accepted: dict[tuple[NamePath, str], bool] = {}

    def at(self, path: NamePath) -> Declared:
        """Return what is known of the value at *path*."""
        if path not in self._known:
            self._known[path] = self._find(path)
        return self._known[path]

    def accepts(self, path: NamePath, value: JsonValue) -> bool:
        """Tell whether some values may have *value* at *path*, by all that is known."""
        key = path, repr(value)
        if key not in self._accepted:
            declarations, inner = self._declarations(path)
            self._accepted[key] = declarations.accepts(inner, value)
        return self._accepted[key]

    def accepts_anyhow(self, path: NamePath, value: JsonValue) -> bool:
        """Tell the same where what applies under a condition only counts as well."""
        declarations, inner = self._declarations(path)
        return declarations.accepts_anyhow(inner, value)

    def keyword(self, path: NamePath, name: str) -> Iterator[JsonValue]:
        """Yield what the schema sets keyword *name* to at *path*."""
        declarations, inner = self._declarations(path)
        return declarations.keyword(inner, name)

    def meanings(self, name: Read | Guard) -> Meanings:
        """Return what *name* may mean."""
        paths = (name.path, *name.otherwise)
        if paths not in self._meanings:
            self._meanings[paths] = self._find_meanings(paths)
        return self._meanings[paths]

    def _find_meanings(self, paths: tuple[NamePath, ...]) -> Meanings:
        found: list[Meaning] = []
        astray: list[Meaning] = []
        for path in paths:
            if path[: len(ANYTHING)] == ANYTHING:
                return Meanings(tuple(found), tuple(astray), is_open=True)
            if len(paths) > 1 and self._is_pushed_otherwise(path, paths):
                continue
            meaning = Meaning(path, self.at(path))
            if meaning.declared.standing in {Standing.DECLARED, Standing.OPEN}:
                found.append(meaning)
            else:
                astray.append(meaning)
            if meaning.declared.is_always_there and meaning in found:
                break
        return Meanings(tuple(found), tuple(astray), is_open=False)

    def _is_pushed_otherwise(self, path: NamePath, paths: tuple[NamePath, ...]) -> bool:
        """Tell whether a section would look names up in something else than *path*.

        A section of Mustache goes through a list, and into everything else: of the
        value and its element, which are both named, only one can be meant.
        """
        if (*path, None) in paths and self._types(path) == {"array"}:
            return True
        holders = (path[:index] for index, step in enumerate(path) if step is None)
        return any("array" not in self._types(holder) for holder in holders)

    def _types(self, path: NamePath) -> frozenset[str]:
        return self.at(path).domain.types

    def _find(self, path: NamePath) -> Declared:
        declarations, inner = self._declarations(path)
        declared = declarations.at(inner)
        if inner == path:
            return declared
        return replace(
            declared,
            reached=1 + declared.reached,
            presence=(Presence.ALWAYS, *declared.presence),
        )

    def _declarations(self, path: NamePath) -> tuple[Declarations, NamePath]:
        if path[:1] == (VALUES,):
            return self._values, path[1:]
        return _around(), path


def shown(path: NamePath) -> str:
    """Return *path* as a person would write it: ``Values.ports[].name``."""
    text = "".join("[]" if step is None else f".{step}" for step in path)
    return text.removeprefix(".") or "the whole context"


def value_pointer(path: NamePath) -> str | None:
    """Return the JSON pointer of *path* in the values, ``*`` for any element."""
    if path[:1] != (VALUES,):
        return None
    return json_pointer("*" if step is None else step for step in path[1:])
