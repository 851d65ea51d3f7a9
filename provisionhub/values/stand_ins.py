"""Values whose secrets are not at hand, with something else in their places."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy

from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.values.schema import Values
from provisionhub.values.secrets import Secret


def with_stand_ins(
    public: JsonObject, pointers: Iterable[str], stand_in: str
) -> Values:
    """Return *public* with *stand_in* wherever a pointer says that a secret was.

    Args:
        public: ``Values.public`` as it once was.
        pointers: The secrets' JSON pointers, in the order of the values.
        stand_in: What to put there; it counts as a secret itself.
    """
    data = deepcopy(public)
    secrets = tuple(Secret(pointer, stand_in) for pointer in pointers)
    for secret in secrets:
        parts = [_unescape(part) for part in secret.pointer.split("/")[1:]]
        _put(data, parts, stand_in)
    return Values(data=data, public=public, secrets=secrets)


def _put(inside: JsonValue, parts: list[str], stand_in: str) -> None:
    """Put *stand_in* where *parts* lead, making what is missing on the way."""
    first, *rest = parts
    if isinstance(inside, list):
        # Secret items are left out of a list: the others moved up for them.
        index = int(first)
        if not rest:
            inside.insert(index, stand_in)
            return
        if index >= len(inside):
            inside.append(_container(rest))
        _put(inside[index], rest, stand_in)
    elif isinstance(inside, dict):
        if not rest:
            inside[first] = stand_in
            return
        _put(inside.setdefault(first, _container(rest)), rest, stand_in)


def _container(parts: list[str]) -> JsonValue:
    return [] if parts[0] == "0" else {}


def _unescape(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")
