"""Sizes as a person writes them, in settings too."""

from __future__ import annotations

from typing import Final

_UNITS: Final = (
    *((1024**3, "GiB"), (1024**2, "MiB"), (10**9, "GB"), (10**6, "MB")),
    *((1024, "KiB"), (1000, "kB")),
)


def human_size(size: int) -> str:
    """Return *size* in the largest unit of which it is a whole number: ``10MB``."""
    for factor, unit in _UNITS:
        if size >= factor and size % factor == 0:
            return f"{size // factor}{unit}"
    return f"{size} bytes"
