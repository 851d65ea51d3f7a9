"""Values to the text that an action prints."""

from __future__ import annotations

from provisionhub_gotemplate.fmt import format_value
from provisionhub_gotemplate.values import MISSING


def show(value: object) -> str:
    """Return what ``{{value}}`` prints."""
    if value is None or value is MISSING:
        return "<no value>"
    return format_value(value)
