"""Every setting, from its declaration."""

from __future__ import annotations

import types
import typing
from datetime import timedelta
from pathlib import Path
from typing import Final

import annotated_types
from pydantic import ByteSize, SecretStr
from pydantic.fields import FieldInfo

from provisionhub.settings import Settings
from provisionhub.tree.sizes import human_size
from tools.reference.markdown import code, listed, page, prose, table

_KINDS: Final[dict[object, str]] = {
    ByteSize: "size",
    timedelta: "duration",
    int: "whole number",
    bool: "`true`, `false`",
    str: "text",
    SecretStr: "secret text",
    Path: "folder",
}
_IN_WORDS: Final = frozenset({"text", "secret text", "list", "folder"})
"""Kinds of which the author of a setting has said more than its type does."""

_UNITS: Final = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))


def write() -> str:
    """Return the page."""
    rows = [_row(name, field) for name, field in Settings.model_fields.items()]
    return page(
        "Settings",
        "Every setting by its name in the environment or in `.env`, with what it may be"
        " and what it is if nobody says.",
        prose(
            "Any of them may also come from a file that `NAME_FILE` names, such as a"
            " mounted secret. Sizes are written `10MB` or `1.5GiB`, durations `250ms`,"
            " `5s`, `10m` or `1h30m`."
        ),
        table(("name", "accepted", "default", "meaning"), rows),
    )


def _row(name: str, field: FieldInfo) -> tuple[str, str, str, str]:
    meaning, _, words = (field.description or "").partition(": ")
    kind = _kind(field.annotation)
    if typing.get_origin(field.annotation) is typing.Literal:
        accepted = kind
        meaning = meaning if words.startswith("one of") else field.description or ""
    elif words and kind in _IN_WORDS:
        accepted = words
    else:
        accepted = " ".join(filter(None, (kind, _bounds(field))))
    return code(name.upper()), accepted, _default(field), meaning


def _kind(annotation: object) -> str:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _kind(arguments[0])
    if origin is typing.Literal:
        return listed(arguments)
    if origin is tuple:
        return "list"
    if origin in {typing.Union, types.UnionType}:
        return " or ".join(map(_kind, arguments))
    return "nothing" if annotation is type(None) else _KINDS.get(annotation, "text")


def _bounds(field: FieldInfo) -> str:
    least = most = above = ""
    for each in field.metadata:
        match each:
            case annotated_types.Gt(gt=bound):
                above = f"above {_shown(bound, field.annotation)}"
            case annotated_types.Ge(ge=bound):
                least = _shown(bound, field.annotation)
            case annotated_types.Le(le=bound):
                most = _shown(bound, field.annotation)
            case _:
                pass
    if least and most:
        return f"from {least} to {most}"
    said = (above, least and f"of at least {least}", most and f"of at most {most}")
    return ", ".join(filter(None, said))


def _default(field: FieldInfo) -> str:
    if isinstance(field.json_schema_extra, dict):
        return str(field.json_schema_extra["default"])
    value: object = field.get_default()
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, tuple):
        is_list = Ellipsis in typing.get_args(field.annotation)
        value = ("," if is_list else ":").join(map(str, value))
    return "" if value in ("", None) else _shown(value, field.annotation)


def _shown(value: object, annotation: object) -> str:
    if isinstance(value, timedelta):
        return code(_duration(value))
    if annotation is ByteSize and isinstance(value, int):
        return code(human_size(value))
    return code(str(value))


def _duration(value: timedelta) -> str:
    seconds = value.total_seconds()
    if seconds != int(seconds):
        return f"{round(seconds * 1000)}ms"
    whole = int(seconds)
    fitting = (
        f"{whole // size}{unit}"
        for size, unit in _UNITS
        if whole >= size and whole % size == 0
    )
    return next(fitting, "0s")
