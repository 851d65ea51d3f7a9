"""TOML, both ways, as BurntSushi's ``toml`` package has it."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.sprig.limits import spend_depth, spend_text
from provisionhub_gotemplate.sprig.runes import to_bytes, to_runes
from provisionhub_gotemplate.values import Int64, Opaque, go_type

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED: Final = re.compile('[\x00-\x1f\x7f"\\\\]')
_SHORT: Final = {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}
_INDENT: Final = "  "


def write_toml(value: object) -> str:
    """Return *value*, which must be a dictionary, as TOML.

    Raises:
        FunctionError: If TOML has nothing like it.
    """
    if not isinstance(value, dict):
        raise FunctionError("toml: top-level values must be Go maps or structs")
    writer = _Writer()
    writer.write_table(value, ())
    text = "".join(writer.written)
    spend_text(len(text))
    return text


class _Writer:
    def __init__(self) -> None:
        self.written: list[str] = []

    def write_table(self, entries: Mapping[str, object], path: tuple[str, ...]) -> None:
        """Write what stands in a table: plain values first, then tables in it."""
        spend_depth(len(path))
        names = sorted(
            (key for key in entries if entries[key] is not None), key=to_bytes
        )
        for name in names:
            if not _is_table(entries[name]):
                indent = _INDENT * len(path)
                text = f"{indent}{_key(name)} = {_inline(entries[name], 0)}\n"
                self.written.append(text)
        for name in names:
            if _is_table(entries[name]):
                self._write_tables(entries[name], (*path, name))

    def _write_tables(self, value: object, path: tuple[str, ...]) -> None:
        header = ".".join(map(_key, path))
        indent = _INDENT * (len(path) - 1)
        if isinstance(value, dict):
            if len(path) == 1:
                self._break()
            self.written.append(f"{indent}[{header}]\n")
            self.write_table(value, path)
        elif isinstance(value, list):
            for each in value:
                self._break()
                self.written.append(f"{indent}[[{header}]]\n")
                self.write_table(each, path)

    def _break(self) -> None:
        if self.written:
            self.written.append("\n")


def _is_table(value: object) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(each, dict) for each in value)
    return isinstance(value, dict)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _quoted(name)


def _quoted(text: str) -> str:
    escaped = _ESCAPED.sub(
        lambda match: _SHORT.get(match[0]) or f"\\u{ord(match[0]):04x}", to_runes(text)
    )
    return f'"{escaped}"'


def _inline(value: object, depth: int) -> str:
    """Return a value that stands on one line."""
    spend_depth(depth)
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return _float(value)
    return _inline_compound(value, depth)


def _inline_compound(value: object, depth: int) -> str:
    if isinstance(value, list):
        if None in value:
            raise FunctionError("toml: cannot encode array with nil element")
        return f"[{', '.join(_inline(each, depth + 1) for each in value)}]"
    if isinstance(value, dict):
        names = sorted((key for key in value if value[key] is not None), key=to_bytes)
        names.sort(key=lambda name: _is_table(value[name]))
        entries = [
            f"{_key(name)} = {_inline(value[name], depth + 1)}" for name in names
        ]
        return f"{{{', '.join(entries)}}}"
    if isinstance(value, Opaque):
        return _quoted(value.go_string())
    raise FunctionError(f"toml: unsupported type: {go_type(value)}")


def _float(number: float) -> str:
    if math.isnan(number):
        return "nan"
    if math.isinf(number):
        return "+inf" if number > 0 else "-inf"
    text = f"{Decimal(repr(number)):f}"
    return text if "." in text else f"{text}.0"


def read_toml(text: str) -> dict[str, object]:
    """Return the dictionary that the TOML *text* stands for.

    Raises:
        FunctionError: If it is no TOML.
    """
    try:
        read = tomllib.loads(to_runes(text).replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        raise FunctionError(f"toml: {error}") from None
    return {key: _value(each, 0) for key, each in read.items()}


def _value(value: object, depth: int) -> object:
    spend_depth(depth)
    if isinstance(value, dict):
        return {key: _value(each, depth + 1) for key, each in value.items()}
    if isinstance(value, list):
        return [_value(each, depth + 1) for each in value]
    if type(value) is int:
        return Int64(value)
    if isinstance(value, (date, time, datetime)):
        return value.isoformat()
    return value
