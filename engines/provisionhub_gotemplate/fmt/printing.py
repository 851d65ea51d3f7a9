"""``Sprint`` and ``Sprintln``."""

from __future__ import annotations

from provisionhub_gotemplate.fmt.plain import format_value
from provisionhub_gotemplate.limits import MAX_TEXT, exceeded


def sprint(*values: object) -> str:
    """Return *values* as ``Sprint`` does: spaces only where neither side is text."""
    if len(values) == 1:
        return format_value(values[0])
    parts: list[str] = []
    size = 0
    was_text = True
    for value in values:
        is_text = isinstance(value, str)
        shown = format_value(value)
        parts.append(shown if is_text or was_text else f" {shown}")
        was_text = is_text
        size += len(shown)
        if size > MAX_TEXT:
            raise exceeded("MAX_TEXT")
    return "".join(parts)


def sprintln(*values: object) -> str:
    """Return *values* as ``Sprintln`` does: spaces between all, and a line's end."""
    parts: list[str] = []
    size = 0
    for value in values:
        parts.append(format_value(value))
        size += len(parts[-1])
        if size > MAX_TEXT:
            raise exceeded("MAX_TEXT")
    return " ".join(parts) + "\n"
