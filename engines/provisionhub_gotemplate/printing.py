"""Values to the text that an action prints."""

from __future__ import annotations

from provisionhub_gotemplate.values import MISSING


def show(value: object) -> str:
    """Return what ``{{value}}`` prints."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[return-value]
    if kind is int:
        return str(value)
    if value is MISSING:
        return "<no value>"
    return show_in_text(value)


def show_in_text(value: object) -> str:
    """Return *value* as ``%v`` has it."""
    if value is None or value is MISSING:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
