"""Values as text, the way Sprig prints them: mostly ``fmt``'s ``%v``."""

from __future__ import annotations

from provisionhub_gotemplate.fmt import format_value
from provisionhub_gotemplate.sprig.runes import to_text
from provisionhub_gotemplate.values import MISSING, Opaque, Slice


def to_string(value: object) -> str:
    """Return *value* as text: a string as it is, all else as ``%v`` prints it."""
    if type(value) is str:
        return value
    if type(value) is int:
        return str(value)
    if isinstance(value, Opaque):
        return value.go_string()
    if isinstance(value, Slice) and value.elem == "uint8":
        return to_text(bytes(value))  # type: ignore[arg-type]
    return print_value(value)


def print_value(value: object) -> str:
    """Return *value* as ``%v`` prints it."""
    return format_value(None if value is MISSING else value)


def to_strings(value: object) -> list[str]:
    """Return the elements of a list as text, without nil; anything else as the one."""
    if isinstance(value, list):
        return [to_string(each) for each in value if each is not None]
    return [] if value is None else [to_string(value)]
