"""What a job may take in its locked process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from provisionhub.tree import TreeLimits

_UNITS: Final = ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"))


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """What each of a job's processes may take.

    Attributes:
        cpu_seconds: CPU time, in whole seconds (``MAX_RENDER_CPU``).
        wall_seconds: Time on the clock (``MAX_RENDER_TIME``).
        memory_bytes: Memory beyond what Python and the engines take
            (``MAX_RENDER_MEMORY``).
        tree: How large the rendered tree may be.
    """

    cpu_seconds: int
    wall_seconds: float
    memory_bytes: int
    tree: TreeLimits


def human_size(size: int) -> str:
    """Return *size* as a person would write it, such as ``256MiB``."""
    for factor, unit in _UNITS:
        if size >= factor and size % factor == 0:
            return f"{size // factor}{unit}"
    return f"{size} bytes"


def human_seconds(seconds: float) -> str:
    """Return *seconds* as a person would write it, such as ``10s``."""
    return f"{seconds:g}s"
