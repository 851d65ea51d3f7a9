"""Sprig's functions of dictionaries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.functions import Function, function
from provisionhub_gotemplate.sprig import panics
from provisionhub_gotemplate.sprig.limits import spend_depth, spend_items
from provisionhub_gotemplate.sprig.merging import merge, merge_overwrite
from provisionhub_gotemplate.sprig.printing import to_string
from provisionhub_gotemplate.sprig.runes import to_bytes
from provisionhub_gotemplate.sprig.semver import Version
from provisionhub_gotemplate.values import Map, Slice, go_type

Dict = dict[str, object]
_DICT: Final = "map[string]interface {}"
_LEAST_TO_DIG: Final = 3


def make_dict(*pairs: object) -> Dict:
    """Return keys and values, in turn, as a dictionary; a last key alone has ``""``."""
    made: Dict = {}
    for index in range(0, len(pairs), 2):
        value = pairs[index + 1] if index + 1 < len(pairs) else ""
        made[to_string(pairs[index])] = value
    return made


def get(entries: Dict, key: str) -> object:
    """Return the value at *key*, ``""`` if there is none."""
    return entries.get(key, "")


def set_value(entries: Dict, key: str, value: object) -> Dict:
    """Set *key* to *value* in the very dictionary, and return it."""
    entries[key] = value
    return entries


def unset(entries: Dict, key: str) -> Dict:
    """Remove *key* from the very dictionary, and return it."""
    entries.pop(key, None)
    return entries


def pluck(key: str, *dicts: Dict) -> list[object]:
    """Return the value at *key* of each dictionary that has one."""
    return [entries[key] for entries in dicts if key in entries]


def keys(*dicts: Dict) -> Slice:
    """Return the keys of all *dicts*.

    Go leaves their order to chance. Here they are sorted, dictionary by dictionary:
    equal templates give equal text.
    """
    spend_items(sum(map(len, dicts)))
    return Slice("string", [key for entries in dicts for key in _sorted(entries)])


def values(entries: Dict) -> list[object]:
    """Return the values, in the order of their keys."""
    return [entries[key] for key in _sorted(entries)]


def _sorted(entries: Dict) -> list[str]:
    return sorted(entries, key=to_bytes)


def pick(entries: Dict, *wanted: str) -> Dict:
    """Return a dictionary of the *wanted* keys only."""
    return {key: entries[key] for key in wanted if key in entries}


def omit(entries: Dict, *unwanted: str) -> Dict:
    """Return a dictionary without the *unwanted* keys."""
    left_out = set(unwanted)
    return {key: value for key, value in entries.items() if key not in left_out}


def dig(*path: object) -> object:
    """Return the value that a path of keys leads to.

    Args:
        path: The keys; then what to return if there is no such value; then the
            dictionary.
    """
    if len(path) < _LEAST_TO_DIG:
        raise FunctionError("dig needs at least three arguments")
    *names, fallback, found = path
    _expect_dict(found)
    for name in names:
        if type(name) is not str:
            raise panics.not_a("string", _dynamic_type(name))
    for name in names:
        entries = _expect_dict(found)
        if name not in entries:
            return fallback
        found = entries[name]
    return found


def _expect_dict(value: object) -> Dict:
    if isinstance(value, dict) and not isinstance(value, Map):
        return value
    raise panics.not_a(_DICT, _dynamic_type(value))


def _dynamic_type(value: object) -> str:
    return "nil" if value is None else go_type(value)


def deep_copy(value: object) -> object:
    """Return *value* with its own lists and dictionaries, all the way down."""
    if value is None:
        raise FunctionError("reflect: call of reflect.Value.Type on zero Value")
    return _copied(value, 0)


def _copied(value: object, depth: int) -> object:
    spend_depth(depth)
    if isinstance(value, list):
        items = [_copied(each, depth + 1) for each in value]
        return Slice(value.elem, items) if isinstance(value, Slice) else items
    if isinstance(value, dict):
        entries = {key: _copied(each, depth + 1) for key, each in value.items()}
        return Map(value.elem, entries) if isinstance(value, Map) else entries
    # Go copies exported fields only, and a version has none.
    return Version() if isinstance(value, Version) else value


_MERGE: Final = "func(map[string]any, ...map[string]any) any"
_MUST_MERGE: Final = "func(map[string]any, ...map[string]any) (any, error)"

DICTS: Final[Mapping[str, Function]] = {
    "dict": function(make_dict, "func(...any) map[string]any"),
    "get": function(get, "func(map[string]any, string) any"),
    "set": function(
        set_value,
        "func(map[string]any, string, any) map[string]any",
        mutates=True,
    ),
    "unset": function(
        unset, "func(map[string]any, string) map[string]any", mutates=True
    ),
    "hasKey": function(
        lambda entries, key: key in entries,
        "func(map[string]any, string) bool",
        about="Whether there is a value at *key*.",
    ),
    "pluck": function(pluck, "func(string, ...map[string]any) []any"),
    "keys": function(keys, "func(...map[string]any) []string"),
    "values": function(values, "func(map[string]any) []any"),
    "pick": function(pick, "func(map[string]any, ...string) map[string]any"),
    "omit": function(omit, "func(map[string]any, ...string) map[string]any"),
    "dig": function(dig, "func(...any) (any, error)"),
    "deepCopy": function(deep_copy, "func(any) any"),
    "mustDeepCopy": function(deep_copy, "func(any) (any, error)"),
    "merge": function(merge, _MERGE, mutates=True),
    "mustMerge": function(merge, _MUST_MERGE, mutates=True),
    "mergeOverwrite": function(merge_overwrite, _MERGE, mutates=True),
    "mustMergeOverwrite": function(merge_overwrite, _MUST_MERGE, mutates=True),
}
"""The functions, by their names in templates."""
