"""Helm's functions between values and texts in YAML, JSON and TOML.

A text that cannot be read gives a value that holds the complaint, as in Helm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.functions import Function, function
from provisionhub_gotemplate.helm.tomls import read_toml, write_toml
from provisionhub_gotemplate.helm.yamlreading import read_yaml
from provisionhub_gotemplate.helm.yamlwriting import write_yaml
from provisionhub_gotemplate.sprig.jsons import decode_json
from provisionhub_gotemplate.values import go_type

_MAP: Final = "map[string]interface {}"
_LIST: Final = "[]interface {}"
_DECODING: Final = "error unmarshaling JSON: while decoding JSON: "
_JSON_NAMES: Final = {
    "string": "string",
    "bool": "bool",
    "float64": "number",
    _LIST: "array",
    _MAP: "object",
}


def to_yaml(value: object) -> str:
    """Return *value* as YAML; ``""`` if it cannot be."""
    try:
        return write_yaml(value)
    except FunctionError:
        return ""


def to_toml(value: object) -> str:
    """Return *value* as TOML; the complaint if it cannot be."""
    if value is None:
        raise FunctionError("reflect: call of reflect.Value.Type on zero Value")
    try:
        return write_toml(value)
    except FunctionError as error:
        return str(error)


def _reader(
    read: Callable[[str], object], prefix: str = ""
) -> Callable[[str], dict[str, object]]:
    """Return a function that reads a dictionary."""

    def reader(text: str) -> dict[str, object]:
        try:
            value = read(text)
            if value is None:
                return {}
            if isinstance(value, dict):
                return value
            raise _mismatch(value, _MAP, prefix)
        except FunctionError as error:
            return {"Error": str(error)}

    return reader


def _array_reader(
    read: Callable[[str], object], prefix: str = ""
) -> Callable[[str], list[object]]:
    """Return a function that reads a list."""

    def reader(text: str) -> list[object]:
        try:
            value = read(text)
            if value is None:
                return []
            if isinstance(value, list):
                return value
            raise _mismatch(value, _LIST, prefix)
        except FunctionError as error:
            return [str(error)]

    return reader


def _mismatch(value: object, wanted: str, prefix: str) -> FunctionError:
    found = _JSON_NAMES.get(go_type(value), "value")
    return FunctionError(
        f"{prefix}json: cannot unmarshal {found} into Go value of type {wanted}"
    )


_TO_TEXT: Final = "func(any) string"


def _to_map(call: Callable[[str], object], language: str) -> Function:
    about = (
        f"Return the map that the {language} *text* says, or one with the complaint."
    )
    return function(call, "func(string) map[string]any", about=about)


def _to_list(call: Callable[[str], object], language: str) -> Function:
    about = (
        f"Return the list that the {language} *text* says, or one with the complaint."
    )
    return function(call, "func(string) []any", about=about)


CONVERSIONS: Final[Mapping[str, Function]] = {
    "toYaml": function(to_yaml, _TO_TEXT),
    "mustToYaml": function(write_yaml, "func(any) (string, error)"),
    "fromYaml": _to_map(_reader(read_yaml, _DECODING), "YAML"),
    "fromYamlArray": _to_list(_array_reader(read_yaml, _DECODING), "YAML"),
    "fromJson": _to_map(_reader(decode_json), "JSON"),
    "fromJsonArray": _to_list(_array_reader(decode_json), "JSON"),
    "toToml": function(to_toml, _TO_TEXT),
    "mustToToml": function(write_toml, "func(any) (string, error)"),
    "fromToml": _to_map(_reader(read_toml), "TOML"),
}
"""The functions, by their names in templates."""
